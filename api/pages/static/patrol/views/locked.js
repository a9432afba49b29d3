// Nobody's names are open on this tablet: the way in.
import { h } from "../dom.js";
import { say } from "../words.js";
import { link } from "./parts.js";

export function lockedView(app) {
  const sentence = h("p", { class: "big-text" });
  const place = h("section", { class: "locked" }, sentence);
  const update = () => {
    const { state } = app.sync.status;
    const offline = !navigator.onLine || state === "unreachable";
    sentence.textContent = say(offline ? "locked_offline" : state === "ok" ? "opening" : "locked");
  };
  const actions = () => (app.sync.status.link ? [link(say("sign_in"), app.sync.status.link, { class: "button" })] : []);
  return { main: place, update, actions };
}
