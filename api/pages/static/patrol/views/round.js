// Begin a round, or end the one under way after a look at what was left out.
import { h } from "../dom.js";
import { say } from "../words.js";
import { back, button, choice } from "./parts.js";

const SOURCES = ["round", "video", "visitor"];

export async function startRound(app, source) {
  return (await app.record("round_started", { source })).deed;
}

// What a finding says of the round it is made on.
export function roundOf({ round }) {
  return round ? { round: round.id, source: round.source } : {};
}

export function roundView(app) {
  return app.round ? ending(app) : beginning(app);
}

function beginning(app) {
  let source = SOURCES[0];
  const choices = SOURCES.map((one) => choice("source", one, say(`source.${one}`), one === source, () => (source = one)));
  const main = h("section", {}, h("h2", {}, say("round_start")), h("fieldset", {}, h("legend", {}, say("sources")), ...choices));
  const start = async () => {
    await startRound(app, source);
    app.go("#windows");
  };
  return { main, actions: () => [back(), button(say("round_start"), start, { class: "main" })] };
}

function ending(app) {
  const { round, seen } = app;
  const left = app.windows.filter(({ window }) => !seen.has(window)).map(({ window }) => window);
  const [count, of] = [app.windows.length - left.length, app.windows.length];
  const missed = left.length > 0 && h("ul", { class: "plain-list" }, left.map((window) => h("li", {}, window)));
  const main = h(
    "section",
    {},
    h("h2", {}, say("round_end")),
    h("p", { class: "big-text" }, say("coverage", { seen: count, of })),
    h("p", {}, say(left.length ? "left_out" : "all_seen")),
    missed,
  );
  const end = async () => {
    await app.record("round_ended", { round: round.id });
    app.go("#windows");
  };
  return { main, actions: () => [back(), button(say("round_end"), end, { class: "main" })] };
}
