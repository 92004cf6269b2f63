// The inbox of voices: what customers say, from whatever source, filtered, counted and found without tone marks.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { start } from "../help/server.mjs";
import { company, said } from "../help/voices.mjs";

const list = async (client, query = "") => {
  const { status, body, text } = await client.get(`/api/v1/feedback${query}`);
  assert.equal(status, 200, text);
  return body.items;
};
const texts = (items) => items.map(({ text }) => text);

// Every row of a filter, page by page.
async function all(client, query, limit = 2) {
  const rows = [];
  for (let after = ""; ; ) {
    const page = (await client.get(`/api/v1/feedback?limit=${limit}${query}${after}`)).body;
    rows.push(...page.items);
    if (!page.next) {
      return rows;
    }
    after = `&after=${page.next}`;
  }
}

describe("the inbox", () => {
  test("holds every event with words or a score, newest first, with its source", async (t) => {
    const { owner } = await company(t);
    const items = await list(owner);
    assert.deepEqual(items.map(({ source }) => source), ["other", "complaint", "review", "survey", "survey"]);
    assert.equal(items[2].product, "Áo dài");
    assert.equal(items[2].author, "Bé Na");
    assert.equal(items[2].status, "new");
    assert.equal((await list(owner, "?has_text=any")).length, 7);
    assert.equal((await list(owner, "?has_text=false")).length, 2);
    const one = (await owner.get(`/api/v1/feedback/${items[0].id}`)).body;
    assert.equal(one.text, "The app keeps crashing");
    assert.equal((await owner.get("/api/v1/feedback/0000000000000")).status, 404);
  });

  test("pages hold every row once, whatever their size", async (t) => {
    const { owner } = await company(t);
    const whole = (await list(owner, "?has_text=any")).map(({ id }) => id);
    for (const limit of [1, 2, 3, 7]) {
      assert.deepEqual((await all(owner, "&has_text=any", limit)).map(({ id }) => id), whole);
    }
    assert.equal((await owner.get("/api/v1/feedback?after=x")).status, 422);
  });

  test("finds words without case, tone and đ, in any order, and beginnings of the last one", async (t) => {
    const { owner } = await company(t);
    const found = async (q) => texts(await list(owner, `?q=${encodeURIComponent(q)}`));
    assert.deepEqual(await found("duong ong"), ["Đường ống bị vỡ khi giao"]);
    assert.deepEqual(await found("ĐƯỜNG VỠ"), ["Đường ống bị vỡ khi giao"]);
    assert.equal((await found("giao")).length, 3);
    assert.equal((await found("gia*")).length, 3);
    assert.deepEqual(await found("nghe tong da*"), ["Giao chậm quá, gọi tổng đài không ai nghe"]);
    assert.deepEqual(await found("giao xyz"), []);
    assert.deepEqual(await found("!!!"), []);
    assert.deepEqual(await found("ia"), []);
    assert.equal((await list(owner, `?q=giao&source=complaint`)).length, 1);
  });

  test("finds a word that a picture was written to, and the picture", async (t) => {
    const server = await start(t);
    const owner = await server.owner();
    const found = async (q) => texts(await list(owner, `?q=${encodeURIComponent(q)}`));
    for (const text of ["Shop gói hàng đẹp😍😍", "ok👍🏽 sẽ ủng hộ"]) {
      assert.equal((await owner.post("/api/v1/feedback", { text, source: "other" })).status, 201);
    }
    assert.deepEqual(await found("đẹp"), ["Shop gói hàng đẹp😍😍"]);
    assert.deepEqual(await found("😍"), ["Shop gói hàng đẹp😍😍"]);
    assert.deepEqual(await found("👍 ok"), ["ok👍🏽 sẽ ủng hộ"]);
  });

  test("filters by every criterion; unknown ones and broken values are refused", async (t) => {
    const { owner } = await company(t);
    const count = async (query) => (await list(owner, `?has_text=any&${query}`)).length;
    assert.equal(await count("place=Hu%E1%BA%BF"), 2);
    assert.equal(await count("channel=email&channel=phone"), 3);
    assert.equal(await count("metric=nps&score_lte=6"), 1);
    assert.equal(await count("touchpoint=giao-hang"), 2);
    assert.equal(await count("person=user:KH-1"), 2);
    assert.equal(await count("person=user:nobody"), 0);
    assert.equal(await count("source=review"), 1);
    assert.equal(await count("scale=1-10"), 1);
    assert.equal(await count("owner=none"), 7);
    assert.equal(await count("from=2026-11-01&to=2026-11-02"), 7);
    assert.equal(await count("to=2026-11-01"), 0);
    assert.equal((await owner.get("/api/v1/feedback?from=gestern")).status, 422);
    assert.equal((await owner.get("/api/v1/feedback?topic=xyz")).status, 422);
    assert.equal((await owner.get("/api/v1/feedback?nonsense=1")).status, 400);
  });

  test("counts are the rows that the same filter opens, and scores are never pooled over scales", async (t) => {
    const { owner } = await company(t);
    for (const query of ["has_text=any", "has_text=any&q=giao", "has_text=any&person=user:KH-1", "has_text=any&place=Hu%E1%BA%BF"]) {
      const { status, body, text } = await owner.get(`/api/v1/feedback/counts?${query}`);
      assert.equal(status, 200, text);
      const rows = await all(owner, `&${query}`);
      assert.equal(body.n, rows.length, query);
      for (const facet of body.facets.filter(({ name }) => !name.startsWith("topic"))) {
        for (const { value, n } of facet.values) {
          assert.equal(n, rows.filter((row) => row[facet.name] === value).length, `${query} ${facet.name}=${value}`);
        }
        assert.equal(facet.none, rows.filter((row) => row[facet.name] == null).length, `${query} ${facet.name}`);
      }
    }
    const { scores } = (await owner.get("/api/v1/feedback/counts?has_text=any")).body;
    const nps = scores.find(({ metric }) => metric === "nps");
    assert.deepEqual([nps.n, nps.score, nps.few], [2, 0, true]);
    assert.deepEqual(scores.filter(({ metric }) => metric === "csat").map(({ scale, n }) => [scale, n]), [["1-10", 1], ["1-5", 1]]);
  });

  test("who does not see people reads neither words nor names, and cannot ask for them", async (t) => {
    const { server } = await company(t);
    const viewer = await server.user("viewer");
    const items = await list(viewer);
    assert.equal(items.length, 5);
    for (const item of items) {
      assert.equal("text" in item || "person" in item || "author" in item || "alias" in item, false);
    }
    assert.equal((await viewer.get("/api/v1/feedback?q=giao")).status, 403);
    assert.equal((await viewer.get("/api/v1/feedback/counts?person=user:KH-1")).status, 403);
    assert.equal((await viewer.get(`/api/v1/feedback/${items[0].id}/reading`)).status, 403);
  });

  test("survives a restart and is made anew by rebuild", async (t) => {
    const { server, owner, send } = await company(t);
    const before = await list(owner, "?has_text=any");
    await server.restart();
    assert.deepEqual(await list(owner, "?has_text=any"), before);
    await send([said(9, "Chat Noted", { text: "Còn hàng không shop" })]);
    await send([said(9, "Chat Noted", { text: "Còn hàng không shop" })]);
    assert.equal((await list(owner, "?has_text=any")).length, 8);
    await server.stop();
    await server.command_line("rebuild");
    await server.start();
    assert.equal((await list(owner, "?has_text=any")).length, 8);
    assert.equal((await list(owner, "?q=con hang")).length, 1);
  });

  test("an erased person leaves no word behind", async (t) => {
    const { owner } = await company(t);
    assert.equal((await owner.delete("/api/v1/people/user:KH-2")).status, 200);
    assert.equal((await list(owner, "?q=tong dai")).length, 0);
    assert.equal((await list(owner, "?has_text=any")).length, 6);
  });
});
