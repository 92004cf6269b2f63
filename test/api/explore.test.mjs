// Saved questions and dashboards: kept by analysts, read by everybody who may ask, changed by their owner and by managers.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { shared } from "../help/server.mjs";
import { tell } from "../help/told.mjs";

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

  const refused = async (question, pointer) => {
    const { status, body } = await who.analyst.post("/api/v1/questions", { name: "x", question });
    assert.equal(status, 422, JSON.stringify([question, body]));
    assert.equal(body.errors[0].pointer.replace(/^#/, ""), `/question${pointer}`, JSON.stringify(body));
    const changed = await who.analyst.patch(`/api/v1/questions/${(await save(who.analyst)).id}`, { question });
    assert.equal(changed.status, 422, changed.text);
  };

  test("a question whose conditions name a person is not kept", async () => {
    const email = { field: "prop:email", is: ["an@x.vn"] };
    await refused({ ask: "count", where: email }, "/where/field");
    await refused({ ask: "count", where: [{ field: "kind", is: "a" }, { any: [{ not: { did: email } }] }] }, "/where/1/any/0/not/did/field");
    await refused({ ask: "funnel", steps: [question.where, [{ field: "prop:who", contains: "0912 345 678" }]] }, "/steps/1/0/field");
    await refused({ ask: "retention", start: { field: "prop:tel", is_not: "+84912345678" } }, "/start/field");
    for (const operator of [{ is: "0912345678" }, { is_not: ["Lan"] }, { contains: "lan" }, { gte: 5 }]) {
      await refused({ ask: "count", where: { field: "trait:phone", ...operator } }, "/where/field");
    }
    for (const where of [{ field: "prop:price", gt: 912345678 }, { field: "prop:size", is: ["L", "XL", 42] }, { field: "prop:email", exists: true }]) {
      await save(who.analyst, { question: { ask: "count", where } });
    }
  });

  test("a property that is known to hold many values is a name as well", async () => {
    const rows = Array.from({ length: 300 }, (_, i) => ({ who: `KH-${i}`, at: "2026-02-01T08:00", kind: "a", badge: `value ${i}`, size: `size ${i % 5}` }));
    await tell(who.owner, rows, { user: "who", at: { column: "at", format: "iso" }, kind: "kind", props: ["badge", "size"] });
    const one = (name, value) => ({ ask: "count", where: { field: `prop:${name}`, is: value } });
    for (const each of [one("badge", "value 7"), one("size", "size 1")]) {
      assert.equal((await who.analyst.post("/api/v1/ask", each)).status, 200);
    }
    assert.equal((await who.viewer.post("/api/v1/ask", one("badge", "value 7"))).status, 403);
    assert.equal((await who.viewer.post("/api/v1/ask", one("size", "size 1"))).status, 200);
    await refused(one("badge", "value 7"), "/where/field");
    await save(who.analyst, { question: one("size", "size 1") });
    await save(who.analyst, { question: { ask: "count", where: { field: "prop:badge", exists: true } } });
  });

  test("who does not see people is shown no saved question about traits, and no tile of one", async () => {
    const hidden = await save(who.analyst, { question: { ask: "count", where: [{ any: [{ field: "trait:phone", exists: true }] }] } });
    const shown = await save(who.analyst);
    const board = await pin(who.analyst, [hidden, shown].map(({ id }) => ({ question: id, width: "half" })));
    const target = `/api/v1/dashboards/${board.id}`;
    for (const [reader, sees] of [[who.viewer, [shown.id]], [who.agent, [hidden.id, shown.id]]]) {
      const { items } = (await reader.get("/api/v1/questions")).body;
      assert.deepEqual(items.map(({ id }) => id).filter((id) => id === hidden.id || id === shown.id).sort(), [...sees].sort());
      assert.equal((await reader.get(`/api/v1/questions/${hidden.id}`)).status, sees.includes(hidden.id) ? 200 : 404);
      const listed = (await reader.get("/api/v1/dashboards")).body.items.find(({ id }) => id === board.id);
      for (const { tiles } of [(await reader.get(target)).body, listed]) {
        assert.deepEqual(tiles.map(({ question: id }) => id), sees);
      }
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
