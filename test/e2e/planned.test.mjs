// Planned against actual over the demo company: the deviation that was put into the company is named, every way
// leads to the people who took it, by keyboard too; two sides can be compared; a phone shows a list.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Server } from "../help/server.mjs";
import { open } from "./browser.mjs";

let server, owner, viewer, journey;
before(async () => {
  server = new Server();
  await server.command_line("demo", "--people", "5000", "--months", "12", "--seed", "1");
  await server.start();
  owner = await server.user("owner");
  viewer = await server.user("viewer");
  journey = (await owner.get("/api/v1/journeys")).body.items[0].id;
});
after(async () => {
  await server.stop();
  await server.remove();
});

const view = "/?view=actual";
const settled = async (page) => {
  await page.settled();
  await page.locator(".deviations .first").waitFor();
};

for (const [language, theme, width] of [["vi", "light", 1440], ["en", "dark", 1440], ["vi", "dark", 360], ["en", "light", 360]]) {
  test(`planned against actual is clean in ${language}, ${theme}, ${width} wide`, async (t) => {
    const page = await open(t, server, { as: owner, language, theme, width });
    for (const address of [view, `${view}&ways=all&lanes=yes`, `${view}&beside=channel&period=90d`, `/journeys/${journey}/touchpoints/thanh-toan`]) {
      await page.goto(address);
      if (address.startsWith("/?")) await settled(page);
      else await page.getByRole("heading", { name: page.w("ui.ways.came") }).waitFor();
      await page.settled();
      assert.equal(await page.locator('main [role="alert"]').count(), 0);
      assert.doesNotMatch(await page.locator("main").innerText(), /\b(ui|term|error)\.[a-z_]+\.?[a-z_]+\b|undefined|NaN/);
      await page.clean(address);
    }
    await page.goto(view);
    await settled(page);
    assert.equal(await page.locator(".flow svg").isVisible(), width > 700, "on a phone the ways stand as a list");
  });
}

// Ten weeks ago another carrier took over: parcels come late since.
test("what is clearly more than before stands on top, the late parcels among it, and opens those people", async (t) => {
  const page = await open(t, server, { as: owner });
  await page.goto(`${view}&period=90d`);
  await settled(page);
  const more = page.w("ui.deviation.more");
  await page.locator(".deviations .first").getByText(more).waitFor();
  const late = page.locator(".deviations .first, .deviations li").filter({ hasText: /lượt đến “Đặt hàng” không tới “Nhận hàng” trong 5 ngày \(\d+\s% của [\d.]+ lượt\)/ });
  await late.getByText(more).waitFor();
  const visits = Number(/^[\d.]+/.exec(await late.innerText())[0].replace(".", ""));
  await late.getByRole("button").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("link").first().waitFor();
  const people = Number(/^[\d.]+/.exec(await dialog.locator("p.small").last().innerText())[0].replace(".", ""));
  assert.ok(people > visits / 2 && people <= visits, `${people} people behind ${visits} visits`);
});

test("by keyboard alone: along the ways, to the people behind one, to a person", async (t) => {
  const page = await open(t, server, { as: owner, language: "en" });
  await page.goto(view);
  await settled(page);
  await page.locator('.flow g.ribbon[tabindex="0"]').focus();
  const named = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  await page.keyboard.press("Home");
  const seen = new Set([await named()]);
  let way = "";
  for (let k = 0; k < 60 && !/from “Giỏ hàng” to “Thanh toán”/.test(way); k++) {
    await page.keyboard.press("ArrowRight");
    way = await named();
    assert.ok(!seen.has(way), "each way once");
    seen.add(way);
  }
  assert.match(way, /^[\d,]+ people go from “Giỏ hàng” to “Thanh toán” \(\d+\s% of departures\) · half within .*, 90 % within .* · as designed/);
  assert.match(await page.locator(".flow .readout").innerText(), /Giỏ hàng/, "and what is heard can be read");
  const people = /^[\d,]+/.exec(way)[0];
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText(page.w("ui.behind.people", { n: people }), { exact: true }).waitFor();
  await page.clean("the people behind a way");
  await dialog.getByRole("tab", { name: page.w("ui.rows.voices") }).click();
  await dialog.locator("blockquote").first().waitFor();
  await dialog.getByRole("tab", { name: page.w("ui.behind.tab") }).click();
  await dialog.getByRole("link").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/people\/\w+/);
});

test("every way of the drawing stands in the table, with the same people", async (t) => {
  const page = await open(t, server, { as: owner });
  await page.goto(`${view}&ways=all`);
  await settled(page);
  const drawn = await page.locator(".flow g.ribbon:not(.loop)").count();
  await page.getByRole("button", { name: new RegExp(page.w("ui.ways.more", { n: "\\d+" })) }).last().click();
  const table = page.getByRole("table", { name: page.w("ui.ways.caption") });
  assert.equal(await table.locator("tbody tr").count(), drawn);
  const row = table.locator("tr", { hasText: "Giỏ hàng → Thanh toán" });
  const said = await page.locator('.flow g[data-link="gio-hang>thanh-toan"]').getAttribute("aria-label");
  assert.equal(/^[\d.]+/.exec(said)[0], /^[\d.]+/.exec(await row.getByRole("button").innerText())[0]);
});

test("whole paths stand in the order of how many took them, and open those people", async (t) => {
  const page = await open(t, server, { as: owner });
  await page.goto(view);
  await settled(page);
  const table = page.getByRole("table", { name: page.w("ui.ways.whole_caption") });
  const row = table.locator("tr", { hasText: "Tìm và xem sản phẩm → Giỏ hàng → Thanh toán → Đặt hàng → Giao hàng" }).first();
  const people = /^[\d.]+/.exec(await row.getByRole("button").innerText())[0];
  await row.getByRole("button").click();
  await page.getByRole("dialog").getByText(page.w("ui.behind.people", { n: people }), { exact: true }).waitFor();
});

test("two versions of the map and two groups stand beside each other", async (t) => {
  const page = await open(t, server, { as: owner });
  await page.goto(view);
  await settled(page);
  const beside = page.getByLabel(page.w("ui.actual.beside"));
  await beside.selectOption("version");
  await page.getByRole("heading", { level: 3, name: page.w("ui.actual.version", { n: 1 }) }).waitFor();
  assert.equal(await page.locator(".flow").count(), 2);
  await beside.selectOption("channel");
  await page.waitForURL(/beside=channel/);
  await page.getByLabel(page.w("ui.actual.side_a")).selectOption("app");
  await page.getByLabel(page.w("ui.actual.side_b")).selectOption("web");
  await page.getByRole("heading", { level: 3, name: page.w("ui.channel.app") }).waitFor();
  await page.getByRole("heading", { level: 3, name: page.w("ui.channel.web") }).waitFor();
  const troubles = page.locator(".deviations .first, .deviations li").filter({ hasText: /“Thanh toán” không tới/ });
  await troubles.filter({ hasText: new RegExp(`${page.w("ui.channel.web")}: \\d+\\s%`) }).first().waitFor(); // each side has its share
});

test("the conditions and the period of the page hold", async (t) => {
  const page = await open(t, server, { as: owner });
  await page.goto(view);
  await settled(page);
  const everybody = await page.locator(".flow .readout").innerText();
  await page.goto(`${view}&f=place~${encodeURIComponent("Đà Nẵng")}`);
  await settled(page);
  assert.notEqual(await page.locator(".flow .readout").innerText(), everybody);
  await page.goto(`${view}&from=2020-01-01&to=2020-01-31`);
  await page.getByText(page.w("ui.actual.none")).waitFor();
  await page.clean("a period without anybody");
  await page.getByRole("button", { name: page.w("ui.quiet.show_all") }).click();
  await page.locator(".flow").waitFor();
});

test("a touchpoint tells where people came from and went, and who", async (t) => {
  const page = await open(t, server, { as: owner });
  await page.goto(`/journeys/${journey}/touchpoints/thanh-toan`);
  const came = page.locator(".side", { has: page.getByRole("heading", { name: page.w("ui.ways.came") }) });
  const first = came.locator("li").first();
  await first.getByRole("link", { name: "Giỏ hàng" }).waitFor();
  await first.getByRole("button").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("heading", { name: "Giỏ hàng → Thanh toán" }).waitFor();
  await dialog.getByRole("link").first().waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".facts button.opens").nth(1).click();
  await dialog.getByRole("heading", { name: `Thanh toán · ${page.w("ui.planned.repeated")}` }).waitFor();
  await dialog.getByRole("link").first().waitFor();
});

test("whoever may not see persons sees the ways, and rows without persons behind them", async (t) => {
  const page = await open(t, server, { as: viewer });
  await page.goto(view);
  await settled(page);
  await page.getByRole("table", { name: page.w("ui.ways.caption") }).getByRole("button", { name: /Giỏ hàng → Thanh toán/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("time").first().waitFor();
  assert.equal(await dialog.getByRole("link").count(), 0);
  assert.equal(await dialog.getByRole("tab").count(), 0);
});
