// How far people agree, and what the test-cases say.
import { own } from "./dom.js";
import { axisAround, drawnInterval, nothing, table, verdict } from "./intervals.js";
import { known } from "./telling.js";
import { grouped, interval, number } from "./wording.js";

const RULES = { at_least: "at least", at_most: "at most", max_drop: "drops at most" };

export function agreement({ agreement: rows }) {
  if (!rows.length) return [nothing("No item has been labeled by two people yet.")];
  const axis = axisAround(rows);
  const columns = [
    ["slice", (row) => own(row.slice)],
    ["measure", (row) => own(row.annotators ? `${row.measure}, ${row.annotators}` : row.measure), ""],
    ["value", (row) => known(row.value, (one) => number(one, false)), "number"],
    ["", (row) => (row.value === null ? row.reason : drawnInterval(row, axis)), ""],
    ["n", (row) => grouped(row.n), "number"],
  ];
  columns[3][0] = "interval";
  return [table("Agreement between people; n counts the items that two or more have labeled.", columns, rows)];
}

export function cases({ verdicts }) {
  if (!verdicts.length) return [nothing("No test-case is judged.")];
  const columns = [
    ["test-case", (row) => own(row.case)],
    ["verdict", (row) => verdict(row.outcome), ""],
    ["slice", (row) => own(row.slice), ""],
    ["score", (row) => own(`${row.score} ${RULES[row.rule]} ${number(row.bound, false)}`), ""],
    ["value", (row) => known(row.value, (one) => `${number(one, false)} ${interval(row.low, row.high)}`), "number"],
    ["n", (row) => grouped(row.n), "number"],
    ["why", (row) => own(row.reason), ""],
  ];
  return [table("Each slice against its bound", columns, verdicts)];
}
