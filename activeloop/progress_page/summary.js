// The few numbers that most people came for.
import { make, own } from "./dom.js";
import { hours, known, many, seconds } from "./telling.js";
import { grouped } from "./wording.js";

export function summary(data) {
  const { team, people, rounds, n_labeled: learned } = data;
  const facts = [
    ["labels", grouped(team.labels), `by ${many(people.length, "person", "people")}`],
    ["labels per hour", known(team.per_hour, (one) => grouped(Math.round(one))), `of one person's work, ${hours(team.hours)} so far`],
    ["seconds per label", seconds(team.seconds), "median"],
    ["rounds", grouped(rounds), `the model learned from ${many(learned, "label")}`],
  ];
  const told = data.forecast.map((one) => make("p", { class: "forecast" }, own(one)));
  return [make("dl", { class: "facts" }, ...facts.map(([name, value, more]) => make("div", {}, make("dt", {}, name), make("dd", {}, make("b", {}, value), make("span", { class: "small faint" }, more))))), ...told];
}
