/* Fails the build when the first page needs more JavaScript than a slow telephone should wait for. */
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const most = 150 * 1024;
const firstPage = 'src/pages/journeys/Journeys.svelte';

export function budget(): Plugin {
  return {
    name: 'budget',
    generateBundle(_, bundle) {
      const needed = new Set<string>();
      const add = (file: string) => {
        const chunk = bundle[file];
        if (chunk?.type !== 'chunk' || needed.has(file)) return;
        needed.add(file);
        chunk.imports.forEach(add);
      };
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        const words = chunk.moduleIds.some((id) => id.endsWith('virtual:words/vi'));
        if (chunk.isEntry || words || chunk.moduleIds.some((id) => id.endsWith(firstPage))) add(chunk.fileName);
      }
      let size = 0;
      for (const file of needed) {
        const chunk = bundle[file];
        if (chunk?.type === 'chunk') size += gzipSync(chunk.code).length;
      }
      const text = `the first page needs ${(size / 1024).toFixed(1)} KB of JavaScript (gzip) in ${needed.size} files`;
      if (size > most) this.error(text);
      else this.info(text);
    },
  };
}
