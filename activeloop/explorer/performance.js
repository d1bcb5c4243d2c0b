// A score as a function of each metric, the metric that explains it best first.
import { groupedBy, metricNamed, source } from "./data.js";
import { draw, make, own } from "./dom.js";
import { nothing, table, verdict } from "./intervals.js";
import { grouped, interval, number, small } from "./wording.js";

const WIDTH = 340;
const HEIGHT = 200;
const LEFT = 46;
const RIGHT = 8;
const TOP = 8;
const BASE = 140;
const SUPPORT = [150, 178];

export function performancePanel() {
  const bins = source.performance ?? [];
  const importance = source.importance ?? [];
  if (bins.length + importance.length === 0) return [nothing("Too little is labeled and predicted to draw a score by metric.")];
  const scores = new Set([...bins, ...importance].map((one) => one.score));
  return [...scores].map((score) => {
    const explained = new Map(importance.filter((one) => one.score === score).map((one) => [one.metric, one]));
    const groups = groupedBy(bins.filter((one) => one.score === score), (one) => one.metric);
    const strength = (name) => Math.abs(explained.get(name)?.correlation ?? 0);
    const names = [...new Set([...groups.keys(), ...explained.keys()])].sort((one, other) => strength(other) - strength(one));
    const cards = names.map((name) => card(score, name, groups.get(name) ?? [], explained.get(name)));
    return make("section", {}, make("h2", {}, own(score), " by metric"), make("p", { class: "faint" }, "Equal-count bins with their intervals; the dashed line is all items, the bars are the items in a bin."), make("div", { class: "cards" }, ...cards));
  });
}

function card(score, name, bins, explained) {
  const words = explained ? make("p", { class: "small" }, explain(explained), " ", verdict(explained.verdict)) : null;
  return make("figure", { class: "card" }, make("figcaption", {}, make("h3", {}, own(name)), words), ...(bins.length ? [chart(score, name, bins), numbers(score, name, bins)] : []));
}

function explain(one) {
  const parts = [`rank correlation ${number(one.correlation)} ${interval(one.low, one.high)}`];
  if (one.information !== null) parts.push(`information ${number(one.information)}`);
  if (one.q !== null) parts.push(`q ${small(one.q)}`);
  return parts.join(", ");
}

function numbers(score, name, bins) {
  const columns = [
    [name, (bin) => number(bin.x), "number"],
    [score, (bin) => (bin.value === null ? "undefined" : number(bin.value, false)), "number"],
    ["interval", (bin) => interval(bin.low, bin.high), "number"],
    ["n", (bin) => grouped(bin.n), "number"],
  ];
  return make("details", {}, make("summary", {}, "Numbers"), table(`${score} by ${name}`, columns, bins));
}

// Where medians are so uneven that most bins would lie on each other, the bins stand side by side.
function across(bins) {
  const [low, high] = [bins[0].x, bins.at(-1).x];
  const gaps = bins.slice(1).map((bin, at) => bin.x - bins[at].x);
  const even = bins.length < 2 || high === low || Math.max(...gaps) > 0.6 * (high - low);
  const share = (bin, at) => (even ? (at + 0.5) / bins.length : 0.04 + (0.92 * (bin.x - low)) / (high - low));
  return { even, at: (bin, place) => LEFT + share(bin, place) * (WIDTH - LEFT - RIGHT) };
}

function chart(score, name, all) {
  const bins = all.toSorted ? all.toSorted((one, other) => one.x - other.x) : [...all].sort((one, other) => one.x - other.x);
  const known = bins.filter((bin) => bin.value !== null);
  const overall = bins.find((bin) => bin.overall !== null)?.overall ?? null;
  const ends = [...known.flatMap((bin) => [bin.low ?? bin.value, bin.high ?? bin.value]), ...(overall === null ? [] : [overall])];
  const spare = (Math.max(...ends) - Math.min(...ends)) * 0.05 || 0.05;
  const [low, high] = [Math.min(...ends) - spare, Math.max(...ends) + spare];
  const { even, at } = across(bins);
  const up = (value) => BASE - ((value - low) / (high - low)) * (BASE - TOP);
  const points = known.map((bin) => ({ bin, x: at(bin, bins.indexOf(bin)), y: up(bin.value) }));
  const told = `${score} by ${name}, ${bins.length} bins: ` + known.map((bin) => `${number(bin.value)} at ${number(bin.x)}`).join(", ") + (overall === null ? "" : `; all items ${number(overall)}`);
  return draw(
    "svg",
    { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": told },
    ...ticks(low + spare, high - spare).map((value) => [draw("line", { class: "rule", x1: LEFT, x2: WIDTH - RIGHT, y1: up(value), y2: up(value) }), draw("text", { x: LEFT - 5, y: up(value) + 4, "text-anchor": "end" }, number(value, false))]),
    overall !== null && draw("line", { class: "reference", x1: LEFT, x2: WIDTH - RIGHT, y1: up(overall), y2: up(overall) }),
    draw("polyline", { class: "trend", points: points.map(({ x, y }) => `${x},${y}`).join(" ") }),
    ...points.filter(({ bin }) => bin.low !== null && bin.high !== null).map(({ bin, x }) => draw("line", { class: "span", x1: x, x2: x, y1: up(bin.low), y2: up(bin.high) })),
    ...points.map(({ bin, x, y }) => draw("circle", { cx: x, cy: y, r: 4 }, draw("title", {}, `${name} ${number(bin.x)}: ${number(bin.value)} ${interval(bin.low, bin.high)}, n ${bin.n}`))),
    ...support(bins, at),
    ...edges(bins, at, name, even),
  );
}

function support(bins, at) {
  const most = Math.max(...bins.map((bin) => bin.n), 1);
  const [top, base] = SUPPORT;
  const bars = bins.map((bin, place) => draw("rect", { class: "support", x: at(bin, place) - 4, width: 8, y: base - ((base - top) * bin.n) / most, height: ((base - top) * bin.n) / most }));
  return [...bars, draw("text", { x: LEFT - 5, y: top + 8, "text-anchor": "end" }, `n ${grouped(most)}`)];
}

function edges(bins, at, name, even) {
  const unit = metricNamed.get(name)?.unit ?? "";
  const last = bins.length - 1;
  const middle = [unit, even && bins.length > 1 && "bins in order"].filter(Boolean).join(", ");
  const text = (x, anchor, words) => draw("text", { x, y: HEIGHT - 6, "text-anchor": anchor }, words);
  if (last === 0) return [text(at(bins[0], 0), "middle", number(bins[0].x))];
  return [text(LEFT, "start", number(bins[0].x)), text((LEFT + WIDTH) / 2, "middle", middle), text(WIDTH - RIGHT, "end", number(bins[last].x))];
}

function ticks(low, high) {
  return high - low < 1e-12 ? [low] : [low, (low + high) / 2, high];
}
