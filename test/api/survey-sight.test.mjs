// Who sees what of a survey: words, addresses of links, places and departments.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { shared } from "../help/server.mjs";
import { both, document, link, nps, options, publish, Respondent } from "../help/surveys.mjs";

const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");

suite("sight of surveys", () => {
  const server = shared();
  let owner, viewer, analyst;

  before(async () => {
    owner = await server.owner();
    viewer = await server.user("viewer");
    analyst = await server.user("analyst");
  });

  test("who does not see people reads nothing that somebody wrote, and cannot guess it", async () => {
    const own = options("a", "b");
    own.push({ id: "x", label: both("Khác", "Other"), other: true });
    const survey = await publish(owner, document([
      nps("n"),
      { id: "one", type: "single", options: own },
      { id: "many", type: "multiple", options: own },
      { id: "words", type: "text" },
      { id: "who", type: "contact", fields: ["name"] },
      { id: "file", type: "file" },
    ]));
    const respondent = new Respondent(server, (await link(owner, survey.id, { hidden: { clerk: "CANARY clerk" } })).token);
    const { file } = (await respondent.file(png, "CANARY.png")).body;
    const answers = { n: 9, one: { option: "x", other: "CANARY one" }, many: ["a", { option: "x", other: "CANARY many" }],
      words: "CANARY words", who: { name: "CANARY name" }, file: [file] };
    const done = await respondent.finish(answers, { hidden: { order: "CANARY order" } });
    assert.equal(done.status, 201, done.text);
    const at = `/api/v1/surveys/${survey.id}`;
    for (const target of ["/responses", `/responses/${done.body.response}`, "/responses.csv", "/links"]) {
      assert.match((await owner.get(at + target)).text, /CANARY/, target);
      const seen = await viewer.get(at + target);
      assert.equal(seen.status, 200, target);
      assert.doesNotMatch(seen.text, /CANARY/, target);
    }
    const [item] = (await viewer.get(`${at}/responses`)).body.items;
    assert.deepEqual(item.answers, { n: 9, one: "x", many: ["a", "x"] });
    const found = async (client) => (await client.get(`${at}/responses?question=words&answer=CANARY%20words`)).body.items.length;
    assert.deepEqual([await found(owner), await found(viewer)], [1, 0]);
    assert.equal((await viewer.get(`${at}/responses?question=one&answer=x`)).body.items.length, 1);
  });
});
