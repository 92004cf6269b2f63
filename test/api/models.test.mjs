// The company's own model of its customers' words, and what is noticed in feedback.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { start } from "../help/server.mjs";

const DAY = 86_400_000;
const now = Date.now();
const good = ["giao hàng nhanh", "nhân viên nhiệt tình", "sản phẩm tốt", "rất hài lòng", "sẽ ủng hộ tiếp", "đáng tiền"];
const bad = ["giao hàng chậm", "nhân viên thô lỗ", "sản phẩm lỗi", "rất thất vọng", "không bao giờ quay lại", "phí tiền"];

async function company(t, batch) {
  const server = await start(t);
  const owner = await server.owner();
  const secret = await server.key(owner, { name: "shop", kind: "write", trust: "server" });
  const tracker = server.anybody({ authorization: `Basic ${Buffer.from(`${secret}:`).toString("base64")}` });
  for (let i = 0; i < batch.length; i += 300) {
    const sent = await tracker.post("/v1/batch", { batch: batch.slice(i, i + 300) });
    assert.equal(sent.status, 200, sent.text);
  }
  return { server, owner };
}

const answer = (i, at, properties) => ({
  type: "track", event: "Survey Answered", userId: `KH-${i}`, messageId: `a${i}`, timestamp: new Date(at).toISOString(), properties });

const scored = Array.from({ length: 120 }, (_, i) => answer(i, now - (i + 1) * 3600_000, {
  metric: "nps", score: i % 2 ? 10 : 1, text: `${(i % 2 ? good : bad)[i % 6]}, ${(i % 2 ? good : bad)[(i * 5 + 1) % 6]}`, question: "nps.recommend" }));

async function until(what, seconds = 60) {
  for (const end = Date.now() + seconds * 1000; ; await new Promise((done) => setTimeout(done, 100))) {
    const found = await what();
    if (found) return found;
    assert.ok(Date.now() < end, "waited in vain");
  }
}

const learnt = (client) => until(async () => {
  const { body } = await client.get("/api/v1/models/training");
  assert.notEqual(body.state, "failed", body.failure);
  return body.state === "done" && body;
});

describe("the company's model", () => {
  test("learns from scores as a job, labels feedback, and names the words", async (t) => {
    const { server, owner } = await company(t, scored);
    const before = (await owner.get("/api/v1/models/training")).body;
    assert.deepEqual([before.state, before.scored, before.corrections], ["none", 120, 0]);
    assert.equal((await owner.post("/api/v1/models/try", { text: "tốt" })).body.label, null);
    assert.equal((await owner.post("/api/v1/models/training")).status, 202);
    await learnt(owner);
    const [model] = (await owner.get("/api/v1/models")).body.items;
    assert.ok(model.current && model.texts === 120 && model.accuracy > 0.9 && model.macro_f1 > 0.9, JSON.stringify(model));
    const labelled = await until(async () => {
      const { items } = (await owner.get("/api/v1/feedback?label=positive&limit=200")).body;
      return items.length >= 55 && items;
    });
    assert.ok(labelled.every(({ confidence }) => confidence > 0.3));
    const tried = (await owner.post("/api/v1/models/try", { text: "nhân viên thô lỗ quá" })).body;
    assert.equal(tried.label, "negative");
    assert.ok(tried.because.some(({ text, weight }) => text === "thô" && weight > 0), JSON.stringify(tried));
    const viewer = await server.user("viewer");
    assert.equal((await viewer.post("/api/v1/models/training")).status, 403);
    assert.equal((await owner.delete(`/api/v1/models/${model.id}`)).status, 204);
    assert.equal((await owner.get("/api/v1/models")).body.items.length, 0);
    assert.equal((await owner.get("/api/v1/feedback?label=positive")).body.items.length, 0);
  });

  test("learns from what somebody corrected, which wins over the score", async (t) => {
    const { owner } = await company(t, scored);
    const { items } = (await owner.get("/api/v1/feedback?limit=200&score_lte=1")).body;
    for (const { id } of items.slice(0, 3)) {
      const changed = await owner.patch(`/api/v1/feedback/${id}`, { corrected: { class: "neutral" } });
      assert.equal(changed.status, 200, changed.text);
    }
    const before = (await owner.get("/api/v1/models/training")).body;
    assert.equal(before.corrections, 3);
    await owner.post("/api/v1/models/training");
    await learnt(owner);
    const [model] = (await owner.get("/api/v1/models")).body.items;
    assert.deepEqual([model.texts, model.corrections], [120, 3]);
    assert.equal(model.labels.find(({ label }) => label === "neutral").count, 3);
    const wrong = (await owner.get(`/api/v1/models/${model.id}/wrong`)).body.items;
    assert.ok(wrong.some(({ said }) => said === "neutral"), JSON.stringify(wrong));
  });

  test("a word that people corrected changes the next reading", async (t) => {
    const odd = Array.from({ length: 12 }, (_, i) => ({ ...answer(500 + i, now - (i + 1) * 60_000, { text: `đơn ${i} lại bị gank đó` }), event: "Feedback Given" }));
    const words = "hôm nay gank nữa";
    const { server, owner } = await company(t, [...scored, ...odd]);
    await owner.post("/api/v1/models/training");
    await learnt(owner);
    const before = (await owner.post("/api/v1/models/try", { text: words })).body;
    const { items } = (await owner.get("/api/v1/feedback?limit=50&q=gank")).body;
    assert.equal(items.length, 12);
    for (const { id } of items) assert.equal((await owner.patch(`/api/v1/feedback/${id}`, { corrected: { class: "negative" } })).status, 200);
    const [old] = (await owner.get("/api/v1/models")).body.items;
    await owner.post("/api/v1/models/training");
    await until(async () => (await owner.get("/api/v1/models")).body.items[0].id !== old.id);
    const after = await until(async () => {
      const { body } = await owner.post("/api/v1/models/try", { text: words });
      return body.label === "negative" && body;
    });
    assert.ok(before.label !== "negative" || after.confidence > before.confidence + 0.1, JSON.stringify({ before, after }));
    assert.ok(after.because.some(({ text, weight }) => text === "gank" && weight > 0), JSON.stringify(after));
    const secret = await server.key(owner, { name: "later", kind: "write", trust: "server" });
    const tracker = server.anybody({ authorization: `Basic ${Buffer.from(`${secret}:`).toString("base64")}` });
    const sent = await tracker.post("/v1/track", { event: "Feedback Given", userId: "KH-900", messageId: "later", properties: { text: "gank hoài" } });
    assert.equal(sent.status, 200, sent.text);
    const read = await until(async () => (await owner.get("/api/v1/feedback?q=hoai")).body.items.find(({ label }) => label));
    assert.equal(read.label, "negative");
  });

  test("says what is missing when there is too little to learn from", async (t) => {
    const { owner } = await company(t, scored.slice(0, 8));
    await owner.post("/api/v1/models/training");
    const failed = await until(async () => {
      const { body } = await owner.get("/api/v1/models/training");
      return body.state === "failed" && body;
    });
    assert.equal(failed.failure, "error.learn_few");
    assert.equal((await owner.post("/api/v1/models/training")).status, 202);
  });
});

describe("alerts", () => {
  test("a day with many more complaints is noticed once, with the rows behind it", async (t) => {
    const batch = [];
    const today = now - ((now + 7 * 3600_000) % DAY); // in Vietnam
    const noon = (day) => today - day * DAY - 12 * 3600_000; // 0: yesterday
    for (let day = 1; day < 70; day++) {
      for (let k = 0; k < 2 + (day % 2); k++) {
        batch.push(answer(`${day}-${k}`, noon(day) + k * 60_000, { metric: "nps", score: 8, text: "bình thường", question: "nps.recommend" }));
      }
    }
    for (let k = 0; k < 30; k++) {
      batch.push(answer(`s${k}`, noon(0) + k * 60_000, { metric: "nps", score: 0, text: "giao hàng chậm, yêu cầu hoàn tiền gấp", question: "nps.recommend" }));
    }
    const { owner } = await company(t, batch);
    await owner.post("/api/v1/analysis/alerts/look");
    const { items } = (await owner.get("/api/v1/analysis/alerts?open=true")).body;
    const volume = items.find(({ kind, what }) => kind === "spike" && what === "volume");
    assert.ok(volume, JSON.stringify(items));
    assert.equal(volume.observed, 30);
    assert.ok(volume.expected < 4 && volume.p < 0.001 && volume.high < 30);
    const parameters = new URLSearchParams(Object.entries(volume.filter).flatMap(([k, v]) => [v].flat().map((one) => [k, one])));
    const behind = (await owner.get(`/api/v1/feedback?limit=200&${parameters}`)).body.items;
    assert.equal(behind.length, 30);
    assert.equal((await owner.post("/api/v1/analysis/alerts/look")).body.found, 0);
    const aside = await owner.patch(`/api/v1/analysis/alerts/${volume.id}`, { seen: true });
    assert.equal(aside.status, 200, aside.text);
    assert.ok(aside.body.seen && aside.body.by);
    const open = (await owner.get("/api/v1/analysis/alerts?open=true")).body.items;
    assert.ok(!open.some(({ id }) => id === volume.id));
  });

  test("a score that has changed for good is noticed, and where it changed", async (t) => {
    const batch = [];
    const today = now - ((now + 7 * 3600_000) % DAY);
    for (let day = 1; day < 150; day++) {
      for (let k = 0; k < 6; k++) {
        const worse = day < 35 && k < 3;
        batch.push(answer(`${day}-${k}`, today - day * DAY + (k - 14) * 3600_000, {
          metric: "csat", score: worse ? 1 + ((day + k) % 3) : 4 + ((day * 7 + k) % 2) - ((day + k) % 5 === 0 ? 2 : 0), place: k < 3 ? "Đà Nẵng" : "Huế",
          touchpoint: k < 3 ? "Đà Nẵng" : "Huế" })); // of the same name: still two
      }
    }
    const { owner } = await company(t, batch);
    await owner.post("/api/v1/analysis/alerts/look");
    const { items } = (await owner.get("/api/v1/analysis/alerts")).body;
    const drifts = items.filter(({ kind, what }) => kind === "drift" && what === "score");
    const whole = drifts.find(({ filter }) => !filter.place && !filter.touchpoint), part = drifts.find(({ filter }) => filter.place?.[0] === "Đà Nẵng");
    assert.ok(whole && part, JSON.stringify(items));
    assert.ok(drifts.some(({ filter }) => filter.touchpoint?.[0] === "Đà Nẵng"), JSON.stringify(drifts));
    assert.ok(!drifts.some(({ filter }) => filter.place?.[0] === "Huế"));
    assert.ok(whole.observed < whole.expected && part.observed < whole.observed && part.p < 0.001);
    const since = (now - Date.parse(part.period)) / DAY;
    assert.ok(since > 20 && since < 50, part.period);
  });
});
