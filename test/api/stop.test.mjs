// Stopping while clients are busy, and streams of events.
import assert from "node:assert/strict";
import http from "node:http";
import net from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Server, request, start } from "../help/server.mjs";
import { head } from "../help/raw.mjs";

test("F24 a request during a graceful stop is finished or refused, never a truncated 200", { timeout: 60000 }, async (t) => {
  const server = await start(t);
  const length = (await server.anybody().get("/openapi.json")).text.length;
  const outcomes = { whole: 0, refused: 0, none: 0 };
  let stopped = false;
  const ask = async () => {
    while (!stopped) {
      try {
        const { status, text } = await request(`${server.url}/openapi.json`);
        assert.ok([200, 503].includes(status));
        if (status === 200) {
          assert.equal(text.length, length);
          outcomes.whole++;
        } else {
          outcomes.refused++;
        }
      } catch (error) {
        assert.ok(["ECONNREFUSED", "ECONNRESET", "EPIPE"].includes(error.code) || /hang up/.test(error.message), String(error));
        outcomes.none++;
        await sleep(5);
      }
    }
  };
  const askers = Array.from({ length: 8 }, ask);
  await sleep(300);
  const began = Date.now();
  await server.stop();
  assert.ok(Date.now() - began < 10000);
  stopped = true;
  await Promise.all(askers);
  assert.ok(outcomes.whole > 0, JSON.stringify(outcomes));
});

test("open streams and idle connections do not keep a server from stopping", { timeout: 60000 }, async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const ended = [];
  for (let i = 0; i < 20; i++) {
    const sent = http.get(`${server.url}/api/v1/live`, { headers: owner.headers, agent: false }, (answer) => {
      answer.on("data", () => {});
      answer.on("error", () => {});
      ended.push(new Promise((done) => answer.on("close", done)));
    });
    sent.on("error", () => {});
  }
  const idle = net.connect(server.port, "127.0.0.1", () => idle.write(head("GET /livez HTTP/1.1")));
  idle.on("error", () => {});
  await sleep(500);
  assert.equal(ended.length, 20);
  const began = Date.now();
  await server.stop();
  assert.ok(Date.now() - began < 3000, `${Date.now() - began} ms`);
  await Promise.all(ended);
});

test("a stream says so at once, and a reader that goes away is noticed", { timeout: 60000 }, async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const streams = async () => Number((await owner.get("/metrics")).text.match(/^cham_http_streams (\d+)$/m)[1]);
  const open = () =>
    new Promise((done) => {
      http.get(`${server.url}/api/v1/live`, { headers: owner.headers, agent: false }, (answer) => {
        answer.once("data", (first) => done({ answer, first: first.toString() }));
        answer.on("error", () => {});
      });
    });
  const { answer, first } = await open();
  assert.match(answer.headers["content-type"], /^text\/event-stream/);
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.match(first, /^retry: \d+\n\n/);
  assert.equal(await streams(), 1);
  answer.destroy();
  // The next comment finds nobody.
  for (let i = 0; i < 400 && (await streams()) > 0; i++) {
    await sleep(100);
  }
  assert.equal(await streams(), 0);
});

test("what was acknowledged before a kill is there after it", async (t) => {
  const server = new Server();
  t.after(() => server.remove());
  await server.start();
  const owner = await server.owner();
  const names = [];
  for (let i = 0; i < 5; i++) {
    const { status, body } = await owner.post("/api/v1/keys", { name: `k${i}`, kind: "write", trust: "server" });
    assert.equal(status, 201);
    names.push(body.key.name);
  }
  await server.kill();
  await server.start();
  const found = (await owner.get("/api/v1/keys")).body.items.map(({ name }) => name);
  assert.deepEqual(found, names);
  await server.stop();
});
