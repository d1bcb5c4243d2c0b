// Tables whose numbers are drawn: an interval on a common axis, a bar, a verdict in words and color.
import { draw, make, own } from "./dom.js";
import { interval, number } from "./wording.js";

const WIDTH = 180;
const HEIGHT = 22;
const MARGIN = 6;

const GOOD = /^(pass|ok|correct|better)/i;
const BAD = /^(fail|detected|worst|worse|lag|extreme|severe|wrong|low)/i;
const DOUBT = /^(inconclusive|mild|moderate|investigate)/i;

export function verdict(word) {
  const tone = GOOD.test(word) ? "good" : BAD.test(word) ? "bad" : DOUBT.test(word) ? "doubt" : "plain";
  return word ? own(word, { class: `verdict ${tone}` }) : "";
}

// An axis that holds all intervals.
export function axisAround(rows, endsOf = (row) => [row.low, row.value, row.high]) {
  const ends = rows.flatMap(endsOf).filter((one) => one !== null);
  if (ends.length === 0) return null;
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const spare = high > low ? 0 : Math.abs(high) || 1;
  return { low: low - spare, high: high + spare };
}

export function drawnInterval(row, axis, reference = null) {
  if (row.value === null || axis === null) return make("span", { class: "faint" }, "undefined");
  const at = (value) => MARGIN + ((value - axis.low) / (axis.high - axis.low)) * (WIDTH - 2 * MARGIN);
  const line = (x1, x2, y1, y2, kind) => draw("line", { x1, x2, y1, y2, class: kind });
  const told = `${number(row.value)}, ${interval(row.low, row.high)}`;
  return draw(
    "svg",
    { class: "interval", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: "img", "aria-label": told },
    reference !== null && line(at(reference), at(reference), 0, HEIGHT, "reference"),
    row.low !== null && row.high !== null && line(at(row.low), at(row.high), HEIGHT / 2, HEIGHT / 2, "span"),
    draw("circle", { cx: at(row.value), cy: HEIGHT / 2, r: 4 }),
  );
}

export function drawnBar(value, most) {
  const width = value === null || !most ? 0 : (Math.abs(value) / most) * (WIDTH - 2 * MARGIN);
  const told = `effect ${number(value)}`;
  return draw("svg", { class: "interval", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: "img", "aria-label": told }, draw("rect", { x: MARGIN, y: 6, width, height: 10 }));
}

// `columns`: [heading, cell of a row, "number" or ""]. The first cell of a row is its heading.
export function table(caption, columns, rows) {
  const head = columns.map(([heading, , kind]) => make("th", { scope: "col", class: kind || null }, heading));
  const body = rows.map((row) =>
    make("tr", {}, ...columns.map(([, cell, kind], at) => make(at ? "td" : "th", { scope: at ? null : "row", class: kind || null }, cell(row)))),
  );
  return make(
    "div",
    { class: "wide", tabindex: "0", role: "region", "aria-label": caption },
    make("table", {}, make("caption", {}, caption), make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body)),
  );
}

export function nothing(text) {
  return make("p", { class: "faint nothing" }, text);
}
