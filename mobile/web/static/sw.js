// The app's service worker: everything the app needs is kept on the device before it is first needed.
// A new version is fetched beside the running one and takes over only between two starts.
const VERSION = "@VERSION@";
const FILES = @FILES@; // [path, content hash, "chromium" | "other" | ""]
const PREFIX = "mumen-app-";
const LIST = "precache-list";
const scope = new URL(self.registration.scope);
// As Flutter asks, but for ImageDecoder, which a service worker does not see.
const isChromium = Boolean(Intl.v8BreakIterator) && Boolean(Intl.Segmenter);
const wanted = FILES.filter(([, , engine]) => !engine || (engine === "chromium") === isChromium);

async function olderFiles() {
  const found = new Map();
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX) || name === PREFIX + VERSION) continue;
    const cache = await caches.open(name);
    const list = await cache.match(new URL(LIST, scope));
    if (list) for (const [path, hash] of await list.json()) found.set(path + hash, cache);
  }
  return found;
}

async function install() {
  const cache = await caches.open(PREFIX + VERSION);
  const older = await olderFiles();
  const queue = [...wanted];
  const fetchSome = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [path, hash] = next;
      const url = new URL(path, scope);
      const kept = await older.get(path + hash)?.match(url);
      const answer = kept ?? (await fetch(url, { cache: "no-cache" }));
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      await cache.put(url, answer);
    }
  };
  await Promise.all([fetchSome(), fetchSome(), fetchSome(), fetchSome()]);
  await cache.put(new URL(LIST, scope), new Response(JSON.stringify(wanted)));
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== PREFIX + VERSION) await caches.delete(name);
  }
  await self.clients.claim();
}

async function answer(request) {
  const cache = await caches.open(PREFIX + VERSION);
  // Flutter asks for slices of Noto when it meets a character that its fonts lack: a rare name. One font has them all.
  const isRare = new URL(request.url).pathname.startsWith(`${scope.pathname}assets/fonts/noto`);
  const asked = request.mode === "navigate" ? scope : isRare ? new URL("fonts/all.ttf", scope) : request;
  return (await cache.match(asked, { ignoreSearch: true })) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => { if (event.data === "take over") self.skipWaiting(); });
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const isOurs = url.origin === scope.origin && url.pathname.startsWith(scope.pathname);
  if (event.request.method === "GET" && isOurs) event.respondWith(answer(event.request));
});
