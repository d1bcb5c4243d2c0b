// The histogram of a metric: bars for what the other filters let pass, a line for all items, as shares.
import { metricNamed, once } from "./data.js";
import { draw } from "./dom.js";
import { passingOthers } from "./filters.js";
import { selection, state } from "./state.js";

const TAILS = [0.005, 0.02, 0.05];
const MOST_BINS = 36;
const WIDTH = 360;
const HEIGHT = 96;

const known = new Map();

// Where the bins lie. A tail that would squeeze the rest into a fifth of the axis goes into the outermost bins.
export function axisOf(name) {
  if (!known.has(name)) known.set(name, axis(metricNamed.get(name).values));
  return known.get(name);
}

function axis(values) {
  const sorted = values.filter((value) => value === value).sort();
  if (sorted.length === 0) return null;
  const at = (share) => sorted[Math.round(share * (sorted.length - 1))];
  const [least, most] = [at(0), at(1)];
  let [low, high] = [least, most];
  for (const share of TAILS) {
    const [from, to] = [at(share), at(1 - share)];
    if (to > from && to - from < (high - low) / 5) [low, high] = [from, to];
  }
  const whole = sorted.every(Number.isInteger);
  let bins = high === low ? 1 : Math.min(MOST_BINS, Math.max(8, Math.ceil(Math.sqrt(sorted.length))));
  if (whole && high - low < MOST_BINS) [low, high, bins] = [low - 0.5, high + 0.5, high - low + 1];
  const span = high - low || 1;
  const places = once(() => Int16Array.from(values, (value) => (value === value ? Math.max(0, Math.min(bins - 1, Math.floor(((value - low) / span) * bins))) : -1)));
  return { low, high: low + span, bins, step: span / bins, least, most, cutLow: least < low, cutHigh: most > high, places };
}

export function counts(name, passes) {
  const { bins, places } = axisOf(name);
  const found = new Uint32Array(bins);
  places().forEach((bin, position) => {
    if (bin >= 0 && passes(position)) found[bin] += 1;
  });
  return found;
}

export function drawing() {
  const passes = passingOthers(selection(), `metric ${state.metric}`);
  const all = shares(counts(state.metric, () => true));
  const now = shares(counts(state.metric, passes));
  const top = Math.max(...all, ...now, 1e-9);
  const width = WIDTH / all.length;
  const tall = (share) => (share ? Math.max(1.5, (share / top) * (HEIGHT - 4)) : 0);
  const bars = Array.from(now, (share, bin) =>
    draw("rect", { x: bin * width + 0.5, y: HEIGHT - tall(share), width: Math.max(1, width - 1), height: tall(share) }),
  );
  const outline = Array.from(all, (share, bin) => `H${bin * width}V${HEIGHT - tall(share)}H${(bin + 1) * width}`);
  return draw(
    "svg",
    { class: "histogram", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    ...bars,
    draw("path", { d: `M0 ${HEIGHT}${outline.join("")}V${HEIGHT}`, "vector-effect": "non-scaling-stroke" }),
  );
}

function shares(found) {
  const total = found.reduce((sum, one) => sum + one, 0) || 1;
  return Array.from(found, (one) => one / total);
}
