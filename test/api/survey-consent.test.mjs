// What people agree to under a contact question: the words they saw, once, and nothing kept without the tick.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { shared } from "../help/server.mjs";
import { document, link, nps, publish, Respondent, until } from "../help/surveys.mjs";

suite("consent in a survey", () => {
  const server = shared();
  const texts = { vi: "Tôi đồng ý để cửa hàng liên hệ.", en: "The shop may contact me." };
  let owner;

  before(async () => {
    owner = await server.owner();
    for (const purpose of ["service", "survey"]) {
      assert.equal((await owner.post("/api/v1/consent-wordings", { purpose, texts })).status, 201);
    }
  });

  const contact = (more = {}) => ({ id: "c", type: "contact", fields: ["name", "email", "phone"], purpose: "service", ...more });
  const one = async (questions = [nps("q"), contact()], more = {}, way = {}) => {
    const survey = await publish(owner, document(questions, more));
    const made = await link(owner, survey.id, way);
    return { survey, respondent: new Respondent(server, made.token) };
  };
  const answers = async (survey, response) => (await owner.get(`/api/v1/surveys/${survey.id}/responses/${response}`)).body.about.answers;
  const words = async (alias) => {
    const found = await owner.get(`/api/v1/people/${alias}/consents`);
    return found.status === 200 ? found.body.items.map(({ alias: whose, purpose, state, wording, how, evidence }) => ({ whose, purpose, state, wording, how, evidence })) : found.status;
  };

  test("the words stand beside the question, and a tick is a word of the invited person, once", async () => {
    const { survey, respondent } = await one(undefined, {}, { kind: "invitation", alias: "user:KH-1" });
    const shown = (await respondent.look()).body.survey.document.questions[1];
    assert.deepEqual(shown.agree, { version: 1, texts });
    const given = { q: 9, c: { email: "Lan@Congty.vn", consent: true, wording: 1 } };
    const done = await respondent.finish(given, { key: "k1" });
    assert.equal(done.status, 201, done.text);
    assert.equal((await respondent.finish(given, { key: "k1" })).status, 200);
    assert.deepEqual(await answers(survey, done.body.response), given);
    const said = { purpose: "service", state: "given", wording: 1, how: "survey", evidence: done.body.response };
    await until(() => words("user:KH-1"), (list) => list.length > 0);
    assert.deepEqual(await words("user:KH-1"), [{ whose: "user:KH-1", ...said }]);
  });

  test("without the tick the details are not kept, and the question counts as skipped", async () => {
    const { survey, respondent } = await one();
    for (const consent of [{}, { consent: false }]) {
      const key = JSON.stringify(consent);
      const partial = await respondent.post({ key, answers: { q: 3, c: { name: "Lan", phone: "0912345678", ...consent } } });
      assert.equal(partial.status, 201, partial.text);
      assert.deepEqual(await answers(survey, partial.body.response), { q: 3 });
      const { response, edit } = partial.body;
      const done = await respondent.post({ response, edit, finished: true, answers: { q: 3, c: { email: "lan@vidu.vn", ...consent } } });
      assert.equal(done.status, 200, done.text);
      assert.deepEqual(await answers(survey, response), { q: 3 });
    }
    const results = (await owner.get(`/api/v1/surveys/${survey.id}/results`)).body;
    assert.equal(results.questions.find(({ id }) => id === "c").answered, 0);
    const must = await one([contact({ required: true })]);
    const refused = await must.respondent.finish({ c: { email: "lan@vidu.vn" } });
    assert.deepEqual([refused.status, refused.body.errors[0].pointer], [422, "/answers/c"]);
  });

  test("a question without a purpose keeps what is written, and nobody agreed to anything", async () => {
    const { survey, respondent } = await one([contact({ purpose: undefined })], {}, { kind: "invitation", alias: "user:KH-2" });
    assert.equal((await respondent.look()).body.survey.document.questions[0].agree, undefined);
    const done = await respondent.finish({ c: { email: "lan@vidu.vn", consent: true } });
    assert.deepEqual(await answers(survey, done.body.response), { c: { email: "lan@vidu.vn", consent: true } });
    await until(() => words("user:KH-2"), (list) => Array.isArray(list));
    assert.deepEqual(await words("user:KH-2"), []);
  });

  test("unfinished answers that count carry their consent, and finishing does not say it again", async () => {
    const { respondent } = await one([contact({ purpose: "survey" }), nps("q")], { partial_after: "1s" }, { kind: "invitation", alias: "user:KH-3" });
    const first = (await respondent.post({ answers: { c: { phone: "0912 345 678", consent: true } } })).body;
    const list = await until(() => words("user:KH-3"), (found) => found.length > 0);
    assert.deepEqual([list.length, list[0].evidence, list[0].how], [1, first.response, "survey"]);
    const done = await respondent.post({ response: first.response, edit: first.edit, answers: { q: 9 }, finished: true });
    assert.equal(done.status, 200, done.text);
    assert.equal((await words("user:KH-3")).length, 1);
  });

  test("a typed address has its word, in the form the addresses of people have, and lifts no withdrawal", async () => {
    const key = await server.key(owner);
    const batch = [{ type: "identify", userId: "KH-4", traits: { email: "duc@vidu.vn", phone: "+84987654321" } }];
    assert.equal((await server.anybody({ authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` }).post("/v1/batch", { batch })).status, 200);
    await until(() => words("user:KH-4"), (list) => Array.isArray(list));
    const { respondent } = await one([contact()]);
    const tick = async () => assert.equal((await respondent.finish({ c: { email: "Duc@Vidu.vn", phone: "0987 654 321", consent: true } })).status, 201);
    await tick();
    assert.deepEqual((await words("user:KH-4")).map(({ whose, state }) => [whose, state]).sort(), [["email:duc@vidu.vn", "given"], ["phone:+84987654321", "given"]]);
    const item = { purpose: "service", state: "withdrawn", how: "call", wording: 0 };
    const withdrawn = await owner.post("/api/v1/consents", { items: [{ alias: "email:duc@vidu.vn", ...item }, { alias: "phone:+84987654321", ...item }] });
    assert.equal(withdrawn.status, 201, withdrawn.text);
    await tick();
    assert.equal((await words("user:KH-4")).filter(({ state }) => state === "given").length, 2, "anybody may type an address");
  });

  test("a purpose without words is refused at publishing, with the field named", async () => {
    const made = (await owner.post("/api/v1/surveys", { document: document([nps("q"), contact({ purpose: "research" })]) })).body;
    const problems = (await owner.get(`/api/v1/surveys/${made.id}`)).body.problems;
    assert.deepEqual(problems.map(({ pointer }) => pointer), ["/questions/1/purpose"]);
    const refused = await owner.post(`/api/v1/surveys/${made.id}/publish`, {});
    assert.deepEqual([refused.status, refused.body.errors[0].pointer], [422, "/questions/1/purpose"]);
  });
});
