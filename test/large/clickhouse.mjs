// Debian's ClickHouse for a test run: a single server, or shards with replicas that agree through ZooKeeper. Accounts and cluster
// are those of deploy/clickhouse: what is tested is what is documented.
import { existsSync, readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import path from "node:path";
import { Daemon, freePort } from "./place.mjs";

const PROGRAM = "/usr/sbin/clickhouse-server";
export const CLUSTER = "cham";
const WRITE = "events of tests", ASK = "questions of tests";

export const missing = () => (existsSync(PROGRAM) ? [] : ["clickhouse-server"]);

const xml = (tree) =>
  Object.entries(tree)
    .map(([name, value]) => {
      const each = Array.isArray(value) ? value : [value];
      return each.map((one) => `<${name}>${typeof one === "object" ? xml(one) : one}</${name}>`).join("\n");
    })
    .join("\n");

const deployed = (name) => readFileSync(path.join(import.meta.dirname, "../../deploy/clickhouse", name), "utf8");
const within = (text, name, tree) => text.replace(new RegExp(`(<${name}>)[^]*(</${name}>)`), (_, open, close) => `${open}\n${xml(tree)}\n${close}`);

// The accounts as documented, with the passwords and the memory of tests.
const accounts = () =>
  deployed("users.xml")
    .replace("<password>CHANGE-ME<", `<password>${WRITE}<`)
    .replace("<password>CHANGE-ME-TOO<", `<password>${ASK}<`)
    .replaceAll(/<networks>.*<\/networks>/g, "<networks><ip>127.0.0.1</ip></networks>")
    .replaceAll(/<max_memory_usage>\d+</g, `<max_memory_usage>${1.5e9}<`);

// A cluster as documented, with the servers of tests.
function clusterOf({ shards, zookeeper, macros }) {
  const replica = ({ tcp }) => ({ host: "127.0.0.1", port: tcp, user: "cham", password: WRITE });
  const shard = shards.map((replicas) => ({ internal_replication: true, replica: replicas.map(replica) }));
  const hosts = within(deployed("cluster.xml"), "cham", { shard });
  const keepers = within(hosts, "zookeeper", { node: { host: "127.0.0.1", port: zookeeper }, session_timeout_ms: 10000 });
  return within(keepers, "macros", macros);
}

const base = { profiles: { default: "" }, users: "", quotas: { default: "" } };

function config(place, name, ports, tls) {
  return {
    logger: { level: "warning", log: `${place.folder}/${name}/log`, errorlog: `${place.folder}/${name}/errors`, size: "50M", count: 1 },
    http_port: ports.http,
    tcp_port: ports.tcp,
    interserver_http_port: ports.interserver,
    interserver_http_host: "127.0.0.1",
    listen_host: "127.0.0.1",
    path: `${place.make(name, "files")}/`,
    tmp_path: `${place.make(name, "temporary")}/`,
    user_files_path: `${place.make(name, "user_files")}/`,
    users_config: "users.xml",
    default_profile: "default",
    default_database: "default",
    mark_cache_size: 64 << 20,
    max_concurrent_queries: 200,
    ...(tls && {
      https_port: ports.https,
      openSSL: { server: { certificateFile: tls.certificate, privateKeyFile: tls.key, verificationMode: "none", disableProtocols: "sslv2,sslv3" } },
    }),
  };
}

const loginOf = (user) => ({ "x-clickhouse-user": user, "x-clickhouse-key": user === "cham_ask" ? ASK : WRITE });

// One statement over HTTP: its text, or an error with what the server said. 18.16 says everything in the body.
export function askOver(port, sql, { user = "cham", ca, database } = {}) {
  const where = { host: "127.0.0.1", port, path: database ? `/?database=${database}` : "/", method: "POST", agent: false, timeout: 30_000 };
  return new Promise((done, fail) => {
    const sent = (ca ? https : http).request({ ...where, headers: loginOf(user), ...(ca && { ca: readFileSync(ca) }) }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part) => (text += part));
      answer.on("end", () => (answer.statusCode === 200 ? done(text) : fail(new Error(`${text.trim()} (${sql})`))));
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer within 30 s")));
    sent.on("error", fail);
    sent.end(sql);
  });
}

async function startOne(place, name, ports, { tls, ...cluster }) {
  place.make(name);
  place.make(name, "conf.d");
  place.make(name, "users.d");
  place.write(`<yandex>${xml(base)}</yandex>`, name, "users.xml");
  place.write(accounts(), name, "users.d", "cham.xml");
  if (cluster.shards) {
    place.write(clusterOf(cluster), name, "conf.d", "cham.xml");
  }
  const file = place.write(`<yandex>${xml(config(place, name, ports, tls))}</yandex>`, name, "config.xml");
  const ask = (sql, more) => askOver(ports.http, sql, more);
  const server = new Daemon(`ClickHouse ${name}`, PROGRAM, [`--config-file=${file}`], {
    isReady: async () => (await ask("SELECT 1")) === "1\n",
  });
  await server.start();
  return { server, ports, ask, asAsker: (sql) => ask(sql, { user: "cham_ask" }), login: loginOf("cham") };
}

const drawPorts = async () => ({ http: await freePort(), tcp: await freePort(), interserver: await freePort(), https: await freePort() });

const login = `cham:${encodeURIComponent(WRITE)}@`;
const asker = `ask_user=cham_ask&ask_password=${encodeURIComponent(ASK)}`;

export async function startClickhouse(place, { tls, name = "clickhouse" } = {}) {
  const one = await startOne(place, name, await drawPorts(), { tls });
  return {
    servers: [one.server],
    nodes: [one],
    ask: one.ask,
    asAsker: one.asAsker,
    askTls: (sql, port) => askOver(port, sql, { ca: tls.authority }),
    url: (database = "default") => `clickhouse+http://${login}127.0.0.1:${one.ports.http}/${database}?${asker}`,
    tlsUrl: (database = "default") => `clickhouse+https://${login}127.0.0.1:${one.ports.https}/${database}?${asker}&ca=${encodeURIComponent(tls.authority)}`,
  };
}

// `replicas`: how many of each shard.
export async function startCluster(place, zookeeper, { replicas = [1, 1] } = {}) {
  const shards = [];
  for (const count of replicas) {
    shards.push(await Promise.all(Array.from({ length: count }, drawPorts)));
  }
  const all = shards.flatMap((each, shard) => each.map((ports, replica) => ({ ports, shard: shard + 1, replica: replica + 1 })));
  const nodes = await Promise.all(
    all.map(({ ports, shard, replica }) =>
      startOne(place, `shard${shard}${replica > 1 ? `-${replica}` : ""}`, ports, { zookeeper, shards, macros: { shard, replica } }),
    ),
  );
  const hosts = nodes.map(({ ports }) => `127.0.0.1:${ports.http}`).join(",");
  return {
    servers: nodes.map(({ server }) => server),
    nodes,
    ask: nodes[0].ask,
    asAsker: nodes[0].asAsker,
    url: (database = "default") => `clickhouse+http://${login}${hosts}/${database}?cluster=${CLUSTER}&${asker}`,
  };
}
