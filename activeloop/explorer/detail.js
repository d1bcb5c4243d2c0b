// One item in full: what it is, every metric with its place among all, what the review lists say of it.
import { LISTS, cells, ids, labels, metrics, predicted, slices, source, tags } from "./data.js";
import { button, find, make, own } from "./dom.js";
import { outcome } from "./filters.js";
import { findingsAbout } from "./findings.js";
import { verdict } from "./intervals.js";
import { cellText, goTo } from "./items.js";
import { picture, whyNoPicture } from "./picture.js";
import { change, choose, shown, state, watch } from "./state.js";
import { withUnit } from "./wording.js";

let came = null;

export function showDetail() {
  watch(["open"], drawDetail);
  find("detail").addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1 };
    if (event.key in steps && !event.target.matches("input, select, .wide")) step(steps[event.key]);
  });
  drawDetail();
}

export function closeDetail() {
  change({ open: -1 });
  (came?.isConnected ? came : find("grid")).focus();
}

function step(by) {
  const place = shown().indexOf(state.open);
  const next = shown()[place + by];
  if (place >= 0 && next !== undefined) goTo(next);
}

function drawDetail() {
  const panel = find("detail");
  const wasHidden = panel.hidden;
  const position = state.open;
  panel.hidden = position < 0;
  find("main").classList.toggle("detailed", position >= 0);
  if (position < 0) return panel.replaceChildren();
  const focused = panel.contains(document.activeElement) ? document.activeElement.id : null;
  panel.replaceChildren(head(position), ...what(position), facts(position), metricTable(position), ...reviews(position));
  panel.scrollTop = 0;
  if (wasHidden) came = document.activeElement;
  if (wasHidden) find("detail-title").focus();
  else if (focused !== null) (find(focused || "detail-title") ?? find("detail-title")).focus();
}

function head(position) {
  return make(
    "div",
    { class: "bar head" },
    make("h2", { id: "detail-title", tabindex: "-1" }, own(ids[position])),
    button("←", () => step(-1), { "aria-label": "Previous item", id: "previous" }),
    button("→", () => step(1), { "aria-label": "Next item", id: "next" }),
    button("×", closeDetail, { "aria-label": "Close (Escape)", id: "close" }),
  );
}

function what(position) {
  const parts = [];
  if (source.pictures) {
    const why = whyNoPicture(position);
    parts.push(why === null ? picture(position, { class: "large", alt: `item ${ids[position]}` }) : make("p", { class: "no-picture" }, "no picture: ", own(why)));
  }
  if (source.texts) parts.push(make("p", { class: "whole", dir: "auto" }, source.texts[position]));
  if (cells) parts.push(pairs(cells.map((column) => [own(column.name), own(cellText(column, position))])));
  return parts;
}

function facts(position) {
  const known = [];
  const word = (column) => own(column.words[column.codes[position]] ?? "unknown");
  if (labels) known.push(["label", word(labels)]);
  if (predicted) known.push(["predicted", word(predicted)]);
  if (labels && predicted) known.push(["", verdict(outcome(position))]);
  for (const [title, groups] of [["tags", tags], ["slices", slices]]) {
    const own_ = (groups ?? []).filter((group) => group.members()[position]);
    if (own_.length) known.push([title, make("span", { class: "words" }, ...own_.map((group) => own(group.name, { class: "word" })))]);
  }
  return pairs(known);
}

function pairs(rows) {
  return make("dl", {}, ...rows.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
}

function metricTable(position) {
  if (metrics.length === 0) return "";
  const rows = metrics.map((metric) => {
    const name = make("th", { scope: "row" }, button(own(metric.name), () => choose(metric.name), { class: "link", title: `Sort by ${metric.name}` }));
    const reason = metric.reasonOf(position);
    if (reason !== null) return make("tr", {}, name, make("td", { colspan: "2", class: "faint" }, "NULL: ", own(reason)));
    return make("tr", {}, name, make("td", { class: "number" }, withUnit(metric, metric.values[position])), make("td", {}, placeAmong(metric, position)));
  });
  return make("table", { class: "metrics" }, make("caption", {}, "Metrics, and the share of items that lie below"), make("tbody", {}, ...rows));
}

function placeAmong(metric, position) {
  let [below, equal, known] = [0, 0, 0];
  const own_ = metric.values[position];
  for (const value of metric.values) {
    known += value === value;
    below += value < own_;
    equal += value === own_;
  }
  const share = known > 1 ? (below + (equal - 1) / 2) / (known - 1) : 0.5;
  const words = `${Math.round(100 * share)} %`;
  return make("span", { class: "place" }, make("meter", { min: "0", max: "1", value: share, "aria-label": `${words} of items lie below` }), words);
}

function reviews(position) {
  return LISTS.map(([name, title]) => [title, findingsAbout(name, position)])
    .filter(([, found]) => found.length)
    .flatMap(([title, found]) => [make("h3", {}, title), ...found.slice(0, 8).map((one) => finding(one, position))]);
}

function finding(one, position) {
  const others = [...new Set([one.id, ...one.related])].filter((other) => other !== position);
  const each = others.slice(0, 12).map((other) =>
    make("button", { type: "button", class: "relative", onclick: () => goTo(other), "aria-label": `Go to ${ids[other]}` }, source.pictures ? picture(other) : "", own(ids[other])),
  );
  return make("div", { class: "said" }, make("p", { dir: "auto" }, verdict(one.severity), " ", one.reason), make("div", { class: "relatives" }, ...each));
}
