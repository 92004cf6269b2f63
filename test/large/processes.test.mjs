// Two processes on one installation: what one does, the other knows.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

process.env.TEST_STORES ??= "large";
const { Client, Server, request } = await import("../help/server.mjs");
const { storesOf } = await import("../help/stores.mjs");

// Waits until `look` gives something, at most `most` milliseconds.
async function until(look, what, most = 10_000) {
  for (const end = Date.now() + most; Date.now() < end; await sleep(20)) {
    const seen = await look();
    if (seen) {
      return seen;
    }
  }
  throw new Error(`not within ${most} ms: ${what}`);
}

const end = async (server) => {
  try {
    if (server.process?.exitCode === null && server.process.signalCode === null) {
      await server.stop();
    }
  } finally {
    await server.remove();
  }
};

// A process on the stores of `first`, or on new ones.
async function join(t, first, options = {}) {
  const env = first ? await storesOf(first.data) : {};
  const server = new Server({ ...options, env: { ...env, ...options.env } });
  t.after(() => end(server));
  return server.start();
}

const at = (server, client) => new Client(server, client.headers);

const upload = async (client, text) => (await client.send("POST", "/api/v1/files?name=f.csv", text)).body;

const settled = async (client, id, most = 60_000) =>
  until(
    async () => {
      const { status, body } = await client.get(`/api/v1/imports/${id}`);
      return status === 200 && !["waiting", "running"].includes(body.state) && body;
    },
    "the import ends",
    most,
  );

// The events of a stream, as they come.
async function listen(t, client, path) {
  const stop = new AbortController();
  t.after(() => stop.abort());
  const answer = await fetch(client.server.url + path, { headers: { cookie: client.headers.cookie }, signal: stop.signal });
  const seen = [];
  (async () => {
    let text = "";
    for await (const part of answer.body) {
      text += Buffer.from(part).toString();
      const blocks = text.split("\n\n");
      text = blocks.pop();
      for (const block of blocks) {
        const event = /^event: (.*)$/m.exec(block)?.[1];
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (event) {
          seen.push({ event, data: JSON.parse(data) });
        }
      }
    }
  })().catch(() => {});
  await until(() => seen.length > 0 || !path.endsWith("/live"), "the stream begins");
  return seen;
}

const track = (server, secret, event) =>
  server.anybody({ authorization: `Basic ${Buffer.from(`${secret}:`).toString("base64")}` }).post("/v1/track", event);

test("two processes", async (t) => {
  const a = await join(t);
  const b = await join(t, a);
  const ownerA = await a.owner();
  const ownerB = at(b, ownerA);

  await t.test("a session holds in both, until it ends in one", async () => {
    const session = await ownerB.get("/api/v1/session");
    assert.equal(session.body.user?.email, ownerA.email, session.text);
    const second = await b.user("viewer");
    assert.equal((await at(a, second).get("/api/v1/session")).body.user?.email, second.email);
    assert.ok((await at(a, second).delete("/api/v1/session")).status < 300);
    assert.equal((await second.get("/api/v1/settings")).status, 401);
  });

  await t.test("each is listed by both, and one that was killed is no longer", async () => {
    const c = await join(t, a);
    const listed = async () => (await ownerB.get("/api/v1/system")).body.processes;
    const folders = (await listed()).map((each) => each.folder);
    assert.deepEqual(folders.sort(), [a.data, b.data, c.data].sort());
    assert.deepEqual(
      (await listed()).filter((each) => each.self).map((each) => each.folder),
      [b.data],
    );
    await c.kill();
    await until(async () => (await listed()).length === 2, "it is taken for dead", 40_000);
  });

  await t.test("a key works in both, and in neither a moment after it was removed", async () => {
    const made = (await ownerA.post("/api/v1/keys", { name: "read", kind: "api", scopes: ["admin", "read"] })).body;
    const keyB = b.anybody({ authorization: `Bearer ${made.secret}` });
    await until(async () => (await keyB.get("/api/v1/journeys")).status === 200, "the key works in the other process", 1500);
    assert.ok((await ownerA.delete(`/api/v1/keys/${made.key.id}`)).status < 300);
    await until(async () => (await keyB.get("/api/v1/journeys")).status === 401, "it no longer works there", 1500);
  });

  await t.test("settings and journeys are the same at once", async () => {
    assert.equal((await ownerA.patch("/api/v1/settings", { organisation: "Hai tiến trình" })).status, 200);
    assert.equal((await ownerB.get("/api/v1/settings")).body.organisation, "Hai tiến trình");
    const made = await ownerA.post("/api/v1/journeys", { name: "Mua hàng", template: "standard" });
    assert.ok(made.status < 300, made.text);
    const { body } = await ownerB.get("/api/v1/journeys");
    assert.deepEqual(
      body.items.map((each) => each.name),
      ["Mua hàng"],
    );
    assert.equal((await ownerB.get(`/api/v1/journeys/${body.items[0].id}`)).status, 200);
  });

  await t.test("signing in is tried no more often over both than in one", async () => {
    const answers = [];
    for (let i = 0; i < 12; i++) {
      const server = i % 2 ? a : b;
      answers.push((await server.anybody().post("/api/v1/session", { email: "nobody@example.vn", password: "wrong password" })).status);
    }
    assert.deepEqual(answers, [...Array(10).fill(401), 429, 429]);
  });

  await t.test("what arrives at one is told to the pages of the other, and its debugger shows it", async () => {
    const secret = await a.key(ownerA);
    const live = await listen(t, ownerB, "/api/v1/live");
    const event = { type: "track", event: "Ghé thăm", userId: "U1", messageId: "m1" };
    await until(async () => (await track(a, secret, event)).status < 300, "the event is taken");
    await until(() => live.find((each) => each.event === "events" && each.data.count >= 1), "the notice of events");
    const shown = await until(
      async () => (await ownerB.get("/api/v1/debugger")).body.items.find((each) => each.message_id === "m1"),
      "the entry of the debugger",
    );
    assert.equal(shown.outcome, "stored");
    const refused = { type: "track", userId: "U1", messageId: "m2" };
    await track(a, secret, refused);
    const why = await until(
      async () => (await ownerB.get("/api/v1/debugger")).body.items.find((each) => each.outcome === "refused"),
      "the refused entry",
    );
    assert.ok(why.reason.length > 0);
  });

  await t.test("who asks is looked up where it keeps nobody else waiting", async () => {
    const secret = await b.key(ownerB, { name: "waiting", kind: "write", trust: "server" });
    const { CHAM_RECORDS } = await storesOf(a.data);
    const psql = (text) => promisify(execFile)("psql", ["-Xqd", CHAM_RECORDS, "-c", text]);
    const held = psql("BEGIN; LOCK TABLE sessions; SELECT pg_sleep(3); COMMIT");
    const locks = async () => (await psql("SELECT 'held' FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'sessions'::regclass")).stdout;
    await until(async () => (await locks()).includes("held"), "the table is locked");
    const asked = Promise.all(Array.from({ length: 8 }, () => ownerB.get("/api/v1/settings")));
    await sleep(200);
    const began = Date.now();
    assert.ok((await track(b, secret, { type: "track", event: "Ghé thăm", userId: "U2", messageId: "w1" })).status < 300);
    assert.ok(Date.now() - began < 2000, `collecting waited ${Date.now() - began} ms`);
    await held;
    assert.deepEqual(
      (await asked).map((each) => each.status),
      Array(8).fill(200),
    );
  });

  await t.test("what was uploaded to one is imported from the other, and both have its refused lines", async () => {
    const live = await listen(t, ownerA, "/api/v1/live");
    const file = await upload(ownerA, "who,when,note\nA,2026-01-01,x\nB,yesterday,y\n,2026-01-02,z\n");
    const begun = await ownerB.post("/api/v1/imports", { file: file.id, map, name: "f.csv" });
    assert.equal(begun.status, 202, begun.text);
    const done = await settled(ownerB, begun.body.id);
    assert.deepEqual([done.state, done.lines, done.stored, done.refused], ["done", 3, 2, 1]);
    for (const client of [ownerA, ownerB]) {
      assert.match((await client.get(`/api/v1/imports/${done.id}/refused.csv`)).text, /^\uFEFFline,reason,text\r\n3,/);
    }
    await until(() => live.find((each) => each.event === "import" && each.data.id === done.id && each.data.state === "done"), "its notice");
    assert.equal((await ownerA.post(`/api/v1/imports/${done.id}/undo`)).status, 200);
    assert.equal((await settled(ownerB, done.id)).state, "undone");
    assert.equal((await ownerB.get(`/api/v1/imports/${done.id}/refused.csv`)).text, "line,reason,text\r\n");
  });

  await t.test("the audit log of both is one", async () => {
    const { body } = await ownerA.get("/api/v1/audit");
    const actions = body.items.map((each) => each.action);
    assert.ok(actions.includes("imports.begin") && actions.includes("imports.undo"));
  });
});

const lines = 60_000;
const map = { user: "who", at: "when", kind: { value: "Visit" }, props: "*" };

// An import of many lines, begun in a new process and partly stored.
async function beginLong(t) {
  const server = await join(t);
  const owner = await server.owner();
  const rows = Array.from({ length: lines }, (_, i) => `U${i % 500},${i % 100 === 99 ? "never" : "2026-01-01"},line ${i - (i % 3)}`);
  const file = await upload(owner, ["who,when,note", ...rows].join("\n"));
  const begun = await owner.post("/api/v1/imports", { file: file.id, map, name: "f.csv" });
  assert.equal(begun.status, 202, begun.text);
  await until(async () => (await owner.get(`/api/v1/imports/${begun.body.id}`)).body.stored > 1000, "a part of it is stored", 60_000);
  return { server, owner, id: begun.body.id };
}

async function countedExactly(client, id) {
  const done = await settled(client, id, 120_000);
  assert.deepEqual(
    { state: done.state, lines: done.lines, stored: done.stored, duplicates: done.duplicates, refused: done.refused },
    { state: "done", lines, stored: lines - lines / 100, duplicates: 0, refused: lines / 100 },
  );
  const counted = await client.post("/api/v1/ask", { ask: "count" });
  assert.equal(counted.status, 200, counted.text);
  assert.equal(counted.body.rows[0].events, lines - lines / 100);
}

test("a process that dies in an import leaves it to another, which counts exactly", async (t) => {
  const { server, owner, id } = await beginLong(t);
  const other = at(await join(t, server), owner);
  await server.kill();
  await countedExactly(other, id);
});

test("a process that only slept finds its import gone, and nothing is counted twice", async (t) => {
  const { server, owner, id } = await beginLong(t);
  const other = at(await join(t, server), owner);
  process.kill(server.pid, "SIGSTOP");
  try {
    await settled(other, id, 120_000);
  } finally {
    process.kill(server.pid, "SIGCONT");
  }
  await until(async () => (await request(`${server.url}/readyz`, { agent: false })).status === 200, "it is ready again", 30_000);
  await until(async () => (await owner.get("/api/v1/system")).body.processes.length === 2, "it is among the living", 30_000);
  await countedExactly(owner, id);
  await countedExactly(other, id);
});
