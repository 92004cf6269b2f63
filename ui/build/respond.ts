/* What respondents load: the page behind a link, the widget for other people's pages, and the files both share.
 *
 * The words around the questions are `virtual:respond/core`, `…/more` and `…/page`: the keys of the catalogue below
 * ui.respond., ui.respond_more., …, in both languages; `core,page` is two groups in one, `core:vi` one language.
 * `respond()` builds these files behind the application's own and fails when the widget's first load is larger than promised.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type InlineConfig, type Plugin } from 'vite';

/* Everything that a widget with a scale, stars and a text loads first, in the longer of the two languages. */
const mostWidget = 8 * 1024;
const ui = fileURLToPath(new URL('..', import.meta.url));
const catalogue = (language: string) => fileURLToPath(new URL(`../../locales/${language}.json`, import.meta.url));
const prefixes: Record<string, string> = { core: 'ui.respond.', more: 'ui.respond_more.', page: 'ui.respond_page.' };
const virtual = 'virtual:respond/';

export function respondWords(): Plugin {
  return {
    name: 'respond-words',
    enforce: 'pre',
    resolveId: (id) => (id.startsWith(virtual) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${virtual}`)) return;
      const [wanted, only] = id.slice(virtual.length + 1).split(':') as [string, string | undefined];
      const groups = wanted.split(',').map((each) => prefixes[each]!);
      const out: Record<string, Record<string, string>> = {};
      for (const language of ['vi', 'en']) {
        const all = JSON.parse(readFileSync(catalogue(language), 'utf8')) as Record<string, string>;
        out[language] = Object.fromEntries(Object.entries(all).flatMap(([key, text]) => groups.filter((each) => key.startsWith(each)).map((each) => [key.slice(each.length), text])));
        this.addWatchFile(catalogue(language));
      }
      return `export default ${JSON.stringify(only ? out[only] : out)}`;
    },
  };
}

/* One build of its own beside the application's: nothing is shared but the folder. */
function make(more: InlineConfig['build'], define: Record<string, string> = {}): Promise<unknown> {
  return build({
    configFile: false,
    root: `${ui}respond`,
    logLevel: 'warn',
    publicDir: false,
    plugins: [respondWords()],
    define,
    build: { outDir: `${ui}dist`, emptyOutDir: false, target: 'es2022', cssTarget: ['chrome111', 'safari16.4', 'firefox121'], assetsInlineLimit: 0, modulePreload: false, ...more },
  });
}

const names = { hashCharacters: 'base36' as const };

export function respond(): Plugin {
  return {
    name: 'respond',
    apply: 'build',
    async closeBundle() {
      const started = `${ui}dist/index.html`;
      if (!readFileSync(started, 'utf8')) return;
      await make({ rolldownOptions: { input: [`${ui}respond/respond.html`, `${ui}respond/optout.html`], output: names } });
      const parts = { more: `${ui}respond/more/entry.ts`, stars: `${ui}respond/widget/stars.ts`, vi: `${ui}respond/widget/vi.ts`, en: `${ui}respond/widget/en.ts` };
      await make({ rolldownOptions: { input: parts, preserveEntrySignatures: 'strict', output: { ...names, entryFileNames: 'w/assets/[name]-[hash].js', format: 'es' } } });
      const made = readdirSync(`${ui}dist/w/assets`);
      const part = (name: string) => made.find((each) => each.startsWith(`${name}-`))!;
      const define = { __FILES__: JSON.stringify(Object.fromEntries(Object.keys(parts).map((each) => [each, part(each)]))) };
      await make({ lib: { entry: `${ui}respond/widget/widget.ts`, formats: ['iife'], name: 'cham', fileName: () => 'w/survey.js' } }, define);
      await make({ rolldownOptions: { input: `${ui}respond/worker.ts`, output: { entryFileNames: 's/worker.js', format: 'iife' } } });
      // A worker is the same script for ever only if its text says which files it keeps.
      const page = readFileSync(`${ui}dist/respond.html`, 'utf8');
      const worker = `${ui}dist/s/worker.js`;
      writeFileSync(worker, `${readFileSync(worker, 'utf8')}// ${gzipSync(page).length} ${[...page.matchAll(/assets\/[\w.-]+/g)].join(' ')}\n`);
      const packed = (file: string) => gzipSync(readFileSync(`${ui}dist/w/${file}`), { level: 9 }).length;
      const widget = packed('survey.js') + Math.max(packed(`assets/${part('vi')}`), packed(`assets/${part('en')}`));
      const stars = widget + packed(`assets/${part('stars')}`);
      const text = `the first load of a widget is ${widget} bytes (gzip), with stars and votes ${stars}`;
      if (stars > mostWidget) this.error(text);
      else this.info(text);
    },
  };
}
