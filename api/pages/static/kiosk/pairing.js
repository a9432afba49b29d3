// A device nobody has paired yet: it shows a code until somebody in the office has typed it.
import { NoHall, tell } from "./hall.js";
import { at, go } from "./stage.js";
import { word } from "./words.js";

const ASK_MS = 2000;
const element = (id) => document.getElementById(id);

export async function pair(why = "") {
  go("pairing");
  element("pairing-why").textContent = why;
  while (at("pairing")) {
    if (await shown()) return;
  }
}

// One code, from its beginning to its end; true when it was typed.
async function shown() {
  const asked = await beginning();
  if (!asked.code) {
    await pause(asked.wait ? asked.wait * 1000 : ASK_MS);
    return false;
  }
  const until = performance.now() + asked.seconds * 1000;
  element("pairing-code").textContent = `${asked.code.slice(0, 3)} ${asked.code.slice(3)}`;
  while (performance.now() < until) {
    element("pairing-left").textContent = word("pair_left", { n: Math.ceil((until - performance.now()) / 1000) });
    const state = await claimed(asked.claim);
    if (state === "paired") return true;
    if (state === "over") return false;
    await pause(ASK_MS);
  }
  return false;
}

async function beginning() {
  try {
    const asked = await tell("pairing", {});
    if (!asked.code) instead(asked.words || word("busy"));
    return asked;
  } catch (error) {
    if (!(error instanceof NoHall)) throw error;
    instead(word("pair_lost"));
    return {};
  }
}

function instead(words) {
  element("pairing-code").textContent = "— — —";
  element("pairing-left").textContent = words;
}

async function claimed(claim) {
  try {
    return (await tell("pairing/claim", { claim })).state;
  } catch (error) {
    if (!(error instanceof NoHall)) throw error;
    return "waiting";
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
