// A small picture of an item, or why there is none.
import { pictureOf } from "./data.js";
import { make } from "./dom.js";

// Below this many pixels a picture is enlarged pixel by pixel, not smeared.
const SHARP = 33;

export function picture(position, attributes = {}) {
  const line = pictureOf(position);
  if (line.startsWith("!")) {
    return make("span", { class: "no-picture", title: JSON.parse(line.slice(1)), ...attributes }, "no picture");
  }
  const image = make("img", { alt: "", draggable: "false", ...attributes });
  image.addEventListener("load", () => {
    if (Math.max(image.naturalWidth, image.naturalHeight) < SHARP) image.classList.add("sharp");
  });
  image.src = `data:image/webp;base64,${line}`;
  return image;
}

export function whyNoPicture(position) {
  const line = pictureOf(position);
  return line.startsWith("!") ? JSON.parse(line.slice(1)) : null;
}
