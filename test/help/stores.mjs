// Which stores the program under test uses: files of its own folder, or (TEST_STORES=large) PostgreSQL and ClickHouse, where each folder
// has databases of its own. test/large/servers.mjs starts the servers and says where they are; all that a file's tests made there
// is dropped when they have ended.
//
// A test that can mean nothing there is skipped by name, with the reason: test("…", { skip: embeddedOnly("the log is a file") }, …).
import { execFile } from "node:child_process";
import { after } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { request } from "./server.mjs";

const kind = process.env.TEST_STORES ?? "embedded";
const WHERE = { embedded: undefined, large: "CHAM_TEST_CLICKHOUSE", cluster: "CHAM_TEST_CLUSTER" };
const [records, events] = [process.env.CHAM_TEST_POSTGRES, process.env[WHERE[kind]]];
// The program ends at a CHAM_… that is no key of its configuration.
Object.keys(process.env).filter((name) => name.startsWith("CHAM_TEST_")).forEach((name) => delete process.env[name]);
if (!(kind in WHERE) || (WHERE[kind] && !(records && events))) {
  throw new Error(`TEST_STORES=${kind}: the tests know ${Object.keys(WHERE)}; run them beside test/large/servers.mjs`);
}
export const large = kind !== "embedded";
export const embeddedOnly = (why) => large && `not in the large set-up: ${why}`;

const made = new Map(); // folder → promise of the environment

const sql = (text) =>
  promisify(execFile)("psql", ["-Xqd", records, "-v", "ON_ERROR_STOP=1", "-c", text]).catch((error) => {
    throw new Error(error.stderr || error.message);
  });

async function click(text) {
  const { username, password, host } = new URL(events.replace(/^clickhouse\+/, "").replace(/,[^/]*/, ""));
  const headers = { "x-clickhouse-user": decodeURIComponent(username), "x-clickhouse-key": decodeURIComponent(password) };
  const cluster = kind === "cluster" ? " ON CLUSTER cham" : "";
  const answer = await request(`http://${host}/`, { method: "POST", headers, body: text + cluster, agent: false });
  if (answer.status !== 200) {
    throw new Error(answer.text);
  }
}

const within = (url, database) => url.replace(/\/[^/?]+(?=$|\?)/, `/${database}`);

async function make() {
  const name = `cham_${process.pid}_${made.size}`;
  await Promise.all([sql(`CREATE DATABASE ${name}`), click(`CREATE DATABASE ${name}`)]);
  return { name, environment: { CHAM_RECORDS: within(records, name), CHAM_EVENTS: within(events, name) } };
}

// What a program on this folder must be told.
export async function storesOf(folder) {
  if (!large) {
    return {};
  }
  if (!made.has(folder)) {
    made.set(folder, make());
  }
  return (await made.get(folder)).environment;
}

// PostgreSQL's own cleaning may be at work in it: that belongs to its superuser, and soon ends.
async function drop(name) {
  for (let tries = 100; ; tries--) {
    try {
      return await sql(`DROP DATABASE ${name} WITH (FORCE)`);
    } catch (error) {
      if (tries === 0 || !/pg_signal_backend|being accessed/.test(error.message)) {
        throw error;
      }
      await sleep(100);
    }
  }
}

export async function dropStores(folder) {
  const { name } = (await made.get(folder)?.catch(() => undefined)) ?? {};
  made.set(folder, undefined);
  if (name) {
    await Promise.all([drop(name), click(`DROP DATABASE ${name}`)]);
  }
}

if (large) {
  after(() => Promise.all([...made.keys()].map(dropStores)));
}
