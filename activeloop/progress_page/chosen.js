// What the reader has chosen to see: the source of scores, the score, the slice beside "all".
export const chosen = { source: "", score: "", slice: "" };

const watching = [];

export function whenChosen(act) {
  watching.push(act);
}

export function choose(part) {
  Object.assign(chosen, part);
  for (const act of watching) act();
}

// Keep to what there is: the audit stream before the holdout, since people made its labels.
export function settle(points) {
  const sources = names(points, "source");
  if (!sources.includes(chosen.source)) chosen.source = sources.includes("audit") ? "audit" : (sources[0] ?? "");
  const own = points.filter((one) => one.source === chosen.source);
  const scores = names(own, "score");
  if (!scores.includes(chosen.score)) chosen.score = scores[0] ?? "";
  const slices = names(own, "slice").filter((one) => one !== "all");
  if (!slices.includes(chosen.slice)) chosen.slice = "";
  return { sources, scores, slices, shown: own.filter((one) => one.score === chosen.score) };
}

export function names(rows, column) {
  return [...new Set(rows.map((one) => one[column]))];
}
