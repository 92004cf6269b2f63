// The tracking API as its clients use it: routes, keys, bodies, refusals. What arrived is read back through the debugger.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";

import { request, shared, start } from "../help/server.mjs";
import { stillWell, vitals } from "../help/well.mjs";

const basic = (key) => ({ authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` });
const event = (more = {}) => ({ type: "track", event: "Viewed", userId: "U1", messageId: crypto.randomUUID(), ...more });

test("tracking", async (t) => {
  const server = shared();
  let owner, key, post;

  await t.test("begin", async () => {
    owner = await server.owner();
    key = await server.key(owner, { name: "web", kind: "write", trust: "browser" });
    post = (path, body, headers = basic(key)) =>
      request(server.url + path, { method: "POST", headers, body: typeof body === "object" && !Buffer.isBuffer(body) ? JSON.stringify(body) : body });
  });

  const entries = async (limit = 200) => (await owner.get(`/api/v1/debugger?limit=${limit}`)).body.items;
  const outcome = async (messageId) => (await entries()).find((entry) => entry.message_id === messageId);

  await t.test("every route takes its call", async () => {
    const routes = { track: "t", identify: "i", page: "p", screen: "s", group: "g", alias: "a" };
    for (const [long, short] of Object.entries(routes)) {
      for (const path of [long, short]) {
        const body = { ...event(), previousId: "old", groupId: "G", traits: {} };
        const answer = await post(`/v1/${path}`, body);
        assert.equal(answer.status, 200, `${path}: ${answer.text}`);
        assert.deepEqual(answer.body, { success: true });
        const seen = await outcome(body.messageId);
        assert.equal(seen.outcome, "stored", path);
        assert.equal(seen.type, long);
        assert.equal(seen.kind, long === "track" ? "Viewed" : long);
      }
    }
    for (const path of ["batch", "b", "import"]) {
      const body = event();
      assert.equal((await post(`/v1/${path}`, { batch: [body] })).status, 200);
      assert.equal((await outcome(body.messageId)).outcome, "stored");
    }
    assert.equal((await post("/v1/m", {})).status, 200);
  });

  await t.test("the key is found wherever the client put it", async () => {
    const places = [
      [{}, { writeKey: key }],
      [basic(key), {}],
      [{ authorization: `Basic ${Buffer.from(key).toString("base64")}` }, {}],
      [{ authorization: "Bearer some-oauth-token" }, { writeKey: key }],
      [{ authorization: `Bearer ${key}` }, {}],
    ];
    for (const [headers, more] of places) {
      const body = event(more);
      assert.equal((await post("/v1/track", body, headers)).status, 200);
      assert.equal((await outcome(body.messageId))?.outcome, "stored");
    }
    for (const headers of [{}, basic("wrong"), { authorization: "Basic !!!" }, { authorization: "Digest x" }]) {
      assert.equal((await post("/v1/track", event(), headers)).status, 401);
    }
    const reading = await server.key(owner, { name: "reader", kind: "api", scopes: ["read"] });
    assert.equal((await post("/v1/track", event(), basic(reading))).status, 401);
    assert.equal((await request(`${server.url}/api/v1/debugger`, { headers: { authorization: `Bearer ${key}` } })).status, 401);
  });

  await t.test("bytes count, not their names", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8", "image/png"]) {
      for (const packed of [false, true]) {
        const body = event();
        const text = JSON.stringify({ batch: [body] });
        const headers = { ...basic(key), "content-type": type };
        const answer = await post("/v1/batch", packed ? gzipSync(text) : text, packed ? { ...headers, "content-encoding": "gzip" } : headers);
        assert.equal(answer.status, 200, `${type} ${packed}: ${answer.text}`);
        assert.equal((await outcome(body.messageId)).outcome, "stored");
      }
    }
    const body = event();
    assert.equal((await post("/v1/track", `\uFEFF${JSON.stringify(body)}`)).status, 200);
    assert.equal((await outcome(body.messageId)).outcome, "stored");
  });

  await t.test("a message counts once", async () => {
    const body = event();
    await post("/v1/track", body);
    await post("/v1/track", { ...body, event: "Other" });
    const seen = (await entries()).filter((entry) => entry.message_id === body.messageId);
    assert.deepEqual(seen.map((entry) => entry.outcome).sort(), ["duplicate", "stored"]);
  });

  await t.test("a refused item is answered with 200 and shown with its reason", async () => {
    const now = Date.now();
    const cases = [
      [{ event: "" }, /name|tên/],
      [{ event: undefined }, /name|tên/],
      [{ userId: undefined }, /userId/],
      [{ userId: "null" }, /userId/],
      [{ userId: "0" }, /userId/],
      [{ userId: "guest" }, /userId/],
      [{ userId: "x".repeat(501) }, /500/],
      [{ messageId: "m".repeat(101) }, /100/],
      [{ timestamp: "yesterday" }, /ISO/],
      [{ timestamp: "9999-01-01T00:00:00Z" }, /1970/],
      [{ timestamp: "0000-01-01T00:00:00Z" }, /1970|ISO/],
      [{ timestamp: new Date(now + 3600e3).toISOString() }, /1970/],
      [{ timestamp: 1e18 }, /1970/],
      [{ timestamp: -5 }, /1970/],
      [{ properties: { score: 11, metric: "nps" } }, /0-10/],
      [{ properties: { score: 9.5, metric: "nps" } }, /0-10/],
      [{ properties: { score: "10", metric: "nps" } }, /score/],
      [{ properties: { score: 5, metric: "nps", scale: "1-5" } }, /0-10/],
      [{ properties: { score: 5, question: "q" } }, /1-7/],
      [{ properties: { revenue: 5, currency: "XYZ" } }, /ISO 4217/],
      [{ properties: { big: "x".repeat(33000) } }, /32 KB/],
      [{ properties: { channel: "x".repeat(501) } }, /500/],
      [{ type: "alias" }, /previousId/],
      [{ type: "group" }, /groupId/],
      [{ type: "purchase" }, /track, identify/],
    ];
    for (const [more, reason] of cases) {
      const bad = event(more), good = event();
      assert.equal((await post("/v1/batch", { batch: [bad, good] })).status, 200);
      const [after, before] = await entries(2);
      assert.equal(after.message_id, good.messageId);
      assert.equal(after.outcome, "stored", JSON.stringify(more));
      assert.equal(before.outcome, "refused", JSON.stringify(more).slice(0, 100));
      assert.match(before.reason, reason);
    }
  });

  await t.test("a broken document loses only the broken item", async () => {
    const one = JSON.stringify(event()), two = JSON.stringify(event());
    const ids = [one, two].map((text) => JSON.parse(text).messageId);
    const broken = [
      '{"type":"track","event":tru}', '{"a":"\\x"}', '{"a":1e999}', '{"a":"\\u0000"}', '{"a":"\\ud800"}',
      '{"a":01}', '{"a" 1}', '{"a":1,,}', '{"type":"track"', '{"a":{"b":1}', "}", '"text', "nul",
      `{"a":${"[".repeat(100)}${"]".repeat(100)}}`,
    ];
    for (const item of broken) {
      const fresh = [one, two].map((text, i) => text.replace(ids[i], crypto.randomUUID()));
      const names = fresh.map((text) => JSON.parse(text).messageId);
      for (const text of [`{"batch":[${fresh[0]},${item},${fresh[1]}],"writeKey":"${key}"}`, `{"writeKey":"${key}","batch":[${fresh[0]},${item},${fresh[1]}]}`]) {
        const answer = await post("/v1/batch", text, basic(key));
        assert.equal(answer.status, 200, `${item}: ${answer.text}`);
      }
      const seen = await entries(20);
      for (const name of names) {
        assert.ok(seen.some((entry) => entry.message_id === name && entry.outcome === "stored"), `${item} took a neighbour with it`);
      }
      assert.ok(seen.slice(0, 6).some((entry) => entry.outcome === "refused"), item);
    }
  });

  await t.test("what is no tracking call at all is a 400", async () => {
    for (const body of ["", "hello", "[]", "[1]", '"x"', "{", '{"batch":5}', '{"a":1}}']) {
      assert.equal((await post("/v1/batch", body)).status, 400, body);
    }
    assert.equal((await post("/v1/track", "{")).status, 400);
  });

  await t.test("limits are answered, not suffered", async () => {
    assert.equal((await post("/v1/batch", "x".repeat(600 * 1024))).status, 413);
    assert.equal((await post("/v1/batch", gzipSync("x".repeat(100 << 20)))).status, 413);
    const many = Array.from({ length: 2600 }, (_, i) => ({ type: "track", event: "e", userId: "u", messageId: `many-${i}` }));
    assert.equal((await post("/v1/batch", { batch: many })).status, 200);
    const seen = await entries();
    assert.ok(seen.some((entry) => entry.outcome === "refused" && /2[.,]500/.test(entry.reason)));
    const deep = "[".repeat(100000);
    const began = Date.now();
    assert.equal((await post("/v1/batch", deep)).status, 400);
    assert.equal((await post("/v1/batch", `{"batch":[${"{\"a\":[".repeat(50000)}`)).status, 200);
    assert.ok(Date.now() - began < 5000);
  });

  await t.test("E13 a key that makes up names is stopped, known names go on, and memory stays", async () => {
    const inventive = await server.key(owner, { name: "inventive", kind: "write", trust: "server" });
    const well = await vitals(server);
    for (let from = 0; from < 20000; from += 1000) {
      const batch = Array.from({ length: 1000 }, (_, i) => event({ event: `Bought ${from + i}` }));
      assert.equal((await post("/v1/batch", { batch }, basic(inventive))).status, 200);
    }
    const known = event({ event: "Bought 1" });
    await post("/v1/track", known, basic(inventive));
    assert.equal((await outcome(known.messageId)).outcome, "stored");
    const fresh = event({ event: "Bought 9999999" });
    await post("/v1/track", fresh, basic(inventive));
    const seen = await outcome(fresh.messageId);
    assert.equal(seen.outcome, "refused");
    assert.match(seen.reason, /2[.,]000/);
    const properties = Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`p${i}`, 1]));
    for (let round = 0; round < 5; round++) {
      const renamed = Object.fromEntries(Object.keys(properties).map((name) => [`${name}-${round}`, 1]));
      await post("/v1/track", event({ event: "Bought 1", properties: renamed }), basic(inventive));
    }
    assert.match((await entries(1))[0].reason, /5[.,]000/);
    const other = event({ event: "Unheard of" });
    await post("/v1/track", other);
    assert.equal((await outcome(other.messageId)).outcome, "stored");
    await stillWell(server, well, 256 << 20); // the sanitizers keep what is freed for a while
  });

  await t.test("pages of any origin may send, nobody else is let in", async () => {
    const asked = await request(`${server.url}/v1/t`, {
      method: "OPTIONS",
      headers: { origin: "https://shop.example", "access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type" },
    });
    assert.equal(asked.status, 204);
    assert.equal(asked.headers["access-control-allow-origin"], "*");
    for (const name of ["authorization", "content-type", "x-retry-count", "anonymousid", "sentat", "rsa-retry-attempt"]) {
      assert.ok(asked.headers["access-control-allow-headers"].split(/,\s*/).includes(name), name);
    }
    assert.equal(asked.headers["access-control-max-age"], "7200");
    assert.equal(asked.headers["access-control-allow-credentials"], undefined);
    for (const [path, headers] of [["/v1/t", basic(key)], ["/v1/t", {}], [`/v1/projects/${key}/settings`, {}]]) {
      const method = path === "/v1/t" ? "POST" : "GET";
      const answer = await request(server.url + path, { method, headers: { ...headers, origin: "https://shop.example" }, body: method === "POST" ? JSON.stringify(event()) : undefined });
      assert.equal(answer.headers["access-control-allow-origin"], "*", path);
    }
  });

  await t.test("the settings calls hold what the clients need", async () => {
    const settings = await request(`${server.url}/v1/projects/${key}/settings`);
    assert.equal(settings.status, 200);
    const segment = settings.body.integrations["Segment.io"];
    assert.equal(segment.apiKey, key);
    assert.equal(segment.apiHost, `127.0.0.1:${server.port}/v1`);
    assert.equal(segment.protocol, "http");
    assert.equal(settings.body.metrics.sampleRate, 0);
    assert.equal((await request(`${server.url}/v1/projects/unknown/settings`)).status, 404);
    for (const path of ["/sourceConfig", "/sourceConfig/"]) {
      const config = await request(`${server.url}${path}?p=npm&v=3.0.0&build=modern&writeKey=${key}`, { headers: basic(key) });
      assert.equal(config.status, 200);
      assert.equal(config.body.source.writeKey, key);
      assert.equal(config.body.source.enabled, true);
      assert.deepEqual(config.body.source.destinations, []);
    }
    assert.equal((await request(`${server.url}/sourceConfig/?writeKey=unknown`)).status, 401);
  });

  await t.test("the debugger is for those who may see it, live in their language", async () => {
    const viewer = await server.user("viewer");
    assert.equal((await viewer.get("/api/v1/debugger")).status, 403);
    assert.equal((await server.anybody().get("/api/v1/debugger")).status, 401);
    const stream = await fetch(`${server.url}/api/v1/debugger/stream`, { headers: { cookie: owner.headers.cookie, "accept-language": "en" } });
    const reader = stream.body.getReader();
    await sleep(100);
    const body = event({ userId: undefined });
    await post("/v1/track", body);
    let said = "";
    while (!said.includes(body.messageId)) {
      const { value, done } = await reader.read();
      assert.ok(!done);
      said += Buffer.from(value).toString();
    }
    await reader.cancel();
    assert.match(said, /event: entry/);
    assert.match(said, /userId/);
  });
});

test("a full queue says when to come again, and nothing is lost", async (t) => {
  const server = await start(t, { args: ["--queue-events", "1000"] });
  const owner = await server.owner();
  const key = await server.key(owner);
  const send = async () => {
    const batch = Array.from({ length: 500 }, () => event());
    const answer = await request(`${server.url}/v1/batch`, { method: "POST", headers: basic(key), body: JSON.stringify({ batch }) });
    return answer;
  };
  const answers = await Promise.all(Array.from({ length: 60 }, send));
  const busy = answers.filter((answer) => answer.status === 429);
  assert.ok(answers.every((answer) => answer.status === 200 || answer.status === 429));
  assert.ok(busy.length > 0, "the queue never filled");
  for (const answer of busy) {
    assert.ok(Number(answer.headers["retry-after"]) >= 1);
    assert.ok(Number(answer.headers["x-ratelimit-reset"]) > 1e9);
  }
});

test("E12 a key that floods gets 429 while another key's requests are all taken; nothing acknowledged is lost", { timeout: 120000 }, async (t) => {
  const server = await start(t, { env: { CHAM_QUEUE_EVENTS: "100" } });
  const owner = await server.owner();
  const flooding = basic(await server.key(owner, { name: "flood", kind: "write", trust: "server" }));
  const calm = basic(await server.key(owner, { name: "calm", kind: "write", trust: "server" }));
  const send = (headers, batch) => request(`${server.url}/v1/batch`, { method: "POST", headers, body: JSON.stringify({ batch }) });
  const stored = async () => Number((await owner.get("/metrics")).text.match(/^cham_events_stored_total (\d+)$/m)[1]);
  const before = await stored();
  const acknowledged = [];
  let refused = 0, calls = 0, flood = true;
  const flooder = async () => {
    while (flood) {
      const batch = Array.from({ length: 20 }, () => event());
      const answer = await send(flooding, batch);
      assert.ok([200, 429].includes(answer.status), answer.text);
      if (answer.status === 200) {
        acknowledged.push(batch);
      } else {
        refused++;
        assert.ok(Number(answer.headers["retry-after"]) > 0);
      }
    }
  };
  const flooders = Array.from({ length: 24 }, flooder);
  for (const until = Date.now() + 60000; (calls < 50 || refused < 50) && Date.now() < until; calls++) {
    const batch = [event()];
    const answer = await send(calm, batch);
    assert.equal(answer.status, 200, `call ${calls}: ${answer.text}`);
    acknowledged.push(batch);
  }
  flood = false;
  await Promise.all(flooders);
  assert.ok(refused >= 50, `${refused} of the flood were refused`);
  assert.equal((await stored()) - before, acknowledged.flat().length);
});
