// The tablet itself: whose it is now, its language, its room, and the way out.
import { h, replace } from "../dom.js";
import * as hall from "../hall.js";
import { language, say, speak } from "../words.js";
import { back, button, link } from "./parts.js";

export function moreView(app) {
  const main = h("div", { class: "more" });
  const facts = h("dl", {});
  const update = () => replace(main, h("h2", {}, say("more")), facts, h("p", {}, say("privacy")), ...ways(app));
  room().then((text) => facts.replaceChildren(...rows(app, text)));
  return { main, update, actions: () => [back()] };
}

function rows({ device }, room) {
  const told = [
    ["account", device.account],
    ["tablet", device.id.slice(0, 8)],
    ["room", room],
  ];
  return told.flatMap(([key, value]) => [h("dt", {}, say(key)), h("dd", {}, value)]);
}

async function room() {
  const { quota = 0, usage = 0 } = (await navigator.storage.estimate?.()) ?? {};
  const kept = await navigator.storage.persisted?.();
  return say(kept ? "room_kept" : "room_not_kept", { used: (usage / 1e6).toFixed(1), quota: Math.round(quota / 1e6) });
}

function ways(app) {
  const other = language() === "zh" ? "en" : "zh";
  const turn = () => speak(other).then(() => app.show());
  const left = app.journal.unsettled().length;
  return [
    h("p", {}, button(say("other_language"), turn, { class: "plain", "data-key": "language", lang: other === "en" ? "en" : "zh-CN" })),
    h("p", {}, link(say("office_pages"), "/", { class: "button plain" })),
    left > 0 && h("p", { class: "banner late" }, say("sign_out_unsent", { count: left })),
    h("p", {}, button(say("sign_out"), () => leave(app), { class: "plain", "data-key": "sign-out" })),
  ].filter(Boolean);
}

// Names leave the tablet at once; the session ends now, or at the next contact when there is no network.
async function leave(app) {
  await app.device.signOutLater(app.sync.csrf ?? app.snapshot.csrf);
  await Promise.all([app.journal.load(), app.album.look()]);
  try {
    await hall.signOut(await app.device.owedSignOut());
    await app.device.signedOut();
    location.assign("/sign-in");
  } catch (error) {
    if (!(error instanceof hall.Unreachable)) throw error;
    // Pictures and names that are still in the page's memory go with it.
    location.reload();
  }
}
