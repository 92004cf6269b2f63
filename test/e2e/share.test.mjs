// The share page of a survey: links of every kind, what is printed, the embed code; and the page that ends messages.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { shared, start } from "../help/server.mjs";
import { document, link, nps, publish, Respondent } from "../help/surveys.mjs";
import { open } from "./browser.mjs";

suite("the share page", () => {
  const server = shared();
  let owner, survey;
  before(async () => {
    owner = await server.owner();
    survey = await publish(owner, document([nps("q1")], { name: "Sau giao hàng" }));
  });
  const links = async () => (await owner.get(`/api/v1/surveys/${survey.id}/links`)).body.items;

  test("one code for each shop is made from a list and printed", async (t) => {
    const page = await open(t, server, { as: owner, width: 360 });
    const { w } = page;
    await page.goto(`/voices/surveys/${survey.id}/share`);
    await page.getByRole("button", { name: w("ui.share.kind.qr") }).first().click();
    await page.getByLabel(w("ui.share.places")).fill("Cửa hàng Đà Nẵng\n\nCửa hàng Huế\nCửa hàng Huế\n");
    await page.clean();
    await page.getByRole("button", { name: w("ui.share.create_n", { n: 2 }) }).click();
    await page.getByRole("heading", { name: w("ui.share.made", { n: 2 }) }).waitFor();
    await page.clean();
    await page.getByRole("button", { name: w("ui.share.done") }).click();
    const made = (await links()).filter((each) => each.kind === "qr");
    assert.deepEqual(made.map((each) => each.place).sort(), ["Cửa hàng Huế", "Cửa hàng Đà Nẵng"]);
    await page.getByRole("button", { name: w("ui.share.print_all") }).click();
    await page.getByRole("radio", { name: w("ui.share.format.cards") }).check();
    const pdf = await page.getByRole("link", { name: w("ui.share.pdf") }).getAttribute("href");
    const { status, headers } = await owner.get(pdf);
    assert.deepEqual([status, headers["content-type"]], [200, "application/pdf"]);
  });

  test("links that only this machine opens are warned of, until the server's address is set", async (t) => {
    const alone = await start(t);
    const boss = await alone.owner();
    const { id } = await publish(boss, document([nps("q1")]));
    await link(boss, id, { kind: "qr", name: "Quầy 1" });
    const page = await open(t, alone, { as: boss });
    const { w } = page;
    await page.goto(`/voices/surveys/${id}/share`);
    const warning = w("ui.share.local", { address: alone.url, setting: w("ui.org.public_url") });
    await page.getByText(warning).waitFor();
    await page.getByRole("button", { name: w("ui.share.print_name", { name: "Quầy 1" }) }).click();
    await page.getByRole("dialog").getByText(warning).waitFor();
    await page.clean();
    assert.equal((await boss.patch("/api/v1/settings", { public_url: "http://cham.example.vn" })).status, 200);
    await page.reload();
    await page.getByText("http://cham.example.vn/s/").first().waitFor();
    assert.equal(await page.getByText(w("ui.share.local_do")).count(), 0);
  });

  test("a rule that sends this very survey begins on its share page", async (t) => {
    const other = await publish(owner, document([nps("q1")], { name: "Mới hơn" }));
    const page = await open(t, server, { as: owner, language: "en" });
    const { w } = page;
    await page.goto(`/voices/surveys/${survey.id}/share`);
    await page.getByRole("link", { name: w("ui.share.rule_new") }).click();
    const form = page.getByRole("dialog");
    const chosen = form.locator("select").filter({ has: page.locator(`option[value="${other.id}"]`) });
    await chosen.waitFor();
    assert.equal(await chosen.inputValue(), survey.id);
    await page.clean();
    await page.keyboard.press("Escape");
    await form.waitFor({ state: "detached" });
    assert.equal(new URL(page.url()).search, "", "closed, it does not open again");
  });

  test("a link is limited, paused, resumed and removed", async (t) => {
    const page = await open(t, server, { as: owner, language: "en" });
    const { w } = page;
    await page.goto(`/voices/surveys/${survey.id}/share`);
    await page.getByRole("button", { name: w("ui.share.kind.link") }).first().click();
    await page.getByLabel(w("ui.share.name"), { exact: true }).fill("Footer");
    await page.getByLabel(w("ui.share.most")).fill("50");
    await page.getByLabel(w("ui.share.expires")).fill("2031-12-31");
    await page.getByRole("button", { name: w("ui.share.create"), exact: true }).click();
    await page.getByRole("button", { name: w("ui.share.done") }).click();
    await page.getByText(w("ui.share.answers_of", { n: 0, most: 50 })).waitFor();
    const [made] = await links();
    assert.deepEqual([made.name, made.most], ["Footer", 50]);
    assert.equal(new Date(made.expires_ms + 1).toISOString(), "2031-12-31T17:00:00.000Z", "the whole last day, where the company is");
    await page.getByRole("button", { name: `${w("ui.share.pause")}: Footer` }).click();
    await page.getByText(w("ui.share.state.paused")).waitFor();
    await page.clean();
    assert.equal((await new Respondent(server, made.url.split("/s/")[1]).look()).body.state, "paused");
    await page.getByRole("button", { name: `${w("ui.share.resume")}: Footer` }).click();
    await page.getByRole("button", { name: `${w("ui.share.pause")}: Footer` }).waitFor();
    await page.getByRole("button", { name: `${w("ui.share.remove")}: Footer` }).click();
    await page.getByRole("dialog").getByRole("button", { name: w("ui.share.remove") }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.equal((await links()).some((each) => each.name === "Footer"), false);
  });

  test("the embed code is the one that works", async (t) => {
    const { token } = await link(owner, survey.id, { kind: "widget", name: "Bài viết" });
    const page = await open(t, server, { as: owner });
    const { w } = page;
    await page.goto(`/voices/surveys/${survey.id}/share?kind=widget`);
    await page.getByRole("button", { name: w("ui.share.embed") }).click();
    await page.getByRole("radio", { name: w("ui.share.mode.stars") }).check();
    await page.getByText(w("ui.share.mode.stars_needs")).waitFor();
    await page.getByRole("radio", { name: w("ui.share.mode.popup") }).check();
    await page.getByLabel(w("ui.share.exit")).check();
    await page.clean();
    assert.equal(await page.getByLabel(w("ui.share.code")).inputValue(), `<script async src="${server.url}/w/survey.js" data-survey="${token}" data-mode="popup" data-delay="5" data-exit></script>`);
  });

  test("a viewer sees the links and changes none; an unpublished survey has none", async (t) => {
    const page = await open(t, server, { as: await server.user("viewer") });
    await page.goto(`/voices/surveys/${survey.id}/share`);
    await page.getByRole("heading", { name: page.w("ui.share.links") }).waitFor();
    assert.equal(await page.getByRole("heading", { name: page.w("ui.share.new") }).count(), 0);
    assert.equal(await page.getByRole("button", { name: page.w("ui.share.pause") }).count(), 0);
    const draft = (await owner.post("/api/v1/surveys", { document: document([nps("q1")]) })).body;
    const other = await open(t, server, { as: owner });
    await other.goto(`/voices/surveys/${draft.id}/share`);
    await other.getByText(other.w("ui.share.unpublished_title")).waitFor();
    await other.clean();
  });
});

suite("the page that ends messages", () => {
  const server = shared();

  test("an old or foreign link says so, in both languages", async (t) => {
    for (const language of ["vi", "en"]) {
      const page = await open(t, server, { language, width: 360, expected: [/status of 404/] });
      await page.goto("/o/abcdefghijklmnop");
      await page.getByRole("heading", { name: page.w("ui.respond_page.expired") }).waitFor();
      await page.clean();
    }
  });

  test("looking ends nothing; the button does, and says so", async (t) => {
    const page = await open(t, server, { width: 360 });
    const asked = [];
    await page.route("**/api/v1/opt-out/**", (route) => {
      asked.push([route.request().method(), route.request().postData()]);
      return route.fulfill({ json: { organisation: "Cửa hàng Sen", address: "l…@vidu.vn", purpose: "survey", channel: "email", out: route.request().method() === "POST" } });
    });
    await page.goto("/o/abcdefghijklmnop");
    await page.getByRole("heading", { name: page.w("ui.respond_page.optout_title", { organisation: "Cửa hàng Sen" }) }).waitFor();
    await page.getByText("l…@vidu.vn").waitFor();
    await page.clean();
    assert.deepEqual(asked, [["GET", null]]);
    await page.getByRole("button", { name: page.w("ui.respond_page.optout_button") }).click();
    await page.getByRole("heading", { name: page.w("ui.respond_page.optout_done") }).waitFor();
    await page.clean();
    assert.deepEqual(asked[1], ["POST", '{"all":false}']);
  });
});
