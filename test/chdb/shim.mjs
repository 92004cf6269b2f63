// The current release of ClickHouse (npm chdb) behind so much of its HTTP interface as Chạm's client speaks: statements in the address
// or the body, RowBinary both ways, settings as parameters, /ping. It checks the dialect; it has no users and is no server for anything else.
//
//     node test/chdb/shim.mjs PORT [FOLDER]      # prints "ready"
import { Session } from "chdb";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";

const port = Number(process.argv[2]);
const folder = process.argv[3] ?? mkdtempSync(path.join(os.tmpdir(), "cham-chdb-"));
const session = new Session(path.join(folder, "files"));
const rows = path.join(folder, "rows"); // of an insert
process.on("exit", () => process.argv[3] ?? rmSync(folder, { recursive: true, force: true }));
["SIGINT", "SIGTERM", "SIGHUP"].forEach((signal) => process.on(signal, () => process.exit()));

// What its name says is of the request, not a setting; readonly could not be taken back in the one session there is.
const NO_SETTING = new Set(["query", "database", "query_id", "default_format", "wait_end_of_query", "buffer_size", "readonly"]);
const literal = (value) => (/^-?\d+$/.test(value) ? value : `'${value.replace(/['\\]/g, "\\$&")}'`);
const INSERT = /\sFORMAT\s+(\w+)\s*$/i;

const run = (sql, format = "RowBinary") => session.queryAsync(sql, { format });

async function answer(parameters, body) {
  const inAddress = parameters.get("query");
  const sql = inAddress ?? body.toString();
  await run(`USE ${parameters.get("database") ?? "default"}`);
  const settings = [...parameters].filter(([name]) => !NO_SETTING.has(name)).map(([name, value]) => `${name} = ${literal(value)}`);
  if (settings.length > 0) {
    await run(`SET ${settings.join(", ")}`);
  }
  if (/^\s*INSERT\s/i.test(sql) && inAddress !== null && INSERT.test(sql)) {
    writeFileSync(rows, body);
    await run(sql.replace(INSERT, ` FROM INFILE '${rows}' FORMAT $1`));
    return Buffer.alloc(0);
  }
  const found = await run(sql, parameters.get("default_format") ?? "TabSeparated");
  return Buffer.from(found.bytes());
}

// One statement after the other: the session is one.
let before = Promise.resolve();
const inTurn = (work) => (before = before.then(work, work));

const server = http.createServer((request, reply) => {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", async () => {
    if (pathname === "/ping") {
      return reply.end("Ok.\n");
    }
    try {
      reply.end(await inTurn(() => answer(searchParams, Buffer.concat(parts))));
    } catch (error) {
      reply.writeHead(500, { "content-type": "text/plain" }).end(`${error.message.replace(/^.*?(?=Code: \d+)/s, "")}\n`);
    }
  });
});
server.listen(port, "127.0.0.1", () => console.log("ready"));
