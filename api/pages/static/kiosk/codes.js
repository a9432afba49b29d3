// The code of a phone, read on this device, with a network or without: by the browser where it can, else by ZXing, which
// the hall sends out of an installed package.
import { picture } from "./camera.js";

const WIDE = 800;
const canvas = document.createElement("canvas");
let reading = null;

// The text of a code before the camera; empty when none is seen, or nothing here can read one.
export async function seen() {
  reading ??= reader();
  return (await reading)(picture());
}

async function reader() {
  return (await byBrowser()) ?? (await byZXing()) ?? (() => "");
}

// On some systems browsers know the name of the reader and no kind of code.
async function byBrowser() {
  const kinds = (await globalThis.BarcodeDetector?.getSupportedFormats()) ?? [];
  if (!kinds.includes("qr_code")) return null;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async (video) => (await detector.detect(video))[0]?.rawValue ?? "";
}

async function byZXing() {
  try {
    await import("/terminal/reader.js");
  } catch {
    return null;
  }
  const code = new ZXing.QRCodeReader();
  const hints = new Map([[ZXing.DecodeHintType.TRY_HARDER, true]]);
  return (video) => {
    try {
      const light = new ZXing.HTMLCanvasElementLuminanceSource(drawn(video));
      return code.decode(new ZXing.BinaryBitmap(new ZXing.HybridBinarizer(light)), hints).getText();
    } catch (error) {
      if (error instanceof ZXing.Exception) return "";
      throw error;
    }
  };
}

function drawn(video) {
  const scale = Math.min(1, WIDE / video.videoWidth);
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d", { willReadFrequently: true }).drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas;
}
