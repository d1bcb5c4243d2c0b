// The items: a grid of pictures, or rows of texts or of a table.
import { cells, ids, labels, metricNamed, predicted, source } from "./data.js";
import { find, make, own } from "./dom.js";
import { outcome } from "./filters.js";
import { picture } from "./picture.js";
import { VirtualRows, cursor } from "./rows.js";
import { change, shown, state, watch } from "./state.js";
import { number, withUnit } from "./wording.js";

const TILE = 116;
const MOST_CELLS = 40;
const MOST_TILES = 1000;

const LAYOUTS = {
  image: { height: 152, columns: (width) => Math.max(2, Math.floor(width / TILE)), row: rowOfTiles },
  text: { height: 78, columns: () => 1, row: rowOfText },
  table: { height: 34, columns: () => 1, row: rowOfCells },
};

const layout = LAYOUTS[source.modality];
const tiles = new Map();
let columns = 1;
let grid = null;
let rows = null;

export function showItems() {
  grid = find("grid");
  grid.classList.add(source.modality);
  if (source.modality === "table") grid.append(headOfTable());
  rows = new VirtualRows(grid, (at) => layout.row(at), fitColumns);
  cursor(grid, {
    places: () => ({ count: shown().length, columns, page: columns * Math.max(1, Math.floor(grid.clientHeight / layout.height) - 1) }),
    at: () => shown().indexOf(state.active),
    go: (place) => goTo(shown()[place]),
    open: (place) => change({ open: shown()[place] }),
  });
  grid.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-position]");
    if (cell) change({ active: Number(cell.dataset.position), open: Number(cell.dataset.position) });
  });
  grid.addEventListener("focus", () => {
    if (shown().indexOf(state.active) < 0 && shown().length) goTo(shown()[0]);
  });
  watch(["metric"], () => tiles.clear());
  watch(["terms", "metric", "down"], showRows);
  watch(["active"], markActive);
  showRows();
}

export function goTo(position) {
  change({ active: position, ...(state.open >= 0 ? { open: position } : {}) });
  const place = shown().indexOf(position);
  if (place >= 0) rows.reveal(Math.floor(place / columns));
}

function showRows() {
  const count = shown().length;
  columns = layout.columns(rows.view.width);
  grid.setAttribute("aria-rowcount", Math.ceil(count / columns));
  rows.show(Math.ceil(count / columns), layout.height, true);
  find("nothing").hidden = count > 0;
  markActive();
}

function fitColumns() {
  if (rows === null) return;
  const now = layout.columns(rows.view.width);
  if (now === columns) return;
  columns = now;
  rows.show(Math.ceil(shown().length / columns), layout.height);
}

function markActive() {
  for (const one of grid.querySelectorAll("[aria-selected=true]")) one.setAttribute("aria-selected", "false");
  const cell = find(`item-${state.active}`);
  cell?.setAttribute("aria-selected", "true");
  if (cell) grid.setAttribute("aria-activedescendant", cell.id);
  else grid.removeAttribute("aria-activedescendant");
}

function valueOf(position) {
  const metric = metricNamed.get(state.metric);
  if (!metric) return "";
  const value = metric.values[position];
  return make("span", { class: "value", title: metric.reasonOf(position) ?? withUnit(metric, value) }, number(value, metric.whole));
}

// The label, and the prediction where it differs: told by words and a sign, not by color alone.
export function verdictOf(position) {
  const label = labels?.words[labels.codes[position]] ?? null;
  const guess = predicted?.words[predicted.codes[position]] ?? null;
  if (label === null && guess === null) return make("span", { class: "label faint" }, labels || predicted ? "no label" : "");
  if (label === null) return make("span", { class: "label faint", title: `predicted ${guess}` }, "→ ", own(guess));
  if (guess === null || guess === label) return make("span", { class: "label", title: label }, own(label));
  return make("span", { class: "label wrong", title: `label ${label}, predicted ${guess}` }, own(label), " → ", own(guess));
}

function spoken(position) {
  const metric = metricNamed.get(state.metric);
  const value = metric ? `, ${metric.name} ${metric.reasonOf(position) ? `NULL: ${metric.reasonOf(position)}` : withUnit(metric, metric.values[position])}` : "";
  const result = labels && predicted ? `, ${outcome(position)}` : "";
  const label = labels ? `, label ${labels.words[labels.codes[position]] ?? "unknown"}` : "";
  return `${ids[position]}${value}${label}${result}`;
}

function cellOf(position, role, kind, ...content) {
  const selected = String(position === state.active);
  return make("div", { id: `item-${position}`, "data-position": position, role, class: kind, "aria-selected": selected, "aria-label": spoken(position) }, ...content);
}

function rowOfTiles(at) {
  const positions = shown().slice(at * columns, (at + 1) * columns);
  const row = make("div", { class: "row tiles", role: "row", "aria-rowindex": at + 1 }, ...Array.from(positions, tile));
  row.style.gridTemplateColumns = `repeat(${columns}, 1fr)`;
  return row;
}

// A tile that is on the page already is moved, not made again: its picture would flicker.
function tile(position) {
  const ready = tiles.get(position) ?? madeTile(position);
  ready.setAttribute("aria-selected", String(position === state.active));
  tiles.delete(position);
  tiles.set(position, ready);
  if (tiles.size > MOST_TILES) tiles.delete(tiles.keys().next().value);
  return ready;
}

function madeTile(position) {
  const image = source.pictures ? picture(position) : make("span", { class: "no-picture" }, own(ids[position]));
  return cellOf(position, "gridcell", "tile", make("span", { class: "frame" }, image), make("span", { class: "caption" }, valueOf(position), verdictOf(position)));
}

function rowOfText(at) {
  const position = shown()[at];
  const head = make("span", { class: "caption" }, valueOf(position), verdictOf(position), own(ids[position], { class: "faint id" }));
  const text = make("span", { class: "text", dir: "auto" }, source.texts?.[position] ?? "");
  return make("div", { class: "row", role: "row", "aria-rowindex": at + 1 }, cellOf(position, "gridcell", "line", head, text));
}

function rowOfCells(at) {
  const position = shown()[at];
  const first = [own(ids[position]), valueOf(position), ...(labels || predicted ? [verdictOf(position)] : [])];
  const rest = (cells ?? []).slice(0, MOST_CELLS).map((column) => make("span", { role: "gridcell", class: column.numeric ? "cell number" : "cell" }, cellText(column, position)));
  const row = cellOf(position, "row", "row cells", ...first.map((one) => make("span", { role: "gridcell", class: "cell" }, one)), ...rest);
  row.setAttribute("aria-rowindex", at + 2);
  return row;
}

export function cellText(column, position) {
  return column.numeric ? number(column.values[position], column.whole) : column.words[column.codes[position]] ?? "NULL";
}

function headOfTable() {
  const metric = make("span", { role: "columnheader", class: "cell" }, state.metric);
  watch(["metric"], () => metric.replaceChildren(state.metric));
  const first = [make("span", { role: "columnheader", class: "cell" }, "id"), metric];
  if (labels || predicted) first.push(make("span", { role: "columnheader", class: "cell" }, "label"));
  const rest = (cells ?? []).slice(0, MOST_CELLS).map((column) => make("span", { role: "columnheader", class: column.numeric ? "cell number" : "cell", title: column.name }, column.name));
  return make("div", { class: "cells head", role: "row", "aria-rowindex": 1 }, ...first, ...rest);
}
