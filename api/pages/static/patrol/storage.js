// How much this tablet still holds. A few megabytes lie ready for findings, which are small: when it is full they are given
// up, so that what is seen can still be recorded. Browsers do not tell reliably how much is left; they refuse when nothing is.
const RESERVE_BYTES = 4_000_000;
const RESERVE = "reserve";
const SCARCE = 50_000_000;
const SCARCE_SHARE = 0.1;
const MANY_BYTES = 200_000_000;

export function isFull(error) {
  return error.name === "QuotaExceededError";
}

// Whether somebody should send soon: photos have piled up, or the browser says that little is left.
export async function isScarce(photos) {
  const waiting = photos.reduce((sum, { size }) => sum + size, 0);
  const { quota = Infinity, usage = 0 } = (await navigator.storage.estimate?.()) ?? {};
  return waiting > MANY_BYTES || quota - usage < Math.min(SCARCE, quota * SCARCE_SHARE);
}

// Whether the reserve lies ready: it is laid up where it does not, if there is room for it.
export async function layUp(database) {
  if ((await database.keys("kept")).includes(RESERVE)) return true;
  const filling = new Uint8Array(RESERVE_BYTES);
  // Zeros would be stored as next to nothing. At most 64 KiB of chance can be had at once.
  for (let at = 0; at < RESERVE_BYTES; at += 65_536) crypto.getRandomValues(filling.subarray(at, at + 65_536));
  try {
    await database.put("kept", filling, RESERVE);
    return true;
  } catch (error) {
    if (!isFull(error)) throw error;
    return false;
  }
}

export function giveUp(database) {
  return database.remove("kept", RESERVE);
}

// Ask the browser not to clear this page's storage when the disk runs short.
export async function persist() {
  return (await navigator.storage.persisted?.()) || (await navigator.storage.persist?.()) || false;
}
