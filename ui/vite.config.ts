import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { budget } from './build/budget';
import { client } from './build/client';
import { locales } from './build/locales';
import { respond, respondWords } from './build/respond';

// The server the development pages talk to; `CHAM=http://127.0.0.1:8090 npm run dev` chooses another.
const server = process.env.CHAM ?? 'http://127.0.0.1:8080';

// Origin is rewritten as well: the server refuses a change that comes from another origin.
const proxied = { target: server, changeOrigin: true, headers: { origin: server } };

export default defineConfig({
  plugins: [locales(), respondWords(), svelte(), budget(), client(), respond()],
  resolve: { alias: { $respond: fileURLToPath(new URL('./respond', import.meta.url)), $: fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    port: 5173,
    proxy: { '/api': proxied, '/docs': proxied, '/openapi.json': proxied, '/version': proxied },
    fs: { allow: ['..'] },
  },
  build: {
    target: 'es2022',
    // The content security policy allows neither data: addresses nor inline scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { hashCharacters: 'base36' } },
  },
});
