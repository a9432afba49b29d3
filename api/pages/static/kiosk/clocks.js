// The server's time, kept by the clock nobody can set. The device's own wall clock is only told, never shown.
export const SESSION = crypto.randomUUID();

let anchor = null;
let zone = 480;

export function clocks() {
  return { wall: Date.now(), mono: performance.now(), session: SESSION };
}

// `server` is what the server said, half of whose way back is added.
export function settle(server, asked, eastMinutes) {
  const here = clocks();
  zone = eastMinutes ?? zone;
  anchor = { server: server + (here.mono - asked) / 2, clocks: here };
  return anchor;
}

// From an earlier session, when the page starts without a network.
export function remember(kept) {
  anchor ??= kept;
}

export function lastAnchor() {
  return anchor;
}

export function now() {
  if (!anchor) return Date.now();
  if (anchor.clocks.session === SESSION) return anchor.server + performance.now() - anchor.clocks.mono;
  return Date.now() - (anchor.clocks.wall - anchor.server);
}

// Seconds by which this device's wall clock is wrong.
export function wrongBy() {
  return anchor ? Math.round((Date.now() - now()) / 1000) : 0;
}

const two = (number) => String(number).padStart(2, "0");

function here() {
  return new Date(now() + zone * 60000);
}

export function timeText() {
  const at = here();
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
}

export function dateText(language) {
  const wished = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "zh-CN", wished).format(here());
}
