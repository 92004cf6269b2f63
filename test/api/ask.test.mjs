// Questions over HTTP and from the command line: what they answer, and how they refuse.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { shared } from "../help/server.mjs";
import { tell } from "../help/told.mjs";

const map = {
  user: "who",
  at: { column: "at", format: "iso", zone: "Asia/Ho_Chi_Minh" },
  kind: "kind",
  channel: "channel",
  place: "place",
  amount: { column: "amount", currency: "VND" },
  props: ["version"],
};
const answers = {
  user: "who",
  at: { column: "at", format: "iso", zone: "Asia/Ho_Chi_Minh" },
  kind: { value: "Survey Answered" },
  channel: "channel",
  place: "place",
  score: { column: "score", metric: "nps" },
};

// Two months, two shops: 4 promoters and 1 detractor in Hà Nội, 1 promoter and 2 detractors in Đà Nẵng.
const scores = [
  ["u1", "2026-01-05T09:00", "Hà Nội", 10],
  ["u2", "2026-01-06T09:00", "Hà Nội", 9],
  ["u3", "2026-01-31T23:59", "Hà Nội", 9],
  ["u4", "2026-02-01T00:00", "Hà Nội", 10],
  ["u5", "2026-02-02T09:00", "Hà Nội", 3],
  ["u6", "2026-01-05T09:00", "Đà Nẵng", 0],
  ["u7", "2026-02-05T09:00", "Đà Nẵng", 6],
  ["u8", "2026-02-06T09:00", "Đà Nẵng", 10],
].map(([who, at, place, score]) => ({ who, at, place, channel: "shop", score }));
const orders = [
  ["u1", "2026-01-05T08:00", "page", "web", "", ""],
  ["u1", "2026-01-05T08:30", "order", "web", "", 250000],
  ["u2", "2026-01-06T08:00", "page", "web", "", ""],
  ["u2", "2026-01-09T08:30", "order", "shop", "Hà Nội", 100000],
  ["u6", "2026-02-01T08:00", "page", "app", "", ""],
  ["", "2026-02-01T08:00", "order", "shop", "Đà Nẵng", 70000],
].map(([who, at, kind, channel, place, amount], i) => ({ who, at, kind, channel, place, amount, version: `1.${i % 3}` }));

suite("questions", () => {
  const server = shared();
  let owner;

  before(async () => {
    owner = await server.owner();
    await tell(owner, scores, answers, "answers.csv");
    await tell(owner, orders, map, "orders.csv");
  });

  const ask = async (question) => {
    const { status, body, text } = await owner.post("/api/v1/ask", question);
    assert.equal(status, 200, text);
    return body;
  };
  const refused = async (question, pointer) => {
    const { status, body } = await owner.post("/api/v1/ask", question);
    assert.equal(status, 422, JSON.stringify(body));
    assert.equal(body.errors[0].pointer, pointer, JSON.stringify(body));
    return body.errors[0].detail;
  };

  test("a person in figures, page by page", async () => {
    const all = await ask({ ask: "features", limit: 1000 });
    const u2 = all.rows.filter((row) => row.orders === 1 && row.amounts[0].amount === 100000);
    assert.equal(u2.length, 1);
    const [row] = u2;
    assert.equal(row.events, 3);
    assert.equal(row.answers, 1);
    assert.equal(row.active_days, 2);
    assert.equal(row.kinds, 3);
    assert.equal(row.channels, 2);
    assert.deepEqual(row.amounts, [{ currency: "VND", amount: 100000 }]);
    assert.equal(row.days_between_orders, null);
    assert.equal(row.last_nps, 9);
    assert.equal(row.last_csat, null);
    assert.ok(Math.abs(row.tenure_days - row.recency_days - (row.last_ms - row.first_ms) / 86400000) < 1e-9);
    const ids = all.rows.map((one) => one.person.id);
    assert.deepEqual(ids, [...ids].sort());
    const pages = [];
    for (let after; after !== null; ) {
      const page = await ask({ ask: "features", limit: 3, ...(after ? { after } : {}) });
      pages.push(...page.rows.map((one) => one.person.id));
      after = page.next;
    }
    assert.deepEqual(pages, ids);
    const one = await ask({ ask: "features", person: row.person.id });
    assert.deepEqual(one.rows.map((r) => r.person.id), [row.person.id]);
    assert.ok(one.read.events >= 3 && one.read.threads === 1, JSON.stringify(one.read));
  });

  test("a score comes with n, interval and counts, and is not rounded", async () => {
    const { rows, asked } = await ask({ ask: "score", metric: "nps" });
    assert.equal(rows.length, 1);
    assert.deepEqual(rows[0].counts, { promoters: 5, passives: 0, detractors: 3 });
    assert.equal(rows[0].n, 8);
    assert.equal(rows[0].score, 25);
    assert.ok(rows[0].low < 25 && rows[0].high > 25);
    assert.equal(rows[0].few, true);
    assert.equal(asked.zone, "Asia/Ho_Chi_Minh");
    assert.equal(asked.minimum_n, 30);
  });

  test("months begin at midnight in the configured zone", async () => {
    const { rows } = await ask({ ask: "score", metric: "nps", by: ["place"], every: "month" });
    assert.deepEqual(
      rows.map(({ place, period, n, score }) => [place, period, n, score]),
      [
        ["Hà Nội", "2026-01-01", 3, 100],
        ["Hà Nội", "2026-02-01", 2, 0],
        ["Đà Nẵng", "2026-01-01", 1, -100],
        ["Đà Nẵng", "2026-02-01", 2, 0],
      ],
    );
  });

  test("from counts and to does not", async () => {
    const { rows } = await ask({ ask: "score", metric: "nps", from: "2026-01-31", to: "2026-02-01" });
    assert.equal(rows[0].n, 1);
  });

  test("no answers is no score", async () => {
    const { rows } = await ask({ ask: "score", metric: "ces" });
    assert.deepEqual(rows, [
      { n: 0, score: null, low: null, high: null, mean: null, counts: { easy: 0, other: 0 }, few: true },
    ]);
  });

  test("a metric that no answer ever had, mistyped perhaps, is told with those that occur", async () => {
    assert.deepEqual((await ask({ ask: "score", metric: "npss" })).hint, { metrics: ["nps"], questions: [] });
    assert.equal((await ask({ ask: "score", metric: "nps", from: "2030-01-01" })).hint, undefined, "no answers in a time is no mistake");
  });

  test("counts events, people and amounts; nobody's events have no person", async () => {
    const { rows } = await ask({ ask: "count", of: ["events", "people", "amount"], by: ["kind"] });
    assert.deepEqual(rows, [
      { kind: "Survey Answered", events: 8, people: 8, amount: null, currency: null },
      { kind: "order", events: 3, people: 2, amount: 420000, currency: "VND" },
      { kind: "page", events: 3, people: 3, amount: null, currency: null },
    ]);
  });

  test("properties become columns when they are named", async () => {
    const { rows } = await ask({ ask: "count", by: ["prop:version"], where: [{ field: "prop:version", gte: 1.1 }] });
    assert.deepEqual(
      rows.map((row) => [row["prop:version"], row.events]),
      [
        ["1.1", 2],
        ["1.2", 2],
      ],
    );
  });

  test("a condition on the history of a person", async () => {
    const did = { did: { field: "kind", is: ["order"] } };
    const { rows } = await ask({ ask: "score", metric: "nps", where: [did] });
    assert.deepEqual([rows[0].n, rows[0].score], [2, 100]);
    const { rows: never } = await ask({ ask: "score", metric: "nps", where: [{ not: did }] });
    assert.equal(never[0].n, 6);
  });

  test("text is compared in its composed form", async () => {
    const { rows } = await ask({ ask: "count", where: [{ field: "place", is: ["Hà Nội".normalize("NFD")] }, { field: "metric", is: ["nps"] }] });
    assert.equal(rows[0].events, 5);
    const { rows: bare } = await ask({ ask: "count", where: [{ field: "place", contains: "Ha Noi" }] });
    assert.equal(bare[0].events, 0);
  });

  test("answers to one question are never added over metrics or scales, and scales never pooled in one mean", async () => {
    const line = (who, score) => ({ who, at: "2026-03-01T09:00", score, channel: "shop", place: "Huế" });
    const one = (metric, scale) => ({ ...answers, score: { column: "score", metric, question: "q7", ...(scale && { scale }) } });
    await tell(owner, [line("s1", 5), line("s2", 4), line("s3", 1)], one("csat"), "five.csv");
    await tell(owner, [line("s4", 8), line("s5", 7)], one("csat", "1-10"), "ten.csv");
    await tell(owner, [line("s6", 2)], { ...answers, score: { column: "score", metric: "ces", question: "q7", reversed: true } }, "ces.csv");
    const { rows } = await ask({ ask: "score", metric: "q7" });
    assert.deepEqual(
      rows.map(({ metric, scale, n, score, mean }) => [metric, scale, n, +score.toFixed(9), +mean.toFixed(9)]),
      [
        ["ces", "1-7", 1, 6, 6],
        ["csat", "1-10", 2, 50, 7.5],
        ["csat", "1-5", 3, 66.666666667, 3.333333333],
      ],
    );
    const { rows: pooled } = await ask({ ask: "score", metric: "csat" });
    assert.deepEqual([pooled[0].n, pooled[0].counts, pooled[0].mean], [5, { top: 3, other: 2 }, null]);
  });

  test("traits of the person behind an event are current", async () => {
    const key = await server.key(owner);
    const send = (what, body) =>
      server.anybody({ authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` }).post(`/v1/${what}`, body);
    const track = (userId) => send("track", { userId, event: "Seat Booked", properties: {} });
    for (const [user, city] of [["t1", "Huế"], ["t2", "Vinh"], ["t1", "Đà Lạt"]]) {
      assert.equal((await send("identify", { userId: user, traits: { city } })).status, 200);
      assert.equal((await track(user)).status, 200);
    }
    const { rows } = await ask({ ask: "count", by: ["trait:city"], where: [{ field: "kind", is: ["Seat Booked"] }] });
    assert.deepEqual(
      rows.map((row) => [row["trait:city"], row.events, row.people]),
      [
        ["Vinh", 1, 1],
        ["Đà Lạt", 2, 1],
      ],
    );
    const { rows: there } = await ask({ ask: "count", where: [{ field: "trait:city", is: ["Đà Lạt"] }, { field: "kind", is: ["Seat Booked"] }] });
    assert.equal(there[0].events, 2);
  });

  test("an answer contains every event acknowledged before it", async () => {
    for (let i = 0; i < 5; i++) {
      await tell(owner, [{ ...orders[0], kind: `late ${i}` }], map, `late${i}.csv`);
      const { rows } = await ask({ ask: "count", where: [{ field: "kind", is: [`late ${i}`] }] });
      assert.equal(rows[0].events, 1);
    }
  });

  test("an import that is undone is in no answer any more", async () => {
    const told = await tell(owner, [{ ...orders[0], who: "undone", kind: "undone" }], map, "undone.csv");
    const question = { ask: "count", by: ["prop:version"], where: [{ field: "kind", is: ["undone"] }] };
    assert.equal((await ask(question)).rows[0].events, 1);
    assert.ok((await owner.post(`/api/v1/imports/${told.id}/undo`)).status < 300);
    for (let i = 0; i < 200 && (await ask(question)).rows.length > 0; i++) {
      await new Promise((done) => setTimeout(done, 20));
    }
    assert.deepEqual((await ask(question)).rows, []);
  });

  test("as of a moment before the import there is nothing", async () => {
    const { rows, as_of } = await ask({ ask: "count", as_of: "2026-03-01T00:00" });
    assert.equal(rows[0].events, 0);
    assert.equal(as_of, Date.parse("2026-03-01T00:00+07:00"));
  });

  test("the command line gives the same rows", async () => {
    const question = { ask: "score", metric: "nps", by: ["channel"], every: "month" };
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), "cham-")), "q.json");
    writeFileSync(file, JSON.stringify(question));
    const { stdout } = await server.command_line("ask", file);
    assert.deepEqual(JSON.parse(stdout).rows, (await ask(question)).rows);
  });

  test("what is unknown is named, with what is allowed", async () => {
    assert.match(await refused({ ask: "guess" }, "/ask"), /score, count, timeline, adherence, funnel, retention, paths/);
    assert.match(await refused({ ask: "score", metric: "nps", per: ["kind"] }, "/per"), /metric/);
    assert.match(await refused({ ask: "count", metric: "nps" }, "/metric"), /every/);
    assert.match(await refused({ ask: "score" }, "/metric"), /metric/);
    assert.match(await refused({ ask: "count", by: ["segment"] }, "/by/0"), /touchpoint/);
    assert.match(await refused({ ask: "count", where: [{ field: "nope", is: [1] }] }, "/where/0/field"), /kind/);
    assert.match(await refused({ ask: "count", where: [{ field: "kind", like: "x" }] }, "/where/0/like"), /contains/);
    assert.match(await refused({ ask: "count", every: "fortnight" }, "/every"), /week/);
    await refused({ ask: "count", from: "2026-02-30" }, "/from");
    await refused({ ask: "count", from: "2026-02-02", to: "2026-02-01" }, "/to");
    await refused({ ask: "count", journey: "0000000000001" }, "/journey");
    await refused({ ask: "count", where: [{ did: { field: "kind", is: ["x"] }, in_last: "soon" }] }, "/where/0/in_last");
    await refused({ ask: "count", where: [{ did: { did: { field: "kind", is: ["x"] } } }] }, "/where/0/did/did");
    await refused({ ask: "count", where: [{ field: "score", gte: "7" }] }, "/where/0/gte");
  });

  test("rows are the events behind a figure, newest first, page by page", async () => {
    const where = [{ field: "metric", is: ["nps"] }];
    const seen = [];
    let after;
    do {
      const { body, status, text } = await owner.post("/api/v1/rows", { where, limit: 3, ...(after && { after }) });
      assert.equal(status, 200, text);
      seen.push(...body.items);
      after = body.next;
    } while (after);
    assert.equal(seen.length, 8);
    assert.deepEqual(
      seen.map(({ at_ms }) => at_ms),
      seen.map(({ at_ms }) => at_ms).toSorted((a, b) => b - a),
    );
    assert.equal(new Set(seen.map(({ id }) => id)).size, 8);
    assert.equal(seen[0].alias, "user:u8");
    assert.ok(seen[0].person.id);
  });

  test("who may not see people gets rows without persons and no timeline", async () => {
    const viewer = await server.user("viewer");
    const { body } = await viewer.post("/api/v1/rows", { where: [{ field: "metric", is: ["nps"] }] });
    assert.equal(body.items.length, 8);
    assert.ok(body.items.every((row) => !("person" in row) && !("alias" in row) && !("text" in row) && !("props" in row)));
    await tell(owner, Array.from({ length: 201 }, (_, i) => ({ ...orders[0], kind: "many", version: `name ${i}` })), map, "many.csv");
    const names = { ask: "count", by: ["prop:version"], where: [{ field: "kind", is: ["many"] }] };
    assert.equal((await viewer.post("/api/v1/ask", names)).status, 403);
    assert.equal((await ask(names)).rows.length, 201);
    const { body: mine } = await owner.post("/api/v1/rows", { limit: 1, where: [{ field: "kind", is: ["order"] }, { field: "channel", is: ["web"] }] });
    const timeline = { ask: "timeline", person: mine.items[0].person.id };
    assert.equal((await viewer.post("/api/v1/ask", timeline)).status, 403);
    const { rows } = await ask(timeline);
    assert.ok(rows.length >= 3 && rows.every((row) => row.alias === "user:u1"));
    assert.deepEqual((await ask({ ask: "timeline", person: "user:u1" })).rows, rows);
    assert.equal((await owner.post("/api/v1/ask", { ask: "timeline", person: "user:nobody" })).status, 404);
    assert.equal((await viewer.post("/api/v1/ask", { ask: "count", by: ["trait:email"] })).status, 403);
  });

  test("a user limited to places sees those places through every question", async () => {
    const limited = await server.user("agent", "shop@example.vn");
    const { body: users } = await owner.get("/api/v1/users");
    const { id } = users.items.find(({ email }) => email === "shop@example.vn");
    assert.ok((await owner.patch(`/api/v1/users/${id}`, { places: ["Đà Nẵng"] })).status < 300);
    const { body } = await limited.post("/api/v1/ask", { ask: "score", metric: "nps" });
    assert.equal(body.rows[0].n, 3);
    const { body: rows } = await limited.post("/api/v1/rows", {});
    assert.ok(rows.items.length > 0 && rows.items.every(({ place }) => place === "Đà Nẵng"));
    const { body: words } = await limited.get("/api/v1/catalogue");
    assert.deepEqual(words.places.map(({ value }) => value), ["Đà Nẵng"]);
  });

  test("the catalogue lists what occurs, with how often", async () => {
    const { body } = await owner.get("/api/v1/catalogue");
    assert.ok(body.kinds.some(({ value, events }) => value === "Survey Answered" && events >= 8));
    assert.deepEqual(body.metrics[0], { value: "nps", events: 8 });
    const version = body.props.find(({ value }) => value === "version");
    assert.ok(version.distinct >= 3);
    assert.ok(version.sample.length > 0);
  });
});
