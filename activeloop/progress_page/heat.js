// Slices by rounds: the value of the chosen score in each cell, darker where it is higher.
import { chosen, names, settle } from "./chosen.js";
import { make, own } from "./dom.js";
import { nothing } from "./intervals.js";
import { grouped, interval, number } from "./wording.js";

const LEVELS = 8;
const ROUNDS = 24;

export function heat({ points }) {
  const { shown, slices } = settle(points);
  if (!slices.length) return [nothing("No slice is scored.")];
  const all = names(shown, "round").sort((one, other) => one - other);
  const rounds = all.slice(-ROUNDS);
  const values = shown.filter((one) => rounds.includes(one.round) && one.value !== null).map((one) => one.value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const level = (value) => (high > low ? Math.min(LEVELS - 1, Math.floor((LEVELS * (value - low)) / (high - low))) : 0);
  const at = new Map(shown.map((one) => [`${one.slice}\n${one.round}`, one]));
  const cell = (slice, round) => {
    const one = at.get(`${slice}\n${round}`);
    if (!one) return make("td", {});
    if (one.value === null) return make("td", { class: "number faint", title: one.reason }, "–");
    const few = one.n < 10;
    const title = `${one.slice}, round ${round}: ${number(one.value, false)} ${interval(one.low, one.high)}, n ${grouped(one.n)}`;
    return make("td", { class: `number level-${level(one.value)}${few ? " few" : ""}`, title }, number(one.value, false).replace(/(\.\d\d)\d$/, "$1"), few && make("span", { class: "aside" }, ` from only ${one.n}`));
  };
  const rest = all.length - rounds.length;
  const caption = `${chosen.score} of each slice after each round${values.length ? `, from ${number(low, false)} (pale) to ${number(high, false)} (dark)` : ""}${rest ? `; ${rest} earlier rounds are not shown` : ""}. In italics: fewer than 10 labels.`;
  const head = make("tr", {}, make("th", { scope: "col" }, "slice"), ...rounds.map((round) => make("th", { scope: "col", class: "number" }, String(round))));
  const rows = ["all", ...slices].map((slice) => make("tr", {}, make("th", { scope: "row" }, own(slice)), ...rounds.map((round) => cell(slice, round))));
  return [
    make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "Slices by rounds" }, make("table", { class: "heat" }, make("caption", {}, caption), make("thead", {}, head), make("tbody", {}, ...rows))),
  ];
}
