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
    told("");
    element("doors").hidden = true;
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
  if (answer?.state === "open") {
    told("");
    element("doors").hidden = false;
  } else if (answer) told(answer.words || word("failed"));
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

function leave() {
  open = true;
  if (document.fullscreenElement) document.exitFullscreen();
  location.assign("/");
}

async function unpair(form, unpaired) {
  const answer = await asked("unpair", form);
  if (answer?.state === "unpaired") unpaired();
  else if (answer) told(answer.words || word("failed"));
}

function told(text) {
  element("way-out").querySelector(".told").textContent = text;
}
