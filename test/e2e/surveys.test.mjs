// Surveys in the app: built with the keyboard and the mouse, saved by itself, published knowingly.
import assert from "node:assert/strict";
import { test } from "node:test";
import { start } from "../help/server.mjs";
import { open } from "./browser.mjs";

const both = (vi, en) => ({ vi, en });
const scored = {
  languages: ["vi", "en"],
  name: "Sau giao hàng",
  title: both("Giao hàng", "Delivery"),
  questions: [
    { id: "q1", type: "csat", title: both("Bạn hài lòng chứ?", "Are you satisfied?"), scale: "1-5", required: true },
    { id: "q2", type: "text", title: both("Vì sao?", "Why?") },
  ],
  ends: [{ id: "thanks", title: both("Cảm ơn!", "Thank you!") }],
};

async function prepared(t, document, options = {}) {
  const server = await start(t);
  const owner = await server.owner();
  const made = await owner.post("/api/v1/surveys", { document });
  assert.equal(made.status, 201, made.text);
  const page = await open(t, server, { as: owner, ...options });
  await page.goto(`/voices/surveys/${made.body.id}`);
  await page.settled();
  return { server, owner, page, id: made.body.id };
}
const draftOf = async (owner, id) => (await owner.get(`/api/v1/surveys/${id}`)).body.document;
// The draft as soon as the server holds one like this: it is saved a moment after what was typed.
async function draftWith(page, owner, id, fits) {
  for (const until = Date.now() + 30_000; Date.now() < until; await page.evaluate(() => new Promise(requestAnimationFrame))) {
    const draft = await draftOf(owner, id);
    if (fits(draft)) return draft;
  }
  assert.fail("the draft was not saved");
}
const order = (draft) => draft.questions.map((each) => each.id).join();
const spoken = (page, label, language) => `${page.w(label)} (${page.w(`ui.survey.language.${language}`)})`;

test("an empty list begins with one button; a template is published once its words of consent are taken", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const page = await open(t, server, { as: owner });
  const { w } = page;
  await page.goto("/voices/surveys");
  await page.settled();
  await page.clean();
  await page.getByRole("button", { name: w("ui.survey.new") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(w("ui.survey.name"), { exact: true }).fill("Sau giao hàng, quý 4");
  await dialog.getByRole("radio").first().check();
  await page.clean();
  await dialog.getByRole("button", { name: w("ui.survey.create") }).click();
  await page.getByRole("heading", { level: 1, name: "Sau giao hàng, quý 4" }).waitFor();
  await page.clean();
  // Its last question asks for contact details, and nobody has written what people agree to: it leads there and proposes words.
  await page.getByRole("button", { name: w("ui.survey.publish"), exact: true }).click();
  assert.ok(await page.getByRole("dialog").getByRole("button", { name: w("ui.survey.publish_yes") }).isDisabled());
  await page.getByRole("dialog").getByRole("alert").getByRole("button").click();
  const asked = page.getByRole("group", { name: w("ui.survey.asked_first") });
  const vi = asked.getByLabel(w("ui.survey.language.vi"));
  assert.match(await vi.inputValue(), /rút lại/);
  await vi.fill("Tôi đồng ý được gọi lại.");
  await page.clean();
  await asked.getByRole("button", { name: w("ui.survey.asked_take") }).click();
  await page.getByText(w("ui.survey.asked")).waitFor();
  await page.getByText("Tôi đồng ý được gọi lại.").waitFor();
  const { body: wordings } = await owner.get("/api/v1/consent-wordings");
  assert.deepEqual(wordings.items.map((each) => [each.purpose, each.version, each.texts.vi]), [["service", 1, "Tôi đồng ý được gọi lại."]]);

  await page.getByRole("button", { name: w("ui.survey.publish"), exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: w("ui.survey.publish_yes") }).click();
  await page.getByText(w("ui.survey.published", { n: 1 })).waitFor();
  const { body } = await owner.get("/api/v1/surveys");
  assert.deepEqual(body.items.map((each) => [each.name, each.state, each.version]), [["Sau giao hàng, quý 4", "open", 1]]);
});

test("questions are added, worded in both languages, branched, moved and undone; the preview follows", async (t) => {
  const { page, owner, id } = await prepared(t, scored);
  const { w } = page;
  await page.getByRole("button", { name: w("ui.survey.question_add") }).click();
  await page.getByRole("dialog").getByRole("button", { name: new RegExp(`^${w("ui.survey.type.single")}`) }).click();
  const form = page.locator("#form-q3");
  await form.getByLabel(spoken(page, "ui.survey.question", "vi")).fill("Điều gì chưa ổn?");
  // What is not translated yet is marked, and counted above.
  await form.getByText(w("ui.survey.untranslated")).first().waitFor();
  await form.getByLabel(spoken(page, "ui.survey.question", "en")).fill("What went wrong?");
  const options = form.getByRole("group", { name: w("ui.survey.options") });
  const field = (n, language) => options.getByLabel(`${w("ui.survey.item_n", { n })} (${w(`ui.survey.language.${language}`)})`);
  for (const [n, words] of [[1, ["Giao trễ", "Late"]], [2, ["Hàng hư", "Damaged"]]]) {
    await field(n, "vi").fill(words[0]);
    await field(n, "en").fill(words[1]);
  }
  await form.getByRole("button", { name: w("ui.survey.condition_add") }).first().click();
  // The nearest question is proposed; the first is meant.
  await form.getByRole("button", { name: new RegExp(`^${w("ui.survey.subject")}`) }).click();
  await page.getByRole("option", { name: /Bạn hài lòng chứ/ }).click();
  await form.getByLabel(w("ui.survey.operator")).selectOption("lte");
  await form.getByLabel(w("ui.survey.value"), { exact: true }).selectOption("2");
  await page.clean();

  // With the keyboard to the second place, and the focus stays on it.
  await page.locator("#question-q3").focus();
  await page.keyboard.press("Alt+ArrowUp");
  await page.getByText(w("ui.survey.moved", { n: 2, total: 3 })).waitFor({ state: "attached" });
  await page.waitForFunction(() => document.activeElement?.id === "question-q3");
  const draft = await draftWith(page, owner, id, (each) => order(each) === "q1,q3,q2");
  assert.deepEqual(draft.questions[1].show, [{ question: "q1", lte: 2 }]);
  assert.deepEqual(draft.questions[1].options.map((each) => each.label), [both("Giao trễ", "Late"), both("Hàng hư", "Damaged")]);
  const preview = page.getByRole("region", { name: w("ui.survey.preview") });
  await preview.getByRole("heading", { name: "Điều gì chưa ổn?" }).waitFor();
  await preview.getByRole("button", { name: w("ui.survey.language.en") }).click();
  await preview.getByRole("heading", { name: "What went wrong?" }).waitFor();

  await page.keyboard.press("Control+z");
  await page.getByRole("tab", { name: w("ui.survey.view.flow") }).click();
  await page.getByText(w("ui.survey.flow_words")).waitFor();
  await page.clean();
  await draftWith(page, owner, id, (each) => order(each) === "q1,q2,q3");
});

test("what keeps a draft from being published leads to its field", async (t) => {
  const { page } = await prepared(t, { ...scored, questions: [{ id: "q1", type: "single", title: { vi: "Chọn" }, options: [{ id: "a", label: both("A", "A") }] }] }, { width: 360 });
  const { w } = page;
  await page.getByRole("button", { name: w("ui.survey.publish"), exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(w("ui.survey.wrong.options")).waitFor();
  assert.ok(await dialog.getByRole("button", { name: w("ui.survey.publish_yes") }).isDisabled());
  await page.clean();
  await dialog.getByRole("button", { name: w("ui.survey.number", { n: 1 }) }).first().click();
  await page.waitForFunction(() => document.activeElement?.closest("#form-q1") !== null);
});

test("an edit is a new version; the author says whether its scores still compare", async (t) => {
  const { page, owner, id } = await prepared(t, scored);
  const { w } = page;
  assert.equal((await owner.post(`/api/v1/surveys/${id}/publish`, {})).status, 200);
  await page.reload();
  await page.settled();
  await page.locator("#question-q1").click();
  await page.locator("#form-q1").getByLabel(spoken(page, "ui.survey.question", "vi")).fill("Bạn có hài lòng không?");
  await draftWith(page, owner, id, (each) => each.questions[0].title.vi === "Bạn có hài lòng không?");
  await page.getByRole("button", { name: w("ui.survey.publish"), exact: true }).click();
  let dialog = page.getByRole("dialog");
  const yes = dialog.getByRole("button", { name: w("ui.survey.publish_yes") });
  assert.ok(await yes.isDisabled(), "nothing is decided by itself");
  await page.clean();
  await dialog.getByRole("radio", { name: w("ui.survey.series_same") }).check();
  await yes.click();
  await page.getByText(w("ui.survey.published", { n: 2 })).waitFor();

  await page.locator("#question-q1").click();
  await page.locator("#form-q1").getByLabel(w("ui.survey.scale"), { exact: true }).selectOption("1-10");
  await draftWith(page, owner, id, (each) => each.questions[0].scale === "1-10");
  await page.getByRole("button", { name: w("ui.survey.publish"), exact: true }).click();
  dialog = page.getByRole("dialog");
  await dialog.getByText(w("ui.survey.series_must", { name: w("ui.survey.question_n", { n: 1, title: "Bạn có hài lòng không?" }) })).waitFor();
  await dialog.getByRole("button", { name: w("ui.survey.publish_yes") }).click();
  await page.getByText(w("ui.survey.published", { n: 3 })).waitFor();
  const series = [];
  for (const n of [1, 2, 3]) series.push((await owner.get(`/api/v1/surveys/${id}/versions/${n}`)).body.document.questions[0].series);
  assert.equal(series[0], series[1]);
  assert.notEqual(series[1], series[2]);

  await page.getByRole("link", { name: w("ui.survey.tab.versions") }).click();
  await page.getByText(w("ui.survey.change.changed", { name: w("ui.survey.question_n", { n: 1, title: "Bạn có hài lòng không?" }), fields: w("ui.survey.part.scale") })).waitFor();
  await page.clean();
});

test("two authors at once lose nothing: the second decides", async (t) => {
  const { page, owner, id } = await prepared(t, scored, { expected: [/412/] });
  const { w } = page;
  const other = await draftOf(owner, id);
  assert.equal((await owner.put(`/api/v1/surveys/${id}/draft`, { ...other, name: "Của người khác" })).status, 200);
  await page.getByRole("button", { name: w("ui.survey.opening") }).click();
  await page.getByLabel(w("ui.survey.name"), { exact: true }).fill("Của tôi");
  await page.getByText(w("ui.jedit.conflict_title")).waitFor();
  await page.getByRole("button", { name: w("ui.jedit.keep_mine") }).click();
  await draftWith(page, owner, id, (each) => each.name === "Của tôi");
});

test("the question bank is found by any word, tried, and asked", async (t) => {
  const { page, owner, id } = await prepared(t, scored, { language: "en" });
  const { w } = page;
  await page.goto("/voices/surveys/bank");
  await page.settled();
  await page.getByLabel(w("ui.survey.bank_find")).fill("gioi thieu");
  await page.getByRole("button", { name: new RegExp(`^${w("ui.survey.preview")}`) }).first().click();
  await page.getByRole("dialog").getByRole("region", { name: w("ui.survey.preview") }).waitFor();
  await page.clean();
  await page.goto(`/voices/surveys/${id}`);
  await page.settled();
  await page.getByRole("button", { name: w("ui.survey.question_add") }).click();
  await page.getByRole("tab", { name: w("ui.survey.bank") }).click();
  await page.getByRole("dialog").getByLabel(w("ui.survey.bank_find")).fill("recommend");
  await page.getByRole("dialog").getByRole("button", { name: new RegExp(`^${w("ui.survey.take")}`) }).first().click();
  await draftWith(page, owner, id, (each) => each.questions[2]?.bank === "nps.recommend");
});

test("answers given on the public page are seen as they come; another scale begins another series", async (t) => {
  const { server, page, owner, id } = await prepared(t, {
    ...scored,
    questions: [scored.questions[0], { ...scored.questions[1], show: [{ question: "q1", lte: 2 }] }],
  });
  const { w } = page;
  await page.goto(`/voices/surveys/${id}/results`);
  await page.settled();
  await page.getByText(w("ui.survey.results_unpublished")).waitFor();
  await page.clean();
  assert.equal((await owner.post(`/api/v1/surveys/${id}/publish`, {})).status, 200);
  const token = async () => (await owner.post(`/api/v1/surveys/${id}/links`, { kind: "link", name: "Trang web" })).body.items[0].url.split("/").at(-1);
  const first = await token();
  await page.reload();
  await page.settled();

  // One answers on a telephone: the branch asks why, because the score is low.
  const phone = await open(t, server, { width: 360 });
  await phone.goto(`/s/${first}`);
  await phone.getByRole("radio", { name: /^2/ }).first().check({ force: true });
  await phone.getByRole("button").last().click();
  await phone.getByRole("textbox").fill("Giao trễ hai ngày");
  await phone.getByRole("button").last().click();
  await phone.getByText("Cảm ơn!").waitFor();
  await page.getByRole("button", { name: new RegExp(w("ui.survey.column", { label: "2", n: 1, share: "100 %" })) }).waitFor();
  await page.clean();

  // More come; the figure follows without anybody reloading, and is grey as long as it rests on few.
  const send = (at, version, score) => fetch(`${server.url}/api/v1/respond/${at}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ version, language: "vi", answers: { q1: score }, seen: ["q1"], ms: { q1: 1500 }, finished: true, key: `k${version}-${Math.random()}` }) });
  for (let k = 0; k < 9; k++) assert.ok((await send(first, 1, 5)).ok);
  await page.getByText(/n = 10\)/).waitFor();
  await page.getByText(w("ui.figure.few")).first().waitFor();

  // Ten answers were given, and exactly these ten stand behind the score.
  await page.getByRole("button", { name: new RegExp(w("ui.figure.open_answers")) }).click();
  await page.getByRole("dialog").locator(".rows > li").nth(9).waitFor();
  assert.equal(await page.getByRole("dialog").locator(".rows > li").count(), 10);
  await page.keyboard.press("Escape");

  // A figure opens its rows, a column the responses behind it, and a response its answers.
  await page.getByRole("button", { name: new RegExp(w("ui.survey.column", { label: "2", n: 1, share: "10 %" })) }).click();
  await page.getByText(w("ui.survey.response.finished"), { exact: true }).last().waitFor();
  await page.clean();
  assert.equal(await page.locator("tbody tr").count(), 1);
  await page.locator("tbody a").first().click();
  await page.getByText("Giao trễ hai ngày").waitFor();
  await page.clean();

  const { body } = await owner.get(`/api/v1/surveys/${id}`);
  const document = { ...body.document, questions: [{ ...body.document.questions[0], scale: "1-10" }, ...body.document.questions.slice(1)] };
  assert.equal((await owner.put(`/api/v1/surveys/${id}/draft`, document)).status, 200);
  assert.equal((await owner.post(`/api/v1/surveys/${id}/publish`, {})).status, 200);
  for (let k = 0; k < 3; k++) assert.ok((await send(first, 2, 9)).ok);
  await page.goto(`/voices/surveys/${id}/results`);
  await page.settled();
  await page.getByText(/n = 3\)/).waitFor();
  await page.getByText(w("ui.survey.series_before", { versions: "1", n: "10" })).click();
  await page.getByText(/n = 10\)/).waitFor();
  await page.clean();
  // In the list: what was answered, and by whom it may be read.
  await page.goto("/voices/surveys");
  await page.settled();
  await page.getByRole("link", { name: "13", exact: true }).waitFor();
  await page.clean();
});
