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

  // Properties that nobody asked for before are read from every event, and each "did" is a pass of its own: this takes its time.
  suite("a question that takes long", () => {
    const EVENTS = 30_000;
    const TRIES = 20;
    const conditions = (attempt) =>
      Array.from({ length: 20 }, (_, i) => ({ not: { did: { field: `prop:p${attempt}_${i}`, is: ["x"] }, in_last: "3650d" } }));

    before(async () => {
      const rows = Array.from({ length: EVENTS }, (_, i) => ({ who: `KH-${i % 9000}`, at: `2026-02-0${1 + (i % 9)}T08:00`, kind: `k${i % 7}`, size: i % 50 }));
      await tell(owner, rows, { user: "who", at: { column: "at", format: "iso" }, kind: "kind", props: ["size"] }, "many.csv");
    });

    const listed = async (run, going) => {
      while (going()) {
        const found = (await owner.get("/api/v1/asks")).body.items.find((each) => each.run === run);
        if (found) return found;
      }
    };

    // Whoever answers before it is stopped is asked again, about properties that are new again.
    const stopped = async (target, ask, question) => {
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const run = `${ask}-${attempt}`;
        let going = true;
        const answer = owner.post(`${target}?run=${run}`, question(`${ask}${attempt}`)).finally(() => (going = false));
        const found = await listed(run, () => going);
        const gone = found && (await owner.delete(`/api/v1/asks/${run}`)).status;
        const { status, body } = await answer;
        assert.ok([200, 503].includes(status), JSON.stringify(body));
        if (status === 503) return { found, gone, body };
      }
      throw new Error("every answer was quicker");
    };

    const cases = [
      ["count", "/api/v1/ask", (name) => ({ ask: "count", where: conditions(name) })],
      ["rows", "/api/v1/rows", (name) => ({ where: conditions(name) })],
      ["behind", "/api/v1/behind", (name) => ({ question: { ask: "count", of: ["people"], where: conditions(name) }, row: {} })],
    ];
    for (const [ask, target, question] of cases) {
      test(`${target} is listed while it runs and ends when it is stopped`, async () => {
        const { found, gone, body } = await stopped(target, ask, question);
        assert.equal(found.ask, ask);
        assert.ok(found.started_ms > 0 && found.progress >= 0 && found.progress <= 1, JSON.stringify(found));
        assert.equal(gone, 204);
        assert.match(JSON.stringify(body), /stopped|dừng/);
        assert.deepEqual((await owner.get("/api/v1/asks")).body.items, []);
        assert.equal((await owner.post("/api/v1/ask", count)).status, 200);
      });
    }
  });
});
