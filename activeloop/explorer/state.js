// What the person has chosen; whoever watches is told once a frame.
import { metricNamed, metrics } from "./data.js";
import { passing, same } from "./filters.js";
import { order } from "./sorting.js";

export const state = {
  tab: "items",
  metric: metrics[0]?.name ?? "",
  down: firstDown(metrics[0]?.name),
  terms: [],
  active: -1,
  open: -1,
};

const watchers = [];
let changed = null;

export function watch(keys, act) {
  watchers.push({ keys, act });
}

export function change(patch) {
  const news = Object.keys(patch).filter((key) => state[key] !== patch[key]);
  if (news.length === 0) return;
  Object.assign(state, patch);
  if (changed === null) {
    changed = new Set();
    requestAnimationFrame(tell);
  }
  for (const key of news) changed.add(key);
}

function tell() {
  const news = changed;
  changed = null;
  for (const { keys, act } of watchers) if (keys.some((key) => news.has(key))) act(news);
}

// A metric says which end a person wants to see first.
export function firstDown(name) {
  return metricNamed.get(name)?.direction === "high";
}

export function choose(name) {
  change({ metric: name, down: firstDown(name) });
}

export function toggle(term) {
  const rest = state.terms.filter((one) => !same(one, term));
  change({ terms: rest.length < state.terms.length ? rest : [...rest, term] });
}

// Put one term in the place of all of its kind and name; null takes them away.
export function put(kind, name, term) {
  const rest = state.terms.filter((one) => one[0] !== kind || (name !== null && one[1] !== name));
  change({ terms: term === null ? rest : [...rest, term] });
}

let selected = { terms: null };
export function selection() {
  if (selected.terms !== state.terms) selected = { terms: state.terms, ...passing(state.terms) };
  return selected;
}

let sorted = { selection: null };
export function shown() {
  const now = { selection: selection(), metric: state.metric, down: state.down };
  if (Object.keys(now).some((key) => now[key] !== sorted[key])) {
    const { fails } = now.selection;
    sorted = { ...now, positions: order(now.metric, now.down).filter((at) => fails[at] === 0) };
  }
  return sorted.positions;
}
