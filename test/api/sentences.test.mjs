// Labelled sentences, read with their tones and without them. sentences-vi.csv was written before the lexicon and
// voices-held.csv before it grew: nothing was chosen by their single sentences. voices-build.csv is what people look at
// when they add words, so its figures say nothing about texts not yet seen.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { bare as environment, program, root } from "../help/server.mjs";

// A CSV without line breaks in its cells, as these files are.
function labelled(name) {
  const [head, ...rows] = readFileSync(path.join(root, "test/golden", name), "utf8").trim().split("\n");
  const names = head.split(",");
  return rows.map((row) => {
    const cells = [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
    return Object.fromEntries(names.map((key, i) => [key, cells[i]]));
  });
}

const withoutTones = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("Đ", "D");

function read(rows, spelling) {
  const input = rows.map(({ text }) => spelling(text)).join("\n") + "\n";
  const lines = execFileSync(program, ["read", "-"], { input, env: environment, maxBuffer: 1 << 26 }).toString().trim().split("\n");
  assert.equal(lines.length, rows.length);
  return rows.map((row, i) => ({ row, found: JSON.parse(lines[i]) }));
}

const percent = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(1)} %` : "–");

// 2·both / (said + found); of one label.
function f1(pairs, label) {
  const both = pairs.filter(([said, found]) => said === label && found === label).length;
  const any = pairs.filter(([said]) => said === label).length + pairs.filter(([, found]) => found === label).length;
  return any ? (2 * both) / any : 0;
}

const decided = ["positive", "negative"];
const clearOf = (read) => read.filter(({ row }) => row.class !== "neutral");
const rightOf = (read) => read.filter(({ row, found }) => row.class === found.class).length;
const accuracy = (read) => rightOf(clearOf(read)) / clearOf(read).length;

function report(t, title, read) {
  const clear = clearOf(read);
  const neutral = read.filter(({ row }) => row.class === "neutral");
  const alone = neutral.filter(({ found }) => !decided.includes(found.class)).length;
  const pairs = read.map(({ row, found }) => [row.class, found.class === "none" ? "neutral" : found.class]);
  const macro = [...decided, "neutral"].reduce((sum, label) => sum + f1(pairs, label) / 3, 0);
  t.diagnostic(
    `${title}: ${percent(rightOf(clear), clear.length)} right of ${clear.length} clear ones (an abstention is an error), ` +
      `coverage ${percent(clear.filter(({ found }) => decided.includes(found.class)).length, clear.length)}; ` +
      `neutral ones left alone ${alone} of ${neutral.length}; macro F1 of three classes ${(100 * macro).toFixed(1)}`,
  );
  for (const domain of new Set(read.map(({ row }) => row.domain).filter(Boolean))) {
    const part = clear.filter(({ row }) => row.domain === domain);
    t.diagnostic(`    ${domain}: ${percent(rightOf(part), part.length)} of ${part.length}`);
  }
}

// Only what is labelled counts: older files leave cells empty where nobody said anything.
function reportFeelings(t, read) {
  const felt = read.filter(({ row }) => row.emotion).map(({ row, found }) => [row.emotion, found.emotion]);
  const names = ["joy", "sadness", "anger", "fear", "disgust", "surprise", "none"].filter((name) => felt.some(([said]) => said === name));
  t.diagnostic(`    emotion ${percent(felt.filter(([said, found]) => said === found).length, felt.length)} of ${felt.length}; F1 ${names.map((name) => `${name} ${(100 * f1(felt, name)).toFixed(0)}`).join(", ")}`);
  const blamed = read.filter(({ row }) => row.complaint).map(({ row, found }) => [row.complaint, found.complaint ? "yes" : "no"]);
  const yes = blamed.filter(([said]) => said === "yes");
  t.diagnostic(`    complaints: F1 ${(100 * f1(blamed, "yes")).toFixed(0)}; found ${percent(yes.filter(([, found]) => found === "yes").length, yes.length)} of ${yes.length}`);
  return { feelings: felt.filter(([said, found]) => said === found).length / felt.length, complaints: f1(blamed, "yes") };
}

test("sentences written before the lexicon", (t) => {
  const rows = labelled("sentences-vi.csv");
  const toned = read(rows, (text) => text);
  const bare = read(rows, withoutTones);
  report(t, "with tones", toned);
  reportFeelings(t, toned);
  const about = toned.filter(({ row }) => row.topic);
  t.diagnostic(`    topic: ${percent(about.filter(({ row, found }) => found.topics.some(({ topic }) => topic === row.topic)).length, about.length)} of ${about.length}`);
  report(t, "without tones", bare);
  assert.ok(accuracy(toned) >= 0.955 && accuracy(bare) >= 0.92);
});

test("voices of several trades that no word was chosen by", (t) => {
  const rows = labelled("voices-held.csv");
  const toned = read(rows, (text) => text);
  const bare = read(rows, withoutTones);
  report(t, "with tones", toned);
  const { feelings, complaints } = reportFeelings(t, toned);
  report(t, "without tones", bare);
  assert.ok(accuracy(toned) >= 0.93 && accuracy(bare) >= 0.92);
  assert.ok(feelings >= 0.85 && complaints >= 0.72);
});

test("voices of several trades that the reader was mended by", (t) => {
  const rows = labelled("voices-build.csv");
  const toned = read(rows, (text) => text);
  const bare = read(rows, withoutTones);
  report(t, "with tones", toned);
  reportFeelings(t, toned);
  report(t, "without tones", bare);
  assert.ok(accuracy(toned) >= 0.98 && accuracy(bare) >= 0.95);
});
