// The choice as the part of the address after "#", so that a link shows what one sees; "#ID" alone opens an item.
import { ids, metricNamed, positionOf } from "./data.js";
import { usable } from "./filters.js";
import { change, firstDown, state, watch } from "./state.js";

// Browsers refuse more than some hundred changes of the address in half a minute.
const PAUSE = 250;

export function readAddress(tabs) {
  const text = location.hash.slice(1);
  if (!text.includes("=")) return openById(decoded(text));
  const read = new URLSearchParams(text);
  const metric = metricNamed.has(read.get("metric")) || read.get("metric") === "" ? read.get("metric") : state.metric;
  const sort = read.get("sort");
  const position = positionOf.get(read.get("item")) ?? -1;
  change({
    tab: tabs.includes(read.get("tab")) ? read.get("tab") : "items",
    metric,
    down: sort === "down" || (sort !== "up" && firstDown(metric)),
    terms: read.getAll("filter").map(parsed).filter(usable),
    open: position,
    active: position,
  });
}

export function writtenAddress() {
  const written = new URLSearchParams();
  if (state.tab !== "items") written.set("tab", state.tab);
  written.set("metric", state.metric);
  written.set("sort", state.down ? "down" : "up");
  for (const term of state.terms) written.append("filter", JSON.stringify(term));
  if (state.open >= 0) written.set("item", ids[state.open]);
  return `#${written}`;
}

let waiting = 0;
watch(["tab", "metric", "down", "terms", "open"], () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => history.replaceState(null, "", writtenAddress()), PAUSE);
});

function openById(id) {
  const position = positionOf.get(id) ?? -1;
  if (position >= 0) change({ open: position, active: position });
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
