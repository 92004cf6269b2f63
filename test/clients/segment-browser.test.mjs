// @segment/analytics-next in Chromium, unmodified: a page of another origin that knows only the key and the address.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { open } from "./page.mjs";
import { allArrived, duringFlood, duringRestart, upTo, world } from "./world.mjs";

const html = ({ key, witness }, more = "") => `<!doctype html><title>Shop</title>
<script src="/@segment/analytics-next/dist/umd/index.js"></script>
<script>
  window.analytics = window.AnalyticsNext.AnalyticsBrowser.load({ writeKey: ${JSON.stringify(key)}, cdnURL: ${JSON.stringify(witness.url)} }${more});
  window.ready = analytics.ready();
</script>`;

const BATCHED = `, { integrations: { "Segment.io": { deliveryStrategy: { strategy: "batching", config: { size: 10, timeout: 300 } } } } }`;

for (const [name, options] of [["one by one", ""], ["in batches", BATCHED]]) {
  test(`everything arrives ${name} through a full queue and a restart`, { timeout: 180_000 }, async (t) => {
    const here = await world(t, "browser");
    const page = await open(t, html(here, options));
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
}

// The snippet that Segment's documentation gives, with our address in it.
const snippet = ({ key, server }) => `<!doctype html><title>Shop</title>
<script>
  var analytics = (window.analytics = []);
  analytics.SNIPPET_VERSION = "5.2.0";
  analytics._writeKey = ${JSON.stringify(key)};
  analytics._cdn = ${JSON.stringify(server.url)};
  for (const method of ["track", "identify", "page", "ready"]) {
    analytics[method] = (...given) => analytics.push([method, ...given]);
  }
  const script = document.createElement("script");
  script.async = true;
  script.src = ${JSON.stringify(`${server.url}/analytics.js/v1/${key}/analytics.min.js`)};
  document.head.append(script);
  analytics.track("Sent", { n: 0 });
  window.ready = new Promise((done) => analytics.ready(done));
</script>`;

test("a page that loads the client by a script element sends", { timeout: 120_000 }, async (t) => {
  const here = await world(t, "browser");
  const script = await fetch(`${here.server.url}/analytics.js/v1/${here.key}/analytics.min.js`);
  assert.equal(script.status, 200, "the program was built without pages");
  assert.equal((await fetch(`${here.server.url}/analytics.js/v1/unknown/analytics.min.js`)).status, 404);
  const page = await open(t, snippet(here));
  await page.evaluate(() => void window.analytics.track("Sent", { n: 1 }));
  await allArrived(here, 2);
});
