// cham move: from the folder into PostgreSQL and ClickHouse and back, with identical digests, whatever happens meanwhile.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { bare, newFolder, program, Server } from "../help/server.mjs";
import { large, storesOf } from "../help/stores.mjs";

const onLarge = { skip: !large && "needs PostgreSQL and ClickHouse (TEST_STORES=large)" };

const run = (args, environment = {}) =>
  new Promise((resolve) =>
    execFile(program, args, { env: { ...bare, LANG: "en", ...environment } }, (error, stdout, stderr) =>
      resolve({ status: error?.code ?? 0, stdout, stderr })),
  );

const words = ({ CHAM_RECORDS, CHAM_EVENTS }) => `records=${CHAM_RECORDS} events=${CHAM_EVENTS}`;
const digests = (said) => [...said.matchAll(/[0-9a-f]{64}/g)].map(String);

// MOVE_PEOPLE=60000 moves a million events there and back.
const PEOPLE = Number(process.env.MOVE_PEOPLE ?? 150);

// A folder with the demo company, without the stores that TEST_STORES would give it.
async function demo(people = 150) {
  const folder = newFolder();
  const made = await run(["demo", "--people", String(people), "--months", "4", "--seed", "7", "--data", folder]);
  assert.equal(made.status, 0, made.stderr);
  return folder;
}

class Plain extends Server {
  async environment() {
    return { ...bare, ...this.env };
  }
}

async function served(t, options) {
  const server = new Plain(options);
  t.after(() => server.process.exitCode === null && server.process.signalCode === null && server.stop());
  return server.start();
}

const QUESTIONS = [
  { ask: "count", by: ["kind"], from: "2020-01-01", to: "2030-01-01" },
  { ask: "score", metric: "nps", by: ["channel"], from: "2020-01-01", to: "2030-01-01" },
  { ask: "count", of: "people", by: ["channel"], from: "2020-01-01", to: "2030-01-01" },
];

async function answers(server, email = "first@example.vn") {
  const owner = await server.user("owner", email);
  const all = [];
  for (const question of QUESTIONS) {
    const { status, body } = await owner.post("/api/v1/ask", question);
    all.push({ status, rows: body?.rows ?? body?.errors });
  }
  return all;
}

test("the demo company there and back is the same, and answers the same", onLarge, async (t) => {
  const folder = await demo(PEOPLE);
  const stores = await storesOf(newFolder());
  const first = await served(t, { data: folder });
  const before = await answers(first);
  await first.stop();
  const files = ["events.db", "records.db", "key"].map((name) => readFileSync(path.join(folder, name)));
  const early = await run(["user", "add", "early@example.vn", "--data", folder], stores);
  assert.notEqual(early.status, 0, "a new company over a folder with an old one");
  assert.match(early.stderr, /cham move/);
  const there = await run(["move", "--data", folder, "--to", words(stores)]);
  assert.equal(there.status, 0, there.stderr);
  const sums = digests(there.stdout);
  assert.equal(sums.length, 4);
  assert.deepEqual(sums.slice(0, 2), sums.slice(2));
  assert.ok(!there.stdout.includes(new URL(stores.CHAM_RECORDS).password));
  assert.deepEqual(["events.db", "records.db", "key"].map((name) => readFileSync(path.join(folder, name))), files);

  const home = newFolder();
  const back = await run(["move", "--data", home, "--to", "records= events="], stores);
  assert.equal(back.status, 0, back.stderr);
  assert.deepEqual(digests(back.stdout), sums);
  assert.deepEqual(readFileSync(path.join(home, "key")), readFileSync(path.join(folder, "key")));

  const moved = await served(t, { env: stores });
  assert.deepEqual(await answers(moved, "second@example.vn"), before);
  assert.deepEqual([...new Set(before.map(({ status }) => status))], [200]);
  await moved.stop();
  const again = await served(t, { data: home });
  assert.deepEqual(await answers(again, "third@example.vn"), before);
});

test("a copy that is killed goes on where it was", onLarge, async () => {
  const folder = await demo(1500);
  const stores = await storesOf(newFolder());
  const args = ["move", "--data", folder, "--to", words(stores)];
  for (const after of [60, 250, 500, 900]) {
    const child = spawn(program, args, { env: { ...bare, LANG: "en" }, stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("close", resolve));
    const timer = setTimeout(() => child.kill("SIGKILL"), after);
    await ended;
    clearTimeout(timer);
  }
  const last = await run(args);
  const sums = digests(last.stdout);
  if (last.status === 0) {
    assert.deepEqual(sums.slice(0, 2), sums.slice(2));
  } else {
    assert.match(last.stderr, /moved there already/); // none of the kills came early enough
  }
  const back = await run(["move", "--data", newFolder(), "--to", "records= events="], stores);
  assert.equal(back.status, 0, back.stderr);
});

test("while a server runs it is copied as it is; the rest comes when it has stopped", onLarge, async (t) => {
  const folder = await demo();
  const stores = await storesOf(newFolder());
  const server = await served(t, { data: folder });
  const owner = await server.user("owner");
  const args = ["move", "--data", folder, "--to", words(stores)];
  const live = await run(args);
  assert.equal(live.status, 1, live.stderr);
  assert.match(live.stdout, /server still runs/);
  // Meanwhile somebody is erased and somebody else comes.
  const { body: list } = await owner.get("/api/v1/people?limit=1");
  const gone = list.items?.[0]?.id ?? list[0].id;
  assert.ok((await owner.delete(`/api/v1/people/${gone}`)).status < 300);
  await server.stop();
  const whole = await run(args);
  assert.equal(whole.status, 0, whole.stderr + whole.stdout);
  const sums = digests(whole.stdout);
  assert.deepEqual(sums.slice(0, 2), sums.slice(2));
});

test("a target with something else is refused, and the file is changed only when asked", onLarge, async () => {
  const folder = await demo();
  const stores = await storesOf(newFolder());
  const file = path.join(folder, "cham.conf");
  writeFileSync(file, "# ours\nlog_level = warn\nrecords =\n");
  chmodSync(file, 0o640);
  assert.equal((await run(["move", "--data", folder, "--to", words(stores)])).status, 0);
  assert.match(readFileSync(file, "utf8"), /records =\n/);
  const other = await run(["move", "--data", await demo(20), "--to", words(stores)]);
  assert.equal(other.status, 1);
  assert.match(other.stderr, /already/);
  assert.match((await run(["move", "--data", folder, "--to", words(stores)])).stderr, /moved there already/);
  assert.equal((await run(["move", "--data", folder, "--to", words(stores), "--switch"])).status, 0);
  assert.equal(readFileSync(file, "utf8"), `# ours\nlog_level = warn\nrecords = ${stores.CHAM_RECORDS}\nevents = ${stores.CHAM_EVENTS}\n`);
  assert.equal(statSync(file).mode & 0o777, 0o640);
});

test("what a process that was killed had on its way is left to the next start", onLarge, async () => {
  const folder = await demo(20);
  const stores = await storesOf(newFolder());
  assert.equal((await run(["move", "--data", folder, "--to", words(stores)])).status, 0);
  const psql = (sql) => promisify(execFile)("psql", ["-XqAtd", stores.CHAM_RECORDS, "-v", "ON_ERROR_STOP=1", "-c", sql]);
  await psql("INSERT INTO event_groups (id, last, process, from_ms, to_ms, at_ms, doomed) VALUES (7, 9, 5, 1, 2, 1, 0)");
  const back = ["move", "--data", newFolder(), "--to", "records= events="];
  const refused = await run(back, stores);
  assert.equal(refused.status, 1, refused.stdout);
  assert.match(refused.stderr, /was killed/);
  assert.equal((await psql("SELECT id, last, process, doomed FROM event_groups")).stdout, "7|9|5|0\n"); // and nothing was changed
  await psql("DELETE FROM event_groups");
  assert.equal((await run(back, stores)).status, 0);
});

test("addresses in a file, and a file of settings that everybody could read", onLarge, async () => {
  const folder = await demo(20);
  const stores = await storesOf(newFolder());
  const file = path.join(folder, "cham.conf");
  const target = path.join(newFolder(), "target");
  writeFileSync(file, "log_level = warn\n", { mode: 0o644 });
  writeFileSync(target, `records=${stores.CHAM_RECORDS}\nevents=${stores.CHAM_EVENTS}\n`, { mode: 0o600 });
  const moved = await run(["move", "--data", folder, "--to", `@${target}`, "--switch"]);
  assert.equal(moved.status, 0, moved.stderr);
  assert.equal(readFileSync(file, "utf8"), `log_level = warn\nrecords = ${stores.CHAM_RECORDS}\nevents = ${stores.CHAM_EVENTS}\n`);
  assert.equal(statSync(file).mode & 0o777, 0o640);
});

test("what makes no sense is said", async () => {
  const folder = newFolder();
  for (const to of ["", "records=postgres://x", "events=", "everything"]) {
    assert.match((await run(["move", "--data", folder, "--to", to])).stderr, /Say where to|needs/);
  }
  assert.match((await run(["move", "--data", folder, "--to", "records= events="])).stderr, /there already/);
  assert.match((await run(["move", "--data", folder, "--to", `@${path.join(folder, "none")}`])).stderr, /none/);
  assert.match((await run(["move", "--data", folder, "--to", "records=postgres://h/x", "events="])).stderr, /Set both/);
});
