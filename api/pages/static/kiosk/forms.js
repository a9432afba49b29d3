// The ways without a face. Figures have keys of their own on the screen, for there may be no keyboard.
import * as camera from "./camera.js";
import { seen } from "./codes.js";
import { NoHall, tell } from "./hall.js";
import { NoKey, TooMany } from "./keeping.js";
import { at, busy, go, leftAlone, result } from "./stage.js";
import { word } from "./words.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "erase"];
const FORMS = ["passcode", "figures", "supervisor", "verify"];
const READ_MS = 400;
// What every code of a hall begins with: nobody's advertisement is kept to be checked later.
const MARK = "MQ1:";

const element = (id) => document.getElementById(id);
const value = (form, name) => form.elements[name].value.trim();

export class Forms {
  #keeping;
  #lookFor;
  // What a phone showed that the hall did not take: it is not told again as long as it is held up.
  #refused = "";

  constructor(keeping, lookFor) {
    this.#keeping = keeping;
    this.#lookFor = lookFor;
    for (const name of FORMS) this.#prepare(element(name));
    for (const pad of document.querySelectorAll(".keys")) keys(pad);
    element("type-figures").addEventListener("click", () => this.open("figures"));
    setInterval(() => leftAlone() && !busy() && this.close(), 1000);
  }

  #prepare(form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(form);
    });
  }

  // Where there is no camera, the figures are what a phone can show.
  open(name) {
    const place = element(name === "ticket" && camera.missing() ? "figures" : name);
    this.#refused = "";
    if (place.matches("form")) place.reset();
    say(place, "");
    go(place.id);
    place.querySelector("input")?.focus();
  }

  close() {
    for (const form of document.forms) form.reset();
    go("waiting");
  }

  async #send(form) {
    const button = form.querySelector("button.send");
    if (button.disabled) return;
    button.disabled = true;
    say(form, word("checking"));
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

  async #answered(place, answer) {
    if (answer.state === "clocked" || answer.state === "already") {
      this.close();
      await result(answer);
      return;
    }
    for (const field of place.querySelectorAll("[data-secret]")) field.value = "";
    say(place, answer.words || word(answer.state === "busy" ? "busy" : "failed"));
  }

  async #keep(place, way, no, proof) {
    try {
      await this.#keeping.add(way, no, proof);
    } catch (error) {
      say(place, word(error instanceof TooMany ? "busy" : error instanceof NoKey ? "no_key" : "storage_full"));
      return;
    }
    this.close();
    dispatchEvent(new Event("kept"));
    await result({ name: no, word: word("kept"), words: word("offline_kept") }, "plain");
  }

  async #read() {
    if (!at("ticket") || busy() || !camera.ready()) return;
    const ticket = await seen();
    if (!ticket || ticket === this.#refused || !at("ticket")) return;
    const place = element("ticket");
    if (!ticket.startsWith(MARK)) {
      say(place, word("ticket_foreign"));
      return;
    }
    try {
      const answer = await tell("ticket", { ticket });
      if (answer.state === "refused") this.#refused = ticket;
      await this.#answered(place, answer);
    } catch (error) {
      if (!(error instanceof NoHall)) throw error;
      await this.#keep(place, "ticket", "", ticket);
    }
  }

  // While the phone's code is awaited, one look after the other.
  async startReading() {
    for (;;) {
      await this.#read().catch((error) => dispatchEvent(new CustomEvent("trouble", { detail: error })));
      await new Promise((resolve) => setTimeout(resolve, READ_MS));
    }
  }
}

// Where a form goes, with what, and what is kept of it without a network.
function asked(form) {
  const no = value(form, "no");
  if (form.id === "passcode") {
    const passcode = value(form, "passcode");
    return ["passcode", { no, passcode }, ["passcode", no, passcode]];
  }
  if (form.id === "figures") {
    const figures = value(form, "figures");
    return ["figures", { no, figures }, ["figures", no, figures]];
  }
  if (form.id === "verify") return ["", { no }, null];
  const [name, password, code] = ["name", "password", "code"].map((field) => form.elements[field].value);
  return ["supervisor", { no, name, password, code }, null];
}

function say(place, text) {
  place.querySelector(".told").textContent = text;
}

function keys(pad) {
  pad.append(...KEYS.map((key) => keyOf(key)));
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("button")?.dataset.key;
    if (key) press(key, fieldOf(pad.closest("form")));
  });
}

function keyOf(key) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.key = key;
  button.textContent = key.length === 1 ? key : word(key);
  // The field keeps the focus.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  return button;
}

function fieldOf(form) {
  const focused = document.activeElement;
  return form.contains(focused) && focused.matches("input") ? focused : form.querySelector("input");
}

function press(key, field) {
  if (key === "clear") field.value = "";
  else if (key === "erase") field.value = field.value.slice(0, -1);
  else if (field.maxLength < 0 || field.value.length < field.maxLength) field.value += key;
  field.focus();
}
