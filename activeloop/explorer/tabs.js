// The views, and which of them is seen; a view is built when it is first chosen.
import { LISTS, source } from "./data.js";
import { find, make } from "./dom.js";
import { driftPanel, casesPanel } from "./drift.js";
import { findingsPanel } from "./findings.js";
import { performancePanel } from "./performance.js";
import { slicesPanel } from "./slices.js";
import { change, state, watch } from "./state.js";
import { grouped } from "./wording.js";

const VIEWS = [
  { name: "items", title: "Items", many: source.ids.length },
  ...LISTS.map(([name, title]) => ({ name, title, many: source[name].length, build: () => findingsPanel(name, title) })),
  source.slices && { name: "slices", title: "Slices", build: slicesPanel },
  (source.performance || source.importance) && { name: "performance", title: "Performance", build: performancePanel },
  source.drift && { name: "drift", title: "Drift", build: driftPanel },
  source.cases && { name: "cases", title: "Test-cases", build: casesPanel },
].filter(Boolean);

export const tabNames = VIEWS.map((view) => view.name);

export function showTabs() {
  const bar = find("tabs");
  bar.append(...VIEWS.map(tab));
  bar.hidden = VIEWS.length === 1;
  for (const view of VIEWS.slice(1)) find("detail").before(panel(view));
  bar.addEventListener("keydown", (event) => {
    const at = tabNames.indexOf(state.tab);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: VIEWS.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const name = tabNames.at(to % VIEWS.length);
    change({ tab: name });
    find(`tab-${name}`).focus();
  });
  watch(["tab"], drawTabs);
  drawTabs();
}

function tab({ name, title, many }) {
  const act = () => change({ tab: name });
  return make("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}`, onclick: act }, title, many === undefined ? null : make("span", { class: "many" }, ` ${grouped(many)}`));
}

function panel({ name }) {
  return make("section", { id: `panel-${name}`, role: "tabpanel", "aria-labelledby": `tab-${name}`, class: "view" });
}

function drawTabs() {
  for (const { name, build } of VIEWS) {
    const chosen = name === state.tab;
    const place = find(`panel-${name}`);
    if (chosen && build && !place.hasChildNodes()) place.append(...build());
    place.hidden = !chosen;
    find(`tab-${name}`).setAttribute("aria-selected", String(chosen));
    find(`tab-${name}`).tabIndex = chosen ? 0 : -1;
  }
  find(`tab-${state.tab}`).scrollIntoView({ block: "nearest", inline: "nearest" });
}
