// What several views show alike.
import { HELD, REFUSED, STORED } from "../../outbox.js";
import { heldFor, isFinding } from "../deeds.js";
import { h } from "../dom.js";
import { isOpen } from "../journal.js";
import { exactText } from "../moments.js";
import { codeOf, nameOf } from "../roster.js";
import { say } from "../words.js";

export function button(text, onclick, options = {}) {
  return h("button", { type: "button", onclick, ...options }, text);
}

export function link(text, href, options = {}) {
  return h("a", { href, ...options }, text);
}

export function back(href = "#windows") {
  return link(say("back"), href, { class: "button plain", "data-key": "back" });
}

// One line for a deed: when, where, who, what.
export function told(app, { deed }) {
  const { snapshot } = app;
  const what = isFinding(deed) ? (codeOf(snapshot, deed.code)?.name ?? deed.code) : say(`kind.${deed.kind}`);
  const people = [deed.no, deed.regular_no, deed.relief_no].filter(Boolean).map((no) => nameOf(snapshot, no));
  const withdrawn = deed.kind === "withdrawal" ? toldById(app, deed.finding) : null;
  return [exactText(new Date(deed.at)), deed.window, people.join(" → "), what, withdrawn].filter(Boolean).join(" · ");
}

function toldById(app, id) {
  const entry = app.journal.find(id);
  return entry ? told(app, entry) : null;
}

// Where a deed is on its way, in words.
export function progress(app, entry) {
  if (entry.state === STORED) return say("state.stored");
  if (entry.state === HELD || entry.state === REFUSED) return say(`state.${entry.state}`, { sentence: entry.said ?? "" });
  if (isOpen(entry)) return say("state.open", { seconds: Math.ceil(heldFor(entry.ripe) / 1000) });
  if (!navigator.onLine) return say("state.offline");
  return say(`state.${app.sync.status.state}`, { sentence: app.sync.status.sentence ?? "" });
}

export function tone({ state }) {
  return { [STORED]: "good", [HELD]: "late", [REFUSED]: "bad" }[state] ?? "waiting";
}

export function choice(name, value, text, checked, onchange) {
  const input = h("input", { type: "radio", name, value, checked, onchange, "data-key": `${name}-${value}` });
  return h("label", { class: "choice" }, input, h("span", {}, text));
}
