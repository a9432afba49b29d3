// What was recorded today: on this tablet, and by the same inspector elsewhere.
import { h, replace } from "../dom.js";
import { codeOf, nameOf } from "../roster.js";
import { say } from "../words.js";
import { withdrawal } from "./deed.js";
import { back, link, progress, told, tone } from "./parts.js";

// Of what the hall knows: it has not been taken back or overturned.
const STANDING = ["noted", "told", "accepted", "appealed"];

export function todayView(app) {
  const own = h("div", { class: "today" });
  // Drawn once: a reason somebody writes here must not be drawn anew under their fingers.
  const main = h("div", {}, h("h2", {}, say("today")), own, ...elsewhere(app), ...rounds(app));
  return { main, update: () => replace(own, here(app)), actions: () => [back()] };
}

function here(app) {
  const entries = app.journal.entries.toReversed?.() ?? [...app.journal.entries].reverse();
  if (entries.length === 0) return h("p", { class: "empty" }, say("nothing_today"));
  return h("ul", { class: "deeds" }, entries.map((entry) => h("li", {}, row(app, entry))));
}

function row(app, entry) {
  const state = h("span", { class: `state ${tone(entry)}` }, progress(app, entry));
  return link([h("span", {}, told(app, entry)), state], `#deed/${entry.id}`, { class: "tile", "data-key": entry.id });
}

function elsewhere(app) {
  const known = new Set(app.journal.entries.map(({ id }) => id));
  const others = app.snapshot.findings.filter(({ finding }) => !known.has(finding));
  if (others.length === 0) return [];
  const rows = others.map((row) => {
    const who = row.no && nameOf(app.snapshot, row.no);
    const words = [row.seen_at.slice(11), row.window, who, codeOf(app.snapshot, row.code)?.name ?? row.code];
    const told = words.filter(Boolean).join(" · ");
    return h("li", { class: "tile" }, told, STANDING.includes(row.state) && withdrawal(app, { id: row.finding }));
  });
  return [h("h3", {}, say("from_elsewhere")), h("ul", { class: "deeds" }, rows)];
}

function rounds({ snapshot }) {
  if (snapshot.rounds.length === 0) return [];
  const rows = snapshot.rounds.map(({ started, ended, inspector, source, seen, of }) =>
    h("li", { class: "tile" }, `${started ?? ""}–${ended ?? ""} · ${say(`source.${source}`)} · ${inspector} · ${say("coverage", { seen, of })}`),
  );
  return [h("h3", {}, say("rounds_today")), h("ul", { class: "deeds" }, rows)];
}
