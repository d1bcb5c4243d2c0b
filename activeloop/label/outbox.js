// Answers on their way: kept here from the press of a key until the server says that they are on disk.
import { Refused, SignedOut, call } from "./api.js";
import { forget, keep, keysBelow, recall } from "./kept.js";

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8_000;

let prefix = "";
let heard = () => {};
let sending = false;
let pause = FIRST_PAUSE;
let timer = 0;
let last = 0;
const tried = new Set();

// `listen` hears of every change: { saved, told, refused, waiting, problem }.
export function openOutbox(scope, listen) {
  prefix = `activeloop/${scope}/answer/`;
  heard = listen;
  window.addEventListener("online", hurry);
  document.addEventListener("visibilitychange", () => document.hidden || hurry());
  if (unsaved().length) send();
}

export function unsaved() {
  return keysBelow(prefix).map((place) => ({ place, ...recall(place, {}) }));
}

// Keep an answer, then send it; those before it go first. False where the browser cannot keep it.
export function post(answer) {
  last = Math.max(last + 1, Date.now());
  const kept = keep(`${prefix}${String(last).padStart(16, "0")}`, { key: crypto.randomUUID?.() ?? unique(), ...answer });
  heard({ waiting: unsaved().length });
  send();
  return kept;
}

// Take back an answer that was never sent; null where every one was, or none is left.
export function recallUnsent() {
  const newest = unsaved().at(-1);
  if (!newest || tried.has(newest.key)) return null;
  forget(newest.place);
  return newest;
}

// Settles when nothing is on its way.
export async function settled() {
  while (sending) await new Promise((done) => setTimeout(done, 20));
}

function hurry() {
  pause = FIRST_PAUSE;
  clearTimeout(timer);
  send();
}

async function send() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    for (let one = first(); one; one = first()) await deliver(one);
    pause = FIRST_PAUSE;
  } catch (error) {
    if (!(error instanceof SignedOut)) again();
    heard({ problem: error, waiting: unsaved().length, pause });
  } finally {
    sending = false;
  }
}

const first = () => unsaved().find((one) => !one.refused);

async function deliver({ place, refused, ...answer }) {
  tried.add(answer.key);
  try {
    const told = await call("answer", answer);
    forget(place);
    pause = FIRST_PAUSE;
    heard({ saved: answer, told, waiting: unsaved().length });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    keep(place, { ...answer, refused: error.message });
    heard({ refused: answer, problem: error, waiting: unsaved().length });
  }
}

function again() {
  timer = setTimeout(send, pause);
  pause = Math.min(2 * pause, LONGEST_PAUSE);
}

// randomUUID is there on secure addresses only.
function unique() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
}
