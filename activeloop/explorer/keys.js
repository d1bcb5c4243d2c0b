// Keys that work anywhere on the page, and the list of them.
import { moveBrush, widenBrush } from "./brush.js";
import { closeDetail } from "./detail.js";
import { button, find, make } from "./dom.js";
import { change, state } from "./state.js";
import { flip } from "./toolbar.js";

const KEYS = [
  ["arrows, Home, End, Page Up, Page Down", "move over the items"],
  ["Enter", "open an item; then ← → go on, Escape closes"],
  ["/", "search"],
  ["m", "choose the metric"],
  ["s", "turn the order round"],
  ["[ ]", "move the range of the metric down or up"],
  ["{ }", "make the range narrower or wider"],
  ["Tab", "go to a chip, and press it to remove the filter"],
  ["?", "these keys"],
];

const ACTS = {
  "/": () => visible("search"),
  m: () => visible("metric"),
  s: flip,
  "[": () => moveBrush(-1),
  "]": () => moveBrush(1),
  "{": () => widenBrush(-1),
  "}": () => widenBrush(1),
  "?": () => find("help").showModal(),
};

export function listenToKeys() {
  const rows = KEYS.map(([key, does]) => make("tr", {}, make("th", { scope: "row" }, make("kbd", {}, key)), make("td", {}, does)));
  find("help").append(make("h2", { id: "help-title" }, "Keys"), make("table", {}, make("tbody", {}, ...rows)), button("Close", () => find("help").close(), { autofocus: true }));
  find("help-button").addEventListener("click", () => find("help").showModal());
  document.addEventListener("keydown", (event) => {
    if (find("help").open || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return leave(event);
    if (event.target.matches("input:not([type=checkbox]), select, textarea") || !Object.hasOwn(ACTS, event.key)) return;
    event.preventDefault();
    ACTS[event.key]();
  });
}

function visible(name) {
  find("controls").open ||= name !== "search";
  if (state.tab === "items") return find(name)?.focus();
  change({ tab: "items" });
  requestAnimationFrame(() => find(name)?.focus());
}

function leave(event) {
  if (event.target.matches("input[type=search]")) find("grid").focus();
  else if (state.open >= 0) closeDetail();
}
