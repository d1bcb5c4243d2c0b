// Elements are made here, from values that are never read as markup.
const DRAWING = "http://www.w3.org/2000/svg";

export const find = (id) => document.getElementById(id);

export function make(name, attributes = {}, ...children) {
  return furnish(document.createElement(name), attributes, children);
}

export function draw(name, attributes = {}, ...children) {
  return furnish(document.createElementNS(DRAWING, name), attributes, children);
}

export function button(text, act, attributes = {}) {
  return make("button", { type: "button", onclick: act, ...attributes }, text);
}

export function select(label, options, chosen, act) {
  const box = make("select", { onchange: () => act(box.value) }, ...options.map(option));
  box.value = chosen;
  return make("label", { class: "field" }, make("span", {}, label), box);
}

function option(one) {
  if (one.group !== undefined) return make("optgroup", { label: one.group }, ...one.options.map(option));
  return make("option", { value: one.value }, one.text);
}

// A text of the user's: it may run right to left, and must not turn what stands beside it.
export function own(text, attributes = {}) {
  return make("bdi", attributes, text);
}

function furnish(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
