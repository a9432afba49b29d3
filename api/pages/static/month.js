// Opening a person in the ranking fetches their whole sum once; without this module the link beside it leads there.
const LOADED = "loaded";

async function putSum(details) {
  if (details.dataset[LOADED] || !details.dataset.sum) return;
  details.dataset[LOADED] = "yes";
  const answer = await fetch(details.dataset.sum, { headers: { Accept: "text/html" }, redirect: "error" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const place = document.createElement("div");
  place.innerHTML = await answer.text();
  details.querySelector(".to-person").before(place);
}

function onToggle(event) {
  const details = event.target;
  if (!details.open) return;
  putSum(details).catch(() => delete details.dataset[LOADED]);
}

function openAddressed() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}

document.querySelector(".ranking")?.addEventListener("toggle", onToggle, { capture: true });
addEventListener("hashchange", openAddressed);
openAddressed();
