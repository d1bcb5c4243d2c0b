// All items in the order of a metric: NULL last in both directions, ties by id.
import { ids, metricNamed, rank } from "./data.js";

const orders = new Map();

export function order(name, down) {
  const key = JSON.stringify([name, down]);
  if (!orders.has(key)) orders.set(key, computed(metricNamed.get(name)?.values, down));
  return orders.get(key);
}

function computed(values, down) {
  const byId = (one, other) => rank[one] - rank[other];
  const all = Uint32Array.from(ids, (_, at) => at);
  if (!values) return down ? all.sort((one, other) => byId(other, one)) : all.sort(byId);
  const known = all.filter((at) => values[at] === values[at]);
  const missing = all.filter((at) => values[at] !== values[at]).sort(byId);
  known.sort((one, other) => {
    const difference = values[one] - values[other];
    return (down ? -difference : difference) || byId(one, other);
  });
  const whole = new Uint32Array(ids.length);
  whole.set(known);
  whole.set(missing, known.length);
  return whole;
}
