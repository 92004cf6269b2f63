// Journeys: drafts, versions, touchpoints of events, planned against actual.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { shared } from "../help/server.mjs";
import { tell } from "../help/told.mjs";

const map = { user: "who", at: { column: "at", format: "iso" }, kind: "kind", channel: "channel" };
const lines = [
  ["a", "2026-01-05T08:00", "Product Viewed", "web"],
  ["a", "2026-01-05T09:00", "Order Completed", "web"],
  ["b", "2026-01-05T08:00", "Product Viewed", "web"],
  ["b", "2026-01-09T08:00", "Order Completed", "web"],
  ["c", "2026-01-05T08:00", "Product Viewed", "web"],
  ["d", "2026-01-06T08:00", "Order Completed", "web"],
].map(([who, at, kind, channel]) => ({ who, at, kind, channel }));

const is = (field, ...values) => ({ field, is: values });

suite("journeys", () => {
  const server = shared();
  let owner, id;

  before(async () => {
    owner = await server.owner();
    await tell(owner, lines, map);
    const made = await owner.post("/api/v1/journeys", { name: "Mua hàng", template: "standard" });
    assert.equal(made.status, 201, made.text);
    id = made.body.id;
  });

  const get = async (target) => {
    const { status, body, text } = await owner.get(`/api/v1/journeys/${id}${target}`);
    assert.equal(status, 200, text);
    return body;
  };
  const adherence = async (more = {}) => {
    const { body, status, text } = await owner.post("/api/v1/ask", { ask: "adherence", journey: id, ...more });
    assert.equal(status, 200, text);
    return body.rows;
  };

  test("a new journey has the stages of the template and is published", async () => {
    const journey = await get("");
    assert.equal(journey.version, 1);
    assert.equal(journey.draft, false);
    assert.ok(journey.stages.length >= 7);
    assert.ok(journey.stages.some(({ name }) => name === "Mua hàng"));
    assert.deepEqual(journey.touchpoints, []);
  });

  test("events on no touchpoint are offered as touchpoints and adopted, history included", async () => {
    const { items } = await get("/unmapped");
    assert.deepEqual(
      items.map(({ kind, channel, events, people }) => [kind, channel, events, people]),
      [
        ["Product Viewed", "web", 3, 3],
        ["Order Completed", "web", 3, 3],
      ].sort((x, y) => items.findIndex((i) => i.kind === x[0]) - items.findIndex((i) => i.kind === y[0])),
    );
    const order = items.find(({ kind }) => kind === "Order Completed").suggested;
    assert.equal(order.stage, "purchase");
    const adopted = await owner.post(`/api/v1/journeys/${id}/adopt`, { touchpoints: items.map((item) => item.suggested) });
    assert.equal(adopted.status, 200, adopted.text);
    assert.equal(adopted.body.version, 2);
    assert.deepEqual((await get("/unmapped")).items, []);
    const rows = await adherence();
    assert.equal(rows.length, 3);
    assert.equal(rows.at(-1).touchpoint, null);
    assert.equal(rows.at(-1).events, 0);
    assert.equal(rows[0].events + rows[1].events, 6);
  });

  test("a draft is saved under its etag, published once, and versions never change", async () => {
    const journey = await get("");
    const see = {
      id: "see",
      name: "Xem hàng",
      stage: "trial",
      where: [is("kind", "Product Viewed")],
      next_act: { name: "Mua", when: [is("kind", "Order Completed")], within: "1d" },
      required_emotion: { word: "tò mò", metric: "csat", at_least: 70 },
    };
    const buy = { id: "buy", name: "Mua", stage: "purchase", where: [is("kind", "Order Completed")] };
    const edited = { ...journey, name: "Mua sắm", touchpoints: [see, buy] };
    const saved = await owner.put(`/api/v1/journeys/${id}/draft`, edited, { "if-match": `"${journey.etag}"` });
    assert.equal(saved.status, 200, saved.text);
    assert.equal(saved.body.draft, true);
    assert.equal((await owner.put(`/api/v1/journeys/${id}/draft`, edited, { "if-match": `"${journey.etag}"` })).status, 412);
    assert.equal((await get("")).name, "Mua hàng");
    assert.equal((await get("?version=draft")).name, "Mua sắm");
    const published = await owner.post(`/api/v1/journeys/${id}/publish?from=beginning`);
    assert.equal(published.status, 200, published.text);
    assert.equal(published.body.version, 3);
    assert.equal((await owner.post(`/api/v1/journeys/${id}/publish`)).status, 409);
    assert.deepEqual((await get("/versions")).items.map(({ version }) => version), [3, 2, 1]);
    assert.equal((await get("?version=2")).name, "Mua hàng");
    assert.equal((await get("?version=1")).touchpoints.length, 0);
  });

  test("planned against actual: done, late, never, skipped", async () => {
    const [see, buy, none] = await adherence();
    assert.deepEqual(
      [see.touchpoint, see.reached, see.open, see.late, see.skipped, see.median_next_s],
      ["see", 3, 0, 1, 1, 96 * 3600],
    );
    assert.equal(see.next_act_rate, 1 / 3);
    assert.ok(see.next_low < 1 / 3 && see.next_high > 1 / 3);
    assert.deepEqual([buy.reached, buy.next_act_rate, buy.skipped], [3, null, 0]);
    assert.equal(see.emotion.state, "unknown");
    assert.equal(none.events, 0);
  });

  test("the people behind planned and actual", async () => {
    const behind = async (what, touchpoint = "see", more = {}, row = {}) => {
      const question = { ask: "adherence", journey: id, ...more };
      const { body, status, text } = await owner.post("/api/v1/behind", { question, row: { touchpoint, ...row }, what });
      assert.equal(status, 200, text);
      assert.equal(body.items.length, body.people);
      return body.people;
    };
    assert.deepEqual(
      await Promise.all(["reached", "done", "late", "never", "missed", "open", "skipped", "repeated", "people"].map((what) => behind(what))),
      [3, 1, 1, 1, 2, 0, 1, 0, 3],
    );
    assert.equal(await behind("people", "buy"), 3);
    assert.equal(await behind("people", null), 0);
    const by = { by: ["channel"] };
    assert.equal(await behind("reached", "see", by, { channel: "web" }), 3);
    assert.equal(await behind("reached", "see", by, { channel: "shop" }), 0);
    const wrong = await owner.post("/api/v1/behind", { question: { ask: "adherence", journey: id }, row: { touchpoint: "nowhere" } });
    assert.deepEqual([wrong.status, wrong.body.errors[0].pointer], [422, "/row/touchpoint"]);
  });

  test("a visit whose time has not run out is open and outside the rate", async () => {
    await tell(owner, [{ who: "e", at: new Date().toISOString(), kind: "Product Viewed", channel: "web" }], map, "now.csv");
    const [see] = await adherence();
    assert.deepEqual([see.reached, see.open, see.next_act_rate], [4, 1, 1 / 3]);
  });

  test("history can be read under an older version", async () => {
    const rows = await adherence({ version: 1 });
    assert.equal(rows.length, 1);
    assert.equal(rows[0].events, 7);
    const { body } = await owner.post("/api/v1/ask", { ask: "adherence", journey: id, version: 9 });
    assert.equal(body.errors[0].pointer, "/version");
  });

  test("a published version that decides from now on leaves history alone", async () => {
    const journey = await get("");
    const renamed = journey.touchpoints.map((touchpoint) => ({ ...touchpoint, where: [is("kind", "nothing like it")] }));
    assert.equal((await owner.put(`/api/v1/journeys/${id}/draft`, { ...journey, touchpoints: renamed })).status, 200);
    assert.equal((await owner.post(`/api/v1/journeys/${id}/publish`)).status, 200);
    const [see] = await adherence();
    assert.equal(see.events, 4);
    const [fresh] = await adherence({ version: 4 });
    assert.equal(fresh.events, 0);
  });

  test("a question as of a moment knows only the versions published by then", async () => {
    const { items } = await get("/versions");
    const third = items.find(({ version }) => version === 3);
    const { body } = await owner.post("/api/v1/ask", { ask: "adherence", journey: id, as_of: third.published_ms });
    assert.ok(!body.asked.versions.includes(4), JSON.stringify(body.asked));
    assert.equal(body.rows[0].touchpoint, "see");
    assert.equal(body.rows[0].events, 3);
  });

  test("the catalogue of a touchpoint holds only what occurs on it", async () => {
    const { body } = await owner.get(`/api/v1/catalogue?journey=${id}&touchpoint=see`);
    assert.deepEqual(body.kinds, [{ value: "Product Viewed", events: 4 }]);
    assert.deepEqual(body.touchpoints, [{ value: "see", events: 4 }]);
    assert.deepEqual(body.props, []);
  });

  test("a map that was begun empty gets a stage with its first touchpoints", async () => {
    const { body: empty } = await owner.post("/api/v1/journeys", { name: "Trống", template: "empty" });
    const { body } = await owner.get(`/api/v1/journeys/${empty.id}/unmapped`);
    const touchpoints = body.items.map(({ suggested }) => suggested);
    const adopted = await owner.post(`/api/v1/journeys/${empty.id}/adopt`, { touchpoints });
    assert.equal(adopted.status, 200, adopted.text);
    assert.deepEqual(adopted.body.stages.map(({ name }) => name), ["Trống"]);
  });

  test("findings need no more than a span of time", async () => {
    const { items } = await get("/findings?from=2026-01-01&to=2026-02-01");
    assert.deepEqual(items, []);
    assert.equal((await owner.get(`/api/v1/journeys/${id}/findings?from=yesterday`)).status, 422);
  });

  test("a user limited to departments sees their touchpoints and nothing else", async () => {
    const made = await owner.post("/api/v1/journeys", { name: "Hai phòng", template: "empty" });
    const two = {
      ...made.body,
      stages: [{ id: "s", name: "S" }],
      touchpoints: [
        { id: "see", name: "Xem", stage: "s", department: "Thương mại điện tử", where: [is("kind", "Product Viewed")] },
        { id: "buy", name: "Mua", stage: "s", department: "Bán lẻ", where: [is("kind", "Order Completed")] },
      ],
    };
    assert.equal((await owner.put(`/api/v1/journeys/${made.body.id}/draft`, two)).status, 200);
    assert.equal((await owner.post(`/api/v1/journeys/${made.body.id}/publish`)).status, 200);
    const limited = await server.user("analyst", "banle@example.vn");
    const { body: users } = await owner.get("/api/v1/users");
    const user = users.items.find(({ email }) => email === "banle@example.vn");
    assert.ok((await owner.patch(`/api/v1/users/${user.id}`, { departments: ["Bán lẻ"] })).status < 300);
    const ask = async (question) => (await limited.post("/api/v1/ask", { ...question, journey: made.body.id })).body.rows;
    assert.deepEqual((await ask({ ask: "adherence" })).map(({ touchpoint }) => touchpoint), ["buy"]);
    assert.deepEqual(
      (await ask({ ask: "count", by: ["kind"] })).map(({ kind, events }) => [kind, events]),
      [["Order Completed", 3]],
    );
    assert.deepEqual(await ask({ ask: "count", by: ["kind"], where: [is("kind", "Product Viewed")] }), []);
    const { body: rows } = await limited.post("/api/v1/rows", { journey: made.body.id });
    assert.ok(rows.items.length === 3 && rows.items.every(({ kind }) => kind === "Order Completed"));
    const { body: unmapped } = await limited.get(`/api/v1/journeys/${made.body.id}/unmapped`);
    assert.deepEqual(unmapped.items, []);
  });

  test("mistakes in a map are named at their place", async () => {
    const journey = await get("");
    const refused = async (change, pointer) => {
      const { status, body } = await owner.put(`/api/v1/journeys/${id}/draft`, { ...journey, ...change });
      assert.equal(status, 422, JSON.stringify(body));
      assert.equal(body.errors[0].pointer, pointer, JSON.stringify(body));
    };
    const [see] = journey.touchpoints;
    await refused({ touchpoints: [{ ...see, stage: "nowhere" }] }, "/touchpoints/0/stage");
    await refused({ touchpoints: [see, see] }, "/touchpoints/1/id");
    await refused({ touchpoints: [{ ...see, metric: "love" }] }, "/touchpoints/0/metric");
    await refused({ touchpoints: [{ ...see, where: [{ field: "stage", is: ["x"] }] }] }, "/touchpoints/0/where/0/field");
    await refused({ touchpoints: [{ ...see, next_act: { name: "x", when: [], within: "soon" } }] }, "/touchpoints/0/next_act/within");
    await refused(
      { touchpoints: [{ ...see, required_emotion: { word: "x", metric: "ces", at_least: 9 } }] },
      "/touchpoints/0/required_emotion/at_least",
    );
    await refused({ name: "" }, "/name");
    await refused({ colour: "red" }, "/colour");
  });
});
