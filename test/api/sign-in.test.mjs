// Signing in, sessions, one-time links, keys. The names A02 … are those of the list of abuse cases.
import assert from "node:assert/strict";
import { afterEach, before, suite, test } from "node:test";
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, request, shared, start } from "../help/server.mjs";
import { stillWell, vitals } from "../help/well.mjs";

const PASSWORD = "mật khẩu rất dài của tôi";

// From another address of this machine, as attempts are counted by address.
const from = (address) => new http.Agent({ localAddress: address });
const signIn = (server, email, password, { address = "127.0.0.1", headers = {} } = {}) =>
  request(`${server.url}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ email, password }),
    agent: from(address),
  });
const cookieOf = (answer) => answer.headers["set-cookie"]?.[0].split(";")[0];
const tokenOf = (link) => link.split("#")[1];
const withoutIds = ({ status, body, headers }) => {
  const { date, "x-request-id": id, ...rest } = headers;
  return { status, body: { ...body, instance: "" }, headers: rest };
};

suite("signing in", () => {
  const server = shared();
  let owner, well;

  before(async () => {
    owner = await server.owner();
    well = await vitals(server);
  });
  afterEach(() => stillWell(server, well));

  const invite = async (email, role = "viewer") => {
    const made = await owner.post("/api/v1/users", { email, name: email, role });
    assert.equal(made.status, 201, made.text);
    return made.body;
  };
  // Each from an address of its own: links are guessed at most so often a minute from one.
  let guests = 0;
  const guest = () => Object.assign(server.anybody(), { agent: from(`127.0.${100 + (guests >> 7)}.${1 + (guests++ & 127)}`) });
  const accept = (token, password = PASSWORD) => guest().post("/api/v1/links/accept", { token, password });
  const member = async (email, role) => {
    const { user, link } = await invite(email, role);
    const answer = await accept(tokenOf(link));
    assert.equal(answer.status, 200, answer.text);
    return Object.assign(new Client(server, { cookie: cookieOf(answer) }), { id: user.id, email });
  };
  const isIn = async (client) => (await client.get("/api/v1/settings")).status === 200;

  test("A01 a token of another maker, alg:none among them, is 401", async () => {
    const b64 = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const none = `${b64({ alg: "none" })}.${b64({ sub: owner.email, role: "owner" })}.`;
    for (const bearer of [none, `${none}AAAA`, "", "null", "undefined", "0", "a".repeat(5000)]) {
      const answer = await server.anybody({ authorization: `Bearer ${bearer}` }).get("/api/v1/users");
      assert.equal(answer.status, 401, bearer.slice(0, 30));
      assert.equal(answer.headers["www-authenticate"], "Bearer");
    }
    for (const cookie of [none, "", "null", owner.email, "x".repeat(3000)]) {
      assert.equal(await isIn(server.anybody({ cookie: `cham_session=${cookie}` })), false);
    }
  });

  test("A02 a link is for its purpose: not a session, not a key; a session or key is not a link", async () => {
    const { link } = await invite("a02@example.vn");
    const token = tokenOf(link);
    assert.equal(await isIn(server.anybody({ cookie: `cham_session=${token}` })), false);
    assert.equal((await server.anybody({ authorization: `Bearer ${token}` }).get("/api/v1/settings")).status, 401);
    const session = owner.headers.cookie.split("=")[1];
    const key = await server.key(owner, { name: "a02", kind: "api", scopes: ["admin"] });
    for (const wrong of [session, key, token.slice(0, -1), `${token}A`]) {
      assert.equal((await accept(wrong)).status, 404);
      assert.equal((await guest().post("/api/v1/links/look", { token: wrong })).status, 404);
    }
    const looked = await guest().post("/api/v1/links/look", { token });
    assert.deepEqual(looked.body, { purpose: "invitation", email: "a02@example.vn", name: "a02@example.vn", role: "viewer" });
  });

  test("A03 a link works once, and not after a newer one or a change of password", async () => {
    const { user, link } = await invite("a03@example.vn");
    const first = await accept(tokenOf(link));
    assert.equal(first.status, 200);
    assert.equal((await accept(tokenOf(link), "một mật khẩu khác hẳn")).status, 404);
    assert.equal((await signIn(server, "a03@example.vn", PASSWORD)).status, 200);

    const older = (await owner.post(`/api/v1/users/${user.id}/link`)).body.link;
    const newer = (await owner.post(`/api/v1/users/${user.id}/link`)).body.link;
    assert.equal((await accept(tokenOf(older))).status, 404);
    const me = new Client(server, { cookie: cookieOf(first) });
    const changed = await me.patch("/api/v1/me", { old_password: PASSWORD, new_password: "mật khẩu thứ hai" });
    assert.equal(changed.status, 200, changed.text);
    assert.equal((await accept(tokenOf(newer))).status, 404);
    assert.equal((await signIn(server, "a03@example.vn", "mật khẩu thứ hai")).status, 200);
  });

  test("A03 fifty at once: a link makes one session", async () => {
    const { link } = await invite("a03-race@example.vn");
    const answers = await Promise.all(Array.from({ length: 20 }, () => accept(tokenOf(link))));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.ok(answers.every(({ status }) => [200, 404, 429].includes(status)));
    await sleep(100);
  });

  test("E03 guessed tokens are 404, then 429", async () => {
    const statuses = new Set();
    for (let i = 0; i < 40; i++) {
      const answer = await request(`${server.url}/api/v1/links/look`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ token: `guess-${i}`.padEnd(43, "A") }),
        agent: from("127.0.3.3"),
      });
      statuses.add(answer.status);
    }
    assert.deepEqual([...statuses], [404, 429]);
  });

  test("A04 other sessions end with a change or reset of the password", async () => {
    const me = await member("a04@example.vn");
    const other = new Client(server, { cookie: cookieOf(await signIn(server, "a04@example.vn", PASSWORD)) });
    assert.ok(await isIn(other));
    const changed = await me.patch("/api/v1/me", { old_password: PASSWORD, new_password: "mật khẩu thứ hai" });
    assert.equal(changed.status, 200);
    assert.equal(await isIn(other), false);
    assert.equal(await isIn(me), false);
    const again = new Client(server, { cookie: cookieOf(changed) });
    assert.ok(await isIn(again));
    const { link } = (await owner.post(`/api/v1/users/${me.id}/link`)).body;
    assert.equal((await accept(tokenOf(link), "mật khẩu thứ ba")).status, 200);
    assert.equal(await isIn(again), false);
  });

  test("A05 sessions, keys and links of a deactivated user stop at the next request", async () => {
    const me = await member("a05@example.vn", "owner");
    const key = await server.key(me, { name: "a05", kind: "api", scopes: ["read"] });
    const byKey = server.anybody({ authorization: `Bearer ${key}` });
    const { link } = (await owner.post(`/api/v1/users/${me.id}/link`)).body;
    assert.ok((await isIn(me)) && (await isIn(byKey)));
    assert.equal((await owner.patch(`/api/v1/users/${me.id}`, { active: false })).status, 200);
    assert.equal(await isIn(me), false);
    assert.equal(await isIn(byKey), false);
    assert.equal((await accept(tokenOf(link))).status, 404);
    assert.equal((await signIn(server, "a05@example.vn", PASSWORD)).status, 401);
    assert.equal((await owner.patch(`/api/v1/users/${me.id}`, { active: true })).status, 200);
    assert.equal(await isIn(me), false);
  });

  test("A06 links are built from the configured address, never from what the client calls us", async () => {
    for (const headers of [{ host: "evil.test" }, { "x-forwarded-host": "evil.test" }, { forwarded: "host=evil.test" }]) {
      const answer = await request(`${server.url}/api/v1/users`, {
        method: "POST",
        headers: { ...owner.headers, origin: server.url, "content-type": "application/json", ...headers },
        body: JSON.stringify({ email: `a06-${Object.keys(headers)[0]}@example.vn`, name: "x", role: "viewer" }),
      });
      if (answer.status === 201) {
        assert.ok(answer.body.link.startsWith(`${server.url}/welcome#`), answer.body.link);
      } else {
        assert.equal(answer.status, 403);
      }
    }
  });

  test("A07 somebody unknown and somebody known get the same answer", async () => {
    const known = await signIn(server, owner.email, "sai mật khẩu rồi", { address: "127.0.7.1" });
    const unknown = await signIn(server, "nobody@example.vn", "sai mật khẩu rồi", { address: "127.0.7.1" });
    const odd = await signIn(server, "no address", "sai mật khẩu rồi", { address: "127.0.7.1" });
    assert.equal(known.status, 401);
    assert.deepEqual(withoutIds(unknown), withoutIds(known));
    assert.deepEqual(withoutIds(odd), withoutIds(known));
  });

  test("A08 in the same time", async () => {
    const measure = async (email, address) => {
      const began = performance.now();
      assert.equal((await signIn(server, email, "sai mật khẩu rồi", { address })).status, 401);
      return performance.now() - began;
    };
    const samples = { known: [], unknown: [] };
    for (let i = 0; i < 36; i++) {
      const address = `127.0.8.${1 + (i >> 2)}`;
      samples.known.push(await measure(owner.email, address));
      samples.unknown.push(await measure("nobody@example.vn", address));
    }
    // The lower quartile: what else the machine does only ever adds.
    const quartile = (list) => list.sort((a, b) => a - b)[list.length >> 2];
    const [known, unknown] = [quartile(samples.known), quartile(samples.unknown)];
    assert.ok(Math.abs(known - unknown) / known < 0.2, `known ${known} ms, unknown ${unknown} ms`);
    assert.ok(known > 10, "a password is checked in no time");
  });

  test("A09 the eleventh wrong password is 429 with Retry-After; the right one from elsewhere still works", async () => {
    const me = await member("a09@example.vn");
    const statuses = [];
    for (let i = 0; i < 15; i++) {
      const answer = await signIn(server, me.email, `sai lần ${i} ........`, { address: "127.0.9.1" });
      statuses.push(answer.status);
      if (answer.status === 429) {
        assert.ok(Number(answer.headers["retry-after"]) > 0);
      }
    }
    assert.deepEqual(statuses.slice(0, 10), Array(10).fill(401));
    assert.deepEqual(statuses.slice(10), Array(5).fill(429));
    assert.equal((await signIn(server, me.email, PASSWORD, { address: "127.0.9.1" })).status, 429);
    assert.equal((await signIn(server, me.email, PASSWORD, { address: "127.0.9.2" })).status, 200);
  });

  test("A10 headers that name another address do not help", async () => {
    const statuses = [];
    for (let i = 0; i < 12; i++) {
      const headers = { "x-forwarded-for": `8.8.8.${i}`, "cf-connecting-ip": `8.8.8.${i}`, "x-real-ip": `8.8.8.${i}` };
      statuses.push((await signIn(server, "a10@example.vn", "sai mật khẩu rồi", { address: "127.0.10.1", headers })).status);
    }
    assert.deepEqual(statuses.slice(10), [429, 429]);
  });

  test("A12 nor do they change the address in the audit log", async () => {
    const headers = { remote_addr: "8.8.8.8", "remote-addr": "8.8.8.8", forwarded: "for=8.8.8.8", "x-forwarded-for": "8.8.8.8" };
    assert.equal((await signIn(server, owner.email, PASSWORD, { address: "127.0.12.1", headers })).status, 200);
    const [entry] = (await owner.get("/api/v1/audit?limit=1")).body.items;
    assert.equal(entry.action, "session.begin");
    assert.equal(entry.address, "127.0.12.1");
  });

  test("A13 accepting a link cannot choose a role", async () => {
    const { link } = await invite("a13@example.vn", "viewer");
    for (const more of [{ role: "owner" }, { rights: ["users.manage"] }, { id: "x" }, { active: true }]) {
      const answer = await guest().post("/api/v1/links/accept", { token: tokenOf(link), password: PASSWORD, ...more });
      assert.equal(answer.status, 422, answer.text);
    }
    const answer = await accept(tokenOf(link));
    assert.equal(answer.body.user.role, "viewer");
  });

  test("A15 nobody becomes a user without a link, and there is no second first owner", async () => {
    assert.equal((await server.anybody().post("/api/v1/users", { email: "x@example.vn", name: "x", role: "owner" })).status, 401);
    const answer = await guest().post("/api/v1/links/accept", { token: "A".repeat(43), email: "x@example.vn", name: "x", password: PASSWORD });
    assert.equal(answer.status, 404);
    assert.equal((await server.anybody().get("/api/v1/session")).body.installation.needs_owner, false);
  });

  test("A17 there are no built-in accounts", async () => {
    for (const [email, password] of [["admin", "admin"], ["admin", "password"], ["admin@localhost", "admin"], ["owner", "owner"]]) {
      assert.equal((await signIn(server, email, password, { address: "127.0.17.1" })).status, 401);
    }
    for (const empty of [{ email: "", password: "" }, { email: "admin" }, {}, { email: null, password: null }]) {
      assert.equal((await server.anybody().post("/api/v1/session", empty)).status, 422);
    }
  });

  test("A18 a secret in the address is refused; lists of keys show only how they begin", async () => {
    const secret = await server.key(owner, { name: "a18", kind: "api", scopes: ["admin"] });
    for (const name of ["api_key", "key", "access_token", "token", "Authorization"]) {
      assert.equal((await server.anybody().get(`/api/v1/keys?${name}=${secret}`)).status, 401);
      assert.equal((await server.anybody({ authorization: `Bearer ${secret}` }).get(`/api/v1/keys?${name}=${secret}`)).status, 400);
    }
    const list = await owner.get("/api/v1/keys");
    assert.ok(!list.text.includes(secret));
    assert.ok(list.body.items.every((key) => key.prefix.length <= 12 && secret.length > 40));
  });

  test("A19 a change with the session cookie needs our Origin and our media type", async () => {
    const change = (headers, body = '{"name":"Đổi tên"}') =>
      request(`${server.url}/api/v1/me`, { method: "PATCH", headers: { ...owner.headers, ...headers }, body });
    const json = { "content-type": "application/json" };
    assert.equal((await change(json)).status, 403, "without Origin");
    for (const origin of ["https://evil.test", "null", `${server.url}.evil.test`, "http://127.0.0.1", `http://evil.test:${server.port}`, ""]) {
      assert.equal((await change({ ...json, origin })).status, 403, origin);
    }
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", undefined]) {
      const headers = type ? { "content-type": type, origin: server.url } : { origin: server.url };
      assert.equal((await change(headers)).status, 403, type);
    }
    assert.equal((await change({ ...json, origin: server.url })).status, 200);
  });

  test("A19 a foreign page cannot sign its victim in", async () => {
    const answer = await signIn(server, owner.email, PASSWORD, { headers: { origin: "https://evil.test" } });
    assert.equal(answer.status, 403);
    assert.equal(answer.headers["set-cookie"], undefined);
  });

  test("A22 the cookie is HttpOnly and SameSite, and its id changes at sign-in", async () => {
    const planted = "A".repeat(43);
    const answer = await signIn(server, owner.email, PASSWORD, { headers: { cookie: `cham_session=${planted}` } });
    const [cookie] = answer.headers["set-cookie"];
    assert.match(cookie, /^cham_session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    assert.ok(!cookie.includes(planted));
    assert.equal(await isIn(server.anybody({ cookie: `cham_session=${planted}` })), false);
    const old = new Client(server, { cookie: cookieOf(answer) });
    const next = await signIn(server, owner.email, PASSWORD, { headers: { cookie: cookieOf(answer), origin: server.url } });
    assert.notEqual(cookieOf(next), cookieOf(answer));
    assert.equal(await isIn(old), false, "the session before goes on");
  });

  test("signing out ends the session on the server", async () => {
    const client = new Client(server, { cookie: cookieOf(await signIn(server, owner.email, PASSWORD)) });
    const answer = await client.delete("/api/v1/session");
    assert.equal(answer.status, 204);
    assert.match(answer.headers["set-cookie"][0], /^cham_session=;.*Max-Age=0/);
    assert.equal(await isIn(client), false);
  });

  test("passwords have a least and a greatest length", async () => {
    const { link } = await invite("short@example.vn");
    for (const password of ["123456789", "a".repeat(201), "aaaaaaaaaaaaaaa"]) {
      const answer = await accept(tokenOf(link), password);
      assert.equal(answer.status, 422);
      assert.equal(answer.body.errors[0].pointer, "/password");
    }
  });

  test("C27 an e-mail has one form", async () => {
    await invite("c27@example.vn");
    for (const email of ["C27@Example.VN", "c27\u200b@example.vn", "ｃ27@example.vn"]) {
      const answer = await owner.post("/api/v1/users", { email, name: "x", role: "viewer" });
      assert.equal(answer.status, 409, email);
      assert.equal(answer.body.errors[0].pointer, "/email");
    }
  });

  test("the last owner who can sign in stays", async () => {
    const { items } = (await owner.get("/api/v1/users")).body;
    for (const user of items.filter((one) => one.role === "owner" && one.email !== owner.email)) {
      await owner.patch(`/api/v1/users/${user.id}`, { active: false });
    }
    const self = items.find(({ email }) => email === owner.email);
    for (const change of [{ active: false }, { role: "manager" }]) {
      assert.equal((await owner.patch(`/api/v1/users/${self.id}`, change)).status, 409);
    }
  });
});

test("under a public address with TLS the cookie is __Host- and Secure, and every answer has HSTS", async (t) => {
  const server = await start(t, { args: ["--public-url", "https://cham.example.vn"] });
  const { stdout } = await server.command_line("user", "add", "tls@example.vn", "--name", "x", "--role", "owner");
  assert.match(stdout, /^https:\/\/cham\.example\.vn\/welcome#/);
  const answer = await request(`${server.url}/api/v1/links/accept`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: "https://cham.example.vn" },
    body: JSON.stringify({ token: tokenOf(stdout.trim()), password: PASSWORD, name: "x" }),
  });
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.headers["set-cookie"][0], /^__Host-cham_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
  assert.match(answer.headers["strict-transport-security"], /max-age=\d{8}/);
  const cookie = cookieOf(answer);
  assert.equal((await server.anybody({ cookie }).get("/api/v1/settings")).status, 200);
  assert.equal((await server.anybody({ cookie: cookie.replace("__Host-", "") }).get("/api/v1/settings")).status, 401);
});

test("A11 endless forwarded addresses from a trusted proxy harm nobody, and the right one counts", async (t) => {
  const server = await start(t, { args: ["--trusted-proxies", "127.0.0.0/8"] });
  const owner = await server.owner();
  const seen = async (forwarded) => {
    const answer = await signIn(server, owner.email, PASSWORD, { headers: { "x-forwarded-for": forwarded } });
    assert.equal(answer.status, 200, forwarded.slice(0, 20));
    return (await owner.get("/api/v1/audit?limit=1")).body.items[0].address;
  };
  assert.equal(await seen("203.0.113.9"), "203.0.113.9");
  assert.equal(await seen("1.1.1.1, 203.0.113.9"), "203.0.113.9");
  assert.equal(await seen("203.0.113.9, 127.0.0.7"), "203.0.113.9");
  assert.equal(await seen("2001:db8::1"), "2001:db8::1");
  for (const odd of [",", " , ,", ",".repeat(8000), "evil\\x", "999.1.1.1", "1".repeat(8000), "203.0.113.9, evil"]) {
    assert.match(await seen(odd), /^127\.0\.0\.\d+$/);
  }
});
