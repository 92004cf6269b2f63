// The demo company: it moves in once, its stories can be found with the questions of the pages, real files stay out, and it
// moves out without a trace of it while users stay.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Server } from "../help/server.mjs";

const until = "2026-11-22";
const ask = async (owner, question) => {
  const { status, body, text } = await owner.post("/api/v1/ask", question);
  assert.equal(status, 200, text);
  return body.rows;
};

// The one row whose `field` has this value.
const rowOf = (rows, field, value) => rows.find((row) => row[field] === value);

describe("the demo company", { timeout: 240_000 }, () => {
  const server = new Server();
  let owner;

  before(async () => {
    await server.command_line("demo", "--until", until, "--if-empty");
    await server.start();
    owner = await server.owner();
  });

  after(async () => {
    await server.stop();
    await server.remove();
  });

  test("says that it is one", async () => {
    const { body } = await owner.get("/api/v1/session");
    assert.equal(body.installation.demo, true);
    assert.equal(body.installation.organisation, "Hiên Nhà");
  });

  test("has surveys whose figures are those of its events", async () => {
    const { items } = (await owner.get("/api/v1/surveys")).body;
    assert.equal(items.length, 4);
    for (const survey of items) {
      const results = (await owner.get(`/api/v1/surveys/${survey.id}/results`)).body;
      const { figure, series } = results.questions[0];
      const [first] = (await owner.get(`/api/v1/surveys/${survey.id}/versions`)).body.items;
      const from = new Date(first.published_ms).toISOString();
      const rows = await ask(owner, { ask: "score", metric: figure.metric, from, where: [{ field: "question", is: [series] }] });
      assert.ok(figure.n > 100, survey.name);
      assert.deepEqual([rows[0].n, rows[0].score], [figure.n, figure.score], survey.name);
    }
  });

  test("has a published journey with the events on it", async () => {
    const { body } = await owner.get("/api/v1/journeys");
    assert.equal(body.items[0].name, "Mua hàng và giao nhận");
    const rows = await ask(owner, { ask: "count", of: "events", by: ["touchpoint"] });
    const off = rowOf(rows, "touchpoint", null)?.events ?? 0;
    const all = rows.reduce((sum, row) => sum + row.events, 0);
    assert.ok(all > 180_000 && all < 270_000, `${all} events`);
    assert.ok(off < all * 0.06, `${off} of ${all} on no touchpoint`);
  });

  test("keeps questions that have answers, on a dashboard", async () => {
    const { items } = (await owner.get("/api/v1/questions")).body;
    const boards = (await owner.get("/api/v1/dashboards")).body.items;
    assert.deepEqual(boards.map(({ name }) => name), ["Hiên Nhà mỗi sáng"]);
    assert.ok(items.length >= 3);
    assert.deepEqual(boards[0].tiles.map(({ question }) => question).sort(), items.map(({ id }) => id).sort());
    for (const { question, by } of items) {
      assert.equal(by, "Hiên Nhà");
      assert.ok((await ask(owner, question)).length > 2, JSON.stringify(question));
    }
  });

  test("lets the late parcels be found", async () => {
    const question = { ask: "score", metric: "csat", where: [{ field: "touchpoint", is: ["giao-hang"] }], by: ["prop:region"] };
    const before_ = rowOf(await ask(owner, { ...question, from: "2026-06-01", to: "2026-09-10" }), "prop:region", "Miền Trung");
    const now = await ask(owner, { ...question, from: "2026-09-25", to: until });
    const middle = rowOf(now, "prop:region", "Miền Trung");
    assert.ok(middle.high < before_.low - 10, JSON.stringify({ before_, middle }));
    assert.ok(middle.high < rowOf(now, "prop:region", "Miền Bắc").low - 10);
  });

  test("lets the broken app version be found", async () => {
    const rows = await ask(owner, {
      ask: "score",
      metric: "ces",
      from: "2026-10-25",
      to: until,
      where: [{ field: "touchpoint", is: ["thanh-toan"] }, { field: "channel", is: ["app"] }],
      by: ["prop:app_version", "prop:platform"],
    });
    const broken = rows.find((row) => row["prop:app_version"] === "3.8.0" && row["prop:platform"] === "Android");
    const other = rows.find((row) => row["prop:app_version"] === "3.8.0" && row["prop:platform"] === "iOS");
    assert.ok(broken.n >= 60 && broken.high < other.low, JSON.stringify({ broken, other }));
  });

  test("lets the excellent shop be found", async () => {
    const rows = await ask(owner, { ask: "score", metric: "csat", where: [{ field: "touchpoint", is: ["mua-tai-cua-hang"] }], by: ["place"] });
    const best = rowOf(rows, "place", "TP. Hồ Chí Minh – Phú Nhuận");
    for (const row of rows) {
      assert.ok(row === best || row.high < best.low, `${row.place} ${row.score}`);
    }
  });

  test("takes no real files, and says so before anything is mapped", async () => {
    const file = await owner.post("/api/v1/files?name=a.csv", "user,kind,at\nU1,Bought,2026-11-20T08:00:00+07:00\n");
    assert.equal(file.status, 409, file.text);
  });

  test("has its voices at touchpoints of its map", async () => {
    const [journey] = (await owner.get("/api/v1/journeys")).body.items;
    const { touchpoints } = (await owner.get(`/api/v1/journeys/${journey.id}`)).body;
    const known = new Set(touchpoints.map(({ id }) => id));
    const { facets } = (await owner.get("/api/v1/feedback/counts?has_text=any")).body;
    const found = facets.find(({ name }) => name === "touchpoint").values.map(({ value }) => value);
    assert.ok(found.length > 5, String(found));
    assert.deepEqual(found.filter((each) => !known.has(each)), []);
  });

  test("has decisions of the past", async () => {
    const { items } = (await owner.get("/api/v1/proposals")).body;
    for (const { title, decided_ms, done_ms } of items.filter(({ state }) => state === "approved" || state === "done")) {
      assert.ok(decided_ms < Date.now() - 7 * 24 * 3600_000, title);
      assert.ok(done_ms === null || done_ms > decided_ms, title);
    }
  });

  test("does not move in twice", async () => {
    await server.stop();
    await assert.rejects(server.command_line("demo", "--until", until), /cham: /);
    await server.command_line("demo", "--until", until, "--if-empty");
    await server.start();
    const rows = await ask(owner, { ask: "count", of: "events" });
    assert.ok(rows[0].events < 270_000);
  });

  test("moves out when its name is typed, and only then", async () => {
    const wrong = await owner.post("/api/v1/demo/clear", { confirm: "Chạm" });
    assert.equal(wrong.status, 422);
    const right = await owner.post("/api/v1/demo/clear", { confirm: "Hiên Nhà" });
    assert.equal(right.status, 200, right.text);
    assert.ok(right.body.events > 180_000);
    const { body: session } = await owner.get("/api/v1/session");
    assert.equal(session.user.email, owner.email);
    assert.equal(session.installation.demo, false);
    assert.deepEqual((await owner.get("/api/v1/people?limit=5")).body.items, []);
    assert.deepEqual((await owner.get("/api/v1/journeys")).body.items, []);
    const rows = await ask(owner, { ask: "count", of: "events" });
    assert.equal(rows.reduce((sum, row) => sum + row.events, 0), 0);
    assert.deepEqual((await owner.get("/api/v1/questions")).body.items, []);
    assert.deepEqual((await owner.get("/api/v1/dashboards")).body.items, []);
  });

  test("does not come back by itself", async () => {
    await server.stop();
    await server.command_line("demo", "--until", until, "--if-empty");
    await server.start();
    assert.equal((await owner.get("/api/v1/session")).body.installation.demo, false);
  });

  test("makes room for real files", async () => {
    const file = await owner.post("/api/v1/files?name=a.csv", "user,kind,at\nU1,Bought,2026-11-20T08:00:00+07:00\n");
    const made = await owner.post("/api/v1/imports", { file: file.body.id, name: "a", map: { user: "user", kind: "kind", at: "at" } });
    assert.ok(made.status < 300, made.text);
  });
});
