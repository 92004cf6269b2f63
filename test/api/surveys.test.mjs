// Surveys: drafts, versions, links, and answers on their way in.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { shared } from "../help/server.mjs";
import { both, document, edit, link, nps, options, publish, Respondent, until } from "../help/surveys.mjs";

suite("surveys", () => {
  const server = shared();
  let owner;

  before(async () => {
    owner = await server.owner();
    assert.equal((await owner.post("/api/v1/consent-wordings", { purpose: "service", texts: both("Tôi đồng ý để được liên hệ.", "You may contact me.") })).status, 201);
  });

  test("a draft is saved while it is unfinished, and says what is missing", async () => {
    const made = await owner.post("/api/v1/surveys", { document: { languages: ["vi", "en"], name: "", questions: [{ id: "q1", type: "nps" }] } });
    assert.equal(made.status, 201, made.text);
    assert.equal(made.body.state, "draft");
    const pointers = made.body.problems.map(({ pointer }) => pointer);
    assert.ok(pointers.includes("/questions/0/title/vi"), pointers.join());
    assert.ok(pointers.includes("/questions/0/title/en"), pointers.join());
    const refused = await owner.post(`/api/v1/surveys/${made.body.id}/publish`, {});
    assert.equal(refused.status, 422, refused.text);
    assert.equal(refused.body.errors[0].pointer, pointers[0]);
    const early = await owner.post(`/api/v1/surveys/${made.body.id}/links`, { kind: "link" });
    assert.equal(early.status, 409, early.text);
  });

  test("a draft is written under its etag", async () => {
    const made = (await owner.post("/api/v1/surveys", { document: document([nps("q1")]) })).body;
    const mine = await owner.put(`/api/v1/surveys/${made.id}/draft`, document([nps("q1"), nps("q2")]), { "if-match": `"${made.etag}"` });
    assert.equal(mine.status, 200, mine.text);
    const late = await owner.put(`/api/v1/surveys/${made.id}/draft`, document([nps("q1")]), { "if-match": `"${made.etag}"` });
    assert.equal(late.status, 412);
  });

  test("a missing translation is refused at publication with its field", async () => {
    const made = (await owner.post("/api/v1/surveys", { document: document([{ ...nps("q1"), help: { vi: "Giúp" } }]) })).body;
    const refused = await owner.post(`/api/v1/surveys/${made.id}/publish`, {});
    assert.equal(refused.status, 422);
    assert.equal(refused.body.errors[0].pointer, "/questions/0/help/en");
  });

  test("who opens a link sees the questions and nothing internal", async () => {
    const body = document([nps("q1", { bank: "nps.recommend", touchpoint: "secret-touchpoint" })], {
      name: "internal-name",
      touchpoint: "secret-touchpoint",
      quotas: [{ name: "secret-quota", most: 5, to: "end:thanks" }],
    });
    const survey = await publish(owner, body);
    const there = await new Respondent(server, (await link(owner, survey.id)).token).look();
    assert.equal(there.status, 200, there.text);
    assert.equal(there.body.state, "open");
    assert.equal(there.body.survey.document.questions[0].title.vi, "Câu q1");
    assert.doesNotMatch(there.text, /internal-name|secret|series|quota|bank/);
    assert.equal(there.headers["access-control-allow-origin"], "*");
    assert.equal(there.headers["access-control-allow-credentials"], undefined);
  });

  test("answers are taken step by step and finished once", async () => {
    const survey = await publish(owner, document([nps("q1", { required: true }), { id: "q2", type: "text" }]));
    const respondent = new Respondent(server, (await link(owner, survey.id)).token);
    const first = await respondent.post({ answers: { q1: 9 }, seen: ["q1"], ms: { q1: 1200 } });
    assert.equal(first.status, 201, first.text);
    assert.equal(first.body.state, "partial");
    const edit_ = { response: first.body.response, edit: first.body.edit };
    const kept = await respondent.look({ "x-edit": first.body.edit });
    assert.deepEqual(kept.body.answers, { q1: 9 });
    const done = await respondent.post({ ...edit_, answers: { q1: 9, q2: "Tốt" }, finished: true });
    assert.equal(done.status, 200, done.text);
    assert.deepEqual([done.body.state, done.body.end], ["finished", "thanks"]);
    assert.equal((await respondent.post({ ...edit_, answers: { q1: 0 } })).status, 409);
    assert.equal((await respondent.post({ response: first.body.response, answers: { q1: 0 } })).status, 403);
    const asked = await owner.post("/api/v1/ask", { ask: "score", metric: "nps", where: [{ field: "question", is: [`${survey.id}.q1`] }] });
    assert.equal(asked.status, 200, asked.text);
    assert.deepEqual([asked.body.rows[0].n, asked.body.rows[0].score], [1, 100]);
  });

  test("the same submission sent again under its key is the same response", async () => {
    const survey = await publish(owner, document([nps("q1")]));
    const respondent = new Respondent(server, (await link(owner, survey.id)).token);
    const first = await respondent.finish({ q1: 3 }, { key: "k-1" });
    const again = await respondent.finish({ q1: 3 }, { key: "k-1" });
    assert.deepEqual([first.status, again.status], [201, 200], again.text);
    assert.equal(first.body.response, again.body.response);
    const shown = (await owner.get(`/api/v1/surveys/${survey.id}`)).body;
    assert.equal(shown.finished, 1);
  });

  test("a new version is published and answers keep theirs", async () => {
    const survey = await publish(owner, document([nps("q1")]));
    const respondent = new Respondent(server, (await link(owner, survey.id)).token);
    const old = await respondent.look();
    const next = await edit(owner, survey.id, document([nps("q1", { title: both("Câu khác hẳn", "Another question") })]));
    assert.equal(next.version, 2);
    assert.equal((await respondent.finish({ q1: 1 }, { version: old.body.survey.version })).status, 201);
    assert.equal((await respondent.finish({ q1: 10 })).status, 201);
    const versions = (await owner.get(`/api/v1/surveys/${survey.id}/versions`)).body.items;
    assert.deepEqual(versions.map(({ version, responses }) => [version, responses]), [[1, 1], [2, 1]]);
    const series = async (n) => (await owner.get(`/api/v1/surveys/${survey.id}/versions/${n}`)).body.document.questions[0].series;
    assert.deepEqual([await series(1), await series(2)], [`${survey.id}.q1`, `${survey.id}.q1.2`]);
  });

  test("the bank is in two languages, and its templates can be published", async () => {
    const { items } = (await owner.get("/api/v1/question-bank")).body;
    assert.ok(items.length >= 40);
    for (const item of items) {
      for (const language of ["vi", "en"]) {
        assert.ok(item.question.title[language], item.key);
      }
    }
    const templates = (await owner.get("/api/v1/survey-templates")).body.items;
    for (const template of templates) {
      const survey = await publish(owner, template.document);
      const version = (await owner.get(`/api/v1/surveys/${survey.id}/versions/1`)).body;
      for (const question of version.document.questions.filter(({ bank }) => bank)) {
        assert.equal(question.series, question.bank, template.key);
      }
    }
  });

  test("state decides who gets in", async () => {
    const survey = await publish(owner, document([nps("q1")]));
    const way = await link(owner, survey.id);
    const respondent = new Respondent(server, way.token);
    for (const [state, status] of [["paused", 409], ["closed", 410], ["archived", 404], ["open", 201]]) {
      assert.equal((await owner.post(`/api/v1/surveys/${survey.id}/state`, { state })).status, 200);
      assert.equal((await respondent.finish({ q1: 5 })).status, status, state);
    }
    await owner.patch(`/api/v1/surveys/${survey.id}/links/${way.id}`, { paused: true });
    assert.equal((await respondent.finish({ q1: 5 })).status, 409);
    assert.equal((await respondent.look()).body.state, "paused");
  });

  test("a choice, an emotion and a reversed effort become events with their props", async () => {
    const survey = await publish(
      owner,
      document([
        { id: "c", type: "single", options: [...options("a", "b"), { id: "x", label: both("Khác"), other: true }] },
        { id: "e", type: "emotion", target: "yên tâm" },
        { id: "h", type: "ces", reversed: true },
      ]),
    );
    const respondent = new Respondent(server, (await link(owner, survey.id, { place: "Quận 1", hidden: { plan: "vip" } })).token);
    const sent = await respondent.finish({ c: { option: "x", other: "thứ khác" }, e: { emotion: "joy", strength: 3 }, h: 2 });
    assert.equal(sent.status, 201, sent.text);
    const found = await until(
      () => owner.post("/api/v1/ask", { ask: "score", metric: "ces", where: [{ field: "question", is: [`${survey.id}.h`] }] }),
      ({ body }) => body.rows[0]?.n === 1,
    );
    assert.equal(found.body.rows[0].mean ?? found.body.rows[0].score, 6);
    const rows = await owner.post("/api/v1/ask", { ask: "count", of: "events", where: [{ field: "prop:plan", is: ["vip"] }], by: ["place"] });
    assert.equal(rows.body.rows[0].events, 3, rows.text);
  });

  test("what a kiosk was answered in time is taken after its link has expired and its survey was closed", async () => {
    const survey = await publish(owner, document([nps("q1")]));
    const state = async (to) => assert.equal((await owner.post(`/api/v1/surveys/${survey.id}/state`, { state: to })).status, 200);
    const by = async (kind, more = {}) => new Respondent(server, (await link(owner, survey.id, { kind, ...more })).token);
    const early = Date.now() - 5000;
    const send = async (who, key, at_ms) => (await who.finish({ q1: 9 }, { key, at_ms })).status;
    const [kiosk, open] = [await by("kiosk", { pin: "2580" }), await by("link")];
    const ending = await by("kiosk", { expires_ms: Date.now() + 400 });
    const guess = async (pin) => (await kiosk.finish({ q1: 9 }, { key: `guess ${pin}`, at_ms: early, pin })).status;
    const told = async (key, at_ms) => (await kiosk.finish({ q1: 9 }, { key, at_ms, pin: "2580" })).status;

    await until(() => ending.look(), ({ body }) => body.state === "expired");
    assert.equal(await send(ending, "now"), 410);
    assert.equal(await send(ending, "before it expired", early), 201);
    assert.equal(await send(ending, "after it expired", Date.now()), 410);

    await state("paused");
    assert.equal(await told("paused", early), 409, "to be sent again");
    await state("open");
    assert.equal(await told("paused", early), 201);

    await state("closed");
    assert.equal(await told("now", undefined), 410);
    assert.equal(await told("after", Date.now()), 410);
    assert.equal(await told("before", early), 201);
    assert.equal(await send(open, "no kiosk", early), 410, "the time of a kiosk only");
    assert.equal(await guess("0000"), 403, "its PIN is still asked for");
    await state("closed");
    await state("archived");
    assert.equal(await told("before, archived", early), 201);
    assert.equal(await told("archived", Date.now()), 404);
    await until(() => owner.get(`/api/v1/surveys/${survey.id}/responses`), ({ body }) => body.items.filter((each) => each.channel === "kiosk").length >= 4);
  });
});
