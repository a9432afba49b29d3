// The face terminal's page: pair, look, fall back, keep what the network does not take.
import { open as openCamera } from "./camera.js";
import { remember, settle } from "./clocks.js";
import { Forms } from "./forms.js";
import { NoHall, Unpaired, ask } from "./hall.js";
import { Keeping } from "./keeping.js";
import { look, lookFor } from "./looking.js";
import { pair } from "./pairing.js";
import { at, busy, go, hint, named, network, recent, result, unsent } from "./stage.js";
import { administer, lockIn } from "./wayout.js";
import { word } from "./words.js";

const HEARTBEAT_MS = 5000;
const LOOK_MS = 300;

let keeping;
let there = false;
let camera = null;
let pairing = false;

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
  await keeping.remember("place", { name: state.name, sn: state.sn, zone: state.zone });
  named(state.name, state.sn);
  recent(state.recent);
  if (pairing) return;
  if (at("pairing") || !document.body.dataset.place) go("waiting");
  await send();
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
  go("waiting");
  await heartbeat();
}

function settleIn(now) {
  if (there !== now || !document.body.dataset.offline) network(now);
  there = now;
  if (!now && at("waiting")) hint(word("offline_face"), "stop");
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
    return;
  }
  const answer = await look();
  if (!answer) return;
  await shown(answer);
}

async function shown(answer) {
  const done = result(answer);
  hint(word("waiting"));
  if (answer.state === "clocked") heartbeatSoon();
  await done;
}

function heartbeatSoon() {
  heartbeat().catch(trouble);
}

async function withCamera() {
  try {
    if (camera) return;
    camera = await openCamera();
    if (there) hint(word("waiting"));
  } catch {
    hint(word("no_camera"), "stop");
  }
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
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/terminal/worker.js", { scope: "/terminal/" }).catch(trouble);
  keeping = await Keeping.open();
  const anchor = await keeping.kept("anchor");
  const place = await keeping.kept("place");
  if (anchor) remember(anchor);
  if (place) {
    named(place.name, place.sn);
    go("waiting");
  }
  recent([]);
  await counted();
  const forms = new Forms(keeping, lookFor);
  for (const button of document.querySelectorAll("[data-way]")) {
    button.addEventListener("click", () => (button.dataset.way === "face" ? forms.close() : forms.open(button.dataset.way)));
  }
  for (const button of document.querySelectorAll("[data-back]")) button.addEventListener("click", () => forms.close());
  administer(() => heartbeatSoon());
  forms.startReading();
  addEventListener("kept", () => counted().catch(trouble));
  addEventListener("trouble", (event) => trouble(event.detail));
  addEventListener("online", heartbeatSoon);
  addEventListener("offline", heartbeatSoon);
  forever(heartbeat, HEARTBEAT_MS);
  forever(looking, LOOK_MS);
  forever(withCamera, HEARTBEAT_MS);
}

start().catch(trouble);
