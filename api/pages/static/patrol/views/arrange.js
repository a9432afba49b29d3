// Who stands in for whom from now on, and who is out for a while: noted where it is seen.
import { h } from "../dom.js";
import { clockText } from "../moments.js";
import { say } from "../words.js";
import { button, choice, link } from "./parts.js";

const MINUTES = [15, 30, 60, 120];
const DAY_ENDS = "23:59";

export function arrangeView(app, name) {
  const window = app.windows.find((one) => one.window === name);
  if (!window) return null;
  const main = h("div", { class: "arrange" }, h("h2", {}, name, h("small", {}, say("arrange"))), relief(app, window), outing(app, window));
  const way = link(say("back"), `#window/${encodeURIComponent(name)}`, { class: "button plain", "data-key": "back" });
  return { main, actions: () => [way] };
}

function done(app) {
  app.go("#windows");
}

function relief(app, window) {
  const chosen = { until: null, regular_no: window.expected[0]?.no, relief_no: null };
  const save = button(say("relief_save"), save_, { disabled: true, class: "main" });
  async function save_() {
    save.disabled = true;
    await app.record("relief", { window: window.window, ...chosen, until: chosen.until() });
    done(app);
  }
  const put = (changes) => {
    Object.assign(chosen, changes);
    save.disabled = !chosen.relief_no || !chosen.until;
  };
  const regulars = people("regular", say("relief_of"), window.expected, chosen.regular_no, (no) => put({ regular_no: no || undefined }), true);
  return section("relief", regulars, standIns(app, window, put), until("relief-until", put), save);
}

function standIns(app, window, put) {
  const there = new Set(window.expected.map(({ no }) => no));
  const able = app.snapshot.people.filter(({ no }) => !there.has(no)).sort((a, b) => Number(b.relief) - Number(a.relief));
  const list = h("div", { class: "people" });
  const show = (wanted) => {
    const fitting = able.filter(({ no, name }) => name.includes(wanted) || no.includes(wanted)).slice(0, 30);
    const rows = fitting.map(({ no, name, window: at }) => choice("relief", no, `${name} · ${at}`, false, () => put({ relief_no: no })));
    list.replaceChildren(...(rows.length ? rows : [h("p", { class: "empty" }, say("nobody_fits"))]));
  };
  show("");
  const search = h("input", { type: "search", oninput: (event) => show(event.target.value.trim()) });
  return h("fieldset", {}, h("legend", {}, say("relief_by")), h("label", { class: "field" }, say("search"), search), list);
}

function outing(app, window) {
  const chosen = { until: null, no: window.expected[0]?.no };
  const save = button(say("outing_save"), save_, { disabled: true, class: "main" });
  async function save_() {
    save.disabled = true;
    await app.record("outing", { no: chosen.no, window: window.window, until: chosen.until() });
    done(app);
  }
  const put = (changes) => {
    Object.assign(chosen, changes);
    save.disabled = !chosen.no || !chosen.until;
  };
  const who = people("out", say("outing_of"), window.expected, chosen.no, (no) => put({ no }));
  const { outing_minutes: minutes } = app.snapshot.policy;
  const allowed = minutes ? h("p", {}, say("outing_allowed", { minutes })) : null;
  return section("outing", who, allowed, until("outing-until", put), save);
}

function section(name, ...parts) {
  return h("details", { class: "arrangement" }, h("summary", {}, say(name)), ...parts);
}

function people(group, legend, expected, chosen, put, orNobody = false) {
  const rows = expected.map(({ no, name }) => choice(group, no, name, no === chosen, () => put(no)));
  const nobody = orNobody ? [choice(group, "", say("nobody_in_particular"), !chosen, () => put(""))] : [];
  return h("fieldset", {}, h("legend", {}, legend), ...rows, ...nobody);
}

// `until` as a function, since what counts is when it is saved.
function until(group, put) {
  const after = (minutes) => () => endOf(new Date(), minutes);
  const rows = MINUTES.map((minutes) => choice(group, minutes, say("minutes", { minutes }), false, () => put({ until: after(minutes) })));
  const rest = choice(group, "day", say("rest_of_day"), false, () => put({ until: () => DAY_ENDS }));
  const at = h("input", { type: "time", oninput: ({ target: { value } }) => put({ until: value ? () => value : null }) });
  const lengths = h("div", { class: "lengths" }, ...rows, rest);
  return h("fieldset", {}, h("legend", {}, say("how_long")), lengths, h("label", { class: "field" }, say("until_time"), at));
}

// An arrangement of today ends today.
function endOf(now, minutes) {
  const end = new Date(now.getTime() + minutes * 60_000);
  return end.getDate() === now.getDate() ? clockText(end) : DAY_ENDS;
}
