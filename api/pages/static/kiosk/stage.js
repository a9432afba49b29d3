// What the screen shows: one place at a time, one line in the middle, the last three beside it.
import { timeText, dateText, wrongBy } from "./clocks.js";
import { sound } from "./sound.js";
import { word } from "./words.js";

const PLACES = ["pairing", "waiting", "passcode", "ticket", "figures", "supervisor", "verify", "way-out"];
const WITH_CAMERA = ["waiting", "ticket", "verify"];
const WAY_OF = { waiting: "face", figures: "ticket" };
const RESULT_MS = 3000;
const WRONG_CLOCK = 60;
// Whoever walks away leaves the terminal to the next in the queue; who was asked for a number did not ask for the form.
const PATIENCE_MS = 20000;
const ASKED_MS = 10000;

const element = (id) => document.getElementById(id);
const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
let place = "";
let timer = 0;
let touched = 0;

for (const kind of ["pointerdown", "keydown", "input"]) addEventListener(kind, touch, { capture: true });

function touch() {
  touched = performance.now();
}

// Whether a way other than the face was opened and nobody does anything there any more.
export function leftAlone() {
  const patience = { waiting: Infinity, pairing: Infinity, verify: ASKED_MS }[place] ?? PATIENCE_MS;
  return performance.now() - touched > patience;
}

export function go(name) {
  place = name;
  touch();
  for (const one of PLACES) element(one).hidden = one !== name;
  document.body.dataset.place = name;
  for (const button of document.querySelectorAll("[data-way]")) {
    button.setAttribute("aria-pressed", String(button.dataset.way === (WAY_OF[name] ?? name)));
  }
  element("camera").hidden = !WITH_CAMERA.includes(name);
}

export function at(name) {
  return place === name;
}

// A result covers the stage for three seconds; `busy` is true while it does.
export function result(line, tone = line.tone ?? "plain") {
  const box = element("result");
  element("result-name").textContent = line.name ?? "";
  element("result-window").textContent = line.window ?? "";
  element("result-at").textContent = line.at ?? "";
  element("result-word").textContent = line.word ?? "";
  element("result-more").textContent = line.words ?? "";
  box.dataset.tone = tone;
  box.hidden = false;
  sound(line.state === "already" ? "plain" : tone);
  clearTimeout(timer);
  return new Promise((resolve) => {
    timer = setTimeout(() => {
      box.hidden = true;
      resolve();
    }, RESULT_MS);
  });
}

export function busy() {
  return !element("result").hidden;
}

// The line under the camera: what to do.
export function hint(text, kind = "") {
  const line = element("hint");
  if (line.textContent !== text) line.textContent = text;
  line.dataset.kind = kind;
}

export function arrow(step) {
  element("arrow").dataset.step = step ?? "";
}

export function recent(lines) {
  const items = lines.map(({ name, at, word: judged, tone }) => item([name, "name"], [at, "at"], [judged, `tone ${tone}`]));
  element("recent").replaceChildren(...(items.length ? items : [item([word("nobody_yet"), ""])]));
}

function item(...parts) {
  const row = document.createElement("li");
  row.append(...parts.map(([textContent, className]) => Object.assign(document.createElement("span"), { textContent, className })));
  return row;
}

export function network(there) {
  const mark = element("network");
  mark.textContent = word(there ? "online" : "offline");
  mark.dataset.there = String(there);
  document.body.dataset.offline = String(!there);
}

export function unsent(count, aside) {
  const mark = element("unsent");
  mark.hidden = !count;
  mark.textContent = word("unsent", { n: count });
  const told = element("aside");
  told.hidden = !aside;
  told.textContent = word("aside", { n: aside });
}

export function named(name, sn) {
  element("name").textContent = name || sn;
}

// A number with letters in it needs the tablet's own keyboard.
export function lettered(letters) {
  for (const field of document.querySelectorAll("input[name=no]")) {
    field.inputMode = letters ? "text" : "none";
  }
}

function tick() {
  element("time").textContent = timeText();
  element("date").textContent = dateText(language);
  const wrong = wrongBy();
  element("clock-off").hidden = Math.abs(wrong) < WRONG_CLOCK;
  element("clock-off").textContent = word("clock_off", { n: Math.round(Math.abs(wrong) / 60) });
}

tick();
setInterval(tick, 250);
