// make bench: Chạm beside ClickHouse and DuckDB on the same history, its own sizes and delays, and how fast it collects. README.md
// says how to read it. Shorter while one works on it:
//   EVENTS=1000000        events of the side-by-side history (20,000,000); persons are a twentieth
//   BENCH_ONLY=side,live  parts: collect, reading, demo, side, scaling, live, home, large (all; large where its servers are installed)
//   SYSTEMS=cham,duckdb   who takes part: cham, clickhouse, duckdb (all)
//   QUESTIONS=funnel,did  of the six (all);   DRAWS=20   SEED=1   BENCH_WAYS=1 shows every way of asking a database
//   BENCH_FOLDER=/disk    where the histories lie (the system's temporary folder): 8 GB for the full run
// results.json is written by the full run only.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { collect, demo, showCollect, showDemo } from "./collect.mjs";
import { asker, load, makeJourney } from "./cham.mjs";
import { buildPrograms, cham, folder, memoryMb, processorSeconds, program, programPath, say, seconds, serve, sleep } from "./common.mjs";
import { drawsOf, questions as six } from "./draws.mjs";
import { DAY, makeHistory, names, ZONE } from "./history.mjs";
import { journeysPage, marker, overviewPage, whileArriving } from "./live.mjs";
import { startPeer } from "./peer.mjs";
import { askAll, chamSide, rated } from "./side.mjs";
import { show, showLarge, showReading } from "./show.mjs";
import { missing, startServers } from "../test/large/servers.mjs";

const list = (name, all) => (process.env[name] ? process.env[name].split(",") : all);
const FULL = 20000000;
const allParts = ["collect", "reading", "demo", "side", "scaling", "live", "home", "large"];
const allSystems = ["cham", "clickhouse", "duckdb"];
const wanted = {
  events: Number(process.env.EVENTS ?? FULL),
  parts: list("BENCH_ONLY", allParts),
  systems: list("SYSTEMS", allSystems),
  questions: list("QUESTIONS", six),
  draws: Number(process.env.DRAWS ?? 20),
  seed: Number(process.env.SEED ?? 1),
};
const full = wanted.events === FULL && wanted.draws === 20 && [[wanted.parts, allParts], [wanted.systems, allSystems], [wanted.questions, six]].every(([some, all]) => all.every((each) => some.includes(each)));
const share = wanted.events / FULL; // smaller runs shrink the other histories too
const differences = [];

// The gauges of the server that begin with a word.
async function gauges(server, word) {
  const answer = await fetch(`http://127.0.0.1:${server.port}/metrics`);
  return Object.fromEntries([...(await answer.text()).matchAll(new RegExp(`^${word}(\\w+) (\\S+)$`, "gm"))].map(([, name, value]) => [name, Number(value)]));
}

// What begins with a start or a load in the background (merging, surveying properties) is over when the server does nothing.
async function settled(server) {
  for (let i = 0; i < 120; i++) {
    const before = processorSeconds(server.pid);
    await sleep(1000);
    if (processorSeconds(server.pid) - before < 0.05) {
      return;
    }
  }
  say("the server did not come to rest within two minutes");
}

// A history in a folder of its own, and the same rows in a server that runs. `stores`: where its records and events lie.
async function chamWith(history, known, stores) {
  const data = path.join(path.dirname(history.file), stores ? "large" : "cham");
  const server = await serve(data, stores);
  const journey = await makeJourney(server, known);
  const loaded = await load(server, history);
  say(`${history.events} events sent to Chạm${stores ? " on PostgreSQL and ClickHouse" : ""}: ${loaded.per_second}/s, p99 of a batch ${loaded.p99_ms} ms`);
  await settled(server);
  return { data, server, journey, key: loaded.key, isThere: marker(loaded.key), loaded };
}

// Files that are derived from the log and can be made again.
const derived = (data) => readdirSync(data).filter((name) => /^(journey|repeats)$|\.new$/.test(name));

// Restarts: from the snapshot, then without it. The server that runs afterwards is the one that is asked.
async function restarts(state, history) {
  const measured = { load_per_second: state.loaded.per_second, load_batch_p99_ms: state.loaded.p99_ms };
  const [stop_s] = await seconds(() => state.server.stop());
  measured.stop_s = stop_s;
  measured.disk_bytes_per_event = readdirSync(state.data).reduce((sum, name) => sum + statSync(path.join(state.data, name)).size, 0) / history.events;
  for (const name of derived(state.data)) {
    rmSync(path.join(state.data, name));
  }
  state.server = await serve(state.data);
  measured.rebuild_s = state.server.ready_ms / 1000;
  measured.rebuild_per_second = history.events / measured.rebuild_s;
  await settled(state.server);
  await state.server.stop();
  state.server = await serve(state.data);
  measured.snapshot_start_s = state.server.ready_ms / 1000;
  await settled(state.server);
  return measured;
}

const resident = (server, history) => (memoryMb(server.pid) * 1048576) / history.events;

async function memory(server, history) {
  const index = await gauges(server, "cham_index_");
  const { bytes: repeats } = await gauges(server, "cham_dedupe_");
  return { index_bytes_per_event: index.bytes / index.events, attached_bytes_per_event: index.attached_bytes / index.events, repeats_bytes_per_event: repeats / history.events, resident_after_questions_bytes_per_event: resident(server, history) };
}

async function loadedPeers(history) {
  const peers = [];
  const csv = history.file.replace(/bin$/, "csv");
  for (const name of wanted.systems.filter((each) => each !== "cham")) {
    const place = path.join(path.dirname(history.file), name);
    mkdirSync(place);
    if (name === "duckdb") {
      execFileSync("sh", ["-c", `exec "$0" csv "$1" > "$2"`, programPath("bench_generate"), history.file, csv]);
    }
    const peer = startPeer(name);
    peer.version = (await peer.open(place, { ...history, csv })).version;
    const [load_s] = await seconds(() => peer.load());
    say(`${name} ${peer.version} loaded in both orders in ${load_s.toFixed(1)} s`);
    peers.push(peer);
  }
  rmSync(csv, { force: true });
  return peers;
}

async function questionsOf(sides, history) {
  const found = {};
  for (const question of wanted.questions) {
    const asked = await askAll(sides, question, history, { ...wanted, differences });
    found[question] = asked;
    say(`${question}: ` + Object.entries(asked).map(([name, each]) => `${name} ${(each.median_s * 1000).toFixed(1)} ms (processor ${(each.processor_s * 1000).toFixed(0)} ms, ${each.rows} rows${each.way === "http" ? "" : `, ${each.way}`})`).join("; "));
  }
  return found;
}

// The six questions while 20,000 events a second arrive: constants of the first draws.
async function arriving(state, history, known) {
  const ask = asker(known, state.journey);
  const round = wanted.questions.map((name) => {
    const question = ask.question(name, drawsOf(name, history, wanted.seed, 1)[1]);
    return { name, ask: (server) => server.ask(question) };
  });
  return whileArriving(state.server, { key: state.key, isThere: state.isThere, history, rate: 20000, seconds: full ? 60 : 10, batch: 200, round, atOnce: false });
}

async function sideBySide(results, known) {
  const place = folder();
  const history = makeHistory(place, "history", wanted.events, wanted.events / 20);
  let peers = [], state;
  try {
    peers = await loadedPeers(history);
    results.versions = Object.fromEntries(peers.map(({ name, version }) => [name, version]));
    const sides = [...peers];
    if (wanted.systems.includes("cham")) {
      state = await chamWith(history, known);
      results.sizes = await restarts(state, history);
      results.sizes.resident_bytes_per_event = resident(state.server, history);
      sides.unshift(chamSide(state.server, asker(known, state.journey)));
    }
    const asked = await questionsOf(sides, history);
    for (const question of wanted.questions) {
      results[question] = rated(asked[question]);
    }
    peers.splice(0).forEach((peer) => peer.stop());
    if (state) {
      Object.assign(results.sizes, await memory(state.server, history));
    }
    if (state && wanted.parts.includes("live")) {
      results.live = await arriving(state, history, known);
    }
  } finally {
    peers.forEach((peer) => peer.stop());
    await state?.server.stop();
    rmSync(place, { recursive: true, force: true });
  }
}

// The same questions at a twentieth of the size, by Chạm alone.
async function scaling(results, known) {
  const place = folder();
  const history = makeHistory(place, "history", wanted.events / 20, wanted.events / 400);
  let state;
  try {
    state = await chamWith(history, known);
    const asked = await questionsOf([chamSide(state.server, asker(known, state.journey))], history);
    results.scaling = { events: history.events };
    for (const question of wanted.questions) {
      const small_s = asked[question].cham.median_s;
      results.scaling[question] = { small_s, times: results[question]?.cham_s / small_s };
    }
  } finally {
    await state?.server.stop();
    rmSync(place, { recursive: true, force: true });
  }
}

// The same history, a twentieth of the size, on PostgreSQL and one ClickHouse server of this machine beside the embedded stores.
async function large(results, known) {
  const place = folder();
  const wantedServers = ["postgres", "clickhouse"];
  const lacking = missing(wantedServers);
  if (lacking.length > 0) {
    return say(`the large set-up is not measured: ${lacking.join(" ")} not installed`);
  }
  const events = Math.max(20000, wanted.events / 20);
  const history = makeHistory(place, "history", events, events / 20);
  const servers = await startServers(wantedServers, { durable: true });
  const states = [];
  try {
    servers.postgres.ask("CREATE DATABASE bench");
    await servers.clickhouse.ask("CREATE DATABASE bench");
    states.push(await chamWith(history, known));
    states.push(await chamWith(history, known, { CHAM_RECORDS: servers.postgres.url("bench"), CHAM_EVENTS: servers.clickhouse.url("bench") }));
    const names = ["cham", "large"];
    const asked = await questionsOf(states.map((state, i) => chamSide(state.server, asker(known, state.journey), names[i])), history);
    results.large = { events, questions: Object.fromEntries(wanted.questions.map((name) => [name, rated(asked[name])])) };
    names.forEach((name, i) => (results.large[`${name}_load`] = { per_second: states[i].loaded.per_second, p99_ms: states[i].loaded.p99_ms }));
  } finally {
    await Promise.all(states.map((state) => state.server.stop()));
    await servers.end();
    rmSync(place, { recursive: true, force: true });
  }
}

// The pages that people open first, on five million events up to now, while 2,000 a second arrive.
async function home(results, known) {
  const place = folder();
  const events = Math.max(20000, Math.round(5000000 * share));
  const today = Math.floor((Date.now() + ZONE) / DAY) * DAY - ZONE;
  const history = makeHistory(place, "history", events, events / 20, today);
  let state;
  try {
    state = await chamWith(history, known);
    const options = { key: state.key, isThere: state.isThere, history, rate: 2000, seconds: full ? 60 : 10, batch: 20 };
    results.home = { events };
    for (const [name, round] of [["journeys", journeysPage(state.journey)], ["overview", overviewPage(state.journey)]]) {
      for (const { ask } of round) {
        await ask(state.server); // derives the touchpoints once, as after any change of the map
      }
      results.home[name] = await whileArriving(state.server, { ...options, round, atOnce: false, pause_ms: 100 });
      results.home[`${name}_at_once`] = await whileArriving(state.server, { ...options, round, atOnce: true, pause_ms: 400 });
    }
  } finally {
    await state?.server.stop();
    rmSync(place, { recursive: true, force: true });
  }
}

buildPrograms();
const known = names();
const results = {
  at: new Date().toISOString(),
  version: execFileSync(cham, ["version"], { encoding: "utf8" }).trim(),
  machine: { cpu: os.cpus()[0].model, cores: os.cpus().length, kernel: os.release(), load: os.loadavg() },
  events: wanted.events,
  persons: wanted.events / 20,
  seed: wanted.seed,
  draws: wanted.draws,
  binary_mb: statSync(cham).size / 1e6,
};
const has = (part) => wanted.parts.includes(part);
say(`seed ${wanted.seed}, ${wanted.draws} draws a question; ${wanted.systems.join(", ")}`);
if (has("side") || has("live")) {
  await sideBySide(results, known);
}
if (has("scaling") && wanted.systems.includes("cham")) {
  await scaling(results, known);
}
if (has("home") && wanted.systems.includes("cham")) {
  await home(results, known);
}
if (has("large") && wanted.systems.includes("cham")) {
  await large(results, known);
}
if (has("collect")) {
  results.collecting = await collect();
}
if (has("reading")) {
  results.reading = program("bench_reading", path.join(import.meta.dirname, "../test/golden/reading-vi.tsv"));
}
if (has("demo")) {
  results.starting = await demo();
}
results.differences = differences.length;
const missed = show(results);
results.missed = missed;
if (results.large) {
  showLarge(results.large);
}
if (results.reading) {
  showReading(results.reading, missed);
}
if (results.collecting) {
  showCollect(results.collecting);
}
if (results.starting) {
  showDemo(results.starting);
}
console.log(`program ${results.binary_mb.toFixed(1)} MB`);
if (full) {
  writeFileSync(path.join(import.meta.dirname, "results.json"), JSON.stringify(results, null, 2) + "\n");
} else {
  console.log("not the full run: results.json is left as it is");
}
if (differences.length) {
  console.log(`\nANSWERS DIFFER in ${differences.length} draws:\n${differences.slice(0, 10).join("\n")}`);
  process.exitCode = 1;
}
