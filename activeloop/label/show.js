// One item, large: text, a row, a picture, a sound, or the reason why it is not shown.
import { button, find, make, own } from "./dom.js";
import { pictureOf } from "./items.js";
import { zoomable } from "./zoom.js";

const SHORT = 280;

const MAKERS = {
  text: ({ shown }) => make("p", { class: shown.text.length <= SHORT ? "text short" : "text", dir: "auto" }, shown.text),
  row: ({ shown }) => [
    make("dl", {}, ...shown.cells.map(([name, value]) => make("div", {}, make("dt", {}, own(name)), make("dd", { dir: "auto" }, value)))),
    shown.left_out ? make("p", { class: "faint" }, `${shown.left_out} more cells are not shown`) : null,
  ],
  picture: (lease) => zoomable(pictureOf(lease)),
  audio: ({ shown }) => make("audio", { controls: true, preload: "auto", src: shown.address, "aria-label": "The sound to label" }),
  refused: ({ shown }) => make("div", { class: "card" }, make("p", { class: "large" }, "This item cannot be shown."), make("p", { dir: "auto" }, shown.reason)),
};

export const itemContent = (lease) => [MAKERS[lease.shown.kind](lease)].flat().filter(Boolean);

export function showItem(lease) {
  const place = find("item");
  place.removeAttribute("aria-busy");
  place.dataset.kind = lease.shown.kind;
  place.replaceChildren(...itemContent(lease), ...prediction(lease));
  place.scrollTop = 0;
}

export function showNothing(text, more, act) {
  const place = find("item");
  place.removeAttribute("aria-busy");
  place.dataset.kind = "nothing";
  place.replaceChildren(make("div", { class: "card" }, make("p", { class: "large" }, text), more ? make("p", { dir: "auto" }, more) : "", act ? button(act.text, act.act, { class: "main" }) : ""));
}

function prediction(lease) {
  return lease.prediction ? [make("p", { class: "prediction" }, ...modelSays(lease.prediction))] : [];
}

export function modelSays({ label, probability }) {
  return ["The model says ", own(label), probability === null ? "" : ` (${Math.round(100 * probability)} %)`];
}
