// The hall's sentences in the reader's language, kept on the device like everything else.
const CHOSEN = "manqin-language";
let sentences = {};

export function language() {
  return localStorage.getItem(CHOSEN) ?? document.documentElement.dataset.language;
}

export async function loadWords() {
  const answer = await fetch(`/patrol/words.${language()}.json`);
  if (!answer.ok) throw new Error(`words: ${answer.status}`);
  sentences = await answer.json();
  document.documentElement.lang = language() === "zh" ? "zh-CN" : "en";
  document.title = say("title");
}

export async function speak(other) {
  localStorage.setItem(CHOSEN, other);
  await loadWords();
}

// The sentence of a key with its {placeholders} filled; a key without a sentence shows itself.
export function say(key, details = {}) {
  const sentence = sentences[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => details[name] ?? whole);
}
