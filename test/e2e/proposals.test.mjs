// From a decision to whether anybody noticed: the survey is made from the proposal, and its answers stand beside it.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { shared } from "../help/server.mjs";
import { link, Respondent } from "../help/surveys.mjs";
import { open } from "./browser.mjs";

suite("proposals", () => {
  const server = shared();
  let owner;
  before(async () => {
    owner = await server.owner();
  });

  test("whether customers know is asked from the proposal, and told there, before and after", async (t) => {
    const some = { title: "Nhắn trước khi biết đơn sẽ trễ.", decision: "Duyệt", pains: [] };
    const { id } = (await owner.post("/api/v1/proposals", { ...some, state: "approved" })).body;
    const page = await open(t, server, { as: owner, width: 360 });
    const { w } = page;
    await page.goto("/voices/proposals");
    await page.getByRole("button", { name: w("ui.awareness.measure") }).click();
    await page.getByText("Bạn có biết chúng tôi đã thay đổi điều này không: Nhắn trước khi biết đơn sẽ trễ?").first().waitFor();
    await page.clean();
    const { survey } = (await owner.get(`/api/v1/proposals/${id}`)).body;
    assert.equal((await owner.post(`/api/v1/surveys/${survey}/publish`, {})).status, 200);
    const respondent = new Respondent(server, (await link(owner, survey)).token);
    for (const [k, knew] of ["no", "no", "no", "yes"].entries()) assert.equal((await respondent.finish({ knew }, { key: `a${k}` })).status, 201);

    await page.goto("/voices/proposals");
    await page.getByText(w("ui.awareness.now")).waitFor();
    await page.getByRole("link", { name: /^25\s%$/ }).waitFor();
    await page.getByRole("button", { name: w("ui.proposals.go.done") }).click();
    await page.getByText(w("ui.awareness.after")).waitFor();
    for (let k = 0; k < 3; k++) assert.equal((await respondent.finish({ knew: "yes" }, { key: `b${k}` })).status, 201);
    await page.reload();
    await page.getByRole("link", { name: /^100\s%$/ }).waitFor();
    await page.getByText(/^\+75 điểm phần trăm/).waitFor();
    await page.clean();
    await page.goto("/voices/meeting");
    await page.getByRole("link", { name: /^100\s%$/ }).waitFor();
    assert.equal(await page.locator('nav [aria-current="page"]').filter({ hasText: w("ui.voices.proposals") }).count(), 1, "the tab of the meeting pack is marked");
    await page.clean();
  });
});
