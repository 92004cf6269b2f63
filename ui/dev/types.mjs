/* Writes src/lib/openapi.d.ts: the shapes the running server describes. `CHAM=http://127.0.0.1:8080 npm run types`. */
import openapi, { astToString } from 'openapi-typescript';
import { writeFileSync } from 'node:fs';

const server = process.env.CHAM ?? 'http://127.0.0.1:8080';
const served = await (await fetch(`${server}/openapi.json`, { headers: { 'accept-language': 'en' } })).json();
const shapes = { openapi: served.openapi, info: served.info, paths: {}, components: { schemas: served.components.schemas } };
const text = astToString(await openapi(shapes));
writeFileSync(new URL('../src/lib/openapi.d.ts', import.meta.url), `/* Written by \`npm run types\` from the served description; not edited by hand. */\n${text}`);
