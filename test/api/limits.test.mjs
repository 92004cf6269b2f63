// The limits of src/http/limits.h that take many clients to reach; the others are tested in wire, slow, input and stop.
import assert from "node:assert/strict";
import http from "node:http";
import net from "node:net";
import { before, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { request, shared } from "../help/server.mjs";
import { head } from "../help/raw.mjs";
import { stillWell, vitals } from "../help/well.mjs";

suite("limits", () => {
  const server = shared();
  let owner, well;

  before(async () => {
    owner = await server.owner();
    well = await vitals(server);
  });

  const connect = (bytes) =>
    new Promise((done) => {
      const socket = net.connect(server.port, "127.0.0.1", () => socket.write(bytes, () => done(socket)));
      socket.text = "";
      socket.on("data", (part) => (socket.text += part.toString("latin1")));
      socket.on("error", () => {});
    });

  test("all bodies in memory together have a limit: then 503 with Retry-After, and room again afterwards", async () => {
    const start = head("POST /api/v1/session HTTP/1.1", "Content-Type: application/json", "Content-Length: 1000000");
    const sockets = [];
    for (let i = 0; i < 80; i++) {
      sockets.push(await connect(start));
    }
    let refused = [];
    for (let i = 0; i < 50 && refused.length === 0; i++) {
      await sleep(50);
      refused = sockets.filter(({ text }) => text.startsWith("HTTP/1.1 503"));
    }
    assert.ok(refused.length >= 10 && refused.length < 40, `${refused.length} of 80 refused`);
    assert.match(refused[0].text, /^Retry-After: 1\r$/m);
    for (const socket of sockets) {
      socket.destroy();
    }
    await stillWell(server, well, 96 << 20);
    assert.equal((await server.anybody().post("/api/v1/session", { email: "a@b.vn", password: "x" })).status, 401);
  });

  test("requests that wait for a worker have a limit: then 503 with Retry-After, and all are answered", { timeout: 120000 }, async () => {
    const asked = await Promise.all(Array.from({ length: 1500 }, () => connect("")));
    for (const socket of asked) {
      socket.write(head("GET /openapi.json HTTP/1.1", "Connection: close"));
    }
    await Promise.all(asked.map((socket) => new Promise((done) => (socket.closed ? done() : socket.once("close", done)))));
    const statuses = new Map();
    for (const { text } of asked) {
      const status = text.slice(9, 12);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === "503") {
        assert.match(text, /^Retry-After: 1\r$/m);
      }
    }
    const shown = JSON.stringify([...statuses]);
    assert.equal((statuses.get("200") ?? 0) + (statuses.get("503") ?? 0), 1500, shown);
    assert.ok(statuses.get("200") >= 512, shown);
    assert.ok(statuses.get("503") > 0, shown);
    // Freed memory stays with the address sanitizer for a while: up to 256 MB.
    await stillWell(server, well, 400 << 20);
  });

  const stream = (target) =>
    new Promise((done, fail) => {
      http
        .get(server.url + target, { headers: owner.headers, agent: false }, (answer) => {
          answer.on("error", () => {});
          done(answer);
        })
        .on("error", fail);
    });

  test("a reader that falls behind is closed; another that reads misses nothing of the end", { timeout: 120000 }, async () => {
    const key = await server.key(owner);
    const slow = await stream("/api/v1/debugger/stream");
    slow.pause();
    const quick = await stream("/api/v1/debugger/stream");
    let seen = "";
    quick.on("data", (part) => (seen = (seen + part).slice(-20000)));
    const text = "x".repeat(500);
    const send = async (event) => {
      const batch = Array.from({ length: 500 }, (_, i) => ({ type: "track", event, userId: `u${i}`, properties: { note: text } }));
      const { status } = await request(`${server.url}/v1/batch`, {
        method: "POST",
        headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` },
        body: JSON.stringify({ batch }),
      });
      assert.ok([200, 429].includes(status), `${status}`);
      if (status === 429) {
        await sleep(1000);
      }
    };
    const streams = async () => Number((await owner.get("/metrics")).text.match(/^cham_http_streams (\d+)$/m)[1]);
    // The system itself takes some megabytes for somebody who does not read.
    for (let i = 0; i < 600 && (await streams()) > 1; i++) {
      await send("Nhiều sự kiện");
    }
    assert.equal(await streams(), 1);
    await send("Sự kiện cuối cùng");
    for (let i = 0; i < 100 && !seen.includes("Sự kiện cuối cùng"); i++) {
      await sleep(50);
    }
    assert.match(seen, /Sự kiện cuối cùng/);
    slow.destroy();
    quick.destroy();
  });

  test("open streams have a limit: then 503 with Retry-After", async () => {
    const open = [];
    let last;
    for (let i = 0; i < 201; i++) {
      last = await stream("/api/v1/live");
      if (last.statusCode === 200) {
        open.push(last);
      }
    }
    // One of the test before may not have been noticed as gone yet.
    assert.ok(open.length === 200 || open.length === 199, `${open.length}`);
    assert.equal(last.statusCode, 503);
    assert.equal(last.headers["retry-after"], "10");
    for (const answer of open) {
      answer.destroy();
    }
  });
});
