// Filters are terms: those about one subject widen each other, those about different subjects narrow.
import { LISTS, groupedBy, ids, labels, metricNamed, once, predicted, slices, source, tags } from "./data.js";
import { number } from "./wording.js";

const UNKNOWN = "unknown";

// What is searched: the id, and the text of an item that has one.
const searchable = once(() => ids.map((id, at) => `${id}\n${source.texts?.[at] ?? ""}`.toLowerCase()));

const listed = new Map(
  LISTS.map(([name]) => [name, once(() => marked(source[name].flatMap((one) => [one.id, ...one.related])))]),
);

// By kind of term: which positions pass, and how the chip reads. A term that names nothing here gives no test.
const KINDS = {
  range: {
    test([, name, low, high]) {
      const values = metricNamed.get(name)?.values;
      return values && ((at) => (low === null || values[at] >= low) && (high === null || values[at] <= high) && values[at] === values[at]);
    },
    words: ([, name, low, high]) =>
      low === null ? `${name} ≤ ${number(high)}` : high === null ? `${name} ≥ ${number(low)}` : `${name} ${number(low)} – ${number(high)}`,
  },
  null: {
    test([, name, reason]) {
      const metric = metricNamed.get(name);
      return metric && ((at) => metric.reasonOf(at) === reason);
    },
    words: ([, name, reason]) => `${name} NULL: ${reason}`,
  },
  label: { test: ([, word]) => ofWord(labels, word), words: ([, word]) => `label: ${word ?? UNKNOWN}` },
  predicted: { test: ([, word]) => ofWord(predicted, word), words: ([, word]) => `predicted: ${word ?? UNKNOWN}` },
  outcome: { test: ([, word]) => (labels && predicted ? (at) => outcome(at) === word : null), words: ([, word]) => word },
  tag: { test: ([, name]) => ofGroup(tags, name), words: ([, name]) => `tag: ${name}` },
  slice: { test: ([, name]) => ofGroup(slices, name), words: ([, name]) => `slice: ${name}` },
  list: {
    test: ([, name]) => ofMask(listed.get(name)?.()),
    words: ([, name]) => `in ${LISTS.find(([one]) => one === name)[1].toLowerCase()}`,
  },
  search: {
    test([, text]) {
      const wanted = text.toLowerCase();
      return (at) => searchable()[at].includes(wanted);
    },
    words: ([, text]) => `search: ${text}`,
  },
};

export function outcome(at) {
  if (!labels.codes[at] || !predicted.codes[at]) return UNKNOWN;
  return labels.codes[at] === predicted.codes[at] ? "correct" : "wrong";
}

export function subject(term) {
  return term[0] === "range" || term[0] === "null" ? `metric ${term[1]}` : term[0];
}

export function describe(term) {
  return KINDS[term[0]].words(term);
}

// A term from an address, which may be of another page, or of anything.
export function usable(term) {
  if (!Array.isArray(term) || !Object.hasOwn(KINDS, term[0])) return false;
  const texts = term[0] === "range" ? [term[1]] : term.slice(1);
  const ends = term[0] === "range" ? [term[2], term[3]] : [];
  const formed = texts.length > 0 && texts.every((one) => typeof one === "string" || one === null) && ends.every((one) => one === null || typeof one === "number");
  return formed && term[1] !== undefined && (term[0] !== "search" || typeof term[1] === "string") && Boolean(KINDS[term[0]].test(term));
}

export function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

let kept = new Map();

// How many subjects each item fails; with the mask of each subject, to be able to take one back.
export function passing(terms) {
  const masks = new Map();
  const now = new Map();
  const fails = new Uint8Array(ids.length);
  for (const [name, own] of groupedBy(terms, subject)) {
    const key = JSON.stringify(own);
    const mask = kept.get(key) ?? maskOfTerms(own);
    now.set(key, mask);
    masks.set(name, mask);
    for (let at = 0; at < fails.length; at++) fails[at] += 1 - mask[at];
  }
  kept = now;
  return { fails, masks };
}

// Which items pass all that is not about this subject.
export function passingOthers({ fails, masks }, name) {
  const mask = masks.get(name);
  return mask ? (at) => fails[at] === 1 - mask[at] : (at) => fails[at] === 0;
}

function maskOfTerms(terms) {
  const tests = terms.map((term) => KINDS[term[0]].test(term));
  const mask = new Uint8Array(ids.length);
  for (let at = 0; at < mask.length; at++) mask[at] = tests.some((test) => test(at)) ? 1 : 0;
  return mask;
}

function ofWord(column, word) {
  const code = column ? column.words.indexOf(word) : -1;
  return code < 0 ? null : (at) => column.codes[at] === code;
}

function ofGroup(groups, name) {
  return ofMask(groups?.find((group) => group.name === name)?.members());
}

function ofMask(mask) {
  return mask ? (at) => mask[at] === 1 : null;
}

function marked(positions) {
  const mask = new Uint8Array(ids.length);
  for (const position of positions) mask[position] = 1;
  return mask;
}

export function testOf(term) {
  return KINDS[term[0]].test(term);
}
