// The survey on a counter: for one person after the other, without a network too, and every answer arrives once.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { shared } from "../help/server.mjs";
import { document, link, nps, publish, until } from "../help/surveys.mjs";
import { open } from "./browser.mjs";

suite("a kiosk", () => {
  const server = shared();
  const offline = [/ERR_INTERNET_DISCONNECTED/, /Failed to load resource/, /ERR_FAILED/];
  let owner;
  before(async () => {
    owner = await server.owner();
  });
  const made = async (more = {}) => {
    const survey = await publish(owner, document([nps("q1", { required: true }), { id: "q2", type: "emotion" }, { id: "q3", type: "text" }]));
    return { survey, token: (await link(owner, survey.id, { kind: "kiosk", place: "Sảnh", ...more })).token };
  };
  const main = (page) => page.locator("button.main");
  const asked = (page, text) => page.getByRole("heading", { name: text, exact: true }).waitFor();
  const list = async (survey) => (await owner.get(`/api/v1/surveys/${survey.id}/responses`)).body.items;

  async function answer(page, score) {
    await asked(page, "Câu q1");
    await page.getByRole("radio", { name: String(score), exact: true }).check();
    await main(page).click();
    await asked(page, "Câu q2");
    await page.getByRole("radio", { name: page.w("ui.respond_more.emotion_joy") }).check();
    await main(page).click();
    await asked(page, "Câu q3");
    await main(page).click();
    await asked(page, page.w("ui.respond.thanks"));
  }
  const again = async (page) => {
    await page.clock.fastForward(7_000);
    await asked(page, "Câu q1");
    assert.equal(await page.getByRole("radio", { checked: true }).count(), 0, "nothing of the person before is left");
  };
  const ready = (page) => page.waitForFunction(async () => (await (await caches.open("cham-kiosk")).keys()).length > 3 && navigator.serviceWorker.controller);

  test("it goes on without a network, even after a reload, and sends everything once when it is back", async (t) => {
    const { survey, token } = await made();
    const page = await open(t, server, { width: 1024, expected: offline });
    await page.clock.install();
    await page.goto(`/s/${token}`);
    await answer(page, 9);
    await page.clean();
    await ready(page);
    await again(page);
    await page.clean();
    assert.equal((await until(() => list(survey), (found) => found.length === 1))[0].state, "finished");

    await page.context().setOffline(true);
    await answer(page, 7);
    await page.getByText(page.w("ui.respond_page.kiosk_waiting", { n: 1 })).waitFor();
    await again(page);
    await page.reload();
    await answer(page, 6);
    await page.getByText(page.w("ui.respond_page.kiosk_waiting", { n: 2 })).waitFor();
    await page.clean();

    // The first answer of the server is lost on the way back: the same answers are sent again and are still one response.
    let lost = 0;
    await page.context().route("**/api/v1/respond/**", async (route) => {
      if (route.request().method() !== "POST" || lost++ > 0) return route.continue();
      await route.fetch();
      await route.abort();
    });
    await page.context().setOffline(false);
    await page.evaluate(() => dispatchEvent(new Event("online")));
    const waiting = async () => {
      await page.clock.fastForward(21_000);
      return page.locator(".waiting").textContent();
    };
    await until(waiting, (text) => text === "" && lost > 1, "answers went on waiting");
    const found = await list(survey);
    assert.equal(found.length, 3);
    assert.deepEqual(found.map((each) => each.state), ["finished", "finished", "finished"]);
    assert.ok(found.every((each) => each.place === "Sảnh" && each.channel === "kiosk"), JSON.stringify(found[0]));
  });

  test("who goes away in the middle is asked once, and their answers are kept as unfinished", async (t) => {
    const { survey, token } = await made();
    const page = await open(t, server, { width: 1024 });
    await page.clock.install();
    await page.goto(`/s/${token}?kiosk=1`);
    await asked(page, "Câu q1");
    await page.clock.runFor(5_000);
    assert.deepEqual(await list(survey), [], "a screen that waits is nobody who opened it");
    await page.getByRole("radio", { name: "3", exact: true }).check();
    await main(page).click();
    await asked(page, "Câu q2");
    await page.clock.runFor(46_000);
    await page.getByRole("dialog").waitFor();
    await page.clean();
    await page.getByRole("button", { name: page.w("ui.respond_page.kiosk_stay") }).click();
    await asked(page, "Câu q2");
    await page.clock.runFor(46_000);
    await page.getByRole("dialog").waitFor();
    await page.clock.runFor(17_000);
    await asked(page, "Câu q1");
    const [response] = await until(() => list(survey), (found) => found.length === 1);
    assert.equal(response.state, "partial");
  });

  test("a PIN opens it once and is asked for to leave", async (t) => {
    const { token } = await made({ pin: "2580" });
    const page = await open(t, server, { width: 1024 });
    await page.goto(`/s/${token}?kiosk=1`);
    await page.getByLabel(page.w("ui.respond_page.pin")).fill("2580");
    await main(page).click();
    await answer(page, 9);
    const leave = page.getByRole("button", { name: page.w("ui.respond_page.kiosk_exit") });
    await leave.first().click();
    await page.getByRole("dialog").getByLabel(page.w("ui.respond_page.pin")).fill("1111");
    await leave.last().click();
    await page.getByRole("alert").filter({ hasText: page.w("ui.respond_page.pin_wrong") }).waitFor();
    await page.clean();
    await page.getByRole("dialog").getByLabel(page.w("ui.respond_page.pin")).fill("2580");
    await leave.last().click();
    await asked(page, page.w("ui.respond_page.kiosk_left"));
    await page.clean();
  });
});
