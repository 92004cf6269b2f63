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

  test("labels may be numbers, have commas and marks typed in two ways; rows may lack one; words may be joined", (t) => {
    const said = { "5": ["giảng_viên nhiệt_tình", "bài giảng dễ_hiểu 😍"], "tiêu cực, nặng": ["phòng học nóng", "giáo_trình khó hiểu 😡"], "": ["bình thường"] };
    const lines = Array.from({ length: 90 }, (_, i) => {
      const label = Object.keys(said)[i % 3];
      return `${quoted(`${said[label][i % 2]}${i % 5 ? "" : ",\r\ndòng hai"}`)},${quoted(i % 4 ? label : label.normalize("NFD"))}`;
    });
    const at = folder(t, { "a.csv": `\uFEFFNội dung,"Nhãn, loại"\r\n${lines.join("\r\n")}\r\n`, "b.txt": "giảng viên nhiệt tình\ngiao_trinh kho hieu\n😡\n" });
    const { status, stdout, stderr } = learn(at, "a.csv", "m", "Nội dung", "Nhãn, loại");
    assert.equal(status, 0, stderr);
    const report = JSON.parse(stdout);
    assert.deepEqual([report.texts, report.blank, report.labels.map(({ label }) => label.normalize("NFC"))], [60, 30, ["5", "tiêu cực, nặng"]]);
    const read = cham(at, "read", "b.txt", "--model", "m").stdout.trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(read.map(({ label }) => label.normalize("NFC")), ["5", "tiêu cực, nặng", "tiêu cực, nặng"]);
  });

  test("many labels take hardly longer than few", (t) => {
    const words = "thẻ phí vay lãi hạn mức tiền mặt rút nạp chuyển khoản mật khẩu khóa mở quầy giờ địa chỉ đổi tên".split(" ");
    const many = Array.from({ length: 770 }, (_, i) => [`${words[i % 11]} ${words[11 + (i % 7)]} ${words[(i * 5) % 21]} ${i % 13}`, `nhãn ${i % 77}`]);
    const at = folder(t, { "a.csv": table(many) });
    const began = process.hrtime.bigint();
    const { status, stdout, stderr } = learn(at, "a.csv");
    assert.equal(status, 0, stderr);
    assert.ok(JSON.parse(stdout).accuracy > 0.9, stdout);
    assert.ok(process.hrtime.bigint() - began < 120_000_000_000n);
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
