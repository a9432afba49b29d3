// A finding that is saved: add who, a photo, a note; take it back within its minute, or withdraw it with a reason.
import { REFUSED } from "../../outbox.js";
import { isFinding } from "../deeds.js";
import { h, replace } from "../dom.js";
import { isOpen } from "../journal.js";
import { codeOf } from "../roster.js";
import { say } from "../words.js";
import { back, button, choice, progress, tone, told } from "./parts.js";
import { photos } from "./photos.js";

export function deedView(app, id) {
  if (!app.journal.find(id)) return null;
  const head = h("section", { class: "deed-head" });
  const pictures = h("section", { class: "photos" });
  const rest = h("div", {});
  const main = h("div", { class: "deed" }, head, pictures, rest);
  let was = null;
  const update = () => {
    const entry = app.journal.find(id);
    if (!entry) return app.go("#windows");
    replace(head, ...summary(app, entry));
    replace(pictures, ...photos(app, entry));
    // What somebody is writing must not be drawn anew under their fingers.
    if (was !== isOpen(entry)) replace(rest, ...((was = isOpen(entry)) ? still(app, entry) : over(app, entry)));
  };
  return { main, update, tick: () => app.draw(), leave: () => leave(app, id), actions: () => actions(app, id) };
}

function leave(app, id) {
  const entry = app.journal.find(id);
  if (entry && isOpen(entry) && !app.busy) app.release(id);
}

function actions(app, id) {
  const entry = app.journal.find(id);
  if (!entry) return [back()];
  const undo = isOpen(entry) && button(say("undo"), () => app.drop(id), { class: "plain", "data-key": "undo" });
  const seen = entry.state === REFUSED && button(say("discard"), () => app.drop(id), { class: "plain", "data-key": "discard" });
  return [undo, seen, h("a", { href: "#windows", class: "button main", "data-key": "done" }, say("done"))];
}

function summary(app, entry) {
  const { trouble } = entry.deed;
  return [
    h("p", { class: `state ${tone(entry)}`, role: "status" }, h("strong", {}, say("saved")), ` ${progress(app, entry)}`),
    h("h2", {}, told(app, entry)),
    trouble ? h("p", { class: "banner bad", role: "alert" }, say(`notice.${trouble}`)) : null,
  ];
}

// Within its minute everything of a finding can still be put right.
function still(app, entry) {
  if (!isFinding(entry.deed)) return [];
  return [whose(app, entry), noteField(app, entry)];
}

function whose(app, { id, deed }) {
  const window = app.windows.find((one) => one.window === deed.window);
  if (!window || window.expected.length === 0) return null;
  const choose = (no) => () => app.journal.amend(id, { no: no || undefined });
  const rows = window.expected.map(({ no, name }) => choice("whose", no, name, deed.no === no, choose(no)));
  const asked = codeOf(app.snapshot, deed.code)?.needs_person && !deed.no;
  const nobody = choice("whose", "", say("window_itself"), !deed.no, choose(""));
  return h("fieldset", { class: asked ? "asked" : "" }, h("legend", {}, say(asked ? "who_needed" : "who")), ...rows, nobody);
}

function noteField(app, { id, deed }) {
  const field = h("textarea", {
    rows: 3,
    maxlength: 1000,
    onfocus: () => app.journal.hold(id),
    onchange: (event) => app.journal.amend(id, { note: event.target.value.trim() || undefined }),
  });
  field.value = deed.note ?? "";
  return h("label", { class: "field" }, say("note"), field);
}

// Afterwards only a withdrawal with its reason.
function over(app, entry) {
  const { deed } = entry;
  const shown = deed.note ? [h("p", { class: "note" }, deed.note)] : [];
  if (!isFinding(deed) || entry.state === REFUSED) return shown;
  const withdrawn = app.journal.entries.find(({ deed: other }) => other.kind === "withdrawal" && other.finding === entry.id);
  if (withdrawn) return [...shown, h("p", { class: "banner late" }, say("withdrawn", { reason: withdrawn.deed.reason }))];
  return [...shown, withdrawal(app, entry)];
}

export function withdrawal(app, { id }) {
  const field = h("textarea", { rows: 2, maxlength: 1000, required: true });
  const submit = async (event) => {
    event.preventDefault();
    if (!field.value.trim()) return;
    await app.record("withdrawal", { finding: id, reason: field.value.trim() });
    app.go("#windows");
  };
  return h(
    "details",
    {},
    h("summary", {}, say("withdraw")),
    h("form", { onsubmit: submit }, h("label", { class: "field" }, say("reason"), field), h("button", {}, say("withdraw"))),
  );
}
