// Which slices lack labels, and what the strategy bought.
import { draw, own } from "./dom.js";
import { nothing, table } from "./intervals.js";
import { known, share } from "./telling.js";
import { grouped, number } from "./wording.js";

const WIDTH = 180;

export function lacking({ needs }) {
  if (!needs.length) return [nothing("The items have no slices.")];
  const columns = [
    ["slice", (row) => own(row.slice)],
    ["labels", (row) => grouped(row.labels), "number"],
    ["of the labels", (row) => share(row.share), "number"],
    ["of the pool", (row) => share(row.pool_share), "number"],
    ["judged by", (row) => known(row.measured, (n) => `${grouped(n)} of ${row.support}`), "number"],
    ["lacks", (row) => (row.lacks ? own(row.lacks, { class: "verdict bad" }) : ""), ""],
  ];
  const caption = "A slice lacks labels to learn from below half of its share of the pool, and labels to be judged by below the support of a verdict.";
  return [table(caption, columns, needs)];
}

export function bought({ bought, needs, rounds }) {
  const of = (rows) => rows.reduce((sum, row) => sum + row.bought, 0);
  const pool = new Map(needs.map((row) => [row.slice, row.pool_share]));
  const newest = rounds - 1;
  const rows = [...groups(bought)].map(([slice, own_]) => ({
    slice,
    last: of(own_.filter((row) => row.round === newest)),
    total: of(own_),
    pool: pool.get(slice) ?? null,
    rounds: own_,
  }));
  if (!rows.length) return [nothing("Nothing has been bought yet.")];
  const columns = [
    ["slice", (row) => own(row.slice)],
    ["in the newest round", (row) => grouped(row.last), "number"],
    ["in all", (row) => grouped(row.total), "number"],
    ["round by round", (row) => bars(row), ""],
    ["of the pool", (row) => share(row.pool), "number"],
  ];
  return [table("Labels that the strategy bought in each slice; an item may be in several slices.", columns, rows.sort((one, other) => other.last - one.last || other.total - one.total))];
}

function bars({ slice, rounds }) {
  const shown = rounds.slice(-30);
  const most = Math.max(...shown.map((row) => row.bought), 1);
  const wide = WIDTH / Math.max(shown.length, 8);
  const told = `${slice}: ${shown.map((row) => `${number(row.bought)} in round ${row.round}`).join(", ")}`;
  const drawn = shown.map((row, at) => draw("rect", { x: at * wide, y: 22 - (20 * row.bought) / most, width: Math.max(wide - 1, 1), height: (20 * row.bought) / most }));
  return draw("svg", { class: "interval", viewBox: `0 0 ${WIDTH} 22`, width: WIDTH, height: 22, role: "img", "aria-label": told }, ...drawn);
}

function groups(rows) {
  const found = new Map();
  for (const row of rows) found.set(row.slice, [...(found.get(row.slice) ?? []), row]);
  return found;
}
