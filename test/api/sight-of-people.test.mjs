// Whoever is limited to places or departments meets nobody else's customers: not among what is sent, not in runs of rules, not in
// studies, and changes nothing about them.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { shared } from "../help/server.mjs";
import { document, nps, publish, until } from "../help/surveys.mjs";

const places = { "KH-HUE": "Huế", "KH-HN": "Hà Nội", "KH-HUE2": "Huế" };

suite("sight of people who are written to", () => {
  const server = shared({ env: { CHAM_OUTBOUND_ALLOW: "127.0.0.1" } });
  const limited = {};
  let owner, survey, rule, study;

  const user = async (role, name, to) => {
    const email = `${name}@example.vn`;
    const client = await server.user(role, email);
    const { id } = (await owner.get("/api/v1/users")).body.items.find((one) => one.email === email);
    assert.equal((await owner.patch(`/api/v1/users/${id}`, to)).status, 200);
    limited[name] = client;
  };

  before(async () => {
    owner = await server.owner();
    const secret = await server.key(owner);
    const shop = server.anybody({ authorization: `Basic ${Buffer.from(`${secret}:`).toString("base64")}` });
    const identify = Object.keys(places).map((userId) => ({ type: "identify", userId, traits: { name: `CANARY ${userId}`, email: `${userId.toLowerCase()}@vidu.vn` } }));
    await shop.post("/v1/batch", { batch: identify });
    const journey = await owner.post("/api/v1/journeys", { name: "Mua hàng", template: "empty" });
    const touchpoint = (id, department, place) => ({ id, name: id, stage: "sau", department, where: [{ field: "place", is: [place] }] });
    const map = { ...journey.body, stages: [{ id: "sau", name: "Sau bán" }], touchpoints: [touchpoint("kho", "Kho", "Huế"), touchpoint("quay", "Bán lẻ", "Hà Nội")] };
    assert.equal((await owner.put(`/api/v1/journeys/${journey.body.id}/draft`, map)).status, 200);
    assert.equal((await owner.post(`/api/v1/journeys/${journey.body.id}/publish?from=beginning`)).status, 200);
    await owner.post("/api/v1/consent-wordings", { purpose: "survey", texts: { vi: "Tôi đồng ý." } });
    const tried = await owner.post("/api/v1/rules", { name: "Sau giao hàng", on: true, when: { event: [{ field: "kind", is: ["Order Delivered"] }] },
      then: [{ do: "notify", role: "agent", text: "x" }] });
    assert.equal(tried.status, 201, tried.text);
    rule = tried.body.id;
    for (const userId of Object.keys(places)) {
      await shop.post("/v1/track", { userId, event: "Order Delivered", properties: { place: places[userId] } });
    }
    await shop.post("/v1/track", { anonymousId: "khach-vang-lai", event: "Order Delivered", properties: { place: "Đà Nẵng" } });
    await until(async () => (await owner.get(`/api/v1/rules/${rule}/runs`)).body.items.filter(({ outcome }) => outcome === "fired").length, (n) => n >= 3);
    survey = (await publish(owner, document([nps("n")]))).id;
    const people = Object.keys(places).map((id) => `user:${id}`);
    assert.equal((await owner.post(`/api/v1/surveys/${survey}/invitations`, { people })).status, 202);
    await until(async () => (await owner.get("/api/v1/sends?state=refused")).body.items.length, (n) => n === 3);
    study = (await owner.post("/api/v1/studies", { name: "Vì sao đổi trả", status: "running" })).body.id;
    for (const person of people) {
      assert.equal((await owner.post(`/api/v1/studies/${study}/people`, { person, state: "invited" })).status, 200);
    }
    await user("manager", "hue", { places: ["Huế"] });
    await user("manager", "kho", { departments: ["Kho"] });
    await user("agent", "hue-agent", { places: ["Huế"] });
    await user("manager", "vinh", { places: ["Vinh"] });
  });

  const names = (answer) => {
    assert.equal(answer.status, 200, answer.text);
    return answer.body.items.map((item) => item.person_name ?? item.name).sort();
  };
  const ours = ["CANARY KH-HUE", "CANARY KH-HUE2"];

  test("lists name those of the asker's places and departments alone", async () => {
    const targets = ["/api/v1/sends", `/api/v1/surveys/${survey}/invitations`, `/api/v1/studies/${study}/people`];
    for (const target of targets) {
      assert.equal(names(await owner.get(target)).length, 3, target);
      for (const who of ["hue", "kho", "hue-agent"]) {
        assert.deepEqual(names(await limited[who].get(target)), ours, `${who} ${target}`);
      }
      assert.deepEqual(names(await limited.vinh.get(target)), [], target);
    }
    const runs = `/api/v1/rules/${rule}/runs`;
    assert.equal((await owner.get(runs)).body.items.length, 4);
    assert.deepEqual(names(await limited.hue.get(runs)), ours);
    assert.deepEqual(names(await limited.kho.get(runs)), ours);
    assert.deepEqual(names(await limited.vinh.get(runs)), []);
    assert.equal((await limited.hue.get(`/api/v1/rules/${rule}/figures`)).status, 403, "they count everybody");
  });

  test("pages go on over what is not shown, to the end", async () => {
    for (const target of ["/api/v1/sends", `/api/v1/surveys/${survey}/invitations`, `/api/v1/rules/${rule}/runs`]) {
      const found = [];
      let after = "";
      for (let page = 0; page < 6; page++) {
        const { body } = await limited.hue.get(`${target}?limit=1${after}`);
        found.push(...body.items.map(({ person_name }) => person_name));
        if (!body.next) {
          break;
        }
        assert.equal(body.items.length, 1, "a page without anybody is passed over");
        after = `&after=${body.next}`;
      }
      assert.deepEqual(found.sort(), ours, target);
    }
  });

  test("what is sent to others can neither be taken back nor tried again", async () => {
    const { items } = (await owner.get("/api/v1/sends")).body;
    const theirs = items.find(({ person_name }) => person_name === "CANARY KH-HN");
    const own = items.find(({ person_name }) => person_name === "CANARY KH-HUE");
    for (const what of ["cancel", "retry"]) {
      assert.equal((await limited.hue.post(`/api/v1/sends/${theirs.id}/${what}`)).status, 404, what);
      assert.equal((await limited.hue.post(`/api/v1/sends/${own.id}/${what}`)).status, 409, what);
      assert.equal((await owner.post(`/api/v1/sends/${theirs.id}/${what}`)).status, 409, what);
      assert.equal((await owner.post(`/api/v1/sends/00000000000000000000000000/${what}`)).status, 404, what);
    }
  });

  test("studies take and show only people of one's own, and their notes", async () => {
    const at = `/api/v1/studies/${study}`;
    for (const person of ["user:KH-HN", "kh-hn@vidu.vn", "user:NOBODY"]) {
      const refused = await limited["hue-agent"].post(`${at}/people`, { person, state: "declined" });
      assert.deepEqual([refused.status, refused.body?.errors?.[0]?.pointer], [422, "/person"], refused.text);
      assert.equal((await limited["hue-agent"].post(`${at}/notes`, { person, text: "Lời ai đó" })).status, 422);
    }
    const put = await limited["hue-agent"].post(`${at}/people`, { person: "user:KH-HUE", state: "agreed" });
    assert.deepEqual(names(put), ours);
    assert.equal((await owner.get(`${at}/people`)).body.items.find(({ name }) => name === "CANARY KH-HN").state, "invited");
    await owner.post("/api/v1/consent-wordings", { purpose: "research", texts: { vi: "Tôi đồng ý." } });
    const word = { alias: "user:KH-HN", purpose: "research", state: "given", how: "form", wording: 1, at_ms: Date.now() - 1000 };
    assert.equal((await owner.post("/api/v1/consents", { items: [word] })).status, 201);
    const note = await owner.post(`${at}/notes`, { person: "user:KH-HN", text: "CANARY lời riêng" });
    assert.equal(note.status, 201, note.text);
    const coded = await owner.post(`${at}/passages`, { note: note.body.id, quote: "CANARY lời", code: "CANARY mã" });
    assert.equal(coded.status, 201, coded.text);
    assert.doesNotMatch((await limited.hue.get(`${at}/passages`)).text, /CANARY/);
    assert.equal((await limited.hue.delete(`${at}/passages/${coded.body.id}`)).status, 404);
    assert.match((await owner.get(`${at}/passages`)).text, /CANARY mã/);
    assert.equal((await owner.delete(`${at}/passages/${coded.body.id}`)).status, 204);
  });
});
