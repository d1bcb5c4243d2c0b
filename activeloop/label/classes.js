// The classes as buttons, each with its key; where there are many, a box that finds them.
import { button, find, make, own } from "./dom.js";
import { keyOf, keysAreOn, spelled } from "./keys.js";

export const WITH_KEYS = 20;
const MOST_FOUND = 20;
const BRIEF = 6;

let names = [];
let small = [];
let choose = () => {};
let box = null;
let marked = 0;

export function showClasses(all, act) {
  names = all;
  choose = act;
  if (names.length <= WITH_KEYS) return drawClasses();
  small = names.map((one) => one.toLocaleLowerCase());
  box = make("input", { type: "search", id: "find-class", role: "combobox", autocomplete: "off", spellcheck: "false", dir: "auto", "aria-expanded": "true", "aria-controls": "found", "aria-autocomplete": "list", placeholder: `Find one of ${names.length.toLocaleString("en")} classes`, "aria-label": "Find a class" });
  box.addEventListener("input", () => mark(0));
  box.addEventListener("keydown", inBox);
  find("classes").replaceChildren(box, make("div", { id: "found", role: "listbox", "aria-label": "Classes found" }), make("p", { id: "more", class: "faint small" }));
  mark(0);
}

export function focusOnSearch() {
  box?.focus();
}

// Draw anew: the keys, or what is found, have changed.
export function drawClasses() {
  if (box) return mark(marked);
  find("classes").classList.toggle("brief", names.every((name) => name.length <= BRIEF));
  find("classes").replaceChildren(...names.map((name, at) => button([keyCap(classKey(at)), own(name)], () => choose(name), { "aria-keyshortcuts": shortcut(classKey(at)) })));
}

export const classId = (at) => `class-${at + 1}`;

export const keyCap = (key) => (key && keysAreOn() ? make("kbd", { "aria-hidden": "true" }, spelled(key)) : "");

export const shortcut = (key) => (key && keysAreOn() ? key.replace("shift+", "Shift+") : null);

const classKey = (at) => (at < WITH_KEYS ? keyOf(classId(at)) : "");

// Classes that begin with what was typed come before those that have it elsewhere; all = at most MOST_FOUND.
function found() {
  const typed = box.value.trim().toLocaleLowerCase();
  if (!typed) return { shown: names.slice(0, MOST_FOUND).map((_, at) => at), all: names.length };
  const [first, then] = [[], []];
  small.forEach((one, at) => {
    const where = one.indexOf(typed);
    if (where === 0) first.push(at);
    else if (where > 0) then.push(at);
  });
  return { shown: [...first, ...then].slice(0, MOST_FOUND), all: first.length + then.length };
}

function mark(at) {
  const { shown, all } = found();
  marked = Math.max(0, Math.min(at, shown.length - 1));
  const options = shown.map((one, place) =>
    make("div", { role: "option", id: `found-${place}`, "aria-selected": String(place === marked && box.value !== ""), onclick: () => choose(names[one]) }, keyCap(classKey(one)), own(names[one])),
  );
  find("found").replaceChildren(...options);
  find("found").children[marked]?.scrollIntoView({ block: "nearest" });
  find("more").textContent = all > shown.length ? `and ${(all - shown.length).toLocaleString("en")} more; type to find them` : all ? "" : "no class has this in its name";
  if (box.value && options.length) box.setAttribute("aria-activedescendant", `found-${marked}`);
  else box.removeAttribute("aria-activedescendant");
}

function inBox(event) {
  if (event.isComposing || event.repeat && event.key === "Enter") return;
  if (event.key === "ArrowDown") mark(marked + 1);
  else if (event.key === "ArrowUp") mark(marked - 1);
  else if (event.key === "Escape") leave();
  else if (event.key === "Enter") return event.preventDefault(), take();
  else return;
  event.preventDefault();
}

function leave() {
  box.value = "";
  mark(0);
  find("item").focus();
}

function take() {
  const one = found().shown[marked];
  if (box.value.trim() === "" || one === undefined) return;
  box.value = "";
  mark(0);
  choose(names[one]);
}
