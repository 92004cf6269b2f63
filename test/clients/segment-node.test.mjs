// @segment/analytics-node, unmodified.
import { Analytics } from "@segment/analytics-node";
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { allArrived, duringFlood, duringRestart, upTo, world } from "./world.mjs";

test("everything arrives through a full queue and a restart", { timeout: 180_000 }, async (t) => {
  const here = await world(t, "server");
  const client = new Analytics({ writeKey: here.key, host: here.witness.url, flushAt: 15, flushInterval: 200 });
  const errors = [];
  client.on("error", (error) => errors.push(error));
  let count = 0;
  const send = async (more) => {
    while (more()) {
      client.track({ userId: `U${count % 7}`, event: "Sent", properties: { n: count++ } });
      await sleep(5);
    }
  };
  client.identify({ userId: "U1", traits: { email: "u1@example.vn" } });
  client.page({ userId: "U1", name: "Home" });
  client.group({ userId: "U1", groupId: "G" });
  client.alias({ userId: "U1", previousId: "old" });
  await duringFlood(here, send);
  await duringRestart(here, send);
  await send(upTo(50));
  await client.closeAndFlush({ timeout: 60_000 });
  await allArrived(here, count);
  assert.ok(here.witness.statuses[429] > 0, "the client never met a full queue");
  assert.deepEqual(errors, []);
});
