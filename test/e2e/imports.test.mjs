// The import wizard: from a file to events, with everything that can go wrong said where it is wrong.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { start } from "../help/server.mjs";
import { open } from "./browser.mjs";

const csv = [
  "Mã khách hàng;Ngày giờ;Sự kiện;Cửa hàng;Điểm;Nhận xét;Thành tiền",
  "KH-1;01/11/2026 09:30;Mua hàng;Hà Nội;;;1.250.000",
  "KH-2;01/11/2026 10:05;Khảo sát;Hà Nội;9;Nhân viên nhiệt tình;",
  'KH-3;02/11/2026 14:20;Khảo sát;Đà Nẵng;3;"Giao chậm; gọi ba lần";',
  ";03/11/2026 08:00;Mua hàng;Đà Nẵng;;;480.000",
  "KH-4;31/02/2026 08:00;Mua hàng;Đà Nẵng;;;90.000",
].join("\n");

const choose = (page, name, text) =>
  page.locator("input[type=file]").first().setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.isBuffer(text) ? text : Buffer.from(text) });
const figure = (page, label) => page.locator("dl div").filter({ hasText: label }).locator("dd");

async function toMap(page, name, text) {
  await page.goto("/imports/new");
  await choose(page, name, text);
  await page.getByRole("heading", { name: page.w("ui.imports.detected") }).waitFor();
  await page.getByRole("button", { name: page.w("ui.imports.next") }).click();
  await page.getByRole("button", { name: page.w("ui.imports.start") }).waitFor();
}
// What a person does where the guess was shy: the column of times, how they are written, what the score measures.
async function correct(page) {
  const { w } = page;
  await page.getByLabel(w("ui.imports.target.at"), { exact: true }).selectOption(":Ngày giờ");
  await page.getByLabel(w("ui.imports.option.format")).selectOption("%d/%m/%Y %H:%M");
  await page.getByText(w("ui.imports.examples")).first().waitFor();
  await page.getByLabel(w("ui.imports.option.metric"), { exact: true }).selectOption("nps");
  await page.getByText("9 (nps 0-10)").waitFor();
}
async function run(page) {
  await page.locator("button.primary:enabled").filter({ hasText: page.w("ui.imports.start") }).click();
  await page.getByRole("heading", { name: page.w("ui.imports.result") }).waitFor();
  await page.getByText(page.w("ui.imports.state.done"), { exact: true }).waitFor();
}

test("a file becomes events; what is refused comes back with its reason; all of it can be undone", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const page = await open(t, server, { as: owner });
  const { w } = page;

  await page.goto("/imports");
  await page.getByText(w("ui.imports.empty_title")).waitFor();
  await page.clean();
  await page.getByRole("link", { name: w("ui.imports.new") }).click();
  await page.getByRole("heading", { name: w("ui.imports.new") }).waitFor();
  await page.clean();

  await choose(page, "phản-hồi.csv", csv);
  await page.getByRole("cell", { name: "Giao chậm; gọi ba lần" }).waitFor();
  assert.equal(await page.getByLabel(w("ui.imports.separator")).inputValue(), ";");
  await page.clean();
  await page.getByRole("button", { name: w("ui.imports.next") }).click();

  // A time that does not exist made the guess shy: the column is chosen by hand.
  await correct(page);
  assert.equal(await page.getByLabel(w("ui.imports.target.kind"), { exact: true }).inputValue(), ":Sự kiện");
  await page.locator(".examples").getByText("01/11/2026 09:30").waitFor();
  await page.getByText(w("ui.imports.would_refuse")).waitFor();
  await page.clean();
  await run(page);

  assert.equal(await figure(page, w("ui.imports.result_stored")).innerText(), "4");
  assert.equal(await figure(page, w("ui.imports.result_refused")).innerText(), "1");
  await page.clean();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: w("ui.imports.download_refused") }).click();
  const refused = readFileSync(await (await download).path(), "utf8");
  assert.match(refused, /^6,/m);
  assert.match(refused, /31\/02\/2026/);

  await page.getByRole("button", { name: w("ui.imports.undo") }).click();
  await page.clean();
  await page.getByRole("dialog").getByRole("button", { name: w("ui.imports.undo_yes", { n: "4" }) }).click();
  await page.getByText(w("ui.imports.undone")).waitFor();
  await page.getByRole("link", { name: w("ui.imports.title") }).first().click();
  await page.getByText(w("ui.imports.state.undone")).waitFor();
});

test("the same file again changes nothing, and its map works on the command line", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const page = await open(t, server, { as: owner, language: "en" });
  const { w } = page;

  await toMap(page, "again.csv", csv);
  await correct(page);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: w("ui.imports.download_map") }).click();
  const map = await download;
  assert.equal(map.suggestedFilename(), "again.map.json");
  await run(page);
  assert.equal(await figure(page, w("ui.imports.result_stored")).innerText(), "4");

  const file = path.join(server.data, "again.csv");
  writeFileSync(file, csv);
  await server.command_line("import", file, "--map", await map.path());
  await page.goto("/imports");
  const rows = page.getByRole("row");
  await rows.nth(2).waitFor();
  const cells = await rows.nth(1).getByRole("cell").allInnerTexts();
  assert.deepEqual(cells.slice(2, 6), ["5", "0", "4", "1"], "lines, stored, duplicates, refused");
});

test("what is missing is said at its field and keeps the import from starting", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const page = await open(t, server, { as: owner });
  const { w } = page;

  await toMap(page, "không-ngày.csv", "Khách,Điểm\nKH-1,9\nKH-2,4\n");
  const at = page.getByLabel(w("ui.imports.target.at"), { exact: true });
  await page.locator('[aria-invalid="true"]').first().waitFor();
  assert.equal(await at.getAttribute("aria-invalid"), "true");
  assert.ok(await page.getByRole("button", { name: w("ui.imports.start") }).isDisabled());
  await page.clean();

  await at.selectOption("=");
  await page.getByLabel(`${w("ui.imports.target.at")}: ${w("ui.imports.constant")}`).fill("2026-11-01");
  await page.getByText(w("ui.imports.problems_none")).waitFor();
  await run(page);
  assert.equal(await figure(page, w("ui.imports.result_stored")).innerText(), "2");
});

test("a wrong encoding and separator can be corrected before anything is stored", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const page = await open(t, server, { as: owner, width: 360 });
  const { w } = page;

  await page.goto("/imports/new");
  await choose(page, "utf16.csv", Buffer.from("\ufeffkhách|ngày|điểm\nAn|2026-11-01|9\nBình|2026-11-02|10\n", "utf16le"));
  await page.getByRole("cell", { name: "Bình" }).waitFor();
  assert.equal(await page.getByLabel(w("ui.imports.encoding")).inputValue(), "utf-16le");
  assert.equal(await page.getByLabel(w("ui.imports.separator")).inputValue(), "|");
  await page.getByLabel(w("ui.imports.separator")).selectOption(",");
  await page.getByRole("columnheader", { name: "khách|ngày|điểm" }).waitFor();
  await page.getByLabel(w("ui.imports.separator")).selectOption("|");
  await page.getByRole("cell", { name: "Bình" }).waitFor();
  await page.clean();
});

test("an import that was stopped goes on where it was and counts every line once", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const page = await open(t, server, { as: owner });
  const { w } = page;

  const lines = 300_000;
  const many = ["user,at,event"];
  for (let k = 0; k < lines; k++) many.push(`U${k % 997},2026-10-${String(1 + (k % 28)).padStart(2, "0")}T08:00:${String(k % 60).padStart(2, "0")}Z,Visit`);
  await toMap(page, "nhiều.csv", many.join("\n"));
  await page.locator("button.primary:enabled").filter({ hasText: w("ui.imports.start") }).click();
  await page.getByRole("progressbar", { name: w("ui.imports.progress") }).waitFor();
  await page.getByRole("button", { name: w("ui.imports.cancel") }).click();
  await page.getByText(w("ui.imports.stopped")).waitFor();
  await page.clean();
  await page.getByRole("button", { name: w("ui.imports.resume") }).click();
  await page.getByText(w("ui.imports.state.done"), { exact: true }).waitFor({ timeout: 60_000 });
  assert.equal(await figure(page, w("ui.imports.result_stored")).innerText(), "300.000");
});

test("an import of which nothing fitted says so, and its map is corrected without sending the file again", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const file = await owner.send("POST", "/api/v1/files?name=a.csv", "who,when\nA,2026-02-01\nB,2026-02-02\n", { "content-type": "application/octet-stream" });
  const map = { user: "who", at: { column: "when", format: "%d/%m/%Y" }, kind: { value: "Visit" }, props: "*" };
  const begun = await owner.post("/api/v1/imports", { file: file.body.id, name: "a.csv", map });
  const page = await open(t, server, { as: owner });
  await page.goto(`/imports/${begun.body.id}`);
  await page.getByText(page.w("ui.imports.refused_all")).waitFor();
  await page.getByText(page.w("ui.imports.state.refused"), { exact: true }).waitFor();
  await page.clean("the refused import");
  await page.getByRole("link", { name: page.w("ui.imports.correct") }).click();
  await page.getByLabel(page.w("ui.imports.option.format")).selectOption("%Y-%m-%d");
  await page.getByText(page.w("ui.imports.examples")).first().waitFor();
  await run(page);
  assert.equal(await figure(page, page.w("ui.imports.result_stored")).innerText(), "2");
});
