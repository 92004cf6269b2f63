// What the installation runs on: stores and processes, for those who manage it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { large, start } from "../help/server.mjs";

test("stores and processes are shown to those who manage, without passwords", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const viewer = await server.user("viewer");
  assert.equal((await viewer.get("/api/v1/system")).status, 403);
  const { status, body, text } = await owner.get("/api/v1/system");
  assert.equal(status, 200, text);
  const [records, events] = body.stores;
  assert.deepEqual([records.name, events.name, records.state, events.state], ["records", "events", "ok", "ok"]);
  assert.deepEqual([records.engine, events.engine], large ? ["postgresql", "clickhouse"] : ["sqlite", "sqlite"]);
  assert.match(records.version, /^\d+\.\d+/);
  assert.match(events.version, /^\d+\.\d+/);
  assert.ok(records.bytes > 0);
  assert.equal(body.shared, large);
  if (large) {
    assert.match(records.place, /^postgres:\/\/[^@]*$/);
    assert.match(events.place, /^clickhouse\+http:\/\/[^@]*$/);
    assert.doesNotMatch(text, /%20of%20tests| of tests/, "no password is shown");
    assert.ok(events.hosts.length > 0 && events.hosts.every((host) => host.state === "ok"));
    assert.equal(events.shards, process.env.TEST_STORES === "cluster" ? 2 : null);
  } else {
    assert.deepEqual(
      body.stores.map((store) => store.place),
      Array(3).fill(server.data),
    );
    assert.ok(records.files.some((file) => file.name === "records.db"));
    assert.ok(events.files.some((file) => file.name === "events.db"));
  }
  const [process_, ...others] = body.processes;
  assert.deepEqual(others, []);
  assert.equal(process_.folder, server.data);
  assert.ok(process_.self && process_.seen_ms > Date.now() - 60_000 && process_.version);
});
