// A review list: outliers, duplicates or label errors, the most urgent first, each with its reason.
import { groupedBy, ids, source } from "./data.js";
import { button, make, own, select } from "./dom.js";
import { nothing, verdict } from "./intervals.js";
import { verdictOf } from "./items.js";
import { picture } from "./picture.js";
import { VirtualRows, cursor } from "./rows.js";
import { change, state, toggle } from "./state.js";
import { same } from "./filters.js";
import { count, number } from "./wording.js";

const HEIGHT = 92;
const MOST_RELATED = 4;

export function findingsPanel(name, title) {
  const all = source[name];
  if (all.length === 0) return [nothing(`No ${title.toLowerCase()} were found.`)];
  const chosen = { metric: "", severity: "" };
  const list = make("div", { class: "findings", role: "grid", tabindex: "0", "aria-label": title });
  const many = make("span", { class: "faint small", role: "status" });
  let found = all;
  let active = -1;
  const rows = new VirtualRows(list, (at) => rowOf(name, found[at], at, at === active));
  const refresh = () => {
    found = all.filter((one) => (!chosen.metric || one.metric === chosen.metric) && (!chosen.severity || one.severity === chosen.severity));
    active = Math.min(active, found.length - 1);
    many.textContent = count(found.length, "entry").replace("entrys", "entries");
    list.setAttribute("aria-rowcount", found.length);
    rows.show(found.length, HEIGHT, true);
  };
  const go = (place) => {
    active = place;
    if (state.open >= 0) change({ open: found[place].id });
    rows.show(found.length, HEIGHT);
    rows.reveal(place);
    list.setAttribute("aria-activedescendant", `${name}-${place}`);
  };
  cursor(list, { places: () => ({ count: found.length, columns: 1, page: 5 }), at: () => active, go, open: (place) => change({ open: found[place].id }) });
  list.addEventListener("focus", () => active < 0 && found.length && go(0));
  list.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-position]");
    if (!opener) return;
    active = Number(event.target.closest("[data-place]").dataset.place);
    change({ open: Number(opener.dataset.position) });
  });
  const narrow = (key) => (value) => {
    chosen[key] = value;
    refresh();
  };
  const head = make("div", { class: "bar" }, chooser("Metric", all, "metric", narrow("metric")), chooser("Severity", all, "severity", narrow("severity")), many, make("span", { class: "gap" }), inItems(name));
  queueMicrotask(refresh);
  return [head, list];
}

function chooser(title, all, key, act) {
  const groups = [...groupedBy(all, (one) => one[key])].filter(([value]) => value);
  if (groups.length < 2) return null;
  const options = groups.map(([value, own]) => ({ value, text: `${value} (${own.length})` }));
  return select(title, [{ value: "", text: "all" }, ...options], "", act);
}

function inItems(name) {
  const show = () => {
    if (!state.terms.some((term) => same(term, ["list", name]))) toggle(["list", name]);
    change({ tab: "items" });
  };
  return button("Show in items", show, { class: "show-in-items" });
}

function rowOf(name, finding, at, active) {
  const statistic = finding.statistic === null ? "" : `${finding.metric ? `${finding.metric} ` : ""}${number(finding.statistic)}`;
  const head = [own(ids[finding.id], { class: "id" }), statistic && own(statistic, { class: "value" }), verdict(finding.severity), finding.group && own(finding.group, { class: "faint" }), verdictOf(finding.id)];
  const body = make("span", { class: "told" }, make("span", { class: "caption" }, ...head), make("span", { class: "reason", dir: "auto" }, finding.reason), excerpt(finding.id));
  const row = make("div", { role: "row", class: "row finding", "data-place": at, "aria-rowindex": at + 1 });
  row.append(make("div", { role: "gridcell", id: `${name}-${at}`, class: "line", "data-position": finding.id, "aria-selected": String(active) }, source.pictures ? picture(finding.id) : "", related(finding), body));
  return row;
}

function excerpt(position) {
  return source.texts ? make("span", { class: "faint excerpt", dir: "auto" }, source.texts[position]) : null;
}

function related(finding) {
  const some = finding.related.slice(0, MOST_RELATED);
  const left = finding.related.length - some.length;
  if (some.length === 0) return "";
  const each = some.map((position) => make("span", { class: "related", "data-position": position, title: `also: ${ids[position]}` }, source.pictures ? picture(position) : own(ids[position])));
  return make("span", { class: "relatives" }, ...each, left > 0 && `+${left}`);
}

// What the lists say about one item, as it is named or as it is related to one.
export function findingsAbout(name, position) {
  return source[name].filter((one) => one.id === position || one.related.includes(position));
}
