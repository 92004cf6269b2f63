// What the parts of the bench share.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export { sleep };
export const root = path.resolve(import.meta.dirname, "..");
export const cham = process.env.CHAM ?? path.join(root, "build/cham");
const build = path.join(root, "build/release");

export const say = (...text) => console.error(...text);
export const quantile = (numbers, q) => [...numbers].sort((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * q))];
export const median = (numbers) => quantile(numbers, 0.5);

// Whatever ends the bench, nothing of it stays behind: no process, no history of many gigabytes.
const begun = { folders: new Set(), children: new Set() };
process.on("exit", () => {
  begun.children.forEach((child) => child.kill("SIGKILL"));
  begun.folders.forEach((each) => rmSync(each, { recursive: true, force: true }));
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => process.exit(130));
}
export function childOf(child) {
  begun.children.add(child);
  child.on("exit", () => begun.children.delete(child));
  return child;
}
export function folder(place = process.env.BENCH_FOLDER ?? os.tmpdir()) {
  const made = mkdtempSync(path.join(place, "cham-bench-"));
  begun.folders.add(made);
  return made;
}
export const seconds = async (work) => {
  const begun = performance.now();
  const result = await work();
  return [(performance.now() - begun) / 1000, result];
};

export const buildPrograms = () =>
  execFileSync("ninja", ["-C", build, "--quiet", ...["load", "bare", "send", "generate", "reading"].map((name) => `bench/bench_${name}`)], { stdio: "inherit" });
export const programPath = (name) => path.join(build, "bench", name);
export const program = (name, ...args) => JSON.parse(execFileSync(programPath(name), args.map(String), { encoding: "utf8" }));

// A program that runs beside the bench; `ended` gives its report.
export function beside(name, ...args) {
  const child = childOf(spawn(programPath(name), args.map(String), { stdio: ["ignore", "pipe", "inherit"] }));
  let text = "";
  child.stdout.on("data", (part) => (text += part));
  const ended = new Promise((done, fail) => child.on("exit", (code) => (code === 0 ? done(JSON.parse(text)) : fail(new Error(`${name} ended with ${code}`)))));
  return { ended, stop: () => child.kill("SIGTERM") };
}

const freePort = () =>
  new Promise((done) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

export function request(options, body) {
  return new Promise((done, fail) => {
    const sent = http.request(options, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => done({ status: answer.statusCode, text: Buffer.concat(parts).toString() }));
    });
    sent.on("error", fail);
    sent.end(body);
  });
}

async function ready(port, child) {
  for (;;) {
    try {
      if ((await request({ host: "127.0.0.1", port, path: "/readyz", agent: false })).status === 200) {
        return performance.now();
      }
    } catch {
      // Not listening yet.
    }
    if (child.exitCode !== null) {
      throw new Error(`cham serve ended with ${child.exitCode}`);
    }
    await sleep(2);
  }
}

// Nanoseconds of processor time of all threads of a process, so far.
export function processorSeconds(pid) {
  let total = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    try {
      total += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]);
    } catch {
      // The thread ended meanwhile.
    }
  }
  return total / 1e9;
}

export function memoryMb(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
}

// Two threads answer questions, as many as the databases have.
const settings = { CHAM_ASK_THREADS: "2" };

// A running server: asked through its local socket, sent events through its port.
export async function serve(data, stores = {}) {
  const port = await freePort();
  const begun = performance.now();
  const options = { env: { ...process.env, ...settings, ...stores }, stdio: ["ignore", "ignore", process.env.BENCH_LOUD ? "inherit" : "ignore"] };
  const child = childOf(spawn(cham, ["serve", "--data", data, "--listen", `127.0.0.1:${port}`], options));
  const ready_ms = (await ready(port, child)) - begun;
  const agent = new http.Agent({ keepAlive: true });
  const send = async (method, target, body) => {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const answer = await request(
      { socketPath: path.join(data, "cham.sock"), agent, path: target, method, headers },
      body === undefined ? undefined : JSON.stringify(body),
    );
    if (answer.status >= 300) {
      throw new Error(`${method} ${target}: ${answer.status} ${answer.text}`);
    }
    return answer.text ? JSON.parse(answer.text) : null;
  };
  const stop = () =>
    new Promise((done) => {
      agent.destroy();
      if (child.exitCode !== null) {
        return done();
      }
      child.on("exit", done);
      child.kill("SIGTERM");
    });
  return {
    port,
    ready_ms,
    pid: child.pid,
    stop,
    get: (target) => send("GET", target),
    post: (target, body) => send("POST", target, body),
    put: (target, body) => send("PUT", target, body),
    ask: (question) => send("POST", "/api/v1/ask", question),
    writeKey: async () => (await send("POST", "/api/v1/keys", { name: "bench", kind: "write", trust: "server" })).secret,
  };
}
