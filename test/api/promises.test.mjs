// Promises: what was promised is kept with its test, every figure is counted anew from the events, and opens who is behind it.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { shared } from "../help/server.mjs";
import { tell } from "../help/told.mjs";

const map = { user: "who", at: { column: "at", format: "iso" }, kind: "kind", props: ["late_days"] };
const kindIs = (kind) => [{ field: "kind", is: [kind] }];
const twoDays = { kind: "follows", when: kindIs("Order Completed"), then: kindIs("Order Delivered"), within: "2d" };
const onTime = { kind: "share", of: kindIs("Order Delivered"), kept: [{ field: "prop:late_days", lte: 0 }] };
const gap = { kind: "gap", expected: "ky-vong", experienced: "trai-nghiem" };
const spring = { from: "2026-03-01", to: "2026-05-01", every: "month" };

// an keeps, bình comes after three days, chi never, dung keeps in April; em ordered outside the span.
const rows = [
  ["an", "2026-03-02T08:00", "Order Completed", ""],
  ["an", "2026-03-03T20:00", "Order Delivered", 0],
  ["binh", "2026-03-05T08:00", "Order Completed", ""],
  ["binh", "2026-03-08T09:00", "Order Delivered", 2],
  ["chi", "2026-03-09T08:00", "Order Completed", ""],
  ["dung", "2026-04-01T08:00", "Order Completed", ""],
  ["dung", "2026-04-03T08:00", "Order Delivered", 0],
  ["em", "2026-05-09T08:00", "Order Completed", ""],
].map(([who, at, kind, late_days]) => ({ who, at, kind, late_days }));

const answers = (question, month, scores) => scores.map((score, i) => ({ who: `${question}${month}${i}`, at: `2026-${month}-10T08:00`, score }));

suite("promises", () => {
  const server = shared();
  const who = {};
  let owner;

  const promise = async (test, more = {}) => {
    const made = await owner.post("/api/v1/promises", { text_vi: "Giao trong 2 ngày", target: 0.9, test, ...more });
    assert.equal(made.status, 201, made.text);
    return made.body;
  };
  const ask = async ({ id }, span = spring, client = owner) => {
    const answer = await client.post(`/api/v1/promises/${id}/ask`, span);
    assert.equal(answer.status, 200, answer.text);
    return answer.body;
  };
  const behind = async ({ id }, what, more = {}) => {
    const page = await owner.post(`/api/v1/promises/${id}/behind`, { ...spring, what, ...more });
    assert.equal(page.status, 200, page.text);
    return page.body;
  };
  const names = (page) => page.items.map(({ id }) => id).length;

  before(async () => {
    owner = await server.owner();
    for (const role of ["manager", "analyst", "agent", "viewer"]) who[role] = await server.user(role);
    await tell(owner, rows, map, "orders.csv");
    const score = (question) => ({ user: "who", at: { column: "at", format: "iso" }, kind: { value: "Survey Answered" }, score: { column: "score", metric: "csat", question } });
    await tell(owner, [...answers("e", "03", [5, 5, 4, 5]), ...answers("e", "04", [5, 4])], score("ky-vong"), "expected.csv");
    await tell(owner, [...answers("x", "03", [3, 4, 5, 5]), ...answers("x", "04", [2, 1])], score("trai-nghiem"), "experienced.csv");
  });

  test("an order that must be followed by a delivery: kept, late, never, and the people behind each", async () => {
    const made = await promise(twoDays);
    const { whole, rows: periods, state } = await ask(made);
    assert.deepEqual([whole.n, whole.kept, whole.broken, whole.late, whole.open], [4, 2, 2, 1, 0]);
    assert.equal(whole.rate, 0.5);
    assert.ok(whole.low < 0.5 && whole.high > 0.5);
    assert.equal(whole.few, true);
    assert.equal(state, "broken", "the whole interval lies below 90 %");
    assert.deepEqual(periods.map(({ period, kept, broken }) => [period, kept, broken]), [["2026-03-01", 1, 2], ["2026-04-01", 1, 0]]);
    for (const [what, count] of [["kept", 2], ["broken", 2], ["late", 1], ["never", 1], ["open", 0]]) {
      const page = await behind(made, what);
      assert.equal(page.people, count, what);
      assert.equal(names(page), count);
    }
    assert.equal((await behind(made, "kept", { period: "2026-04-01" })).people, 1);
    assert.equal((await owner.post(`/api/v1/promises/${made.id}/behind`, { what: "lost" })).status, 422);
  });

  test("what is not over yet is open and outside the rate", async () => {
    const now = new Date();
    await tell(owner, [{ who: "giang", at: now.toISOString(), kind: "Order Asked", late_days: "" }], map, "now.csv");
    const made = await promise({ ...twoDays, when: kindIs("Order Asked") });
    const { whole, state } = await ask(made, {});
    assert.deepEqual([whole.n, whole.open, whole.rate], [0, 1, null]);
    assert.equal(state, "unknown");
  });

  test("a property that tells: figures equal the events that their conditions give", async () => {
    const made = await promise(onTime);
    const answer = await ask(made);
    assert.deepEqual([answer.whole.n, answer.whole.kept, answer.whole.broken], [3, 2, 1]);
    for (const [where, count] of [[answer.kept_where, 2], [answer.broken_where, 1]]) {
      const { items } = (await owner.post("/api/v1/rows", { from: spring.from, to: spring.to, where })).body;
      assert.equal(items.length, count);
    }
    const filtered = await ask(made, { ...spring, where: [{ field: "prop:late_days", gte: 2 }] });
    assert.deepEqual([filtered.whole.kept, filtered.whole.broken], [0, 1]);
  });

  test("an expectation asked beforehand against the experience", async () => {
    const made = await promise(gap);
    const answer = await ask(made);
    const expected = 28 / 6, experienced = 20 / 6;
    assert.ok(Math.abs(answer.whole.expected - expected) < 1e-9);
    assert.ok(Math.abs(answer.whole.experienced - experienced) < 1e-9);
    assert.ok(Math.abs(answer.whole.gap - (experienced - expected)) < 1e-9);
    assert.ok(answer.whole.gap_low < answer.whole.gap && answer.whole.gap < answer.whole.gap_high);
    assert.deepEqual([answer.whole.kept, answer.whole.broken], [2, 4], "5 is not below 4.67");
    assert.deepEqual(answer.rows.map(({ kept, broken, experienced: mean }) => [kept, broken, mean]), [[2, 2, 17 / 4], [0, 2, 1.5]]);
    const { items } = (await owner.post("/api/v1/rows", { from: spring.from, to: spring.to, where: answer.broken_where })).body;
    assert.equal(items.length, 4);
  });

  test("a gap between different scales is no number", async () => {
    const ten = { user: "who", at: { column: "at", format: "iso" }, kind: { value: "Survey Answered" }, score: { column: "score", metric: "csat", question: "thang-muoi", scale: "1-10" } };
    await tell(owner, answers("t", "03", [9, 10]), ten, "ten.csv");
    const made = await promise({ ...gap, experienced: "thang-muoi" });
    const refused = await owner.post(`/api/v1/promises/${made.id}/ask`, spring);
    assert.equal(refused.status, 422);
    assert.equal(refused.body.errors[0].pointer, "/test");
  });

  test("counts only from the day on which it was made", async () => {
    const made = await promise(twoDays, { since: "2026-04-01" });
    const { whole } = await ask(made);
    assert.deepEqual([whole.n, whole.kept], [1, 1]);
    assert.equal((await behind(made, "never")).people, 0);
  });

  test("is read by everybody, changed and retired by those who work with voices", async () => {
    const made = await promise(onTime, { touchpoint: "giao-hang", made_where: "Trang chủ", made_by: "Marketing", text_en: "Delivered in 2 days" });
    assert.equal((await who.viewer.post("/api/v1/promises", { text_vi: "x", target: 1, test: onTime })).status, 403);
    assert.deepEqual((await who.viewer.get(`/api/v1/promises/${made.id}`)).body, made);
    assert.equal((await ask(made, spring, who.viewer)).whole.n, 3);
    assert.equal((await who.viewer.post(`/api/v1/promises/${made.id}/behind`, { what: "kept" })).status, 403);
    const { items } = (await owner.get("/api/v1/promises?touchpoint=giao-hang")).body;
    assert.deepEqual(items.map(({ id }) => id), [made.id]);
    const changed = await who.agent.patch(`/api/v1/promises/${made.id}`, { target: 0.5, retired: true });
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual([changed.body.target, changed.body.retired, changed.body.text_vi], [0.5, true, "Giao trong 2 ngày"]);
    assert.equal((await owner.delete(`/api/v1/promises/${made.id}`)).status, 204);
    assert.equal((await owner.get(`/api/v1/promises/${made.id}`)).status, 404);
  });

  test("what cannot be asked is refused at its place", async () => {
    const cases = [
      [{ kind: "guess" }, "/test/kind"],
      [{ kind: "share", of: kindIs("x") }, "/test/kept"],
      [{ ...onTime, within: "2d" }, "/test/within"],
      [{ ...twoDays, within: "soon" }, "/test/within"],
      [{ ...onTime, of: [] }, "/test/of"],
      [{ ...onTime, of: [{ field: "nowhere", is: ["x"] }] }, "/test/of/0/field"],
      [{ ...onTime, kept: [{ field: "trait:name", is: ["An"] }] }, "/test/kept"],
    ];
    for (const [wrong, pointer] of cases) {
      const { status, body } = await owner.post("/api/v1/promises", { text_vi: "x", target: 1, test: wrong });
      assert.equal(status, 422, JSON.stringify(body));
      assert.ok(body.errors[0].pointer.startsWith(pointer), `${body.errors[0].pointer} for ${pointer}`);
    }
    for (const wrong of [{ target: 0 }, { target: 1.5 }, { text_vi: "" }, { since: "today" }]) {
      assert.equal((await owner.post("/api/v1/promises", { text_vi: "x", target: 1, test: onTime, ...wrong })).status, 422, JSON.stringify(wrong));
    }
  });
});
