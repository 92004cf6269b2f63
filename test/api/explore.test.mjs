// Saved questions and dashboards: kept by analysts, read by everybody who may ask, changed by their owner and by managers.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { shared } from "../help/server.mjs";

const question = { ask: "count", of: ["events"], where: [{ field: "kind", is: ["Order Completed"] }], by: ["channel"], every: "week" };

suite("explore", () => {
  const server = shared();
  const who = {};

  before(async () => {
    who.owner = await server.owner();
    for (const role of ["manager", "analyst", "agent", "viewer"]) who[role] = await server.user(role);
    who.other = await server.user("analyst", "other@example.vn");
  });

  const save = async (client, more = {}) => {
    const made = await client.post("/api/v1/questions", { name: "Đơn mỗi tuần", question, period: "90d", ...more });
    assert.equal(made.status, 201, made.text);
    return made.body;
  };
  const pin = async (client, tiles, more = {}) => {
    const made = await client.post("/api/v1/dashboards", { name: "Mỗi sáng", tiles, ...more });
    assert.equal(made.status, 201, made.text);
    return made.body;
  };

  test("an analyst saves a question and everybody reads it as it was written", async () => {
    const made = await save(who.analyst, { description: "Tăng hay giảm?", shown: "table" });
    assert.deepEqual(made.question, question);
    assert.equal(made.by, "analyst");
    assert.equal(made.may_change, true);
    for (const reader of [who.owner, who.manager, who.agent, who.viewer]) {
      const { items } = (await reader.get("/api/v1/questions")).body;
      const seen = items.find(({ id }) => id === made.id);
      assert.deepEqual({ ...seen, may_change: null }, { ...made, may_change: null });
      assert.equal(seen.may_change, reader === who.owner || reader === who.manager);
      assert.equal((await reader.get(`/api/v1/questions/${made.id}`)).body.name, "Đơn mỗi tuần");
    }
  });

  test("agents and viewers keep nothing", async () => {
    for (const reader of [who.agent, who.viewer]) {
      assert.equal((await reader.post("/api/v1/questions", { name: "x", question })).status, 403);
      assert.equal((await reader.post("/api/v1/dashboards", { name: "x" })).status, 403);
    }
  });

  test("what is no question is refused at its place", async () => {
    const cases = [
      [{ ask: "guess" }, "/question/ask"],
      [{ ask: "count", by: ["channel", "nowhere"] }, "/question/by/1"],
      [{ ask: "count", where: [{ field: "kind", like: "x" }] }, "/question/where/0"],
      [[], "/question"],
    ];
    for (const [wrong, pointer] of cases) {
      const { status, body } = await who.analyst.post("/api/v1/questions", { name: "x", question: wrong });
      assert.equal(status, 422, JSON.stringify(body));
      assert.ok(body.errors.some((each) => each.pointer.replace(/^#/, "").startsWith(pointer)), JSON.stringify(body));
    }
    for (const name of ["", "x".repeat(201)]) {
      assert.equal((await who.analyst.post("/api/v1/questions", { name, question })).status, 422);
    }
  });

  test("a question about one person is not kept, so an erasure finds nothing to erase", async () => {
    for (const person of ["user:KH-1", "email:lan@example.vn"]) {
      const { status, body } = await who.analyst.post("/api/v1/questions", { name: "x", question: { ask: "timeline", person } });
      assert.equal(status, 422);
      assert.match(body.errors[0].pointer, /\/question\/person$/);
    }
  });

  test("its owner and managers change and delete it, others do not", async () => {
    const made = await save(who.analyst);
    const target = `/api/v1/questions/${made.id}`;
    assert.equal((await who.other.patch(target, { name: "Của tôi" })).status, 403);
    assert.equal((await who.other.delete(target)).status, 403);
    const renamed = await who.analyst.patch(target, { name: "Đơn hàng" });
    assert.equal(renamed.status, 200, renamed.text);
    assert.deepEqual([renamed.body.name, renamed.body.question, renamed.body.period], ["Đơn hàng", question, "90d"]);
    const changed = await who.manager.patch(target, { question: { ask: "count" }, period: "all", description: "Tất cả" });
    assert.deepEqual([changed.body.question, changed.body.period, changed.body.description], [{ ask: "count" }, "all", "Tất cả"]);
    assert.equal((await who.manager.patch(target, { question: { ask: "?" } })).status, 422);
    assert.equal((await who.manager.delete(target)).status, 204);
    assert.equal((await who.viewer.get(target)).status, 404);
    assert.equal((await who.manager.delete(target)).status, 404);
  });

  test("a dashboard keeps its tiles in order, and loses those of a deleted question", async () => {
    const [a, b, c] = [await save(who.analyst), await save(who.analyst), await save(who.manager)];
    const tiles = [b, a, c, b].map(({ id }, k) => ({ question: id, width: k % 2 ? "full" : "half" }));
    const made = await pin(who.analyst, tiles, { description: "Đầu ngày" });
    assert.deepEqual(made.tiles, tiles);
    const target = `/api/v1/dashboards/${made.id}`;
    const turned = await who.analyst.patch(target, { tiles: tiles.toReversed() });
    assert.deepEqual(turned.body.tiles, tiles.toReversed());
    assert.deepEqual((await who.analyst.patch(target, { name: "Mỗi chiều" })).body.tiles, tiles.toReversed());
    assert.equal((await who.manager.delete(`/api/v1/questions/${b.id}`)).status, 204);
    const { body } = await who.viewer.get(target);
    assert.deepEqual(body.tiles.map(({ question: id }) => id), [c.id, a.id]);
    assert.equal(body.name, "Mỗi chiều");
    assert.equal(body.may_change, false);
    const { items } = (await who.viewer.get("/api/v1/dashboards")).body;
    assert.deepEqual(items.find(({ id }) => id === made.id), body);
    assert.equal((await who.other.patch(target, { tiles: [] })).status, 403);
    assert.equal((await who.other.delete(target)).status, 403);
    assert.equal((await who.analyst.delete(target)).status, 204);
    assert.equal((await who.analyst.get(target)).status, 404);
  });

  test("a tile of a question that is none changes nothing", async () => {
    const made = await save(who.analyst);
    const board = await pin(who.analyst, [{ question: made.id, width: "half" }]);
    const tiles = [{ question: made.id, width: "full" }, { question: "0000000000001", width: "half" }];
    const { status, body } = await who.analyst.patch(`/api/v1/dashboards/${board.id}`, { tiles });
    assert.equal(status, 422, JSON.stringify(body));
    assert.match(body.errors[0].pointer, /\/tiles\/1\/question$/);
    assert.deepEqual((await who.viewer.get(`/api/v1/dashboards/${board.id}`)).body.tiles, board.tiles);
    assert.equal((await who.analyst.post("/api/v1/dashboards", { name: "x", tiles })).status, 422);
    const { items } = (await who.viewer.get("/api/v1/dashboards")).body;
    assert.ok(!items.some(({ name }) => name === "x"), "nothing is left of a refused dashboard");
  });

  test("every change is in the audit log", async () => {
    const made = await save(who.other, { name: "Để ghi sổ" });
    await who.other.delete(`/api/v1/questions/${made.id}`);
    const { items } = (await who.owner.get("/api/v1/audit")).body;
    const own = items.filter(({ object }) => object === "Để ghi sổ").map(({ action, who: by }) => [action, by]);
    assert.deepEqual(own, [
      ["question.remove", "other@example.vn"],
      ["question.create", "other@example.vn"],
    ]);
  });
});
