// The brush: a range of the metric, drawn over its histogram with a mouse, a finger or the keys.
import { groupedBy, ids, metricNamed, metrics } from "./data.js";
import { find, make, own, select } from "./dom.js";
import { axisOf, drawing } from "./histogram.js";
import { choose, put, state, toggle, watch } from "./state.js";
import { same } from "./filters.js";
import { grouped, number } from "./wording.js";

const NEAR = 10;

const plot = make("div", { class: "plot" });
const bars = make("div", { class: "bars" });
const window_ = make("div", { class: "window", hidden: true });
const handles = ["lower end", "upper end"].map((name, end) =>
  make("div", { class: "handle", role: "slider", tabindex: "0", "aria-label": `${name} of the range`, onkeydown: (event) => nudge(event, end) }),
);
const scale = make("div", { class: "scale", "aria-hidden": "true" });
const ends = ["from", "to"].map((name, end) => make("input", { type: "number", step: "any", "aria-label": `${name}, exactly`, placeholder: name, onchange: (event) => typed(event, end) }));
const missing = make("fieldset", { class: "missing", hidden: true });
const told = make("p", { class: "faint small", id: "metric-told" });

export function showBrush() {
  if (metrics.length === 0) return;
  const picker = select("Metric", pickerOptions(), state.metric, choose);
  picker.querySelector("select").id = "metric";
  plot.append(bars, window_, ...handles);
  find("metric-controls").append(picker, told, plot, scale, make("div", { class: "ends" }, ...ends), missing);
  plot.addEventListener("pointerdown", startDrag);
  watch(["metric"], () => {
    picker.querySelector("select").value = state.metric;
  });
  watch(["metric", "terms"], drawBrush);
  drawBrush();
}

function pickerOptions() {
  const groups = Array.from(groupedBy(metrics, (one) => one.kind), ([group, own]) => ({ group, options: own.map(({ name }) => ({ value: name, text: name })) }));
  return [...groups, { value: "", text: "none: by id" }];
}

// The range as it is: both ends null where there is none.
function range() {
  const term = state.terms.find((one) => one[0] === "range" && one[1] === state.metric);
  return term ? [term[2], term[3]] : [null, null];
}

function setRange(low, high) {
  const { least, most } = axisOf(state.metric);
  const kept = [low !== null && low > least ? low : null, high !== null && high < most ? high : null];
  const all = kept[0] === null && kept[1] === null;
  put("range", state.metric, all ? null : ["range", state.metric, ...kept]);
}

function drawBrush() {
  const metric = metricNamed.get(state.metric);
  const axis = metric ? axisOf(state.metric) : null;
  plot.hidden = scale.hidden = !axis;
  for (const end of ends) end.parentElement.hidden = !axis;
  told.replaceChildren(metric ? tellMetric(metric) : "");
  showMissing(metric);
  if (!axis) return;
  bars.replaceChildren(drawing());
  scale.replaceChildren(make("span", {}, (axis.cutLow ? "≤ " : "") + number(axis.low)), make("span", {}, metric.unit), make("span", {}, (axis.cutHigh ? "≥ " : "") + number(axis.high)));
  const [low, high] = range();
  const places = [place(axis, low, 0), place(axis, high, 1)];
  window_.hidden = low === null && high === null;
  window_.style.left = `${100 * places[0]}%`;
  window_.style.width = `${100 * (places[1] - places[0])}%`;
  handles.forEach((handle, end) => placeHandle(handle, axis, [low, high][end], places[end]));
  ends.forEach((box, end) => {
    if (document.activeElement !== box) box.value = [low, high][end] ?? "";
  });
}

function placeHandle(handle, axis, value, at) {
  const now = value ?? (handle === handles[0] ? axis.least : axis.most);
  handle.style.left = `${100 * at}%`;
  handle.setAttribute("aria-valuemin", axis.least);
  handle.setAttribute("aria-valuemax", axis.most);
  handle.setAttribute("aria-valuenow", now);
  handle.setAttribute("aria-valuetext", number(now));
}

function place(axis, value, open) {
  if (value === null) return open;
  return Math.max(0, Math.min(1, (value - axis.low) / (axis.high - axis.low)));
}

function tellMetric(metric) {
  const direction = metric.direction ? `${metric.direction} first` : "no direction";
  return [metric.description, `${metric.kind} metric, ${direction}`].filter(Boolean).join(" · ");
}

function valueAt(event) {
  const box = plot.getBoundingClientRect();
  const axis = axisOf(state.metric);
  const share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
  // The outermost bins hold the tails, so their edges stand for the least and the greatest value.
  return share === 0 ? axis.least : share === 1 ? axis.most : readable(axis, axis.low + share * (axis.high - axis.low));
}

// No more digits than a five-hundredth of the axis needs.
function readable(axis, value) {
  const digits = Math.ceil(-Math.log10((axis.high - axis.low) / 500));
  return Number.isFinite(value) ? Number(value.toFixed(Math.max(0, Math.min(20, digits)))) : value;
}

function startDrag(event) {
  if (event.button !== 0) return;
  const move = dragOf(event);
  let moved = false;
  plot.setPointerCapture(event.pointerId);
  const onMove = (now) => {
    moved ||= Math.abs(now.clientX - event.clientX) > 2;
    if (moved) move(valueAt(now));
  };
  const onEnd = () => {
    plot.removeEventListener("pointermove", onMove);
    plot.removeEventListener("pointerup", onEnd);
    plot.removeEventListener("pointercancel", onEnd);
    if (!moved && !event.target.closest(".handle")) setRange(null, null);
  };
  plot.addEventListener("pointermove", onMove);
  plot.addEventListener("pointerup", onEnd);
  plot.addEventListener("pointercancel", onEnd);
}

// A drag at a handle moves that end, inside the window the window, elsewhere it makes a new one.
function dragOf(event) {
  const axis = axisOf(state.metric);
  const [low, high] = range().map((value, end) => value ?? [axis.least, axis.most][end]);
  const start = valueAt(event);
  const near = handles.map((handle) => Math.abs(handle.getBoundingClientRect().x + handle.offsetWidth / 2 - event.clientX));
  if (Math.min(...near) < NEAR) return near[0] < near[1] ? (now) => setRange(Math.min(now, high), high) : (now) => setRange(low, Math.max(now, low));
  if (!window_.hidden && start > low && start < high) return (now) => shift(now - start, low, high, axis);
  return (now) => setRange(Math.min(start, now), Math.max(start, now));
}

function shift(by, low, high, axis) {
  const kept = Math.max(axis.least - low, Math.min(axis.most - high, by));
  setRange(readable(axis, low + kept), readable(axis, high + kept));
}

function nudge(event, end) {
  const axis = axisOf(state.metric);
  const [low, high] = range().map((value, which) => value ?? [axis.least, axis.most][which]);
  const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5, Home: -Infinity, End: Infinity }[event.key];
  if (by === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  const now = Math.max(axis.least, Math.min(axis.most, readable(axis, [low, high][end] + by * axis.step)));
  setRange(...(end === 0 ? [Math.min(now, high), high] : [low, Math.max(now, low)]));
}

// The keys [ and ]: without a window the lowest or highest tenth of the axis, then one bin on.
export function moveBrush(direction) {
  const axis = metricNamed.has(state.metric) ? axisOf(state.metric) : null;
  if (!axis) return;
  const [low, high] = range();
  const tenth = (axis.high - axis.low) / 10;
  if (low === null && high === null) return direction < 0 ? setRange(null, readable(axis, axis.low + tenth)) : setRange(readable(axis, axis.high - tenth), null);
  shift(direction * axis.step, Math.max(low ?? axis.least, axis.low), Math.min(high ?? axis.most, axis.high), axis);
}

// The keys { and }: a narrower or wider window; an end that is open stays open.
export function widenBrush(direction) {
  const [low, high] = range();
  if (low === null && high === null) return;
  const axis = axisOf(state.metric);
  const from = low === null ? null : readable(axis, low - direction * axis.step);
  const to = high === null ? null : readable(axis, high + direction * axis.step);
  if ((from ?? axis.least) <= (to ?? axis.most)) setRange(from, to);
}

function typed(event, end) {
  const both = range();
  both[end] = event.target.value === "" ? null : Number(event.target.value);
  setRange(...both);
}

let missingOf = null;
function showMissing(metric) {
  const reasons = metric?.reasons ?? [];
  missing.hidden = reasons.length === 0;
  if (missingOf !== metric) missing.replaceChildren(make("legend", {}, "NULL"), ...reasons.map((reason) => choiceOfMissing(metric, reason)));
  missingOf = metric;
  missing.querySelectorAll("input").forEach((box, at) => {
    box.checked = state.terms.some((term) => same(term, ["null", metric.name, reasons[at]]));
  });
}

function choiceOfMissing(metric, reason) {
  const n = ids.reduce((sum, _, at) => sum + (metric.reasonOf(at) === reason ? 1 : 0), 0);
  const box = make("input", { type: "checkbox", onchange: () => toggle(["null", metric.name, reason]) });
  return make("label", { class: "choice" }, box, own(reason, { class: "what" }), make("span", { class: "many" }, grouped(n)));
}
