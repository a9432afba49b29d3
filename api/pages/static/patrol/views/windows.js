// Every window with who should be there and whether they came: as a list, or small, as a plan of the hall by its order.
import { isFinding } from "../deeds.js";
import { h, replace } from "../dom.js";
import { isOpen } from "../journal.js";
import { nameOf } from "../roster.js";
import { dayOf } from "../moments.js";
import { say } from "../words.js";
import { button, link, told } from "./parts.js";

const AS_PLAN = "manqin-plan";
const UNSEEN = "manqin-unseen";
const SIGNS = { in: "✓", late: "!", not_yet: "…", leave: "−", outing: "↗", absent: "✕", unknown: "·" };

export function windowsView(app) {
  const main = h("div", { class: "windows" });
  const update = () => replace(main, roundLine(app), latest(app), duty(app), grid(app));
  return { main, update, tick: () => tickLatest(app, main), actions: () => actions(app) };
}

function actions(app) {
  const plan = localStorage.getItem(AS_PLAN) === "yes";
  const turn = () => {
    localStorage.setItem(AS_PLAN, plan ? "no" : "yes");
    app.redraw();
  };
  const round = app.round ? say("round_end") : say("round_start");
  return [
    link(round, "#round", { class: "button main", "data-key": "round" }),
    button(say(plan ? "as_list" : "as_plan"), turn, { class: "plain", "data-key": "plan" }),
    link(say("today"), "#today", { class: "button plain", "data-key": "today" }),
    link(say("more"), "#more", { class: "button plain", "data-key": "more" }),
  ];
}

function roundLine(app) {
  if (!app.round) return null;
  const [seen, of] = [app.windows.filter(({ window }) => app.seen.has(window)).length, app.windows.length];
  const only = localStorage.getItem(UNSEEN) === "yes";
  const turn = (event) => {
    localStorage.setItem(UNSEEN, event.target.checked ? "yes" : "no");
    app.redraw();
  };
  return h(
    "section",
    { class: "round" },
    h("p", {}, h("strong", {}, say("coverage", { seen, of })), " ", say(`source.${app.round.source}`)),
    h("progress", { max: of, value: seen, "aria-label": say("coverage", { seen, of }) }),
    h("label", { class: "check" }, h("input", { type: "checkbox", checked: only, onchange: turn }), say("only_unseen")),
  );
}

// What was done within the last minute, with the way to take it back.
function latest(app) {
  const entry = app.journal.entries.findLast(isOpen);
  if (!entry) return null;
  const undo = button(say("undo"), () => app.drop(entry.id), { class: "plain", "data-key": "undo" });
  const open = isFinding(entry.deed) && link(say("add_more"), `#deed/${entry.id}`, { class: "button plain" });
  const photos = entry.deed.photos?.length ? ` · ${say("photos", { count: entry.deed.photos.length })}` : "";
  const text = h("p", {}, h("strong", {}, say("saved")), ` ${told(app, entry)}${photos}`);
  return h("section", { class: "latest", "aria-label": say("latest") }, text, h("div", { class: "row" }, open, undo));
}

function tickLatest(app, main) {
  const shown = main.querySelector(".latest");
  if (shown && !app.journal.entries.some(isOpen)) app.redraw();
}

function duty({ snapshot }) {
  const today = dayOf(new Date());
  const on = snapshot.rota.filter(({ date }) => date === today);
  if (on.length === 0) return null;
  const names = on.map((row) => `${say(`duty.${row.duty}`)} ${row.accounts.join("、")}`);
  return h("p", { class: "duty" }, say("on_duty", { names: names.join("；") }));
}

function grid(app) {
  const plan = localStorage.getItem(AS_PLAN) === "yes";
  const only = app.round && localStorage.getItem(UNSEEN) === "yes";
  const seen = app.seen;
  const shown = app.windows.filter(({ window }) => !only || !seen.has(window));
  if (shown.length === 0) return h("p", { class: "empty" }, say(only ? "all_seen" : "no_windows"));
  const tiles = shown.map((window) => h("li", {}, tile(app, window, seen.has(window.window), plan)));
  return h("ul", { class: plan ? "plan" : "list", "aria-label": say("windows") }, tiles);
}

function tile(app, window, seen, plan) {
  const marks = [
    seen && h("span", { class: "mark good" }, say("seen")),
    window.found > 0 && h("span", { class: "mark bad" }, say("found", { count: window.found })),
  ];
  const people = plan ? [signs(window)] : [...window.expected.map(person(app)), ...window.elsewhere.map(away)];
  const nobody = isDeserted(window) && h("span", { class: "person bad" }, say("nobody_expected"));
  const head = h("span", { class: "head" }, h("strong", {}, window.window), ...marks);
  return link([head, ...people, nobody], `#window/${encodeURIComponent(window.window)}`, {
    class: `tile ${seen ? "seen" : ""}`,
    "data-key": window.window,
  });
}

// Nobody is to be found here though it is a day of work for somebody: on a day of rest that is as it should be.
function isDeserted({ expected, elsewhere }) {
  return expected.length === 0 && (elsewhere.length === 0 || elsewhere.some(({ why }) => why !== "not_due"));
}

function signs({ expected, elsewhere }) {
  if (expected.length === 0) return elsewhere.length ? h("span", { class: "signs" }, say("nobody_now")) : null;
  return h("span", { class: "signs" }, expected.map(({ state, name }) => h("span", { class: `sign ${state}` }, `${SIGNS[state]} ${name}`)));
}

export function person(app) {
  return ({ name, role, stands_in_for: regular, state, since }) => {
    const relief = role === "relief" && say("stands_in", { name: regular ? nameOf(app.snapshot, regular) : "" });
    return h(
      "span",
      { class: "person" },
      h("span", { class: "name" }, name),
      relief && h("span", { class: "relief" }, relief),
      h("span", { class: `sign ${state}` }, `${SIGNS[state]} ${say(`person.${state}`)}${since ? ` ${since}` : ""}`),
    );
  };
}

export function away({ name, why, until }) {
  const sentence = `${say(`away.${why}`)}${until ? say("until", { until }) : ""}`;
  return h("span", { class: "person away" }, h("span", { class: "name" }, name), h("span", { class: "sign leave" }, sentence));
}
