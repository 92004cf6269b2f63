// Who is one person, over two processes: what one has acknowledged the other answers with, merged, separated and erased.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

process.env.TEST_STORES ??= "large";
const { Client, Server } = await import("../help/server.mjs");
const { storesOf } = await import("../help/stores.mjs");

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
async function join(t, first) {
  const server = new Server({ env: first ? await storesOf(first.data) : {} });
  t.after(() => end(server));
  return server.start();
}

async function send(server, key, batch) {
  const sender = server.anybody({ authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` });
  const { status, text } = await sender.post("/v1/batch", { batch });
  assert.equal(status, 200, text);
}

const count = async (client) => {
  const { body, text } = await client.post("/api/v1/ask", { ask: "count" });
  assert.equal(body.rows?.length, 1, text);
  return [body.rows[0].events, body.rows[0].people];
};

test("people over two processes", async (t) => {
  const a = await join(t);
  const b = await join(t, a);
  const ownerA = await a.owner();
  const ownerB = new Client(b, ownerA.headers);
  const key = await a.key(ownerA, { name: "shop", kind: "write", trust: "server" });
  const find = async (client, q) => (await client.get(`/api/v1/people?q=${encodeURIComponent(q)}`)).body.items;
  // The other process hears of a new key a moment later.
  const knows = () => b.anybody({ authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` }).post("/v1/batch", { batch: [] });
  for (let i = 0; i < 100 && (await knows()).status === 401; i++) {
    await sleep(20);
  }

  await t.test("each new alias is one, whoever brings it first", async () => {
    const page = (id, server) => send(server, key, [{ type: "page", anonymousId: id }]);
    await Promise.all([..."12345678"].flatMap((n) => [page(`khách ${n}`, a), page(`khách ${n}`, b)]));
    assert.deepEqual(await count(ownerA), [16, 8]);
    assert.deepEqual(await count(ownerB), [16, 8]);
  });

  await t.test("a merge in one is seen by the other's next question", async () => {
    for (let n = 1; n <= 6; n++) {
      const [here, there] = n % 2 ? [a, ownerB] : [b, ownerA];
      const traits = { name: `Đỗ Thị Ánh ${n}` };
      await send(here, key, [{ type: "identify", userId: `KH-${n}`, anonymousId: `khách ${n}`, traits }]);
      assert.deepEqual(await count(there), [16 + n, 8]);
      assert.deepEqual((await find(there, `do thi anh ${n}`)).map(({ name }) => name), [traits.name]);
    }
  });

  await t.test("an undone import separates whom it had joined, for both", async () => {
    const { body: file } = await ownerA.post("/api/v1/files?name=mails.csv", "id,mail\nKH-7,anh@vidu.vn\nKH-8,moi@vidu.vn\n");
    const map = { user: "id", at: { value: "2026-11-01" }, kind: { value: "x" }, email: "mail" };
    const made = await ownerA.post("/api/v1/imports", { file: file.id, name: "mails", map });
    assert.ok(made.status < 300, made.text);
    const state = async (client) => (await client.get(`/api/v1/imports/${made.body.id}`)).body.state;
    for (let i = 0; i < 1000 && !["done", "refused", "failed"].includes(await state(ownerB)); i++) {
      await sleep(20);
    }
    assert.equal(await state(ownerB), "done");
    assert.equal((await find(ownerB, "anh@vidu.vn")).length, 1);
    const undone = await ownerB.post(`/api/v1/imports/${made.body.id}/undo`, {});
    assert.ok(undone.status < 300, undone.text);
    for (let i = 0; i < 1000 && (await find(ownerA, "anh@vidu.vn")).length > 0; i++) {
      await sleep(20);
    }
    assert.deepEqual(await find(ownerA, "vidu.vn"), []);
    assert.deepEqual(await find(ownerB, "vidu.vn"), []);
    assert.deepEqual(await count(ownerA), [22, 8]);
  });

  await t.test("whoever is erased by one is unknown to the other at once", async () => {
    const [{ id }] = await find(ownerA, "do thi anh 3");
    assert.equal((await ownerB.get(`/api/v1/people/${id}`)).status, 200);
    const erased = await ownerA.delete(`/api/v1/people/${id}`);
    assert.equal(erased.status, 200, erased.text);
    assert.equal(erased.body.events, 3);
    assert.equal((await ownerB.get(`/api/v1/people/${id}`)).status, 404);
    assert.equal((await ownerB.get("/api/v1/people/user:KH-3")).status, 404);
    assert.deepEqual(await find(ownerB, "do thi anh 3"), []);
    assert.deepEqual(await count(ownerB), [19, 7]);
    await send(b, key, [{ type: "page", anonymousId: "khách 3" }]);
    assert.deepEqual(await count(ownerA), [20, 8]);
  });

  await t.test("a process that starts later knows the same people", async () => {
    const c = new Client(await join(t, a), ownerA.headers);
    assert.deepEqual(await count(c), [20, 8]);
    assert.equal((await find(c, "đỗ thị ánh")).length, 5);
  });
});
