// What the page carries, decoded when it is first asked for.
import { find } from "./dom.js";

const ARRAYS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f4: Float32Array, f8: Float64Array };

export const source = JSON.parse(find("data").textContent);

export const ids = source.ids;
export const rank = numbersOf(source.rank);
export const labels = source.labels && wordsOf(source.labels);
export const predicted = source.predicted && wordsOf(source.predicted);
export const tags = groupsOf(source.tags);
export const slices = groupsOf(firstOfName(source.slices ?? []));
export const metrics = source.metrics.map(metricOf);
export const metricNamed = new Map(metrics.map((metric) => [metric.name, metric]));
export const positionOf = new Map(ids.map((id, position) => [id, position]));
export const cells = source.cells?.map((column) =>
  column.numbers
    ? numericColumn(column.name, numbersOf(column.numbers))
    : { name: column.name, numeric: false, ...wordsOf(column) },
);

export const LISTS = [
  ["outliers", "Outliers"],
  ["duplicates", "Duplicates"],
  ["label_errors", "Label errors"],
].filter(([name]) => source[name]);

const pictureLines = once(() => find("pictures").textContent.trim().split("\n"));

export function pictureOf(position) {
  return pictureLines()[position];
}

export function once(compute) {
  let value;
  let known = false;
  return () => {
    if (!known) [value, known] = [compute(), true];
    return value;
  };
}

export function groupedBy(list, key) {
  const groups = new Map();
  for (const one of list) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}

function bytes(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const array = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) array[at] = binary.charCodeAt(at);
  return array;
}

function numbersOf(coded) {
  return new ARRAYS[coded.type](bytes(coded.data).buffer);
}

// Codes count from 1; 0 is missing, whose word is null.
function wordsOf(coded) {
  return { words: [null, ...coded.words], codes: numbersOf(coded.codes) };
}

function groupsOf(rows) {
  return rows && rows.map((row) => ({ name: row.name, members: once(() => maskOf(row.members)) }));
}

function firstOfName(rows) {
  return rows.filter((row, at) => rows.findIndex((other) => other.name === row.name) === at);
}

function maskOf(text) {
  const packed = bytes(text);
  return Uint8Array.from({ length: ids.length }, (_, at) => (packed[at >> 3] >> (7 - (at & 7))) & 1);
}

function numericColumn(name, values) {
  return { name, numeric: true, values, whole: areWhole(values) };
}

function areWhole(values) {
  return values.every((value) => value !== value || Number.isInteger(value));
}

function metricOf(coded) {
  const values = once(() => numbersOf(coded.values));
  const reasons = once(() => reasonsOf(coded.reasons));
  const whole = once(() => areWhole(values()));
  return {
    ...coded,
    get values() {
      return values();
    },
    get reasons() {
      return [...new Set(reasons().values())];
    },
    get whole() {
      return whole();
    },
    reasonOf: (position) => reasons().get(position) ?? null,
  };
}

function reasonsOf(coded) {
  const { words, codes } = wordsOf(coded);
  return new Map(Array.from(numbersOf(coded.at), (position, at) => [position, words[codes[at]]]));
}
