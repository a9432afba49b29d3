// What somebody should know or do, each as one sentence with at most one way on.
import { h } from "../dom.js";
import { say } from "../words.js";
import { button, link } from "./parts.js";

// An hour off is a wrong setting, a few seconds are nothing: the hall's own tolerance decides.
const CLOCK_TOLERANCE = 60;

export function banners(app) {
  const { state, sentence, link: way } = app.sync.status;
  const { others, unreadable } = app.journal;
  return [
    app.notice && banner("bad", say(`notice.${app.notice}`)),
    state === "sign_in" && banner("bad", say("sign_in_needed"), link(say("sign_in"), way, { class: "button" })),
    state === "barred" && banner("bad", sentence, way && link(say("go_there"), way, { class: "button" })),
    clock(app),
    app.scarce && banner("late", say("room_scarce")),
    others > 0 && banner("late", say("others_unsent", { count: others })),
    unreadable > 0 && banner("bad", say("unreadable", { count: unreadable })),
    app.newer && banner("late", say("newer"), button(say("change_over"), app.newer)),
  ].filter(Boolean);
}

function clock({ sync, snapshot }) {
  const tolerance = snapshot?.policy.clock_tolerance_seconds ?? CLOCK_TOLERANCE;
  if (Math.abs(sync.offsetSeconds) <= tolerance) return null;
  const minutes = Math.round(Math.abs(sync.offsetSeconds) / 60);
  return banner("bad", say(sync.offsetSeconds > 0 ? "clock_ahead" : "clock_behind", { minutes }));
}

function banner(tone, sentence, way = null) {
  return h("div", { class: `banner ${tone}`, role: tone === "bad" ? "alert" : "status" }, h("p", {}, sentence), way);
}
