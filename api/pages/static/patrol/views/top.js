// What is always in sight: how old the picture of the hall is, whether there is a network, and what is not sent yet.
import { h } from "../dom.js";
import { clockText, dayOf } from "../moments.js";
import { say } from "../words.js";
import { link } from "./parts.js";

export function topBar(app) {
  const [count, photos] = [app.journal.unsettled().length, app.album.photos.length];
  const key = photos && count ? "unsent_both" : photos ? "unsent_photos" : count ? "unsent" : "all_sent";
  const options = { class: `unsent ${count + photos ? "some" : "none"}`, "data-key": "unsent" };
  const unsent = link(say(key, { count, photos }), "#unsent", options);
  return h("div", { class: "bar" }, h("h1", {}, say("heading")), h("p", { class: "as-of" }, asOf(app)), network(app), unsent);
}

function asOf({ snapshot }) {
  if (!snapshot) return "";
  const taken = new Date(snapshot.taken_at);
  const today = dayOf(taken) === dayOf(new Date());
  return say("as_of", { moment: today ? clockText(taken) : `${dayOf(taken)} ${clockText(taken)}` });
}

function network({ sync }) {
  const online = navigator.onLine && sync.status.state !== "unreachable";
  return h("p", { class: `network ${online ? "on" : "off"}`, role: "status" }, say(online ? "online" : "offline"));
}
