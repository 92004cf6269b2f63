// Where the servers of a test run live and who runs them: a temporary folder, free ports on loopback, an ordinary user. Whatever
// ends the run ends them: they are told by the kernel when the process that started them is gone.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

const ROOT = process.getuid() === 0;

// The user who owns nothing: PostgreSQL refuses root, and the others have no need of it.
const numberOf = (what) => (ROOT ? Number(execFileSync("id", [what, "nobody"], { encoding: "utf8" })) : undefined);
const [uid, gid] = [numberOf("-u"), numberOf("-g")];

const unprivileged = ROOT ? [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"] : [];

export const freePort = () =>
  new Promise((done, fail) => {
    const probe = net.createServer().once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

export function own(file) {
  if (ROOT) {
    chownSync(file, uid, gid);
  }
  return file;
}

export class Place {
  constructor() {
    this.folder = mkdtempSync(path.join(process.env.TEST_FOLDER ?? os.tmpdir(), "cham-large-"));
    chmodSync(this.folder, 0o755);
    own(this.folder);
  }

  make(...names) {
    const made = path.join(this.folder, ...names);
    mkdirSync(made, { recursive: true });
    return own(made);
  }

  write(text, ...names) {
    const file = path.join(this.folder, ...names);
    writeFileSync(file, text, { mode: 0o600 });
    return own(file);
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

// Runs a program as the ordinary user until it ends; what it said is in the error of one that failed.
export function runAs(command, ...args) {
  try {
    return execFileSync("setpriv", [...unprivileged, command, ...args.map(String)], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], cwd: "/" });
  } catch (error) {
    throw new Error(`${command} failed: ${error.stderr || error.stdout || error.message}`, { cause: error });
  }
}

// A server: started again on the same ports after it was stopped or killed.
export class Daemon {
  // `isReady`: throws or gives false until it answers; `endBy`: the signal that ends it in good order; `asWhoRuns`: as the user
  // of the tests, because it reads the source tree.
  constructor(name, command, args, { isReady, endBy = "SIGTERM", env = {}, seconds = 60, asWhoRuns = false }) {
    Object.assign(this, { name, command, args, isReady, endBy, env, seconds, asWhoRuns });
  }

  async start() {
    const args = [...(this.asWhoRuns ? [] : unprivileged), `--pdeathsig=${this.endBy.slice(3)}`, this.command, ...this.args.map(String)];
    const child = spawn("setpriv", args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...this.env }, cwd: "/" });
    this.process = child;
    this.said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (part) => (this.said = (this.said + part).slice(-8000)));
    }
    this.ended = new Promise((done) => child.once("close", done));
    const until = Date.now() + this.seconds * 1000;
    for (let last = ""; ; await new Promise((done) => setTimeout(done, 30))) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > until) {
        child.kill("SIGKILL");
        throw new Error(`${this.name} did not start: ${last}\n${this.said}`);
      }
      try {
        if (await this.isReady()) {
          return this;
        }
      } catch (error) {
        last = error.message;
      }
    }
  }

  get running() {
    return this.process && this.process.exitCode === null && this.process.signalCode === null;
  }

  async stop(signal = this.endBy) {
    if (this.running) {
      this.process.kill("SIGCONT"); // one that was halted cannot end
      this.process.kill(signal);
      const late = setTimeout(() => this.process.kill("SIGKILL"), 15_000);
      await this.ended;
      clearTimeout(late);
    }
  }

  kill = () => this.stop("SIGKILL");
  halt = () => this.process.kill("SIGSTOP");
  goOn = () => this.process.kill("SIGCONT");
}
