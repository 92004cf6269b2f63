import { test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = fileURLToPath(new URL("../golden/sentences-vi.csv", import.meta.url));

// Sentences that were written and labelled before the lexicon was: nothing in it was chosen by them.
function sentences() {
  const cell = /(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n)/gy;
  const text = readFileSync(path, "utf8");
  const rows = [[]];
  for (let m; (m = cell.exec(text)); ) {
    rows.at(-1).push(m[1] !== undefined ? m[1].replaceAll('""', '"') : m[2]);
    if (m[3] === "\n") rows.push([]);
  }
  const [head, ...others] = rows.filter((row) => row.length > 1);
  return others.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]])));
}

function share(part, whole) {
  return `${((100 * part) / whole).toFixed(1)} % (${part} of ${whole})`;
}

test("sentences the reader was not made from are read as people read them", (t) => {
  const said = sentences();
  const lines = execFileSync(process.env.CHAM, ["read", path, "--text", "text"], { maxBuffer: 1 << 26 });
  const read = lines.toString().trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(read.length, said.length);
  const clear = said.map((row, i) => [row, read[i]]).filter(([row]) => row.class !== "neutral");
  const right = clear.filter(([row, found]) => found.class === row.class).length;
  const judged = clear.filter(([, found]) => ["positive", "negative"].includes(found.class)).length;
  const neutral = said.map((row, i) => [row, read[i]]).filter(([row]) => row.class === "neutral");
  const neutralRight = neutral.filter(([, found]) => ["neutral", "none"].includes(found.class)).length;
  const felt = said.map((row, i) => [row, read[i]]).filter(([row]) => row.emotion !== "");
  const feltRight = felt.filter(([row, found]) => found.emotion === row.emotion).length;
  const about = said.map((row, i) => [row, read[i]]).filter(([row]) => row.topic !== "");
  const aboutRight = about.filter(([row, found]) => found.topics.some((topic) => topic.topic === row.topic)).length;
  const complaints = said.map((row, i) => [row, read[i]]).filter(([row]) => row.complaint === "yes");
  const complaintsFound = complaints.filter(([, found]) => found.complaint).length;
  t.diagnostic(`accuracy on clear sentences, abstentions are errors: ${share(right, clear.length)}`);
  t.diagnostic(`coverage (positive or negative was said): ${share(judged, clear.length)}; right of those ${share(right, judged)}`);
  t.diagnostic(`neutral sentences left alone: ${share(neutralRight, neutral.length)}`);
  t.diagnostic(`emotion: ${share(feltRight, felt.length)}; topic: ${share(aboutRight, about.length)}`);
  t.diagnostic(`complaints found: ${share(complaintsFound, complaints.length)}`);
  assert.ok(right / clear.length >= 0.8, `only ${share(right, clear.length)} right`);
});
