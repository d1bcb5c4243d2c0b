// How far the work is, and what is being saved.
import { find, make, own, say } from "./dom.js";

export function showProgress({ done, needed, told, training, finished }) {
  const parts = [];
  if (needed) parts.push(`${done} of ${needed} in this round`);
  parts.push(`${told.toLocaleString("en")} in all`);
  if (training) parts.push("the model is training, you may go on");
  if (finished) parts.push("finished");
  say(find("counts"), parts.join(" · "));
  find("bar").hidden = !needed;
  find("bar").max = Math.max(1, needed);
  find("bar").value = Math.min(done, needed);
  find("progress").hidden = false;
}

const SPOKEN = { label: ({ label }) => [own(label)], abstain: () => ["unsure"], skip: () => ["skipped"], bad: () => ["bad item"] };

export function showSaved(answer) {
  find("status").className = "saved";
  find("status").replaceChildren("Saved: ", ...SPOKEN[answer.outcome](answer));
}

export function showSaving(waiting) {
  find("status").className = "";
  find("status").textContent = waiting > 1 ? `${waiting} answers on their way` : "";
}

export function showStatus(text) {
  find("status").className = "";
  find("status").textContent = text;
}

export function showProblem(...parts) {
  find("problem").replaceChildren(make("p", {}, ...parts));
  find("problem").hidden = false;
}

export function hideProblem() {
  find("problem").hidden = true;
  find("problem").replaceChildren();
}
