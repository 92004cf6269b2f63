// A browser for the tests of the pages: Debian's chromium, one for a test file.
//
//     const page = await open(t, server, { language: "vi", width: 360 });   // closed when the test ends
//     await page.clean();                                                   // nothing axe or the console complains about
//
// Pages wait for what they are told to find, never for time. Whatever the console complains about fails the test, unless
// `expected` says that it belongs to it.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after } from "node:test";
import { chromium } from "playwright-core";
import { root } from "../help/server.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const WAIT_MS = 60_000; // a guard against hanging, whatever else the machine does

let browser;
let pictures = 0;
after(async () => browser?.close());

export const words = (language) => {
  const all = JSON.parse(readFileSync(path.join(root, `locales/${language}.json`), "utf8"));
  return (key, values = {}) => {
    assert.ok(all[key] !== undefined, `${key} is in no catalogue`);
    return all[key].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  };
};

// A page of its own context: nobody is signed in unless `as` is a client that is.
export async function open(t, server, { language = "vi", width = 1440, theme = "light", as, expected = [] } = {}) {
  assert.ok(existsSync(executablePath), `${executablePath} is missing: apt-get install chromium`);
  browser ??= await chromium.launch({ executablePath, args });
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    locale: language === "vi" ? "vi-VN" : "en-GB",
    colorScheme: theme,
    reducedMotion: "reduce",
    baseURL: server.url,
  });
  await context.addInitScript((chosen) => localStorage.getItem("cham.language") ?? localStorage.setItem("cham.language", chosen), language);
  if (as) {
    const [name, ...value] = as.headers.cookie.split("=");
    await context.addCookies([{ name, value: value.join("="), url: server.url }]);
  }
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  const complaints = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(`${message.text()} ${message.location().url}`));
  page.on("pageerror", (error) => complaints.push(String(error)));

  page.w = words(language);
  // The page has read what it shows: no placeholder, and a heading.
  page.settled = async () => {
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await page.waitForFunction(() => !document.querySelector(".skeleton"));
  };
  page.clean = async (where = page.url()) => {
    await page.evaluate(axe);
    const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly }), rules);
    const found = violations.map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.target).join(" | ")}`);
    assert.deepEqual(found, [], `axe on ${where}`);
    // Whatever reaches beyond the window and is not inside something that scrolls by itself.
    const wider = await page.evaluate(() => {
      const scrolls = (each) => each && (getComputedStyle(each).overflowX !== "visible" || scrolls(each.parentElement));
      if (document.documentElement.scrollWidth <= window.innerWidth) return [];
      const beyond = [...document.body.querySelectorAll("*")].filter((each) => each.getBoundingClientRect().right > window.innerWidth);
      return beyond.filter((each) => !scrolls(each.parentElement)).map((each) => `${each.tagName} .${each.className} ${each.textContent.slice(0, 40)}`);
    });
    assert.deepEqual(wider.slice(0, 5), [], `${where} is wider than the window`);
  };
  // The page goes before its server does: it would complain about that. Its last state is kept as a picture.
  let open = true;
  const finish = async () => {
    if (!open) return;
    open = false;
    const folder = path.join(root, "test-results");
    mkdirSync(folder, { recursive: true });
    const name = t.name.replace(/\W+/g, "-").slice(0, 80);
    await page.screenshot({ path: path.join(folder, `${name}-${++pictures}.png`) });
    await context.close();
  };
  const stop = server.stop.bind(server);
  server.stop = async () => {
    await finish();
    return stop();
  };
  t.after(async () => {
    await finish();
    const unexpected = complaints.filter((each) => !expected.some((pattern) => pattern.test(each)));
    assert.deepEqual(unexpected, [], "the console complained");
  });
  return page;
}
