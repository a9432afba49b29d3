// The ways without a face, each a form of figures with its own keys on the screen, for there may be no keyboard.
import { frame, packed, picture, ready } from "./camera.js";
import { NoHall, tell } from "./hall.js";
import { NoKey, TooMany } from "./keeping.js";
import { at, busy, go, result } from "./stage.js";
import { word } from "./words.js";

const LEFT_ALONE_MS = 40000;
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "erase"];
const FORMS = ["passcode", "ticket", "supervisor", "verify"];
const READ_MS = 600;
const UNREAD = ["nothing", "busy", "unavailable"];

const element = (id) => document.getElementById(id);
const value = (form, name) => form.elements[name].value.trim();
let touched = 0;

export class Forms {
  #keeping;
  #lookFor;
  #reader;

  constructor(keeping, lookFor) {
    this.#keeping = keeping;
    this.#lookFor = lookFor;
    this.#reader = "BarcodeDetector" in globalThis ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
    for (const name of FORMS) this.#prepare(element(name));
    setInterval(() => this.#leaveAlone(), 1000);
  }

  get readsHere() {
    return this.#reader !== null;
  }

  #prepare(form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(form);
    });
    form.addEventListener("input", () => (touched = performance.now()));
    for (const pad of form.querySelectorAll(".keys")) keys(pad, form);
  }

  open(name) {
    const form = element(name);
    form.reset();
    say(form, "");
    touched = performance.now();
    go(name);
    form.querySelector("input")?.focus();
  }

  #leaveAlone() {
    const open = FORMS.some((name) => at(name));
    if (open && !busy() && performance.now() - touched > LEFT_ALONE_MS) this.close();
  }

  close() {
    for (const name of FORMS) element(name).reset();
    go("waiting");
  }

  async #send(form) {
    const button = form.querySelector("button.send");
    if (button.disabled) return;
    button.disabled = true;
    touched = performance.now();
    try {
      await this.#tell(form);
    } finally {
      button.disabled = false;
    }
  }

  async #tell(form) {
    const [path, body, proof] = asked(form);
    try {
      const answer = path ? await tell(path, body) : await this.#lookFor(body.no);
      await this.#answered(form, answer);
    } catch (error) {
      if (!(error instanceof NoHall)) throw error;
      if (proof) await this.#keep(form, ...proof);
      else say(form, word(form.id === "verify" ? "offline_face" : "offline_supervisor"));
    }
  }

  async #answered(form, answer) {
    if (answer.state === "clocked" || answer.state === "already") {
      this.close();
      await result(answer);
      return;
    }
    for (const field of form.querySelectorAll("[data-secret]")) field.value = "";
    say(form, answer.words || word("failed"));
  }

  async #keep(form, way, no, proof) {
    try {
      await this.#keeping.add(way, no, proof);
    } catch (error) {
      say(form, word(error instanceof TooMany ? "busy" : error instanceof NoKey ? "no_key" : "storage_full"));
      return;
    }
    this.close();
    dispatchEvent(new Event("kept"));
    await result({ name: no, word: word("kept"), words: word("offline_kept") }, "plain");
  }

  // While the phone's code is awaited: read it here where the browser can, else let the hall read it.
  async read() {
    if (!at("ticket") || busy() || !ready()) return;
    const text = await this.#seen();
    if (!text || !at("ticket")) return;
    touched = performance.now();
    const form = element("ticket");
    try {
      await this.#answered(form, text.state ? text : await tell("ticket", { ticket: text }));
    } catch (error) {
      if (!(error instanceof NoHall)) throw error;
      if (!text.state) await this.#keep(form, "ticket", "", text);
    }
  }

  async #seen() {
    if (this.#reader) return (await this.#reader.detect(picture()))[0]?.rawValue ?? "";
    try {
      const answer = await tell("code", packed([await frame()]));
      return UNREAD.includes(answer.state) ? "" : answer;
    } catch (error) {
      if (!(error instanceof NoHall)) throw error;
      return "";
    }
  }

  startReading() {
    const again = () => this.read().catch((error) => dispatchEvent(new CustomEvent("trouble", { detail: error })));
    setInterval(again, READ_MS);
  }
}

// Where a form goes, with what, and what is kept of it without a network.
function asked(form) {
  const no = value(form, "no");
  if (form.id === "passcode") {
    const passcode = value(form, "passcode");
    return ["passcode", { no, passcode }, ["passcode", no, passcode]];
  }
  if (form.id === "ticket") {
    const figures = value(form, "figures");
    return ["figures", { no, figures }, ["figures", no, figures]];
  }
  if (form.id === "verify") return ["", { no }, null];
  const [name, password, code] = ["name", "password", "code"].map((field) => form.elements[field].value);
  return ["supervisor", { no, name, password, code }, null];
}

function say(form, text) {
  form.querySelector(".told").textContent = text;
}

function keys(pad, form) {
  pad.append(...KEYS.map((key) => keyOf(key)));
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("button")?.dataset.key;
    if (key) press(key, fieldOf(form));
  });
}

function keyOf(key) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.key = key;
  button.textContent = key.length === 1 ? key : word(key);
  // The field keeps the focus, or a tablet's own keyboard would come and go.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  return button;
}

function fieldOf(form) {
  const focused = document.activeElement;
  return form.contains(focused) && focused.matches("input") ? focused : form.querySelector("input");
}

function press(key, field) {
  touched = performance.now();
  if (key === "clear") field.value = "";
  else if (key === "erase") field.value = field.value.slice(0, -1);
  else if (field.maxLength < 0 || field.value.length < field.maxLength) field.value += key;
  field.focus();
}
