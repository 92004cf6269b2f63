// Texts that mean something to SQL, to templates or to a shell are plain text wherever a question carries them: words, names and
// values of properties, metrics, questions, cursors. With the large stores every one of them becomes part of a statement.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { shared } from "../help/server.mjs";
import { tell } from "../help/told.mjs";

const texts = [
  "it's", "''", "a\\", "a\\'", "a' OR 1=1 --", "x'); DROP TABLE events; --", "/* c */", "-- c", "{where}", ":wanted", "%27%00", '"q"', "`t`",
  "\\x27", "\\N", "\\0", "${1}", "$1", "?", "NULL", "nan", "-5", "+5", "5", "5.0", "1e999", "toString(1)", "a\u2028b", "Huế", "ﬁ", "𝒳", "a\u0001b", "percent % s", "(SELECT 1)",
];
const names = ["it's", "a\\", "x'] OR 1 --", "{name}", ":name", "q\"q", "`t`"];

// The k-th text is sent k + 1 times, each time by somebody else.
const rows = texts.flatMap((text, k) =>
  Array.from({ length: k + 1 }, (_, i) => ({
    who: `${text}#${i}`,
    at: `2026-01-${String((k % 28) + 1).padStart(2, "0")}T08:00`,
    kind: text,
    channel: text,
    place: text,
    question: text,
    score: String(k % 8),
    ...Object.fromEntries(names.map((name) => [name, text])),
  })),
);
const map = {
  user: "who",
  at: { column: "at", format: "iso", zone: "Asia/Ho_Chi_Minh" },
  kind: "kind",
  channel: "channel",
  place: "place",
  props: names,
};

suite("texts that mean something elsewhere", () => {
  const server = shared();
  let owner;

  before(async () => {
    owner = await server.owner();
    await tell(owner, rows, map, "hostile.csv");
  });

  const ask = async (question) => {
    const { status, body, text } = await owner.post("/api/v1/ask", question);
    assert.equal(status, 200, text);
    return body.rows;
  };
  const counts = (rows, name) => Object.fromEntries(rows.map((row) => [row[name], row.events]));
  const expected = Object.fromEntries(texts.map((text, k) => [text, k + 1]));

  test("each is a group of its own, whatever the field", async () => {
    for (const field of ["kind", "channel", "place", ...names.map((name) => `prop:${name}`)]) {
      assert.deepEqual(counts(await ask({ ask: "count", by: [field] }), field), expected, field);
    }
  });

  test("a condition finds it and nothing else", async () => {
    for (const [k, text] of texts.entries()) {
      for (const field of ["kind", "prop:it's", "prop:{name}"]) {
        const [row] = await ask({ ask: "count", where: { field, is: text } });
        assert.equal(row.events, k + 1, `${field} is ${text}`);
        const [rest] = await ask({ ask: "count", where: { field, is_not: [text, null] } });
        assert.equal(rest.events, rows.length - k - 1, `${field} is not ${text}`);
      }
      const [some] = await ask({ ask: "count", where: { field: "channel", contains: text } });
      const holding = texts.reduce((sum, other, i) => sum + (other.includes(text) ? i + 1 : 0), 0);
      assert.equal(some.events, holding, `contains ${text}`);
    }
  });

  test("order is that of the bytes", async () => {
    const bytes = (text) => Buffer.from(text);
    for (const text of ["it's", "\\x27", "{where}", "Huế"]) {
      const [row] = await ask({ ask: "count", where: { field: "place", gt: text } });
      const above = texts.reduce((sum, other, i) => sum + (bytes(other).compare(bytes(text)) > 0 ? i + 1 : 0), 0);
      assert.equal(row.events, above, text);
    }
  });

  test("numbers equal numbers only where the text is one", async () => {
    const [row] = await ask({ ask: "count", where: { field: "kind", is: 5 } });
    const fives = ["+5", "5", "5.0"].reduce((sum, text) => sum + expected[text], 0);
    assert.equal(row.events, fives);
    const far = Array.from({ length: 900 }, (_, i) => 1000.5 + i);
    for (const field of ["kind", "prop:it's"]) {
      const many = async (list) => (await ask({ ask: "count", where: { field, is: [...far, ...list] } }))[0].events;
      assert.equal(await many([5.0000000002, -5]), fives + expected["-5"], field);
      assert.equal(await many([5.00000001]), 0, field);
      assert.equal(await many(["nan", "1e999", null]), expected.nan + expected["1e999"], field);
    }
  });

  test("steps, nodes, histories, unknown metrics and scopes carry them", async () => {
    for (const text of texts) {
      const [step] = await ask({ ask: "funnel", steps: [{ field: "kind", is: text }] });
      assert.equal(step.people, expected[text], `funnel ${text}`);
      const [did] = await ask({ ask: "count", where: { did: { field: "channel", is: text } } });
      assert.equal(did.people, expected[text], `did ${text}`);
      const [score] = await ask({ ask: "score", metric: text });
      assert.equal(score.n, 0, `score ${text}`);
      const { status, body } = await owner.post("/api/v1/rows", { where: { field: "prop:`t`", is: text }, limit: 1000 });
      assert.equal(status, 200);
      assert.equal(body.items.length, expected[text], `rows ${text}`);
    }
  });

  test("names of properties and traits that nobody has are nobody's", async () => {
    for (const text of texts) {
      const [row] = await ask({ ask: "count", where: { field: `prop:${text} nobody`, exists: true } });
      assert.equal(row.events, 0, text);
      const [person] = await ask({ ask: "count", where: { field: `trait:${text}`, is: text } });
      assert.equal(person.people, 0, text);
      assert.equal((await owner.post("/api/v1/ask", { ask: "timeline", person: `user:${text}` })).status, 404);
    }
  });
});
