// The editor of journeys: with the keyboard alone, saved by itself, published knowingly, and safe from a second editor.
import assert from "node:assert/strict";
import { test } from "node:test";
import { start } from "../help/server.mjs";
import { open } from "./browser.mjs";

async function events(owner) {
  const lines = ["user,at,event,channel"];
  for (let k = 0; k < 120; k++) lines.push(`U${k % 30},${new Date(Date.now() - (k % 20) * 86_400_000).toISOString()},${k % 4 ? "Product Viewed" : "Order Completed"},${k % 2 ? "web" : "app"}`);
  const file = await owner.post("/api/v1/files?name=x.csv", lines.join("\n"));
  const begun = await owner.post("/api/v1/imports", { file: file.body.id, name: "x.csv", map: { user: "user", at: "at", kind: "event", channel: "channel" } });
  let now = begun.body;
  while (now.state === "waiting" || now.state === "running") now = (await owner.get(`/api/v1/imports/${now.id}`)).body;
}

async function prepared(t, options) {
  const server = await start(t);
  const owner = await server.owner();
  await events(owner);
  const { body } = await owner.post("/api/v1/journeys", { name: "Mua hàng", template: "standard" });
  const page = await open(t, server, { as: owner, ...options });
  await page.goto(`/settings/journeys/${body.id}`);
  await page.settled();
  return { server, owner, page, id: body.id, stages: body.stages };
}
const add = (page, stage) => page.getByRole("button", { name: new RegExp(`^${page.w("ui.jedit.add_touchpoint")}.*${stage.name}$`) });
const saved = (page) => page.getByText(page.w("ui.jedit.saved", { time: "…" }).split("…")[0].trim()).waitFor();

test("a new journey begins with the standard stages", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const page = await open(t, server, { as: owner });
  const { w } = page;
  await page.goto("/settings/journeys");
  await page.getByRole("button", { name: w("ui.jlist.new") }).first().click();
  await page.getByLabel(w("ui.jlist.name"), { exact: true }).fill("Đón tiếp");
  await page.getByRole("dialog").getByRole("button", { name: w("ui.jlist.create") }).click();
  await page.getByRole("heading", { level: 1, name: "Đón tiếp" }).waitFor();
  assert.ok((await page.getByRole("button", { name: new RegExp(w("ui.jedit.add_touchpoint")) }).count()) >= 6);
});

test("a touchpoint is made, told its events, moved by keyboard and published", async (t) => {
  const { page, owner, id, stages } = await prepared(t);
  const { w } = page;

  await add(page, stages[0]).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByLabel(w("ui.tp.name")).fill("Đặt hàng");
  await drawer.getByRole("button", { name: w("ui.cond.add") }).click();
  await drawer.getByRole("checkbox", { name: /Order Completed/ }).check();
  await drawer.getByText(w("ui.tp.matching", { events: "30", people: "15" })).waitFor();
  await drawer.getByLabel(w("ui.tp.function")).fill("Chốt đơn nhanh và đúng");
  await drawer.getByRole("group", { name: w("ui.tp.required_emotion") }).getByLabel(w("ui.tp.word")).fill("Yên tâm");
  await drawer.getByRole("group", { name: w("ui.tp.required_emotion") }).getByLabel(w("ui.tp.metric")).selectOption("ces");
  await drawer.getByLabel(w("ui.tp.at_least")).fill("5.5");
  await drawer.getByLabel(w("ui.tp.next_name")).fill("Xem hàng lại");
  await drawer.getByLabel(w("ui.tp.next_within")).fill("3");
  await page.clean();
  await page.keyboard.press("Escape");
  await saved(page);

  const card = page.getByRole("button", { name: /Đặt hàng/ });
  await card.focus();
  await page.keyboard.press("Alt+ArrowRight");
  await page.getByText(w("ui.jedit.moved", { name: "Đặt hàng", stage: stages[1].name, place: 1, total: 1 })).waitFor({ state: "attached" });
  // The focus stays on what was moved.
  await page.waitForFunction(() => document.activeElement?.id === "touchpoint-dat-hang");
  await page.keyboard.press("Control+z");
  await page.getByRole("button", { name: w("ui.jedit.redo") }).click();
  await saved(page);

  await page.getByRole("button", { name: w("ui.jedit.publish"), exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(w("ui.change.touchpoint.added", { name: "Đặt hàng" })).waitFor();
  await page.clean();
  await dialog.getByRole("radio", { name: w("ui.jedit.from_ever") }).check();
  await dialog.getByRole("button", { name: w("ui.jedit.publish_yes") }).click();
  await page.getByText(w("ui.jedit.published", { version: 2 })).waitFor();

  const { body } = await owner.get(`/api/v1/journeys/${id}`);
  const [made] = body.touchpoints;
  assert.equal(made.stage, stages[1].id);
  assert.deepEqual(made.required_emotion, { word: "Yên tâm", metric: "ces", at_least: 5.5 });
  assert.equal(made.next_act.within, "3d");
  assert.deepEqual(made.where, [{ field: "kind", is: ["Order Completed"] }]);
  await page.getByRole("button", { name: new RegExp(w("ui.jedit.events_30", { n: "30" })) }).waitFor();

  await page.getByRole("button", { name: w("ui.jedit.versions") }).click();
  await page.clean();
  await page.getByRole("listitem").filter({ hasText: w("ui.jedit.version", { n: 1 }) }).getByRole("link", { name: w("ui.jedit.version_look") }).click();
  await page.getByText(w("ui.jedit.version_viewing", { n: 1 })).waitFor();
  assert.equal(await page.getByRole("button", { name: /Đặt hàng/ }).count(), 0);
});

test("a card is dragged to another stage", async (t) => {
  const { page, stages } = await prepared(t);
  await add(page, stages[0]).click();
  await page.getByRole("dialog").getByLabel(page.w("ui.tp.name")).fill("Kéo thả");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /Kéo thả/ }).dragTo(page.getByRole("region", { name: stages[2].name }));
  await page.getByRole("region", { name: stages[2].name }).getByRole("button", { name: /Kéo thả/ }).waitFor();
  await saved(page);
});

test("two people at one draft: nobody's work is lost unseen", async (t) => {
  const { page, owner, id } = await prepared(t, { expected: [/status of 412/] });
  const { w } = page;
  const theirs = (await owner.get(`/api/v1/journeys/${id}?version=draft`)).body;
  const changed = await owner.put(`/api/v1/journeys/${id}/draft`, { ...theirs, name: "Tên của người kia" });
  assert.equal(changed.status, 200, changed.text);

  await page.getByRole("button", { name: w("ui.jedit.name_and_lanes") }).click();
  await page.getByRole("dialog").getByLabel(w("ui.jedit.name"), { exact: true }).fill("Tên của tôi");
  await page.keyboard.press("Escape");
  await page.getByText(w("ui.jedit.conflict_title")).waitFor();
  await page.clean();
  assert.equal((await owner.get(`/api/v1/journeys/${id}?version=draft`)).body.name, "Tên của người kia");
  await page.getByRole("button", { name: w("ui.jedit.keep_mine") }).click();
  await saved(page);
  assert.equal((await owner.get(`/api/v1/journeys/${id}?version=draft`)).body.name, "Tên của tôi");
});

test("a mistake the server finds is said and the work is kept", async (t) => {
  const { page, stages } = await prepared(t, { expected: [/status of 422/], width: 360 });
  const { w } = page;
  await add(page, stages[0]).click();
  const emotion = page.getByRole("group", { name: w("ui.tp.required_emotion") });
  await emotion.getByLabel(w("ui.tp.word")).fill("Vui");
  await emotion.getByLabel(w("ui.tp.metric")).selectOption("ces");
  await emotion.getByLabel(w("ui.tp.at_least")).fill("70");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: w("ui.jedit.retry") }).waitFor();
  await page.clean();
  await page.getByRole("button", { name: new RegExp(w("ui.jedit.new_touchpoint")) }).click();
  await emotion.getByLabel(w("ui.tp.at_least")).fill("6");
  await page.keyboard.press("Escape");
  await saved(page);
});
