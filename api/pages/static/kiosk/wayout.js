// No way out of this page but the administrator's code.
import { NoHall, tell } from "./hall.js";
import { go } from "./stage.js";
import { wake } from "./sound.js";
import { word } from "./words.js";

const element = (id) => document.getElementById(id);
const MAY_TYPE = /^(.|Backspace|Delete|Tab|Enter|ArrowLeft|ArrowRight|ArrowUp|ArrowDown|Home|End|Shift)$/u;
let open = false;

export function lockIn() {
  addEventListener("beforeunload", (event) => {
    if (!open) event.preventDefault();
  });
  addEventListener("contextmenu", (event) => event.preventDefault());
  addEventListener("keydown", stay, { capture: true });
  history.pushState(null, "");
  addEventListener("popstate", () => {
    if (!open) history.pushState(null, "");
  });
  document.addEventListener("pointerdown", wholeScreen);
}

// What a browser keeps for itself, such as closing a tab, no page can take: see docs/face-terminal.md for its kiosk mode.
function stay(event) {
  if (open) return;
  if (event.ctrlKey || event.altKey || event.metaKey || !MAY_TYPE.test(event.key)) event.preventDefault();
}

function wholeScreen() {
  wake();
  if (open || document.fullscreenElement || !document.fullscreenEnabled) return;
  document.documentElement.requestFullscreen({ navigationUI: "hide" }).then(
    () => navigator.keyboard?.lock?.(["Escape"]),
    () => {},
  );
}

export function administer(unpaired) {
  const form = element("way-out");
  element("administrator").addEventListener("click", () => {
    form.reset();
    unlocked(false);
    told("");
    go("way-out");
    form.elements.code.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tried(form);
  });
  element("leave").addEventListener("click", leave);
  element("unpair").addEventListener("click", () => unpair(form, unpaired));
}

async function tried(form) {
  const answer = await asked("way-out", form);
  if (answer) told(answer.state === "open" ? "" : answer.words || word("failed"));
  unlocked(answer?.state === "open");
}

function unlocked(yes) {
  element("way-out").dataset.unlocked = String(yes);
  element("unpair").dataset.sure = "false";
  element("unpair").textContent = word("unpair");
}

async function asked(path, form) {
  try {
    return await tell(path, { code: form.elements.code.value });
  } catch (error) {
    if (!(error instanceof NoHall)) throw error;
    told(word("administrator_offline"));
    return null;
  }
}

// The page goes because it should: nobody is asked whether it may.
export function letGo() {
  open = true;
}

function leave() {
  letGo();
  if (document.fullscreenElement) document.exitFullscreen();
  location.assign("/");
}

// One touch too many must not end the terminal: the second one means it.
async function unpair(form, unpaired) {
  const button = element("unpair");
  if (button.dataset.sure !== "true") {
    button.dataset.sure = "true";
    button.textContent = word("unpair_sure");
    return;
  }
  const answer = await asked("unpair", form);
  if (answer?.state === "unpaired") unpaired();
  else if (answer) told(answer.words || word("failed"));
}

function told(text) {
  element("way-out").querySelector(".told").textContent = text;
}
