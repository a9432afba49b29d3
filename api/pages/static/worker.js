// Keeps one page ready for when there is no network. The server writes PAGE, with the hash of every file, before this text.
const KEPT = `${PAGE.name} ${PAGE.version}`;
const PATHS = new Set(PAGE.files.map(([path]) => path));

// All files or none: a file that is not what its hash says, or a page to sign in instead of it, ends the installation.
async function fetchAll() {
  const wanted = PAGE.files.map(
    ([path, integrity]) => new Request(path, { integrity, cache: "reload", redirect: "error" }),
  );
  const cache = await caches.open(KEPT);
  await cache.addAll(wanted);
}

async function dropOlder() {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith(`${PAGE.name} `) && name !== KEPT);
  await Promise.all(older.map((name) => caches.delete(name)));
  await clients.claim();
}

// With a wish in its address, such as another language, a page is asked of the server first.
async function kept(request, { pathname, search }) {
  const asked = search ? await fetch(request).catch(() => null) : null;
  const cache = await caches.open(KEPT);
  return asked ?? (await cache.match(pathname)) ?? fetch(request);
}

addEventListener("install", (event) => event.waitUntil(fetchAll()));
addEventListener("activate", (event) => event.waitUntil(dropOlder()));
addEventListener("message", (event) => event.data === "take over" && skipWaiting());
addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method === "GET" && url.origin === location.origin && PATHS.has(url.pathname)) {
    event.respondWith(kept(event.request, url));
  }
});
