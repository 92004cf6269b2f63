// Files become events: upload, preview, import, refusals, undo; and the real data sets of ../shared/data when they are there.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";

import { root, shared, start } from "../help/server.mjs";

const data = [process.env.REAL_DATA, path.resolve(root, "../shared/data")].find((folder) => folder && existsSync(folder));

const upload = async (client, bytes, name = "file.csv") => {
  const sent = await client.send("POST", `/api/v1/files?name=${encodeURIComponent(name)}`, bytes, { "content-type": "application/octet-stream" });
  assert.equal(sent.status, 201, sent.text);
  return sent.body;
};

const settle = async (client, id) => {
  for (;;) {
    const { body } = await client.get(`/api/v1/imports/${id}`);
    if (!["waiting", "running"].includes(body.state)) {
      return body;
    }
    await sleep(50);
  }
};

const bring = async (client, bytes, map, name = "file.csv") => {
  const file = await upload(client, bytes, name);
  const begun = await client.post("/api/v1/imports", { file: file.id, name, map });
  assert.equal(begun.status, 202, begun.text);
  return settle(client, begun.body.id);
};

const counts = ({ state, lines, stored, duplicates, refused }) => ({ state, lines, stored, duplicates, refused });

test("imports", async (t) => {
  const server = shared();
  let owner;
  await t.test("begin", async () => (owner = await server.owner()));

  const map = { user: "who", at: { column: "when", format: "%d/%m/%Y" }, kind: { value: "Visit" }, props: "*" };
  const csv = 'who,when,note\nA,1/2/2026,"one, two"\n,2/2/2026,\nB,31/2/2026,=1+1\n';

  await t.test("every line is stored or listed", async () => {
    const done = await bring(owner, csv, map);
    assert.deepEqual(counts(done), { state: "done", lines: 3, stored: 2, duplicates: 0, refused: 1 });
    assert.equal(done.reasons.length, 1);
    assert.match(done.reasons[0].reason, /when/);
    const list = await owner.get(`/api/v1/imports/${done.id}/refused.csv`);
    assert.equal(list.status, 200);
    assert.match(list.headers["content-type"], /text\/csv/);
    assert.match(list.text, /^\uFEFFline,reason,text\r\n4,/);
    assert.deepEqual(readdirSync(path.join(server.data, "uploads")), []);
  });

  await t.test("the same lines again, packed or in another encoding, change nothing", async () => {
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(csv.replaceAll("\n", "\r\n"), "utf16le")]);
    for (const bytes of [csv, gzipSync(csv), wide]) {
      assert.deepEqual(counts(await bring(owner, bytes, map)), { state: "done", lines: 3, stored: 0, duplicates: 2, refused: 1 });
    }
  });

  await t.test("an import can be undone and done again", async () => {
    const { body } = await owner.get("/api/v1/imports");
    const first = body.items.at(-1);
    assert.equal((await owner.post(`/api/v1/imports/${first.id}/undo`)).status, 200);
    assert.equal((await settle(owner, first.id)).state, "undone");
    assert.equal((await owner.post(`/api/v1/imports/${first.id}/resume`)).status, 409);
    assert.equal((await bring(owner, csv, map)).stored, 2);
  });

  await t.test("a file of which nothing fits ends as refused, keeps its upload, and its map can be corrected", async () => {
    const file = await upload(owner, "who,when\nA,1-2-2026\nB,2-2-2026\n");
    const begun = await owner.post("/api/v1/imports", { file: file.id, name: "x.csv", map: { ...map, kind: { value: "Refused once" } } });
    const refused = await settle(owner, begun.body.id);
    assert.deepEqual(counts(refused), { state: "refused", lines: 2, stored: 0, duplicates: 0, refused: 2 });
    assert.match(refused.reasons[0].reason, /22\/11\/2026/, "a way of writing is shown, not its letters");
    assert.doesNotMatch(refused.reasons[0].reason, /%/);
    assert.equal(refused.file, file.id);
    assert.equal(refused.map.at.format, "%d/%m/%Y");
    const corrected = { ...refused.map, at: { column: "when", format: "%d-%m-%Y" } };
    const again = await owner.post("/api/v1/imports", { file: refused.file, name: refused.name, map: corrected });
    assert.equal(again.status, 202, again.text);
    const done = await settle(owner, again.body.id);
    assert.deepEqual(counts(done), { state: "done", lines: 2, stored: 2, duplicates: 0, refused: 0 });
    assert.equal(done.file ?? null, null, "it ended well: nothing is kept");
    assert.equal((await owner.get(`/api/v1/imports/${refused.id}`)).body.file ?? null, null);
    assert.deepEqual(readdirSync(path.join(server.data, "uploads")), []);
  });

  await t.test("whoever discards a refused file has its upload removed", async () => {
    const file = await upload(owner, "who,when\nA,1-3-2026\n");
    const begun = await owner.post("/api/v1/imports", { file: file.id, map });
    const refused = await settle(owner, begun.body.id);
    assert.equal(refused.state, "refused");
    assert.equal(readdirSync(path.join(server.data, "uploads")).length, 1);
    await owner.post(`/api/v1/imports/${refused.id}/undo`);
    const gone = await settle(owner, refused.id);
    assert.deepEqual([gone.state, gone.file ?? null], ["undone", null]);
    assert.deepEqual(readdirSync(path.join(server.data, "uploads")), []);
  });

  await t.test("one slip among the first rows hides no column: most values decide, and the slip is told", async () => {
    const rows = ["ngày,số tiền,điểm,email"];
    for (let k = 1; k <= 9; k++) rows.push(`${k + 12}/03/2026,${k}.250.000,${k},khach${k}@congty.vn`);
    rows.push("hôm qua,chưa rõ,tốt,không có");
    const file = await upload(owner, rows.join("\n"));
    const { body } = await owner.post("/api/v1/imports/preview", { file: file.id });
    assert.equal(body.map.at.column, "ngày");
    assert.equal(body.map.at.format, "%d/%m/%Y");
    assert.equal(body.map.amount.column, "số tiền");
    assert.equal(body.map.score.column, "điểm");
    assert.equal(body.map.email, "email");
    for (const target of ["at", "amount", "score", "email"]) {
      assert.ok(body.problems.some((each) => each.target === target), `${target} is told: ${JSON.stringify(body.problems)}`);
    }
    const mixed = await upload(owner, "ngày,ghi chú\n1/1/2026,a\nx,b\ny,c\n");
    assert.equal((await owner.post("/api/v1/imports/preview", { file: mixed.id })).body.map.at, undefined, "one in three is no column of dates");
    for (const each of [file, mixed]) await owner.post("/api/v1/imports", { file: each.id, map: { at: { value: "2026-01-01" }, kind: { value: "Slip" }, props: [] } }).then(({ body: { id } }) => settle(owner, id));
  });

  await t.test("C15 markup in names, headings and cells of a file is text in its warnings", async () => {
    const evil = "<img src=x onerror=alert(1)>";
    const bytes = `who,when,${evil}\nA,${evil},${evil}\n${evil},1/2/2026,${evil}\n`;
    const file = await upload(owner, bytes, `${evil}.csv`);
    const begun = await owner.post("/api/v1/imports", { file: file.id, name: evil, map });
    const done = await settle(owner, begun.body.id);
    assert.deepEqual(counts(done), { state: "done", lines: 2, stored: 1, duplicates: 0, refused: 1 });
    const previews = [await owner.post("/api/v1/imports/preview", { file: (await upload(owner, bytes, evil)).id })];
    for (const answer of [begun, ...previews, await owner.get(`/api/v1/imports/${done.id}`), await owner.get("/api/v1/imports")]) {
      assert.match(answer.headers["content-type"], /^application\/(problem\+)?json/);
      assert.equal(answer.headers["x-content-type-options"], "nosniff");
    }
    const list = await owner.get(`/api/v1/imports/${done.id}/refused.csv`);
    assert.match(list.headers["content-type"], /^text\/csv/);
    assert.equal(list.headers["x-content-type-options"], "nosniff");
    assert.match(list.headers["content-disposition"], /^attachment/);
  });

  await t.test("a mistake in the map is named with its place", async () => {
    const file = await upload(owner, csv);
    const cases = [
      [{ ...map, at: "wen" }, "/map/at"],
      [{ ...map, user: undefined, at: undefined }, "/map/at"],
      [{ ...map, amount: { column: "note", currency: "ZZZ" } }, "/map/amount/currency"],
      [{ ...map, score: { column: "note" } }, "/map/score/metric"],
      [{ ...map, colour: "note" }, "/map/colour"],
      [{ ...map, at: { column: "when", zone: "Mars/Base" } }, "/map/at/zone"],
    ];
    for (const [wrong, pointer] of cases) {
      const answer = await owner.post("/api/v1/imports", { file: file.id, map: wrong });
      assert.equal(answer.status, 422, answer.text);
      assert.equal(answer.body.errors[0].pointer, pointer);
    }
    for (const id of ["0000000000000", "../records", "x"]) {
      assert.equal((await owner.post("/api/v1/imports", { file: id, map })).status, 404);
    }
  });

  await t.test("a preview guesses the map and says what it cannot know", async () => {
    const text = "Mã khách hàng;Ngày;Điểm NPS;Nhận xét;Thành tiền\nKH1;13/02/2026 08:15;9;Tốt;1.250.000\nKH2;14/02/2026 09:00;?;;950.000\n";
    const file = await upload(owner, text);
    const { status, body } = await owner.post("/api/v1/imports/preview", { file: file.id });
    assert.equal(status, 200);
    assert.deepEqual(body.columns, ["Mã khách hàng", "Ngày", "Điểm NPS", "Nhận xét", "Thành tiền"]);
    assert.equal(body.separator, ";");
    assert.equal(body.kind, "csv");
    assert.equal(body.rows.length, 2);
    assert.equal(body.map.user, "Mã khách hàng");
    assert.deepEqual(body.map.at, { column: "Ngày", format: "%d/%m/%Y %H:%M" });
    assert.deepEqual(body.map.score, { column: "Điểm NPS", metric: "nps" });
    assert.equal(body.map.text, "Nhận xét");
    assert.deepEqual(body.map.amount, { column: "Thành tiền", currency: "VND" });
    assert.equal(body.map.thousands, ".");
    assert.deepEqual(body.map.missing, ["?"]);
    assert.deepEqual(body.examples.find((each) => each.target === "amount").values, ["1250000 VND", "950000 VND"]);
    const doubtful = await upload(owner, "customer id,date\n1,1/2/2026\n2,3/4/2026\n");
    const guess = (await owner.post("/api/v1/imports/preview", { file: doubtful.id })).body;
    assert.deepEqual(guess.problems.map((problem) => problem.target), ["at"]);
    const wrong = (await owner.post("/api/v1/imports/preview", { file: doubtful.id, map: { at: "date", user: "nobody", email: "none" } })).body;
    assert.deepEqual(wrong.problems.map((problem) => problem.target).sort(), ["email", "user"]);
  });

  await t.test("C25 a workbook that is none, a bomb and a stranger get nowhere", async () => {
    for (const bytes of [Buffer.from("PK\x03\x04 nothing"), gzipSync(csv).subarray(0, 30)]) {
      const file = await upload(owner, bytes);
      assert.equal((await owner.post("/api/v1/imports/preview", { file: file.id })).status, 400);
    }
    const bomb = await upload(owner, gzipSync(Buffer.concat([Buffer.from("who,when\n"), Buffer.alloc(100 << 20, `${"x".repeat(900000)}\n`)]), { level: 9 }));
    const begun = await owner.post("/api/v1/imports", { file: bomb.id, map: { user: "who", at: map.at } });
    const ended = await settle(owner, begun.body.id);
    assert.equal(ended.state, "failed");
    assert.ok(ended.failure);
    await owner.post(`/api/v1/imports/${ended.id}/undo`);
    await settle(owner, ended.id);
    const viewer = await server.user("viewer");
    assert.equal((await viewer.get("/api/v1/imports")).status, 403);
    assert.equal((await viewer.post("/api/v1/imports", { file: bomb.id, map })).status, 403);
    const analyst = await server.user("analyst");
    assert.equal((await analyst.get("/api/v1/imports")).status, 200);
  });
});

const sets = [
  { name: "online-retail", file: "online-retail/online_retail_2010-12_to_2011-05.csv", map: "online-retail", stored: 209029 },
  { name: "ecom-journeys", file: "ecom-journeys/ecom.csv.gz", map: "ecom-journeys", stored: 31106 },
  { name: "incident-servicenow", file: "incident-servicenow/incident_event_log_train.csv", map: "incident-servicenow", stored: 113274 },
  { name: "nps 040, first export", file: "nps-preppin/040/input_01.csv", map: "nps-040-1", stored: 39 },
  { name: "nps 040, second export", file: "nps-preppin/040/input_02.csv", map: "nps-040-2", stored: 0, duplicates: 39 },
  { name: "nps 122, all airlines", file: "nps-preppin/122/input_01.csv", map: "nps-122", stored: 5723 },
  { name: "nps 122, Prep Air", file: "nps-preppin/122/input_02.csv", map: "nps-122", stored: 184 },
];

test("the real data sets come in through the documented maps", { skip: !data && "../shared/data is not there" }, async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const explained = readFileSync(path.join(root, "docs/import.md"), "utf8");
  for (const set of sets) {
    const map = JSON.parse(readFileSync(path.join(root, `docs/import/${set.map}.json`), "utf8"));
    const done = await bring(owner, readFileSync(path.join(data, set.file)), map, path.basename(set.file));
    const expected = { state: "done", lines: set.stored + (set.duplicates ?? 0), stored: set.stored, duplicates: set.duplicates ?? 0, refused: 0 };
    assert.deepEqual(counts(done), expected, set.name);
    assert.ok(explained.includes(`${set.map}.json`), `docs/import.md does not explain ${set.map}.json`);
  }
  const ask = async (question) => (await owner.post("/api/v1/ask", question)).body.rows;
  const source = (name) => ({ field: "source", is: [name] });
  const [nps] = await ask({ ask: "score", metric: "nps", where: [source("nps-040")] });
  assert.equal(nps.n, 39);
  assert.ok(Math.abs(nps.score - -35.8974) < 1e-4);
  const [air] = await ask({ ask: "score", metric: "nps", where: [source("nps-122"), { field: "prop:Airline", is: ["Prep Air"] }] });
  assert.equal(air.n, 184);
  assert.ok(Math.abs(air.score - 21.1957) < 1e-4);
  const kinds = await ask({ ask: "count", of: "events", by: ["kind"], where: [source("ecom-journeys")] });
  const events = Object.fromEntries(kinds.map((row) => [row.kind, row.events]));
  assert.deepEqual([events.product_view, events.purchase, events.payment_error], [6851, 470, 119]);
});

test("the examples in docs/import.md are the maps in docs/import", () => {
  const text = readFileSync(path.join(root, "docs/import.md"), "utf8");
  const blocks = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => match[1]).filter((block) => block.startsWith("{"));
  const maps = readdirSync(path.join(root, "docs/import")).map((name) => JSON.parse(readFileSync(path.join(root, "docs/import", name), "utf8")));
  assert.equal(blocks.length, 5);
  for (const block of blocks) {
    assert.ok(maps.some((map) => JSON.stringify(map) === JSON.stringify(JSON.parse(block))), block);
  }
});

test("headings are recognised with what stands behind them in brackets", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const file = await upload(owner, "Mã khách,Thời gian,Điểm hài lòng (1-5)\nK1,2026-11-01 08:00,4\nK2,2026-11-02 09:30,2\n");
  const { body } = await owner.post("/api/v1/imports/preview", { file: file.id });
  const columnOf = (target) => (typeof target === "string" ? target : target?.column);
  assert.equal(columnOf(body.map.user ?? body.map.person), "Mã khách");
  const score = Array.isArray(body.map.score) ? body.map.score[0] : body.map.score;
  assert.equal(columnOf(score), "Điểm hài lòng (1-5)");
});
