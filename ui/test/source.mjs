/* Gives the tests the modules of src/ as the pages see them: TypeScript, runes and words resolved by Vite. */
import { createServer } from 'vite';
import { fileURLToPath } from 'node:url';

const address = new URL('http://cham.test/');
globalThis.location = { pathname: '/', search: '', origin: address.origin };
globalThis.history = {
  pushState: (_, __, to) => move(to),
  replaceState: (_, __, to) => move(to),
};
function move(to) {
  const url = new URL(to, address);
  Object.assign(globalThis.location, { pathname: url.pathname, search: url.search });
}
globalThis.document ??= { documentElement: { lang: '', dataset: {} } };

/* Opens the sources; `module('lib/format.ts')` is one of them. Close them at the end. */
export async function sources() {
  const server = await createServer({
    root: fileURLToPath(new URL('..', import.meta.url)),
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    appType: 'custom',
    logLevel: 'error',
    optimizeDeps: { noDiscovery: true, include: [] },
  });
  return { module: (path) => server.ssrLoadModule(`/src/${path}`), close: () => server.close() };
}
