// A server that listens before its rooms are open: what it says meanwhile, in both languages, and how it stops.
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { embeddedOnly, newFolder, request, Server } from "../help/server.mjs";

// So many events that reading them takes a while also on a fast machine.
const PEOPLE = "12000";
const maker = new Server({ data: newFolder() });

// What is kept beside the log would make it ready at once.
const readEverything = () => {
  for (const name of ["journey", "repeats"]) {
    rmSync(path.join(maker.data, name), { force: true });
  }
};

before(async () => {
  await maker.command_line("demo", "--people", PEOPLE, "--months", "6");
});
after(async () => {
  maker.ownsData = true;
  await maker.remove();
});

// Starts the server without waiting for it to be ready, and calls `each` with every answer of /readyz until it is.
async function watch(t, each, env = {}) {
  readEverything();
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

const QUESTION = { ask: "count", of: "people", by: ["kind", "channel"] };
const answer = async (server) => {
  const question = path.join(server.data, "question.json");
  writeFileSync(question, JSON.stringify(QUESTION));
  return JSON.parse((await server.command_line("ask", question)).stdout).rows;
};

const files = { skip: embeddedOnly("nothing is kept in files") };
test("what was kept is used, made anew where it is damaged, and `cham rebuild` gives the same", files, async (t) => {
  const data = newFolder();
  const server = new Server({ data });
  t.after(() => rmSync(data, { recursive: true, force: true }));
  await server.command_line("demo", "--people", "300", "--months", "3");
  const kept = path.join(data, "journey");
  const rows = await answer(server);
  assert.ok(rows.length > 5);
  assert.ok(existsSync(kept) && existsSync(path.join(data, "repeats")));

  const rebuilt = await server.command_line("rebuild");
  assert.match(rebuilt.stdout, /giống hệt|the same as before/);
  assert.deepEqual(await answer(server), rows);

  const bytes = readFileSync(kept);
  for (const damaged of [bytes.subarray(0, bytes.length / 2), Buffer.from(bytes).fill(7, 5000, 5100), Buffer.alloc(0)]) {
    writeFileSync(kept, damaged);
    assert.deepEqual(await answer(server), rows);
    assert.match((await server.command_line("rebuild")).stdout, /giống hệt|the same as before/);
  }
});

test("a command that needs the folder for itself says that a server has it", async (t) => {
  const server = new Server({ data: maker.data });
  await server.start();
  t.after(() => server.stop());
  const refused = await server.command_line("rebuild").catch((error) => error);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^cham: /m);
});
