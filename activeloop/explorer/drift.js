// Verdicts: which metrics drifted, which test-cases hold.
import { groupedBy, source } from "./data.js";
import { make, own } from "./dom.js";
import { axisAround, drawnBar, drawnInterval, nothing, table, verdict } from "./intervals.js";
import { count, grouped, interval, number, small } from "./wording.js";

export function driftPanel() {
  if (source.drift.length === 0) return [nothing("No metric could be compared.")];
  const most = Math.max(...source.drift.map((row) => Math.abs(row.effect ?? 0)));
  const columns = [
    ["metric", (row) => own(row.metric), ""],
    ["", (row) => drawnBar(row.effect, most), ""],
    ["effect", (row) => number(row.effect, false), "number"],
    ["q", (row) => small(row.q), "number"],
    ["n", (row) => grouped(row.n), "number"],
    ["verdict", (row) => verdict(row.verdict), ""],
    ["reason", (row) => own(row.reason), ""],
  ];
  return [summary(source.drift), table("Each metric in two data sets: effect size, and q corrected for the number of metrics. “Not detected” is not “no drift”.", columns, source.drift)];
}

export function casesPanel() {
  if (source.cases.length === 0) return [nothing("No test-case is defined.")];
  const axis = axisAround(source.cases, (row) => [row.low, row.value, row.high, row.limit]);
  const columns = [
    ["test-case", (row) => own(row.name), ""],
    ["verdict", (row) => verdict(row.verdict), ""],
    ["slice", (row) => own(row.slice), ""],
    ["bound", (row) => own(row.bound), ""],
    ["", (row) => drawnInterval(row, axis, row.limit), ""],
    ["value", (row) => (row.value === null ? "undefined" : number(row.value, false)), "number"],
    ["interval", (row) => interval(row.low, row.high), "number"],
    ["n", (row) => grouped(row.n), "number"],
    ["reason", (row) => own(row.reason), ""],
  ];
  return [summary(source.cases), table("Test-cases: a score on a slice against its bound, the dashed line.", columns, source.cases)];
}

function summary(rows) {
  const groups = [...groupedBy(rows, (row) => row.verdict)];
  return make("p", { class: "summary" }, ...groups.flatMap(([word, own_]) => [verdict(word), ` ${grouped(own_.length)} `]), make("span", { class: "faint" }, `of ${count(rows.length, "row")}`));
}
