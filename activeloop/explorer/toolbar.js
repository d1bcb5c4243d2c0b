// Above the items: search, direction, and the filters as chips that can be taken away.
import { ids, source } from "./data.js";
import { button, find, make, own } from "./dom.js";
import { describe, same } from "./filters.js";
import { change, put, shown, state, watch } from "./state.js";
import { grouped } from "./wording.js";
import { copyIds, downloadCsv } from "./export.js";

const search = make("input", { type: "search", id: "search", placeholder: source.texts ? "Search ids and texts" : "Search ids", "aria-label": source.texts ? "Search ids and texts" : "Search ids" });
const direction = button("", flip, { id: "direction" });
const said = make("span", { class: "faint small", role: "status" });

export function showToolbar() {
  search.addEventListener("input", () => put("search", null, search.value ? ["search", search.value] : null));
  const copy = button([make("span", {}, "Copy"), make("span", { class: "long" }, " ids")], async () => say(await copyIds(shown())), { id: "copy", "aria-label": "Copy the ids of the items that are shown" });
  const download = button([make("span", { class: "long" }, "Download "), make("span", {}, "CSV")], () => say(downloadCsv(shown())), { id: "download", "aria-label": "Download the items that are shown as CSV" });
  find("toolbar").append(search, direction, make("span", { class: "gap" }), said, copy, download);
  watch(["down", "metric"], showDirection);
  watch(["terms", "tab"], showTerms);
  showDirection();
  showTerms();
}

export function flip() {
  change({ down: !state.down });
}

function say(text) {
  said.textContent = text;
}

function showDirection() {
  const what = state.metric || "id";
  direction.replaceChildren(state.down ? "↓ " : "↑ ", make("span", { class: "long" }, state.down ? "highest first" : "lowest first"));
  direction.setAttribute("aria-label", `Sorted by ${what}, ${state.down ? "highest" : "lowest"} first; press to turn round`);
  direction.title = "s";
}

function showTerms() {
  const n = shown().length;
  find("count").textContent = n === ids.length ? `${grouped(n)} items` : `${grouped(n)} of ${grouped(ids.length)} items`;
  const searched = state.terms.find((term) => term[0] === "search")?.[1] ?? "";
  if (document.activeElement !== search) search.value = searched;
  say("");
  const chips = state.terms.map(chip);
  if (chips.length > 1) chips.push(button("Clear all", () => change({ terms: [] }), { class: "quiet", id: "clear" }));
  const had = find("chips").contains(document.activeElement);
  find("chips").replaceChildren(...chips);
  find("chips").hidden = chips.length === 0;
  if (had) (chips[0] ?? find("grid")).focus();
}

function chip(term) {
  const remove = () => {
    if (term[0] === "search") search.value = "";
    change({ terms: state.terms.filter((one) => !same(one, term)) });
  };
  const text = describe(term);
  return make("button", { type: "button", class: "chip", onclick: remove, "aria-label": `Remove filter ${text}` }, own(text), make("span", { "aria-hidden": "true" }, " ×"));
}
