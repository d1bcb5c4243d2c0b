// The ids of what is shown, to be tagged or labeled elsewhere.
import { ids, labels, metricNamed, predicted, source } from "./data.js";
import { make } from "./dom.js";
import { state } from "./state.js";
import { count } from "./wording.js";

export async function copyIds(positions) {
  const text = Array.from(positions, (at) => ids[at]).join("\n");
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    if (!copiedBySelection(text)) return "the browser did not allow copying";
  }
  return `${count(positions.length, "id")} copied`;
}

export function downloadCsv(positions) {
  const address = URL.createObjectURL(new Blob([csv(positions)], { type: "text/csv" }));
  make("a", { href: address, download: `${source.name.replace(/[^\p{L}\p{N}_-]+/gu, "-")}-items.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  return `${count(positions.length, "item")} written`;
}

// RFC 4180: a header, CRLF, quotes doubled. The metric is the one that sorts, in full precision, empty where NULL.
export function csv(positions) {
  const metric = metricNamed.get(state.metric);
  const columns = [
    ["id", (at) => ids[at]],
    labels && ["label", (at) => labels.words[labels.codes[at]] ?? ""],
    predicted && ["predicted", (at) => predicted.words[predicted.codes[at]] ?? ""],
    metric && [metric.name, (at) => (Number.isNaN(metric.values[at]) ? "" : String(metric.values[at]))],
  ].filter(Boolean);
  const lines = Array.from(positions, (at) => columns.map(([, cell]) => quoted(cell(at))).join(","));
  return [columns.map(([name]) => quoted(name)).join(","), ...lines, ""].join("\r\n");
}

function quoted(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function copiedBySelection(text) {
  const box = make("textarea", { class: "aside" });
  box.value = text;
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  return done;
}
