// The page: one section per question, drawn again only when its answer has changed.
import { whenChosen } from "./chosen.js";
import { curves } from "./curves.js";
import { find, make } from "./dom.js";
import { follow } from "./following.js";
import { heat } from "./heat.js";
import { agreement, cases } from "./judged.js";
import { bought, lacking } from "./lacking.js";
import { summary } from "./summary.js";
import { moment } from "./telling.js";
import { work } from "./work.js";

const SECTIONS = [
  { name: "summary", title: "So far", needs: ["team", "people", "rounds", "n_labeled", "forecast"], build: summary },
  { name: "curve", title: "Learning curve", needs: ["points"], build: curves, chosen: true },
  { name: "heat", title: "Slices, round by round", needs: ["points"], build: heat, chosen: true },
  { name: "lacking", title: "Which slices lack labels", needs: ["needs"], build: lacking },
  { name: "bought", title: "What the strategy buys", needs: ["bought", "needs", "rounds"], build: bought },
  { name: "work", title: "People and pace", needs: ["people", "hours", "seconds", "idle"], build: work },
  { name: "agreement", title: "Agreement", needs: ["agreement"], build: agreement },
  { name: "cases", title: "Test-cases", needs: ["verdicts"], build: cases },
];

let data = null;
const drawn = new Map();

function show(next) {
  data = next;
  find("title").textContent = data.title;
  document.title = `${data.title}: progress`;
  say(data.stopped ? `Stopped: ${data.stopped}` : data.state);
  find("when").textContent = `As of ${moment(data.at)}`;
  for (const one of SECTIONS) {
    const seen = JSON.stringify(one.needs.map((name) => data[name]));
    if (drawn.get(one.name) !== seen) redraw(one);
    drawn.set(one.name, seen);
  }
}

function say(words) {
  if (find("state").textContent !== words) find("state").textContent = words;
}

// Nothing that the reader has opened, scrolled or focused is lost.
function redraw({ name, build }) {
  const place = find(`section-${name}`);
  const focused = place.contains(document.activeElement) ? placeOf(document.activeElement, place) : null;
  const open = new Map([...place.querySelectorAll("details")].map((one) => [one.id, one.open]));
  const scrolled = [...place.querySelectorAll(".wide")].map((one) => one.scrollLeft);
  place.replaceChildren(...build(data).filter(Boolean));
  for (const one of place.querySelectorAll("details")) one.open = open.get(one.id) ?? one.open;
  place.querySelectorAll(".wide").forEach((one, at) => (one.scrollLeft = scrolled[at] ?? 0));
  if (focused !== null) place.querySelectorAll("select, summary, .wide")[focused]?.focus({ preventScroll: true });
}

function placeOf(element, place) {
  const at = [...place.querySelectorAll("select, summary, .wide")].indexOf(element);
  return at < 0 ? null : at;
}

find("main").append(
  ...SECTIONS.map(({ name, title }) => make("section", { "aria-labelledby": `heading-${name}` }, make("h2", { id: `heading-${name}` }, title), make("div", { id: `section-${name}` }))),
);
whenChosen(() => SECTIONS.filter((one) => one.chosen).forEach(redraw));
follow(show, (fault) => say(fault || (data.stopped ? `Stopped: ${data.stopped}` : data.state)));
