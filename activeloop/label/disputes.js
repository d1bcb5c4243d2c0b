// The reviewer's dialog: items on which people do not agree, what each said, and the word that settles it.
import { call } from "./api.js";
import { button, find, make, own } from "./dom.js";
import { itemContent } from "./show.js";

const OUTCOMES = { abstain: "unsure", skip: "skipped", bad: "bad item" };
const dialog = find("disputes");
let classes = [];

export async function settle(names) {
  classes = names;
  if (!dialog.open) dialog.showModal();
  try {
    const { disputes } = await call("disputes");
    draw(disputes);
  } catch (error) {
    frame(make("p", { role: "alert" }, error.message));
  }
}

function draw([first, ...rest]) {
  if (!first) return frame(make("p", {}, "There is nothing to settle."));
  const said = first.said.map((one) => make("li", {}, own(one.annotator), ": ", own(one.label ?? OUTCOMES[one.outcome] ?? "?"), one.note ? make("p", { class: "faint", dir: "auto" }, one.note) : ""));
  const box = make("select", { id: "settled" }, ...classes.map((name) => make("option", { value: name }, name)));
  box.value = first.said.find((one) => one.label !== null)?.label ?? classes[0];
  const note = make("input", { id: "settled-note", maxlength: "5000", dir: "auto" });
  const say = (outcome) => ruled({ ask: first.ask, outcome, label: outcome === "label" ? box.value : null, note: note.value });
  frame(
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Disputed item" }, ...itemContent(first)),
    make("ul", {}, ...said),
    make("div", { class: "row" }, make("label", { for: "settled" }, "It is"), box, make("label", { for: "settled-note" }, "because"), note),
    make("div", { class: "row" }, button("Settle", () => say("label"), { class: "main" }), button("Bad item", () => say("bad"))),
    make("p", { class: "faint" }, rest.length ? `${rest.length} more after this` : "The last one"),
  );
}

function frame(...parts) {
  dialog.replaceChildren(make("h2", { id: "disputes-title" }, "Disputes"), ...parts, make("div", { class: "row" }, button("Close", () => dialog.close())));
}

async function ruled(said) {
  try {
    await call("settle", { key: Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16)).join("-"), ...said });
    await settle(classes);
  } catch (error) {
    dialog.append(make("p", { role: "alert" }, error.message));
  }
}
