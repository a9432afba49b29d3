// What lies on this device: whose it is now, the key to it, the hall as it was at the last contact.
//
// A tablet is shared. Names are kept only for the account that is signed in, and as ciphertext; signing out, or another
// account signing in, takes the key and the names away. What was not sent yet stays, and opens again only to its owner.
import { Database } from "../database.js";
import { OUTBOX } from "../outbox.js";
import { keyFrom, seal, unseal } from "../sealing.js";

const STORES = { ...OUTBOX, photos: { keyPath: ["owner", "sha256"] }, pictures: {}, kept: {} };
const MARK = "manqin_account";
// Without contact for so long, names are no longer shown.
const LONGEST_HOURS = 24;

export class Device {
  account = null;
  key = null;
  snapshot = null;

  static async open() {
    const device = new Device();
    device.database = await Database.open("manqin-patrol", 1, STORES);
    device.id = await device.#ownId();
    await device.#recall();
    return device;
  }

  async #ownId() {
    const known = await this.database.get("kept", "tablet");
    if (known) return known;
    const made = crypto.randomUUID();
    await this.database.put("kept", made, "tablet");
    return made;
  }

  async #recall() {
    const owner = await this.database.get("kept", "owner");
    if (!owner) return;
    if (owner.account !== signedInAs()) return this.forget();
    Object.assign(this, owner);
    const sealed = await this.database.get("kept", "snapshot");
    const snapshot = sealed && (await unseal(this.key, sealed));
    this.snapshot = snapshot && isRecent(snapshot) ? snapshot : null;
  }

  // Whoever is signed in now may read their own; what another account could read is gone first.
  async belongTo({ account, key }) {
    if (this.account === account) return;
    await this.forget();
    const own = { account, key: await keyFrom(key) };
    await this.database.put("kept", own, "owner");
    Object.assign(this, own);
  }

  async keepSnapshot(snapshot) {
    const sealed = await seal(this.key, snapshot);
    await this.database.put("kept", sealed, "snapshot");
    this.snapshot = snapshot;
  }

  async forget() {
    await this.database.write("kept", ({ kept }) => {
      kept.delete("snapshot");
      kept.delete("owner");
    });
    Object.assign(this, { account: null, key: null, snapshot: null });
  }

  // Signing out without a network: the session itself is ended at the next contact, by the token it was opened with.
  async signOutLater(csrf) {
    await this.database.put("kept", csrf, "owed");
    document.cookie = `${MARK}=; Max-Age=0; Path=/; Secure; SameSite=Strict`;
    await this.forget();
  }

  owedSignOut() {
    return this.database.get("kept", "owed");
  }

  signedOut() {
    return this.database.remove("kept", "owed");
  }
}

// The account of this browser's session, as the hall wrote it beside the session; it goes when somebody signs out.
function signedInAs() {
  const marks = document.cookie.split("; ").map((cookie) => cookie.split("="));
  return marks.find(([name]) => name === MARK)?.[1] ?? null;
}

function isRecent(snapshot) {
  return Math.abs(Date.now() - Date.parse(snapshot.taken_at)) < LONGEST_HOURS * 3_600_000;
}
