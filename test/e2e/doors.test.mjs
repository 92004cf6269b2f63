// Getting in: the first start, invitations, signing in and out, passwords.
import assert from "node:assert/strict";
import { test } from "node:test";
import { start } from "../help/server.mjs";
import { open } from "./browser.mjs";

const password = "mật khẩu rất dài của tôi";
const refused = [/status of 40[0-9] .*(links|session)/, /status of 422/];
const linkOf = (server) => server.said.match(/\S+\/welcome#\S+/)[0];

test("the first start leads from a one-time link to the home page", async (t) => {
  const server = await start(t);
  const page = await open(t, server);
  const { w } = page;
  const link = linkOf(server);

  await page.goto("/");
  await page.getByRole("heading", { name: w("ui.signin.needs_owner_title") }).waitFor();

  await page.goto(link);
  await page.getByRole("heading", { name: w("ui.welcome.title_owner") }).waitFor();
  await page.clean();
  const create = page.getByRole("button", { name: w("ui.welcome.submit_owner") });
  await page.getByLabel(w("ui.welcome.name")).fill("Nguyễn Thị Lan");
  await page.getByLabel(w("ui.welcome.organisation")).fill("Nhà Mình");
  await page.getByLabel(w("ui.signin.email"), { exact: true }).fill("Lan@CongTy.vn");
  await page.getByLabel(w("ui.signin.password"), { exact: true }).fill("ngắn");
  assert.ok(await create.isDisabled(), "a short password is said to be short before it is sent");
  await page.getByLabel(w("ui.signin.password"), { exact: true }).fill(password);
  await create.click();

  await page.getByRole("navigation", { name: w("ui.shell.pages") }).waitFor();
  await page.getByText("Nhà Mình").first().waitFor();
  assert.equal(new URL(page.url()).hash, "", "the token does not stay in the address");
  assert.equal((await page.context().cookies()).filter((each) => each.httpOnly && each.sameSite !== "None").length, 1);

  const second = await open(t, server, { expected: refused });
  await second.goto(link);
  await second.getByRole("heading", { name: w("ui.welcome.bad_title") }).waitFor();
});

test("signing in leads back to the wanted page, and wrong passwords nowhere", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const page = await open(t, server, { expected: refused });
  const { w } = page;

  await page.goto("/settings/keys");
  await page.getByRole("heading", { name: w("ui.signin.title") }).waitFor();
  await page.getByLabel(w("ui.signin.email")).fill(owner.email);
  await page.getByLabel(w("ui.signin.password"), { exact: true }).fill("something else entirely");
  await page.getByRole("button", { name: w("ui.signin.submit") }).click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel(w("ui.signin.email")).inputValue(), owner.email);
  await page.clean();

  await page.getByLabel(w("ui.signin.password"), { exact: true }).fill(owner.password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: w("ui.settings.keys") }).waitFor();

  await page.goto("/account");
  await page.locator("main").getByRole("button", { name: w("ui.account.sign_out") }).click();
  await page.getByRole("heading", { name: w("ui.signin.title") }).waitFor();
  await page.goto("/settings/keys");
  await page.getByRole("heading", { name: w("ui.signin.title") }).waitFor();
});

test("an address from elsewhere is not where signing in leads", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  for (const to of ["//example.org/", "/\\example.org", "https://example.org/"]) {
    const page = await open(t, server);
    await page.goto(`/sign-in?to=${encodeURIComponent(to)}`);
    await page.getByLabel(page.w("ui.signin.email")).fill(owner.email);
    await page.getByLabel(page.w("ui.signin.password"), { exact: true }).fill(owner.password);
    await page.keyboard.press("Enter");
    await page.getByRole("navigation", { name: page.w("ui.shell.pages") }).waitFor();
    assert.equal(new URL(page.url()).origin, server.url);
  }
});

test("a changed password ends the other sessions, a changed language stays", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const page = await open(t, server, { as: owner, expected: refused });
  const { w } = page;

  await page.goto("/account");
  await page.getByLabel(w("ui.account.old_password"), { exact: true }).fill("not the old one");
  await page.getByLabel(w("ui.account.new_password"), { exact: true }).fill("một câu khác hẳn câu trước");
  await page.getByRole("button", { name: w("ui.account.change") }).click();
  await page.getByText(w("ui.account.old_password")).locator("..").locator(".bad").waitFor();

  const other = await server.anybody().post("/api/v1/session", { email: owner.email, password: owner.password });
  const cookie = other.headers["set-cookie"][0].split(";")[0];
  await page.getByLabel(w("ui.account.old_password"), { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: w("ui.account.change") }).click();
  await page.getByText(w("ui.account.changed")).waitFor();
  const { body } = await server.anybody({ cookie }).get("/api/v1/session");
  assert.equal(body.user, null);

  await page.locator("main").getByLabel(w("ui.account.language")).selectOption("en");
  await page.locator("main").getByRole("button", { name: w("ui.account.save") }).click();
  await page.getByRole("heading", { name: "My account" }).waitFor();
  assert.equal(await page.getAttribute("html", "lang"), "en");
});
