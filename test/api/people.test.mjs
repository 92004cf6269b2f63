// People over HTTP and from the command line: found without tone marks, shown with what they lived through, seen only by
// those who may, and erased so that nothing of them is left in the data folder.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { start } from "../help/server.mjs";

const at = Date.parse("2026-11-01T02:00:00Z");
const iso = (minutes) => new Date(at + minutes * 60_000).toISOString();

// What a company's server sends about two customers; one of them is the canary.
const batch = [
  { type: "page", anonymousId: "CANARY-anon", timestamp: iso(0), properties: { path: "/CANARY-page" } },
  { type: "identify", userId: "CANARY-1", anonymousId: "CANARY-anon", timestamp: iso(1),
    traits: { name: "Hoàng Thị CANARY", email: "canary@vidu.vn", phone: "0912 345 678", city: "Huế" } },
  { type: "track", userId: "CANARY-1", event: "Order Completed", timestamp: iso(2),
    properties: { revenue: 1250000, currency: "VND", place: "Huế", channel: "web", note: "CANARY-note" } },
  { type: "track", userId: "CANARY-1", event: "Survey Answered", timestamp: iso(3),
    properties: { metric: "csat", score: 2, text: "CANARY giao trễ", place: "Huế", channel: "web" } },
  { type: "identify", userId: "KH-2", timestamp: iso(4), traits: { last_name: "Trần", first_name: "Văn Đức", email: "duc@vidu.vn" } },
  { type: "track", userId: "KH-2", event: "Order Completed", timestamp: iso(5),
    properties: { revenue: 99000, currency: "VND", place: "Đà Nẵng", channel: "store" } },
];

async function company(t) {
  const server = await start(t);
  const owner = await server.owner();
  const key = await server.key(owner, { name: "shop", kind: "write", trust: "server" });
  const sent = await server.anybody({ authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` }).post("/v1/batch", { batch });
  assert.equal(sent.status, 200, sent.text);
  return { server, owner };
}

const find = async (client, q) => (await client.get(`/api/v1/people?q=${encodeURIComponent(q)}`)).body.items;

// Files of the folder that hold a text, in any case.
function filesWith(folder, text) {
  const found = [];
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = path.join(folder, name);
    if (statSync(file).isFile() && readFileSync(file).toString("latin1").toLowerCase().includes(Buffer.from(text).toString("latin1").toLowerCase())) {
      found.push(name);
    }
  }
  return found;
}

describe("people", () => {
  test("are found by any part of a name, number or address, without tone marks", async (t) => {
    const { owner } = await company(t);
    for (const q of ["hoang thi", "HOÀNG", "canary@vidu.vn", "CANARY-1", "912345678"]) {
      const items = await find(owner, q);
      assert.deepEqual(items.map(({ name }) => name), ["Hoàng Thị CANARY"], q);
    }
    assert.equal((await find(owner, "tran van duc"))[0].name, "Trần Văn Đức");
    assert.deepEqual(await find(owner, "%"), []);
    assert.equal((await owner.get("/api/v1/people")).body.items.length, 2);
    const first = await owner.get("/api/v1/people?limit=1");
    const second = await owner.get(`/api/v1/people?limit=1&after=${first.body.next}`);
    assert.notEqual(first.body.items[0].id, second.body.items[0].id);
    assert.equal((await owner.get("/api/v1/people?after=x")).status, 422);
  });

  test("have a page with traits, aliases, sums and scores, and a timeline, newest first", async (t) => {
    const { owner } = await company(t);
    const [{ id }] = await find(owner, "CANARY-1");
    const { body } = await owner.get(`/api/v1/people/${id}`);
    assert.equal(body.traits.city, "Huế");
    assert.deepEqual(body.amounts, [{ currency: "VND", amount: 1250000 }]);
    assert.equal(body.orders, 1);
    assert.equal(body.events, 4);
    const [score] = body.scores;
    assert.deepEqual([score.metric, score.n, score.score, score.few], ["csat", 1, 0, true]);
    assert.ok(score.low <= 0 && score.high >= 0);
    const kinds = body.aliases.map(({ kind, value, verified }) => `${kind}:${value}:${verified}`).sort();
    assert.deepEqual(kinds, ["anon:CANARY-anon:false", "email:canary@vidu.vn:true", "phone:+84912345678:true", "user:CANARY-1:false"]);
    const timeline = (await owner.get(`/api/v1/people/${id}/timeline`)).body.items;
    assert.deepEqual(timeline.map(({ kind }) => kind), ["Survey Answered", "Order Completed", "identify", "page"]);
    assert.equal(timeline[3].alias, "anon:CANARY-anon");
  });

  test("are seen only by those who may, and only where they may look", async (t) => {
    const { server, owner } = await company(t);
    const viewer = await server.user("viewer");
    assert.equal((await viewer.get("/api/v1/people")).status, 403);
    const agent = await server.user("agent");
    const { body } = await owner.get("/api/v1/users");
    const user = body.items.find(({ email }) => email === agent.email);
    assert.equal((await owner.patch(`/api/v1/users/${user.id}`, { places: ["Đà Nẵng"] })).status, 200);
    assert.deepEqual((await agent.get("/api/v1/people")).body.items.map(({ name }) => name), ["Trần Văn Đức"]);
    const narrow = (await agent.get("/api/v1/people?q=canary&limit=1")).body;
    assert.deepEqual(narrow, { items: [], next: null });
    const [hidden] = await find(owner, "CANARY-1");
    assert.equal((await agent.get(`/api/v1/people/${hidden.id}`)).status, 404);
    assert.equal((await agent.get(`/api/v1/people/${hidden.id}/timeline`)).status, 404);
    for (const person of [hidden.id, "user:CANARY-1", "user:nobody"]) {
      const { status, text } = await agent.post("/api/v1/ask", { ask: "timeline", person });
      assert.equal(status, 404, text);
      assert.ok(!text.includes(hidden.id), text);
    }
    assert.equal((await agent.post("/api/v1/ask", { ask: "timeline", person: "user:KH-2" })).body.rows.length, 1);
  });

  test("reading them is written down", async (t) => {
    const { owner } = await company(t);
    const [{ id }] = await find(owner, "CANARY-1");
    await owner.get(`/api/v1/people/${id}`);
    const entries = (await owner.get("/api/v1/audit")).body.items;
    assert.ok(entries.some(({ action, object }) => action === "people.read" && object === id));
  });

  test("are erased with every trace, and stay erased after a restart", async (t) => {
    const { server, owner } = await company(t);
    const lines = "id,when,score\nCANARY-1,2026-11-01,11\nKH-2,2026-11-01,12\n";
    const { body: file } = await owner.post("/api/v1/files?name=refused.csv", lines);
    const map = { user: "id", at: { column: "when", format: "%Y-%m-%d" }, kind: { value: "x" }, score: { column: "score", metric: "nps" } };
    const { body: made } = await owner.post("/api/v1/imports", { file: file.id, name: "refused", map });
    let state;
    do {
      state = (await owner.get(`/api/v1/imports/${made.id}`)).body;
    } while (state.state === "waiting" || state.state === "running");
    assert.equal(state.refused, 2);
    assert.ok(filesWith(server.data, "CANARY").length > 0);

    const [{ id }] = await find(owner, "CANARY-1");
    const manager = await server.user("manager");
    assert.equal((await manager.delete(`/api/v1/people/${id}`)).status, 403);
    const { status, body, text } = await owner.delete(`/api/v1/people/${id}`);
    assert.equal(status, 200, text);
    assert.equal(body.events, 4);
    assert.doesNotMatch(text, /canary/i);

    const gone = ["CANARY", "Hoàng Thị", "hoang thi", "912345678"];
    for (const word of gone) {
      assert.deepEqual(filesWith(server.data, word), [], word);
    }
    for (const target of [`/api/v1/people/${id}`, `/api/v1/people/${id}/timeline`]) {
      assert.equal((await owner.get(target)).status, 404);
    }
    const debugged = await owner.get("/api/v1/debugger");
    assert.doesNotMatch(debugged.text, /CANARY/);
    await server.restart();
    assert.equal((await owner.get(`/api/v1/people/${id}`)).status, 404);
    assert.deepEqual(await find(owner, "canary"), []);
    const { body: left } = await owner.post("/api/v1/ask", { ask: "count" });
    assert.deepEqual([left.rows[0].events, left.rows[0].people], [2, 1]);
    assert.match((await owner.get(`/api/v1/imports/${made.id}/refused.csv`)).text, /\*{5}/);
  });

  test("are erased from the command line too, by an alias", async (t) => {
    const { server, owner } = await company(t);
    const { stdout } = await server.command_line("erase", "user:CANARY-1");
    assert.equal(JSON.parse(stdout).events, 4);
    assert.deepEqual(await find(owner, "canary"), []);
    await assert.rejects(server.command_line("erase", "user:CANARY-1"));
  });
});
