// Awareness of what was done: the survey that a proposal names, before and after people were told.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { shared } from "../help/server.mjs";
import { both, document, link, nps, publish, Respondent } from "../help/surveys.mjs";

const knew = { id: "knew", type: "single", title: both("Bạn có biết không?"), adjective: "awareness",
  options: ["yes", "no", "unsure"].map((id) => ({ id, label: both(id) })) };
const some = { title: "Nhắn trước khi trễ", decision: "Duyệt", state: "approved", pains: [] };

suite("awareness", () => {
  const server = shared();
  let owner;
  before(async () => {
    owner = await server.owner();
  });

  const make = async (survey) => (await owner.post("/api/v1/proposals", { ...some, survey })).body.id;
  const read = async (id) => {
    const { status, body, text } = await owner.get(`/api/v1/proposals/${id}/awareness`);
    assert.equal(status, 200, text);
    return body;
  };
  const answer = async (token, answers, from) => {
    const respondent = new Respondent(server, token);
    for (const [i, id] of answers.entries()) {
      const sent = await respondent.finish({ [knew.id]: id }, { key: `${from}${i}` });
      assert.equal(sent.status, 201, sent.text);
    }
  };

  test("who knew is counted before and after, with intervals and the difference", async () => {
    const survey = await publish(owner, document([nps("n"), knew]));
    const way = await link(owner, survey.id);
    const id = await make(survey.id);
    const nobody = await read(id);
    assert.deepEqual([nobody.question, nobody.before.answers, nobody.before.share, nobody.change, nobody.since_ms], ["knew", 0, null, null, null]);
    await answer(way.token, ["no", "no", "unsure", "yes", null], "a");
    const all = await read(id);
    assert.deepEqual([all.before.answers, all.before.knew, all.after.answers], [4, 1, 0], "without a border all is before, and a skip is no answer");
    const done = await owner.put(`/api/v1/proposals/${id}`, { ...some, survey: survey.id, state: "done" });
    assert.equal(done.status, 200, done.text);
    await answer(way.token, ["yes", "yes", "no"], "b");
    const { since_ms, before: first, after, change, change_low, change_high } = await read(id);
    assert.equal(since_ms, done.body.done_ms);
    assert.deepEqual([first.answers, first.knew, first.share, first.few], [4, 1, 0.25, true]);
    assert.deepEqual([after.answers, after.knew], [3, 2]);
    assert.ok(Math.abs(change - (2 / 3 - 1 / 4)) < 1e-9 && change_low < change && change < change_high);
    // Wilson (1927) for 1 of 4.
    assert.ok(Math.abs(first.low - 0.0456) < 5e-4 && Math.abs(first.high - 0.6994) < 5e-4, JSON.stringify(first));
  });

  test("a survey without such a question says so; without a survey there is nothing", async () => {
    const survey = await publish(owner, document([nps("n"), { ...knew, adjective: "love" }]));
    assert.deepEqual([(await read(await make(survey.id))).question], [""]);
    for (const wrong of ["", "nonsense", "0000000000011"]) {
      assert.equal((await owner.get(`/api/v1/proposals/${await make(wrong)}/awareness`)).status, 404);
    }
  });

  test("answers of other places stay out of sight", async () => {
    const survey = await publish(owner, document([knew]));
    const here = await link(owner, survey.id, { place: "Huế" });
    const there = await link(owner, survey.id, { place: "Vinh" });
    await answer(here.token, ["yes"], "c");
    await answer(there.token, ["no", "no"], "d");
    const id = await make(survey.id);
    const manager = await server.user("manager", "hue@example.vn");
    const { id: user } = (await owner.get("/api/v1/users")).body.items.find(({ email }) => email === "hue@example.vn");
    assert.equal((await owner.patch(`/api/v1/users/${user}`, { places: ["Huế"] })).status, 200);
    const seen = await manager.get(`/api/v1/proposals/${id}/awareness`);
    assert.deepEqual([seen.status, seen.body.before.answers, seen.body.before.knew], [200, 1, 1]);
    assert.equal((await read(id)).before.answers, 3);
  });
});
