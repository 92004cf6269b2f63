// PostgreSQL 15 for a test run: one server in a temporary folder, with the role `cham` that may create databases.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { Daemon, freePort, runAs } from "./place.mjs";

const BIN = "/usr/lib/postgresql/15/bin";
const PASSWORD = "records of tests";

export const missing = () => (existsSync(`${BIN}/initdb`) ? [] : ["postgresql-15"]);

// `durable`: every commit waits for the disk, as it should in production; a killed process loses nothing either way, only a power cut.
export async function startPostgres(place, { tls, durable = false } = {}) {
  const port = await freePort();
  const folder = path.join(place.make("postgres"), "files");
  const secret = place.write(PASSWORD, "postgres", "password");
  runAs(`${BIN}/initdb`, "-D", folder, "-U", "postgres", "-A", "scram-sha-256", `--pwfile=${secret}`, "-E", "UTF8", "--locale=C.UTF-8", "-N");
  const sockets = place.make("postgres", "sockets");
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: sockets,
    max_connections: 200,
    shared_buffers: "64MB",
    max_wal_size: "512MB",
    fsync: durable ? "on" : "off",
    autovacuum_naptime: "20s",
    log_min_messages: "error",
    log_min_error_statement: "panic",
    ...(tls && { ssl: "on", ssl_cert_file: tls.certificate, ssl_key_file: tls.key }),
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  // Over TCP, as the product does: the first connection may come while it still recovers.
  const ask = (sql, database = "postgres", role = "cham") =>
    execFileSync(`${BIN}/psql`, ["-XqtAw", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", String(port), "-U", role, "-d", database, "-c", sql], {
      encoding: "utf8",
      env: { ...process.env, PGPASSWORD: PASSWORD },
      stdio: ["ignore", "pipe", "pipe"],
    });
  const server = new Daemon("PostgreSQL", `${BIN}/postgres`, ["-D", folder, ...options], {
    isReady: () => ask("SELECT 1", "postgres", "postgres").trim() === "1",
    endBy: "SIGINT",
  });
  await server.start();
  ask(`CREATE ROLE cham LOGIN CREATEDB PASSWORD '${PASSWORD}'`, "postgres", "postgres");
  const url = (database = "postgres", more = "") => `postgres://cham:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}${more}`;
  return { server, port, url, ask, tlsUrl: (database = "postgres") => url(database, `?sslmode=verify-full&sslrootcert=${encodeURIComponent(tls.authority)}`) };
}
