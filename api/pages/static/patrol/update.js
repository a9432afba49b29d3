// Keeps the page on this tablet, and changes to a newer one as a whole: at the start, or when the inspector says so.
const CHECK_EVERY = 3_600_000;

// Calls `offer` with the function that changes over, when a newer page lies ready.
export async function install(offer) {
  if (!("serviceWorker" in navigator)) return;
  const registration = await registered();
  if (!registration) return;
  if (registration.waiting && navigator.serviceWorker.controller) return changeOver(registration.waiting);
  registration.addEventListener("updatefound", () => watch(registration.installing, offer));
  setInterval(() => registration.update().catch(() => {}), CHECK_EVERY);
}

async function registered() {
  try {
    return await navigator.serviceWorker.register("/patrol/sw.js", { scope: "/patrol" });
  } catch {
    // Without a network, or with a session that ended, the page that lies here is the page.
    return (await navigator.serviceWorker.getRegistration("/patrol")) ?? null;
  }
}

function watch(worker, offer) {
  worker?.addEventListener("statechange", () => {
    const isNewer = worker.state === "installed" && navigator.serviceWorker.controller;
    if (isNewer) offer(() => changeOver(worker));
  });
}

function changeOver(worker) {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  worker.postMessage("take over");
}
