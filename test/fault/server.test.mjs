// The whole server: eight clients collect over HTTP, single events and batches of 100, while the process is killed or the
// power fails. After each restart every event answered with 200 is in the raw log and in the answers to questions exactly
// once, and none is half.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { program, Server } from "../help/server.mjs";
import {
  anySize,
  appender,
  buildPrograms,
  dice,
  EXIT_CUT,
  newFolder,
  output,
  powercut,
  RUNS,
  suffer,
} from "./world.mjs";

const ROUNDS = 4; // faults one after the other in the same folder
const BACKUPS = Math.ceil(RUNS / 10);
const CLIENTS = 8;
const BATCH = 100;
const LIMIT_MS = 10_000; // of a round whose power never fails

// A folder with an owner and a key, copied for each series of faults.
let prepared, authorization;

before(async () => {
  buildPrograms();
  prepared = newFolder("prepared");
  mkdirSync(prepared.data);
  const server = await new Server({ data: prepared.data }).start();
  const secret = await server.key(await server.owner());
  authorization = `Basic ${Buffer.from(`${secret}:`).toString("base64")}`;
  await server.stop();
});

// What an event of this name looks like; the text is long and different, so that a torn one shows.
function eventOf(name) {
  const text = `${name} `.repeat(1 + (name.length % 7) * 5);
  const properties = { name, text, told: text.length };
  return { type: "track", messageId: name, userId: `U${name.length}`, event: "Collected", properties };
}

function send(agent, port, path, body) {
  return new Promise((done) => {
    const headers = { authorization, "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const request = http.request({ agent, port, path, host: "127.0.0.1", method: "POST", headers }, (answer) => {
      answer.resume();
      answer.on("end", () => done(answer.statusCode));
      answer.on("error", () => done(0));
    });
    request.on("error", () => done(0));
    request.end(body);
  });
}

// One client sends until the server is gone, and keeps the names that were answered with 200. Every third is sent again.
async function collect(port, round, number, acknowledged, ended, pause = 0) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const size = number % 2 === 0 ? 1 : BATCH;
  for (let first = 0; !ended(); first += size) {
    const names = Array.from({ length: size }, (_, i) => `${round} ${number} ${first + i}`);
    const single = size === 1;
    const body = JSON.stringify(single ? eventOf(names[0]) : { batch: names.map(eventOf) });
    const path = single ? "/v1/track" : "/v1/batch";
    const status = await send(agent, port, path, body);
    if (status === 0) break;
    if (pause > 0) await sleep(pause);
    if (status === 200) {
      acknowledged.push(...names);
      if ((first / size) % 3 === 0) await send(agent, port, path, body);
    }
  }
  agent.destroy();
}

// Runs the server until it is dead; `killAfter` (ms after it is ready) ends it, else its power fails.
async function runUntilDead(data, round, { env = {}, killAfter = 0 }) {
  const server = new Server({ data, env });
  const acknowledged = [];
  try {
    await server.start();
  } catch {
    // The power failed before it was ready.
    const { code, signal } = await server.ended;
    return { acknowledged, code, signal, said: server.said };
  }
  let dead = false;
  server.ended.then(() => (dead = true));
  const timer = setTimeout(() => server.process.kill("SIGKILL"), killAfter || LIMIT_MS);
  const clients = Array.from({ length: CLIENTS }, (_, i) => collect(server.port, round, i, acknowledged, () => dead));
  await Promise.all(clients);
  const { code, signal } = await server.ended;
  clearTimeout(timer);
  return { acknowledged, code, signal, said: server.said };
}

// How often each event is in the raw log; those that are not as they were sent.
async function rawLog(data) {
  const lines = (await output(appender, ["list", data])).split("\n").slice(0, -1);
  const counts = new Map();
  const half = [];
  for (const line of lines) {
    const { alias, kind, text, props } = JSON.parse(line);
    const sent = eventOf(props?.name ?? "");
    const told = props?.told === sent.properties.told && text === sent.properties.text;
    if (!told || kind !== sent.event || alias !== `user:${sent.userId}`) half.push(line.slice(0, 200));
    counts.set(props?.name, (counts.get(props?.name) ?? 0) + 1);
  }
  return { counts, half };
}

// How often each event is in the answer to a question.
async function asked(data) {
  const question = { ask: "count", of: "events", by: ["prop:name"], from: "2020-01-01", to: "2100-01-01" };
  const answer = await output(program, ["ask", "-", "--data", data], { input: JSON.stringify(question) });
  return new Map(JSON.parse(answer).rows.map((row) => [row["prop:name"], row.events]));
}

async function violations(data, promised) {
  const wrong = [];
  const { counts, half } = await rawLog(data);
  const answers = await asked(data);
  for (const name of promised) {
    if (counts.get(name) !== 1) wrong.push(`acknowledged ${name} is in the log ${counts.get(name) ?? 0} times`);
    if (answers.get(name) !== 1) wrong.push(`acknowledged ${name} is in the answer ${answers.get(name) ?? 0} times`);
  }
  for (const [name, times] of counts) {
    if (times !== 1) wrong.push(`${name} is in the log ${times} times`);
    if (answers.get(name) !== times)
      wrong.push(`${name} is in the log but ${answers.get(name) ?? 0} times in the answer`);
  }
  return [...wrong, ...half.map((line) => `half: ${line}`)];
}

const copyPrepared = (data) =>
  cpSync(prepared.data, data, { recursive: true, filter: (path) => !path.endsWith(".sock") });

const afflict = (fault) => suffer({ name: "server", prepare: copyPrepared, fault, check: violations }, RUNS, ROUNDS);

async function kill(data, round, seed) {
  const end = await runUntilDead(data, round, { killAfter: 20 + dice(seed)(150) });
  const wrong = end.signal === "SIGKILL" ? [] : [`ended with ${end.code}: ${end.said.slice(-500)}`];
  return { ...end, cut: false, wrong };
}

const cutPower = (more) => async (data, round, seed) => {
  const at = anySize(dice(seed), 4000);
  const env = { LD_PRELOAD: powercut, PC_DIR: data, PC_SEED: String(seed), PC_AT: String(at), ...more };
  const end = await runUntilDead(data, round, { env });
  const cut = end.code === EXIT_CUT;
  const expected = cut || end.signal === "SIGKILL"; // a busy machine may not get that far in time
  return { ...end, cut, wrong: expected ? [] : [`ended with ${end.code ?? end.signal}: ${end.said.slice(-500)}`] };
};

test(`${RUNS} times kill -9 of the server: every event answered with 200 is there exactly once`, async (t) => {
  const { total, wrong } = await afflict(kill);
  assert.deepEqual(wrong, []);
  assert.ok(total > RUNS, `only ${total} events were acknowledged`);
  t.diagnostic(`${total} acknowledged events`);
});

test(`${RUNS} power cuts of the server: every event answered with 200 is there exactly once`, async (t) => {
  const { total, cuts, wrong } = await afflict(cutPower({}));
  assert.deepEqual(wrong, []);
  assert.ok(cuts > RUNS * 0.8, `the power failed only ${cuts} times`);
  assert.ok(total > RUNS, `only ${total} events were acknowledged`);
  t.diagnostic(`${total} acknowledged events`);
});

test(`${BACKUPS} backups while eight clients collect: each restores to all that was answered before it`, async (t) => {
  const folder = newFolder("backup");
  copyPrepared(folder.data);
  const server = await new Server({ data: folder.data }).start();
  const acknowledged = [];
  let stopping = false;
  const clients = Array.from({ length: CLIENTS }, (_, i) =>
    collect(server.port, 1, i, acknowledged, () => stopping, 60),
  );
  try {
    for (let i = 1; i <= BACKUPS; i++) {
      const promised = acknowledged.slice();
      const [copy, back] = [`${folder.data}-copy${i}`, `${folder.data}-back${i}`];
      await server.command_line("backup", "--to", copy);
      execFileSync(program, ["restore", "--from", copy, "--data", back], { stdio: "pipe" });
      assert.deepEqual((await violations(back, promised)).slice(0, 5), [], `backup ${i}`);
      rmSync(copy, { recursive: true });
      rmSync(back, { recursive: true });
    }
  } finally {
    stopping = true;
    await Promise.all(clients);
    await server.stop();
  }
  assert.deepEqual((await violations(folder.data, acknowledged)).slice(0, 5), []);
  folder.remove();
  t.diagnostic(`${acknowledged.length} acknowledged events`);
});

test("without fsync the same test of the server finds lost events", async (t) => {
  const { wrong } = await afflict(cutPower({ CHAM_FSYNC: "off" }));
  assert.notDeepEqual(wrong, []);
  t.diagnostic(wrong.slice(0, 2).join(": "));
});

process.on("exit", () => prepared && rmSync(join(prepared.data, ".."), { recursive: true, force: true }));
