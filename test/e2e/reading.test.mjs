// The reading pages over the demo company: the map, one touchpoint, scores over time, people, the glossary; what is told in
// figures can be found in a few clicks, in both languages, by keyboard, on a phone, in the dark.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Server } from "../help/server.mjs";
import { open } from "./browser.mjs";

// Removing rewrites what is on the disk.
const LONG_MS = 120_000;

let server, owner, viewer, journey, person;
before(async () => {
  server = new Server();
  await server.command_line("demo", "--people", "5000", "--months", "12", "--seed", "1");
  await server.start();
  owner = await server.user("owner");
  viewer = await server.user("viewer");
  journey = (await owner.get("/api/v1/journeys")).body.items[0].id;
  person = (await owner.get("/api/v1/people?limit=1")).body.items[0].id;
});
after(async () => {
  await server.stop();
  await server.remove();
});

const pages = () => [
  "/",
  "/?period=90d&lanes=yes",
  `/journeys/${journey}/touchpoints/giao-hang?period=90d`,
  "/overview?period=90d&by=touchpoint",
  "/people",
  `/people/${person}`,
  "/glossary",
];

// Every page without data and with little is looked at in everywhere.test.mjs; here there is much.
for (const [language, theme, width] of [["vi", "light", 360], ["en", "dark", 1440]]) {
  test(`every reading page is clean in ${language}, ${theme}, ${width} wide`, async (t) => {
    const page = await open(t, server, { as: owner, language, theme, width });
    for (const address of pages()) {
      await page.goto(address);
      await page.settled();
      await page.clean();
    }
  });
}

// Each story: what the sentence on the home page must name, and the word of the page behind it.
const stories = [
  { what: /Giao hàng/, where: /Miền Trung|Đà Nẵng|Cánh Buồm/ },
  { what: /Thanh toán/, where: /3\.8\.0/ },
  { what: /./, where: /Phú Nhuận/ },
];
for (const language of ["vi", "en"]) {
  test(`the three stories stand on the home page, with figure and interval, in ${language}`, async (t) => {
    const page = await open(t, server, { as: owner, language });
    await page.goto("/?period=90d");
    await page.settled();
    await page.locator(".findings li").first().waitFor();
    let clicks = 0;
    for (const more of await page.locator(".findings > p > button.link").all()) {
      await more.click();
      clicks++;
    }
    const found = await page.locator(".findings li").allInnerTexts();
    for (const { what, where } of stories) {
      const one = found.find((text) => what.test(text) && where.test(text));
      assert.ok(one, `${where} is not among:\n${found.join("\n")}`);
      assert.match(one, /\(\d.*, n = [\d.,]+\)/, "with its interval and n");
    }
    assert.ok(clicks <= 4, "and the rows are one click further");
  });
}

test("a figure opens the rows behind it, and the rows lead to the person", async (t) => {
  const page = await open(t, server, { as: owner });
  await page.goto("/?period=90d");
  await page.settled();
  await page.locator("article", { hasText: "Giao hàng" }).locator("button.opens").last().click();
  const drawer = page.getByRole("dialog");
  await drawer.locator("blockquote").first().waitFor();
  await page.clean("the drawer with voices");
  await drawer.getByRole("tab", { name: page.w("ui.rows.all") }).click();
  await drawer.getByRole("link").first().click();
  await page.waitForURL(/\/people\/\w+/);
  await page.getByRole("heading", { name: page.w("ui.person.timeline") }).waitFor();
});

test("whoever may not see persons sees figures and rows, but neither names nor words", async (t) => {
  const page = await open(t, server, { as: viewer });
  await page.goto(`/journeys/${journey}/touchpoints/giao-hang?period=90d`);
  await page.settled();
  await page.locator("section button.opens").first().click();
  const drawer = page.getByRole("dialog");
  await drawer.locator("time").first().waitFor();
  assert.equal(await drawer.getByRole("link").count(), 0);
  assert.equal(await drawer.locator("blockquote").count(), 0);
  assert.equal(await page.getByRole("navigation").getByRole("link", { name: page.w("ui.menu.people") }).count(), 0);
});

test("the palette reaches a touchpoint by keyboard, without tone marks", async (t) => {
  const page = await open(t, server, { as: owner });
  await page.goto("/overview");
  await page.settled();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: page.w("ui.shell.search") }).fill("giao hang");
  await page.getByRole("option", { name: /Giao hàng/, selected: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Giao hàng" }).waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === "H1");
});

test("the palette reaches a place, and the home page is narrowed to it", async (t) => {
  const page = await open(t, server, { as: owner });
  await page.goto("/glossary");
  await page.settled();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: page.w("ui.shell.search") }).fill("da nang");
  await page.getByRole("option", { name: /Đà Nẵng/ }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: page.w("ui.filter.remove", { name: "Đà Nẵng" }) }).waitFor();
});

test("a map wider than the window says so, and its last stage is reached by button and by keyboard", async (t) => {
  const page = await open(t, server, { as: owner });
  await page.goto("/");
  await page.settled();
  const map = page.getByRole("region", { name: page.w("ui.journey.map") });
  const last = map.locator("ol.stages > li").last();
  const seen = () => last.evaluate((each) => each.getBoundingClientRect().right <= window.innerWidth + 1);
  assert.equal(await seen(), false);
  const on = page.getByRole("button", { name: page.w("ui.sideways.after") });
  await on.click();
  await page.getByRole("button", { name: page.w("ui.sideways.before") }).waitFor();
  assert.equal(await seen(), true);
  assert.equal(await on.count(), 0, "there is nothing more");
  await map.evaluate((each) => (each.scrollLeft = 0));
  await on.waitFor();
  await map.focus();
  for (let k = 0; k < 20; k++) await page.keyboard.press("ArrowRight");
  await on.waitFor({ state: "detached" });
});

test("whoever is limited to places and departments is told so on every page", async (t) => {
  const { items } = (await owner.get("/api/v1/users")).body;
  const { id } = items.find((each) => each.role === "viewer");
  const changed = await owner.patch(`/api/v1/users/${id}`, { places: ["Đà Nẵng"], departments: ["cskh"] });
  assert.equal(changed.status, 200, changed.text);
  const page = await open(t, server, { as: viewer, language: "en" });
  await page.goto("/");
  await page.getByText("Đà Nẵng · ").waitFor();
  await page.settled();
  await page.getByText(page.w("ui.journey.out_of_sight")).first().waitFor();
  await page.getByText(page.w("ui.quiet.scope")).waitFor();
  await page.clean("the limited home page");
  await owner.patch(`/api/v1/users/${id}`, { places: [], departments: [] });
});

test("people are found without tone marks", async (t) => {
  const page = await open(t, server, { as: owner });
  await page.goto("/people");
  await page.settled();
  await page.getByRole("searchbox").fill("nguyen thi");
  await page.waitForURL(/q=nguyen/);
  await page.getByRole("link", { name: /Nguyễn Thị/ }).first().waitFor();
});

test("a term explains itself where it is used, in the reader's language", async (t) => {
  const page = await open(t, server, { as: owner, language: "en" });
  await page.goto("/overview?metric=nps&period=90d");
  await page.settled();
  await page.getByRole("button", { name: page.w("ui.glossary.what_is", { term: "NPS" }) }).click();
  await page.getByText(page.w("term.nps.formula")).waitFor();
  await page.clean("the explanation");
});

// From here on the company changes: these stay last.
test("the owner erases a person after typing the name, and gets a certificate that names nobody", async (t) => {
  const page = await open(t, server, { as: owner, expected: [/status of 404/] });
  const { name } = (await owner.get(`/api/v1/people/${person}`)).body;
  await page.goto(`/people/${person}`);
  await page.settled();
  await page.getByRole("button", { name: page.w("ui.person.erase") }).click();
  const dialog = page.getByRole("dialog");
  const erase = dialog.getByRole("button", { name: page.w("ui.person.erase") });
  assert.ok(await erase.isDisabled(), "not before the name is typed");
  await dialog.getByRole("textbox").fill(name);
  await erase.click();
  await page.getByRole("heading", { name: page.w("ui.person.erased") }).waitFor({ timeout: LONG_MS });
  assert.ok(!(await page.locator("main").innerText()).includes(name));
  await page.clean("the certificate");
  await page.goto(`/people/${person}`);
  await page.getByRole("alert").waitFor();
});

test("the banner's button starts empty, and the users stay", async (t) => {
  // What the page asks about the journey while it goes away is refused: it is not found, or no journey to ask about.
  const page = await open(t, server, { as: owner, expected: [/404 .*\/api\/v1\/journeys\//, /422 .*\/api\/v1\/(ask|rows)/] });
  await page.goto("/");
  await page.settled();
  await page.getByRole("button", { name: page.w("ui.banner.start_empty") }).click();
  const dialog = page.getByRole("dialog");
  const { organisation } = (await owner.get("/api/v1/session")).body.installation;
  await dialog.getByRole("textbox").fill(organisation);
  await dialog.getByRole("button", { name: page.w("ui.banner.start_empty") }).click();
  await page.getByText(page.w("ui.journey.none")).waitFor({ timeout: LONG_MS });
  assert.equal(await page.getByText(page.w("ui.banner.start_empty")).count(), 0, "no banner is left");
  assert.equal((await owner.get("/api/v1/users")).body.items.length, 2);
});
