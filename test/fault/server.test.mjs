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
import { anySize, appender, buildPrograms, dice, EXIT_CUT, newFolder, powercut } from "./world.mjs";

const RUNS = Number(process.env.FAULT_RUNS ?? 200);
const SEED = Number(process.env.FAULT_SEED ?? 1);
const ROUNDS_A_FOLDER = 4; // faults one after the other in the same folder
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
function rawLog(data) {
  const output = execFileSync(appender, ["list", data], { encoding: "utf8", maxBuffer: 1 << 29, stdio: "pipe" });
  const counts = new Map();
  const half = [];
  for (const line of output.split("\n").slice(0, -1)) {
    const { alias, kind, text, props } = JSON.parse(line);
    const sent = eventOf(props?.name ?? "");
    const told = props?.told === sent.properties.told && text === sent.properties.text;
    if (!told || kind !== sent.event || alias !== `user:${sent.userId}`) half.push(line.slice(0, 200));
    counts.set(props?.name, (counts.get(props?.name) ?? 0) + 1);
  }
  return { counts, half };
}

// How often each event is in the answer to a question.
function asked(data) {
  const question = { ask: "count", of: "events", by: ["prop:name"], from: "2020-01-01", to: "2100-01-01" };
  const input = JSON.stringify(question);
  const output = execFileSync(program, ["ask", "-", "--data", data], { encoding: "utf8", input, maxBuffer: 1 << 29 });
  return new Map(JSON.parse(output).rows.map((row) => [row["prop:name"], row.events]));
}

function violations(data, promised) {
  const wrong = [];
  const { counts, half } = rawLog(data);
  const answers = asked(data);
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

// Runs faults until `runs` are done or something is wrong.
async function suffer(runs, fault) {
  let total = 0;
  let cuts = 0;
  for (let run = 0; run < runs;) {
    const folder = newFolder("server");
    cpSync(prepared.data, folder.data, { recursive: true, filter: (path) => !path.endsWith(".sock") });
    const promised = [];
    for (let round = 1; round <= ROUNDS_A_FOLDER && run < runs; round++, run++) {
      const end = await fault(folder.data, round, SEED * 100_000 + run);
      promised.push(...end.acknowledged);
      cuts += end.code === EXIT_CUT;
      let wrong = end.wrong;
      try {
        wrong = [...wrong, ...violations(folder.data, promised)];
      } catch (error) {
        wrong = [...wrong, `it does not open again: ${error.stderr ?? error}`];
      }
      if (wrong.length > 0) {
        folder.remove();
        return { total, run, wrong: [`run ${run}, round ${round}, seed ${SEED}`, ...wrong.slice(0, 5)] };
      }
    }
    total += promised.length;
    folder.remove();
  }
  return { total, cuts, run: runs, wrong: [] };
}

async function kill(data, round, seed) {
  const end = await runUntilDead(data, round, { killAfter: 20 + dice(seed)(150) });
  return { ...end, wrong: end.signal === "SIGKILL" ? [] : [`ended with ${end.code}: ${end.said.slice(-500)}`] };
}

const cutPower = (more) => async (data, round, seed) => {
  const at = anySize(dice(seed), 4000);
  const env = { LD_PRELOAD: powercut, PC_DIR: data, PC_SEED: String(seed), PC_AT: String(at), ...more };
  const end = await runUntilDead(data, round, { env });
  const expected = end.code === EXIT_CUT || end.signal === "SIGKILL"; // a busy machine may not get that far in time
  return { ...end, wrong: expected ? [] : [`ended with ${end.code ?? end.signal}: ${end.said.slice(-500)}`] };
};

test(`${RUNS} times kill -9 of the server: every event answered with 200 is there exactly once`, async (t) => {
  const { total, wrong } = await suffer(RUNS, kill);
  assert.deepEqual(wrong, []);
  assert.ok(total > RUNS, `only ${total} events were acknowledged`);
  t.diagnostic(`${total} acknowledged events`);
});

test(`${RUNS} power cuts of the server: every event answered with 200 is there exactly once`, async (t) => {
  const { total, cuts, wrong } = await suffer(RUNS, cutPower({}));
  assert.deepEqual(wrong, []);
  assert.ok(cuts > RUNS * 0.8, `the power failed only ${cuts} times`);
  assert.ok(total > RUNS, `only ${total} events were acknowledged`);
  t.diagnostic(`${total} acknowledged events`);
});

test(`${BACKUPS} backups while eight clients collect: each restores to all that was answered before it`, async (t) => {
  const folder = newFolder("backup");
  cpSync(prepared.data, folder.data, { recursive: true, filter: (path) => !path.endsWith(".sock") });
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
      assert.deepEqual(violations(back, promised).slice(0, 5), [], `backup ${i}`);
      rmSync(copy, { recursive: true });
      rmSync(back, { recursive: true });
    }
  } finally {
    stopping = true;
    await Promise.all(clients);
    await server.stop();
  }
  assert.deepEqual(violations(folder.data, acknowledged).slice(0, 5), []);
  folder.remove();
  t.diagnostic(`${acknowledged.length} acknowledged events`);
});

test("without fsync the same test of the server finds lost events", async (t) => {
  const { run, wrong } = await suffer(RUNS, cutPower({ CHAM_FSYNC: "off" }));
  assert.notDeepEqual(wrong, []);
  t.diagnostic(`found in run ${run}: ${wrong[1]}`);
});

process.on("exit", () => prepared && rmSync(join(prepared.data, ".."), { recursive: true, force: true }));
