// The page: sign in, fetch what is to be labeled, and listen.
import { Refused, SignedOut, call } from "./api.js";
import { WITH_KEYS, classId, drawClasses, focusOnSearch, keyCap, shortcut, showClasses } from "./classes.js";
import { settle } from "./disputes.js";
import { button, find, make, own } from "./dom.js";
import { keepLeases } from "./items.js";
import { keyOf, listenToKeys } from "./keys.js";
import { abstains, flag, isBad, labels, note, setState, showAfter, showCurrent, signedOut, skips, undo } from "./labeling.js";
import { openOutbox, unsaved } from "./outbox.js";
import { showPeople } from "./people.js";
import { forget } from "./kept.js";
import { hideProblem, showProblem, showProgress, showSaved, showSaving } from "./progress.js";
import { openShortcuts } from "./shortcuts.js";
import { showNothing } from "./show.js";

const LOOK_AT_STATE = 5_000;

const ACTIONS = [
  { id: "unsure", text: "Unsure", key: "u", act: abstains, title: "You cannot say; the item is not asked about again" },
  { id: "skip", text: "Skip", key: "s", act: skips, title: "Later: the item may come again" },
  { id: "bad", text: "Bad item", key: "b", act: isBad, title: "The item itself is broken" },
  { id: "flag", text: "Flag", key: "f", act: flag, title: "Mark the item for somebody to look at" },
  { id: "note", text: "Note", key: "n", act: note, title: "Write a note; it is kept with your answer" },
  { id: "undo", text: "Undo", key: "z", act: undo, title: "Take back your last answer" },
];
const PAGE_ACTIONS = [
  { id: "search", text: "Find a class", key: "/", act: focusOnSearch },
  { id: "guidelines", text: "Guidelines", key: "g", act: () => find("guidelines").childElementCount && find("guidelines").showModal() },
  { id: "help", text: "Shortcuts", key: "?", act: openShortcuts },
];

async function start() {
  const refusal = await enter();
  try {
    show(await call("setup"));
  } catch (error) {
    if (error instanceof SignedOut) return signedOut(refusal ?? error);
    showNothing("The server cannot be reached.", "The page tries again by itself.");
    setTimeout(start, 2_000);
  }
}

// The token stands behind "#", which no server sees, and leaves the address at once.
async function enter() {
  const token = new URLSearchParams(location.hash.slice(1)).get("enter");
  if (!token) return null;
  try {
    await call("enter", { token });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error;
  } finally {
    history.replaceState(null, "", location.pathname);
  }
  return null;
}

function show(setup) {
  document.title = setup.title;
  find("title").replaceChildren(own(setup.title));
  showGuidelines(setup.guidelines);
  find("open-help").addEventListener("click", openShortcuts);
  find("rooms").replaceChildren(...setup.rooms.map((one) => make("a", { href: one, target: "_blank", rel: "noopener" }, roomName(one))));
  if (setup.several && setup.role !== "annotator") offer("open-disputes", () => settle(setup.classes));
  if (setup.role === "owner") offer("open-people", () => showPeople(setup.annotator));
  listenToKeys([...classActions(setup.classes), ...ACTIONS, ...PAGE_ACTIONS], drawKeys);
  showClasses(setup.classes, labels);
  drawActions();
  openOutbox(setup.scope, heard);
  keepLeases(setup.lease_seconds);
  showCurrent();
  watch();
}

// "/progress/" is Progress.
const roomName = (address) => address.slice(1, 2).toUpperCase() + address.slice(2, -1);

function offer(id, act) {
  find(id).hidden = false;
  find(id).addEventListener("click", act);
}

const classActions = (names) => names.slice(0, WITH_KEYS).map((name, at) => ({ id: classId(at), text: name, key: `${at < 10 ? "" : "shift+"}${(at + 1) % 10}`, act: () => labels(name) }));

function drawKeys() {
  drawClasses();
  drawActions();
}

function drawActions() {
  const pressed = find("do-flag")?.getAttribute("aria-pressed") ?? "false";
  find("actions").replaceChildren(...ACTIONS.map((one) => button([keyCap(keyOf(one.id)), one.text], one.act, { id: `do-${one.id}`, title: one.title, "aria-keyshortcuts": shortcut(keyOf(one.id)), "aria-pressed": one.id === "flag" && pressed })));
}

function showGuidelines(text) {
  if (!text) return;
  const dialog = find("guidelines");
  dialog.append(make("h2", { id: "guidelines-title" }, "Guidelines"), make("div", { class: "scroll text", dir: "auto", tabindex: "0", role: "region", "aria-label": "Text of the guidelines" }, text), make("div", { class: "row" }, button("Close", () => dialog.close(), { class: "main", autofocus: true })));
  offer("open-guidelines", () => dialog.showModal());
}

// What becomes of answers -----------------------------------------------------------------------------------

function heard({ saved, told, refused, problem, waiting }) {
  if (saved) {
    showSaved(saved);
    showAfter(told.prediction);
    if (!unsaved().some((one) => one.refused)) hideProblem();
  } else if (refused) refusals();
  else if (problem instanceof SignedOut) signedOut(problem);
  else if (problem) showProblem(`Not saved yet: ${problem.message}. ${waiting === 1 ? "One answer is" : `${waiting} answers are`} kept in this browser and sent again by itself. You may go on.`);
  else showSaving(waiting);
}

function refusals() {
  const all = unsaved().filter((one) => one.refused);
  const drop = () => (all.forEach((one) => forget(one.place)), hideProblem());
  showProblem(`${all.length === 1 ? "An answer was" : `${all.length} answers were`} refused and not saved: ${all[0].refused}. `, button("Dismiss", drop));
}

async function watch() {
  if (unsaved().some((one) => one.refused)) refusals();
  try {
    const state = await call("state");
    showProgress(state);
    setState(state);
  } catch {
    // The outbox says when the server is away; the next look will tell.
  }
  setTimeout(watch, LOOK_AT_STATE);
}

start();
