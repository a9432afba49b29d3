// What the hall does not have yet, each with the reason, and what it refused, until a person has seen that.
import { REFUSED } from "../../outbox.js";
import { REFUSED as PHOTO_REFUSED } from "../album.js";
import { h, replace } from "../dom.js";
import { say } from "../words.js";
import { back, button, link, progress, told, tone } from "./parts.js";

export function unsentView(app) {
  const main = h("div", { class: "unsent-list" });
  const update = () => replace(main, ...content(app));
  const now = button(say("send_now"), () => app.sender.nudge(), { class: "main", "data-key": "send" });
  return { main, update, tick: update, actions: () => [back(), now] };
}

function content(app) {
  const [entries, { photos }] = [app.journal.unsettled(), app.album];
  const waiting = photos.filter(({ state }) => state !== PHOTO_REFUSED);
  const refused = photos.filter(({ state }) => state === PHOTO_REFUSED);
  const megabytes = (waiting.reduce((sum, { size }) => sum + size, 0) / 1e6).toFixed(1);
  return [
    h("h2", {}, entries.length + photos.length ? say("unsent_heading") : say("all_sent")),
    waiting.length > 0 && h("p", { class: "big-text" }, say("photos_waiting", { count: waiting.length, megabytes })),
    h("ul", { class: "deeds" }, [...entries.map((entry) => deed(app, entry)), ...refused.map((photo) => lost(app, photo))]),
  ].filter(Boolean);
}

function deed(app, entry) {
  const text = link(told(app, entry), `#deed/${entry.id}`, { "data-key": entry.id });
  const state = h("p", { class: `state ${tone(entry)}` }, progress(app, entry));
  const seen = entry.state === REFUSED && button(say("discard"), () => app.drop(entry.id), { "data-key": `drop-${entry.id}` });
  return h("li", { class: "tile" }, text, state, seen);
}

function lost(app, { sha256, deed, said }) {
  const entry = app.journal.find(deed);
  const drop = () => app.album.remove(sha256).then(() => app.draw());
  const about = entry ? told(app, entry) : say("photo");
  return h("li", { class: "tile" }, about, h("p", { class: "state bad" }, said), button(say("discard_photo"), drop));
}
