// Who labeled how much and how fast, hour by hour, and which classes and slices take long.
import { draw, make, own } from "./dom.js";
import { nothing, table } from "./intervals.js";
import { hours, known, many, moment, seconds } from "./telling.js";
import { grouped } from "./wording.js";

const WIDTH = 640;
const HEIGHT = 150;
const BASE = 118;
const TOP = 16;
const SHOWN = 48;

export function work(data) {
  if (!data.people.length) return [nothing("Nobody has labeled yet.")];
  const pace = (value) => known(value, (one) => grouped(Math.round(one)));
  const columns = [
    ["annotator", (row) => own(row.annotator || "(no name)")],
    ["labels", (row) => grouped(row.labels), "number"],
    ["cannot say", (row) => grouped(row.abstained), "number"],
    ["skipped", (row) => grouped(row.skipped), "number"],
    ["broken items", (row) => grouped(row.bad), "number"],
    ["at work", (row) => hours(row.hours), "number"],
    ["labels per hour", (row) => pace(row.per_hour), "number"],
    ["seconds per label", (row) => seconds(row.seconds), "number"],
  ];
  const idle = many(Math.round(data.idle / 60), "minute");
  return [
    hourly(data.hours),
    table(`A pause of more than ${idle} counts as ${idle} of work; seconds per label are medians.`, columns, data.people),
    ...slow(data.seconds),
  ];
}

function slow(rows) {
  return ["class", "slice"].map((of) => {
    const own_ = rows.filter((row) => row.of === of);
    const columns = [
      [of, (row) => own(row.name)],
      ["median", (row) => seconds(row.median), "number"],
      ["middle half", (row) => `${row.low.toFixed(1)} to ${row.high.toFixed(1)} s`, "number"],
      ["n", (row) => grouped(row.n), "number"],
    ];
    return own_.length > 0 && make("details", { id: `seconds-${of}`, open: of === "class" }, make("summary", {}, `Seconds per label by ${of}`), table(`The slowest ${of} first`, columns, own_));
  });
}

// One bar an hour, with gaps where nobody worked.
function hourly(rows) {
  const last = rows.at(-1).start;
  const first = Math.max(rows[0].start, last - (SHOWN - 1) * 3600);
  const shown = rows.filter((row) => row.start >= first);
  const slots = (last - first) / 3600 + 1;
  const wide = Math.min((WIDTH - 16) / slots, 40);
  const most = Math.max(...shown.map((row) => row.labels), 1);
  const bars = shown.map((row) => {
    const tall = ((BASE - TOP) * row.labels) / most;
    const x = 8 + (wide * (row.start - first)) / 3600;
    return draw("rect", { class: "support", x, y: BASE - tall, width: Math.max(wide - 2, 1), height: tall }, draw("title", {}, `${moment(row.start)}: ${many(row.labels, "label")} by ${many(row.people, "person", "people")}`));
  });
  const told = `Labels in each hour: ${shown.slice(-12).map((row) => `${moment(row.start)} ${row.labels}`).join(", ")}`;
  const text = (x, y, anchor, words) => draw("text", { x, y, "text-anchor": anchor }, words);
  return draw(
    "svg",
    { class: "chart wide-chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": told },
    draw("line", { class: "rule", x1: 8, x2: WIDTH - 8, y1: BASE, y2: BASE }),
    ...bars,
    text(8, BASE + 20, "start", moment(first)),
    slots > 4 && text(8 + wide * slots, BASE + 20, "end", moment(last)),
    text(WIDTH - 8, TOP - 4, "end", `highest bar: ${many(most, "label")} in an hour`),
  );
}
