// Keys that work anywhere on the page; they can be changed or switched off, and this browser remembers it.
import { keep, recall } from "./kept.js";

const PLACE = "activeloop/keys";
const RESERVED = new Set(["Tab", "Escape", "Enter", " ", "Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process", "Unidentified"]);

let actions = [];
let chosen = { on: true, keys: {}, ...recall(PLACE, {}) };
let changed = () => {};

// An action: { id, text, key, act, repeats }. `listen` is told when keys were changed.
export function listenToKeys(all, listen) {
  actions = all;
  changed = listen;
  document.addEventListener("keydown", press);
}

export const keysAreOn = () => chosen.on;

export const keyOf = (id) => chosen.keys[id] ?? actions.find((one) => one.id === id)?.key ?? "";

export const listed = () => actions;

export function switchKeys(on) {
  store({ ...chosen, on });
}

export function resetKeys() {
  store({ on: true, keys: {} });
}

// Give a key to an action, and take it from the one that had it; gives that one, or null.
export function giveKey(id, name) {
  const before = actions.find((one) => one.id !== id && name && keyOf(one.id) === name) ?? null;
  store({ ...chosen, keys: { ...chosen.keys, ...(before && { [before.id]: "" }), [id]: name } });
  return before;
}

function store(choice) {
  chosen = choice;
  keep(PLACE, chosen);
  changed();
}

// The name of a pressed key: digits by their place on the keyboard, letters whatever the script is.
export function nameOf(event) {
  const shift = event.shiftKey ? "shift+" : "";
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code ?? "");
  if (digit) return `${shift}${digit[1]}`;
  if (RESERVED.has(event.key) || event.key === undefined) return "";
  if (event.key.length > 1) return `${shift}${event.key}`;
  const letter = /^Key([A-Z])$/.exec(event.code ?? "");
  const plain = event.key.toLowerCase();
  if (/^[a-z]$/.test(plain)) return `${shift}${plain}`;
  return plain.charCodeAt(0) < 128 || !letter ? plain : `${shift}${letter[1].toLowerCase()}`;
}

export const spelled = (name) => name.replace("shift+", "⇧").replace(/^(⇧?)([a-z])$/, (_, shift, letter) => shift + letter.toUpperCase());

export const ignored = (event) => event.repeat || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented;

function press(event) {
  if (!chosen.on || ignored(event) || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const name = nameOf(event);
  const action = name && actions.find((one) => keyOf(one.id) === name);
  if (!action) return;
  event.preventDefault();
  action.act();
}
