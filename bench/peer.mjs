// A database in a process of its own, so that neither its memory nor its threads mix with anybody else's.
import { fork } from "node:child_process";
import path from "node:path";
import { childOf } from "./common.mjs";

// In the database's process: carries out what the bench asks for.
export function answerParent(peer) {
  const tasks = {
    open: (folder, history) => peer.open(folder, history),
    load: () => peer.load(),
    ways: (question) => peer.ways(question),
    // Timed around the call and the fetching of the rows, where it happens.
    async ask(question, way, draw) {
      const sql = peer.sql(question, way, draw);
      const used = process.cpuUsage();
      const begun = performance.now();
      const rows = await peer.ask(sql);
      const taken = performance.now() - begun;
      const { user, system } = process.cpuUsage(used);
      return { rows, seconds: taken / 1000, processor_s: (user + system) / 1e6 };
    },
  };
  process.on("disconnect", () => process.exit());
  process.on("message", async ({ number, task, inputs }) => {
    try {
      process.send({ number, result: await tasks[task](...inputs) });
    } catch (error) {
      process.send({ number, error: error.message });
    }
  });
}

// In the bench's process.
export function startPeer(name) {
  const child = childOf(fork(path.join(import.meta.dirname, `${name}.mjs`), { serialization: "advanced" }));
  const waiting = new Map();
  let last = 0;
  child.on("message", ({ number, result, error }) => {
    const { done, fail } = waiting.get(number);
    waiting.delete(number);
    error === undefined ? done(result) : fail(new Error(`${name}: ${error}`));
  });
  child.on("exit", (code) => waiting.forEach(({ fail }) => fail(new Error(`${name} ended with ${code}`))));
  const tell = (task, ...inputs) =>
    new Promise((done, fail) => {
      waiting.set(++last, { done, fail });
      child.send({ number: last, task, inputs });
    });
  return {
    name,
    open: (folder, history) => tell("open", folder, history),
    load: () => tell("load"),
    ways: (question) => tell("ways", question),
    ask: (question, way, draw) => tell("ask", question, way, draw),
    stop: () => child.kill(),
  };
}
