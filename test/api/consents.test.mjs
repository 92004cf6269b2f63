// What people agreed to, over HTTP: recorded with the words that were shown, never changed, the newest word counts.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { start } from "../help/server.mjs";

const batch = [
  { type: "identify", userId: "KH-1", traits: { name: "Hoàng Thị Lan", email: "lan@vidu.vn" } },
  { type: "identify", userId: "KH-2", traits: { name: "Trần Văn Đức", email: "duc@vidu.vn" } },
];

async function company(t) {
  const server = await start(t);
  const owner = await server.owner();
  const key = await server.key(owner);
  const sent = await server.anybody({ authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` }).post("/v1/batch", { batch });
  assert.equal(sent.status, 200, sent.text);
  const worded = await owner.post("/api/v1/consent-wordings", { purpose: "survey", texts: { vi: "Tôi đồng ý nhận khảo sát.", en: "You may send me surveys." } });
  assert.equal(worded.status, 201, worded.text);
  assert.equal(worded.body.version, 1);
  return { server, owner };
}

const given = { purpose: "survey", state: "given", wording: 1, how: "form" };

describe("consents", () => {
  test("are recorded with purpose, wording, how, when and by whom", async (t) => {
    const { owner } = await company(t);
    const said = await owner.post("/api/v1/people/user:KH-1/consents", { ...given, evidence: "phiếu 12", at_ms: Date.parse("2026-01-02") });
    assert.equal(said.status, 201, said.text);
    const { items } = (await owner.get("/api/v1/people/user:KH-1/consents")).body;
    assert.equal(items.length, 1);
    const { alias, purpose, state, wording, channel, how, evidence, at_ms, by } = items[0];
    assert.deepEqual({ alias, purpose, state, wording, channel, how, evidence, at_ms, by },
      { alias: "user:KH-1", purpose: "survey", state: "given", wording: 1, channel: null, how: "form", evidence: "phiếu 12",
        at_ms: Date.parse("2026-01-02"), by: owner.email });
    assert.deepEqual((await owner.get("/api/v1/people/user:KH-2/consents")).body.items, []);
  });

  test("are never changed: another word comes on top", async (t) => {
    const { owner } = await company(t);
    await owner.post("/api/v1/people/user:KH-1/consents", given);
    const out = await owner.post("/api/v1/people/user:KH-1/consents", { purpose: "survey", state: "withdrawn", how: "call", channel: "email" });
    assert.equal(out.status, 201, out.text);
    const { items } = (await owner.get("/api/v1/people/user:KH-1/consents")).body;
    assert.deepEqual(items.map(({ state, channel }) => [state, channel]), [["withdrawn", "email"], ["given", null]]);
  });

  test("need words that exist, a time that has been and an id of the person", async (t) => {
    const { owner } = await company(t);
    const post = (more) => owner.post("/api/v1/people/user:KH-1/consents", { ...given, ...more });
    for (const [more, pointer] of [
      [{ wording: 2 }, "/wording"],
      [{ wording: 0 }, "/wording"],
      [{ purpose: "marketing" }, "/wording"],
      [{ at_ms: Date.now() + 3600_000 }, "/at_ms"],
      [{ alias: "user:KH-2" }, "/alias"],
      [{ purpose: "anything" }, "/purpose"],
    ]) {
      const answer = await post(more);
      assert.equal(answer.status, 422, JSON.stringify(more));
      assert.equal(answer.body.errors?.[0]?.pointer ?? answer.body.pointer, pointer, answer.text);
    }
    assert.equal((await owner.post("/api/v1/people/user:NONE/consents", given)).status, 404);
  });

  test("come as a list from elsewhere: all of them or none", async (t) => {
    const { owner } = await company(t);
    const at_ms = Date.now() - 86_400_000;
    const items = [{ alias: "user:KH-1", ...given, at_ms }, { alias: "user:KH-2", ...given, at_ms, wording: 9 }];
    assert.equal((await owner.post("/api/v1/consents", { items })).status, 422);
    assert.deepEqual((await owner.get("/api/v1/people/user:KH-1/consents")).body.items, []);
    items[1].wording = 1;
    const done = await owner.post("/api/v1/consents", { items });
    assert.equal(done.status, 201, done.text);
    assert.equal(done.body.recorded, 2);
    assert.equal((await owner.get("/api/v1/people/user:KH-2/consents")).body.items.length, 1);
  });

  test("of a list are words of the person however the address is written; what is no address is refused", async (t) => {
    const { owner } = await company(t);
    const withdrawn = (alias) => owner.post("/api/v1/consents", { items: [{ alias, purpose: "survey", state: "withdrawn", how: "import" }] });
    for (const alias of ["email:LAN@Vidu.vn", "email: lan@vidu.vn", "user: KH-1"]) {
      assert.equal((await withdrawn(alias)).status, 201, alias);
    }
    const { items } = (await owner.get("/api/v1/people/user:KH-1/consents")).body;
    assert.deepEqual(items.map(({ alias }) => alias).sort(), ["email:lan@vidu.vn", "email:lan@vidu.vn", "user:KH-1"]);
    for (const alias of ["mail:lan@vidu.vn", "email:lan", "phone:12", "KH-1"]) {
      const refused = await withdrawn(alias);
      assert.equal(refused.status, 422, alias);
      assert.equal(refused.body.errors[0].pointer, "/items/0/alias");
    }
  });

  test("of a list do not undo what somebody withdrew since: it says when each agreed", async (t) => {
    const { owner } = await company(t);
    const { at_ms: _, ...said } = given;
    const refused = await owner.post("/api/v1/consents", { items: [{ alias: "user:KH-1", ...said }] });
    assert.equal(refused.status, 422);
    assert.match(refused.body.errors[0].pointer, /\/items\/0\/at_ms$/);
    await owner.post("/api/v1/people/user:KH-1/consents", { ...said, state: "withdrawn", how: "call" });
    const old = { alias: "user:KH-1", ...said, how: "import", at_ms: Date.now() - 86_400_000 };
    assert.equal((await owner.post("/api/v1/consents", { items: [old] })).status, 201);
    const { items } = (await owner.get("/api/v1/people/user:KH-1/consents")).body;
    assert.equal(items.length, 2);
    assert.equal(items[0].state, "withdrawn");
  });

  test("have wordings that get new versions and stay as they were", async (t) => {
    const { owner } = await company(t);
    assert.equal((await owner.post("/api/v1/consent-wordings", { purpose: "survey", texts: {} })).status, 422);
    assert.equal((await owner.post("/api/v1/consent-wordings", { purpose: "survey", texts: { fr: "Oui" } })).status, 422);
    assert.equal((await owner.post("/api/v1/consent-wordings", { purpose: "survey", texts: { vi: "Lời khác" } })).body.version, 2);
    const { items } = (await owner.get("/api/v1/consent-wordings")).body;
    assert.deepEqual(items.map(({ version, texts }) => [version, texts.vi]), [[2, "Lời khác"], [1, "Tôi đồng ý nhận khảo sát."]]);
  });

  test("go with the person who is erased", async (t) => {
    const { owner } = await company(t);
    await owner.post("/api/v1/people/user:KH-1/consents", { ...given, evidence: "CANARY" });
    assert.equal((await owner.delete("/api/v1/people/user:KH-1")).status, 200);
    const { items } = (await owner.get("/api/v1/people?q=lan")).body;
    assert.deepEqual(items, []);
  });
});
