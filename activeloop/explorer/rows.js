// Rows that exist only while they are seen, and the cursor that the keys move over them.
import { make } from "./dom.js";

const SPARE = 3;

// Where the view stands is told by events and kept: to ask the browser for it between changes is slow.
export class VirtualRows {
  constructor(scroller, makeRow, resized = () => {}) {
    Object.assign(this, { scroller, makeRow, count: 0, height: 1, live: new Map(), waiting: false });
    this.sheet = make("div", { class: "sheet", role: "presentation" });
    scroller.append(this.sheet);
    this.measure();
    scroller.addEventListener("scroll", () => this.schedule(), { passive: true });
    new ResizeObserver(() => {
      this.measure();
      resized();
      this.draw();
    }).observe(scroller);
  }

  measure() {
    this.view = { top: this.scroller.scrollTop, width: this.scroller.clientWidth, height: this.scroller.clientHeight, head: this.sheet.offsetTop };
  }

  show(count, height, fromTop = false) {
    Object.assign(this, { count, height });
    this.sheet.style.height = `${count * height}px`;
    if (fromTop && this.view.top > 0) this.scroller.scrollTop = this.view.top = 0;
    this.sheet.replaceChildren();
    this.live.clear();
    this.draw();
  }

  schedule() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.view.top = this.scroller.scrollTop;
      this.draw();
    });
  }

  draw() {
    const { top, height, head } = this.view;
    const first = Math.max(0, Math.floor((top - head) / this.height) - SPARE);
    const last = Math.min(this.count, Math.ceil((top - head + height) / this.height) + SPARE);
    for (const [at, row] of this.live) {
      if (at >= first && at < last) continue;
      row.remove();
      this.live.delete(at);
    }
    for (let at = last - 1; at >= first; at--) if (!this.live.has(at)) this.add(at);
  }

  // In the order in which rows are read, too.
  add(at) {
    const row = this.makeRow(at);
    row.style.top = `${at * this.height}px`;
    row.style.height = `${this.height}px`;
    this.sheet.insertBefore(row, this.live.get(at + 1) ?? null);
    this.live.set(at, row);
  }

  reveal(at) {
    const { top, height, head } = this.view;
    const [above, below] = [at * this.height, (at + 1) * this.height + head - height];
    if (above < top) this.scroller.scrollTop = this.view.top = above;
    else if (below > top) this.scroller.scrollTop = this.view.top = below;
    this.draw();
  }
}

// `places` says how many there are and how many stand in a row; `go` and `open` are told a place.
export function cursor(scroller, { places, at, go, open }) {
  scroller.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { count, columns, page } = places();
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, PageDown: page, PageUp: -page };
    const here = at();
    if (event.key === "Enter" && here >= 0) open(here);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(count - 1);
    else if (event.key in steps && count > 0) go(here < 0 ? 0 : Math.max(0, Math.min(count - 1, here + steps[event.key])));
    else return;
    event.preventDefault();
  });
}
