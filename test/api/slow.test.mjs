// Clients that take their time, and more of them than there is room for.
import assert from "node:assert/strict";
import net from "node:net";
import { suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { request, shared, start } from "../help/server.mjs";
import { head } from "../help/raw.mjs";
import { stillWell, vitals } from "../help/well.mjs";

// A connection that writes `bytes` first and then `drip` every so often; resolves with the ms until it was closed.
function drip(port, bytes, { every = 1000, byte = "a", read = true } = {}) {
  return new Promise((done) => {
    const began = Date.now();
    const socket = net.connect(port, "127.0.0.1", () => socket.write(bytes));
    const timer = setInterval(() => socket.write(byte), every);
    const end = () => {
      clearInterval(timer);
      done(Date.now() - began);
    };
    if (!read) {
      socket.pause();
    } else {
      socket.resume();
    }
    socket.on("error", () => {});
    socket.on("close", end);
  });
}

suite("slow clients", () => {
  const server = shared();

  test("F17 slow lines, headers, bodies and readers are closed within the time of a request; others do not wait", { timeout: 90000 }, async () => {
    const well = await vitals(server);
    const { port } = server;
    const post = head("POST /api/v1/session HTTP/1.1", "Content-Type: application/json", "Content-Length: 1000");
    // The answers of many requests for the description, of which nobody reads any.
    const unread = head("GET /openapi.json HTTP/1.1").repeat(400);
    const slow = [
      ["silent", drip(port, "", { every: 1 << 30 })],
      ["line", drip(port, "GET /a", {})],
      ["headers", drip(port, "GET /livez HTTP/1.1\r\nHost: a\r\nX: ", {})],
      ["body", drip(port, post, {})],
      ["idle", drip(port, head("GET /livez HTTP/1.1"), { every: 1 << 30 })],
    ];
    const reader = net.connect(port, "127.0.0.1", () => reader.write(unread));
    reader.on("error", () => {});
    reader.pause();
    const times = [];
    const until = Date.now() + 33000;
    while (Date.now() < until) {
      const began = performance.now();
      await request(`${server.url}/livez`);
      times.push(performance.now() - began);
      await sleep(50);
    }
    for (const [name, closed] of slow) {
      const took = await Promise.race([closed, sleep(5000, Infinity)]);
      assert.ok(took < 34000, `${name}: ${took} ms`);
    }
    times.sort((a, b) => a - b);
    const p99 = times[Math.floor(times.length * 0.99)];
    assert.ok(p99 < 1000, `p99 ${p99} ms`); // a guard against hanging; bench/ measures
    await sleep(2000);
    const now = await vitals(server);
    assert.ok(now.connections <= well.connections + 2, `the slow reader is still connected: ${now.connections}`);
    reader.destroy();
    await stillWell(server, well);
  });
});

test("F18 more connections than fit: the oldest idle one makes room and a new request is answered at once", async (t) => {
  const server = await start(t, { under: ["sh", "-c", 'ulimit -n 256 && exec "$0" "$@"'] });
  const well = await vitals(server);
  const idle = [];
  const closed = [];
  for (let i = 0; i < 400; i++) {
    const socket = net.connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.on("close", () => closed.push(i));
    await new Promise((done) => socket.once("connect", done));
    socket.write(head("GET /livez HTTP/1.1"));
    await new Promise((done) => socket.once("data", done));
    idle.push(socket);
  }
  const began = performance.now();
  assert.equal((await request(`${server.url}/livez`, { agent: false })).status, 200);
  assert.ok(performance.now() - began < 1000);
  assert.ok(closed.length > 200, `${closed.length} were closed`);
  assert.ok(Math.max(...closed) < 400 - 50, "a young connection was closed before an old one");
  assert.equal(idle[399].destroyed, false);
  for (const socket of idle) {
    socket.destroy();
  }
  await sleep(500);
  await stillWell(server, well);
});
