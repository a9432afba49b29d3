// Photos that wait on this device, each sealed for the account that took it.
import { kept } from "../database.js";
import { sealBytes, unsealBytes } from "../sealing.js";
import { isFull, layUp } from "./storage.js";

export const WAITING = "waiting";
export const REFUSED = "refused";

// No room for a photo; its finding is kept all the same.
export class NoRoom extends Error {}

export class Album {
  // What is known of each photo of this account: {sha256, deed, size, state, said}.
  photos = [];
  #device;

  constructor(device) {
    this.#device = device;
  }

  get #database() {
    return this.#device.database;
  }

  #key(sha256) {
    return [this.#device.account, sha256];
  }

  async add(deed, { bytes, sha256 }) {
    // Where findings already live on the reserve, there is no room for pictures.
    if (!(await layUp(this.#database))) throw new NoRoom();
    const sealed = await sealBytes(this.#device.key, bytes);
    const photo = { owner: this.#device.account, sha256, deed, size: bytes.byteLength, state: WAITING, said: null };
    try {
      await this.#database.write(["photos", "pictures"], async ({ photos, pictures }) => {
        await kept(photos.put(photo));
        await kept(pictures.put(sealed, this.#key(sha256)));
      });
    } catch (error) {
      throw isFull(error) ? new NoRoom() : error;
    }
    await this.look();
  }

  async look() {
    this.photos = (await this.#database.all("photos")).filter((photo) => photo.owner === this.#device.account);
    return this.photos;
  }

  // The JPEG itself; nothing when it is not on this device (any more).
  async bytes(sha256) {
    const sealed = await this.#database.get("pictures", this.#key(sha256));
    return sealed && unsealBytes(this.#device.key, sealed);
  }

  async refuse(sha256, said) {
    await this.#database.write("photos", async ({ photos }) => {
      const photo = await kept(photos.get(this.#key(sha256)));
      if (photo) await kept(photos.put({ ...photo, state: REFUSED, said }));
    });
    this.photos = this.photos.map((photo) => (photo.sha256 === sha256 ? { ...photo, state: REFUSED, said } : photo));
  }

  async remove(sha256) {
    await this.#database.write(["photos", "pictures"], async ({ photos, pictures }) => {
      await kept(photos.delete(this.#key(sha256)));
      await kept(pictures.delete(this.#key(sha256)));
    });
    this.photos = this.photos.filter((photo) => photo.sha256 !== sha256);
  }
}
