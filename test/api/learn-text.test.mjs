// cham learn-text and cham read --model, as data people use them.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bare, program } from "../help/server.mjs";

const good = ["giao hàng nhanh", "nhân viên \"nhiệt tình\"", "sản phẩm tốt,\nđáng tiền", "rất hài lòng", "sẽ ủng hộ tiếp"];
const bad = ["giao hàng chậm", "nhân viên thô lỗ", "sản phẩm lỗi", "rất thất vọng", "không bao giờ quay lại"];
const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
const table = (rows) => ["text,label", ...rows.map(([text, label]) => `${quoted(text)},${label}`)].join("\n") + "\n";
const rows = Array.from({ length: 60 }, (_, i) => [`${(i % 2 ? good : bad)[i % 5]} ${(i % 2 ? good : bad)[(i * 3 + 1) % 5]}`, i % 2 ? "good" : "bad"]);

function folder(t, files) {
  const path = mkdtempSync(join(tmpdir(), "cham-learn-"));
  t.after(() => rmSync(path, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}
const cham = (cwd, ...args) => spawnSync(program, args, { cwd, encoding: "utf8", env: { ...bare, LC_ALL: "en" } });
const learn = (cwd, file, out = "m", text = "text", label = "label") => cham(cwd, "learn-text", file, "--text", text, "--label", label, "--out", out);

describe("cham learn-text", () => {
  test("prints the figures of its cross-validation as one object, and the same table gives the same bytes", (t) => {
    const at = folder(t, { "a.csv": table(rows) });
    const first = learn(at, "a.csv", "m1");
    assert.equal(first.status, 0, first.stderr);
    const report = JSON.parse(first.stdout);
    assert.equal(report.texts, 60);
    assert.ok(report.accuracy > 0.9 && report.macro_f1 > 0.9 && report.weighted_f1 > 0.9, first.stdout);
    assert.equal(learn(at, "a.csv", "m2").status, 0);
    assert.ok(readFileSync(join(at, "m1")).equals(readFileSync(join(at, "m2"))));
    writeFileSync(join(at, "b.txt"), "nhan vien tho lo\nSẼ ỦNG HỘ TIẾP\n\n");
    const read = cham(at, "read", "b.txt", "--model", "m1").stdout.trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(read.map(({ label }) => label), ["bad", "good", null]);
    assert.ok(read[0].confidence > 0.5 && read[0].confidence <= 1);
  });

  test("says in words what is wrong with a table, and leaves no file", (t) => {
    const at = folder(t, {
      "a.csv": table(rows),
      "one.csv": table(rows.map(([text]) => [text, "same"])),
      "few.csv": table(rows.slice(0, 6)),
      "blank.csv": table(rows.map(([, label]) => ["  ", label])),
      "empty.csv": "",
      "heads.csv": "text,label\n",
    });
    for (const [args, said] of [
      [["a.csv", "m", "words"], /There is no column "words".*text, label/],
      [["one.csv"], /At least two labels/],
      [["few.csv"], /only 6 labelled texts/],
      [["blank.csv"], /only 0 labelled texts/],
      [["heads.csv"], /only 0 labelled texts/],
      [["empty.csv"], /./],
      [["nowhere.csv"], /./],
      [["a.csv", "nowhere/m"], /nowhere\/m/],
    ]) {
      const { status, stderr, stdout } = learn(at, ...args);
      assert.notEqual(status, 0, args.join(" "));
      assert.match(stderr, said);
      assert.equal(stdout, "");
    }
    assert.notEqual(cham(at, "learn-text", "a.csv", "--text", "text").status, 0);
    assert.deepEqual(readdirSync(at).filter((name) => !name.endsWith(".csv")), []);
  });

  test("a damaged model is refused", (t) => {
    const at = folder(t, { "a.csv": table(rows), "b.txt": "tốt\n" });
    assert.equal(learn(at, "a.csv").status, 0);
    const bytes = readFileSync(join(at, "m"));
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(join(at, "m"), bytes);
    const read = cham(at, "read", "b.txt", "--model", "m");
    assert.notEqual(read.status, 0);
    assert.match(read.stderr, /damaged/);
  });
});
