// The debugger: what the page tells people to send arrives, is shown as it comes, and what is refused says why.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { start } from "../help/server.mjs";
import { open } from "./browser.mjs";

const run = promisify(execFile);

test("the command on the empty page sends the first event, with a key made in place", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const page = await open(t, server, { as: owner });
  const { w } = page;

  await page.goto("/debugger");
  await page.getByText(w("ui.debugger.empty_title")).waitFor();
  await page.clean();
  await page.getByRole("button", { name: w("ui.debugger.make_key") }).click();
  await page.getByLabel(w("ui.keys.name")).fill("Trang web");
  await page.getByRole("dialog").getByRole("button", { name: w("ui.keys.new_write") }).click();
  await page.getByText(w("ui.debugger.key_made")).waitFor();
  await page.clean();

  const command = await page.getByRole("tabpanel").locator("pre").innerText();
  const { stdout } = await run("bash", ["-c", `${command} --silent --show-error --fail`]);
  assert.deepEqual(JSON.parse(stdout), { success: true });

  const row = page.getByRole("row", { name: /Order Completed/ });
  await row.getByText(w("ui.debugger.outcome.stored")).waitFor();
  await row.getByText("KH-1001").waitFor();
  await page.clean();
  await row.getByRole("button").click();
  await page.getByRole("dialog").getByText("1250000").waitFor();
  await page.clean();
});

test("what is refused says why, can be filtered, and waits while the list is paused", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const key = await server.key(owner);
  const page = await open(t, server, { as: owner, language: "en" });
  const { w } = page;
  const headers = { authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` };
  const send = (events) => server.anybody(headers).post("/v1/batch", { batch: events });
  const track = (event, more = {}) => ({ type: "track", userId: "KH-7", event, messageId: `${event}-${Math.random()}`, ...more });

  const twice = track("Twice");
  await send([track("Good"), track("Odd", { properties: { metric: "nps", score: 11 } }), twice]);
  await send([twice]);
  await page.goto("/debugger");
  await page.getByRole("row", { name: /Odd/ }).getByText(w("ui.debugger.outcome.refused")).waitFor();
  await page.getByRole("row", { name: /Twice/ }).getByText(w("ui.debugger.outcome.duplicate")).waitFor();
  const reason = await page.getByRole("row", { name: /Odd/ }).getByRole("cell").last().innerText();
  assert.ok(reason.length > 5, `a reason: ${reason}`);

  const outcomes = page.getByRole("group", { name: w("ui.debugger.outcome") });
  await outcomes.getByRole("button", { name: new RegExp(`^${w("ui.debugger.outcome.refused")}`) }).click();
  await page.getByRole("row", { name: /Good/ }).waitFor({ state: "detached" });
  assert.equal(await page.getByRole("row", { name: /Odd/ }).count(), 1);
  await outcomes.getByRole("button", { name: new RegExp(`^${w("ui.debugger.outcome.all")}`) }).click();

  await page.getByRole("button", { name: w("ui.debugger.pause") }).click();
  await send([track("Later")]);
  await page.getByText(w("ui.debugger.waiting", { n: "1" })).click();
  await page.getByRole("row", { name: /Later/ }).waitFor();
});
