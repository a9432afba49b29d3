// Without a network: what was typed or shown is closed with the hall's public key and kept with both clocks until the
// hall has answered. Nobody can read it on this device, this page included.
import { Database } from "../database.js";
import { OUTBOX, Outbox } from "../outbox.js";
import { clocks, lastAnchor } from "./clocks.js";
import { tell } from "./hall.js";

const OWNER = "terminal";
const AT_ONCE = 20;
const TRIES = 5;
const TRIES_WITHIN_MS = 300000;
const PADDING = { name: "RSA-OAEP", hash: "SHA-256" };

export class TooMany extends Error {}
export class NoKey extends Error {}

export class Keeping {
  #database;
  #outbox;
  #tries = new Map();
  aside = 0;

  static async open() {
    const keeping = new Keeping();
    keeping.#database = await Database.open("manqin-terminal", 1, { ...OUTBOX, kept: {} });
    keeping.#outbox = new Outbox(keeping.#database);
    navigator.storage?.persist?.().catch(() => {});
    return keeping;
  }

  kept(name) {
    return this.#database.get("kept", name);
  }

  remember(name, value) {
    return this.#database.put("kept", value, name);
  }

  async count() {
    return (await this.#outbox.of(OWNER)).length;
  }

  // Returns only when the entry is on the disk.
  async add(way, no, proof) {
    this.#guard(no || proof);
    const here = clocks();
    const letter = { way, no, proof, wall: here.wall, mono: here.mono };
    const sealed = await this.#sealed(letter);
    await this.#outbox.add(OWNER, crypto.randomUUID(), { sealed, clocks: here, before: lastAnchor() });
  }

  // A wrong passcode is found out only later: nobody may fill the list with guesses meanwhile.
  #guard(whom) {
    const at = performance.now();
    const tries = (this.#tries.get(whom) ?? []).filter((one) => at - one < TRIES_WITHIN_MS);
    if (tries.length >= TRIES) throw new TooMany();
    this.#tries.set(whom, [...tries, at]);
  }

  async #sealed(letter) {
    const spki = await this.kept("key");
    if (!spki) throw new NoKey();
    const bytes = Uint8Array.from(atob(spki), (character) => character.charCodeAt(0));
    const key = await crypto.subtle.importKey("spki", bytes, PADDING, false, ["encrypt"]);
    const sealed = await crypto.subtle.encrypt(PADDING, key, new TextEncoder().encode(JSON.stringify(letter)));
    return btoa(String.fromCharCode(...new Uint8Array(sealed)));
  }

  // Sends what waits; each entry is forgotten once the hall has answered it. Returns what was answered.
  async send() {
    const answered = [];
    for (let waiting = await this.#outbox.of(OWNER); waiting.length; waiting = await this.#outbox.of(OWNER)) {
      const some = waiting.slice(0, AT_ONCE);
      const entries = some.map(({ id, body }) => ({ id, ...body }));
      const answer = await tell("entries", { clocks: clocks(), entries }, 60000);
      const settled = new Set((answer.entries ?? []).map((entry) => entry.id));
      if (!settled.size) break;
      await this.#outbox.remove(...some.filter((entry) => settled.has(entry.id)).map((entry) => entry.place));
      answered.push(...answer.entries);
    }
    this.aside += answered.filter((entry) => entry.state === "set_aside").length;
    return answered;
  }
}
