// The survey on somebody else's page: a strict policy, a broken page, a small first load, and only our origin.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { before, suite, test } from "node:test";
import { gzipSync } from "node:zlib";
import { root, shared } from "../help/server.mjs";
import { both, document, link, nps, publish } from "../help/surveys.mjs";
import { open } from "./browser.mjs";

// A shop's own server: one page, with whatever stands in its head and body.
async function shop(t, { head = "", body = "", policy }) {
  const page = `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Cửa hàng</title>${head}</head><body><main><h1>Cửa hàng</h1><p>Xin chào.</p>${body}</main></body></html>`;
  const server = http.createServer((request, answer) => {
    answer.writeHead(200, { "content-type": request.url === "/own.js" ? "text/javascript" : "text/html; charset=utf-8", ...(policy ? { "content-security-policy": policy } : {}) });
    answer.end(request.url === "/own.js" ? "window.own = 1" : request.url === "/" ? page : "");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

suite("the widget on another page", () => {
  const server = shared();
  let owner;
  before(async () => {
    owner = await server.owner();
  });
  const strict = () => `default-src 'none'; script-src 'self' ${server.url}; connect-src 'self' ${server.url}; style-src 'self'; require-trusted-types-for 'script'`;
  const tag = (token, more = "") => `<script async src="${server.url}/w/survey.js" data-survey="${token}" ${more}></script>`;
  const made = async (questions, more = {}) => {
    const survey = await publish(owner, document(questions, more));
    return { survey, token: (await link(owner, survey.id, { kind: "widget" })).token };
  };
  const figures = async (survey, question) => {
    const { body } = await owner.post("/api/v1/ask", { ask: "score", metric: "nps", where: [{ field: "question", is: [`${survey.id}.${question}`] }] });
    return body.rows[0];
  };
  // What the page loaded, and what its policy or its own handlers complained about.
  async function visit(t, address, more = {}) {
    const page = await open(t, server, more);
    page.loaded = [];
    page.on("request", (request) => page.loaded.push(request.url()));
    await page.addInitScript(() => {
      window.violations = [];
      window.wrongs = [];
      document.addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
      window.addEventListener("error", (event) => window.wrongs.push(event.message));
      window.addEventListener("unhandledrejection", (event) => window.wrongs.push(String(event.reason)));
    });
    await page.goto(address);
    return page;
  }

  for (const language of ["vi", "en"]) {
    test(`a pop-up in ${language} works under a strict policy that names only our origin`, async (t) => {
      const { survey, token } = await made([nps("q1", { required: true }), { id: "q2", type: "text", show: [{ question: "q1", lte: 6 }] }]);
      const address = await shop(t, { policy: strict(), body: tag(token, `data-delay="0" data-language="${language}"`) });
      const page = await visit(t, address, { width: 360, language });
      const dialog = page.getByRole("dialog");
      const word = page.w;
      await dialog.waitFor();
      assert.equal(await page.evaluate(() => document.activeElement === document.body), true, "a pop-up takes no focus");
      await page.clean();
      await dialog.getByRole("radio", { name: "6", exact: true }).check();
      await dialog.getByRole("button", { name: word("ui.respond.next") }).click();
      await dialog.getByRole("heading", { name: language === "vi" ? "Câu q2" : "Question q2" }).waitFor();
      await page.clean();
      await dialog.getByRole("textbox").fill("Ổn");
      await dialog.getByRole("button", { name: word("ui.respond.send") }).click();
      await dialog.getByRole("heading", { name: word("ui.respond.thanks") }).waitFor();
      await page.clean();
      await dialog.getByRole("button", { name: word("ui.respond.close") }).last().click();
      await dialog.waitFor({ state: "detached" });
      assert.deepEqual(await page.evaluate(() => [window.violations, window.wrongs]), [[], []]);
      const elsewhere = page.loaded.filter((each) => !each.startsWith(address) && !each.startsWith(`${server.url}/`));
      assert.deepEqual(elsewhere, []);
      assert.deepEqual([(await figures(survey, "q1")).n, (await figures(survey, "q1")).score], [1, -100]);
      await page.reload();
      await page.waitForLoadState("networkidle");
      assert.equal(await dialog.count(), 0, "once a person and month");
    });
  }

  test("everything that the first load of a pop-up needs is at most 8 KB", async (t) => {
    const { token } = await made([nps("q1"), { id: "q2", type: "csat" }, { id: "q3", type: "text" }]);
    const page = await visit(t, await shop(t, { body: tag(token, 'data-delay="0"') }), { language: "vi" });
    await page.getByRole("dialog").waitFor();
    const scripts = page.loaded.filter((each) => each.startsWith(`${server.url}/w/`)).map((each) => new URL(each).pathname);
    const size = scripts.reduce((sum, each) => sum + gzipSync(readFileSync(path.join(root, "ui/dist", each)), { level: 9 }).length, 0);
    t.diagnostic(`${scripts.join(" ")}: ${size} bytes (gzip)`);
    assert.ok(scripts.length >= 1 && size <= 8 * 1024, `${size}`);
    assert.deepEqual(page.loaded.filter((each) => each.startsWith(server.url) && !each.includes("/w/") && !each.includes("/respond/")), []);
  });

  test("a page with broken scripts, spoilt prototypes and old libraries does not hinder it, nor it the page", async (t) => {
    const head = `<script>
      Array.prototype.toJSON = function () { return "spoilt"; };
      String.prototype.toJSON = function () { return "spoilt"; };
      Object.prototype.extra = function () { throw new Error("spoilt"); };
      Array.prototype.each = function (f) { for (var i = 0; i < this.length; i++) f(this[i]); };
      window.$ = window.jQuery = function () { throw new Error("old"); };
      window.define = function () { throw new Error("loader"); }; window.define.amd = {};
      window.exports = {}; window.module = { exports: {} };
      JSON.parse = JSON.parse;
      var kept = Object.keys(window).length;
    </script><script>this is not JavaScript</script><style>* { display: none !important } button, h2, div { font-size: 90px !important; color: red !important }
      html, body, body > main, main > div { display: block !important }</style>`;
    const { survey, token } = await made([nps("q1"), { id: "q2", type: "text" }]);
    const page = await visit(t, await shop(t, { head, body: tag(token, 'data-mode="inline"') + "<script>undefinedThing()</script>" }), { expected: [/Unexpected|undefinedThing|spoilt/] });
    await page.getByRole("radio", { name: "10" }).check();
    await page.getByRole("button", { name: page.w("ui.respond.next") }).click();
    await page.getByRole("textbox").fill('Tốt "lắm" \\ <b>');
    await page.getByRole("button", { name: page.w("ui.respond.send") }).click();
    await page.getByRole("heading", { name: page.w("ui.respond.thanks") }).waitFor();
    const found = await page.evaluate(() => [window.wrongs.filter((each) => !/undefinedThing|Unexpected/.test(each)), Object.keys(window).filter((each) => !["violations", "wrongs"].includes(each)).length - window.kept]);
    assert.deepEqual(found[0], []);
    const text = await page.evaluate(() => getComputedStyle(document.querySelector("main > div").shadowRoot.querySelector("h2")).fontSize);
    assert.equal(text, "20px", "the page's style does not reach inside");
    assert.deepEqual([(await figures(survey, "q1")).n, (await figures(survey, "q1")).score], [1, 100]);
  });

  test("a server that is away leaves the page as it was", async (t) => {
    const address = await shop(t, { body: `<script async src="${server.url}/w/survey.js" data-survey="nothing-of-the-kind" data-mode="inline"></script>` });
    const page = await visit(t, address, { expected: [/status of 404/] });
    await page.waitForLoadState("networkidle");
    assert.deepEqual(await page.evaluate(() => [window.wrongs, document.querySelectorAll("main > div").length]), [[], 0]);
  });

  test("rarer questions are loaded when they come, and work under the same policy", async (t) => {
    const { token } = await made([nps("q1"), { id: "q2", type: "single", options: [{ id: "a", label: both("Một") }, { id: "b", label: both("Hai") }] }, { id: "q3", type: "emotion" }]);
    const page = await visit(t, await shop(t, { policy: strict(), body: tag(token, 'data-mode="inline"') }), { width: 360 });
    await page.getByRole("radio", { name: "9", exact: true }).check();
    assert.equal(page.loaded.some((each) => /more-/.test(each)), false);
    await page.getByRole("button", { name: page.w("ui.respond.next") }).click();
    await page.getByRole("radio", { name: "Hai" }).check();
    await page.clean();
    await page.getByRole("button", { name: page.w("ui.respond.next") }).click();
    await page.getByRole("radio", { name: page.w("ui.respond_more.emotion_joy") }).check();
    await page.clean();
    await page.getByRole("button", { name: page.w("ui.respond.send") }).click();
    await page.getByRole("heading", { name: page.w("ui.respond.thanks") }).waitFor();
    assert.deepEqual(await page.evaluate(() => [window.violations, window.wrongs]), [[], []]);
  });

  test("a pop-up comes when the reader is far enough down, when the mouse leaves, or when the page calls it", async (t) => {
    const { token } = await made([nps("q1")]);
    const long = "<p>dòng</p>".repeat(200);
    const far = await visit(t, await shop(t, { body: long + tag(token, 'data-scroll="50%"') }));
    await far.waitForLoadState("networkidle");
    assert.equal(await far.getByRole("dialog").count(), 0);
    await far.evaluate(() => scrollTo(0, document.body.scrollHeight * 0.7));
    await far.getByRole("dialog").waitFor();
    await far.keyboard.press("Tab");

    const leaving = await visit(t, await shop(t, { body: tag(token, "data-exit") }));
    await leaving.waitForLoadState("networkidle");
    await leaving.evaluate(() => document.dispatchEvent(new MouseEvent("mouseout", { clientY: -1, relatedTarget: null })));
    await leaving.getByRole("dialog").waitFor();

    const queue = "<script>window.cham = function () { (cham.q = cham.q || []).push(arguments) }; cham('identify', 'khach-hang-0042'); cham('open')</script>";
    const called = await visit(t, await shop(t, { body: queue + tag(token, 'data-open="call"') }));
    const dialog = called.getByRole("dialog");
    await dialog.getByRole("radio", { name: "9", exact: true }).check();
    const [request] = await Promise.all([called.waitForRequest((each) => each.method() === "POST"), dialog.getByRole("button", { name: called.w("ui.respond.send") }).click()]);
    assert.equal(JSON.parse(request.postData()).anonymous, "khach-hang-0042");
    await dialog.getByRole("heading", { name: called.w("ui.respond.thanks") }).waitFor();
  });

  test("stars below an article say honestly that nobody voted, take a vote with one press, and then its average", async (t) => {
    const { token } = await made([{ id: "q1", type: "csat", scale: "1-5", look: "stars", title: both("Bài viết này có hữu ích với bạn không?", "Was this article useful?") }]);
    const page = await visit(t, await shop(t, { policy: strict(), body: tag(token, 'data-mode="stars"') }), { width: 360 });
    await page.getByText(page.w("ui.respond.votes_none")).waitFor();
    await page.clean();
    await page.getByRole("radio", { name: "4", exact: true }).click();
    await page.getByRole("heading", { name: page.w("ui.respond.thanks") }).waitFor();
    await page.getByText(page.w("ui.respond.votes", { average: "4", most: 5, votes: 1 })).waitFor();
    await page.clean();
    assert.deepEqual(await page.evaluate(() => [window.violations, window.wrongs]), [[], []]);
    await page.reload();
    await page.getByText(page.w("ui.respond.votes", { average: "4", most: 5, votes: 1 })).waitFor();
    assert.equal(await page.getByRole("radio").count(), 0, "one person votes once");
  });
});
