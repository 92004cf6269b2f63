// Benchmarks: written down with source and method, and compared only with what was measured the same way.
import assert from "node:assert/strict";
import { test } from "node:test";
import { start } from "../help/server.mjs";

const some = {
  name: "Bán lẻ điện máy, Việt Nam", metric: "nps", scale: "0-10", question: "nps.recommend", asked: "email",
  from: "2025-10-01", to: "2025-12-31", value: 31.5, low: 28, high: 35, answers: 1054, source: "Khảo sát ngành 2025",
  url: "https://example.vn/bao-cao", note: "",
};

test("a benchmark is kept as it was written, changed and removed", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const { status, body } = await owner.post("/api/v1/benchmarks", some);
  assert.equal(status, 201);
  for (const [name, value] of Object.entries(some)) assert.deepEqual(body[name], value, name);
  const changed = await owner.put(`/api/v1/benchmarks/${body.id}`, { ...some, value: 33, scale: "" });
  assert.equal(changed.status, 200);
  assert.deepEqual([changed.body.value, changed.body.scale, changed.body.created_ms], [33, "0-10", body.created_ms]);
  assert.equal((await owner.get("/api/v1/benchmarks")).body.items.length, 1);
  assert.equal((await owner.delete(`/api/v1/benchmarks/${body.id}`)).status, 204);
  assert.equal((await owner.put(`/api/v1/benchmarks/${body.id}`, some)).status, 404);
});

test("what cannot be true is refused at its field", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const wrong = [
    ["value", { value: 101 }], ["value", { metric: "ces", scale: "1-7", value: 7.5, low: null, high: null }], ["low", { low: 32 }],
    ["high", { high: 31 }], ["scale", { scale: "1-5" }], ["from", { from: "2025-02-30" }], ["to", { to: "2025-09-30" }],
    ["url", { url: "javascript:alert(1)" }], ["source", { source: "" }], ["id", { id: "x" }], ["by", { by: "me" }],
  ];
  for (const [field, change] of wrong) {
    const { status, body } = await owner.post("/api/v1/benchmarks", { ...some, ...change });
    assert.equal(status, 422, JSON.stringify(change));
    assert.equal(body.errors[0].pointer.replace("#", ""), `/${field}`, JSON.stringify(change));
  }
  assert.equal((await owner.get("/api/v1/benchmarks")).body.items.length, 0);
});

test("it stands beside our figure only when both were measured alike", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  await owner.post("/api/v1/benchmarks", some);
  await owner.post("/api/v1/benchmarks", { ...some, name: "Không rõ cách đo", question: "" });
  const differs = async (query) => (await owner.get(`/api/v1/benchmarks/beside?${query}`)).body.items.map((each) => each.differs);
  assert.deepEqual(await differs("metric=nps&scale=0-10&question=nps.recommend&asked=email"), [null, "unknown"]);
  assert.deepEqual(await differs("metric=nps&scale=0-10&question=s1.q1&asked=email"), ["question", "unknown"]);
  assert.deepEqual(await differs("metric=nps&scale=0-10&question=nps.recommend&asked=store"), ["asked", "unknown"]);
  assert.deepEqual(await differs("metric=nps&scale=1-10&question=nps.recommend&asked=email"), ["scale", "scale"]);
  assert.deepEqual(await differs("metric=csat&scale=1-5"), []);
});
