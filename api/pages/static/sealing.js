// What lies on a shared device is ciphertext (AES-256-GCM) under a key that the hall hands to one account alone.
const ALGORITHM = "AES-GCM";
const NONCE_BYTES = 12;

// The key can be used in this browser and never read out of it again.
export function keyFrom(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey("raw", bytes, ALGORITHM, false, ["encrypt", "decrypt"]);
}

export async function seal(key, value) {
  return sealBytes(key, new TextEncoder().encode(JSON.stringify(value)));
}

export async function unseal(key, sealed) {
  return JSON.parse(new TextDecoder().decode(await unsealBytes(key, sealed)));
}

export async function sealBytes(key, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return { iv, bytes: await crypto.subtle.encrypt({ name: ALGORITHM, iv }, key, bytes) };
}

// Rejects when the key is another's or the bytes were changed.
export function unsealBytes(key, { iv, bytes }) {
  return crypto.subtle.decrypt({ name: ALGORITHM, iv }, key, bytes);
}

export async function digest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
