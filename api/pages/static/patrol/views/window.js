// One window: who sits there, and everything that can be seen there, each one tap.
import { h, replace } from "../dom.js";
import { roundOf, startRound } from "./round.js";
import { say } from "../words.js";
import { away, person } from "./windows.js";
import { back, button, choice, link } from "./parts.js";

export function windowView(app, name) {
  const window = app.windows.find((one) => one.window === name);
  if (!window) return null;
  const about = { window, no: window.expected.length === 1 ? window.expected[0].no : "" };
  const there = h("section", { class: "there" });
  const main = h("div", { class: "one-window" }, h("h2", {}, name, h("small", {}, window.unit)), there, codes(app, about));
  const update = () => {
    about.window = app.windows.find((one) => one.window === name) ?? about.window;
    replace(there, who(app, about), ...about.window.elsewhere.map(away));
  };
  return { main, update, actions: () => actions(app, about) };
}

function actions(app, { window }) {
  return [
    back(),
    link(say("arrange"), `#arrange/${encodeURIComponent(window.window)}`, { class: "button plain", "data-key": "arrange" }),
    button(say("in_order"), () => inOrder(app, window.window), { class: "main good", "data-key": "in-order" }),
  ];
}

async function inOrder(app, window) {
  const round = app.round ?? (await startRound(app, "round"));
  await app.record("window_seen", { round: round.id, window, in_order: true });
  app.go("#windows");
}

function who(app, about) {
  const choose = (no) => () => (about.no = no);
  const rows = about.window.expected.map((one) => {
    const row = choice("who", one.no, one.name, about.no === one.no, choose(one.no));
    row.append(...[...person(app)(one).children].slice(1));
    return row;
  });
  const nobody = choice("who", "", say("window_itself"), about.no === "", choose(""));
  return h("fieldset", {}, h("legend", {}, say("who")), ...rows, nobody);
}

function codes(app, about) {
  const groups = new Map();
  for (const code of app.snapshot.codes) {
    const group = code.kind === "praise" ? say("praise") : code.category_name;
    groups.set(group, [...(groups.get(group) ?? []), code]);
  }
  return [...groups].map(([name, group]) =>
    h("section", { class: "codes" }, h("h3", {}, name), h("div", { class: "grid" }, group.map((code) => codeButton(app, about, code)))),
  );
}

function codeButton(app, about, code) {
  const shown = code.kind === "praise" ? code.points_shown : `−${code.points_shown}`;
  const points = Number(code.points_shown) ? h("span", { class: "points" }, shown) : null;
  return button([h("span", {}, code.name), points], (event) => note(app, about, code, event.currentTarget), {
    class: `code ${code.kind}`,
    "data-key": code.code,
  });
}

async function note(app, about, code, pressed) {
  // Two fingers on one button are one finding.
  pressed.disabled = true;
  const fields = { code: code.code, window: about.window.window, no: about.no || undefined, ...roundOf(app) };
  try {
    const entry = await app.record(code.kind === "praise" ? "praise" : "finding", fields);
    location.replace(`#deed/${entry.id}`);
  } catch (error) {
    pressed.disabled = false;
    app.tell("not_saved");
    throw error;
  }
}
