// The page of the company's own model: learning, how well it reads, a sentence of one's own, what it got wrong.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Server } from "../help/server.mjs";
import { open } from "./browser.mjs";

const good = ["giao hàng nhanh", "nhân viên nhiệt tình", "sản phẩm tốt", "rất hài lòng", "sẽ ủng hộ tiếp", "đáng tiền"];
const bad = ["giao hàng chậm", "nhân viên thô lỗ", "sản phẩm lỗi", "rất thất vọng", "không quay lại", "phí tiền"];

let server, owner;
before(async () => {
  server = new Server();
  await server.start();
  owner = await server.owner();
  const secret = await server.key(owner, { name: "shop", kind: "write", trust: "server" });
  const tracker = server.anybody({ authorization: `Basic ${Buffer.from(`${secret}:`).toString("base64")}` });
  const batch = Array.from({ length: 90 }, (_, i) => {
    const words = i % 2 ? good : bad;
    return {
      type: "track", event: "Survey Answered", userId: `KH-${i}`, messageId: `a${i}`,
      timestamp: new Date(Date.now() - (i + 1) * 3600_000).toISOString(),
      properties: { metric: "nps", score: i % 2 ? 10 : i < 6 ? 9 : 1, question: "nps.recommend",
        text: `${words[i % 6]}, ${words[(i * 5 + 1) % 6]}` },
    };
  });
  assert.equal((await tracker.post("/v1/batch", { batch })).status, 200);
});
after(async () => {
  await server.stop();
  await server.remove();
});

test("the model is learnt in the browser, says how well it reads, and names the words", async (t) => {
  const page = await open(t, server, { as: owner });
  await page.goto("/voices/models");
  await page.getByText(page.w("ui.models.empty_title")).waitFor();
  await page.clean("/voices/models, empty");
  await page.getByRole("button", { name: page.w("ui.models.first") }).click();
  await page.getByRole("heading", { name: page.w("ui.models.how_good") }).waitFor({ timeout: 60_000 });
  await page.getByLabel(page.w("ui.models.try_label")).fill("nhân viên thô lỗ quá");
  await page.getByRole("button", { name: page.w("ui.models.try"), exact: true }).click();
  await page.locator("mark.for", { hasText: "thô" }).waitFor();
  await page.getByRole("heading", { name: page.w("ui.models.wrong_title") }).waitFor();
  await page.clean("/voices/models");
});

test("the page fits a telephone, in English", async (t) => {
  const page = await open(t, server, { as: owner, language: "en", width: 360 });
  await page.goto("/voices/models");
  await page.getByRole("heading", { name: page.w("ui.models.how_good") }).waitFor();
  await page.settled();
  await page.clean("/voices/models on a telephone");
});
