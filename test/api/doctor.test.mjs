// cham doctor: what is well, what is doubtful, what is wrong, and the exit code that goes with it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { test } from "node:test";
import { bare, freePort, newFolder, program, start } from "../help/server.mjs";
import { embeddedOnly, large, storesOf } from "../help/stores.mjs";

const LEVELS = ["ok", "warning", "wrong"];

// The findings by check, and the exit code, which must be the worst of them.
async function doctor(folder, environment = {}) {
  const { status, stdout, stderr } = await new Promise((resolve) =>
    execFile(program, ["doctor", "--json", "--data", folder], { env: { ...bare, LANG: "en", ...environment } }, (error, stdout, stderr) =>
      resolve({ status: error?.code ?? 0, stdout, stderr })),
  );
  assert.ok(stdout.startsWith("["), stderr || `exit code ${status}`);
  const findings = JSON.parse(stdout);
  assert.equal(status, Math.max(...findings.map(({ verdict }) => LEVELS.indexOf(verdict))));
  const of = (check) => findings.filter((found) => found.check === check);
  return { findings, status, of, bad: findings.filter(({ verdict }) => verdict !== "ok").map(({ check }) => check), text: stdout };
}

const closed = () => {
  const folder = newFolder();
  chmodSync(folder, 0o700);
  return folder;
};

test("a folder of one's own is well, with and without a server", { skip: embeddedOnly("the files of the folder are looked at") }, async (t) => {
  const server = await start(t);
  const running = await doctor(server.data);
  assert.match(running.of("server")[0].text, /serves this folder/);
  assert.deepEqual(running.bad.filter((check) => check !== "disk"), []);
  assert.ok(running.of("format").length === 1 && running.of("stores").length === 1);
});

test("a folder that is not there or open to everybody is doubtful", async () => {
  const folder = newFolder();
  assert.deepEqual((await doctor(path.join(folder, "none"))).bad, ["folder"]);
  chmodSync(folder, 0o755);
  const open = await doctor(folder);
  assert.equal(open.of("folder")[0].verdict, "warning");
  assert.match(open.of("folder")[0].text, /chmod 700/);
});

test("passwords that everybody can read, and one store without the other, are wrong", async () => {
  const folder = closed();
  const file = path.join(folder, "cham.conf");
  writeFileSync(file, `records = postgres://cham:geheim@127.0.0.1:${await freePort()}/cham\n`, { mode: 0o644 });
  const found = await doctor(folder);
  assert.equal(found.status, 2);
  assert.match(found.of("secrets")[0].text, /chmod o= /);
  assert.match(found.of("stores")[0].text, /"events" is missing/);
  assert.equal(found.of("records")[0].verdict, "wrong"); // nobody is there
  assert.ok(!found.text.includes("geheim"));
  chmodSync(file, 0o600);
  assert.equal((await doctor(folder)).of("secrets")[0].verdict, "ok");
});

test("servers that do not answer are wrong, and nothing shows their passwords", async () => {
  const port = await freePort();
  const found = await doctor(closed(), {
    CHAM_RECORDS: `postgres://cham:geheim@127.0.0.1:${port}/cham`,
    CHAM_EVENTS: `clickhouse+http://cham:geheim@127.0.0.1:${port}/cham?ask_user=a&ask_password=geheim`,
  });
  assert.deepEqual([...new Set(found.bad.filter((check) => check !== "disk"))], ["records", "events"]);
  assert.ok(!found.text.includes("geheim"));
  const nonsense = await doctor(closed(), { CHAM_RECORDS: "postgres://u:geheim@h/d?nonsense=1", CHAM_EVENTS: "mysql://geheim" });
  assert.deepEqual([...new Set(nonsense.bad.filter((check) => check !== "disk"))], ["records", "events"]);
  assert.ok(!nonsense.text.includes("geheim"));
});

// Somebody who answers every connection with these words and hangs up.
const stranger = async (t, words) => {
  const server = net.createServer((socket) => socket.on("error", () => {}).once("data", () => socket.end(words)));
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  t.after(() => server.close());
  return server.address().port;
};

test("why a server does not answer is named, with what to do", async (t) => {
  const away = await freePort();
  const native = await stranger(t, "HTTP/1.0 400 Bad Request\r\n\r\nPort 9000 is for clickhouse-client program\r\n");
  const noise = await stranger(t, "\x15\x03\x03\x00\x02\x02\x46");
  const found = async (records, events) => {
    const { of } = await doctor(closed(), { CHAM_RECORDS: `postgres://u@${records}/d`, CHAM_EVENTS: `clickhouse+${events}/d` });
    return [of("records"), of("events")].map(([{ verdict, text }]) => (assert.equal(verdict, "wrong"), text));
  };
  const expected = [
    [`127.0.0.1:${away}`, `http://127.0.0.1:${away}`, /refuses.*systemctl status postgresql.*Connection refused/, /refused.*systemctl status clickhouse-server/],
    ["no-such-host.invalid", "http://no-such-host.invalid:8123", /no host of this name/, /no host of this name/],
    [`127.0.0.1:${noise}`, `http://127.0.0.1:${native}`, /not PostgreSQL.*5432/, /not ClickHouse's HTTP port.*8123/],
    [`127.0.0.1:${native}`, `http://127.0.0.1:${noise}`, /not PostgreSQL.*5432/, /not ClickHouse's HTTP port.*clickhouse\+https/],
    [`127.0.0.1:${away}`, `https://127.0.0.1:${native}`, /refuses/, /no TLS.*8443/],
  ];
  for (const [records, events, ofRecords, ofEvents] of expected) {
    const [one, other] = await found(records, events);
    assert.match(one, ofRecords);
    assert.match(other, ofEvents);
    assert.doesNotMatch(one, /\n|cannot be opened/);
  }
});

test("a folder that a newer program wrote is wrong", { skip: embeddedOnly("the files of the folder are looked at") }, async (t) => {
  const folder = closed();
  mkdirSync(path.join(folder, "x"));
  writeFileSync(path.join(folder, "records.db"), "no database at all, but long enough to be looked at".repeat(100));
  const found = await doctor(folder);
  assert.deepEqual(found.bad.filter((check) => check !== "disk"), ["format"]);
  assert.equal(found.status, 2);
});

const onLarge = { skip: !large && "needs PostgreSQL and ClickHouse (TEST_STORES=large)" };

// The tests' PostgreSQL does without fsync, which the doctor does not like.
const usual = (found) => found.bad.filter((check) => check !== "disk" && check !== "records_durable");

test("both stores are well before and after the first start", onLarge, async (t) => {
  const folder = closed();
  const stores = await storesOf(folder);
  const before = await doctor(folder, stores);
  assert.deepEqual(usual(before), []);
  assert.match(before.of("records_format")[0].text, /next start/);
  const server = await start(t, { data: folder });
  const after = await doctor(folder, stores);
  assert.deepEqual(usual(after), []);
  assert.match(after.of("shards")[0].text, /Every shard/);
  assert.ok(after.of("clock").length >= 2 && after.of("ask").length === 1);

});

test("what is wrong with the stores is named", onLarge, async () => {
  const folder = closed();
  const stores = await storesOf(folder);
  const writer = new URL(stores.CHAM_EVENTS.replace(/^clickhouse\+/, "").replace(/,[^/]*/, ""));
  const changed = (name, value) => stores.CHAM_EVENTS.replace(new RegExp(`${name}=[^&]*`), `${name}=${value}`);
  const asks = changed("ask_user", writer.username).replace(/ask_password=[^&]*/, `ask_password=${writer.password}`);
  const free = await doctor(folder, { ...stores, CHAM_EVENTS: asks });
  assert.ok(free.of("ask").some(({ text }) => text.includes("url()")) && free.of("ask").some(({ text }) => text.includes("only read by its profile")), free.text);
  const locked = await doctor(folder, { ...stores, CHAM_EVENTS: changed("ask_password", "not-it") });
  assert.ok(locked.status === 2 && locked.text.includes("ask_user") && !locked.text.includes("not-it"), locked.text);
  const nowhere = await doctor(folder, { ...stores, CHAM_EVENTS: stores.CHAM_EVENTS.replace(/\/[^/?]+\?/, "/no_such_database?") });
  assert.ok(usual(nowhere).includes("events_database"), nowhere.text);
  const strange = await doctor(folder, { ...stores, CHAM_EVENTS: `${stores.CHAM_EVENTS.replace(/cluster=[^&]*&?/, "")}&cluster=nowhere` });
  assert.match(strange.of("events")[0].text, /no cluster named nowhere/);
});
