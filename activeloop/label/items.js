// The items at hand: the one that is shown and those that come next, with their pictures fetched already.
import { call, callOnLeaving } from "./api.js";
import { unsaved } from "./outbox.js";

const AT_HAND = 3;
const SHORTEST_RENEWAL = 5_000;

let leases = [];
let fetching = null;
const answered = new Set();
const pictures = new Map();

export const current = () => leases[0] ?? null;

// Drop what is shown and give what comes next.
export function advance() {
  const [done, ...rest] = leases;
  if (done) {
    answered.add(done.ask);
    pictures.delete(done.ask);
  }
  leases = rest;
}

// Put an item first, because its answer was taken back.
export function putFirst(lease) {
  answered.delete(lease.ask);
  leases = [lease, ...leases.filter((one) => one.ask !== lease.ask)];
  prefetch(lease);
}

// Fetch until enough is at hand; gives whether there is anything now.
export async function fill() {
  fetching ??= more().finally(() => {
    fetching = null;
  });
  await fetching;
  return leases.length > 0;
}

async function more() {
  if (leases.length >= AT_HAND) return;
  const waiting = new Set(unsaved().map((one) => one.ask));
  const { items } = await call("next", { n: Math.min(AT_HAND + waiting.size, 10) });
  for (const one of items) {
    const at = leases.findIndex((known) => known.ask === one.ask);
    if (at >= 0) leases[at] = { ...leases[at], lease: one.lease };
    else if (!answered.has(one.ask) && !waiting.has(one.ask)) {
      leases.push(one);
      prefetch(one);
    }
  }
}

// A picture is kept as an element, so that it stands there at once when its turn comes.
export function pictureOf(lease) {
  prefetch(lease);
  return pictures.get(lease.ask);
}

function prefetch(lease) {
  if (lease.shown.kind !== "picture" || pictures.has(lease.ask)) return;
  const image = new Image(lease.shown.width, lease.shown.height);
  image.alt = lease.shown.description;
  image.draggable = false;
  image.src = lease.shown.address;
  pictures.set(lease.ask, image);
}

export function keepLeases(seconds) {
  setInterval(renew, Math.max((1000 * seconds) / 3, SHORTEST_RENEWAL));
  window.addEventListener("pagehide", () => {
    if (leases.length) callOnLeaving("release", { leases: leases.map((one) => one.lease) });
    leases = [];
  });
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
}

async function renew() {
  if (!leases.length) return;
  const { leases: kept } = await call("renew", { leases: leases.map((one) => one.lease) }).catch(() => ({ leases: null }));
  // The item that is looked at stays: its answer is kept, even late.
  if (kept) leases = leases.filter((one, at) => at === 0 || kept.includes(one.lease));
}
