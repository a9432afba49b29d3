// What the screen shows: one place at a time, one line in the middle, the last three beside it.
import { timeText, dateText, wrongBy } from "./clocks.js";
import { sound } from "./sound.js";
import { word } from "./words.js";

const PLACES = ["pairing", "waiting", "passcode", "ticket", "supervisor", "verify", "way-out"];
const RESULT_MS = 3000;
const WRONG_CLOCK = 60;

const element = (id) => document.getElementById(id);
const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
let place = "";
let timer = 0;

export function go(name) {
  place = name;
  for (const one of PLACES) element(one).hidden = one !== name;
  document.body.dataset.place = name;
  for (const button of document.querySelectorAll("[data-way]")) {
    button.setAttribute("aria-pressed", String(button.dataset.way === (name === "waiting" ? "face" : name)));
  }
  element("camera").hidden = !["waiting", "ticket", "verify"].includes(name);
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
  sound(tone);
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
  const list = element("recent");
  if (!lines.length) {
    list.replaceChildren(item(word("nobody_yet"), ""));
    return;
  }
  list.replaceChildren(...lines.map((line) => item(`${line.name}　${line.at}`, line.word, line.tone)));
}

function item(text, judged, tone = "plain") {
  const row = document.createElement("li");
  const mark = document.createElement("span");
  row.textContent = text;
  mark.textContent = judged;
  mark.className = `tone ${tone}`;
  row.append(mark);
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
  element("name").textContent = name ? `${name}` : sn;
}

function tick() {
  element("time").textContent = timeText();
  element("date").textContent = dateText(language);
  const wrong = wrongBy();
  element("clock-off").hidden = Math.abs(wrong) < WRONG_CLOCK;
  element("clock-off").textContent = word("clock_off", { n: Math.abs(wrong) });
}

tick();
setInterval(tick, 250);
