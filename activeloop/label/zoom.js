// A picture that is enlarged with the wheel, two fingers or buttons, and moved by dragging.
import { button, make } from "./dom.js";

const MOST = 16;
const STEP = 1.5;
const TINY = 128;

export function zoomable(image) {
  let scale = 1;
  let [x, y] = [0, 0];
  const fingers = new Map();
  const frame = make("div", { class: "frame" }, image);
  const place = () => {
    image.style.transform = scale === 1 ? "" : `translate(${x}px, ${y}px) scale(${scale})`;
    frame.classList.toggle("zoomed", scale > 1);
  };
  // Zoom so that what lies at a point of the frame stays there.
  const zoom = (factor, [atX, atY] = [0, 0]) => {
    const next = Math.min(MOST, Math.max(1, scale * factor));
    x = next === 1 ? 0 : atX - ((atX - x) * next) / scale;
    y = next === 1 ? 0 : atY - ((atY - y) * next) / scale;
    scale = next;
    place();
  };
  const from = (event) => {
    const box = frame.getBoundingClientRect();
    return [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
  };
  const tiny = Math.max(image.width, image.height) <= TINY;
  image.classList.toggle("tiny", tiny);
  image.style.transform = "";
  frame.addEventListener("wheel", (event) => (event.preventDefault(), zoom(Math.exp(-event.deltaY / 300), from(event))), { passive: false });
  frame.addEventListener("dblclick", (event) => zoom(scale > 1 ? 0 : 3, from(event)));
  frame.addEventListener("pointerdown", (event) => (fingers.set(event.pointerId, from(event)), frame.setPointerCapture(event.pointerId)));
  for (const name of ["pointerup", "pointercancel"]) frame.addEventListener(name, (event) => fingers.delete(event.pointerId));
  frame.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = from(event);
    fingers.set(event.pointerId, now);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) zoom(apart(now, other) / Math.max(1, apart(before, other)), now.map((one, at) => (one + other[at]) / 2));
    else if (scale > 1) [x, y] = [x + now[0] - before[0], y + now[1] - before[1]];
    place();
  });
  if (tiny) return [frame];
  const tools = make("div", { class: "tools", role: "group", "aria-label": "Zoom" }, button("−", () => zoom(1 / STEP), { "aria-label": "Smaller" }), button("+", () => zoom(STEP), { "aria-label": "Larger" }), button("Fit", () => zoom(0)));
  return [frame, tools];
}

const apart = ([x, y], [otherX, otherY]) => Math.hypot(x - otherX, y - otherY);
