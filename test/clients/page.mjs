// A shop's page in Chromium: another origin than the server's, with a client as it comes from npm.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { chromium } from "playwright-core";

import { freePort, root } from "../help/server.mjs";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const modules = path.join(root, "test/node_modules");
const types = { ".js": "text/javascript", ".mjs": "text/javascript", ".html": "text/html; charset=utf-8" };

// Serves `html` at / and the files of test/node_modules below it.
async function shop(t, html) {
  const server = http.createServer((asked, reply) => {
    const name = new URL(asked.url, "http://shop").pathname;
    const file = path.join(modules, name);
    const found = name !== "/" && file.startsWith(modules) && existsSync(file);
    reply.writeHead(name === "/" || found ? 200 : 404, { "content-type": types[name === "/" ? ".html" : path.extname(name)] ?? "text/plain" });
    reply.end(name === "/" ? html : found ? readFileSync(file) : "");
  });
  const port = await freePort();
  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  t.after(() => server.close());
  return `http://localhost:${port}/`;
}

// Opens the page; `window.ready` on it is a promise that it can send.
export async function open(t, html) {
  assert.ok(existsSync(executablePath), `${executablePath} is missing: apt-get install chromium`);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
  t.after(() => browser.close());
  const page = await (await browser.newContext()).newPage();
  page.on("pageerror", (error) => console.error("page:", error.message));
  await page.goto(await shop(t, html));
  await page.evaluate("window.ready");
  return page;
}
