// Questions that run have names: they are listed while they run, and can be stopped.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { shared } from "../help/server.mjs";
import { tell } from "../help/told.mjs";

suite("running questions", () => {
  const server = shared();
  let owner;

  before(async () => {
    owner = await server.owner();
  });

  const count = { ask: "count" };

  test("a run may be named, again and again", async () => {
    for (let i = 0; i < 3; i++) {
      assert.equal((await owner.post("/api/v1/ask?run=my_run-1", count)).status, 200);
    }
    assert.deepEqual((await owner.get("/api/v1/asks")).body, { items: [], next: null });
  });

  test("a name of other characters is refused", async () => {
    for (const run of ["a%20b", "x".repeat(65), "%C4%91"]) {
      const { status, body } = await owner.post(`/api/v1/ask?run=${run}`, count);
      assert.ok(status === 400 || status === 422, JSON.stringify(body));
    }
  });

  test("what does not run cannot be stopped", async () => {
    assert.equal((await owner.delete("/api/v1/asks/nothing")).status, 404);
  });

  test("one who manages no users sees the own questions, and nobody who may not ask sees any", async () => {
    const analyst = await server.user("analyst");
    assert.deepEqual((await analyst.get("/api/v1/asks")).body.items, []);
    assert.equal((await server.anybody().get("/api/v1/asks")).status, 401);
  });

  // What a question leaves behind must not stop the request that takes its place: reading a property for the first time looks.
  test("a request after a question is not taken for one that was stopped", async () => {
    await tell(owner, [{ who: "a", at: "2026-01-05T08:00", kind: "Product Viewed", size: "L" }], { user: "who", at: { column: "at", format: "iso" }, kind: "kind" });
    for (const name of ["size", "colour", "weight"]) {
      assert.equal((await owner.post("/api/v1/ask", count)).status, 200);
      const values = Array.from({ length: 400 }, (_, i) => `value ${i}`);
      const { status, text } = await owner.post("/api/v1/rows", { where: { field: `prop:${name}`, is: values } });
      assert.equal(status, 200, text);
    }
  });
});
