// What a respondent sees: a telephone, both languages, a bad network, and nothing that answers by itself.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { shared } from "../help/server.mjs";
import { both, document, link, nps, publish, Respondent, until } from "../help/surveys.mjs";
import { open } from "./browser.mjs";

const label = (vi, en) => ({ label: both(vi, en) });
const every = [
  { id: "q1", type: "nps", required: true, title: both("Bạn có giới thiệu chúng tôi không?", "Would you recommend us?") },
  { id: "q2", type: "text", title: both("Vì sao bạn cho {{q1}} điểm?", "Why {{q1}}?"), show: [{ question: "q1", lte: 8 }] },
  { id: "q3", type: "csat", scale: "1-5", look: "stars", title: both("Bạn hài lòng thế nào?", "How satisfied are you?") },
  { id: "q4", type: "csat", scale: "1-5", look: "faces", title: both("Nhân viên thế nào?", "How were the staff?") },
  { id: "q5", type: "ces", title: both("Việc nhận hàng dễ hay khó?", "How easy was it?") },
  { id: "q6", type: "emotion", target: "yên tâm", title: both("Bạn cảm thấy thế nào?", "How did you feel?") },
  { id: "q7", type: "single", title: both("Bạn mua ở đâu?", "Where did you buy?"), options: [{ id: "a", ...label("Ứng dụng", "App") }, { id: "x", other: true, ...label("Khác", "Other") }] },
  { id: "q8", type: "multiple", most: 2, title: both("Điều gì tốt?", "What was good?"), options: ["a", "b", "c"].map((id) => ({ id, ...label(`Điều ${id}`, `Thing ${id}`) })) },
  { id: "q9", type: "matrix", title: both("Từng phần", "Each part"), options: ["bad", "good"].map((id) => ({ id, ...label(id, id) })), rows: ["r1", "r2"].map((id) => ({ id, ...label(id, id) })) },
  { id: "q10", type: "ranking", title: both("Điều gì quan trọng?", "What matters?"), options: ["a", "b", "c"].map((id) => ({ id, ...label(`Điều ${id}`, `Thing ${id}`) })) },
  { id: "q11", type: "slider", min: 0, max: 10, title: both("Bao nhiêu?", "How much?") },
  { id: "q12", type: "contact", fields: ["name", "email"], purpose: "service", title: both("Liên hệ", "Contact") },
  { id: "q13", type: "file", files: ["image/*"], title: both("Ảnh", "Picture") },
  { id: "q14", type: "note", title: both("Xong rồi, {{q7}}", "Done, {{q7}}") },
];
const ends = [{ id: "thanks", title: both("Cảm ơn bạn nhiều!", "Many thanks!"), text: both("Hẹn gặp lại.", "See you.") }];
const gif = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

const main = (page) => page.locator("button.main");
const responses = async (owner, survey) => (await owner.get(`/api/v1/surveys/${survey.id}/responses`)).body.items;
const answersOf = async (owner, survey, response) => (await owner.get(`/api/v1/surveys/${survey.id}/responses/${response.id}`)).body.about;

suite("a survey on a telephone", () => {
  const server = shared();
  let owner;
  before(async () => {
    owner = await server.owner();
    assert.equal((await owner.post("/api/v1/consent-wordings", { purpose: "service", texts: both("Tôi đồng ý để được liên hệ.", "You may contact me.") })).status, 201);
  });

  const made = async (questions, more = {}, how = {}) => {
    const survey = await publish(owner, document(questions, { title: both("Giao hàng", "Delivery"), ends, ...more }));
    return { token: (await link(owner, survey.id, how)).token, survey };
  };
  const phone = (t, more = {}) => open(t, server, { width: 360, ...more });
  const asked = (page, text) => page.getByRole("heading", { name: text, exact: true }).waitFor();

  for (const language of ["vi", "en"]) {
    test(`every kind of question can be answered in ${language}, and axe finds nothing on any screen`, async (t) => {
      const { survey, token } = await made(every, { welcome: both("Chào bạn!", "Welcome!") });
      const page = await phone(t, { language });
      const at = (index) => asked(page, index === 1 ? (language === "vi" ? "Vì sao bạn cho 6 điểm?" : "Why 6?") : every[index].title[language]);
      const next = async () => {
        await page.clean();
        await main(page).click();
      };
      await page.goto(`/s/${token}`);
      await asked(page, language === "vi" ? "Chào bạn!" : "Welcome!");
      assert.equal(await page.getAttribute("html", "lang"), language);
      await next();
      await at(0);
      await main(page).click();
      await page.getByRole("alert").filter({ hasText: page.w("ui.respond.wrong_required") }).waitFor();
      await page.getByRole("radio", { name: "6", exact: true }).check();
      await next();
      await at(1);
      await page.getByRole("textbox").fill("Giao chậm quá <b>&");
      await next();
      await at(2);
      await page.getByRole("radio", { name: "4", exact: true }).check();
      await next();
      await at(3);
      await next(); // skipped
      await at(4);
      await page.getByRole("radio", { name: /^7/ }).check();
      await next();
      await at(5);
      await page.getByRole("radio", { name: "Yên tâm" }).check();
      await page.getByRole("radio", { name: page.w("ui.respond_more.strength_3") }).check();
      await next();
      await at(6);
      await page.getByRole("radio", { name: every[6].options[1].label[language] }).check();
      await main(page).click();
      await page.getByRole("alert").filter({ hasText: page.w("ui.respond_more.wrong_other") }).waitFor();
      await page.locator("input.line").fill("Chợ <i>");
      await next();
      await at(7);
      await page.getByRole("checkbox").nth(2).waitFor();
      for (const box of await page.getByRole("checkbox").all()) await box.check();
      await main(page).click();
      await page.getByRole("alert").filter({ hasText: page.w("ui.respond_more.wrong_most", { most: 2 }) }).waitFor();
      await page.getByRole("checkbox").first().uncheck();
      await next();
      await at(8);
      await page.getByRole("radiogroup", { name: "r1" }).getByRole("radio", { name: "good" }).check();
      await next();
      await at(9);
      await page.getByRole("button", { name: page.w("ui.respond_more.down", { option: language === "vi" ? "Điều a" : "Thing a" }) }).click();
      await next();
      await at(10);
      await page.getByRole("slider").press("ArrowRight");
      await next();
      await at(11);
      assert.equal(await page.getByRole("checkbox").isChecked(), false, "nobody agrees by not looking");
      await page.getByLabel(page.w("ui.respond_more.email")).fill("lan");
      await page.getByRole("checkbox", { name: language === "vi" ? "Tôi đồng ý để được liên hệ." : "You may contact me." }).check();
      await main(page).click();
      await page.getByRole("alert").filter({ hasText: page.w("ui.respond_more.wrong_email") }).waitFor();
      await page.getByLabel(page.w("ui.respond_more.email")).fill("lan@congty.vn");
      await next();
      await at(12);
      await page.locator("input[type=file]").setInputFiles({ name: "ảnh.gif", mimeType: "image/gif", buffer: gif });
      await page.locator(".files li").waitFor();
      await next();
      await asked(page, language === "vi" ? "Xong rồi, Chợ <i>" : "Done, Chợ <i>");
      await next();
      await asked(page, ends[0].title[language]);
      await page.clean();

      const [response] = await responses(owner, survey);
      assert.equal(response.state, "finished");
      const about = await answersOf(owner, survey, response);
      const { q13, ...answers } = about.answers;
      assert.deepEqual(answers, {
        q1: 6, q2: "Giao chậm quá <b>&", q3: 4, q5: 7, q6: { emotion: "target", strength: 3 }, q7: { option: "x", other: "Chợ <i>" },
        q8: ["b", "c"], q9: { r1: "good" }, q10: ["b", "a", "c"], q11: 6, q12: { email: "lan@congty.vn", consent: true, wording: 1 },
      });
      assert.equal(q13.length, 1);
      assert.equal(about.language, language);
    });
  }

  test("the keyboard alone answers, and goes back to what was answered", async (t) => {
    const { survey, token } = await made([nps("q1", { required: true }), { id: "q2", type: "text" }, { id: "q3", type: "ranking", options: ["a", "b"].map((id) => ({ id, ...label(id, id) })) }]);
    const page = await phone(t);
    await page.goto(`/s/${token}`);
    await asked(page, "Câu q1");
    await page.getByRole("radio", { name: /^0/ }).focus();
    for (let i = 0; i < 9; i++) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await asked(page, "Câu q2");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Câu q2", "who cannot see hears the new question");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Tốt");
    await main(page).focus();
    await page.keyboard.press("Enter");
    await asked(page, "Câu q3");
    await page.getByRole("button", { name: page.w("ui.respond_more.down", { option: "a" }) }).focus();
    await page.keyboard.press("ArrowDown");
    await page.getByText(page.w("ui.respond_more.rank_now", { option: "a", at: 2, of: 2 })).waitFor({ state: "attached" });
    await page.getByRole("button", { name: page.w("ui.respond.back") }).focus();
    await page.keyboard.press("Enter");
    await asked(page, "Câu q2");
    assert.equal(await page.getByRole("textbox").inputValue(), "Tốt");
    await main(page).click();
    await main(page).click();
    await asked(page, ends[0].title.vi);
    const [response] = await responses(owner, survey);
    assert.deepEqual((await answersOf(owner, survey, response)).answers, { q1: 9, q2: "Tốt", q3: ["b", "a"] });
  });

  test("opening ?a=9 from an e-mail chooses and sends nothing until it is pressed", async (t) => {
    const { survey, token } = await made([nps("q1"), { id: "q2", type: "text" }]);
    const page = await phone(t);
    const said = [];
    page.on("request", (request) => request.method() !== "GET" && said.push(JSON.parse(request.postData())));
    await server.anybody().get(`/s/${token}?a=9`); // a mail scanner
    await page.goto(`/s/${token}?a=9`);
    await asked(page, "Câu q1");
    assert.equal(await page.getByRole("radio", { name: "9", exact: true }).isChecked(), true);
    await until(() => said, () => said.length > 0, "nobody was told that it is open");
    assert.ok(said.every(({ answers, finished }) => !answers && !finished), JSON.stringify(said));
    await page.reload();
    await asked(page, "Câu q1");
    assert.equal(await page.getByRole("radio", { name: "9", exact: true }).isChecked(), true, "still chosen, still not sent");
    assert.ok((await responses(owner, survey)).every(({ answers }) => Object.keys(answers).length === 0));
    await main(page).click();
    await asked(page, "Câu q2");
    await main(page).click();
    await asked(page, ends[0].title.vi);
    const found = await responses(owner, survey);
    assert.deepEqual(found.map(({ state, answers }) => [state, answers]), [["finished", { q1: 9 }]]);
  });

  test("whoever sees the first question and leaves counts once as who opened it, and has taken nothing", async (t) => {
    const { survey, token } = await made([nps("q1", { required: true }), { id: "q2", type: "text" }], { quotas: [{ name: "all", when: [{ question: "q1", gte: 0 }], most: 1, to: "end:thanks" }] }, { kind: "single" });
    const results = async () => (await owner.get(`/api/v1/surveys/${survey.id}/results`)).body;
    const opened = (n) => until(results, (now) => now.opened === n);
    for (const method of ["GET", "HEAD"]) await fetch(`${server.url}/s/${token}`, { method }); // a mail scanner
    await new Respondent(server, token).look();
    assert.equal((await results()).opened, 0);
    const page = await phone(t);
    await page.goto(`/s/${token}`);
    await page.getByRole("radio", { name: "3", exact: true }).check(); // and not sent
    const { started, finished, questions } = await opened(1);
    assert.deepEqual([started, finished], [0, 0]);
    assert.deepEqual(questions.map(({ seen, answered, left }) => [seen, answered, left]), [[1, 0, 1], [0, 0, 0]]);
    await Promise.all([page.waitForRequest((request) => request.method() === "POST"), page.reload()]); // the same visit
    const other = await phone(t);
    await Promise.all([other.waitForResponse((reply) => reply.request().method() === "POST" && reply.ok()), other.goto(`/s/${token}`)]);
    await opened(1);
    await page.getByRole("radio", { name: "9", exact: true }).check();
    await main(page).click();
    await asked(page, "Câu q2");
    await until(results, ({ questions: [, second] }) => second.left === 1, "left at the second question");
    await main(page).click();
    await asked(page, ends[0].title.vi);
    const now = await results();
    assert.deepEqual([now.opened, now.started, now.finished], [1, 1, 1]);
  });

  test("the language is switched in the middle and the answers stay", async (t) => {
    const { survey, token } = await made([nps("q1"), { id: "q2", type: "text" }]);
    const page = await phone(t);
    await page.goto(`/s/${token}`);
    await page.getByRole("radio", { name: "9", exact: true }).check();
    await page.getByRole("button", { name: "English" }).click();
    await asked(page, "Question q1");
    assert.equal(await page.getByRole("radio", { name: "9", exact: true }).isChecked(), true);
    assert.equal(await page.getAttribute("html", "lang"), "en");
    await main(page).click();
    await asked(page, "Question q2");
    await main(page).click();
    await asked(page, "Many thanks!");
    assert.equal((await responses(owner, survey))[0].language, "en");
  });

  test("without a network answers are kept, said to be kept, and sent once when it is back; a reload loses nothing", async (t) => {
    const { survey, token } = await made([nps("q1"), { id: "q2", type: "text" }, { id: "q3", type: "text" }]);
    const page = await phone(t, { expected: [/ERR_INTERNET_DISCONNECTED/, /Failed to load resource/] });
    await page.goto(`/s/${token}`);
    await page.getByRole("radio", { name: "9", exact: true }).check();
    await main(page).click();
    await asked(page, "Câu q2");
    await page.waitForFunction(() => JSON.parse(sessionStorage[Object.keys(sessionStorage)[0]]).edit);
    await page.context().setOffline(true);
    await page.getByRole("textbox").fill("Trong thang máy");
    await main(page).click();
    await asked(page, "Câu q3");
    await page.getByRole("status").filter({ hasText: page.w("ui.respond.offline") }).waitFor();
    await page.clean();
    await page.getByRole("textbox").fill("Vẫn trong thang máy");
    await main(page).click();
    await page.getByRole("status").filter({ hasText: page.w("ui.respond.offline") }).waitFor();
    await page.context().setOffline(false);
    await asked(page, ends[0].title.vi);
    const found = await responses(owner, survey);
    assert.equal(found.length, 1);
    assert.deepEqual((await answersOf(owner, survey, found[0])).answers, { q1: 9, q2: "Trong thang máy", q3: "Vẫn trong thang máy" });
  });

  test("a reload in the middle goes on where it was", async (t) => {
    const { survey, token } = await made([nps("q1"), { id: "q2", type: "text" }]);
    const page = await phone(t);
    await page.goto(`/s/${token}`);
    await page.getByRole("radio", { name: "3", exact: true }).check();
    await main(page).click();
    await asked(page, "Câu q2");
    await page.reload();
    await asked(page, "Câu q2");
    await page.getByRole("button", { name: page.w("ui.respond.back") }).click();
    assert.equal(await page.getByRole("radio", { name: "3", exact: true }).isChecked(), true);
    await main(page).click();
    await main(page).click();
    await asked(page, ends[0].title.vi);
    assert.equal((await responses(owner, survey)).length, 1);
  });

  test("on a slow network the first question is there within four seconds and the rest is usable", async (t) => {
    const { token } = await made(every);
    const page = await phone(t);
    const wire = await page.context().newCDPSession(page);
    // Slow 3G as the browser's own tools have it.
    await wire.send("Network.emulateNetworkConditions", { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 });
    const begun = Date.now();
    await page.goto(`/s/${token}`);
    await asked(page, every[0].title.vi);
    const took = Date.now() - begun;
    t.diagnostic(`first question after ${took} ms on 400 kbit/s with 400 ms of delay`);
    assert.ok(took < 4000, `${took} ms`);
    await page.getByRole("radio", { name: "9", exact: true }).check();
    await main(page).click();
    await asked(page, every[2].title.vi);
  });

  test("a link says what state it is in, in the reader's language", async (t) => {
    const page = await phone(t, { language: "en", expected: [/status of 404/, /status of 403/] });
    const says = async (token, key) => {
      await page.goto(`/s/${token}`);
      await page.getByRole("heading", { level: 1, name: page.w(key) }).waitFor();
      await page.clean(key);
    };
    const state = async (survey, to) => assert.equal((await owner.post(`/api/v1/surveys/${survey.id}/state`, { state: to })).status, 200);
    await says("abcdefghijklmnopqrstuvwx", "ui.respond_page.unknown");
    const { survey, token } = await made([nps("q1")]);
    await state(survey, "paused");
    await says(token, "ui.respond_page.paused");
    await state(survey, "closed");
    await says(token, "ui.respond_page.state_closed");
    const other = await made([nps("q1")], {}, { kind: "single" });
    await new Respondent(server, other.token).finish({ q1: 9 });
    await says(other.token, "ui.respond_page.state_used");
    const full = await made([nps("q1")], {}, { most: 1 });
    await new Respondent(server, full.token).finish({ q1: 9 });
    await says(full.token, "ui.respond_page.state_full");
    const locked = await made([nps("q1")], {}, { pin: "2580" });
    await says(locked.token, "ui.respond_page.pin_title");
    await page.getByLabel(page.w("ui.respond_page.pin")).fill("1111");
    await main(page).click();
    await page.getByRole("alert").filter({ hasText: page.w("ui.respond_page.pin_wrong") }).waitFor();
    await page.clean();
    await page.getByLabel(page.w("ui.respond_page.pin")).fill("2580");
    await main(page).click();
    await asked(page, "Question q1");
    await page.getByRole("radio", { name: "9", exact: true }).check();
    await main(page).click();
    await asked(page, ends[0].title.en);
  });

  test("a survey leads on only to the web, and a text that looks like code stays a text", async (t) => {
    const bad = '<img src=x onerror="document.title=1">';
    const { token } = await made([{ id: "q1", type: "text" }, { id: "q2", type: "note", title: both("{{q1}} {{hidden.name}}") }], {
      ends: [{ id: "thanks", title: both("Xong {{q1}}"), redirect: "https://example.vn/cam-on" }],
    });
    const page = await phone(t);
    await page.route("https://example.vn/**", (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: "<h1>Đã tới</h1>" }));
    await page.goto(`/s/${token}?name=${encodeURIComponent(bad)}`);
    await page.getByRole("textbox").fill(bad);
    await main(page).click();
    await asked(page, `${bad} ${bad}`);
    assert.equal(await page.locator("img").count(), 0);
    await main(page).click();
    await asked(page, `Xong ${bad}`);
    assert.equal(await page.locator("a.main").getAttribute("href"), "https://example.vn/cam-on");
    await page.getByRole("heading", { name: "Đã tới" }).waitFor();
  });
});
