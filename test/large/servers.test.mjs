// The servers of a test run are what the product is promised: passwords, a user who can only ask, TLS, shards that agree.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CLUSTER } from "./clickhouse.mjs";
import { startServers } from "./servers.mjs";

let servers;
before(async () => (servers = await startServers(["postgres", "clickhouse", "cluster", "tls"])));
after(() => servers?.end());

test("PostgreSQL 15 knows its role by password and lets it make databases, nothing more", () => {
  const { ask } = servers.postgres;
  assert.match(ask("SHOW server_version"), /^15\./);
  ask("CREATE DATABASE made");
  assert.equal(ask("SELECT rolsuper FROM pg_roles WHERE rolname = current_user", "made").trim(), "f");
  ask("DROP DATABASE made");
});

test("the asking user reads, and neither writes nor reaches table functions nor changes settings", async () => {
  const { clickhouse } = servers;
  await clickhouse.ask("CREATE DATABASE asked");
  await clickhouse.ask("CREATE TABLE asked.t (a Int64) ENGINE = MergeTree ORDER BY a");
  await clickhouse.ask("INSERT INTO asked.t VALUES (1), (2)");
  assert.equal(await clickhouse.asAsker("SELECT sum(a) FROM asked.t"), "3\n");
  for (const sql of [
    "INSERT INTO asked.t VALUES (3)",
    "DROP TABLE asked.t",
    "CREATE TEMPORARY TABLE x (a Int64)",
    "SELECT * FROM url('http://127.0.0.1/', 'TSV', 'a String')",
    "SELECT * FROM remote('127.0.0.1', system.one)",
    "SELECT * FROM file('x', 'TSV', 'a String')",
    "SELECT * FROM numbers(3)",
    "SELECT a FROM asked.t SETTINGS max_execution_time = 0",
  ]) {
    await assert.rejects(clickhouse.asAsker(sql), /readonly mode/, sql);
  }
  await clickhouse.ask("DROP DATABASE asked");
});

test("a wrong password is refused", async () => {
  const answer = await fetch(`http://127.0.0.1:${servers.clickhouse.nodes[0].ports.http}/?user=cham&password=wrong`, { method: "POST", body: "SELECT 1" });
  assert.notEqual(answer.status, 200);
  await assert.rejects(Promise.resolve().then(() => servers.postgres.ask("SELECT 1", "postgres", "postgres2")), /authentication failed/);
});

test("both speak TLS with a certificate of the authority that is given", async () => {
  const { hostname, port } = new URL(servers.clickhouse.tlsUrl().replace("clickhouse+", ""));
  assert.equal(hostname, "127.0.0.1");
  assert.equal(await servers.clickhouse.askTls("SELECT 'safe'", Number(port)), "safe\n");
  assert.match(servers.postgres.tlsUrl(), /sslmode=verify-full/);
  assert.equal(servers.postgres.ask("SHOW ssl").trim(), "on");
});

test("what is put into a distributed table lies on both shards and counts once", async () => {
  const { ask, asAsker, nodes } = servers.cluster;
  await ask(`CREATE DATABASE spread ON CLUSTER ${CLUSTER}`);
  await ask(`CREATE TABLE spread.here ON CLUSTER ${CLUSTER} (a Int64) ENGINE = ReplicatedMergeTree('/spread/{shard}/here', '{replica}') ORDER BY a`);
  await ask(`CREATE TABLE spread.t ON CLUSTER ${CLUSTER} AS spread.here ENGINE = Distributed(${CLUSTER}, spread, here, cityHash64(a))`);
  const answer = await fetch(`http://127.0.0.1:${nodes[0].ports.http}/?insert_distributed_sync=1&query=INSERT+INTO+spread.t+SELECT+number+FROM+numbers(100)`, {
    method: "POST",
    headers: nodes[0].login,
  });
  assert.equal(answer.status, 200, await answer.text());
  const each = await Promise.all(nodes.map((node) => node.ask("SELECT count() FROM spread.here")));
  assert.ok(each.every((count) => Number(count) > 10), each);
  assert.equal(each.reduce((sum, count) => sum + Number(count), 0), 100);
  assert.equal(await asAsker("SELECT sum(n) FROM (SELECT count() AS n FROM spread.t)"), "100\n");
  await ask(`DROP DATABASE spread ON CLUSTER ${CLUSTER}`);
});

test("a server that was killed comes back on its port", async () => {
  const { server, ask } = servers.postgres;
  await server.kill();
  await server.start();
  assert.equal(ask("SELECT 1").trim(), "1");
  const [one] = servers.clickhouse.servers;
  await one.kill();
  await one.start();
  assert.equal(await servers.clickhouse.ask("SELECT 1"), "1\n");
});
