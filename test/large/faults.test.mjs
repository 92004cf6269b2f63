// Faults 25 and 26 of a large installation under load: a process killed, PostgreSQL or ClickHouse killed or halted. Nothing that was acknowledged is
// lost, nothing is there twice, senders are told 503 with Retry-After, /readyz says so, no threads pile up, and it all heals by itself.
//
//   EVENTS=200000       that are sent while it happens (12,000)
//   HALTED_MS=15000     how long a server stands still (6,000)
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "../help/server.mjs";
import { assertAll, Crowd, processes, shuffled, timesOf } from "./crowd.mjs";
import { startServers } from "./servers.mjs";

const EVENTS = Number(process.env.EVENTS ?? 12_000);
const HALTED_MS = Number(process.env.HALTED_MS ?? 6_000);
const PERSONS = Math.ceil(EVENTS / 20);
const BATCH = 50;
const IMPATIENT_MS = 3000; // senders who wait no longer try the other process while the first one may still store

let servers;
before(async () => (servers = await startServers(["postgres", "cluster"])));
after(() => servers?.end());

const PATIENCE_MS = 3000; // of who balances the load

const ready = (server) =>
  Promise.race([
    request(`${server.url}/readyz`, { agent: false }).then(({ status }) => status, () => "refused"),
    sleep(PATIENCE_MS, "silent", { ref: false }),
  ]);
const threads = (server) => readdirSync(`/proc/${server.pid}/task`).length;

// What /readyz says and how many threads there are, several times a second until it is told to stop.
function watch(server) {
  const seen = { readiness: new Set(), threads: 0 };
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      seen.readiness.add(await ready(server));
      seen.threads = Math.max(seen.threads, threads(server));
      await sleep(150);
    }
    return seen;
  })();
  return () => ((stopped = true), watching);
}

async function until(what, holds, limit_ms = 60_000) {
  for (const end = Date.now() + limit_ms; !(await holds()); await sleep(100)) {
    assert.ok(Date.now() < end, `not within ${limit_ms / 1000} s: ${what}`);
  }
}

// A server with everything it started: PostgreSQL has a process for each connection.
function family(daemon) {
  const parent = daemon.process.pid;
  const child = (pid) => {
    try {
      return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ")[1]) === parent;
    } catch {
      return false;
    }
  };
  return [parent, ...readdirSync("/proc").filter((name) => /^\d+$/.test(name) && child(name)).map(Number)];
}

async function halt(daemon) {
  const all = family(daemon);
  const tell = (signal) => all.forEach((pid) => { try { process.kill(pid, signal); } catch { /* it ended */ } });
  tell("SIGSTOP");
  await sleep(HALTED_MS);
  tell("SIGCONT");
}

const crash = async (daemon) => {
  await daemon.kill();
  await sleep(2500);
  await daemon.start();
};

const faults = {
  "one of two processes is killed": { notReady: false, strike: async ([, second]) => { await second.kill(); await sleep(1000); await second.start(); } },
  "PostgreSQL is killed and started again": { notReady: true, strike: () => crash(servers.postgres.server) },
  "PostgreSQL stands still": { notReady: true, strike: () => halt(servers.postgres.server) },
  "a shard of ClickHouse is killed and started again": { notReady: true, strike: () => crash(servers.cluster.servers[0]) },
  "all of ClickHouse and a process are killed and started again": {
    notReady: true,
    strike: async ([, second]) => {
      await Promise.all([second.kill(), ...servers.cluster.servers.map((server) => server.kill())]);
      await sleep(2500);
      await Promise.all(servers.cluster.servers.map((server) => server.start()));
      await second.start();
    },
  },
  "a shard of ClickHouse stands still": { notReady: true, strike: () => halt(servers.cluster.servers[1]) },
};

for (const [what, { strike, notReady }] of Object.entries(faults)) {
  test(`${what}: nothing acknowledged is lost, nothing is there twice`, async (t) => {
    const name = `faults_${Object.keys(faults).indexOf(what)}`;
    servers.postgres.ask(`CREATE DATABASE ${name}`);
    await servers.cluster.ask(`CREATE DATABASE ${name} ON CLUSTER cham`);
    const stores = { CHAM_RECORDS: servers.postgres.url(name), CHAM_EVENTS: servers.cluster.url(name) };
    const all = await processes(t, stores);
    const owner = await all[0].owner();
    const key = await all[0].key(owner);
    const other = all[1].anybody(owner.headers);
    await until("the other process knows who is signed in", async () => (await other.get("/api/v1/session")).status === 200);

    const before = threads(all[0]);
    const stop = watch(all[0]);
    const crowd = new Crowd({ ports: all.map(({ port }) => port), key, persons: PERSONS, impatient_ms: IMPATIENT_MS });
    crowd.put(shuffled(EVENTS, 7), BATCH);
    const sending = crowd.run();
    await until("events are acknowledged", () => crowd.acknowledged > EVENTS / 10 || crowd.queue.length === 0);
    await strike(all);
    await sending;
    await until("all processes are ready again", async () => (await Promise.all(all.map(ready))).every((status) => status === 200));
    const seen = await stop();

    t.diagnostic(`${EVENTS} events, answers ${JSON.stringify(crowd.answers)}, the longest after ${crowd.longest_ms} ms, at most ${seen.threads} threads, /readyz said ${[...seen.readiness]}`);
    const told = seen.readiness.has(503) || seen.readiness.has("silent");
    assert.equal(told, notReady, `/readyz said ${[...seen.readiness]}`);
    assert.ok(seen.threads <= before + 24, `${before} threads became ${seen.threads}`);
    assert.deepEqual(await timesOf(owner, EVENTS), []);
    await assertAll([owner, other], EVENTS, PERSONS);
  });
}
