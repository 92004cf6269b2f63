// Who may do what, for every route that the server describes: a new route is covered without a word here.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import http from "node:http";
import { answering, isPageToo } from "../help/description.mjs";
import { request, shared } from "../help/server.mjs";
import { stillWell, vitals } from "../help/well.mjs";

// The table of rights once more, as the product promises it.
const EVERYBODY = ["public", "signed_in", "ask", "journeys.read", "surveys.read"];
const MEETS = ["people.read", "voices.read", "voices.write", "consents.read", "consents.write"];
const DATA = [
  ...["explore.write", "people.read", "imports.read", "imports.write", "debugger.read"],
  ...["voices.read", "voices.write", "surveys.write", "rules.read", "consents.read"],
];
const DIRECTS = ["journeys.write", "rules.write"];
const OWNS = ["people.erase", "users.manage", "keys.manage", "settings.write", "audit.read"];
const ROLES = {
  owner: [...new Set([...EVERYBODY, ...MEETS, ...DATA, ...DIRECTS, ...OWNS])],
  manager: [...new Set([...EVERYBODY, ...MEETS, ...DATA, ...DIRECTS])],
  analyst: [...new Set([...EVERYBODY, ...MEETS, ...DATA])],
  agent: [...EVERYBODY, ...MEETS],
  viewer: [...EVERYBODY, "voices.read"],
};
const SCOPES = {
  read: [...EVERYBODY, "imports.read"],
  personal: [...EVERYBODY, ...MEETS, "debugger.read"],
  admin: ROLES.owner,
};
const NO_ID = "0000000000000";

// The status alone: streams never end.
const statusOf = (url, method, headers, body) =>
  new Promise((done, fail) => {
    const sent = http.request(url, { method, headers, agent: false }, (answer) => {
      done(answer.statusCode);
      answer.destroy();
    });
    sent.on("error", fail);
    sent.end(body);
  });

suite("rights", () => {
  const server = shared();
  let owner, api;
  const clients = {};

  before(async () => {
    owner = await server.owner();
    api = (await owner.get("/openapi.json")).body;
    for (const role of Object.keys(ROLES)) {
      clients[role] = role === "owner" ? owner : await server.user(role);
    }
  });

  const operations = () =>
    Object.entries(api.paths)
      .flatMap(([template, verbs]) => Object.entries(verbs).map(([verb, operation]) => ({ template, verb, operation })))
      .filter(({ operation }) => !["public", "collect"].includes(operation["x-right"]));

  // Something that the route answers without changing anything: no object has this id, and most inputs lack what they need.
  const call = (headers, { template, verb, operation }) => {
    const target = template.replaceAll(/\{[^}]+\}/g, NO_ID);
    const types = Object.keys(operation.requestBody?.content ?? {});
    const type = types.length > 0 ? { "content-type": types[0] } : {};
    const body = types[0] === "application/json" ? "{}" : undefined;
    return statusOf(server.url + target, verb.toUpperCase(), { origin: server.url, ...headers, ...type }, body);
  };
  const endsSession = ({ template, verb }) => template === "/api/v1/session" && verb === "delete";

  for (const [role, rights] of Object.entries(ROLES)) {
    test(`${role}: each route is allowed or 403 as the table says`, async () => {
      const well = await vitals(server);
      for (const one of operations()) {
        const headers = endsSession(one) ? (await server.user(role, `${role}-ends@example.vn`)).headers : clients[role].headers;
        const status = await call(headers, one);
        const shown = `${one.verb} ${one.template} (${one.operation["x-right"]}) → ${status}`;
        assert.notEqual(status, 401, shown);
        assert.equal(status === 403, !rights.includes(one.operation["x-right"]), shown);
        assert.ok(status < 500 || status === 503, shown);
      }
      await stillWell(server, well);
    });
  }

  for (const [scope, rights] of Object.entries(SCOPES)) {
    test(`a key with the scope ${scope}: each route is allowed or 403 as the table says`, async () => {
      const secret = await server.key(owner, { name: scope, kind: "api", scopes: [scope] });
      for (const one of operations()) {
        const status = await call({ authorization: `Bearer ${secret}` }, one);
        const shown = `${one.verb} ${one.template} (${one.operation["x-right"]}) → ${status}`;
        // Some things only a person has: a name, a password.
        const onlyUsers = one.template === "/api/v1/me";
        assert.equal(status === 403, onlyUsers || !rights.includes(one.operation["x-right"]), shown);
      }
    });
  }

  test("B19 a write key is no key for any other route", async () => {
    for (const trust of ["browser", "server"]) {
      const secret = await server.key(owner, { name: trust, kind: "write", trust });
      for (const one of operations()) {
        assert.equal(await call({ authorization: `Bearer ${secret}` }, one), 401, `${one.verb} ${one.template}`);
        const basic = `Basic ${Buffer.from(`${secret}:`).toString("base64")}`;
        assert.equal(await call({ authorization: basic }, one), 401, `${one.verb} ${one.template}`);
      }
    }
  });

  test("nobody: each route is 401, the same for what exists and what does not", async () => {
    for (const one of operations()) {
      assert.equal(await call({}, one), 401, `${one.verb} ${one.template}`);
    }
  });

  test("A20 every route that changes something is 405 by GET and HEAD, unless they are routes of their own", async () => {
    for (const [template, verbs] of Object.entries(api.paths)) {
      if (verbs.get || isPageToo(template)) {
        continue;
      }
      const target = template.replaceAll(/\{[^}]+\}/g, NO_ID);
      for (const method of ["GET", "HEAD"]) {
        const { status, headers } = await request(server.url + target, { method, headers: owner.headers });
        const elsewhere = answering(api, method, target);
        assert.equal(status, elsewhere ? 404 : 405, `${method} ${template} ${elsewhere}`);
        assert.ok(elsewhere || headers.allow, template);
      }
    }
  });

  test("A20 no method in a header or parameter changes the method", async () => {
    const { items } = (await owner.get("/api/v1/keys")).body;
    for (const headers of [{ "x-http-method-override": "DELETE" }, { "x-method-override": "DELETE" }, { "x-http-method": "DELETE" }]) {
      assert.equal((await owner.get(`/api/v1/keys/${items[0].id}`, headers)).status, 405);
      assert.equal((await owner.get(`/api/v1/keys/${items[0].id}?_method=DELETE`, headers)).status, 405);
    }
    assert.equal((await owner.get("/api/v1/keys")).body.items.length, items.length);
  });

  test("A21 there is nothing to set up, install or migrate", async () => {
    for (const path of ["/setup", "/install", "/upgrade", "/migrate", "/api/v1/setup", "/api/v1/install", "/api/v1/migrate", "/admin", "/api/v1/debug"]) {
      assert.equal((await server.anybody().get(path)).status, 404, path);
    }
  });

  test("B13 nobody raises their own rights", async () => {
    const self = (await clients.manager.get("/api/v1/session")).body.user;
    assert.equal((await clients.manager.patch(`/api/v1/users/${self.id}`, { role: "owner" })).status, 403);
    assert.equal((await clients.manager.post("/api/v1/users", { email: "b13@example.vn", name: "x", role: "owner" })).status, 403);
    assert.equal((await clients.manager.post("/api/v1/keys", { name: "b13", kind: "api", scopes: ["admin"] })).status, 403);
    for (const change of [{ role: "owner" }, { rights: ["users.manage"] }, { places: [] }, { active: true }, { email: "x@example.vn" }]) {
      assert.equal((await clients.manager.patch("/api/v1/me", change)).status, 422);
    }
    assert.equal((await clients.manager.get("/api/v1/session")).body.user.role, "manager");
  });

  test("B14 what the server decides cannot be given", async () => {
    const { items } = (await owner.get("/api/v1/users")).body;
    const viewer = items.find(({ role }) => role === "viewer");
    for (const change of [{ id: NO_ID }, { email: "x@example.vn" }, { created_ms: 1 }, { invited: true }, { password: "x" }, { deleted_at: 1 }]) {
      assert.equal((await owner.patch(`/api/v1/users/${viewer.id}`, change)).status, 422, JSON.stringify(change));
    }
    assert.equal((await owner.patch("/api/v1/settings", { demo: true })).status, 422);
    assert.deepEqual((await owner.get("/api/v1/users")).body.items.find(({ id }) => id === viewer.id), viewer);
  });

  test("B23 a foreign page gets no stream, a signed-out one neither", async () => {
    const streams = operations().filter(({ operation }) => operation.responses["200"]?.content?.["text/event-stream"]);
    assert.ok(streams.length > 0);
    for (const one of streams) {
      assert.equal(await call({ origin: "https://evil.test" }, one), 401);
      const { headers } = await new Promise((done) => {
        const sent = http.get(server.url + one.template, { headers: { ...owner.headers, origin: "https://evil.test" }, agent: false }, (answer) => {
          done(answer);
          answer.destroy();
        });
        sent.on("error", () => {});
      });
      assert.equal(headers["access-control-allow-origin"], undefined);
    }
  });

  test("the session lists exactly the rights of the role", async () => {
    for (const [role, rights] of Object.entries(ROLES)) {
      assert.deepEqual((await clients[role].get("/api/v1/session")).body.rights.sort(), [...rights].sort(), role);
    }
  });
});
