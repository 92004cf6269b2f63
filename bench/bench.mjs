// make bench: how fast the release program collects, beside SQLite alone on the same disk in the same run; how soon it is
// ready, and what memory it takes. Every figure is the median of five. BENCH_ROUNDS and BENCH_EVENTS make it
// shorter while one works on it; BENCH_ONLY=collect or start runs one half.
import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const root = path.resolve(import.meta.dirname, "..");
const cham = process.env.CHAM ?? path.join(root, "build/cham");
const build = path.join(root, "build/release");
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const events = Number(process.env.BENCH_EVENTS ?? 200000);
const only = process.env.BENCH_ONLY ?? "collect,start";

// A batch of one needs many senders to share an fsync; of a thousand, a few keep the server busy.
const loads = [
  { batch: 1, clients: 128, share: 0.25 },
  { batch: 100, clients: 32, share: 1 },
  { batch: 1000, clients: 8, share: 1 },
];

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const folder = () => mkdtempSync(path.join(process.env.BENCH_FOLDER ?? path.join(root, "build"), "bench-"));

const freePort = () =>
  new Promise((done) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

function request(options, body) {
  return new Promise((done, fail) => {
    const sent = http.request(options, (answer) => {
      let text = "";
      answer.on("data", (part) => (text += part));
      answer.on("end", () => done({ status: answer.statusCode, text }));
    });
    sent.on("error", fail);
    sent.end(body);
  });
}

async function ready(port) {
  for (;;) {
    try {
      if ((await request({ host: "127.0.0.1", port, path: "/readyz", agent: false })).status === 200) {
        return performance.now();
      }
    } catch {
      // Not listening yet.
    }
    await sleep(2);
  }
}

async function serve(data) {
  const port = await freePort();
  const begun = performance.now();
  const child = spawn(cham, ["serve", "--data", data, "--listen", `127.0.0.1:${port}`], { stdio: ["ignore", "ignore", "ignore"] });
  const ready_ms = (await ready(port)) - begun;
  const stop = () =>
    new Promise((done) => {
      if (child.exitCode !== null) {
        return done();
      }
      child.on("exit", done);
      child.kill("SIGTERM");
    });
  return { port, ready_ms, pid: child.pid, stop };
}

async function writeKey(data) {
  const answer = await request(
    { socketPath: path.join(data, "cham.sock"), path: "/api/v1/keys", method: "POST", headers: { "content-type": "application/json" } },
    JSON.stringify({ name: "bench", kind: "write", trust: "server" }),
  );
  if (answer.status >= 300) {
    throw new Error(`no write key: ${answer.status} ${answer.text}`);
  }
  return JSON.parse(answer.text).secret;
}

const program = (name, ...args) => JSON.parse(execFileSync(path.join(build, "bench", name), args.map(String), { encoding: "utf8" }));

async function collectOnce() {
  const data = folder();
  const found = [];
  const server = await serve(path.join(data, "data"));
  try {
    const key = await writeKey(path.join(data, "data"));
    for (const { batch, clients, share } of loads) {
      const result = program("bench_load", server.port, key, batch, clients, Math.round(events * share));
      if (result.failed > 0) {
        throw new Error(`${result.failed} requests were refused`);
      }
      found.push(result);
    }
    await server.stop();
    const sent = found.reduce((sum, result) => sum + result.events, 0);
    found.push({ batch: 0, ...program("bench_bare", path.join(data, "data/events.db"), path.join(data, "bare.db"), events) });
    if (found.at(-1).stored !== sent) {
      throw new Error(`${sent} events were acknowledged, ${found.at(-1).stored} are stored`);
    }
  } finally {
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
  return found;
}

async function collect() {
  const all = [];
  for (let i = 0; i < rounds; i++) {
    all.push(await collectOnce());
    console.error(`round ${i + 1} of ${rounds}: ` + all[i].map((r) => `${r.batch || "bare"} ${r.per_second}/s`).join(", "));
  }
  const bare = median(all.map((round) => round.at(-1).per_second));
  const rows = loads.map(({ batch, clients }, i) => ({
    batch,
    clients,
    per_second: median(all.map((round) => round[i].per_second)),
    p50_ms: median(all.map((round) => round[i].p50_ms)),
    p99_ms: median(all.map((round) => round[i].p99_ms)),
    // The ratio within each round, so that a slow minute of the disk hits both sides.
    ratio: median(all.map((round) => round[i].per_second / round.at(-1).per_second)),
  }));
  return { bare_per_second: bare, rows };
}

function memoryMb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
}

async function start() {
  const data = folder();
  try {
    const demo = path.join(data, "data");
    const begun = performance.now();
    execFileSync(cham, ["demo", "--data", demo, "--until", "2026-11-22"], { stdio: "ignore" });
    const demo_s = (performance.now() - begun) / 1000;
    const ready_ms = [];
    const memory_mb = [];
    for (let i = 0; i < rounds; i++) {
      const server = await serve(demo);
      await sleep(10000);
      ready_ms.push(server.ready_ms);
      memory_mb.push(memoryMb(server.pid));
      await server.stop();
    }
    return { demo_s, ready_ms: median(ready_ms), memory_mb: median(memory_mb) };
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

function show({ machine, collecting, starting, binary_mb }) {
  const line = (...cells) => console.log(cells.map((cell, i) => String(cell).padStart([22, 9, 12, 10, 10, 8][i])).join(""));
  console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.kernel}; medians of ${rounds}`);
  if (collecting) {
    line("events in a request", "clients", "events/s", "p50 ms", "p99 ms", "ratio");
    for (const row of collecting.rows) {
      line(row.batch, row.clients, row.per_second, row.p50_ms, row.p99_ms, row.ratio.toFixed(2));
    }
    line("SQLite alone, 1,000", "", collecting.bare_per_second, "", "", "1.00");
  }
  if (starting) {
    console.log(`demo company made in ${starting.demo_s.toFixed(1)} s`);
    console.log(`ready after ${starting.ready_ms.toFixed(0)} ms, ${starting.memory_mb.toFixed(1)} MB resident ten seconds later`);
  }
  console.log(`program ${binary_mb.toFixed(1)} MB`);
}

execFileSync("ninja", ["-C", build, "--quiet", "bench/bench_load", "bench/bench_bare"], { stdio: "inherit" });
const results = {
  at: new Date().toISOString(),
  version: execFileSync(cham, ["version"], { encoding: "utf8" }).trim(),
  machine: { cpu: os.cpus()[0].model, cores: os.cpus().length, kernel: os.release() },
  rounds,
  events,
  binary_mb: statSync(cham).size / 1e6,
  collecting: only.includes("collect") ? await collect() : undefined,
  starting: only.includes("start") ? await start() : undefined,
};
show(results);
writeFileSync(path.join(import.meta.dirname, "results.json"), JSON.stringify(results, null, 2) + "\n");
