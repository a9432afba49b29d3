// Keeps the page ready without a network. SHELL and NAME stand before this when it is sent; questions to the hall are
// never answered from here.
self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(NAME)
      .then((cache) => cache.addAll(SHELL.map((path) => new Request(path, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

async function dropOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("kiosk-") && name !== NAME).map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener("activate", (event) => event.waitUntil(dropOthers()));

async function fetched(request, pathname) {
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(NAME)).put(pathname, answer.clone());
  return answer;
}

self.addEventListener("fetch", (event) => {
  const { pathname, searchParams } = new URL(event.request.url);
  if (event.request.method !== "GET" || !SHELL.includes(pathname)) return;
  // Another language asked for: that page takes the place of the one kept.
  if (searchParams.has("lang")) event.respondWith(fetched(event.request, pathname));
  else event.respondWith(caches.match(pathname, { cacheName: NAME }).then((kept) => kept ?? fetch(event.request)));
});
