// Elements are made here, from values that are never read as markup.
export const find = (id) => document.getElementById(id);

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function button(text, act, attributes = {}) {
  return make("button", { type: "button", onclick: act, ...attributes }, text);
}

// A text of somebody's: it may run right to left, and must not turn what stands beside it.
export function own(text) {
  return make("bdi", {}, text);
}

// Set a text only where it changes, so that a screen reader does not say it again.
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
