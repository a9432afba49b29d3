// How much this device still holds. The last megabytes are kept for findings, which are small, and closed to photos.
const RESERVE = 5_000_000;
const SCARCE = 50_000_000;
const SCARCE_SHARE = 0.1;

// Bytes a photo may still take.
export async function roomLeft() {
  const { quota = Infinity, usage = 0 } = (await navigator.storage.estimate?.()) ?? {};
  return quota - usage - RESERVE;
}

export async function isScarce() {
  const { quota = Infinity, usage = 0 } = (await navigator.storage.estimate?.()) ?? {};
  return quota - usage < Math.min(SCARCE, quota * SCARCE_SHARE) + RESERVE;
}

// Ask the browser not to clear this page's storage when the disk runs short.
export async function persist() {
  return (await navigator.storage.persisted?.()) || (await navigator.storage.persist?.()) || false;
}
