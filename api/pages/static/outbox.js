// A queue that outlives the page: what was done without a network waits here, in order, until the hall has answered.
// An entry is {place, id, owner, state, body, said}. `body` is whatever the page keeps, sealed where it names people;
// `owner` is the account that made it, and `said` the hall's answer.
import { kept } from "./database.js";

export const OUTBOX = { outbox: { keyPath: "place", autoIncrement: true } };

export const WAITING = "waiting";
export const STORED = "stored";
export const REFUSED = "refused";
export const HELD = "held";

export class Outbox {
  #database;

  constructor(database) {
    this.#database = database;
  }

  // Returns only when the entry is on the disk. `more` may write to `stores` in the same transaction.
  add(owner, id, body, stores = [], more = () => {}) {
    const entry = { id, owner, state: WAITING, body, said: null };
    return this.#database.write(["outbox", ...stores], async (places) => {
      await more(places);
      return { ...entry, place: await kept(places.outbox.add(entry)) };
    });
  }

  // All entries of one owner in the order they were made.
  async of(owner) {
    return (await this.#database.all("outbox")).filter((entry) => entry.owner === owner);
  }

  // How many entries of other accounts wait on this device.
  async ofOthers(owner) {
    const all = await this.#database.all("outbox");
    return all.filter((entry) => entry.owner !== owner && entry.state !== STORED).length;
  }

  // Changes an entry as it is now; one that is gone, or that `change` returns nothing for, stays as it is.
  change(place, change) {
    return this.#database.write("outbox", async ({ outbox }) => {
      const entry = await kept(outbox.get(place));
      const changed = entry && change(entry);
      if (changed) await kept(outbox.put(changed));
      return changed;
    });
  }

  // The hall's answer to some entries: [[place, state, said], …].
  settle(answers) {
    return this.#database.write("outbox", async ({ outbox }) => {
      for (const [place, state, said] of answers) {
        const entry = await kept(outbox.get(place));
        if (entry) await kept(outbox.put({ ...entry, state, said }));
      }
    });
  }

  remove(...places) {
    return this.#database.write("outbox", async ({ outbox }) => {
      for (const place of places) await kept(outbox.delete(place));
    });
  }
}
