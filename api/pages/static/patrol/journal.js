// Everything this account did on this tablet today and whatever of older days is not settled, newest last.
// An entry is {place, id, state, said, ripe, deed}: the queue's entry with its deed in clear.
import { Outbox, REFUSED, STORED, WAITING } from "../outbox.js";
import { seal, unseal } from "../sealing.js";
import { heldFor, made, ripeAfterWork, ripeAt, ripeWithoutWork } from "./deeds.js";
import { dayOf } from "./moments.js";
import { giveUp, isFull } from "./storage.js";

export class Journal extends EventTarget {
  entries = [];
  others = 0;
  unreadable = 0;
  #device;
  #outbox;
  #changes = 0;
  #heard = false;
  #hearing = false;
  #channel = new BroadcastChannel("manqin-patrol");

  constructor(device) {
    super();
    this.#device = device;
    this.#outbox = new Outbox(device.database);
    this.#channel.onmessage = () => this.#hear();
  }

  // Another tab has changed something: however often it says so, we look once at a time.
  async #hear() {
    this.#heard = true;
    if (this.#hearing) return;
    this.#hearing = true;
    while (this.#heard) {
      this.#heard = false;
      this.dispatchEvent(new Event("elsewhere"));
      await this.load();
    }
    this.#hearing = false;
  }

  // Reads everything again: at the start, for another account, or when another tab has changed something.
  async load() {
    let before;
    do {
      before = this.#changes;
      const { account, key } = this.#device;
      const own = account ? await this.#outbox.of(account) : [];
      const entries = (await Promise.all(own.map((entry) => opened(key, entry)))).filter(Boolean);
      this.unreadable = own.length - entries.length;
      this.others = await this.#outbox.ofOthers(account);
      // What was recorded while we were reading must not vanish.
      if (before === this.#changes) this.entries = entries;
    } while (before !== this.#changes);
    await this.#dropSettled();
    this.dispatchEvent(new Event("change"));
  }

  // What the hall has from earlier days is of no use here any more.
  async #dropSettled() {
    const today = dayOf(new Date());
    const over = this.entries.filter((entry) => entry.state === STORED && !entry.deed.at.startsWith(today));
    if (over.length === 0) return;
    await this.#outbox.remove(...over.map((entry) => entry.place));
    this.entries = this.entries.filter((entry) => !over.includes(entry));
  }

  find(id) {
    return this.entries.find((entry) => entry.id === id);
  }

  // Kept on the disk when the promise is: this is what "saved" means to the inspector.
  async record(kind, fields) {
    const deed = made(kind, fields);
    const body = { ripe: ripeAt(deed), sealed: await seal(this.#device.key, deed) };
    const add = () => this.#outbox.add(this.#device.account, deed.id, body);
    const { place, id, state, said } = await this.#written(add);
    const entry = { place, id, state, said, ripe: body.ripe, deed };
    this.entries = [...this.entries, entry];
    this.#changed();
    return entry;
  }

  // What must be kept is kept on the reserve, when there is no other room.
  async #written(write) {
    try {
      return await write();
    } catch (error) {
      if (!isFull(error)) throw error;
      await giveUp(this.#device.database);
      return write();
    }
  }

  // Changes a deed that was not sent yet; returns whether it could still be changed.
  async amend(id, fields) {
    const entry = this.find(id);
    const deed = { ...entry.deed, ...fields };
    const sealed = await seal(this.#device.key, deed);
    return this.#put(entry, { deed }, (body) => ({ ...body, sealed }));
  }

  // Somebody is at work on a deed: it waits for them.
  hold(id) {
    const ripe = ripeAfterWork();
    return this.#put(this.find(id), { ripe }, (body) => ({ ...body, ripe }));
  }

  release(id) {
    const entry = this.find(id);
    const ripe = ripeWithoutWork(entry.deed);
    return this.#put(entry, { ripe }, (body) => ({ ...body, ripe }));
  }

  async #put(entry, changes, changeBody) {
    const change = (stored) =>
      isOpen({ ...stored, ripe: stored.body.ripe }) ? { ...stored, body: changeBody(stored.body) } : null;
    const changed = await this.#written(() => this.#outbox.change(entry.place, change));
    if (changed) {
      Object.assign(entry, changes);
      this.#changed();
    }
    return Boolean(changed);
  }

  async undo(id) {
    const entry = this.find(id);
    if (!isOpen(entry)) return false;
    await this.drop(id);
    return true;
  }

  // The hall's answers: [[entry, state, said], …].
  async settle(answers) {
    await this.#written(() => this.#outbox.settle(answers.map(([entry, state, said]) => [entry.place, state, said])));
    for (const [{ id }, state, said] of answers) Object.assign(this.find(id) ?? {}, { state, said });
    this.#changed();
  }

  // Takes an entry off this device: undone, or refused by the hall and seen by a person.
  async drop(id) {
    await this.#outbox.remove(this.find(id).place);
    this.entries = this.entries.filter((entry) => entry.id !== id);
    this.#changed();
  }

  #changed() {
    this.#changes += 1;
    this.dispatchEvent(new Event("change"));
    this.#channel.postMessage("changed");
  }

  // What may be sent now, in order; nothing overtakes a deed that may still be undone.
  ready() {
    const waiting = this.entries.filter((entry) => entry.state === WAITING);
    const first = waiting.findIndex(isOpen);
    return first < 0 ? waiting : waiting.slice(0, first);
  }

  unsettled() {
    return this.entries.filter((entry) => entry.state === WAITING || entry.state === REFUSED);
  }

  // Milliseconds until the next deed may be sent; nothing when none waits.
  nextRipe() {
    const left = this.entries.filter((entry) => entry.state === WAITING).map((entry) => heldFor(entry.ripe));
    return left.length ? Math.min(...left) : null;
  }
}

// Whether a deed can still be changed or undone: it lies here and its minute is not over.
export function isOpen(entry) {
  return entry.state === WAITING && heldFor(entry.ripe) > 0;
}

// Nothing for an entry that this key does not open: it stays where it is.
async function opened(key, { place, id, state, said, body }) {
  try {
    return { place, id, state, said, ripe: body.ripe, deed: await unseal(key, body.sealed) };
  } catch {
    return null;
  }
}
