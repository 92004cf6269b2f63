// What the tests of the real clients share: a witness between client and server, a flood that fills the queue, and the count.
import assert from "node:assert/strict";
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";

import { freePort, request, start } from "../help/server.mjs";

export const WAIT_MS = 90_000;
const FLOOD_MS = 20_000;

const idsIn = (bytes) => {
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString();
  return [...text.matchAll(/"messageId":"([^"]+)"/g)].map((match) => match[1]);
};

// Passes everything on unchanged, both ways, and remembers what was answered: {status → count}, ids answered with 2xx.
export class Witness {
  constructor(port) {
    Object.assign(this, { port, statuses: {}, acknowledged: new Set(), cut: 0 });
    this.server = http.createServer((asked, reply) => this.#pass(asked, reply));
  }

  async listen() {
    this.own = await freePort();
    await new Promise((done) => this.server.listen(this.own, "127.0.0.1", done));
    return this;
  }

  get url() {
    return `http://127.0.0.1:${this.own}`;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }

  #pass(asked, reply) {
    const parts = [];
    asked.on("data", (part) => parts.push(part));
    asked.on("end", () => {
      const body = Buffer.concat(parts);
      const onward = http.request({ port: this.port, host: "127.0.0.1", method: asked.method, path: asked.url, headers: asked.headers, agent: false });
      onward.on("response", (answer) => {
        if (asked.method === "POST") {
          this.statuses[answer.statusCode] = (this.statuses[answer.statusCode] ?? 0) + 1;
        }
        const ids = asked.method === "POST" ? idsIn(body) : [];
        answer.on("end", () => answer.statusCode < 300 && ids.forEach((id) => this.acknowledged.add(id)));
        reply.writeHead(answer.statusCode, answer.headers);
        answer.pipe(reply);
      });
      onward.on("error", () => {
        this.cut++;
        reply.destroy();
      });
      onward.end(body);
    });
  }
}

// A server whose queue is small, reached through a witness.
export async function world(t, trust) {
  const port = await freePort();
  const witness = await new Witness(port).listen();
  const server = await start(t, { port, args: ["--queue-events", "1000", "--public-url", witness.url] });
  t.after(() => witness.close());
  const owner = await server.owner();
  const key = await server.key(owner, { name: "client", kind: "write", trust });
  const noise = await server.key(owner, { name: "noise", kind: "write", trust: "server" });
  return { server, witness, owner, key, noise };
}

// True so many times.
export const upTo = (count) => () => count-- > 0;

// Keeps the queue full while the client sends, until the client was told to wait.
export async function duringFlood({ server, witness, noise }, send) {
  const authorization = `Basic ${Buffer.from(`${noise}:`).toString("base64")}`;
  const body = () =>
    JSON.stringify({ batch: Array.from({ length: 1000 }, () => ({ type: "track", event: "Noise", userId: "n", messageId: crypto.randomUUID() })) });
  const until = Date.now() + FLOOD_MS;
  const met = () => witness.statuses[429] > 0 || Date.now() > until;
  const one = async () => {
    while (!met()) {
      await request(`${server.url}/v1/batch`, { method: "POST", headers: { authorization }, body: body() });
    }
  };
  await Promise.all([send(() => !met()), ...Array.from({ length: 16 }, one)]);
}

// The client sends on while the server stops and starts.
export async function duringRestart({ server }, send) {
  let back = false;
  const restart = server.restart().then(() => (back = true));
  await Promise.all([restart, send(() => !back)]);
}

// How often each number arrived, by the property "n".
export async function counted({ owner }) {
  const answer = await owner.post("/api/v1/ask", { ask: "count", of: "events", by: ["prop:n"], where: [{ field: "source", is: ["client"] }] });
  assert.equal(answer.status, 200, answer.text);
  return new Map(answer.body.rows.filter((row) => row["prop:n"] !== null).map((row) => [Number(row["prop:n"]), row.events]));
}

// Waits until 0 … count-1 have all arrived; each exactly once, and everything that was acknowledged is among them.
export async function allArrived(context, count) {
  const until = Date.now() + WAIT_MS;
  let seen = new Map();
  while (Date.now() < until && seen.size < count) {
    await sleep(200);
    seen = await counted(context);
  }
  const missing = Array.from({ length: count }, (_, n) => n).filter((n) => !seen.has(n));
  assert.deepEqual(missing, [], `lost; answers were ${JSON.stringify(context.witness.statuses)}, ${context.witness.cut} cut`);
  assert.deepEqual([...seen].filter(([, events]) => events !== 1), []);
  const all = await context.owner.post("/api/v1/ask", { ask: "count", of: "events", where: [{ field: "source", is: ["client"] }] });
  assert.ok(all.body.rows[0].events >= context.witness.acknowledged.size, "something acknowledged is missing");
}
