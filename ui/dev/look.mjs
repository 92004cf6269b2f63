/* Looks at pages as people will: `npm run look -- http://127.0.0.1:8090 /tmp/shots / /overview`.
 *
 * Takes a picture of every address in Vietnamese and English, light and dark, on
 * a phone and a wide screen (LOOK="vi-light-1440,…" takes fewer), and prints
 * what the console complained about, what axe found, and what is wider than the window.
 * COOKIE="name=value" signs in.
 */
import { chromium } from 'playwright-core';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [base = 'http://127.0.0.1:8090', folder = '/tmp/look', ...addresses] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const every = ['vi', 'en'].flatMap((language) => ['light', 'dark'].flatMap((theme) => [360, 1440].map((width) => `${language}-${theme}-${width}`)));
const views = process.env.LOOK ? process.env.LOOK.split(',') : every;
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
for (const view of views) {
  const [language, theme, width] = view.split('-');
  const context = await browser.newContext({ viewport: { width: Number(width), height: width === '360' ? 740 : 900 }, colorScheme: theme, locale: language === 'vi' ? 'vi-VN' : 'en-GB', reducedMotion: 'reduce' });
  if (process.env.COOKIE) {
    const [name, ...value] = process.env.COOKIE.split('=');
    await context.addCookies([{ name, value: value.join('='), url: base }]);
  }
  await context.addInitScript((chosen) => localStorage.setItem('cham.language', chosen), language);
  for (const address of addresses.length ? addresses : ['/']) await look(context, view, address);
  await context.close();
}
await browser.close();

async function look(context, view, address) {
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(base + address, { waitUntil: 'load' });
  await page.waitForTimeout(Number(process.env.WAIT ?? 900));
  if (process.env.CLICK) for (const each of process.env.CLICK.split('|')) await page.locator(each).first().click().then(() => page.waitForTimeout(600));
  const name = `${address.replace(/[^\w]+/g, '_').slice(0, 60) || '_'}${process.env.CLICK ? '-click' : ''}-${view}.png`;
  await page.screenshot({ path: join(folder, name), fullPage: !process.env.CLICK });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) complaints.push(`${wide} px wider than the window`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  for (const each of violations) complaints.push(`axe ${each.id}: ${each.nodes.map((node) => `${node.target} ${node.any.map((any) => any.message).join(' ')}`).slice(0, 3).join(' | ')}`);
  console.log(`${name}: ${complaints.length ? `\n  ${complaints.join('\n  ')}` : 'clean'}`);
  await page.close();
}
