// Explore: a funnel built by keyboard alone, the people behind a step, saving, a link that asks the same, a dashboard, a CSV.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, suite, test } from "node:test";
import { shared, start } from "../help/server.mjs";
import { open } from "./browser.mjs";

const people = 60;
const at = (k, minutes) => new Date(Date.now() - (k % 20) * 86_400_000 - 7_200_000 + minutes * 60_000).toISOString();
// Everybody looks, two of three put something in the basket, one of three buys.
const batch = Array.from({ length: people }, (_, k) => {
  const steps = ["Product Viewed", ...(k % 3 ? ["Product Added"] : []), ...(k % 3 === 2 ? ["Order Completed"] : [])];
  return steps.map((event, n) => ({ type: "track", userId: `KH-${k}`, event, messageId: `${k}-${n}`, timestamp: at(k, 10 * n), properties: { channel: k % 2 ? "web" : "app" } }));
}).flat();

suite("explore", () => {
  const server = shared();
  let owner;

  before(async () => {
    owner = await server.owner();
    const key = await server.key(owner);
    const sent = await server.anybody({ authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` }).post("/v1/batch", { batch });
    assert.equal(sent.status, 200, sent.text);
  });

  const press = async (page, ...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  // Opens the list of a step, types, takes the first that is found, and closes it.
  const choose = async (page, label, text) => {
    await page.getByRole("button", { name: new RegExp(`^${label}:`) }).focus();
    await press(page, "Enter");
    const find = page.getByRole("combobox", { name: label, exact: true });
    await find.waitFor();
    await page.keyboard.type(text);
    await press(page, "Enter", "Escape");
    await find.waitFor({ state: "detached" });
  };
  const question = { ask: "funnel", steps: ["Product Viewed", "Product Added", "Order Completed"].map((kind) => ({ field: "kind", is: [kind] })), within: "7d" };
  const address = (asked = question) => `/explore/ask?q=${encodeURIComponent(JSON.stringify(asked))}`;
  // The table beside the chart tells what the chart draws.
  const table = async (page) => {
    await page.locator("#answer table tbody tr").first().waitFor();
    return page.locator("#answer table tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim())));
  };
  const counts = (rows) => rows.map(([step, many]) => `${step}: ${many}`);

  test("a funnel is built by keyboard alone, and a step opens its people", async (t) => {
    const page = await open(t, server, { as: owner });
    const { w } = page;
    await page.goto("/explore");
    await page.settled();
    await page.clean("/explore");
    await page.getByRole("link", { name: new RegExp(`^${w("ui.explore.kind.funnel")}`) }).focus();
    await press(page, "Enter");
    await page.getByText(w("ui.explore.missing.steps")).waitFor();

    // What is typed is found without its tone marks.
    await choose(page, w("ui.explore.step", { n: 1 }), "dat hang");
    await choose(page, w("ui.explore.step", { n: 2 }), "xem san pham");
    await page.getByRole("button", { name: w("ui.explore.step_add") }).focus();
    await press(page, "Enter");
    await choose(page, w("ui.explore.step", { n: 3 }), "gio");

    // The order is wrong: the first step goes to the end.
    const handle = page.getByRole("button", { name: w("ui.explore.step_move", { n: 1 }) });
    await handle.focus();
    await press(page, "Alt+ArrowDown", "Alt+ArrowDown");
    await page.getByText("“Xem sản phẩm” qua “Thêm vào giỏ” đến “Đặt hàng xong”").first().waitFor();
    await page.waitForFunction(() => document.querySelectorAll("#answer table tbody tr").length === 3);
    assert.deepEqual(counts(await table(page)), ["1. Xem sản phẩm: 60", "2. Thêm vào giỏ: 40", "3. Đặt hàng xong: 20"]);
    await page.clean("a funnel");

    // In the chart: first step, second step, what was lost before it.
    await page.locator("svg[data-picture]").focus();
    await press(page, "ArrowDown", "ArrowDown", "ArrowDown", "Enter");
    const drawer = page.getByRole("dialog", { name: w("ui.explore.behind.lost", { step: "2. Thêm vào giỏ" }) });
    await drawer.getByText("KH-0", { exact: true }).waitFor();
    assert.equal(await drawer.getByRole("link").count(), 20);
    await page.clean("the people behind a step");
  });

  test("a question is saved, its link asks the same of another reader, and others cannot change it", async (t) => {
    const page = await open(t, server, { as: owner });
    const { w } = page;
    await page.goto(`${address()}&period=30d`);
    const rows = await table(page);
    await page.getByRole("button", { name: w("ui.action.save"), exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(w("ui.explore.name")).fill("Phễu mua hàng");
    await dialog.getByRole("button", { name: w("ui.action.save") }).click();
    await page.getByRole("heading", { level: 1, name: "Phễu mua hàng" }).waitFor();

    const viewer = await server.user("viewer");
    const other = await open(t, server, { as: viewer, language: "en" });
    await other.goto(page.url());
    await other.getByRole("heading", { level: 1, name: "Phễu mua hàng" }).waitFor();
    assert.deepEqual((await table(other)).map(([, many]) => many), rows.map(([, many]) => many));
    assert.equal(await other.getByRole("button", { name: other.w("ui.action.save"), exact: true }).count(), 0);
    await other.goto("/explore");
    await other.getByRole("link", { name: "Phễu mua hàng" }).click();
    await other.getByRole("heading", { level: 1, name: "Phễu mua hàng" }).waitFor();
    await other.clean("a saved question");
  });

  test("an unsaved question is in its address, and going back brings back the one before", async (t) => {
    const page = await open(t, server, { as: owner });
    const { w } = page;
    await page.goto(address({ ask: "count", of: ["people"], by: ["channel"] }));
    assert.deepEqual((await table(page)).map(([name]) => name).sort(), ["Web", "Ứng dụng"]);
    await page.getByLabel(w("ui.explore.every")).selectOption("month");
    await page.waitForFunction(() => new URL(location.href).searchParams.get("q").includes("month"));
    await page.reload();
    await page.getByText(w("ui.say.every.month")).first().waitFor();
    assert.equal(await page.getByLabel(w("ui.explore.every")).inputValue(), "month");
  });

  test("what the server refuses is said at its place, and JSON is the same question", async (t) => {
    const page = await open(t, server, { as: owner, expected: [/422/] });
    const { w } = page;
    await page.goto(address());
    await table(page);
    await page.getByText(w("ui.explore.json"), { exact: true }).click();
    const json = page.getByLabel(w("ui.explore.json_hint"));
    assert.deepEqual(JSON.parse(await json.inputValue()).steps, question.steps);
    await json.fill(JSON.stringify({ ask: "count", by: ["nowhere"] }));
    await page.getByRole("button", { name: w("ui.explore.json_take") }).click();
    await page.locator("#builder [role=alert]").first().waitFor();
    assert.match(await page.locator("#builder textarea + div").innerText(), /\/by\/0/);
    await json.fill("{");
    await page.getByRole("button", { name: w("ui.explore.json_take") }).click();
    await page.getByText(w("ui.explore.json_wrong", { why: "" }).trim()).waitFor();
    await json.fill(JSON.stringify({ ask: "count", of: "people" }));
    await page.getByRole("button", { name: w("ui.explore.json_take") }).click();
    await page.getByText(w("ui.say.count.people")).first().waitFor();
    await page.waitForFunction(() => document.querySelectorAll("#answer table tbody tr").length === 1);
    assert.equal((await table(page))[0].at(-1), String(people));
  });

  test("a question is pinned to a dashboard, tiles move by keyboard, one period holds for all", async (t) => {
    const page = await open(t, server, { as: owner });
    const { w } = page;
    for (const [name, asked] of [["Theo kênh", { ask: "count", of: ["people"], by: ["channel"] }], ["Phễu trên bảng", question]]) {
      await page.goto(address(asked));
      await table(page);
      await page.getByRole("button", { name: w("ui.explore.pin") }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(w("ui.explore.name"), { exact: true }).fill(name);
      if (await dialog.getByLabel(w("ui.explore.board_name")).count()) await dialog.getByLabel(w("ui.explore.board_name")).fill("Mỗi sáng");
      await dialog.getByRole("button", { name: w("ui.explore.pin") }).click();
      await page.getByRole("heading", { level: 1, name: "Mỗi sáng" }).waitFor();
    }
    const names = () => page.locator("article h2").allInnerTexts();
    await page.locator("article svg[data-picture]").nth(1).waitFor();
    assert.deepEqual(await names(), ["Theo kênh", "Phễu trên bảng"]);
    await page.clean("a dashboard");
    await page.getByRole("button", { name: w("ui.explore.board_edit") }).click();
    await page.getByRole("button", { name: w("ui.explore.tile_later", { name: "Theo kênh" }) }).focus();
    await press(page, "Enter");
    await page.waitForFunction(() => document.querySelector("article h2").innerText === "Phễu trên bảng");
    await page.getByLabel(w("ui.period.label")).selectOption("7d");
    await page.locator("article > p").filter({ hasText: w("ui.say.period.7d") }).nth(1).waitFor();
    await page.reload();
    await page.locator("article svg[data-picture]").nth(1).waitFor();
    assert.deepEqual(await names(), ["Phễu trên bảng", "Theo kênh"]);
  });

  test("an answer is taken along as CSV, SVG and PNG", async (t) => {
    const page = await open(t, server, { as: owner });
    const { w } = page;
    await page.goto(address());
    await table(page);
    const take = async (label) => {
      await page.getByRole("button", { name: w("ui.explore.take"), exact: true }).click();
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: w(label) }).click()]);
      return [download.suggestedFilename(), readFileSync(await download.path())];
    };
    const [name, csv] = await take("ui.explore.take.csv");
    assert.match(name, /^phễu-\d{4}-\d{2}-\d{2}\.csv$/);
    const lines = csv.toString("utf8").split("\r\n");
    assert.ok(lines[0].startsWith("\uFEFFBước,Tên bước,Số khách,"), lines[0]);
    assert.match(lines[2], /^2,Thêm vào giỏ,40,0\.6666666666666666,/);
    const [, svg] = await take("ui.explore.take.svg");
    assert.match(svg.toString("utf8"), /^<svg[^>]*>.*Thêm vào giỏ/s);
    assert.doesNotMatch(svg.toString("utf8"), /var\(--|class=/);
    const [, png] = await take("ui.explore.take.png");
    assert.deepEqual([...png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  });

  test("a question that is not answered yet says so, cancelling asks the server to stop this run, and it can be asked again", async (t) => {
    const page = await open(t, server, { as: owner, expected: [/404/] });
    const { w } = page;
    const cancelled = [];
    let held = 0;
    // The first question never comes back; what is asked about it is real.
    await page.route("**/api/v1/ask?run=*", (route) => (held++ ? route.continue() : undefined));
    page.on("request", (request) => request.method() === "DELETE" && cancelled.push(new URL(request.url()).pathname));
    await page.goto(address({ ask: "count", of: ["people"] }));
    await page.getByRole("progressbar").waitFor();
    await page.getByRole("button", { name: w("ui.explore.cancel") }).click();
    await page.getByText(w("ui.explore.cancelled")).waitFor();
    assert.equal(cancelled.length, 1);
    assert.match(cancelled[0], /^\/api\/v1\/asks\/[a-z0-9]+$/);
    await page.getByRole("button", { name: w("ui.explore.again") }).click();
    assert.equal((await table(page))[0].at(-1), String(people));
  });

  test("without data it says how to get some", async (t) => {
    const empty = await start(t);
    const page = await open(t, empty, { as: await empty.owner() });
    const { w } = page;
    await page.goto("/explore");
    await page.getByText(w("ui.explore.saved_none")).waitFor();
    await page.getByText(w("ui.explore.boards_none")).first().waitFor();
    await page.clean("/explore without data");
    await page.goto(address());
    await page.getByText(w("ui.explore.no_data")).waitFor();
    await page.getByRole("link", { name: w("ui.quiet.import") }).waitFor();
    await page.clean("a question without data");
  });

  test("the palette finds what was saved", async (t) => {
    await owner.post("/api/v1/questions", { name: "Đơn hàng mỗi ngày", question: { ask: "count", every: "day" }, period: "30d" });
    const page = await open(t, server, { as: owner });
    const { w } = page;
    await page.goto("/explore");
    await page.settled();
    await press(page, "Control+k");
    await page.getByRole("combobox", { name: w("ui.shell.search") }).waitFor();
    await page.keyboard.type("don hang moi");
    await page.getByRole("option", { name: /Đơn hàng mỗi ngày/ }).waitFor();
    await press(page, "Enter");
    await page.getByRole("heading", { level: 1, name: "Đơn hàng mỗi ngày" }).waitFor();
    await page.locator("svg[data-picture]").waitFor();
  });
});
