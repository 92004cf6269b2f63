// A crowd that sends events to several processes of one installation until each is acknowledged, and what must be there afterwards.
import assert from "node:assert/strict";
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Server } from "../help/server.mjs";
import { dice } from "../fault/world.mjs";

export const BEGIN_MS = Date.UTC(2026, 0, 1);
export const SPREAD_MS = 7001; // between two events: no two happen in the same moment
const KINDS = ["page", "page", "Product Viewed", "Product Added", "Order Completed", "Support Called", "Survey Answered"];
const CHANNELS = ["web", "app", "shop", "zalo"];
const PLACES = ["Hà Nội", "Đà Nẵng", "TP. Hồ Chí Minh", undefined];

// A quarter of the persons begin without a name; now and then an event says who they are.
const aliasesOf = (i, person) => {
  const [user, nobody] = [`U${person}`, `A${person}`];
  if (person % 4 !== 0) {
    return { userId: user };
  }
  return [{ anonymousId: nobody }, { userId: user, anonymousId: nobody }, { userId: user }][i % 3];
};

// Event number i: always the same one.
export function eventOf(i, persons) {
  const roll = dice(i + 1);
  const person = Math.min(roll(persons), roll(persons)); // some do more than others
  const event = KINDS[roll(KINDS.length)];
  const properties = { n: i, channel: CHANNELS[roll(CHANNELS.length)], place: PLACES[roll(PLACES.length)], basket: roll(9) };
  if (event === "Order Completed") {
    Object.assign(properties, { revenue: 1000 * (1 + roll(900)), currency: roll(9) === 0 ? "USD" : "VND" });
  }
  if (event === "Survey Answered") {
    Object.assign(properties, { metric: "nps", score: roll(11) });
  }
  return {
    type: "track",
    event,
    ...aliasesOf(i, person),
    messageId: `m${i}`,
    timestamp: new Date(BEGIN_MS + i * SPREAD_MS).toISOString(),
    properties,
  };
}

// How many persons there are among the events 0 … count - 1.
export function personsAmong(count, persons) {
  const seen = new Map(); // "U1" → the sets it is in
  const joined = new Set();
  for (let i = 0; i < count; i++) {
    const { userId, anonymousId } = eventOf(i, persons);
    [userId, anonymousId].filter(Boolean).forEach((alias) => seen.set(alias, true));
    if (userId && anonymousId) {
      joined.add(userId);
    }
  }
  return seen.size - joined.size;
}

// Processes of one installation: `stores` are the databases as the environment says them.
export async function processes(t, stores, count = 2) {
  const servers = [];
  for (let i = 0; i < count; i++) {
    const server = new Server({ env: stores });
    t.after(async () => {
      if (server.process?.exitCode === null && server.process.signalCode === null) {
        await server.stop();
      }
      await server.remove();
    });
    servers.push(await server.start());
  }
  return servers;
}

function post(port, agent, key, body, impatient_ms) {
  return new Promise((done) => {
    const headers = { "content-type": "application/json", authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` };
    const sent = http.request({ port, host: "127.0.0.1", method: "POST", path: "/v1/batch", headers, agent, timeout: impatient_ms }, (answer) => {
      let text = "";
      answer.on("data", (part) => (text += part));
      answer.on("end", () => done({ status: answer.statusCode, again: answer.headers["retry-after"], text }));
      answer.on("error", () => done({ status: 0 }));
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer")));
    sent.on("error", (error) => done({ status: 0, text: error.message }));
    sent.end(body);
  });
}

// Sends batches of event numbers; one that is not acknowledged is sent again, to the next process. `answers` counts by status, `strange` keeps
// what no client should see. Who has no answer after `impatient_ms` gives up and sends it again. Ends when all are acknowledged.
export class Crowd {
  constructor({ ports, key, persons, clients = 8, pause_ms = 200, impatient_ms = 90_000 }) {
    Object.assign(this, { ports, key, persons, clients, pause_ms, impatient_ms, queue: [], answers: {}, strange: [], acknowledged: 0, longest_ms: 0 });
  }

  put(numbers, batch) {
    for (let i = 0; i < numbers.length; i += batch) {
      this.queue.push(numbers.slice(i, i + batch));
    }
  }

  async client(which) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let numbers; (numbers = this.queue.shift()); ) {
      const body = JSON.stringify({ batch: numbers.map((i) => eventOf(i, this.persons)) });
      for (let tried = which; ; tried++) {
        const began = Date.now();
        const { status, again, text } = await post(this.ports[tried % this.ports.length], agent, this.key, body, this.impatient_ms);
        this.longest_ms = Math.max(this.longest_ms, Date.now() - began);
        this.answers[status] = (this.answers[status] ?? 0) + 1;
        if (status === 200) {
          break;
        }
        if (status !== 0 && !(status === 503 && Number(again) > 0)) {
          this.strange.push(`${status} ${text?.slice(0, 300)}`);
          return;
        }
        await sleep(this.pause_ms);
      }
      this.acknowledged += numbers.length;
    }
    agent.destroy();
  }

  async run() {
    await Promise.all(Array.from({ length: this.clients }, (_, i) => this.client(i)));
    assert.deepEqual(this.strange, []);
  }
}

// 0 … count - 1 in an order that is always the same.
export function shuffled(count, seed) {
  const roll = dice(seed);
  const numbers = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const k = roll(i + 1);
    [numbers[i], numbers[k]] = [numbers[k], numbers[i]];
  }
  return numbers;
}

const ALL = { from: "2020-01-01", to: "2100-01-01" };

// Exactly the events 0 … count - 1, each once, as every process says.
export async function assertAll(askers, count, persons) {
  for (const ask of askers) {
    const { body } = await ask.post("/api/v1/ask", { ask: "count", of: ["events", "people"], ...ALL });
    assert.deepEqual(body.rows.map(({ events, people }) => ({ events, people })), [{ events: count, people: personsAmong(count, persons) }]);
  }
}

// The numbers of the events that are there once each; the list of those that are not.
export async function timesOf(ask, count) {
  const wrong = [];
  const seen = new Map();
  const { body } = await ask.post("/api/v1/ask", { ask: "count", of: "events", by: ["prop:n"], ...ALL });
  body.rows.forEach((row) => seen.set(Number(row["prop:n"]), row.events));
  for (let i = 0; i < count; i++) {
    if (seen.get(i) !== 1) {
      wrong.push(`event ${i} is there ${seen.get(i) ?? 0} times`);
    }
  }
  return wrong;
}
