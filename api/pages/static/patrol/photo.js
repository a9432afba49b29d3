// A picture as it may leave the tablet: small, and without what the camera wrote into it (place, time, maker).
import { digest } from "../sealing.js";

const LONGEST_SIDE = 1600;
const SMALLER_SIDE = 1100;
const MOST_BYTES = 400_000;
const QUALITIES = [0.82, 0.7, 0.55, 0.4];
const LARGEST_FILE = 64 * 1024 * 1024;

// Why a file cannot be taken: "too_large" or "no_photo".
export class Unfit extends Error {}

// {bytes, sha256} of a JPEG made anew from the pixels alone. Raises Unfit.
export async function prepared(file) {
  if (file.size > LARGEST_FILE) throw new Unfit("too_large");
  const picture = await decoded(file);
  try {
    const bytes = await (await smallEnough(picture)).arrayBuffer();
    return { bytes, sha256: await digest(bytes) };
  } finally {
    picture.close();
  }
}

async function decoded(file) {
  try {
    return await createImageBitmap(file);
  } catch {
    throw new Unfit("no_photo");
  }
}

async function smallEnough(picture) {
  let blob;
  for (const side of [LONGEST_SIDE, SMALLER_SIDE]) {
    const canvas = drawn(picture, side);
    for (const quality of QUALITIES) {
      blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
      if (blob.size <= MOST_BYTES) return blob;
    }
  }
  return blob;
}

function drawn(picture, side) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const size = [picture.width, picture.height].map((length) => Math.max(1, Math.round(length * scale)));
  const canvas = new OffscreenCanvas(...size);
  canvas.getContext("2d", { alpha: false }).drawImage(picture, 0, 0, ...size);
  return canvas;
}
