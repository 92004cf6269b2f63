// Questions about sequences: funnels, retention and paths on histories small enough to be counted by hand.
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
  props: ["ticket"],
};
const event = (who, at, kind, channel = "web", place = "", ticket = "") => ({ who, at, kind, channel, place, ticket });
const is = (kind) => ({ field: "kind", is: [kind] });

// Monday 2026-06-01 is the first day of a week.
const shop = [
  // an: the whole way in a day, and once more a week later
  event("an", "2026-06-01T08:00", "page"),
  event("an", "2026-06-01T08:10", "cart"),
  event("an", "2026-06-01T08:15", "page"),
  event("an", "2026-06-01T09:00", "pay"),
  event("an", "2026-06-08T08:00", "page"),
  // binh: two carts; only from the second one is "pay" within two days
  event("binh", "2026-06-02T10:00", "page", "app"),
  event("binh", "2026-06-02T10:05", "cart", "app"),
  event("binh", "2026-06-05T10:00", "page", "web"),
  event("binh", "2026-06-05T11:00", "cart", "web"),
  event("binh", "2026-06-06T11:00", "pay", "web"),
  // chi: only looks
  event("chi", "2026-06-09T07:00", "page", "app"),
  event("chi", "2026-06-16T07:00", "page", "app"),
  // dung: never begins
  event("dung", "2026-06-10T07:00", "pay", "shop"),
  // nobody's events belong to no sequence
  event("", "2026-06-01T08:00", "page"),
  event("", "2026-06-01T08:01", "cart"),
];

const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

suite("questions about sequences", () => {
  const server = shared();
  let owner;

  before(async () => {
    owner = await server.owner();
    await tell(owner, shop, map, "shop.csv");
  });

  const within = { from: "2026-06-01", to: "2026-07-01" };
  const ask = async (question) => {
    const { status, body, text } = await owner.post("/api/v1/ask", { ...within, ...question });
    assert.equal(status, 200, text);
    return body;
  };
  const rows = async (question) => (await ask(question)).rows;
  const refused = async (question, pointer) => {
    const { status, body } = await owner.post("/api/v1/ask", question);
    assert.equal(status, 422, JSON.stringify(body));
    assert.equal(body.errors[0].pointer, pointer, JSON.stringify(body));
    return body.errors[0].detail;
  };
  const steps = [is("page"), is("cart"), is("pay")];

  suite("funnel", () => {
    test("people by step, with shares, interval and times from the step before", async () => {
      const found = await rows({ ask: "funnel", steps, within: "2d" });
      assert.deepEqual(
        found.map(({ step, people, of_first, of_previous, median_s, p90_s, few }) => [step, people, of_first, of_previous, median_s, p90_s, few]),
        [
          [1, 3, 1, 1, null, null, true],
          [2, 2, 2 / 3, 2 / 3, 3600, 3600, true],
          [3, 2, 2 / 3, 1, 86400, 86400, true],
        ],
      );
      assert.ok(found[1].low < 2 / 3 && found[1].high > 2 / 3);
      near(found[0].high, 1);
    });

    test("the deepest attempt counts, then the earliest; by and every look at its first event", async () => {
      const found = await rows({ ask: "funnel", steps, within: "2d", by: ["channel"], every: "day" });
      assert.deepEqual(
        found.map(({ channel, period, step, people }) => [channel, period, step, people]),
        [
          ["app", "2026-06-09", 1, 1],
          ["app", "2026-06-09", 2, 0],
          ["app", "2026-06-09", 3, 0],
          ["web", "2026-06-01", 1, 1],
          ["web", "2026-06-01", 2, 1],
          ["web", "2026-06-01", 3, 1],
          ["web", "2026-06-05", 1, 1],
          ["web", "2026-06-05", 2, 1],
          ["web", "2026-06-05", 3, 1],
        ],
      );
      const wide = await rows({ ask: "funnel", steps, by: ["channel"] });
      assert.deepEqual(
        wide.map(({ channel, people }) => [channel, people]),
        [["app", 2], ["app", 1], ["app", 1], ["web", 1], ["web", 1], ["web", 1]],
      );
    });

    test("strict: the next step is the very next event that the question takes", async () => {
      const people = async (question) => (await rows({ ask: "funnel", steps, order: "strict", ...question })).map((row) => row.people);
      assert.deepEqual(await people({}), [3, 2, 1]); // an's second page lies between cart and pay
      assert.deepEqual(await people({ where: [{ field: "channel", is: ["app"] }] }), [2, 1, 0]);
    });

    test("a step is a condition or a list of them, and may look at a person's history", async () => {
      const did = { did: is("pay") };
      const found = await rows({ ask: "funnel", steps: [[is("page"), { field: "channel", is: ["app"] }], [is("page"), did]] });
      assert.deepEqual(found.map(({ people }) => people), [2, 1]);
    });

    test("nobody at all is zeros without dimensions, and no rows with them", async () => {
      const none = await rows({ ask: "funnel", steps: [is("nothing"), is("page")] });
      assert.deepEqual(none, [
        { step: 1, people: 0, of_first: null, of_previous: null, low: null, high: null, median_s: null, p90_s: null, few: true },
        { step: 2, people: 0, of_first: null, of_previous: null, low: null, high: null, median_s: null, p90_s: null, few: true },
      ]);
      assert.deepEqual(await rows({ ask: "funnel", steps: [is("nothing")], by: ["kind"] }), []);
    });
  });

  suite("retention", () => {
    test("first: cohorts by the week of the first start event ever", async () => {
      const found = await rows({ ask: "retention", start: is("page"), periods: 4, minimum_n: 2 });
      assert.deepEqual(found, [
        { cohort: "2026-06-01", size: 2, returned: [2, 1, 0, 0], few: false },
        { cohort: "2026-06-08", size: 1, returned: [1, 1, 0, 0], few: true },
        { cohort: "2026-06-15", size: 0, returned: [0, 0, 0, 0], few: true },
        { cohort: "2026-06-22", size: 0, returned: [0, 0, 0, 0], few: true },
        { cohort: "2026-06-29", size: 0, returned: [0, 0, 0, 0], few: true },
      ]);
    });

    test("the first start ever must lie in the time; returns count until now", async () => {
      const second = { ask: "retention", start: is("page"), return: is("pay"), periods: 2, from: "2026-06-05", to: "2026-06-15" };
      assert.deepEqual(
        (await rows(second)).map(({ cohort, size, returned }) => [cohort, size, returned]),
        [
          ["2026-06-01", 0, [0, 0]],
          ["2026-06-08", 1, [0, 0]],
        ],
      );
      assert.deepEqual(
        (await rows({ ...second, cohort: "every" })).map(({ cohort, size, returned }) => [cohort, size, returned]),
        [
          ["2026-06-01", 1, [1, 0]],
          ["2026-06-08", 2, [0, 0]],
        ],
      );
    });

    test("every: each period with a start event, and the first one in it", async () => {
      const found = await rows({ ask: "retention", start: is("page"), return: is("page"), cohort: "every", periods: 2, by: ["channel"] });
      assert.deepEqual(
        found.map(({ channel, cohort, size, returned }) => [channel, cohort, size, returned]),
        [
          ["app", "2026-06-01", 1, [1, 0]],
          ["app", "2026-06-08", 1, [1, 1]],
          ["app", "2026-06-15", 1, [1, 0]],
          ["web", "2026-06-01", 1, [1, 1]],
          ["web", "2026-06-08", 1, [1, 0]],
        ],
      );
    });

    test("a return counts from the start event on, and by elapsed time where that is asked", async () => {
      // an: cart 08:10, pay 09:00 the same day, page 7 days less 10 minutes after the cart
      const question = { ask: "retention", start: is("cart"), return: is("page"), periods: 2, to: "2026-06-02" };
      assert.deepEqual((await rows(question)).map((row) => row.returned), [[1, 1]]);
      assert.deepEqual((await rows({ ...question, elapsed: true })).map((row) => row.returned), [[1, 0]]);
      assert.deepEqual((await rows({ ...question, every: "day", periods: 8, elapsed: true })).map((row) => row.returned), [[1, 0, 0, 0, 0, 0, 1, 0]]);
    });

    test("a period that is not over is null", async () => {
      const now = Date.now();
      const at = (ms) => new Date(ms).toISOString();
      await tell(owner, [event("fresh", at(now - 86400e3 * 8), "hello"), event("fresh", at(now - 1000), "hello")], map, "fresh.csv");
      const { rows: found } = await ask({ ask: "retention", start: is("hello"), every: "day", periods: 10, elapsed: true, from: undefined, to: undefined });
      assert.deepEqual(found.length, 1);
      assert.deepEqual(found[0].returned, [1, 0, 0, 0, 0, 0, 0, found[0].returned[7], null, null]);
    });
  });

  suite("paths", () => {
    const edges = (found) => found.filter((row) => "from" in row).map(({ from, to, events, people, median_s, p90_s }) => [from, to, events, people, median_s, p90_s]);

    test("edges are neighbours, most travelled first; variants are whole paths", async () => {
      const found = await rows({ ask: "paths" });
      assert.deepEqual(edges(found), [
        ["page", "cart", 3, 2, 600, 3600],
        ["cart", "page", 2, 2, 258900, 258900],
        ["page", "page", 1, 1, 604800, 604800],
        ["cart", "pay", 1, 1, 86400, 86400],
        ["page", "pay", 1, 1, 2700, 2700],
        ["pay", "page", 1, 1, 601200, 601200],
      ].toSorted((a, b) => b[2] - a[2] || (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] < b[1] ? -1 : 1)));
      assert.deepEqual(
        found.filter((row) => "path" in row).map(({ path: nodes, people, median_s }) => [nodes.join(" "), people, median_s]),
        [
          ["page cart page cart pay", 1, 349200],
          ["page cart page pay page", 1, 604800],
          ["page page", 1, 604800],
          ["pay", 1, 0],
        ],
      );
    });

    test("top cuts each list, and only what is asked for is answered", async () => {
      const found = await rows({ ask: "paths", top: 1, of: "edges" });
      assert.equal(found.length, 1);
      assert.equal(found[0].events, 3);
      assert.ok((await rows({ ask: "paths", of: ["variants"] })).every((row) => "path" in row));
    });

    test("collapse, start, end and the number of steps", async () => {
      const from = await rows({ ask: "paths", start: is("cart"), steps: 2, of: "edges" });
      assert.deepEqual(from.map(({ from: a, to, step, events }) => [a, to, step, events]), [["cart", "page", 1, 2]]);
      const until = await rows({ ask: "paths", end: is("pay"), of: "edges" });
      assert.deepEqual(
        until.map(({ from: a, to, step, events }) => [a, to, step, events]),
        [
          ["page", "cart", 1, 1],
          ["cart", "page", 2, 1],
          ["page", "cart", 2, 1],
          ["cart", "page", 3, 1],
          ["page", "cart", 3, 1],
          ["cart", "pay", 4, 1],
          ["page", "pay", 4, 1],
        ],
      );
      const collapsed = await rows({ ask: "paths", collapse: true, of: "variants", where: [{ field: "channel", is: ["app"] }] });
      assert.deepEqual(collapsed.map(({ path: nodes, people }) => [nodes, people]), [[["page"], 1], [["page", "cart"], 1]]);
    });

    test("where paths begin and end, by any field", async () => {
      const found = await rows({ ask: "paths", node: "channel", collapse: true, ends: true, of: "edges" });
      assert.deepEqual(
        found.map(({ from, to, begin, end, events, people, median_s }) => [from, to, begin, end, events, people, median_s]),
        [
          ["web", null, undefined, true, 2, 2, null],
          [null, "app", true, undefined, 2, 2, null],
          ["app", "web", undefined, undefined, 1, 1, 259200],
          ["app", null, undefined, true, 1, 1, null],
          ["shop", null, undefined, true, 1, 1, null],
          [null, "shop", true, undefined, 1, 1, null],
          [null, "web", true, undefined, 1, 1, null],
        ],
      );
    });

    test("a property's value travels, whoever the person is", async () => {
      const ticket = (who, at, kind, id) => event(who, at, kind, "desk", "", id);
      await tell(owner, [
        ticket("agent 1", "2026-03-01T08:00", "opened", "T1"),
        ticket("agent 2", "2026-03-01T09:00", "worked", "T1"),
        ticket("agent 1", "2026-03-01T12:00", "closed", "T1"),
        ticket("", "2026-03-01T08:00", "opened", "T2"),
        ticket("agent 2", "2026-03-02T08:00", "closed", "T2"),
        ticket("agent 2", "2026-03-03T08:00", "closed", ""),
      ], map, "desk.csv");
      const question = { ask: "paths", traveller: "prop:ticket", from: "2026-03-01", to: "2026-04-01" };
      const found = await rows(question);
      // nobody's "opened" of T2 counts here: the ticket travels, not the person
      assert.deepEqual(edges(found), [
        ["opened", "closed", 1, 1, 86400, 86400],
        ["opened", "worked", 1, 1, 3600, 3600],
        ["worked", "closed", 1, 1, 10800, 10800],
      ]);
      const viewer = await server.user("viewer");
      assert.equal((await viewer.post("/api/v1/ask", question)).status, 200);
    });

    test("by and every look at an edge's first event", async () => {
      const found = await rows({ ask: "paths", by: ["channel"], every: "week", of: "edges", where: [is("page")] });
      assert.deepEqual(
        found.map(({ channel, period, from, events }) => [channel, period, from, events]),
        [
          ["app", "2026-06-01", "page", 1],
          ["app", "2026-06-08", "page", 1],
          ["web", "2026-06-01", "page", 2],
        ],
      );
    });
  });

  suite("the people behind a figure", () => {
    const names = {};
    before(async () => {
      const { body } = await owner.post("/api/v1/rows", { limit: 1000 });
      for (const { person, alias } of body.items) if (person) names[person.id] = alias.replace("user:", "");
    });
    const people = async (question, row, more = {}) => {
      const { status, body, text } = await owner.post("/api/v1/behind", { question: { ...within, ...question }, row, ...more });
      assert.equal(status, 200, text);
      assert.equal(body.people, body.items.length);
      return body.items.map(({ id, at_ms }) => [names[id], new Date(at_ms + 7 * 3600e3).toISOString().slice(5, 16)]).toSorted();
    };

    test("of each step of a funnel: who reached it, and who was lost before it", async () => {
      const question = { ask: "funnel", steps, within: "2d" };
      assert.deepEqual(await people(question, { step: 3 }), [["an", "06-01T09:00"], ["binh", "06-06T11:00"]]);
      assert.deepEqual(await people(question, { step: 2 }, { what: "lost" }), [["chi", "06-09T07:00"]]);
      const split = { ...question, by: ["channel"], every: "day" };
      for (const row of await rows(split)) {
        assert.equal((await people(split, row)).length, row.people);
      }
    });

    test("of a cohort, and of those who came back", async () => {
      const question = { ask: "retention", start: is("page"), periods: 4 };
      assert.deepEqual(await people(question, { cohort: "2026-06-01" }), [["an", "06-01T08:00"], ["binh", "06-02T10:00"]]);
      assert.deepEqual(await people(question, { cohort: "2026-06-01" }, { what: "returned", k: 1 }), [["an", "06-08T08:00"]]);
      const elapsed = { ...question, cohort: "every", elapsed: true, by: ["channel"] };
      for (const row of await rows(elapsed)) {
        assert.equal((await people(elapsed, row)).length, row.size);
        for (const [k, count] of row.returned.entries()) {
          assert.equal((await people(elapsed, row, { what: "returned", k })).length, count ?? 0);
        }
      }
    });

    test("of an edge, a beginning, an end and a whole path", async () => {
      const question = { ask: "paths", ends: true, by: ["channel"] };
      for (const row of await rows(question)) {
        assert.equal((await people(question, row, { what: row.path ? "path" : "edge" })).length, row.people);
      }
      assert.deepEqual(await people({ ask: "paths" }, { from: "cart", to: "pay" }), [["binh", "06-05T11:00"]]);
      const stepped = { ask: "paths", start: is("cart"), steps: 3 };
      for (const row of await rows(stepped)) {
        assert.equal((await people(stepped, row, { what: row.path ? "path" : "edge" })).length, row.people);
      }
    });

    test("of a count and a score", async () => {
      const question = { ask: "count", by: ["channel"], every: "week" };
      for (const row of await rows(question)) {
        assert.equal((await people(question, row)).length, row.people);
      }
      assert.deepEqual(await people({ ask: "score", metric: "nps" }, {}), []);
    });

    test("page by page, by id", async () => {
      const body = { question: { ask: "count", ...within }, row: {}, limit: 3 };
      const first = await owner.post("/api/v1/behind", body);
      assert.deepEqual([first.body.items.length, first.body.people], [3, 4]);
      const second = await owner.post("/api/v1/behind", { ...body, after: first.body.next });
      assert.deepEqual([second.body.items.length, second.body.next], [1, null]);
      assert.equal(new Set([...first.body.items, ...second.body.items].map(({ id }) => id)).size, 4);
    });

    test("needs the right to see people, and a row that names itself", async () => {
      const viewer = await server.user("viewer", "watcher@example.vn");
      assert.equal((await viewer.post("/api/v1/behind", { question: { ask: "count" }, row: {} })).status, 403);
      const wrong = async (body, pointer) => {
        const answer = await owner.post("/api/v1/behind", body);
        assert.equal(answer.status, 422, answer.text);
        assert.equal(answer.body.errors[0].pointer, pointer, answer.text);
      };
      await wrong({ question: { ask: "count", by: ["kind"] }, row: {} }, "/row/kind");
      await wrong({ question: { ask: "funnel", steps }, row: { step: 4 } }, "/row/step");
      await wrong({ question: { ask: "funnel", steps }, row: { step: 1 }, what: "lost" }, "/row/step");
      await wrong({ question: { ask: "funnel", steps }, row: { step: 1 }, what: "won" }, "/what");
      await wrong({ question: { ask: "retention" }, row: { cohort: "2026-06-01" }, what: "returned", k: 12 }, "/k");
      await wrong({ question: { ask: "funnel" }, row: {} }, "/question/steps");
      await wrong({ question: { ask: "timeline", person: "user:an" }, row: {} }, "/question/ask");
      await wrong({ question: { ask: "paths" }, row: { from: "page" } }, "/row/to");
    });
  });

  test("what `asked` tells, asked again, asks the same", async () => {
    const questions = [
      { ask: "funnel", steps: [is("page"), [is("cart"), { field: "channel", is: ["web"] }]], within: "36h", order: "strict", by: ["channel"], every: "week" },
      { ask: "retention", start: is("page"), return: [is("pay")], every: "day", periods: 3, cohort: "every", elapsed: true, zone: "UTC" },
      { ask: "retention" },
      { ask: "paths", start: is("page"), end: is("pay"), steps: 4, top: 7, collapse: true, node: "channel", traveller: "prop:ticket", ends: true, of: "edges", as_of: "2026-12-01" },
      { ask: "paths", where: [is("page")] },
      { ask: "count", of: "amount", zone: "Europe/Paris", minimum_n: 7 },
    ];
    for (const question of questions) {
      const { rows: found, asked } = await ask(question);
      for (const key of Object.keys(question).filter((name) => !["of", "as_of"].includes(name))) {
        assert.deepEqual(asked[key], question[key], key);
      }
      const again = await ask({ from: undefined, to: undefined, ...asked });
      assert.deepEqual(again.rows, found);
      assert.deepEqual(again.asked, asked);
    }
    const { asked } = await ask({ ask: "retention" });
    assert.deepEqual([asked.every, asked.periods, asked.cohort, asked.elapsed], ["week", 12, "first", false]);
  });

  test("the command line gives the same rows", async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "cham-"));
    for (const question of [{ ask: "funnel", steps }, { ask: "retention", start: is("page") }, { ask: "paths", ends: true }]) {
      const file = path.join(folder, `${question.ask}.json`);
      writeFileSync(file, JSON.stringify({ ...within, ...question }));
      const { stdout } = await server.command_line("ask", file);
      assert.deepEqual(JSON.parse(stdout).rows, await rows(question));
    }
  });

  test("what cannot be asked is named, with what is allowed", async () => {
    await refused({ ask: "funnel" }, "/steps");
    await refused({ ask: "funnel", steps: [] }, "/steps");
    await refused({ ask: "funnel", steps: [null] }, "/steps/0");
    assert.match(await refused({ ask: "funnel", steps: Array(17).fill(is("page")) }, "/steps"), /16/);
    assert.match(await refused({ ask: "funnel", steps: [is("page"), { field: "nope", is: [1] }] }, "/steps/1/field"), /kind/);
    await refused({ ask: "funnel", steps, within: "soon" }, "/within");
    assert.match(await refused({ ask: "funnel", steps, order: "any" }, "/order"), /loose, strict/);
    assert.match(await refused({ ask: "funnel", steps, top: 3 }, "/top"), /within/);
    assert.match(await refused({ ask: "retention", periods: 401 }, "/periods"), /400/);
    assert.match(await refused({ ask: "retention", cohort: "last" }, "/cohort"), /first, every/);
    await refused({ ask: "retention", elapsed: 1 }, "/elapsed");
    await refused({ ask: "retention", return: { field: "kind" } }, "/return");
    assert.match(await refused({ ask: "paths", node: "score" }, "/node"), /touchpoint/);
    assert.match(await refused({ ask: "paths", traveller: "kind" }, "/traveller"), /prop:NAME/);
    assert.match(await refused({ ask: "paths", of: ["nodes"] }, "/of/0"), /edges, variants/);
    await refused({ ask: "paths", steps: 1 }, "/steps");
    await refused({ ask: "paths", top: 0 }, "/top");
    await refused({ ask: "count", zone: "Asia/Nowhere" }, "/zone");
  });

  test("a user limited to places follows people there only", async () => {
    await tell(owner, [
      event("em", "2026-05-01T08:00", "enter", "shop", "Huế"),
      event("em", "2026-05-01T09:00", "leave", "shop", "Vinh"),
      event("em", "2026-05-01T10:00", "leave", "shop", "Huế"),
    ], map, "places.csv");
    const limited = await server.user("agent", "hue@example.vn");
    const { body: users } = await owner.get("/api/v1/users");
    const { id } = users.items.find(({ email }) => email === "hue@example.vn");
    assert.ok((await owner.patch(`/api/v1/users/${id}`, { places: ["Huế"] })).status < 300);
    const question = { ask: "funnel", steps: [is("enter"), is("leave")], from: "2026-05-01", to: "2026-05-02" };
    const { body } = await limited.post("/api/v1/ask", question);
    assert.deepEqual(body.rows.map((row) => row.median_s), [null, 7200]);
  });
});
