// The face terminal's page: pair, look, fall back, keep what the network does not take.
import { install } from "../update.js";
import { open as openCamera } from "./camera.js";
import { remember, settle } from "./clocks.js";
import { Forms } from "./forms.js";
import { NoHall, Unpaired, ask } from "./hall.js";
import { Keeping } from "./keeping.js";
import { look, lookFor } from "./looking.js";
import { pair } from "./pairing.js";
import { at, busy, go, hint, lettered, named, network, recent, result, unsent } from "./stage.js";
import { administer, letGo, lockIn } from "./wayout.js";
import { word } from "./words.js";

const HEARTBEAT_MS = 5000;
const LOOK_MS = 200;
const WORKER = { script: "/terminal/worker.js", scope: "/terminal/", leaving: letGo };

let keeping;
let there = false;
let camera = null;
let pairing = false;
let changeOver = null;

async function heartbeat() {
  const asked = performance.now();
  try {
    const state = await ask(`state?wall=${Date.now()}`);
    settleIn(true);
    if (state.paired) await paired(state, asked);
    else await unpaired();
  } catch (error) {
    if (!(error instanceof NoHall)) throw error;
    settleIn(false);
  }
}

async function paired(state, asked) {
  const anchor = settle(state.now, asked, state.zone);
  await keeping.remember("anchor", anchor);
  await keeping.remember("key", state.key);
  await settleDown({ name: state.name, sn: state.sn, letters: state.letters });
  recent(state.recent);
  if (pairing) return;
  if (at("pairing") || !document.body.dataset.place) goWaiting();
  await send();
  if (changeOver && at("waiting") && !busy()) changeOver();
}

// Who this terminal is, kept for a start without a network.
async function settleDown(place) {
  await keeping.remember("place", place);
  know(place);
}

function know({ name, sn, letters }) {
  named(name, sn);
  lettered(letters);
}

async function unpaired() {
  if (pairing) return;
  pairing = true;
  const was = await keeping.kept("place");
  await keeping.remember("place", null);
  try {
    await pair(was ? word("unpaired") : "");
  } finally {
    pairing = false;
  }
  goWaiting();
  await heartbeat();
}

function goWaiting() {
  go("waiting");
  standing();
}

function settleIn(now) {
  if (there !== now || !document.body.dataset.offline) network(now);
  const changed = there !== now;
  there = now;
  if (changed || !now) standing();
}

// What the line under the camera says when nobody is being looked at.
function standing() {
  if (!at("waiting")) return;
  if (!there) hint(word("offline_face"), "stop");
  else if (camera?.readyState !== "live") hint(word("no_camera"), "stop");
  else hint(word("waiting"));
}

async function send() {
  if (await keeping.count()) await keeping.send();
  await counted();
}

async function counted() {
  unsent(await keeping.count(), keeping.aside);
}

async function looking() {
  if (!camera || !there || !at("waiting") || busy()) return;
  if (camera.readyState !== "live") {
    camera = null;
    standing();
    return;
  }
  const answer = await look();
  if (!answer) return;
  await shown(answer);
}

async function shown(answer) {
  const done = result(answer);
  standing();
  if (answer.state === "clocked") heartbeatSoon();
  await done;
}

function heartbeatSoon() {
  heartbeat().catch(trouble);
}

async function withCamera() {
  if (camera) return;
  try {
    camera = await openCamera();
  } catch {
    camera = null;
  }
  standing();
}

function trouble(error) {
  if (error instanceof NoHall) settleIn(false);
  else if (error instanceof Unpaired) unpaired().catch(trouble);
  else console.error(error);
}

async function forever(work, every) {
  for (;;) {
    await work().catch(trouble);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

async function start() {
  lockIn();
  install(WORKER, (take) => (changeOver = take)).catch(trouble);
  keeping = await Keeping.open();
  const anchor = await keeping.kept("anchor");
  const place = await keeping.kept("place");
  if (anchor) remember(anchor);
  if (place) {
    know(place);
    goWaiting();
  }
  await counted();
  const forms = new Forms(keeping, lookFor);
  for (const button of document.querySelectorAll("[data-way]")) {
    button.addEventListener("click", () => (button.dataset.way === "face" ? forms.close() : forms.open(button.dataset.way)));
  }
  for (const button of document.querySelectorAll("[data-back]")) button.addEventListener("click", () => forms.close());
  administer(() => heartbeatSoon());
  forms.startReading().catch(trouble);
  addEventListener("kept", () => counted().catch(trouble));
  addEventListener("trouble", (event) => trouble(event.detail));
  addEventListener("online", heartbeatSoon);
  addEventListener("offline", heartbeatSoon);
  forever(heartbeat, HEARTBEAT_MS);
  forever(looking, LOOK_MS);
  forever(withCamera, HEARTBEAT_MS);
}

start().catch(trouble);
