// A server that listens before its rooms are open: what it says meanwhile, in both languages, and how it stops.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import path from "node:path";
import { before, after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { newFolder, request, Server } from "../help/server.mjs";

// So many events that reading them takes a while also on a fast machine.
const PEOPLE = "12000";
const maker = new Server({ data: newFolder() });

before(async () => {
  await maker.command_line("demo", "--people", PEOPLE, "--months", "6");
});
after(() => {
  maker.ownsData = true;
  maker.remove();
});

// Starts the server without waiting for it to be ready, and calls `each` with every answer of /readyz until it is.
async function watch(t, each, env = {}) {
  const server = new Server({ data: maker.data, env });
  const starting = server.start();
  starting.catch(() => {});
  t.after(async () => {
    await starting.catch(() => {});
    if (server.process.exitCode === null && server.process.signalCode === null) {
      await server.stop();
    }
  });
  while (server.process === undefined) {
    await sleep(1);
  }
  for (;;) {
    try {
      const answer = await request(`${server.url}/readyz`, { agent: false, headers: { "accept-language": "en" } });
      if (answer.status === 200) {
        break;
      }
      if ((await each(server, answer)) === false) {
        break;
      }
    } catch (error) {
      if (error.code !== "ECONNREFUSED" && error.code !== "ECONNRESET") {
        throw error;
      }
    }
    await sleep(5);
  }
  return { server, starting };
}

test("until the rooms are open the server is alive, says how far it is, and takes nothing", async (t) => {
  const shares = [];
  let seen;
  const { server, starting } = await watch(t, async (server, answer) => {
    assert.equal(answer.status, 503, answer.text);
    assert.equal(answer.headers["content-type"], "application/problem+json");
    assert.ok(Number(answer.headers["retry-after"]) > 0);
    const { share, doing, events, of } = answer.body.progress;
    assert.ok(share >= 0 && share <= 1 && events <= of, answer.text);
    assert.match(doing, /^[a-z]+$/);
    assert.match(answer.body.detail, /^Chạm is preparing the data … \d+ %$/);
    shares.push(share);
    if (seen === undefined) {
      seen = true;
      const ask = (target, options = {}) => request(server.url + target, { agent: false, ...options });
      assert.equal((await ask("/livez")).status, 200);
      assert.equal((await ask("/version")).status, 200);
      const vietnamese = await ask("/readyz", { headers: { "accept-language": "vi" } });
      for (const one of [
        vietnamese,
        await ask("/api/v1/session"),
        await ask("/openapi.json"),
        await ask("/metrics"),
        await ask("/v1/track", { method: "POST", body: '{"event":"A","userId":"U1"}' }),
        await ask("/api/v1/ask", { method: "POST", body: "{}" }),
      ]) {
        if (one.status === 503) {
          assert.match(one.body.detail, /^Chạm (đang chuẩn bị dữ liệu|is preparing)/);
          assert.ok(Number(one.headers["retry-after"]) > 0);
        }
      }
    }
  });
  await starting;
  assert.ok(shares.length > 0, "the server was ready at once: give it more to read");
  assert.deepEqual(shares, shares.toSorted((a, b) => a - b), "the share never shrinks");
  assert.equal((await server.anybody().get("/readyz")).status, 200);
  assert.equal((await server.anybody().get("/api/v1/session")).status, 200);
});

test("a server that is still reading stops at once", async (t) => {
  let asked = 0;
  const { server, starting } = await watch(t, async (server) => {
    asked = Date.now();
    server.process.kill("SIGTERM");
    return false;
  });
  await assert.rejects(starting);
  const { code, signal } = await server.ended;
  assert.ok(asked > 0);
  assert.deepEqual({ code, signal }, { code: 0, signal: null }, server.said);
  assert.ok(Date.now() - asked < 3000, "it took its time");
});

test("a command waits for the server that is starting", async (t) => {
  let told;
  await watch(t, async (server) => {
    told = server.command_line("openapi");
    return false;
  });
  assert.equal(JSON.parse((await told).stdout).info.title, "Chạm");
});
