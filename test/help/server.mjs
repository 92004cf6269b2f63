// Starts the program under test on a free port with a data folder of its own, and speaks to it.
//
//     const server = await start(t);                     // stopped and checked when the test ends
//     const owner = await server.owner();                // a signed-in client
//     const { status, body } = await owner.post("/api/v1/keys", { name: "web", kind: "write", trust: "browser" });
//
// CHAM names the program (`make test` sets it); by default the build with the sanitizers, else the release. A server
// that ends with anything but 0, or leaves a report of a sanitizer, fails the test that started it; so does an answer that
// differs from what /openapi.json says (description.mjs).
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { after, before } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { checkAnswer, forget } from "./description.mjs";
import { dropStores, storesOf } from "./stores.mjs";

export { embeddedOnly, large } from "./stores.mjs";

export const root = path.resolve(import.meta.dirname, "../..");
const built = ["build/dev/cham", "build/cham"].map((name) => path.join(root, name));
export const program = process.env.CHAM ?? built.find(existsSync);

// This process's environment without settings of the program: those of a test are its own.
export const bare = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("CHAM_")));

const READY_MS = 30_000;
const STOP_MS = 20_000;
const REPORTS = /AddressSanitizer|LeakSanitizer|ThreadSanitizer|runtime error:/;

export const freePort = () =>
  new Promise((done, fail) => {
    const probe = net.createServer().once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

export const newFolder = () => mkdtempSync(path.join(process.env.TEST_FOLDER ?? os.tmpdir(), "cham-"));

// One request with nothing added: {status, headers, text, body}; `body` is the JSON, if it is JSON.
export function request(url, { method = "GET", headers = {}, body, agent } = {}) {
  return new Promise((done, fail) => {
    const sent = http.request(url, { method, headers, agent }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", fail);
      answer.on("end", () => {
        const bytes = Buffer.concat(parts);
        const text = bytes.toString();
        const json = /json/.test(answer.headers["content-type"] ?? "") && text !== "";
        done({ status: answer.statusCode, headers: answer.headers, text, bytes, body: json ? JSON.parse(text) : undefined });
      });
    });
    sent.on("error", fail);
    sent.end(body);
  });
}

// Somebody who asks: nobody yet, a signed-in user with a cookie, or a key.
export class Client {
  constructor(server, headers = {}) {
    this.server = server;
    this.headers = headers;
  }

  async send(method, target, body, headers = {}) {
    const raw = body === undefined || typeof body === "string" || Buffer.isBuffer(body);
    const type = body === undefined ? {} : { "content-type": raw ? "application/octet-stream" : "application/json" };
    const answer = await request(this.server.url + target, {
      method,
      headers: { origin: this.server.url, ...type, ...this.headers, ...headers },
      body: raw ? body : JSON.stringify(body),
      agent: this.agent,
    });
    await checkAnswer(this.server.url, method, target, answer);
    return answer;
  }

  get = (target, headers) => this.send("GET", target, undefined, headers);
  post = (target, body, headers) => this.send("POST", target, body, headers);
  put = (target, body, headers) => this.send("PUT", target, body, headers);
  patch = (target, body, headers) => this.send("PATCH", target, body, headers);
  delete = (target, headers) => this.send("DELETE", target, undefined, headers);
}

export class Server {
  // `under`: a program and its arguments that run the server, as in ["sh", "-c", 'ulimit -n 256 && exec "$0" "$@"'].
  constructor({ data, port, env = {}, args = [], command = program, under = [] } = {}) {
    Object.assign(this, { data: data ?? newFolder(), port, env, args, command, under, ownsData: !data });
    this.said = "";
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid() {
    return this.process.pid;
  }

  // Its own, then which stores its folder has, then that of the test run.
  async environment() {
    return { ...process.env, ...(await storesOf(this.data)), ...this.env };
  }

  // Starts the program and waits until it is ready.
  async start() {
    this.port ??= await freePort();
    forget(this.url);
    const serve = ["serve", "--data", this.data, "--listen", `127.0.0.1:${this.port}`, ...this.args];
    const [first, ...args] = [...this.under, this.command, ...serve];
    const child = spawn(first, args, { env: await this.environment(), stdio: ["ignore", "pipe", "pipe"] });
    this.process = child;
    this.ended = new Promise((done) => child.once("close", (code, signal) => done({ code, signal })));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (part) => (this.said += part));
    }
    const until = Date.now() + READY_MS;
    while (child.exitCode === null && child.signalCode === null && Date.now() < until) {
      try {
        if ((await request(`${this.url}/readyz`, { agent: false })).status === 200) {
          return this;
        }
      } catch {
        // Not listening yet.
      }
      await sleep(20);
    }
    child.kill("SIGKILL");
    throw new Error(`the server did not get ready:\n${this.said}`);
  }

  // Asks it to stop and checks that it ended well.
  async stop() {
    this.process.kill("SIGTERM");
    const late = setTimeout(() => this.process.kill("SIGABRT"), STOP_MS);
    const { code, signal } = await this.ended;
    clearTimeout(late);
    assert.doesNotMatch(this.said, REPORTS);
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, this.said);
  }

  async kill() {
    this.process.kill("SIGKILL");
    await this.ended;
  }

  async restart() {
    await this.stop();
    return this.start();
  }

  // Runs another command of the program on the same folder: {stdout, stderr}; throws when it fails.
  async command_line(...args) {
    return promisify(execFile)(this.command, [...args, "--data", this.data], {
      env: await this.environment(),
      maxBuffer: 64 << 20,
    });
  }

  anybody(headers) {
    return new Client(this, headers);
  }

  // A new user, signed in.
  async user(role = "owner", email = `${role}@example.vn`, password = "mật khẩu rất dài của tôi") {
    const { stdout } = await this.command_line("user", "add", email, "--name", role, "--role", role);
    const token = stdout.trim().split("#")[1];
    const accepted = await this.anybody().post("/api/v1/links/accept", { token, name: role, password });
    assert.equal(accepted.status, 200, accepted.text);
    const cookie = accepted.headers["set-cookie"][0].split(";")[0];
    return Object.assign(new Client(this, { cookie }), { email, password });
  }

  owner() {
    return this.user("owner");
  }

  // A key made by a signed-in owner: its secret.
  async key(owner, wanted = { name: "test", kind: "write", trust: "server" }) {
    const made = await owner.post("/api/v1/keys", wanted);
    assert.ok(made.status < 300, made.text);
    return made.body.secret;
  }

  async remove() {
    if (this.ownsData) {
      await dropStores(this.data);
      rmSync(this.data, { recursive: true, force: true });
    }
  }
}

async function end(server) {
  try {
    if (server.process?.exitCode === null && server.process.signalCode === null) {
      await server.stop();
    }
  } finally {
    await server.remove();
  }
}

// A server for one test, stopped and checked when it ends.
export async function start(t, options = {}) {
  const server = new Server(options);
  t.after(() => end(server));
  return server.start();
}

// A server for all tests of the suite that calls this in its body; it runs when the first of them begins.
export function shared(options = {}) {
  const server = new Server(options);
  before(() => server.start());
  after(() => end(server));
  return server;
}
