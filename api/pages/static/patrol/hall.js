// What this page asks of the hall, and the three ways in which it gets no answer: see docs/patrol.md.
const SECONDS = 20;
const PHOTO_SECONDS = 90;

// No network, or a hall that cannot answer now.
export class Unreachable extends Error {
  constructor(seconds) {
    super("unreachable");
    this.seconds = seconds;
  }
}

// The hall understood and refused; `detail` is its sentence.
export class Problem extends Error {
  constructor(status, { code = "", detail = "" }) {
    super(detail || String(status));
    Object.assign(this, { status, code, detail });
  }
}

async function ask(path, options = {}, seconds = SECONDS) {
  let answer;
  try {
    answer = await fetch(path, { ...options, signal: AbortSignal.timeout(seconds * 1000), redirect: "error" });
    if (answer.ok) return answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
  } catch {
    throw new Unreachable();
  }
  if (answer.status === 429 || answer.status >= 500) throw new Unreachable(Number(answer.headers.get("Retry-After")));
  throw new Problem(answer.status, await answer.json().catch(() => ({})));
}

// `idle`: nobody touched the page since; the session must not live on for that alone.
export function fetchSession(idle) {
  return ask("/api/v1/patrol/session", { headers: idle ? { "X-Manqin-Refresh": "1" } : {} });
}

export function fetchSnapshot(idle) {
  return ask("/api/v1/patrol/snapshot", { headers: idle ? { "X-Manqin-Refresh": "1" } : {} });
}

export function sendDeeds(csrf, batch) {
  const headers = { "X-CSRF-Token": csrf, "Content-Type": "application/json" };
  return ask("/api/v1/patrol/sync", { method: "POST", headers, body: JSON.stringify(batch) });
}

export function sendPhoto(csrf, sha256, bytes) {
  const headers = { "X-CSRF-Token": csrf, "Content-Type": "image/jpeg" };
  return ask(`/api/v1/patrol/photos/${sha256}`, { method: "PUT", headers, body: bytes }, PHOTO_SECONDS);
}

export async function signOut(csrf) {
  try {
    // The answer leads to the page for signing in, which is nothing to this page.
    await fetch("/sign-out", { method: "POST", body: new URLSearchParams({ csrf }), redirect: "manual" });
  } catch {
    throw new Unreachable();
  }
}
