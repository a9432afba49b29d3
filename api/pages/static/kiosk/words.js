// The page's sentences, which came with it, so that they are here without a network.
const sentences = JSON.parse(document.getElementById("words").textContent);

export function word(key, details = {}) {
  return sentences[key].replace(/\{(\w+)\}/g, (_, name) => String(details[name] ?? ""));
}
