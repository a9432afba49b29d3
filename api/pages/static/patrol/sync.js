// One errand to the hall: what was done here goes out in order, photos after their findings, and news comes back.
import { HELD, REFUSED, STORED } from "../outbox.js";
import { Later, Stuck } from "../sender.js";
import * as album from "./album.js";
import * as hall from "./hall.js";
import { isoText } from "./moments.js";

const BATCH = 100;
// After so many photos in a row without an answer the network is taken for gone.
const FAILURES = 5;
const OUTCOMES = { stored: STORED, repeated: STORED, held: HELD, refused: REFUSED };
const TOLD = [STORED, HELD];
// Where a person settles what the hall asks for before anything else.
const DETOURS = {
  code_needed: "/sign-in/code?next=/patrol",
  password_to_change: "/account",
  second_factor_to_set_up: "/account/second-factor",
};
const SIGN_IN = "/sign-in?next=/patrol";

export class Sync {
  // How it stands: {state, sentence, link}, state one of ok, unreachable, sign_in, barred.
  status = { state: "ok" };
  offsetSeconds = 0;
  csrf = null;
  #device;
  #journal;
  #album;
  #tell;
  #idle = false;

  constructor(device, journal, photos, tell) {
    Object.assign(this, { errand: this.errand.bind(this) });
    this.#device = device;
    this.#journal = journal;
    this.#album = photos;
    this.#tell = tell;
  }

  // Returns in how many seconds to run again, if earlier than usual. Raises Later, Stuck, or hall.Unreachable.
  async errand() {
    const sent = { count: 0 };
    try {
      await this.#contact(sent);
      this.#stand({ state: "ok" });
    } catch (error) {
      this.#stumble(error, sent);
    }
    this.#idle = true;
    const ripe = this.#journal.nextRipe();
    return ripe === null ? undefined : Math.max(1, ripe / 1000);
  }

  // Somebody touched the page since the last errand.
  used() {
    this.#idle = false;
  }

  #stand(status) {
    this.status = status;
    this.#tell();
  }

  async #contact(sent) {
    await this.#payOwedSignOut();
    if (this.csrf === null) await this.#welcome(await hall.fetchSession(this.#idle));
    await this.#sendDeeds(sent);
    const lost = [await this.#refresh(sent), await this.#sendPhotos(sent)].find(Boolean);
    if (lost) throw lost;
  }

  // The hall as it is now. Photos need not wait for it: returns what went wrong when the network lost it.
  async #refresh(sent) {
    try {
      const snapshot = await hall.fetchSnapshot(this.#idle && sent.count === 0);
      // Somebody else has signed in meanwhile, in another tab.
      if (snapshot.account !== this.#device.account) throw this.#anew();
      await this.#device.keepSnapshot(snapshot);
      this.#tell();
      return null;
    } catch (error) {
      if (error instanceof hall.Unreachable) return error;
      throw error;
    }
  }

  // The session is another one now: ask whose before anything is sent.
  #anew() {
    this.csrf = null;
    return new Later(1);
  }

  async #payOwedSignOut() {
    const owed = await this.#device.owedSignOut();
    if (!owed) return;
    await hall.signOut(owed);
    await this.#device.signedOut();
  }

  async #welcome(session) {
    const same = this.#device.account === session.account;
    await this.#device.belongTo(session);
    this.csrf = session.csrf;
    if (!same) await Promise.all([this.#journal.load(), this.#album.look()]);
  }

  #stumble(error, sent) {
    if (error instanceof hall.Unreachable || error instanceof Later) {
      this.#stand({ state: "unreachable" });
      if (error instanceof Later || error.seconds) throw error instanceof Later ? error : new Later(error.seconds);
      throw sent.count > 0 ? new Later(1) : error;
    }
    if (!(error instanceof hall.Problem)) {
      reportError(error);
      throw error;
    }
    if (error.code === "form_expired") throw this.#anew();
    if (error.status === 401) this.csrf = null;
    this.#stand(
      error.status === 401
        ? { state: "sign_in", link: SIGN_IN }
        : { state: "barred", sentence: error.detail, link: DETOURS[error.code] ?? null },
    );
    throw new Stuck(error.message);
  }

  async #sendDeeds(sent) {
    let size = BATCH;
    for (let ready = this.#journal.ready(); ready.length > 0; ready = this.#journal.ready()) {
      const entries = ready.slice(0, size);
      try {
        await this.#sendBatch(entries);
        sent.count += entries.length;
      } catch (error) {
        if (error.status !== 413 || size === 1) throw error;
        size = Math.ceil(size / 4);
      }
    }
  }

  async #sendBatch(entries) {
    const deeds = entries.map(({ deed }) => told(deed));
    const batch = { tablet: this.#device.id, sent_at: isoText(new Date()), deeds };
    const { offset_seconds: offset, results } = await hall.sendDeeds(this.csrf, batch);
    this.offsetSeconds = offset;
    const byId = new Map(entries.map((entry) => [entry.id, entry]));
    const answers = results.filter(({ id, outcome }) => byId.has(id) && OUTCOMES[outcome]);
    if (answers.length < entries.length) throw new hall.Unreachable();
    await this.#journal.settle(answers.map(({ id, outcome, sentence }) => [byId.get(id), OUTCOMES[outcome], sentence]));
  }

  // A photo that fails stays behind alone: the others and every finding go on without it. Returns what went wrong.
  async #sendPhotos(sent) {
    let [failures, inARow] = [0, 0];
    for (const photo of await this.#sendable()) {
      try {
        await this.#sendPhoto(photo);
        sent.count += 1;
        inARow = 0;
      } catch (error) {
        if (!(error instanceof hall.Unreachable)) throw error;
        failures += 1;
        inARow += 1;
        if (inARow === FAILURES) break;
      }
    }
    return failures > 0 ? new hall.Unreachable() : null;
  }

  // Photos whose findings the hall has: one that is undone must not leave the tablet.
  async #sendable() {
    const waiting = (await this.#album.look()).filter(({ state }) => state === album.WAITING);
    const untold = new Set(this.#journal.entries.filter(({ state }) => !TOLD.includes(state)).map(({ id }) => id));
    return waiting.filter(({ deed }) => !untold.has(deed));
  }

  async #sendPhoto({ sha256 }) {
    const bytes = await this.#album.bytes(sha256);
    if (!bytes) return;
    try {
      await hall.sendPhoto(this.csrf, sha256, bytes);
      await this.#album.remove(sha256);
    } catch (error) {
      if (!(error instanceof hall.Problem) || ![413, 415, 422].includes(error.status)) throw error;
      await this.#album.refuse(sha256, error.detail);
    }
    this.#tell();
  }
}

// Without what only this tablet needs to know.
function told({ trouble: _trouble, ...deed }) {
  return deed;
}
