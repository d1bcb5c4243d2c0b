// The learning curve of a score on all items, and on one slice beside it, with bands for the intervals.
import { choose, chosen, settle } from "./chosen.js";
import { draw, make, own, select } from "./dom.js";
import { nothing, table } from "./intervals.js";
import { known } from "./telling.js";
import { grouped, interval, number } from "./wording.js";

const WIDTH = 640;
const HEIGHT = 280;
const LEFT = 52;
const RIGHT = 14;
const TOP = 12;
const BASE = 240;
const SOURCES = { audit: "audit stream", holdout: "holdout" };

export function curves({ points }) {
  const { sources, scores, slices, shown } = settle(points);
  if (!shown.length) return [nothing("No round has been scored yet.")];
  const lines = ["all", chosen.slice].filter(Boolean).map((name) => shown.filter((one) => one.slice === name));
  return [
    choices(sources, scores, slices),
    chart(lines),
    lines.length > 1 && make("p", { class: "legend small" }, make("span", { class: "key line-0" }), "all ", make("span", { class: "key line-1" }), own(chosen.slice)),
    make("details", { id: "curve-numbers" }, make("summary", {}, "Numbers"), numbers(lines.flat())),
  ];
}

function choices(sources, scores, slices) {
  const field = (id, label, values, name, words = (one) => one) => {
    const made = select(label, values.map((value) => ({ value, text: words(value) })), chosen[name], (value) => choose({ [name]: value }));
    made.querySelector("select").id = id;
    return made;
  };
  return make(
    "div",
    { class: "bar" },
    field("score", "Score", scores, "score"),
    sources.length > 1 && field("source", "Measured on", sources, "source", (one) => SOURCES[one]),
    slices.length > 0 && field("slice", "Beside all", ["", ...slices], "slice", (one) => one || "nothing"),
  );
}

function numbers(rows) {
  const columns = [
    ["round", (row) => String(row.round)],
    ["slice", (row) => own(row.slice), ""],
    ["labels", (row) => grouped(row.n_labeled), "number"],
    [chosen.score, (row) => known(row.value, (one) => number(one, false)), "number"],
    ["interval", (row) => (row.value === null ? row.reason : interval(row.low, row.high)), "number"],
    ["n", (row) => grouped(row.n), "number"],
  ];
  return table(`${chosen.score} by round, measured on the ${SOURCES[chosen.source]}`, columns, rows);
}

function chart(lines) {
  const rows = lines.flat();
  const ends = rows.flatMap((one) => [one.low, one.value, one.high]).filter((one) => one !== null);
  if (!ends.length) return nothing(`${chosen.score} is undefined so far: ${rows[0].reason}`);
  const spare = (Math.max(...ends) - Math.min(...ends)) * 0.06 || 0.05;
  const [low, high] = [Math.min(...ends) - spare, Math.max(...ends) + spare];
  const [first, last] = [Math.min(...rows.map((one) => one.n_labeled)), Math.max(...rows.map((one) => one.n_labeled))];
  const across = (n) => (last === first ? (LEFT + WIDTH - RIGHT) / 2 : LEFT + ((n - first) / (last - first)) * (WIDTH - LEFT - RIGHT));
  const up = (value) => BASE - ((value - low) / (high - low)) * (BASE - TOP);
  const text = (x, y, anchor, words) => draw("text", { x, y, "text-anchor": anchor }, words);
  return draw(
    "svg",
    { class: "chart wide-chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": told(lines) },
    ...ticks(low, high).map((value) => [draw("line", { class: "rule", x1: LEFT, x2: WIDTH - RIGHT, y1: up(value), y2: up(value) }), text(LEFT - 6, up(value) + 4, "end", number(value, false))]),
    ...lines.map((line, at) => drawn(line, at, across, up)),
    text(LEFT, BASE + 18, "start", grouped(first)),
    last > first && text(WIDTH - RIGHT, BASE + 18, "end", grouped(last)),
    text((LEFT + WIDTH) / 2, BASE + 34, "middle", "labels the model learned from"),
  );
}

function drawn(line, at, across, up) {
  const pieces = parted(line);
  const band = (piece) => {
    const sure = piece.filter((one) => one.low !== null && one.high !== null);
    const corners = [...sure.map((one) => [one.n_labeled, one.high]), ...sure.reverse().map((one) => [one.n_labeled, one.low])];
    return draw("polygon", { class: `band line-${at}`, points: corners.map(([n, value]) => `${across(n)},${up(value)}`).join(" ") });
  };
  const label = (one) => `round ${one.round}, ${grouped(one.n_labeled)} labels: ${number(one.value, false)} ${interval(one.low, one.high)}, n ${one.n}`;
  return [
    ...pieces.map(band),
    ...pieces.map((piece) => draw("polyline", { class: `trend line-${at}`, points: piece.map((one) => `${across(one.n_labeled)},${up(one.value)}`).join(" ") })),
    ...pieces.flat().map((one) => draw("circle", { class: `line-${at}`, cx: across(one.n_labeled), cy: up(one.value), r: 3.5 }, draw("title", {}, label(one)))),
  ];
}

// A line is broken where the score is undefined.
function parted(line) {
  const pieces = [[]];
  for (const one of line) {
    if (one.value === null) pieces.push([]);
    else pieces.at(-1).push(one);
  }
  return pieces.filter((piece) => piece.length);
}

function told(lines) {
  const words = lines.map((line) => {
    const values = line.filter((one) => one.value !== null);
    if (!values.length) return `${line[0]?.slice}: undefined`;
    const [start, end] = [values[0], values.at(-1)];
    return `${end.slice}: from ${number(start.value, false)} at ${grouped(start.n_labeled)} labels to ${number(end.value, false)} ${interval(end.low, end.high)} at ${grouped(end.n_labeled)}`;
  });
  return `${chosen.score}, ${words.join("; ")}`;
}

function ticks(low, high) {
  const step = 10 ** Math.floor(Math.log10((high - low) / 2));
  const wide = [1, 2, 5, 10].map((times) => times * step).find((one) => (high - low) / one <= 6);
  const found = [];
  for (let value = Math.ceil(low / wide) * wide; value <= high; value += wide) found.push(Number(value.toPrecision(12)));
  return found;
}
