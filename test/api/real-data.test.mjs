// Real data, imported through the documented maps, against published figures. Skipped where the data are not there.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";
import { root, start } from "../help/server.mjs";

const data = process.env.REAL_DATA ?? path.join(root, "../shared/data");
const skip = existsSync(data) ? false : `no real data at ${data}`;

const brought = async (t, ...files) => {
  const server = await start(t);
  for (const [file, map] of files) {
    await server.command_line("import", path.join(data, file), "--map", path.join(root, "docs/import", map));
  }
  const owner = await server.owner();
  return async (question) => {
    const { status, body, text } = await owner.post("/api/v1/ask", question);
    assert.equal(status, 200, text);
    return body.rows;
  };
};
const near = (is, should) => assert.ok(Math.abs(is - should) < 1e-9, `${is} is not ${should}`);

suite("real data", { skip }, () => {
  for (const file of [1, 2]) {
    test(`NPS case 040, file ${file}: -35.8974… from 39 answers`, async (t) => {
      const ask = await brought(t, [`nps-preppin/040/input_0${file}.csv`, `nps-040-${file}.json`]);
      const [row] = await ask({ ask: "score", metric: "nps" });
      assert.equal(row.n, 39);
      near(row.score, (100 * (8 - 22)) / 39);
      assert.deepEqual(row.counts, { promoters: 8, passives: 9, detractors: 22 });
    });
  }

  test("NPS case 122: Prep Air 21.1957 from 184 answers", async (t) => {
    const ask = await brought(t, ...[1, 2].map((file) => [`nps-preppin/122/input_0${file}.csv`, "nps-122.json"]));
    const rows = await ask({ ask: "score", metric: "nps", by: ["prop:Airline"] });
    const row = rows.find((each) => each["prop:Airline"] === "Prep Air");
    assert.equal(row.n, 184);
    near(row.score, 21.195652173913043);
  });

  test("web journeys: events of each kind", async (t) => {
    const ask = await brought(t, ["ecom-journeys/ecom.csv.gz", "ecom-journeys.json"]);
    const rows = await ask({ ask: "count", by: ["kind"] });
    const events = Object.fromEntries(rows.map((row) => [row.kind, row.events]));
    assert.deepEqual([events.product_view, events.purchase, events.payment_error], [6851, 470, 119]);
    const [all] = await ask({ ask: "count" });
    assert.deepEqual([all.events, all.people], [31106, 600]);
  });

  test("invoice lines: sums by month, blank customers without a person", async (t) => {
    const ask = await brought(t, ["online-retail/online_retail_2010-12_to_2011-05.csv", "online-retail.json"]);
    const rows = await ask({ ask: "count", of: "amount", every: "month" });
    assert.equal(rows.length, 6);
    assert.equal(
      rows.reduce((sum, row) => sum + row.events, 0),
      209029,
    );
    assert.deepEqual([rows[0].period, rows[0].events, rows[0].amount, rows[0].currency], ["2010-12-01", 42481, 74895702, "GBP"]);
  });
});
