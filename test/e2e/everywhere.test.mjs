// Every page in both languages, on a phone and a wide screen, light and dark: nothing axe objects to, nothing wider than the
// window, nothing in the console, no word left untranslated.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { shared } from "../help/server.mjs";
import { open, words } from "./browser.mjs";

const csv = ["user,at,event,channel,place,score,comment"];
for (let k = 0; k < 400; k++) {
  const day = new Date(Date.now() - (k % 50) * 86_400_000).toISOString();
  const score = k % 4 === 0 ? k % 11 : "";
  csv.push(`U${k % 90},${day},${["Product Viewed", "Order Completed", "Support Asked"][k % 3]},${["web", "app", "store"][k % 3]},Hà Nội,${score},${score === "" ? "" : "Nhân viên rất nhiệt tình nhưng giao hàng chậm"}`);
}

async function fill(owner) {
  const file = await owner.post("/api/v1/files?name=ph%E1%BA%A3n-h%E1%BB%93i.csv", csv.join("\n"));
  const map = {
    user: "user",
    at: "at",
    kind: "event",
    channel: "channel",
    place: "place",
    score: { column: "score", metric: "nps", text: "comment" },
  };
  const begun = await owner.post("/api/v1/imports", { file: file.body.id, map, name: "phản-hồi.csv" });
  assert.equal(begun.status, 202, begun.text);
  let now = begun.body;
  while (now.state === "waiting" || now.state === "running") now = (await owner.get(`/api/v1/imports/${now.id}`)).body;
  assert.equal(now.state, "done");
  const journey = await owner.post("/api/v1/journeys", { name: "Mua hàng và giao nhận", template: "standard" });
  const id = journey.body.id;
  const { items } = (await owner.get(`/api/v1/journeys/${id}/unmapped`)).body;
  await owner.post(`/api/v1/journeys/${id}/adopt`, { touchpoints: items.map((each) => each.suggested) });
  await owner.post("/api/v1/users", { email: "mai@congty.vn", name: "Đỗ Mai", role: "agent", places: ["Hà Nội"], departments: [] });
  await owner.post("/api/v1/keys", { name: "Trang web", kind: "write", trust: "browser" });
  const person = (await owner.get("/api/v1/people?limit=1")).body.items[0];
  const ordered = { kind: "follows", when: [{ field: "kind", is: ["Product Viewed"] }], then: [{ field: "kind", is: ["Order Completed"] }], within: "3d" };
  const promise = (await owner.post("/api/v1/promises", { text_vi: "Xem là mua được", text_en: "Seen is bought", target: 0.9, test: ordered })).body.id;
  const pain = (await owner.post("/api/v1/pains", { name: "Giao hàng chậm", description: "", matches: { q: "giao hàng chậm" } })).body.id;
  await owner.post("/api/v1/proposals", { title: "Kho phụ ở Đà Nẵng", why: "Giao trễ", decision: "Duyệt 120 triệu ₫", state: "asked", pains: [pain] });
  await owner.post("/api/v1/benchmarks", { name: "Bán lẻ", metric: "nps", from: "2025-01-01", to: "2025-12-31", value: 30, source: "Khảo sát ngành" });
  await owner.post("/api/v1/consent-wordings", { purpose: "service", texts: { vi: "Tôi đồng ý để được liên hệ.", en: "You may contact me." } });
  const template = (await owner.get("/api/v1/survey-templates")).body.items[0];
  const survey = (await owner.post("/api/v1/surveys", { document: template.document })).body.id;
  assert.equal((await owner.post(`/api/v1/surveys/${survey}/publish`, {})).status, 200);
  const url = (await owner.post(`/api/v1/surveys/${survey}/links`, { kind: "link", name: "Trang web" })).body.items[0].url;
  const question = template.document.questions.find((each) => each.type === "csat").id;
  for (let k = 0; k < 12; k++) {
    const sent = { version: 1, language: "vi", answers: { [question]: 1 + (k % 5) }, seen: [question], ms: { [question]: 2000 }, finished: k % 4 > 0, key: `everywhere-${k}` };
    const answer = await fetch(url.replace("/s/", "/api/v1/respond/"), { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(sent) });
    assert.ok(answer.ok, `${answer.status}`);
  }
  const response = (await owner.get(`/api/v1/surveys/${survey}/responses`)).body.items[0].id;
  await owner.post("/api/v1/proposals", { title: "Nhắn trước khi trễ", decision: "Duyệt", state: "done", survey, pains: [pain] });
  const study = (await owner.post("/api/v1/studies", { name: "Vì sao khách bỏ đi", purpose: "Hiểu điều gì xảy ra sau khi hàng tới trễ", target: 6 })).body.id;
  await owner.post(`/api/v1/studies/${study}/people`, { person: "user:U1", state: "invited" });
  return { survey, response, promise, pain, study, journey: id, touchpoint: items[0].suggested.id, imported: now.id, person: person.id };
}

const pagesOf = ({ survey, response, journey, touchpoint, imported, person, promise, pain, study }) => [
  "/",
  `/journeys/${journey}/touchpoints/${touchpoint}`,
  "/overview",
  "/explore",
  ...[
    { ask: "score", metric: "nps", by: ["place"], every: "week", where: [{ not: { field: "channel", is: ["web"] } }] },
    { ask: "count", of: ["events", "people"], by: ["kind"] },
    { ask: "funnel", steps: [{ field: "kind", is: ["Product Viewed"] }, { field: "kind", is: ["Order Completed"] }], within: "30d", by: ["channel"] },
    { ask: "retention", every: "week" },
    { ask: "paths", collapse: true },
    { ask: "adherence" },
  ].map((asked) => `/explore/ask?q=${encodeURIComponent(JSON.stringify(asked))}`),
  "/voices",
  "/voices?class=negative&q=giao*",
  "/voices/topics",
  "/voices/drivers",
  "/voices/trends",
  "/voices/pains",
  `/voices/pains/${pain}`,
  "/voices/studies",
  `/voices/studies/${study}`,
  "/voices/promises",
  `/voices/promises/${promise}`,
  "/voices/proposals",
  "/voices/meeting",
  "/voices/benchmarks",
  "/voices/sample-size",
  "/voices/surveys",
  "/voices/surveys/bank",
  `/voices/surveys/${survey}`,
  `/voices/surveys/${survey}/results`,
  `/voices/surveys/${survey}/responses`,
  `/voices/surveys/${survey}/responses/${response}`,
  `/voices/surveys/${survey}/versions`,
  `/voices/surveys/${survey}/share`,
  "/voices/models",
  "/rules",
  "/rules/notices",
  "/rules/sending",
  "/rules/targets",
  "/rules/wordings",
  "/people",
  `/people/${person}`,
  "/imports",
  "/imports/new",
  `/imports/${imported}`,
  "/debugger",
  "/settings/organisation",
  "/settings/users",
  "/settings/keys",
  "/settings/audit",
  "/settings/journeys",
  `/settings/journeys/${journey}`,
  `/settings/journeys/${journey}?version=1`,
  "/account",
  "/glossary",
];

suite("every page", () => {
  const server = shared();
  let owner, pages;

  for (const language of ["vi", "en"]) {
    for (const [width, theme] of [
      [360, "dark"],
      [1440, "light"],
    ]) {
      test(`is clean in ${language} at ${width} pixels, ${theme}`, async (t) => {
        owner ??= await server.owner();
        pages ??= pagesOf(await fill(owner));
        const page = await open(t, server, { as: owner, language, width, theme });
        for (const address of pages) {
          await page.goto(address);
          await page.settled();
          assert.equal(await page.getAttribute("html", "lang"), language);
          // The preview of a survey has a place for its own complaints, which is empty.
          assert.equal(await page.locator('main [role="alert"]').filter({ hasText: /\S/ }).count(), 0, `${address} shows a failure`);
          const text = await page.locator("body").innerText();
          assert.doesNotMatch(text, /\b(ui|term|error|import)\.[a-z_]+\.?[a-z_]+\b/, `${address} shows a key`);
          await page.clean(address);
        }
      });
    }
  }

  test("is where a newcomer finds it without a mouse: skip link, menu, palette", async (t) => {
    owner ??= await server.owner();
    const page = await open(t, server, { as: owner });
    const w = words("vi");
    await page.goto("/settings/users");
    await page.settled();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), w("ui.shell.skip"));
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.activeElement.closest("#content") !== null), "skipped to the content");
    await page.keyboard.press("Control+k");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    await page.keyboard.type("khoa");
    await dialog.getByText(w("ui.settings.keys"), { exact: true }).first().waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: w("ui.settings.keys") }).waitFor();
  });
});
