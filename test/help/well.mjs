// After every abuse: alive, the same process, no memory or descriptor kept.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "./server.mjs";

const number = (text, name) => Number(text.match(new RegExp(`^${name} (\\S+)$`, "m"))[1]);

export async function vitals(server) {
  const { text } = await request(`${server.url}/metrics`, { agent: false });
  const { body } = await request(`${server.url}/version`, { agent: false });
  return {
    started: body.started_ms,
    memory: number(text, "process_resident_memory_bytes"),
    connections: number(text, "cham_http_connections"),
    files: number(text, "process_open_fds") - number(text, "cham_http_connections"),
    bodies: number(text, "cham_http_body_bytes"),
    active: number(text, "cham_http_active"),
  };
}

// What may be more than before: connections that node keeps for later, database connections of the workers, warm buffers and the
// sanitizers' quarantine.
const CONNECTIONS = 24;
const FILES = 20;

export async function stillWell(server, before, memory = 64 << 20) {
  const alive = await request(`${server.url}/livez`, { agent: false });
  assert.equal(alive.status, 200);
  let now = await vitals(server);
  for (let i = 0; i < 40 && (now.connections > before.connections + CONNECTIONS || now.bodies > 0); i++) {
    await sleep(50);
    now = await vitals(server);
  }
  assert.equal(now.started, before.started, "the server was started again");
  assert.ok(now.connections <= before.connections + CONNECTIONS, `connections: ${before.connections} → ${now.connections}`);
  assert.ok(now.files <= before.files + FILES, `files: ${before.files} → ${now.files}`);
  assert.equal(now.bodies, 0, "memory of bodies is kept");
  assert.ok(now.memory <= before.memory + memory, `memory: ${before.memory} → ${now.memory}`);
}
