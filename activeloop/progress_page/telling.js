// How counts, shares, times and moments are written here.
import { grouped, number } from "./wording.js";

const CLOCK = new Intl.DateTimeFormat(undefined, { weekday: "short", hour: "2-digit", minute: "2-digit" });

export const known = (value, write = number) => (value === null ? "–" : write(value));
export const share = (value) => known(value, (one) => `${(100 * one).toFixed(one < 0.1 ? 1 : 0)} %`);
export const seconds = (value) => known(value, (one) => (one < 90 ? `${one.toFixed(1)} s` : `${(one / 60).toFixed(1)} min`));
export const hours = (value) => (value < 1 ? `${Math.round(60 * value)} min` : `${value.toFixed(1)} h`);
export const moment = (at) => CLOCK.format(new Date(1000 * at));
export const many = (n, word, words = `${word}s`) => `${grouped(n)} ${n === 1 ? word : words}`;
