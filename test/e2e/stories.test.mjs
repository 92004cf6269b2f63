// Somebody who has only the address and an account finds what is wrong and what works in the demo company: each story with
// its figure, its interval and n, in at most five clicks, in both languages.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Server } from "../help/server.mjs";
import { open } from "./browser.mjs";

const CLICKS_MAX = 5;

// What stands beside a value in "where it differs": a figure with its interval, and how many answers it rests on.
const FIGURE = /\d+(?:[.,]\d)?(?:\s%)?[^()\d]*\(\d+(?:[.,]\d)?–\d+(?:[.,]\d)?\)\s*\d+/;

const stories = [
  { name: "parcels are late since the carrier changed", touchpoint: "Giao hàng", value: "Cánh Buồm", worse: true },
  { name: "parcels are late in one region", touchpoint: "Giao hàng", value: "Miền Trung", worse: true },
  { name: "one version of the app fails to pay", touchpoint: "Thanh toán", value: "3.8.0", worse: true },
  { name: "one shop is excellent", touchpoint: "Mua tại cửa hàng", value: "TP. Hồ Chí Minh – Phú Nhuận", worse: false },
];

describe("the stories of the demo company", { timeout: 300_000 }, () => {
  const server = new Server();
  let owner;

  before(async () => {
    await server.command_line("demo", "--if-empty");
    await server.start();
    owner = await server.owner();
  });

  after(async () => {
    await server.stop();
    await server.remove();
  });

  for (const language of ["vi", "en"]) {
    for (const { name, touchpoint, value, worse } of stories) {
      test(`${language}: ${name}`, async (t) => {
        const page = await open(t, server, { language });
        let clicks = 0;
        const click = async (place) => {
          clicks++;
          await place.click();
          await page.settled();
        };
        await page.goto("/");
        await page.getByLabel(page.w("ui.signin.email")).fill(owner.email);
        await page.getByLabel(page.w("ui.signin.password"), { exact: true }).fill(owner.password);
        await click(page.getByRole("button", { name: page.w("ui.signin.submit") }));
        await click(page.locator("main article, main li").getByRole("link", { name: touchpoint, exact: true }).first());

        // Worst first; what rests on few answers is greyed and proves nothing.
        const table = page.getByRole("table").filter({ hasText: value }).filter({ hasText: FIGURE }).first();
        await table.waitFor();
        const rows = (await table.getByRole("row").allInnerTexts()).map((row) => row.replaceAll(/\s+/g, " "));
        const sure = rows.filter((row) => FIGURE.test(row) && !row.includes(page.w("ui.figure.few")));
        const found = sure.findIndex((row) => row.startsWith(value));
        assert.equal(found, worse ? 0 : sure.length - 1, rows.join("\n"));
        assert.ok(clicks <= CLICKS_MAX, `${clicks} clicks`);
      });
    }
  }
});
