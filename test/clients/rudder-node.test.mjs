// @rudderstack/rudder-sdk-node, unmodified: gzip bodies that are called forms.
import RudderAnalytics from "@rudderstack/rudder-sdk-node";
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { allArrived, duringFlood, duringRestart, upTo, world } from "./world.mjs";

test("everything arrives through a full queue and a restart", { timeout: 180_000 }, async (t) => {
  const here = await world(t, "server");
  const client = new RudderAnalytics(here.key, { dataPlaneUrl: here.witness.url, flushAt: 15, flushInterval: 200 });
  let count = 0;
  const failed = [];
  const send = async (more) => {
    while (more()) {
      client.track({ userId: `U${count % 7}`, event: "Sent", properties: { n: count++ } }, (error) => error && failed.push(error));
      await sleep(5);
    }
  };
  client.identify({ userId: "U1", traits: { email: "u1@example.vn" } });
  await duringFlood(here, send);
  await duringRestart(here, send);
  await send(upTo(50));
  await client.flush();
  await allArrived(here, count);
  assert.ok(here.witness.statuses[429] > 0, "the client never met a full queue");
  assert.deepEqual(failed, []);
});
