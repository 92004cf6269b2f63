// The main job: somebody who has never seen the product starts it, brings a file, and reads where it hurts and how sure that is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { start } from "../help/server.mjs";
import { open } from "./browser.mjs";

const day = (back) => new Date(Date.now() - back * 86_400_000).toISOString();
const lines = ["Mã khách hàng,Thời gian,Sự kiện,Kênh,Cửa hàng,Điểm NPS,Nhận xét"];
for (let k = 0; k < 240; k++) {
  const bad = k % 6 === 0;
  lines.push(`KH-${k % 80},${day(k % 25)},Mua hàng,web,Hà Nội,,`);
  if (k % 3 === 0) lines.push(`KH-${k % 80},${day(k % 25)},Giao hàng,giao hàng,${bad ? "Đà Nẵng" : "Hà Nội"},${bad ? 2 : 9},${bad ? "Giao hàng trễ ba ngày" : "Rất nhanh và vui vẻ"}`);
}

for (const language of ["vi", "en"]) {
  test(`from the one-time link to the rows behind a figure, in ${language}`, async (t) => {
    const server = await start(t);
    const page = await open(t, server, { language });
    const { w } = page;

    await page.goto(server.said.match(/\S+\/welcome#\S+/)[0]);
    await page.getByLabel(w("ui.welcome.name")).fill("Nguyễn Thị Lan");
    await page.getByLabel(w("ui.signin.email"), { exact: true }).fill("lan@congty.vn");
    await page.getByLabel(w("ui.signin.password"), { exact: true }).fill("một câu vài từ dễ nhớ");
    await page.getByRole("button", { name: w("ui.welcome.submit_owner") }).click();

    // The empty home page says what to do.
    await page.getByRole("button", { name: w("ui.journey.create") }).click();
    await page.getByRole("link", { name: w("ui.quiet.import") }).click();
    await page.getByRole("link", { name: w("ui.imports.new") }).click();
    await page
      .locator("input[type=file]")
      .first()
      .setInputFiles({ name: "trải-nghiệm.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) });
    await page.getByRole("button", { name: w("ui.imports.next") }).click();
    await page.locator("button.primary:enabled").filter({ hasText: w("ui.imports.start") }).click();
    await page.getByText(w("ui.imports.state.done"), { exact: true }).waitFor();
    await page.getByRole("link", { name: w("ui.imports.see_map") }).click();

    // Two clicks make a map of what came in.
    await page.getByRole("button", { name: w("ui.unmapped.make") }).click();
    await page.getByRole("button", { name: w("ui.unmapped.adopt", { n: "999" }).replace("999", "").trim().split(" ")[0] }).first().click();
    const card = page.getByRole("article").filter({ hasText: "Giao hàng" }).first();
    await card.waitFor();
    await card.getByText(/NPS/).first().waitFor();
    await page.clean();

    // A figure opens its rows, with the words of customers.
    await card.getByRole("button").first().click();
    const drawer = page.getByRole("dialog");
    await drawer.getByText("Giao hàng trễ ba ngày").first().waitFor();
    await page.clean();
    assert.ok((await drawer.getByText(/KH-\d+/).count()) > 0 || (await drawer.getByRole("link").count()) > 0, "rows say whose they are");
  });
}

test("what was imported before there was a map is on one in two clicks", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const key = await server.key(owner);
  const batch = lines.slice(1, 60).map((_, k) => ({ type: "track", userId: `KH-${k}`, event: k % 2 ? "Order Completed" : "Order Delivered", messageId: `m${k}` }));
  const sent = await server.anybody({ authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` }).post("/v1/batch", { batch });
  assert.equal(sent.status, 200, sent.text);

  const page = await open(t, server, { as: owner });
  await page.goto("/");
  await page.getByText("59 sự kiện").waitFor();
  await page.clean();
  await page.getByRole("button", { name: page.w("ui.unmapped.make") }).click();
  await page.locator("section[aria-labelledby=unmapped] .bar .primary").click();
  await page.getByRole("article").first().waitFor();
  assert.equal(await page.getByRole("article").count(), 2);
});
