// A few tones, so that nobody has to look twice: rising is good, level is late, falling is not done.
const TONES = { good: [660, 880], late: [520, 520, 520], plain: [660], bad: [330, 220], ask: [740] };
const LONG = 0.12;

let context = null;

// Browsers let a page sound only after somebody touched it, unless they were told otherwise.
export function wake() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => {});
}

export function sound(tone) {
  if (context?.state !== "running") return;
  (TONES[tone] ?? TONES.plain).forEach((pitch, i) => note(pitch, context.currentTime + i * (LONG + 0.03)));
}

function note(pitch, at) {
  const oscillator = new OscillatorNode(context, { frequency: pitch });
  const gain = new GainNode(context, { gain: 0.2 });
  gain.gain.setTargetAtTime(0, at + LONG * 0.7, 0.03);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + LONG + 0.1);
}
