/* The tracking client for pages that load it by a script element: the file of the npm package, as it is. */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const file = new URL('../node_modules/@segment/analytics-next/dist/umd/standalone.js', import.meta.url);

export function client(): Plugin {
  return {
    name: 'client',
    apply: 'build',
    generateBundle() {
      const source = readFileSync(file, 'utf8').replace(/\n?\/\/# sourceMappingURL=.*$/m, '');
      this.emitFile({ type: 'asset', fileName: 'client/analytics.min.js', source });
    },
  };
}
