// Speaking with the hall: every answer has a state, and no answer is an answer too.
export class NoHall extends Error {}
export class Unpaired extends Error {}

const PATIENCE_MS = 5000;
const BUSY = { state: "busy", words: "" };

async function asked(path, options, patience) {
  const gone = new AbortController();
  const timer = setTimeout(() => gone.abort(), patience);
  try {
    return await fetch(`/terminal/${path}`, { ...options, signal: gone.signal, cache: "no-store" });
  } catch (error) {
    throw new NoHall(String(error));
  } finally {
    clearTimeout(timer);
  }
}

async function read(response) {
  if (response.status === 401) throw new Unpaired();
  if (response.status === 410) return { state: "over" };
  // A gateway that answers for a hall that is down, a hall that cannot store, one that suspended this terminal.
  if ([502, 503, 504].includes(response.status)) throw new NoHall(String(response.status));
  if (!response.ok) return { ...BUSY, wait: Number(response.headers.get("Retry-After")) || 1 };
  return response.json();
}

export async function ask(path) {
  return read(await asked(path, {}, PATIENCE_MS));
}

export async function tell(path, body, patience = PATIENCE_MS) {
  const raw = body instanceof Blob;
  const headers = { "X-Manqin-Terminal": "1", "Content-Type": raw ? "application/octet-stream" : "application/json" };
  const options = { method: "POST", headers, body: raw ? body : JSON.stringify(body) };
  return read(await asked(path, options, patience));
}
