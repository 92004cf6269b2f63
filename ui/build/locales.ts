/* The words of the interface, taken from the catalogue that the server shares.
 *
 * `virtual:words/vi` and `virtual:words/en` hold only the keys that start with
 * "ui." (but not the respondents' own) or "text."; each language is a chunk of its own, so that a browser loads one.
 * The build fails when a key is missing in one language, when the placeholders
 * of the two languages differ, or when a component names a key that is nowhere.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

type Words = Record<string, string>;
const languages = ['vi', 'en'] as const;
const folder = new URL('../../locales/', import.meta.url);
const prefix = 'virtual:words/';

const path = (language: string) => fileURLToPath(new URL(`${language}.json`, folder));

function read(language: string): Words {
  const all = JSON.parse(readFileSync(path(language), 'utf8')) as Words;
  return Object.fromEntries(Object.entries(all).filter(([key]) => /^(ui|text)\./.test(key) && !/^ui\.respond(_\w+)?\./.test(key)));
}

const places = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join(' ');

function differences(vi: Words, en: Words): string[] {
  const found: string[] = [];
  for (const key of new Set([...Object.keys(vi), ...Object.keys(en)])) {
    const [a, b] = [vi[key], en[key]];
    if (a === undefined || b === undefined) found.push(`${key} is missing in ${a === undefined ? 'vi' : 'en'}.json`);
    else if (places(a) !== places(b)) found.push(`${key} has other placeholders in vi.json than in en.json`);
  }
  return found;
}

export function locales(): Plugin {
  let vi: Words = {};
  return {
    name: 'locales',
    enforce: 'pre',
    buildStart() {
      vi = read('vi');
      const wrong = differences(vi, read('en'));
      if (wrong.length) this.error(wrong.join('\n'));
    },
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return;
      const language = id.slice(prefix.length + 1);
      this.addWatchFile(path(language));
      return `export default ${JSON.stringify(read(language))}`;
    },
    transform(code, id) {
      if (!/src\/.*\.(svelte|ts)$/.test(id)) return;
      for (const [, key] of code.matchAll(/\bt\(\s*'(ui\.[\w.]+)'/g)) {
        if (vi[key!] === undefined) this.error(`${key} is in no catalogue (${id})`);
      }
    },
    handleHotUpdate({ file, server }) {
      if (languages.some((language) => file === path(language))) server.ws.send({ type: 'full-reload' });
    },
  };
}
