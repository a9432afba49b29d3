// The inspector's page: which view is shown, what every view may ask for, and what happens to a photo.
import { Sender } from "../sender.js";
import { Album, NoRoom } from "./album.js";
import { Device } from "./device.js";
import { replace } from "./dom.js";
import { Journal } from "./journal.js";
import { prepared, Unfit } from "./photo.js";
import { currentRound, seenOn } from "./round.js";
import { roster } from "./roster.js";
import { isScarce, layUp, persist } from "./storage.js";
import { Sync } from "./sync.js";
import { banners } from "./views/banners.js";
import { topBar } from "./views/top.js";
import { viewAt } from "./views/views.js";

const SECONDS_BETWEEN = 60;

export class App {
  newer = null;
  scarce = false;
  notice = null;
  #view = null;
  #drawn = false;
  #persisted = null;
  #places;

  static async start(places) {
    const app = new App();
    app.#places = places;
    app.device = await Device.open();
    app.journal = new Journal(app.device);
    app.album = new Album(app.device);
    app.sync = new Sync(app.device, app.journal, app.album, () => app.draw());
    app.sender = new Sender("manqin-patrol", SECONDS_BETWEEN, app.sync.errand);
    await Promise.all([app.journal.load(), app.album.look()]);
    app.#listen();
    app.show();
    layUp(app.device.database);
    return app;
  }

  #listen() {
    this.journal.addEventListener("change", () => this.draw());
    this.journal.addEventListener("elsewhere", () => this.album.look());
    addEventListener("hashchange", () => this.show());
    for (const event of ["online", "offline"]) addEventListener(event, () => this.draw());
    addEventListener("pointerdown", () => this.sync.used());
    addEventListener("keydown", () => this.sync.used());
    setInterval(() => this.#view?.tick?.(), 1000);
  }

  get snapshot() {
    return this.device.snapshot;
  }

  get round() {
    return currentRound(this.journal.entries);
  }

  get seen() {
    return seenOn(this.round, this.journal.entries);
  }

  get windows() {
    return roster(this.snapshot, this.journal.entries);
  }

  // Another view, from its beginning.
  show() {
    this.#view?.leave?.();
    this.#view = viewAt(this, location.hash);
    this.notice = null;
    this.#places.main.replaceChildren(this.#view.main);
    this.redraw();
    scrollTo(0, 0);
  }

  go(hash) {
    if (location.hash === hash) this.show();
    else location.hash = hash;
  }

  // The same view with what has changed; however often it is asked for, once a frame.
  draw() {
    if (this.#drawn) return;
    this.#drawn = true;
    setTimeout(() => {
      this.#drawn = false;
      if (Boolean(this.snapshot) !== this.#view.open) this.show();
      else this.redraw();
    });
  }

  redraw() {
    this.#view.update?.();
    replace(this.#places.top, topBar(this));
    replace(this.#places.banners, ...banners(this));
    replace(this.#places.actions, ...(this.#view.actions?.() ?? []));
  }

  tell(notice) {
    this.notice = notice;
    this.draw();
  }

  async record(kind, fields) {
    const entry = await this.journal.record(kind, fields);
    this.sendInTime();
    this.#persisted ??= persist();
    return entry;
  }

  // A photo for a deed that is kept already. It comes when it is ready, or the deed stands without it and says why.
  async attach(id, file) {
    try {
      const photo = await prepared(file);
      if (this.journal.find(id)) await this.#keep(id, photo);
    } catch (error) {
      if (!(error instanceof Unfit) && !(error instanceof NoRoom)) throw error;
      await this.#without(id, error instanceof NoRoom ? "no_room" : error.message);
    } finally {
      await this.release(id);
      await this.weigh();
    }
  }

  // Nobody is at work on a deed any more.
  async release(id) {
    if (!this.journal.find(id)) return;
    await this.journal.release(id);
    this.sendInTime();
  }

  sendInTime() {
    const left = this.journal.nextRipe();
    if (left !== null) this.sender.within(left / 1000);
  }

  async #keep(id, photo) {
    await this.album.add(id, photo);
    const { photos = [] } = this.journal.find(id).deed;
    if (await this.journal.amend(id, { photos: [...new Set([...photos, photo.sha256])], trouble: null })) return;
    await this.album.remove(photo.sha256);
    this.tell("too_late");
  }

  async weigh() {
    this.scarce = await isScarce(this.album.photos);
    this.draw();
  }

  async #without(id, trouble) {
    await this.journal.amend(id, { trouble });
    this.tell(trouble);
  }

  async removePhoto(id, sha256) {
    const { photos = [] } = this.journal.find(id).deed;
    if (await this.journal.amend(id, { photos: photos.filter((other) => other !== sha256) })) await this.album.remove(sha256);
  }

  // Takes a deed and its photos off this tablet: undone within its minute, or refused and seen.
  async drop(id) {
    const { photos = [] } = this.journal.find(id).deed;
    await this.journal.drop(id);
    for (const sha256 of photos) await this.album.remove(sha256);
  }
}
