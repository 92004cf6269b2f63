// @rudderstack/analytics-js in Chromium, unmodified.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { open } from "./page.mjs";
import { allArrived, duringFlood, duringRestart, upTo, world } from "./world.mjs";

const html = ({ key, witness }) => `<!doctype html><title>Shop</title>
<script type="module">
  import { RudderAnalytics } from "/@rudderstack/analytics-js/dist/npm/modern/bundled/esm/index.mjs";
  window.analytics = new RudderAnalytics();
  window.analytics.load(${JSON.stringify(key)}, ${JSON.stringify(witness.url)}, { configUrl: ${JSON.stringify(witness.url)} });
  window.analytics.ready(() => window.isReady?.() ?? (window.wasReady = true));
</script>
<script>window.ready = new Promise((done) => { window.wasReady ? done() : (window.isReady = done); });</script>`;

test("everything arrives through a full queue and a restart", { timeout: 180_000 }, async (t) => {
  const here = await world(t, "browser");
  const page = await open(t, html(here));
  let count = 0;
  const send = async (more) => {
    while (more()) {
      await page.evaluate((n) => void analytics.track("Sent", { n }), count++);
      await sleep(20);
    }
  };
  await page.evaluate(() => void analytics.identify("U1", { email: "u1@example.vn" }));
  await page.evaluate(() => void analytics.page("Home"));
  await duringFlood(here, send);
  await duringRestart(here, send);
  await send(upTo(25));
  await allArrived(here, count);
  assert.ok(here.witness.statuses[429] > 0, "the client never met a full queue");
});
