// What staff do with feedback: status, owner, corrections that survive everything, bulk changes and their way back, saved views,
// notes, and pain points with evidence and size.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { company } from "../help/voices.mjs";

const list = async (client, query = "") => (await client.get(`/api/v1/feedback${query}`)).body.items;
const ok = (answer, status = 200) => (assert.equal(answer.status, status, answer.text), answer.body);

describe("work on feedback", () => {
  test("status, owner and corrections stay over a restart and a rebuild, and what was read comes back", async (t) => {
    const { server, owner } = await company(t);
    const [me] = (await owner.get("/api/v1/users")).body.items;
    const [first] = await list(owner, "?q=tong dai");
    const target = `/api/v1/feedback/${first.id}`;
    const changed = ok(await owner.patch(target, { status: "waiting", owner: "me",
      corrected: { class: "positive", emotion: "joy", complaint: false, topics: [{ topic: "price", polarity: 0.5 }], touchpoint: "goi-dien" } }));
    assert.deepEqual([changed.status, changed.owner, changed.class, changed.emotion, changed.complaint, changed.touchpoint],
      ["waiting", me.id, "positive", "joy", false, "goi-dien"]);
    assert.deepEqual(changed.topics, [{ topic: "price", polarity: 0.5 }]);
    assert.equal((await list(owner, "?topic=price&polarity=positive")).length, 1);
    assert.equal((await list(owner, `?owner=${me.id}`)).length, 1);
    assert.equal((await list(owner, "?owner=me")).length, 1);
    const kept = async () => (await owner.get(target)).body;
    const before = await kept();
    await server.restart();
    assert.deepEqual(await kept(), before);
    await server.stop();
    await server.command_line("rebuild");
    await server.start();
    assert.deepEqual(await kept(), before);
    const work = ok(await owner.get(`${target}/work`));
    assert.equal(work.corrected.class, "positive");
    const again = ok(await owner.patch(target, { reset: ["class", "emotion", "complaint", "topics", "touchpoint"], owner: "none" }));
    assert.deepEqual({ ...again, status: first.status }, first);
  });

  test("what is no status, user, topic or correction is refused", async (t) => {
    const { server, owner } = await company(t);
    const [first] = await list(owner);
    const patch = async (body) => (await owner.patch(`/api/v1/feedback/${first.id}`, body)).status;
    assert.equal(await patch({ status: "xyz" }), 422);
    assert.equal(await patch({ owner: first.id }), 422);
    assert.equal(await patch({ owner: "nobody" }), 422);
    assert.equal(await patch({ corrected: { class: "great" } }), 422);
    assert.equal(await patch({ corrected: { topics: [{ topic: "xyz" }] } }), 422);
    assert.equal(await patch({ corrected: { mood: "x" } }), 422);
    assert.equal(await patch({ reset: ["xyz"] }), 422);
    assert.equal(await patch({ pain: first.id }), 422);
    assert.equal((await (await server.user("viewer")).patch(`/api/v1/feedback/${first.id}`, { status: "done" })).status, 403);
  });

  test("a bulk change by filter and by ids, and its way back", async (t) => {
    const { owner } = await company(t);
    const [first, second] = await list(owner);
    ok(await owner.patch(`/api/v1/feedback/${first.id}`, { status: "done" }));
    const before = await list(owner, "?has_text=any");
    const bulk = ok(await owner.post("/api/v1/feedback/bulk", { filter: {}, change: { status: "read", corrected: { spam: true } } }), 201);
    assert.deepEqual([bulk.found, bulk.done, bulk.changed, bulk.state], [5, 5, 5, "done"]);
    const after = await list(owner, "?has_text=any");
    assert.equal(after.filter(({ status, spam }) => status === "read" && spam).length, 5);
    assert.equal(after.filter(({ status }) => status === "new").length, 2);
    const undone = ok(await owner.post(`/api/v1/feedback/bulk/${bulk.id}/undo`));
    assert.equal(undone.state, "undone");
    assert.deepEqual(await list(owner, "?has_text=any"), before);
    assert.equal((await owner.post(`/api/v1/feedback/bulk/${bulk.id}/undo`)).status, 409);
    const two = ok(await owner.post("/api/v1/feedback/bulk", { filter: { ids: [first.id, second.id] }, change: { status: "ignored" } }), 201);
    assert.equal(two.changed, 2);
    assert.equal((await list(owner, "?status=ignored")).length, 2);
    assert.equal((await owner.post("/api/v1/feedback/bulk", { filter: { topic: ["xyz"] }, change: {} })).status, 422);
  });

  test("many are changed by a job, exactly once each", async (t) => {
    const many = Array.from({ length: 1500 }, (_, i) => ({ type: "track", userId: `M${i}`, event: "Feedback Given", messageId: `many${i}`,
      timestamp: new Date(Date.parse("2026-10-01") + i * 1000).toISOString(), properties: { text: `Ý kiến số ${i}` } }));
    const { owner } = await company(t, many);
    const bulk = ok(await owner.post("/api/v1/feedback/bulk", { filter: { source: ["other"] }, change: { status: "done" } }), 201);
    assert.equal(bulk.found, 1500);
    for (let state = bulk.state; state !== "done"; ) {
      ({ state } = ok(await owner.get(`/api/v1/feedback/bulk/${bulk.id}`)));
    }
    const counted = ok(await owner.get("/api/v1/feedback/counts?status=done"));
    assert.equal(counted.n, 1500);
  });

  test("notes of staff become feedback of the person they are about, once for each key", async (t) => {
    const { owner } = await company(t);
    const note = { source: "complaint", text: "Khách gọi, rất bực vì giao trễ 3 ngày", person: "0912 345 678", channel: "phone",
      touchpoint: "giao-hang", metric: "csat", score: 2, key: "n1" };
    const made = ok(await owner.post("/api/v1/feedback", note), 201);
    assert.deepEqual([made.source, made.alias, made.score, made.scale], ["complaint", "phone:+84912345678", 2, "1-5"]);
    assert.ok(made.person.id);
    assert.equal((await owner.post("/api/v1/feedback", note)).status, 409);
    assert.equal((await list(owner, "?person=phone:%2B84912345678")).length, 1);
    assert.equal((await owner.post("/api/v1/feedback", { ...note, key: "n2", score: 9 })).status, 422);
    assert.equal((await owner.post("/api/v1/feedback", { ...note, key: "n3", person: "ai đó" })).status, 422);
  });

  test("views are one's own or shared, name no person, and go with who owned them", async (t) => {
    const { server, owner } = await company(t);
    const analyst = await server.user("analyst");
    const own = ok(await analyst.post("/api/v1/feedback/views", { name: "Của tôi", filter: { class: ["negative"] } }), 201);
    const shared = ok(await analyst.post("/api/v1/feedback/views", { name: "Chung", filter: { source: ["survey"] }, shared: true }), 201);
    const seen = (await owner.get("/api/v1/feedback/views")).body.items;
    assert.deepEqual(seen.map(({ id }) => id), [shared.id]);
    assert.equal((await owner.patch(`/api/v1/feedback/views/${own.id}`, { name: "x" })).status, 404);
    ok(await owner.patch(`/api/v1/feedback/views/${shared.id}`, { name: "Chung hơn" }));
    assert.equal((await analyst.post("/api/v1/feedback/views", { name: "x", filter: { person: "user:KH-1" } })).status, 422);
    assert.equal((await analyst.post("/api/v1/feedback/views", { name: "x", filter: { what: 1 } })).status, 422);
    assert.equal((await analyst.delete(`/api/v1/feedback/views/${own.id}`)).status, 204);
  });
});

describe("pain points", () => {
  test("have evidence by hand and by rule, and a size counted from it", async (t) => {
    const { owner, send } = await company(t);
    const rule = { q: "giao" };
    const pain = ok(await owner.post("/api/v1/pains", { name: "Giao hàng trễ", touchpoint: "giao-hang", matches: rule }), 201);
    assert.equal(pain.evidence, 3);
    await send([{ type: "track", userId: "KH-20", event: "Complaint Made", messageId: "late", timestamp: "2026-11-02T02:00:00Z",
      properties: { text: "Giao hàng trễ cả tuần" } }]);
    const [review] = await list(owner, "?source=review");
    ok(await owner.patch(`/api/v1/feedback/${review.id}`, { pain: pain.id }));
    const evidence = async () => (await owner.get(`/api/v1/pains/${pain.id}/evidence`)).body.items;
    assert.equal((await evidence()).length, 5);
    const [late] = await evidence();
    ok(await owner.patch(`/api/v1/feedback/${late.id}`, { not_pain: pain.id }));
    assert.equal((await evidence()).length, 4);
    const size = ok(await owner.get(`/api/v1/pains/${pain.id}/size`));
    assert.deepEqual([size.feedback, size.of], [4, 6]);
    assert.equal(size.people, new Set((await evidence()).map(({ person }) => person.id)).size);
    assert.ok(size.low <= size.share && size.share <= size.high);
    assert.equal(size.weeks.reduce((sum, { n }) => sum + n, 0), 4);
    assert.equal((await list(owner, `?has_text=any&pain=${pain.id}`)).length, 4);
    const changed = ok(await owner.patch(`/api/v1/pains/${pain.id}`, { status: "confirmed", matches: { source: ["complaint"] } }));
    assert.deepEqual([changed.status, changed.evidence], ["confirmed", 2]);
    assert.equal((await owner.patch(`/api/v1/pains/${pain.id}`, { matches: { topic: ["xyz"] } })).status, 422);
  });

  test("that are one are proposed and merged, with all evidence", async (t) => {
    const { owner } = await company(t);
    const a = ok(await owner.post("/api/v1/pains", { name: "Giao hàng chậm", touchpoint: "giao-hang", matches: { q: "giao" } }), 201);
    const b = ok(await owner.post("/api/v1/pains", { name: "Giao chậm quá", touchpoint: "giao-hang" }), 201);
    const pairs = (await owner.get("/api/v1/pains/proposals")).body.items;
    assert.equal(pairs.length, 1);
    const [other] = await list(owner, "?source=other");
    ok(await owner.patch(`/api/v1/feedback/${other.id}`, { pain: b.id }));
    const merged = ok(await owner.post(`/api/v1/pains/${b.id}/merge`, { into: a.id }));
    assert.equal(merged.evidence, 4);
    assert.equal(ok(await owner.get(`/api/v1/pains/${b.id}`)).merged, a.id);
    assert.equal((await owner.post(`/api/v1/pains/${a.id}/merge`, { into: a.id })).status, 422);
    assert.deepEqual((await owner.get("/api/v1/pains/proposals")).body.items, []);
    const work = ok(await owner.get(`/api/v1/feedback/${other.id}/work`));
    assert.deepEqual(work.pains.map(({ id }) => id), [a.id]);
    assert.equal((await owner.delete(`/api/v1/pains/${a.id}`)).status, 204);
  });

  test("lose what an erased person said", async (t) => {
    const { owner } = await company(t);
    const pain = ok(await owner.post("/api/v1/pains", { name: "Tổng đài", matches: { q: "tong dai" } }), 201);
    assert.equal(pain.evidence, 1);
    ok(await owner.delete("/api/v1/people/user:KH-2"));
    assert.equal(ok(await owner.get(`/api/v1/pains/${pain.id}`)).evidence, 0);
  });
});
