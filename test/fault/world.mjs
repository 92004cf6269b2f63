// What the fault tests share: building their programs, running one until it dies, and looking at what is left.
import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

export const root = resolve(import.meta.dirname, "../..");

// The sanitizers cannot be preloaded around: the programs come from a build without them.
const build = join(root, process.env.FAULT_BUILD ?? "build/release");
export const appender = join(build, "test/fault/appender");
export const powercut = join(build, "test/fault/powercut.so");

export const EXIT_CUT = 99;

export const RUNS = Number(process.env.FAULT_RUNS ?? 200);
const SEED = Number(process.env.FAULT_SEED ?? 1);

export function buildPrograms() {
  execFileSync("ninja", ["-C", build, "test/fault/appender", "test/fault/powercut.so"], { stdio: "pipe" });
}

// mulberry32: the same seed gives the same faults, so that a failure can be run again.
export function dice(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

// Between 1 and most, each size as likely as the next.
export function anySize(roll, most) {
  return Math.max(1, Math.floor(most ** (roll(1000) / 999)));
}

export function newFolder(name) {
  const base = mkdtempSync(join(tmpdir(), `cham-${name}-`));
  return { data: join(base, "data"), remove: () => rmSync(base, { recursive: true, force: true }) };
}

// Starts a program, gives it a pipe for acknowledgements as fd 3, and waits until it ends. `killAfter` (ms) ends it.
export function runUntilDead(program, args, { env = {}, killAfter = 0, limit = 20000 } = {}) {
  return new Promise((done) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "pipe", "pipe"],
    });
    let acks = "";
    let errors = "";
    let late = false;
    child.stdio[3].on("data", (bytes) => (acks += bytes));
    child.stderr.on("data", (bytes) => (errors += bytes));
    const timer = setTimeout(() => {
      late = killAfter === 0;
      child.kill("SIGKILL");
    }, killAfter || limit);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      done({ code, signal, late, errors, acks: acks.split("\n").slice(0, -1) });
    });
  });
}

const run = promisify(execFile);

// Runs a program to its end and gives what it prints.
export async function output(program, args, { input } = {}) {
  const running = run(program, args, { maxBuffer: 1 << 29 });
  running.child.stdin.end(input);
  return (await running).stdout;
}

// What is in the folder after a restart: how often each event is there, and what is not whole.
async function look(data) {
  const lines = (await output(appender, ["check", data])).split("\n").slice(0, -1);
  const totals = /^events (\d+) jobs (\d+)$/.exec(lines.pop());
  const counts = new Map();
  const half = [];
  for (const line of lines) {
    if (line.endsWith(" half")) half.push(line);
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return { counts, half, events: Number(totals[1]), jobs: Number(totals[2]) };
}

// The names of the events that an acknowledgement covers.
export function* acknowledged(round, acks) {
  for (const ack of acks) {
    const [thread, first, count] = ack.split(" ").map(Number);
    for (let i = 0; i < count; i++) yield `${round} ${thread} ${first + i}`;
  }
}

// What is wrong with what the appender left; nothing is an empty list.
export async function violations(data, promised) {
  const seen = await look(data);
  const wrong = [];
  for (const name of promised) {
    const times = seen.counts.get(name) ?? 0;
    if (times !== 1) wrong.push(`acknowledged ${name} is there ${times} times`);
  }
  for (const [name, times] of seen.counts) {
    if (times > 1) wrong.push(`${name} is there ${times} times`);
  }
  for (const name of seen.half) wrong.push(`${name} is not whole`);
  if (seen.events !== seen.jobs) wrong.push(`${seen.events} events are booked ${seen.jobs} times`);
  return wrong;
}

// One series: faults one after the other in the same folder. `fault(data, round, seed)` gives what was acknowledged, whether
// the power was cut, and what was wrong with the end; `check(data, promised)` what is wrong with what is left.
async function oneSeries({ name, prepare, fault, check }, first, rounds, found) {
  const folder = newFolder(name);
  const promised = [];
  prepare?.(folder.data);
  for (let round = 1; round <= rounds && found.wrong.length === 0; round++) {
    const end = await fault(folder.data, round, SEED * 100_000 + first + round);
    promised.push(...end.acknowledged);
    found.cuts += end.cut;
    const left = await check(folder.data, promised).catch((error) => [
      `it does not open again: ${error.stderr ?? error}`,
    ]);
    const wrong = [...end.wrong, ...left];
    if (wrong.length > 0) {
      found.wrong.push(`run ${first + round}, round ${round}, seed ${SEED}`, ...wrong.slice(0, 5));
    }
  }
  found.total += promised.length;
  folder.remove();
}

// Runs faults until `runs` are done or something is wrong, two series at a time.
export async function suffer(what, runs, rounds) {
  const found = { total: 0, cuts: 0, wrong: [] };
  let next = 0;
  const worker = async () => {
    while (next < runs && found.wrong.length === 0) {
      const first = next;
      next += rounds;
      await oneSeries(what, first, Math.min(rounds, runs - first), found);
    }
  };
  await Promise.all([worker(), worker()]);
  return found;
}
