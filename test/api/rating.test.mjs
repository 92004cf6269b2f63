// Stars below an article: the average and the number of votes, honest at zero, and of nothing else.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { shared } from "../help/server.mjs";
import { document, edit, link, nps, publish, Respondent } from "../help/surveys.mjs";

suite("the rating of a page", () => {
  const server = shared();
  let owner;
  before(async () => {
    owner = await server.owner();
  });
  const stars = (more = {}) => document([{ id: "q1", type: "csat", scale: "1-5", look: "stars", ...more }]);
  const rating = (token) => new Respondent(server, token).send("GET", "/rating");

  test("it says that nobody voted, then what those gave who did; a skip is no vote", async () => {
    const survey = await publish(owner, stars());
    const { token } = await link(owner, survey.id, { kind: "widget" });
    const none = await rating(token);
    assert.equal(none.status, 200, none.text);
    assert.deepEqual(none.body, { votes: 0, average: null, scale: "1-5" });
    assert.equal(none.headers["access-control-allow-origin"], "*");
    for (const score of [5, 4, 4]) assert.equal((await new Respondent(server, token).finish({ q1: score })).status, 201);
    await new Respondent(server, token).finish({});
    const { body } = await rating(token);
    assert.equal(body.votes, 3);
    assert.ok(Math.abs(body.average - 13 / 3) < 1e-9, `${body.average}`);
    assert.deepEqual((await rating(token)).body, body);
  });

  test("another link of the survey has votes of its own, and a question with another scale begins anew", async () => {
    const survey = await publish(owner, stars());
    const here = await link(owner, survey.id, { kind: "widget", name: "Bài một" });
    const there = await link(owner, survey.id, { kind: "widget", name: "Bài hai" });
    await new Respondent(server, here.token).finish({ q1: 5 });
    assert.equal((await rating(there.token)).body.votes, 0);
    await edit(owner, survey.id, stars({ scale: "1-10" }));
    await new Respondent(server, here.token).finish({ q1: 9 });
    assert.deepEqual((await rating(here.token)).body, { votes: 1, average: 9, scale: "1-10" });
  });

  test("what other surveys and links found out is not shown", async () => {
    const survey = await publish(owner, stars());
    const plain = await link(owner, survey.id);
    const other = await publish(owner, document([nps("q1")]));
    const widget = await link(owner, other.id, { kind: "widget" });
    for (const { token } of [plain, widget, { token: "nothing-of-the-kind-here" }]) assert.equal((await rating(token)).status, 404);
  });
});
