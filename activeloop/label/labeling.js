// What a person does with the item that is shown: answer, take back, flag, note. One press, one thing.
import { Refused, SignedOut, call } from "./api.js";
import { find } from "./dom.js";
import { advance, current, fill, putFirst } from "./items.js";
import { post, recallUnsent, settled, unsaved } from "./outbox.js";
import { showProblem, showStatus } from "./progress.js";
import { modelSays, showItem, showNothing } from "./show.js";

const LOOK_AGAIN = 1_500;
const AFTER_ANSWER = 30;
const KEPT_DRAFTS = 50;

const drafts = new Map();
let shown = null;
let draft = null;
let looking = 0;
let filling = null;
let state = {};
let undoing = false;

export const labels = (label) => answer("label", label);
export const skips = () => answer("skip");
export const abstains = () => answer("abstain");
export const isBad = () => answer("bad");

function answer(outcome, label = null) {
  if (!shown || undoing) return;
  if (outcome === "label" && shown.shown.kind === "refused") return showStatus("An item that is not shown cannot be labeled; skip it, or call it bad.");
  const fromSearch = document.activeElement?.id === "find-class";
  draft.note = find("note").value;
  const said = { ask: shown.ask, lease: shown.lease, outcome, label, seconds: lookedAt(), note: draft.note, flagged: draft.flagged };
  remember(shown, draft);
  if (!post(said)) showProblem("This browser keeps nothing, so an answer is lost if the page is closed before it is saved.");
  advance();
  showCurrent(fromSearch);
}

function remember(lease, what) {
  drafts.set(lease.ask, { lease, note: what.note, flagged: what.flagged });
  if (drafts.size > KEPT_DRAFTS) drafts.delete(drafts.keys().next().value);
}

// Show what comes next, and see that there is more behind it.
export function showCurrent(stayInSearch = false) {
  const lease = current();
  clearTimeout(looking);
  find("answer").hidden = !lease;
  if (lease && lease.ask !== shown?.ask) open(lease, stayInSearch);
  else if (!lease && shown) {
    shown = null;
    showNothing("One moment …");
  }
  // What was just said goes first: there are items at hand.
  if (!lease) look(stayInSearch);
  else filling ??= setTimeout(look, AFTER_ANSWER, stayInSearch);
}

function look(stayInSearch) {
  filling = null;
  fill().then(
    (any) => {
      if (any && !shown) return showCurrent(stayInSearch);
      if (!any) close();
      if (current() === null) looking = setTimeout(showCurrent, LOOK_AGAIN);
    },
    failed,
  );
}

function open(lease, stayInSearch) {
  shown = lease;
  const before = drafts.get(lease.ask);
  draft = { note: before?.note ?? "", flagged: before?.flagged ?? false, looked: 0, since: document.hidden ? null : performance.now() };
  find("note").value = draft.note;
  find("note-row").hidden = !draft.note;
  find("classes").hidden = lease.shown.kind === "refused";
  showFlag();
  showItem(lease);
  if (!stayInSearch) focusItem();
}

// A screen reader reads the item then; a ring around it is for those who came by Tab.
function focusItem() {
  find("item").classList.add("by-itself");
  find("item").focus({ preventScroll: true });
}

find("item").addEventListener("blur", () => find("item").classList.remove("by-itself"));

function close() {
  if (current()) return;
  shown = null;
  find("answer").hidden = true;
  if (state.finished) return showNothing("Labeling has ended.", state.finished);
  if (unsaved().some((one) => !one.refused)) return showNothing("Saving what you said …");
  if (state.training) return showNothing("The model is training.", "New items come by themselves.");
  showNothing("Nothing to label just now.", "New items come by themselves.");
}

function failed(error) {
  if (error instanceof SignedOut) return signedOut(error);
  if (!shown) showNothing("The server cannot be reached.", "What you said is kept. The page tries again by itself.");
  looking = setTimeout(showCurrent, LOOK_AGAIN);
}

export function signedOut(error) {
  shown = null;
  find("answer").hidden = true;
  const kept = unsaved().length;
  showNothing("You are not signed in.", `${error.message}${kept ? `. ${kept} answers are kept in this browser and are saved when you are back.` : ""}`);
}

export function setState(told) {
  const changed = told.training !== state.training || told.finished !== state.finished;
  state = told;
  if (changed && !shown) close();
}

// time ------------------------------------------------------------------------------------------------------

function lookedAt() {
  return (draft.looked + (draft.since === null ? 0 : performance.now() - draft.since)) / 1000;
}

document.addEventListener("visibilitychange", () => {
  if (!draft) return;
  if (document.hidden) draft = { ...draft, looked: 1000 * lookedAt(), since: null };
  else draft.since = performance.now();
});

// take back, flag, note -------------------------------------------------------------------------------------

export async function undo() {
  if (undoing) return;
  undoing = true;
  try {
    await takenBack();
  } catch (error) {
    showStatus(`Nothing was taken back: ${error.message}`);
    if (!(error instanceof Refused)) showCurrent();
  } finally {
    undoing = false;
  }
}

async function takenBack() {
  const unsent = recallUnsent();
  if (unsent) return back(drafts.get(unsent.ask)?.lease, "Taken back");
  const left = unsaved().filter((one) => !one.refused).at(-1);
  if (left && !navigator.onLine) return again(left);
  await Promise.race([settled(), new Promise((done) => setTimeout(done, 2_000))]);
  const still = unsaved().filter((one) => !one.refused).at(-1);
  if (still) return again(still);
  const { item } = await call("undo");
  if (!item) return showStatus("There is nothing to take back.");
  back(item, "Taken back");
}

// It may be on the server's disk already, or not: what is said anew comes after it and takes its place.
function again(left) {
  const lease = drafts.get(left.ask)?.lease;
  if (!lease) return showStatus("The last answer is not saved yet; it can be taken back when it is.");
  back(lease, "Answer again: it takes the place of what is not saved yet");
}

function back(lease, told) {
  if (!lease) return;
  putFirst(lease);
  shown = null;
  find("after").hidden = true;
  showCurrent();
  showStatus(told);
}

export function flag() {
  if (!shown) return;
  draft.flagged = !draft.flagged;
  showFlag();
  showStatus(draft.flagged ? "Flagged" : "Not flagged");
}

function showFlag() {
  find("do-flag")?.setAttribute("aria-pressed", String(draft?.flagged ?? false));
}

export function note() {
  if (!shown) return;
  find("note-row").hidden = false;
  find("note").focus();
}

find("note").addEventListener("keydown", (event) => {
  if (event.key !== "Escape" && !(event.key === "Enter" && (event.ctrlKey || event.metaKey))) return;
  event.preventDefault();
  find("note-row").hidden = !find("note").value;
  focusItem();
});

// What the model says of the item before, where people are shown it after they answered.
export function showAfter(prediction) {
  find("after").hidden = !prediction;
  if (prediction) find("after").replaceChildren("The item before: ", ...modelSays(prediction).map((one, at) => (at ? one : "the model says ")));
}

