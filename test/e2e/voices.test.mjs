// The pages about what people said: the inbox by keyboard and on a telephone, what drives a reading, many at once with a way
// back, what figures open, promises and pain points, in the browser over the demo company.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Server } from "../help/server.mjs";
import { open } from "./browser.mjs";

let server, owner, viewer;
before(async () => {
  server = new Server();
  await server.command_line("demo", "--people", "1200", "--months", "12", "--seed", "1");
  await server.start();
  owner = await server.user("owner");
  viewer = await server.user("viewer");
  await owner.post("/api/v1/pains", { name: "Giao trễ mà không báo", description: "", touchpoint: "giao-hang", matches: { topic: ["delivery"], polarity: "negative" } });
});
after(async () => {
  await server.stop();
  await server.remove();
});

const rows = (page) => page.locator("ul.rows > li");
const here = (page) => page.locator("ul.rows > li.here");

test("every page of voices is clean with much data, wide and on a telephone", async (t) => {
  for (const [language, width, theme] of [["vi", 1440, "dark"], ["en", 360, "light"]]) {
    const page = await open(t, server, { as: owner, language, width, theme });
    for (const address of ["/voices", "/voices/topics", "/voices/drivers", "/voices/trends", "/voices/pains", "/voices/promises"]) {
      await page.goto(address);
      await page.settled();
      assert.equal(await page.locator('main [role="alert"]').count(), 0, `${address} shows a failure`);
      await page.clean(address);
    }
  }
});

test("the inbox is worked through with the keyboard alone", async (t) => {
  const page = await open(t, server, { as: owner });
  await page.goto("/voices");
  await rows(page).first().waitFor();
  const first = await here(page).getAttribute("data-id");
  await page.keyboard.press("j");
  await page.waitForFunction((id) => document.querySelector("li.here")?.dataset.id !== id, first);
  await page.keyboard.press("k");
  await page.waitForFunction((id) => document.querySelector("li.here")?.dataset.id === id, first);
  await page.keyboard.press("e");
  await page.locator(`li[data-id="${first}"]`).getByText(page.w("ui.feedback.status.done")).waitFor();
  assert.equal((await owner.get(`/api/v1/feedback/${first}`)).body.status, "done");
  await page.keyboard.press("/");
  await page.keyboard.type("GIAO");
  await page.locator("ul.rows mark").first().waitFor();
  for (const text of (await page.locator("ul.rows mark").allTextContents()).slice(0, 20)) assert.match(text, /^giao/i);
  assert.match(page.url(), /q=GIAO\*/);
  const found = (await owner.get("/api/v1/feedback/counts?q=giao*")).body.n;
  await page.getByText(page.w("ui.feedback.found", { n: found.toLocaleString("vi-VN") })).first().waitFor();
});

test("what was read says which words it rests on, and what a person corrects wins", async (t) => {
  const { items } = (await owner.get("/api/v1/feedback?class=negative&limit=1")).body;
  const page = await open(t, server, { as: owner });
  await page.goto(`/voices?class=negative`);
  const detail = page.getByRole("article", { name: page.w("ui.feedback.one") });
  await detail.locator(".because").first().waitFor();
  const reading = (await owner.get(`/api/v1/feedback/${items[0].id}/reading`)).body;
  assert.ok(reading.because.length > 0);
  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog", { name: page.w("ui.feedback.correct") });
  await dialog.getByRole("radio", { name: "Tích cực" }).check();
  await dialog.getByRole("button", { name: page.w("ui.action.save") }).click();
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await owner.get(`/api/v1/feedback/${items[0].id}`)).body.class, "positive");
  await detail.getByText(page.w("ui.feedback.corrected_by", { who: "owner" })).waitFor();
});

test("many are changed at once and had back as they were", async (t) => {
  const page = await open(t, server, { as: owner });
  await page.goto("/voices?complaint=true");
  await rows(page).first().waitFor();
  const before = (await owner.get("/api/v1/feedback?complaint=true&limit=3")).body.items.map(({ id, status }) => [id, status]);
  for (const [id] of before) await page.locator(`li[data-id="${id}"] input[type=checkbox]`).check();
  await page.getByRole("toolbar").getByRole("button", { name: page.w("ui.feedback.bulk.finish") }).click();
  await page.getByText(page.w("ui.feedback.bulk.done", { n: 3 })).waitFor();
  for (const [id] of before) assert.equal((await owner.get(`/api/v1/feedback/${id}`)).body.status, "done");
  await page.getByRole("button", { name: page.w("ui.action.undo") }).click();
  await page.getByText(page.w("ui.feedback.bulk.undone")).waitFor();
  for (const [id, status] of before) assert.equal((await owner.get(`/api/v1/feedback/${id}`)).body.status, status);
});

test("what arrives is told above the list, and the list stays where it is", async (t) => {
  const page = await open(t, server, { as: owner });
  await page.goto("/voices");
  await rows(page).first().waitFor();
  const top = await rows(page).first().getAttribute("data-id");
  const told = await owner.post("/api/v1/feedback", { source: "complaint", text: "Gọi mãi tổng đài không ai nghe máy" });
  assert.equal(told.status, 201, told.text);
  const arrived = page.getByRole("button", { name: page.w("ui.feedback.arrived", { n: 1 }) });
  await arrived.waitFor();
  assert.equal(await rows(page).first().getAttribute("data-id"), top);
  await arrived.click();
  await page.waitForFunction((id) => document.querySelector("ul.rows > li")?.dataset.id === id, told.body.id);
});

test("a saved view keeps its conditions, for oneself and for others", async (t) => {
  const page = await open(t, server, { as: owner });
  await page.goto("/voices?class=negative&touchpoint=giao-hang");
  await rows(page).first().waitFor();
  await page.getByRole("button", { name: page.w("ui.feedback.view.save") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(page.w("ui.feedback.view.name")).fill("Chê giao hàng");
  await dialog.getByLabel(page.w("ui.feedback.view.shared")).check();
  await dialog.getByRole("button", { name: page.w("ui.action.save") }).click();
  const views = page.getByRole("navigation", { name: page.w("ui.feedback.views") });
  await views.getByRole("button", { name: "Chê giao hàng", exact: true }).waitFor();
  await views.getByRole("button", { name: page.w("ui.feedback.view.all") }).click();
  await page.waitForURL((url) => !url.search.includes("class="));
  await views.getByRole("button", { name: "Chê giao hàng", exact: true }).click();
  await page.waitForURL(/class=negative&touchpoint=giao-hang|touchpoint=giao-hang&class=negative/);
});

test("a topic's figure opens exactly as many voices as it says", async (t) => {
  const page = await open(t, server, { as: owner, language: "en" });
  await page.goto("/voices/topics?period=all");
  await page.settled();
  const row = page.locator("tbody tr").first();
  const link = row.getByRole("link", { name: /criticised$/ });
  const told = Number((await link.textContent()).replace(/[^\d]/g, ""));
  await link.click();
  await page.getByText(page.w("ui.feedback.found", { n: told.toLocaleString("en-GB") })).first().waitFor();
});

test("a promise is written down with its test and shows who got less than that", async (t) => {
  const page = await open(t, server, { as: owner });
  await page.goto("/voices/promises");
  await page.locator("ul.promises li").first().waitFor();
  await page.locator("ul.promises li").filter({ hasText: "Hoàn tiền trong 3 ngày" }).getByRole("button").click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("link").first().waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Hoàn tiền trong 3 ngày" }).click();
  await page.getByRole("heading", { level: 2, name: "Hoàn tiền trong 3 ngày" }).waitFor();
  await page.getByText(page.w("ui.promise.course")).waitFor();
});

test("on a telephone one voice covers the list, and the way back is there", async (t) => {
  const page = await open(t, server, { as: owner, width: 360 });
  await page.goto("/voices");
  await rows(page).first().getByRole("button").click();
  const dialog = page.getByRole("dialog", { name: page.w("ui.feedback.one") });
  await dialog.waitFor();
  await page.clean("one voice on a telephone");
  await dialog.getByRole("button", { name: page.w("ui.feedback.next"), exact: true }).click();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await rows(page).first().waitFor();
});

test("who may not see persons sees how voices read and not their words", async (t) => {
  const page = await open(t, server, { as: viewer });
  await page.goto("/voices");
  await rows(page).first().waitFor();
  assert.equal(await page.getByRole("searchbox").count(), 0);
  await rows(page).first().getByText(page.w("ui.feedback.words_hidden")).waitFor();
  await page.goto("/voices/topics");
  await page.settled();
  await page.locator("tbody tr").first().waitFor();
});

test("a touchpoint leads to its voices, pains and promises", async (t) => {
  const journey = (await owner.get("/api/v1/journeys")).body.items[0].id;
  const page = await open(t, server, { as: owner });
  await page.goto(`/journeys/${journey}/touchpoints/giao-hang?period=90d`);
  await page.settled();
  const related = page.locator("section.related");
  await related.getByRole("link", { name: /Giao trễ mà không báo/ }).waitFor();
  await related.getByRole("link", { name: "Giao đúng ngày đã hẹn" }).waitFor();
  await related.getByRole("link", { name: page.w("ui.voices.inbox"), exact: true }).click();
  await page.waitForURL(/voices\?touchpoint=giao-hang/);
  await rows(page).first().waitFor();
});

test("an interview is written down only after a word of consent, and its words are coded", async (t) => {
  const study = (await owner.post("/api/v1/studies", { name: "Vì sao khách bỏ đi", target: 4 })).body.id;
  const [person] = (await owner.get("/api/v1/people?limit=1")).body.items;
  const alias = person.aliases.find(({ kind }) => kind === "user") ?? person.aliases[0];
  const page = await open(t, server, { as: owner });
  await page.goto(`/voices/studies/${study}`);
  await page.getByLabel(page.w("ui.study.add_person")).fill(`${alias.kind}:${alias.value}`);
  await page.getByRole("button", { name: page.w("ui.study.invite"), exact: true }).click();
  await page.getByText(page.w("ui.study.not_agreed")).waitFor();
  assert.ok(await page.getByRole("button", { name: page.w("ui.study.write") }).isDisabled());
  await page.getByRole("button", { name: page.w("ui.study.agree") }).click();
  const consent = page.getByRole("dialog", { name: page.w("ui.study.agree") });
  await consent.getByRole("button", { name: page.w("ui.study.agree") }).click();
  await page.getByText(page.w("ui.study.agreed"), { exact: true }).waitFor();
  await page.getByRole("button", { name: page.w("ui.study.write") }).click();
  const note = page.getByRole("dialog", { name: page.w("ui.study.write") });
  await note.getByLabel(page.w("ui.feedback.said")).fill("Tôi chờ ba ngày không ai gọi.");
  await note.getByRole("button", { name: page.w("ui.action.save") }).click();
  await page.locator("article").getByText("Tôi chờ ba ngày không ai gọi.").waitFor();
  await page.getByRole("button", { name: page.w("ui.study.code") }).click();
  const code = page.getByRole("dialog", { name: page.w("ui.study.code") });
  await code.getByLabel(page.w("ui.study.word"), { exact: true }).fill("chờ không biết bao lâu");
  await code.getByRole("button", { name: page.w("ui.action.save") }).click();
  await page.locator("ul.passages").getByText("chờ không biết bao lâu").waitFor();
});
