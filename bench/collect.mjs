// How fast the release program collects, beside SQLite alone on the same disk in the same run; how soon the demo company is
// ready, and what memory it takes. Every figure is the median of the rounds.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { cham, folder as folderIn, median, memoryMb, program, root, say, serve, sleep } from "./common.mjs";

const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const events = Number(process.env.BENCH_EVENTS ?? 200000);
const folder = () => folderIn(process.env.BENCH_FOLDER ?? path.join(root, "build")); // the disk of the checkout

// A batch of one needs many senders to share an fsync; of a thousand, a few keep the server busy.
const loads = [
  { batch: 1, clients: 128, share: 0.25 },
  { batch: 100, clients: 32, share: 1 },
  { batch: 1000, clients: 8, share: 1 },
];

async function collectOnce() {
  const data = folder();
  const found = [];
  const server = await serve(path.join(data, "data"));
  try {
    const key = await server.writeKey();
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

export async function collect() {
  const all = [];
  for (let i = 0; i < rounds; i++) {
    all.push(await collectOnce());
    say(`round ${i + 1} of ${rounds}: ` + all[i].map((r) => `${r.batch || "bare"} ${r.per_second}/s`).join(", "));
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
  return { rounds, events, bare_per_second: bare, rows };
}

export async function demo() {
  const data = folder();
  try {
    const company = path.join(data, "data");
    const begun = performance.now();
    execFileSync(cham, ["demo", "--data", company, "--until", "2026-11-22"], { stdio: "ignore" });
    const demo_s = (performance.now() - begun) / 1000;
    const ready_ms = [];
    const memory_mb = [];
    for (let i = 0; i < rounds; i++) {
      const server = await serve(company);
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

export function showCollect({ rounds, rows, bare_per_second }) {
  const line = (...cells) => console.log(cells.map((cell, i) => String(cell).padStart([22, 9, 12, 10, 10, 8][i])).join(""));
  console.log(`\nCollecting, every answer after its fsync (medians of ${rounds})`);
  line("events in a request", "clients", "events/s", "p50 ms", "p99 ms", "ratio");
  for (const row of rows) {
    line(row.batch, row.clients, row.per_second, row.p50_ms, row.p99_ms, row.ratio.toFixed(2));
  }
  line("SQLite alone, 1,000", "", bare_per_second, "", "", "1.00");
}

export function showDemo({ demo_s, ready_ms, memory_mb }) {
  console.log(`\nDemo company made in ${demo_s.toFixed(1)} s; ready after ${ready_ms.toFixed(0)} ms, ${memory_mb.toFixed(1)} MB resident ten seconds later`);
}
