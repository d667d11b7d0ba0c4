// Keeps the page for use without a network. The pages themselves come from the network while there is one, so that
// an update is seen at once; everything else carries its hash or version in its address, and comes from the cache.

// Makes this a module, with a `self` of its own type.
export {};

declare const self: ServiceWorkerGlobalScope;
/** Put in by the build: the files' addresses relative to the page, and a version that changes with any of them. */
declare const __FILES__: readonly string[];
declare const __VERSION__: string;

const FILES: readonly string[] = __FILES__;
/** An origin may serve several demos, each below a path of its own. */
const PREFIX = `mnist-onnx ${self.registration.scope} `;
const CACHE = PREFIX + __VERSION__;

/** Beyond this wait a slow network counts as none. */
const PATIENCE_MS = 3000;

self.addEventListener('install', (event) => {
  event.waitUntil(keepAll().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOldCaches().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(self.registration.scope)) return;
  const path = new URL(request.url).pathname;
  const isPage = request.mode === 'navigate' || path.endsWith('/models.json');
  event.respondWith(isPage ? fromNetwork(request) : fromCache(request));
});

async function keepAll(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all(
    FILES.map(async (file) => {
      // The page has just loaded most of them: what the browser holds is not fetched again.
      const isFixed = /[/?]/.test(file.replace(/^\.\//, ''));
      const response = await fetch(file, { cache: isFixed ? 'force-cache' : 'no-cache' });
      if (!response.ok) throw new Error(`${file}: status ${response.status}`);
      await cache.put(file, response);
    }),
  );
}

/** The version before this one stays: pages that are still open may ask for its files. */
async function dropOldCaches(): Promise<void> {
  const own = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(own.slice(0, -1).map((name) => caches.delete(name)));
}

/** Whether the last page came from the cache: its list of networks then does not wait for the network once more. */
let isPageKept = false;

async function fromNetwork(request: Request): Promise<Response> {
  const address = request.url.replace(/index\.html(?=$|[?#])/, '');
  const kept = await (await caches.open(CACHE)).match(address, { ignoreSearch: true, ignoreVary: true });
  if (!kept) return fetch(request);
  const isPage = request.mode === 'navigate';
  if (isPageKept && !isPage) return kept;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const response = await fetch(request, { signal: patience.signal });
    // A server that is being mended is as good as none.
    if (response.status < 500) {
      if (isPage) isPageKept = false;
      return response;
    }
  } catch {
    // There is no network, or a slow one.
  } finally {
    clearTimeout(timer);
  }
  if (isPage) isPageKept = true;
  return kept;
}

async function fromCache(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  // Other models, and WebGPU's runtime: there next time, also without a network.
  if (response.ok && response.type === 'basic') {
    await (await caches.open(CACHE)).put(request, response.clone()).catch(() => {});
  }
  return response;
}
