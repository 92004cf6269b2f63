// The current release behind the shim: statements, RowBinary both ways, settings, and what it says when it refuses.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { missing } from "./chdb.mjs";
import { startServers } from "./servers.mjs";

const skip = missing().length > 0 && `not installed: ${missing()}`;
let servers;
before(async () => skip || (servers = await startServers(["chdb"])));
after(() => servers?.end());

async function send(parameters, body = "") {
  const where = new URL(servers.chdb.url().replace("clickhouse+", ""));
  const answer = await fetch(`http://${where.host}/?${new URLSearchParams(parameters)}`, { method: "POST", body });
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
}

test("rows that were put in as RowBinary come out as they were", { skip }, async () => {
  assert.equal((await send({}, "CREATE TABLE t (a Int64, b String) ENGINE = MergeTree ORDER BY a")).status, 200);
  const row = Buffer.from("0100000000000000037800ff", "hex");
  const put = await send({ query: "INSERT INTO t (a, b) FORMAT RowBinary", database: "default", max_execution_time: "30" }, row);
  assert.deepEqual([put.status, put.bytes.length], [200, 0], put.bytes.toString());
  assert.deepEqual((await send({ query: "SELECT a, b FROM t", default_format: "RowBinary" })).bytes, row);
});

test("settings are those of the request, and an error has its number", { skip }, async () => {
  const set = await send({ max_execution_time: "77", query: "SELECT toInt64(getSetting('max_execution_time')) FORMAT TSV" });
  assert.equal(set.bytes.toString(), "77\n");
  const wrong = await send({}, "SELECT nothing FROM nowhere");
  assert.equal(wrong.status, 500);
  assert.match(wrong.bytes.toString(), /^Code: 60\. DB::Exception/);
});
