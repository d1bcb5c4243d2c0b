// The owner's dialog: who labels here, and links that let more people in.
import { call } from "./api.js";
import { button, find, make, own } from "./dom.js";

const dialog = find("people");
const ROLES = ["annotator", "reviewer", "owner"];
const told = make("p", { role: "status" });
const name = make("input", { id: "invited", required: true, maxlength: "64", autocomplete: "off", dir: "auto" });
const role = make("select", { id: "invited-role" }, ...ROLES.map((one) => make("option", { value: one }, one)));
const list = make("tbody");

export async function showPeople(self) {
  const form = make("form", { class: "row", onsubmit: (event) => (event.preventDefault(), invite(self)) }, make("label", { for: "invited" }, "Name"), name, make("label", { for: "invited-role" }, "Role"), role, make("button", { class: "main" }, "Make a link"));
  dialog.replaceChildren(make("h2", { id: "people-title" }, "People"), make("table", {}, list), form, told, make("div", { class: "row" }, button("Close", () => dialog.close())));
  told.replaceChildren();
  dialog.showModal();
  await attempt(() => draw(self));
}

async function draw(self) {
  const { annotators } = await call("annotators");
  list.replaceChildren(...annotators.map((one) => make("tr", {}, make("th", { scope: "row" }, own(one.name)), make("td", {}, one.role), make("td", {}, one.name === self ? "you" : button("Shut out", () => revoke(one.name, self), { "aria-label": `Shut out ${one.name}` })))));
}

async function invite(self) {
  await attempt(async () => {
    const { link } = await call("invite", { name: name.value, role: role.value });
    const copy = button("Copy", async () => {
      await navigator.clipboard.writeText(link);
      copy.textContent = "Copied";
    });
    told.replaceChildren("This link lets ", own(name.value), " in, once, within seven days. It is not shown again: ", make("code", { class: "link" }, link), " ", copy);
    name.value = "";
    await draw(self);
  });
}

async function revoke(who, self) {
  await attempt(async () => {
    await call("revoke", { name: who });
    told.replaceChildren(own(who), " is shut out; what they said stays.");
    await draw(self);
  });
}

async function attempt(act) {
  try {
    await act();
  } catch (error) {
    told.textContent = error.message;
  }
}
