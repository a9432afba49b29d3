// What an inspector does, as the hall is told of it: see docs/patrol.md. Each has its number from here and this tablet's clock.
import { isoText } from "./moments.js";

const UNDO_SECONDS = 60;
// While somebody takes a photo or writes a note, the deed waits for them, but not for ever.
const WORK_SECONDS = 180;
const AT_ONCE = ["round_started", "round_ended", "withdrawal"];
const SEEN = ["finding", "praise", "window_seen"];

export function made(kind, fields, now = new Date()) {
  return { id: crypto.randomUUID(), kind, at: isoText(now), ...fields };
}

// Until when (ms) a deed made now may be undone: so long it is not sent.
export function ripeAt(deed, now = Date.now()) {
  return AT_ONCE.includes(deed.kind) ? now : now + UNDO_SECONDS * 1000;
}

export function ripeAfterWork(now = Date.now()) {
  return now + WORK_SECONDS * 1000;
}

export function ripeWithoutWork(deed) {
  return Date.parse(deed.at) + UNDO_SECONDS * 1000;
}

// Milliseconds until a deed may be sent. A clock that was set back meanwhile must not hold it for hours.
export function heldFor(ripe, now = Date.now()) {
  const left = ripe - now;
  return left > 0 && left <= WORK_SECONDS * 1000 ? left : 0;
}

// Whether it is one of those that show a window was looked at.
export function showsWindow(deed) {
  return SEEN.includes(deed.kind);
}

export function isFinding(deed) {
  return deed.kind === "finding" || deed.kind === "praise";
}
