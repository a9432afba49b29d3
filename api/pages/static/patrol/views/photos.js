// The photos of a finding: the camera, and what was taken.
import { h } from "../dom.js";
import { isOpen } from "../journal.js";
import { say } from "../words.js";
import { button } from "./parts.js";

const MOST = 6;
const drawn = new Map();

export function photos(app, entry) {
  const { photos: taken = [] } = entry.deed;
  const shown = taken.map((sha256) => picture(app, entry, sha256));
  if (app.busy === entry.id) return [...shown, h("p", { class: "busy", role: "status" }, say("photo_busy"))];
  return isOpen(entry) && taken.length < MOST ? [...shown, camera(app, entry)] : shown;
}

function camera(app, { id, deed }) {
  const take = async ({ target }) => {
    const [file] = target.files;
    if (!file) return;
    app.busy = id;
    app.draw();
    try {
      await app.attach(id, file);
    } finally {
      app.busy = null;
      app.draw();
    }
  };
  const input = h("input", {
    type: "file",
    accept: "image/*",
    capture: "environment",
    onclick: () => app.journal.hold(id),
    oncancel: () => app.release(id),
    onchange: take,
    "data-key": "camera",
  });
  return h("label", { class: "camera button main" }, input, say(deed.photos?.length ? "photo_more" : "photo"));
}

function picture(app, entry, sha256) {
  const image = h("img", { alt: say("photo_of", { number: entry.deed.photos.indexOf(sha256) + 1 }) });
  show(app, image, sha256);
  const remove = () => app.removePhoto(entry.id, sha256);
  const away = isOpen(entry) && button(say("photo_remove"), remove, { class: "plain" });
  return h("figure", {}, image, away);
}

// The picture as it lies here; once the hall has it, from there.
async function show(app, image, sha256) {
  if (!drawn.has(sha256)) {
    const bytes = await app.album.bytes(sha256);
    if (bytes) drawn.set(sha256, URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })));
  }
  image.src = drawn.get(sha256) ?? `/api/v1/patrol/photos/${sha256}`;
}
