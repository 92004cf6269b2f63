// Proposals: from pain points to a decision that keeps its moment and who made it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { start } from "../help/server.mjs";

const some = {
  title: "Kho phụ ở Đà Nẵng", why: "Đơn hàng miền Trung giao trễ ba ngày", what: "Thuê một kho phụ", decision: "Duyệt 120 triệu ₫",
  touchpoint: "giao-hang", department: "Vận hành", meeting: "2026-12-01", state: "asked", note: "", survey: "", pains: [],
};

test("a decision keeps its moment and who made it, until it is taken back", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const put = async (id, change) => (await owner.put(`/api/v1/proposals/${id}`, { ...some, ...change })).body;
  const { status, body: first } = await owner.post("/api/v1/proposals", some);
  assert.equal(status, 201);
  assert.deepEqual([first.decided_ms, first.done_ms, first.decided_by], [null, null, ""]);
  const approved = await put(first.id, { state: "approved", note: "Làm thử sáu tháng" });
  assert.ok(approved.decided_ms > 0);
  assert.ok(approved.decided_by.length > 0);
  const done = await put(first.id, { state: "done" });
  assert.deepEqual([done.decided_ms, done.decided_by], [approved.decided_ms, approved.decided_by]);
  assert.ok(done.done_ms > 0);
  const back = await put(first.id, { state: "asked" });
  assert.deepEqual([back.decided_ms, back.done_ms, back.decided_by], [null, null, ""]);
  assert.equal((await owner.get("/api/v1/proposals?state=asked")).body.items.length, 1);
  assert.equal((await owner.get("/api/v1/proposals?state=done")).body.items.length, 0);
});

test("who works with voices proposes; who directs decides", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const agent = await server.user("agent");
  const { status, body } = await agent.post("/api/v1/proposals", some);
  assert.equal(status, 201);
  assert.equal((await agent.put(`/api/v1/proposals/${body.id}`, { ...some, state: "approved" })).status, 403);
  assert.equal((await agent.post("/api/v1/proposals", { ...some, state: "approved" })).status, 403);
  await owner.put(`/api/v1/proposals/${body.id}`, { ...some, state: "declined", note: "Chưa đủ bằng chứng" });
  assert.equal((await agent.put(`/api/v1/proposals/${body.id}`, some)).status, 403);
  assert.equal((await agent.delete(`/api/v1/proposals/${body.id}`)).status, 403);
  assert.equal((await owner.delete(`/api/v1/proposals/${body.id}`)).status, 204);
});

test("what is missing or not there is refused at its field", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const wrong = [["title", { title: " " }], ["decision", { decision: "" }], ["meeting", { meeting: "2026-02-30" }], ["pains", { pains: ["0000000000011"] }], ["told_ms", { told_ms: 5 }]];
  for (const [field, change] of wrong) {
    const { status, body } = await owner.post("/api/v1/proposals", { ...some, ...change });
    assert.equal(status, 422, JSON.stringify(change));
    assert.ok(body.errors[0].pointer.includes(field), JSON.stringify(body.errors));
  }
  assert.equal((await owner.get("/api/v1/proposals")).body.items.length, 0);
  assert.equal((await owner.get("/api/v1/proposals?state=none")).status, 422);
});
