// The current release of ClickHouse for a test run: npm's chdb behind test/chdb/shim.mjs.
import { existsSync } from "node:fs";
import path from "node:path";
import { Daemon, freePort } from "./place.mjs";

const FOLDER = path.join(import.meta.dirname, "../chdb");

export const missing = () => (existsSync(path.join(FOLDER, "node_modules/chdb")) ? [] : ["chdb (npm)"]);

export async function startChdb(place) {
  const port = await freePort();
  const shim = [path.join(FOLDER, "shim.mjs"), port, place.make("chdb")];
  const server = new Daemon("chdb", process.execPath, shim, { isReady: async () => (await fetch(`http://127.0.0.1:${port}/ping`)).ok, asWhoRuns: true });
  await server.start();
  return { server, url: (database = "default") => `clickhouse+http://cham:x@127.0.0.1:${port}/${database}?ask_user=cham_ask&ask_password=x` };
}
