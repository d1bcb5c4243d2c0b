// The dialog that lists the keys, changes them, and switches them off.
import { button, find, make } from "./dom.js";
import { giveKey, ignored, keyOf, keysAreOn, listed, nameOf, resetKeys, spelled, switchKeys } from "./keys.js";

const dialog = find("help");
const told = make("p", { role: "status", class: "faint" });
let asking = null;

export function openShortcuts() {
  asking = null;
  told.textContent = "";
  draw();
  if (!dialog.open) dialog.showModal();
}

dialog.addEventListener("keydown", (event) => {
  if (!asking || (ignored(event) && !event.defaultPrevented)) return;
  if (event.key === "Escape") return event.preventDefault(), answered("");
  if (event.key === "Backspace" || event.key === "Delete") return event.preventDefault(), taken("");
  const name = nameOf(event);
  if (!name) return;
  event.preventDefault();
  taken(name);
});
dialog.addEventListener("cancel", (event) => asking && event.preventDefault());

function taken(name) {
  const before = giveKey(asking, name);
  answered(before ? `${spelled(name)} was taken from “${before.text}”, which has no key now.` : "");
}

function answered(text) {
  const id = asking;
  asking = null;
  told.textContent = text;
  draw();
  dialog.querySelector(`[data-action="${CSS.escape(id)}"]`)?.focus();
}

function draw() {
  const rows = listed().map((one) => make("tr", {}, make("th", { scope: "row" }, make("bdi", {}, one.text)), make("td", {}, keyButton(one))));
  const on = make("input", { type: "checkbox", id: "keys-on", checked: keysAreOn(), onchange: (event) => switchKeys(event.target.checked) });
  dialog.replaceChildren(
    make("h2", { id: "help-title" }, "Shortcuts"),
    make("p", {}, make("label", { class: "check" }, on, "One key labels, saves, and goes on")),
    make("p", { class: "faint" }, "Press a key below to give its action another one. They are kept in this browser."),
    told,
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "All shortcuts" }, make("table", {}, make("tbody", {}, ...rows))),
    make("div", { class: "row" }, button("Close", () => dialog.close(), { class: "main", autofocus: true }), button("Reset all", () => (resetKeys(), openShortcuts()))),
  );
}

function keyButton(one) {
  const key = keyOf(one.id);
  const text = asking === one.id ? "press a key · Backspace: none" : spelled(key) || "none";
  const act = () => {
    asking = one.id;
    told.textContent = "";
    draw();
    dialog.querySelector(`[data-action="${CSS.escape(one.id)}"]`)?.focus();
  };
  return button(text, act, { class: "key", "data-action": one.id, "aria-label": `Key of ${one.text}: ${text}` });
}
