// The other filters: classes, predictions, outcomes, tags, slices and review lists, each with its count.
import { LISTS, ids, labels, predicted, slices, tags } from "./data.js";
import { find, make, own } from "./dom.js";
import { describe, outcome, passingOthers, same, testOf } from "./filters.js";
import { selection, state, toggle, watch } from "./state.js";
import { grouped } from "./wording.js";

const MOST_CHOICES = 300;
const MANY_CHOICES = 12;

const FACETS = [
  { kind: "outcome", title: "Correct or wrong", values: labels && predicted ? ["correct", "wrong", "unknown"] : [] },
  { kind: "label", title: "Label", values: wordsIn(labels) },
  { kind: "predicted", title: "Predicted", values: wordsIn(predicted) },
  { kind: "tag", title: "Tag", values: (tags ?? []).map((one) => one.name) },
  { kind: "slice", title: "Slice", values: (slices ?? []).map((one) => one.name) },
  { kind: "list", title: "Review list", values: LISTS.map(([name]) => name) },
];

export function showFacets() {
  for (const facet of FACETS) {
    const choices = facet.values.slice(0, MOST_CHOICES).map((value) => choice([facet.kind, value])).filter((one) => one.any);
    if (choices.length > (facet.kind === "tag" || facet.kind === "list" ? 0 : 1)) find("facets").append(section(facet, choices));
  }
}

function wordsIn(column) {
  if (!column) return [];
  const some = new Set(column.codes);
  return column.words.map((word, code) => [word, code]).filter(([, code]) => some.has(code)).map(([word]) => word);
}

function choice(term) {
  const test = testOf(term);
  const members = ids.map((_, at) => at).filter(test);
  const box = make("input", { type: "checkbox", onchange: () => toggle(term) });
  const many = make("span", { class: "many" });
  const what = describe(term).replace(/^(label|predicted|tag|slice): /, "").replace(/^in /, "");
  const row = make("label", { class: "choice" }, box, own(what, { class: "what" }), many);
  return { term, members, box, many, row, what: what.toLowerCase(), any: members.length > 0 };
}

function section(facet, choices) {
  const list = make("div", { class: "choices", role: "group", "aria-label": facet.title }, ...choices.map((one) => one.row));
  const left = facet.values.length - MOST_CHOICES;
  const more = left > 0 ? make("p", { class: "faint small" }, `${grouped(left)} more are not listed`) : null;
  const open = facet.kind === "outcome" || choices.length <= MANY_CHOICES;
  const box = make("details", { class: "facet", open }, make("summary", {}, `${facet.title} (${choices.length})`), seek(facet, choices), list, more);
  const recount = () => {
    if (box.open) recountAll(facet, choices);
  };
  box.addEventListener("toggle", recount);
  watch(["terms"], recount);
  recount();
  return box;
}

function recountAll(facet, choices) {
  const passes = passingOthers(selection(), facet.kind);
  for (const one of choices) {
    one.box.checked = state.terms.some((term) => same(term, one.term));
    let n = 0;
    for (const position of one.members) if (passes(position)) n += 1;
    if (n === one.shown) continue;
    one.shown = n;
    one.many.textContent = grouped(n);
    one.row.classList.toggle("faint", n === 0);
  }
}

function seek(facet, choices) {
  if (choices.length <= MANY_CHOICES) return null;
  const search = make("input", { type: "search", placeholder: `find a ${facet.title.toLowerCase()}`, "aria-label": `find a ${facet.title.toLowerCase()}` });
  search.addEventListener("input", () => {
    for (const one of choices) one.row.hidden = !one.what.includes(search.value.toLowerCase());
  });
  return search;
}
