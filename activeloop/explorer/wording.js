// How numbers and intervals are written; the same rules as the report's.
const GROUPED = new Intl.NumberFormat("en-US");

// In a column of whole numbers a number has no decimals; in any other each has some.
export function number(value, whole = Number.isInteger(value)) {
  if (value === null || Number.isNaN(value)) return "NULL";
  const size = Math.abs(value);
  if (size >= 1e7 || (size > 0 && size < 0.0005)) return minus(value.toExponential(1));
  if (whole) return minus(String(value));
  return minus(value.toFixed(size < 10 ? 3 : size < 100 ? 2 : size < 1000 ? 1 : 0));
}

export function interval(low, high) {
  return low === null || high === null ? "interval unknown" : `[${number(low, false)}, ${number(high, false)}]`;
}

export function withUnit(metric, value) {
  const text = number(value, metric.whole);
  return Number.isNaN(value) || !metric.unit ? text : `${text} ${metric.unit}`;
}

export function count(n, word) {
  return `${grouped(n)} ${n === 1 ? word : `${word}s`}`;
}

export function grouped(n) {
  return GROUPED.format(n);
}

export function small(q) {
  return q === null ? "unknown" : q < 0.001 ? "< 0.001" : q.toFixed(3);
}

function minus(text) {
  return text.replace("-", "−");
}
