// Scores by slice, with their intervals drawn; a slice can be looked into.
import { groupedBy, source } from "./data.js";
import { button, make, own } from "./dom.js";
import { same } from "./filters.js";
import { axisAround, drawnInterval, nothing, table, verdict } from "./intervals.js";
import { change, state, toggle } from "./state.js";
import { grouped, interval, number } from "./wording.js";

export function slicesPanel() {
  if (source.slices.length === 0) return [nothing("No slice is defined.")];
  return [...groupedBy(source.slices, (row) => row.score)].map(([score, rows]) => tableOf(score, rows));
}

function tableOf(score, rows) {
  const axis = axisAround(rows);
  const whole = rows.find((row) => row.name === "all")?.value ?? null;
  const caption = score ? `${score} by slice: value with its interval${whole === null ? "" : "; the dashed line is all items"}. n: scored items.` : "Slices";
  const scored = [
    [axis ? make("span", { class: "axis" }, make("span", {}, number(axis.low, false)), make("span", {}, number(axis.high, false))) : "", (row) => drawnInterval(row, axis, whole), ""],
    ["value", (row) => (row.value === null ? "undefined" : number(row.value, false)), "number"],
    ["interval", (row) => interval(row.low, row.high), "number"],
    ["n", (row) => grouped(row.n), "number"],
    ["verdict", (row) => verdict(row.verdict), ""],
  ];
  const columns = [
    ["slice", (row) => lookInto(row.name), ""],
    ["members", (row) => grouped(row.count), "number"],
    ...(rows.some((row) => row.value !== null || row.verdict) ? scored : []),
  ];
  return make("section", {}, score ? make("h2", {}, own(score)) : null, table(caption, columns, rows));
}

function lookInto(name) {
  const show = () => {
    if (!state.terms.some((term) => same(term, ["slice", name]))) toggle(["slice", name]);
    change({ tab: "items" });
  };
  return button(own(name), show, { class: "link", title: "Show its items" });
}
