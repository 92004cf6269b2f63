// Settings: inviting, limiting and locking out users; keys that are shown once; the audit log that saw it all.
import assert from "node:assert/strict";
import { test } from "node:test";
import { start } from "../help/server.mjs";
import { open } from "./browser.mjs";

test("an invited colleague gets in by the link and sees what the role allows", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const page = await open(t, server, { as: owner });
  const { w } = page;

  await page.goto("/settings/users");
  await page.getByRole("button", { name: w("ui.users.invite") }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(w("ui.users.email")).fill("mai@congty.vn");
  await dialog.getByLabel(w("ui.users.name"), { exact: true }).fill("Đỗ Mai");
  await dialog.getByRole("radio", { name: w("ui.role.viewer") }).check();
  await page.clean();
  await dialog.getByRole("button", { name: w("ui.users.create_link") }).click();
  const link = await page.getByRole("textbox", { name: w("ui.users.link_title", { name: "Đỗ Mai" }) }).inputValue();
  await page.clean();
  await page.keyboard.press("Escape");
  await page.getByRole("row", { name: /Đỗ Mai/ }).getByText(w("ui.users.invited")).waitFor();

  const guest = await open(t, server, { language: "en" });
  await guest.goto(link);
  await guest.getByText(guest.w("ui.welcome.lead_invitation", { role: guest.w("ui.role.viewer") })).waitFor();
  assert.equal(await guest.getByLabel(guest.w("ui.signin.email"), { exact: true }).inputValue(), "mai@congty.vn");
  await guest.getByLabel(guest.w("ui.signin.password"), { exact: true }).fill("a few words in a row");
  await guest.getByRole("button", { name: guest.w("ui.welcome.submit_invitation") }).click();
  const menu = guest.getByRole("navigation", { name: guest.w("ui.shell.pages") });
  await menu.getByRole("link", { name: guest.w("ui.menu.journeys") }).waitFor();
  assert.equal(await menu.getByRole("link", { name: guest.w("ui.settings.title") }).count(), 0);
  assert.equal(await menu.getByRole("link", { name: guest.w("ui.imports.title") }).count(), 0);
});

test("a locked account is out at once and can come back", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const analyst = await server.user("analyst");
  const page = await open(t, server, { as: owner });
  const { w } = page;

  await page.goto("/settings/users");
  const row = page.getByRole("row", { name: /analyst@example.vn/ });
  await row.getByRole("button").click();
  await page.getByRole("button", { name: w("ui.users.deactivate") }).click();
  await page.getByRole("heading", { name: w("ui.users.deactivate_title", { name: "analyst" }) }).waitFor();
  await page.getByRole("button", { name: w("ui.users.deactivate") }).click();
  await row.getByText(w("ui.users.inactive")).waitFor();
  assert.equal((await analyst.get("/api/v1/session")).body.user, null);

  await row.getByRole("button").click();
  await page.getByRole("button", { name: w("ui.users.activate") }).click();
  await row.getByText(w("ui.users.active"), { exact: true }).waitFor();
});

test("a second user with the same address is refused at the field", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const page = await open(t, server, { as: owner, expected: [/status of 4(09|22)/] });
  const { w } = page;
  await page.goto("/settings/users");
  await page.getByRole("button", { name: w("ui.users.invite") }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(w("ui.users.email")).fill(owner.email);
  await dialog.getByLabel(w("ui.users.name"), { exact: true }).fill("Hai");
  await dialog.getByRole("button", { name: w("ui.users.create_link") }).click();
  await dialog.locator(".bad, [role=alert]").first().waitFor();
});

test("a key is shown once, works, and stops when it is revoked", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const page = await open(t, server, { as: owner });
  const { w } = page;

  await page.goto("/settings/keys");
  await page.getByRole("button", { name: w("ui.keys.new_api") }).first().click();
  await page.getByLabel(w("ui.keys.name")).fill("Báo cáo tuần");
  await page.clean();
  await page.getByRole("dialog").getByRole("button", { name: w("ui.keys.new_api") }).click();
  const secret = await page.getByRole("textbox", { name: w("ui.keys.kind.api") }).inputValue();
  assert.equal((await server.anybody({ authorization: `Bearer ${secret}` }).get("/api/v1/settings")).status, 200);
  await page.keyboard.press("Escape");

  await page.reload();
  await page.getByRole("row", { name: /Báo cáo tuần/ }).waitFor();
  assert.ok(!(await page.content()).includes(secret), "the secret is nowhere any more");

  await page.getByRole("button", { name: w("ui.keys.revoke_name", { name: "Báo cáo tuần" }) }).click();
  await page.getByRole("dialog").getByRole("button", { name: w("ui.keys.revoke"), exact: true }).click();
  await page.getByText(w("ui.keys.empty_title")).waitFor();
  assert.equal((await server.anybody({ authorization: `Bearer ${secret}` }).get("/api/v1/settings")).status, 401);

  await page.goto("/settings/audit");
  await page.getByText(w("ui.audit.action.key.remove")).waitFor();
});

test("settings of the organisation are kept, and refused values are said at their field", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const page = await open(t, server, { as: owner });
  const { w } = page;

  await page.goto("/settings");
  await page.getByLabel(w("ui.org.name")).fill("Nhà Mình");
  await page.getByLabel(w("ui.org.minimum_n")).fill("12");
  await page.getByRole("button", { name: w("ui.settings.save") }).click();
  await page.getByText(w("ui.settings.saved")).waitFor();
  await page.reload();
  await page.waitForFunction(() => document.querySelector("input[type=number]")?.value === "12");
  const { body } = await owner.get("/api/v1/settings");
  assert.equal(body.organisation, "Nhà Mình");
  assert.equal(body.minimum_n, 12);
});
