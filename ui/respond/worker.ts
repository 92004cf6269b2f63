/// <reference lib="webworker" />
/* Keeps the kiosk's page for when there is no network. The page itself puts into the cache what it needs (kiosk.ts); everything
 * is asked of the network first. */
const scope = self as unknown as ServiceWorkerGlobalScope;

scope.addEventListener('install', () => void scope.skipWaiting());
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== scope.location.origin || url.pathname.startsWith('/api/')) return;
  event.respondWith(fetch(request).catch(async () => (await caches.match(url.pathname, { ignoreVary: true })) ?? Response.error()));
});
