// What every answer says, what pages and files are, and what belongs to whom.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { request, root, shared, start } from "../help/server.mjs";
import { head, raw } from "../help/raw.mjs";

const NO_ID = "0000000000000";
const hasPages = existsSync(path.join(root, "ui/dist/index.html"));

suite("headers", () => {
  const server = shared();
  let owner, api;

  before(async () => {
    owner = await server.owner();
    api = (await owner.get("/openapi.json")).body;
  });

  const targets = () => Object.keys(api.paths).map((template) => template.replaceAll(/\{[^}]+\}/g, NO_ID));
  const streams = (template) => Boolean(api.paths[template]?.get?.responses["200"]?.content?.["text/event-stream"]);

  test("F23 E20 every answer, refusals too, keeps scripts, frames, guessing and addresses away", async () => {
    const asked = [...targets(), "/", "/nothing", "/sign-in", "/api/v1/nothing", "/docs.css", "/%", "/api"];
    for (const target of asked.filter((one) => !streams(one))) {
      for (const method of ["GET", "HEAD", "POST", "DELETE", "OPTIONS"]) {
        const headers = method === "DELETE" && target === "/api/v1/session" ? {} : owner.headers;
        const answer = await request(server.url + target, { method, headers });
        const shown = `${method} ${target} → ${answer.status}`;
        assert.equal(answer.headers["x-content-type-options"], "nosniff", shown);
        assert.match(answer.headers["content-security-policy"], /default-src '(self|none)'/, shown);
        assert.match(answer.headers["content-security-policy"], /frame-ancestors 'none'/, shown);
        assert.doesNotMatch(answer.headers["content-security-policy"], /unsafe/, shown);
        assert.ok(answer.headers["referrer-policy"], shown);
        assert.ok(answer.headers["x-request-id"], shown);
        assert.equal(answer.headers["server"], undefined, shown);
        assert.equal(answer.headers["strict-transport-security"], undefined, shown);
      }
    }
  });

  test("F22 everything under /api is no-store, and a suffix does not make it a file", async () => {
    for (const target of targets().filter((one) => one.startsWith("/api/") && !streams(one))) {
      const { headers } = await owner.get(target);
      assert.equal(headers["cache-control"], "no-store", target);
    }
    for (const target of ["/api/v1/session/x.css", "/api/v1/session;a.js", "/api/v1/session.css", "/api/v1/session/", "/api/v1//session", "/API/v1/session", "/api/v1/users/x.js/y"]) {
      assert.equal((await owner.get(target)).status, 404, target);
    }
  });

  test("C24 no path leads out of the pages", async () => {
    for (const target of [
      "/../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/%252e%252e%252fetc/passwd", "/..%5c..%5cwindows", "/....//etc/passwd",
      "/assets/../../records.db", "/.env", "/.git/HEAD", "/records.db", "/events.db", "/records.db-wal", "/events.db-shm", "/key", "/lock", "/cham.conf", "/backup",
      "/index.html/../records.db", "/assets/", "/assets", "//", "/sign-in/../key", "/settings.json", "/journeys/x.db", "/%00", "/index.html%00.png", "/wp-login.php",
    ]) {
      const { statuses, text } = await raw(server.port, head(`GET ${target} HTTP/1.1`, "Connection: close"));
      assert.ok(statuses.length === 1 && [400, 404].includes(statuses[0]), `${target} → ${statuses}`);
      assert.doesNotMatch(text, /SQLite|root:/);
    }
  });

  test("C23 line breaks in addresses make no header", async () => {
    for (const target of ["/%0d%0aSet-Cookie:x=1", "/docs?language=%0d%0aSet-Cookie:x=1", `/api/v1/users/%0d%0aSet-Cookie:x=1`, "/files?name=%0d%0aX:1"]) {
      const { text } = await raw(server.port, head(`GET ${target} HTTP/1.1`, "Connection: close"));
      assert.doesNotMatch(text, /^(Set-Cookie|X):/m);
    }
  });

  test("E19 the API of people is for no other origin; collecting is for all, without cookies", async () => {
    for (const [template, verbs] of Object.entries(api.paths)) {
      const target = template.replaceAll(/\{[^}]+\}/g, NO_ID);
      // Those who answer, and senders of mentions, bring no session either.
      const outside = /^\/api\/v1\/(respond|mentions)(\/|$)/.test(template);
      const tracking = outside || Object.values(verbs).some((operation) => operation["x-right"] === "collect");
      const preflight = await request(server.url + target, {
        method: "OPTIONS",
        headers: { origin: "https://shop.test", "access-control-request-method": "POST", "access-control-request-headers": "authorization" },
      });
      if (tracking) {
        assert.equal(preflight.status, 204, target);
        assert.equal(preflight.headers["access-control-allow-origin"], "*", target);
        assert.match(preflight.headers["access-control-allow-headers"], /(^|,)authorization(,|$)/);
        assert.match(preflight.headers["access-control-allow-headers"], /x-retry-count/);
        assert.equal(preflight.headers["access-control-max-age"], "7200");
      } else {
        assert.equal(preflight.status, 405, target);
        assert.equal(preflight.headers["access-control-allow-origin"], undefined, target);
      }
      assert.equal(preflight.headers["access-control-allow-credentials"], undefined, target);
      if (!tracking && !streams(template)) {
        const answer = await request(server.url + target, { headers: { ...owner.headers, origin: "https://evil.test" } });
        assert.equal(answer.headers["access-control-allow-origin"], undefined, target);
      }
    }
  });

  test("HEAD says what GET says, without the body", async () => {
    for (const target of ["/livez", "/api/v1/session", "/nothing", "/docs.css"]) {
      const get = await request(server.url + target);
      const only = await request(server.url + target, { method: "HEAD" });
      assert.equal(only.status, get.status);
      assert.equal(only.text, "");
      assert.equal(only.headers["content-length"], get.headers["content-length"]);
      assert.equal(only.headers["content-type"], get.headers["content-type"]);
    }
  });

  test("pages come compressed as the browser takes it, named files for ever, and unknown names are 404", { skip: !hasPages }, async () => {
    const plain = await request(`${server.url}/`);
    assert.equal(plain.status, 200);
    assert.match(plain.headers["content-type"], /^text\/html/);
    assert.equal(plain.headers["cache-control"], "no-cache");
    const br = await request(`${server.url}/`, { headers: { "accept-encoding": "gzip, deflate, br" } });
    const gz = await request(`${server.url}/`, { headers: { "accept-encoding": "gzip, br;q=0" } });
    for (const [answer, coding, unpack] of [[br, "br", brotliDecompressSync], [gz, "gzip", gunzipSync]]) {
      if (answer.headers["content-encoding"]) {
        assert.equal(answer.headers["content-encoding"], coding);
        assert.equal(unpack(answer.bytes).toString(), plain.text);
      }
      assert.equal(answer.headers.vary, "Accept-Encoding");
    }
    assert.equal((await request(`${server.url}/`, { headers: { "if-none-match": plain.headers.etag } })).status, 304);
    const routes = readFileSync(path.join(root, "ui/src/routes.ts"), "utf8");
    const pages = [...routes.matchAll(/path: '([^']+)'/g)].map(([, one]) => one.replaceAll(/:\w+/g, "0123"));
    assert.ok(pages.includes("/sign-in") && pages.length > 8);
    for (const page of pages) {
      assert.equal((await request(server.url + page)).text, plain.text, page);
    }
    const [script] = plain.text.match(/\/assets\/[^"]+\.js/);
    assert.match((await request(server.url + script)).headers["cache-control"], /immutable/);
    assert.equal((await request(`${server.url}/assets/nothing-AAAAAAAA.js`)).status, 404);
    assert.equal((await request(`${server.url}/`, { method: "POST" })).status, 405);
  });
});

test("figures are what Prometheus reads", async (t) => {
  const server = await start(t);
  await server.anybody().get("/livez");
  const { headers, text } = await server.anybody().get("/metrics");
  assert.equal(headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
  assert.ok(text.endsWith("\n"));
  const named = new Set();
  const typed = new Map();
  for (const line of text.trimEnd().split("\n")) {
    const kind = line.match(/^# (HELP|TYPE) ([a-z_]+) (.+)$/);
    if (kind) {
      if (kind[1] === "TYPE") {
        assert.ok(!typed.has(kind[2]), `${kind[2]} is described twice`);
        typed.set(kind[2], kind[3]);
      }
      continue;
    }
    const sample = line.match(/^([a-z_]+)(\{(?:[a-z]+="[^"\n]*",?)+\})? (-?\d+(\.\d+)?([eE][+-]?\d+)?)$/);
    assert.ok(sample, line);
    const family = sample[1].replace(/_(bucket|sum|count)$/, "");
    assert.ok(typed.has(sample[1]) || typed.get(family) === "histogram", line);
    assert.ok(!named.has(sample[1] + (sample[2] ?? "")), `${line} stands twice`);
    named.add(sample[1] + (sample[2] ?? ""));
  }
  assert.match(text, /cham_http_requests_total\{method="GET",route="\/livez",status="200"\} \d/);
  assert.match(text, /cham_http_request_duration_seconds_bucket\{method="GET",route="\/livez",le="\+Inf"\} \d/);
  for (const name of ["cham_events_stored_total", "cham_events_queued", "cham_dedupe_entries", "cham_readonly", "process_resident_memory_bytes", "process_open_fds"]) {
    assert.ok(named.has(name), name);
  }
});

test("an address that means nothing is 404: a page for who typed it, a problem for programs", { skip: !hasPages }, async (t) => {
  const server = await start(t);
  const typed = await request(`${server.url}/nope`, { headers: { "sec-fetch-mode": "navigate" } });
  assert.equal(typed.status, 404);
  assert.match(typed.headers["content-type"], /^text\/html/);
  for (const [path, headers] of [["/nope", {}], ["/api/v1/nope", { "sec-fetch-mode": "navigate" }], ["/nope.db", { "sec-fetch-mode": "navigate" }]]) {
    const answer = await request(server.url + path, { headers });
    assert.equal(answer.status, 404);
    assert.equal(answer.headers["content-type"], "application/problem+json", path);
  }
});
