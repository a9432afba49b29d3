// Keeps a page on its device, and changes to a newer one as a whole: at the start, or when the page says so.
const CHECK_EVERY = 3_600_000;

// `worker` is {script, scope, leaving}: what to call before the page makes way for the newer one.
// Calls `offer` with the function that changes over, when a newer page lies ready.
export async function install(worker, offer) {
  if (!("serviceWorker" in navigator)) return;
  const registration = await registered(worker);
  if (!registration) return;
  const change = (newer) => changeOver(newer, worker.leaving);
  if (registration.waiting && navigator.serviceWorker.controller) return change(registration.waiting);
  const watched = () => watch(registration.installing, (newer) => offer(() => change(newer)));
  registration.addEventListener("updatefound", watched);
  setInterval(() => registration.update().catch(() => {}), CHECK_EVERY);
}

async function registered({ script, scope }) {
  try {
    return await navigator.serviceWorker.register(script, { scope });
  } catch {
    // Without a network, or with a session that ended, the page that lies here is the page.
    return (await navigator.serviceWorker.getRegistration(scope)) ?? null;
  }
}

function watch(worker, ready) {
  worker?.addEventListener("statechange", () => {
    if (worker.state === "installed" && navigator.serviceWorker.controller) ready(worker);
  });
}

function changeOver(worker, leaving) {
  const change = () => {
    leaving?.();
    location.reload();
  };
  navigator.serviceWorker.addEventListener("controllerchange", change, { once: true });
  worker.postMessage("take over");
}
