// The camera: frames as JPEG in memory, and whether anything moves before it.
const WIDE = 640;
const QUALITY = 0.85;
const SMALL = { width: 32, height: 24 };
const MOVED = 6;

const video = document.getElementById("camera");
const canvas = document.createElement("canvas");
const small = Object.assign(document.createElement("canvas"), SMALL);
let before = null;
let failed = false;

export async function open() {
  const wished = { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 720 } };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: wished, audio: false });
    video.srcObject = stream;
    await video.play();
    failed = false;
    return stream.getVideoTracks()[0];
  } catch (error) {
    failed = true;
    throw error;
  }
}

// Whether it could not be opened when that was tried last.
export function missing() {
  return failed;
}

export function ready() {
  return video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && video.videoWidth > 0;
}

export function picture() {
  return video;
}

// One frame and when it was taken.
export function frame() {
  const scale = Math.min(1, WIDE / video.videoWidth);
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  const seconds = performance.now() / 1000;
  return new Promise((resolve, reject) => {
    canvas.toBlob((jpeg) => (jpeg ? resolve({ seconds, jpeg }) : reject(new Error("no frame"))), "image/jpeg", QUALITY);
  });
}

// Frames as the server parts them: seconds, length, JPEG.
export function packed(frames) {
  const parts = [];
  for (const { seconds, jpeg } of frames) {
    const head = new DataView(new ArrayBuffer(12));
    head.setFloat64(0, seconds);
    head.setUint32(8, jpeg.size);
    parts.push(head.buffer, jpeg);
  }
  return new Blob(parts);
}

// Whether the picture changed since it was last asked: an empty hall need not be looked at five times a second.
export function moved() {
  const context = small.getContext("2d", { willReadFrequently: true });
  context.drawImage(video, 0, 0, SMALL.width, SMALL.height);
  const { data } = context.getImageData(0, 0, SMALL.width, SMALL.height);
  const grey = Uint8Array.from({ length: SMALL.width * SMALL.height }, (_, i) => data[4 * i + 1]);
  const last = before;
  before = grey;
  if (!last) return true;
  return grey.reduce((sum, value, i) => sum + Math.abs(value - last[i]), 0) / grey.length > MOVED;
}
