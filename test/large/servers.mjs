// PostgreSQL and ClickHouse for tests: on loopback, in a temporary folder, as an ordinary user, ended with the run.
//
//     node test/large/servers.mjs up [postgres clickhouse cluster tls chdb]   # prints CHAM_TEST_…=… lines, runs until it is ended
//     node test/large/servers.mjs run [postgres clickhouse cluster tls chdb] -- COMMAND …      # runs a command beside them
//     node test/large/servers.mjs missing                                  # the Debian packages that are not there, if any
//
//   CHAM_TEST_POSTGRES, CHAM_TEST_POSTGRES_TLS       a role that may create databases
//   CHAM_TEST_CLICKHOUSE, CHAM_TEST_CLICKHOUSE_TLS   a single server
//   CHAM_TEST_CLUSTER                                two shards
//   CHAM_TEST_CHDB                                   the current release
// UNTIL_CLOSED=1: `up` also ends when its standard input does. REPLICAS=2,1 gives the first shard a second replica; DURABLE=1 lets PostgreSQL wait for the disk.
import { spawn } from "node:child_process";
import { missing as chdbMissing, startChdb } from "./chdb.mjs";
import { missing as clickhouseMissing, startClickhouse, startCluster } from "./clickhouse.mjs";
import { Place } from "./place.mjs";
import { missing as postgresMissing, startPostgres } from "./postgres.mjs";
import { makeCertificates } from "./tls.mjs";
import { missing as zookeeperMissing, startZookeeper } from "./zookeeper.mjs";

const KNOWN = ["postgres", "clickhouse", "cluster", "tls", "chdb"];
const USUAL = KNOWN.filter((name) => name !== "chdb"); // which is large: without a name it is started where it is installed

export const missing = (wanted = USUAL) => [
  ...(wanted.includes("postgres") ? postgresMissing() : []),
  ...(wanted.includes("clickhouse") || wanted.includes("cluster") ? clickhouseMissing() : []),
  ...(wanted.includes("cluster") ? zookeeperMissing() : []),
  ...(wanted.includes("chdb") ? chdbMissing() : []),
];

// Starts what is wanted: {postgres, clickhouse, cluster, zookeeper, environment, end}.
export async function startServers(wanted = ["postgres", "clickhouse"], options = {}) {
  const lacking = missing(wanted);
  if (lacking.length > 0) {
    throw new Error(`not installed: ${lacking.join(" ")} (make setup installs them where Debian has them)`);
  }
  const place = new Place();
  const all = { place, environment: {} };
  const begun = [];
  const note = (daemon) => begun.push(daemon);
  all.end = async () => {
    await Promise.all(begun.map((daemon) => daemon.stop()));
    place.remove();
  };
  const starting = {
    postgres: async (tls) => {
      all.postgres = await startPostgres(place, { tls, durable: options.durable });
      note(all.postgres.server);
      all.environment.CHAM_TEST_POSTGRES = all.postgres.url();
      if (tls) {
        all.environment.CHAM_TEST_POSTGRES_TLS = all.postgres.tlsUrl();
      }
    },
    clickhouse: async (tls) => {
      all.clickhouse = await startClickhouse(place, { tls });
      all.clickhouse.servers.forEach(note);
      all.environment.CHAM_TEST_CLICKHOUSE = all.clickhouse.url();
      if (tls) {
        all.environment.CHAM_TEST_CLICKHOUSE_TLS = all.clickhouse.tlsUrl();
      }
    },
    cluster: async () => {
      all.zookeeper = await startZookeeper(place);
      note(all.zookeeper.server);
      all.cluster = await startCluster(place, all.zookeeper.port, { replicas: options.replicas });
      all.cluster.servers.forEach(note);
      all.environment.CHAM_TEST_CLUSTER = all.cluster.url();
    },
    chdb: async () => {
      all.chdb = await startChdb(place);
      note(all.chdb.server);
      all.environment.CHAM_TEST_CHDB = all.chdb.url();
    },
  };
  const tls = wanted.includes("tls") ? makeCertificates(place) : undefined;
  const tried = await Promise.allSettled(wanted.filter((name) => starting[name]).map((name) => starting[name](tls)));
  const failed = tried.find(({ status }) => status === "rejected");
  if (failed) {
    await all.end();
    throw failed.reason;
  }
  return all;
}

async function main([verb, ...words]) {
  const dashes = words.indexOf("--");
  const named = dashes < 0 ? words : words.slice(0, dashes);
  const wanted = named.length > 0 ? named : KNOWN.filter((name) => name !== "chdb" || chdbMissing().length === 0);
  const unknown = wanted.filter((name) => !KNOWN.includes(name));
  if (!["up", "run", "missing"].includes(verb) || unknown.length > 0 || (verb === "run") !== dashes >= 0) {
    console.error(`servers.mjs up|run|missing [${KNOWN.join(" ")}] [-- COMMAND …]${unknown.length > 0 ? `: no ${unknown}` : ""}`);
    return 2;
  }
  if (verb === "missing") {
    console.log(missing(wanted).join(" "));
    return 0;
  }
  const replicas = process.env.REPLICAS?.split(",").map(Number);
  const servers = await startServers(wanted, { replicas, durable: process.env.DURABLE === "1" });
  const stopped = new Promise((done) => {
    ["SIGINT", "SIGTERM", "SIGHUP"].forEach((signal) => process.on(signal, () => done(130)));
    if (process.env.UNTIL_CLOSED === "1") { // whoever started this has ended when its end of the pipe closes
      process.stdin.resume().on("end", () => done(0));
    }
  });
  let code;
  if (verb === "up") {
    Object.entries(servers.environment).forEach(([name, value]) => console.log(`${name}=${value}`));
    console.log("ready");
    const forever = setInterval(() => {}, 1 << 30);
    await stopped;
    clearInterval(forever);
    code = 0;
  } else {
    const [command, ...args] = words.slice(dashes + 1);
    const child = spawn(command, args, { stdio: "inherit", env: { ...process.env, ...servers.environment } });
    const ended = new Promise((done) => child.once("close", (status, signal) => done(signal ? 128 : status)).once("error", () => done(127)));
    code = await Promise.race([ended, stopped.then((status) => (child.kill(), status))]);
  }
  await servers.end();
  return code;
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
