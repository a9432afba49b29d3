// Parts marked data-fresh="<seconds>" are fetched again while the page is in view, and put in only where they changed.
// Nothing is taken from under somebody's hands: a part with an open form or the focus in it waits for the next time.
import { label } from "./narrow.js";

const BUSY = "input:focus, textarea:focus, select:focus, button:focus, details[open] form";
const HEADERS = { Accept: "text/html", "X-Manqin-Refresh": "1" };

async function renew(parts) {
  const answer = await fetch(location.href, { headers: HEADERS, redirect: "error" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of parts) {
    const next = fresh.getElementById(part.id);
    if (!next || part.querySelector(BUSY)) continue;
    label(next);
    if (next.innerHTML !== part.innerHTML) part.innerHTML = next.innerHTML;
  }
}

function keepFresh(parts) {
  if (!parts.length) return;
  const seconds = Math.min(...parts.map((part) => Number(part.dataset.fresh)));
  setInterval(() => {
    if (!document.hidden && navigator.onLine) renew(parts).catch(() => {});
  }, seconds * 1000);
}

keepFresh([...document.querySelectorAll("[data-fresh]")]);
