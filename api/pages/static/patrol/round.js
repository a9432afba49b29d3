// The round under way and what was seen on it, from the deeds alone.
import { showsWindow } from "./deeds.js";
import { dayOf } from "./moments.js";

// The newest round of today that was not ended: {id, source, at}.
export function currentRound(entries) {
  const today = dayOf(new Date());
  const ended = new Set(entries.filter(({ deed }) => deed.kind === "round_ended").map(({ deed }) => deed.round));
  const begun = entries.filter(({ deed }) => deed.kind === "round_started" && deed.at.startsWith(today));
  return begun.map(({ deed }) => deed).findLast((deed) => !ended.has(deed.id)) ?? null;
}

// The windows that were seen on a round.
export function seenOn(round, entries) {
  const seen = entries.filter(({ deed }) => round && showsWindow(deed) && deed.round === round.id && deed.window);
  return new Set(seen.map(({ deed }) => deed.window));
}
