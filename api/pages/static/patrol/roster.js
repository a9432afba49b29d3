// The windows as the hall last told, with what was arranged on this tablet since.
import { STORED } from "../outbox.js";
import { isFinding } from "./deeds.js";
import { dayOf } from "./moments.js";

// [{window, unit, order, expected, elsewhere, found}]: `found` counts today's findings and praise made here.
export function roster(snapshot, entries) {
  const recent = entries.filter((entry) => entry.deed.at.startsWith(dayOf(new Date())));
  const untold = recent.filter((entry) => entry.state !== STORED);
  return snapshot.windows.map((window) => withNews(window, snapshot.people, untold, recent));
}

function withNews(window, people, untold, recent) {
  const reliefs = untold.filter(({ deed }) => deed.kind === "relief" && deed.window === window.window);
  const outings = new Map(untold.filter(({ deed }) => deed.kind === "outing").map(({ deed }) => [deed.no, deed]));
  const replaced = new Set(reliefs.map(({ deed }) => deed.regular_no));
  const there = window.expected
    .filter(({ no }) => !replaced.has(no))
    .map((person) => (outings.has(person.no) ? { ...person, state: "outing", since: null } : person));
  const found = recent.filter(({ deed }) => isFinding(deed) && deed.window === window.window).length;
  return { ...window, expected: [...there, ...reliefs.map(({ deed }) => standIn(deed, people))], found };
}

function standIn(deed, people) {
  const known = people.find(({ no }) => no === deed.relief_no);
  const who = { no: deed.relief_no, name: known?.name ?? deed.relief_no };
  return { ...who, role: "relief", stands_in_for: deed.regular_no ?? null, state: "unknown", since: null };
}

export function nameOf(snapshot, no) {
  return snapshot?.people.find((person) => person.no === no)?.name ?? no;
}

export function codeOf(snapshot, code) {
  return snapshot?.codes.find((known) => known.code === code);
}
