// The way by face: look, ask for a movement where one is due, say kindly what to do. A face is never matched here.
import { frame, moved, packed, ready } from "./camera.js";
import { tell } from "./hall.js";
import { arrow, busy, go, hint } from "./stage.js";
import { sound } from "./sound.js";
import { word } from "./words.js";

const IDLE_MS = 1500;
const AGAIN = 3;
const WATCH_MS = 3000;
const FRAMES = 16;

let last = 0;
let doubts = { state: "", times: 0 };
let quiet = 0;
// What was last said aloud: whoever goes on standing there, a visitor perhaps, is not told with a sound again.
let aloud = "";

// One look, or none when nothing stands before the camera. Returns the hall's answer where it is a result.
export async function look() {
  const at = performance.now();
  if (!ready() || busy() || at < quiet) return null;
  if (!moved() && at - last < IDLE_MS) return null;
  last = at;
  return answered(await tell("frames", packed([await frame()])));
}

// The same for somebody who said their number.
export async function lookFor(no) {
  return answered(await tell(`frames?no=${encodeURIComponent(no)}`, packed([await frame(), await frame()])), true);
}

async function answered(answer, named = false) {
  if (answer.state === "challenge") return challenged(answer);
  if (answer.state === "clocked" || answer.state === "already") {
    doubts = { state: "", times: 0 };
    aloud = "";
    return answer;
  }
  if (answer.state === "busy") quiet = performance.now() + 1000 * (answer.wait ?? 1);
  if (answer.state === "unavailable") quiet = performance.now() + 30000;
  if (!named) doubt(answer);
  return named ? answer : null;
}

// One frame proves little: a doubt is told when it lasts.
function doubt(answer) {
  const nobody = answer.reasons?.includes("no_face");
  doubts = answer.state === doubts.state && !nobody ? { ...doubts, times: doubts.times + 1 } : { state: answer.state, times: 1 };
  if (nobody) aloud = "";
  if (nobody) hint(word("waiting"));
  else if (answer.state === "unclear") hint(answer.words, "do");
  else if (answer.state === "unavailable") hint(word("face_unavailable"), "stop");
  else if (answer.state === "busy") hint(word("busy"));
  else if (answer.state === "refused") hint(answer.words, "stop");
  else if (doubts.times < AGAIN) hint(word("looking"));
  else doubted(answer);
}

function doubted(answer) {
  doubts = { state: "", times: 0 };
  hint(answer.words, "stop");
  if (answer.state === "uncertain") go("verify");
  if (answer.state !== aloud) sound(answer.state === "uncertain" ? "ask" : "bad");
  aloud = answer.state;
  quiet = performance.now() + 2000;
}

// What was asked, filmed for three seconds and sent as it is.
async function challenged({ step, token, words }) {
  hint(words, "ask");
  arrow(step);
  sound("ask");
  try {
    const frames = await filmed();
    const answer = await tell(`challenge?token=${encodeURIComponent(token)}`, packed(frames), 20000);
    if (answer.state === "clocked" || answer.state === "already") return answer;
    hint(answer.words, "stop");
    quiet = performance.now() + 2500;
    return null;
  } finally {
    arrow("");
  }
}

async function filmed() {
  const frames = [];
  const begun = performance.now();
  for (let i = 0; i < FRAMES; i += 1) {
    const due = begun + (i * WATCH_MS) / (FRAMES - 1);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    frames.push(await frame());
  }
  return frames;
}
