// What feedback means: drivers, forecasts, comparisons, the most demanding tenth, new phrases.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { start } from "../help/server.mjs";

const DAY = 86_400_000;
const now = Date.now();

function dice(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

// Half a year of answers: delivery moves the score much, staff a little, price not at all; a new word in the last week.
function history() {
  const roll = dice(7);
  const events = [];
  for (let i = 0; i < 900; i++) {
    const at = now - 2 * 3600_000 - Math.floor((i / 900) * 180 * DAY);
    const delivery = roll() < 0.5, staff = roll() < 0.5, price = roll() < 0.5;
    const raw = 5 + (delivery ? 3 : -2) + (staff ? 1 : -1) + (roll() - 0.5) * 3;
    const parts = [
      delivery ? "giao hàng nhanh" : "giao hàng chậm",
      staff ? "nhân viên nhiệt tình" : "nhân viên thô lỗ",
      price ? "giá rẻ" : "giá đắt",
    ];
    if (i < 45 && i % 3 === 0) parts.push("gói sứ xanh bị nứt");
    events.push({
      type: "track", event: "Survey Answered", userId: `KH-${i % 300}`, messageId: `a${i}`, timestamp: new Date(at).toISOString(),
      properties: { metric: "nps", score: Math.max(0, Math.min(10, Math.round(raw))), question: "nps.recommend", text: parts.join(", "),
        touchpoint: i % 2 ? "giao-hang" : "cua-hang", channel: i % 5 > 1 ? "web" : "email" },
    });
  }
  return events;
}

const events = history();

async function company(t) {
  const server = await start(t);
  const owner = await server.owner();
  const secret = await server.key(owner, { name: "shop", kind: "write", trust: "server" });
  const tracker = server.anybody({ authorization: `Basic ${Buffer.from(`${secret}:`).toString("base64")}` });
  for (let i = 0; i < events.length; i += 300) {
    const sent = await tracker.post("/v1/batch", { batch: events.slice(i, i + 300) });
    assert.equal(sent.status, 200, sent.text);
  }
  return { server, owner };
}

const get = async (client, path) => {
  const { status, body, text } = await client.get(path);
  assert.equal(status, 200, text);
  return body;
};

describe("the analysis", () => {
  test("finds what moves a score, and says what it does not say", async (t) => {
    const { owner } = await company(t);
    const answer = await get(owner, "/api/v1/analysis/drivers?metric=nps");
    assert.equal(answer.few, false);
    assert.equal(answer.n, 900);
    const by = Object.fromEntries(answer.drivers.map((row) => [row.key, row]));
    assert.equal(answer.drivers[0].key, "delivery");
    assert.ok(by.delivery.importance > 0.5 && by.delivery.low > by.staff.high, JSON.stringify(answer.drivers));
    assert.ok(by.delivery.effect > 1.5 && by.delivery.effect < 3);
    const sum = answer.drivers.reduce((all, row) => all + row.importance, 0);
    assert.ok(Math.abs(sum - 1) < 1e-9);
    assert.ok(answer.r2_low <= answer.r2 && answer.r2 <= answer.r2_high);
    assert.ok(answer.caveat.length > 20);
    const few = await get(owner, "/api/v1/analysis/drivers?metric=ces");
    assert.deepEqual([few.few, few.drivers], [true, []]);
  });

  test("forecasts with a test on the past, and refuses a short history", async (t) => {
    const { owner } = await company(t);
    const answer = await get(owner, "/api/v1/analysis/forecast?of=count&every=week&horizon=4&has_text=any");
    assert.equal(answer.few, false, JSON.stringify(answer));
    assert.equal(answer.forecast.length, 4);
    for (const point of answer.forecast) {
      assert.ok(point.low <= point.value && point.value <= point.high && point.low >= 0);
      assert.ok(Math.abs(point.value - 35) < 12, `${point.value}`);
    }
    assert.ok(answer.backtest.origins > 3 && answer.backtest.mae >= 0);
    const total = answer.history.reduce((sum, point) => sum + point.n, 0);
    assert.ok(total <= 900 && total > 800);
    // The first week of the feedback is a part of one unless it began on its Monday.
    const first = new Date(answer.history[0].period).getTime(), oldest = new Date(events.at(-1).timestamp).getTime();
    assert.ok(first > oldest - 2 * DAY, answer.history[0].period);
    const from = new Date(now - 30 * DAY).toISOString().slice(0, 10);
    const short = await get(owner, `/api/v1/analysis/forecast?of=score&metric=nps&every=week&from=${from}`);
    assert.deepEqual([short.few, short.forecast, short.backtest], [true, [], null]);
  });

  test("a week of few answers is shown and bends no forecast; a driver of few answers says so", async (t) => {
    const { server, owner } = await company(t);
    const secret = await server.key(owner, { name: "desk", kind: "write", trust: "server" });
    const tracker = server.anybody({ authorization: `Basic ${Buffer.from(`${secret}:`).toString("base64")}` });
    const batch = [];
    const monday = Math.floor(now / DAY) * DAY - ((new Date(now).getUTCDay() + 6) % 7) * DAY;
    for (let week = 1; week <= 20; week++) {
      for (let i = 0; i < (week === 4 ? 2 : 12); i++) {
        const at = new Date(monday - week * 7 * DAY + (1.2 + (i % 3)) * DAY).toISOString();
        batch.push({ type: "track", event: "Survey Answered", userId: `D-${week}-${i}`, messageId: `d${week}-${i}`, timestamp: at,
          properties: { metric: "csat", scale: "1-5", score: week === 4 ? 1 : i % 4 ? 5 : 3, question: "csat.desk", text: "ổn" } });
      }
    }
    assert.equal((await tracker.post("/v1/batch", { batch })).status, 200);
    const answer = await get(owner, "/api/v1/analysis/forecast?of=score&metric=csat&every=week&horizon=4");
    assert.equal(answer.few, false, JSON.stringify(answer));
    const thin = answer.history.filter(({ n }) => n < 5 && n > 0);
    assert.ok(thin.length > 0 && thin.some(({ value }) => value < 50), JSON.stringify(answer.history));
    for (const { low } of answer.forecast) assert.ok(low > 50, JSON.stringify(answer.forecast));
    const { drivers } = await get(owner, "/api/v1/analysis/drivers?metric=nps");
    for (const { n, few } of drivers) assert.equal(few, n < 30);
  });

  test("compares two groups and keeps only what is sure", async (t) => {
    const { owner } = await company(t);
    const bad = await owner.post("/api/v1/analysis/compare", { first: { q: "chậm" }, second: { q: "nhanh" } });
    assert.equal(bad.status, 200, bad.text);
    const score = bad.body.rows.find((row) => row.what === "score");
    assert.ok(score.delta < -30 && score.found && score.low < score.delta && score.delta < score.high);
    assert.ok(bad.body.rows.find((row) => row.what === "phrase" && row.found));
    const same = await owner.post("/api/v1/analysis/compare", { first: { channel: ["web"] }, second: { channel: ["email"] } });
    assert.equal(same.body.rows.filter((row) => row.found && row.what !== "phrase").length, 0, JSON.stringify(same.body.rows.slice(0, 3)));
    assert.equal((await owner.post("/api/v1/analysis/compare", { first: {} })).status, 422);
  });

  test("shows the most demanding tenth beside the mean", async (t) => {
    const { owner } = await company(t);
    const answer = await get(owner, "/api/v1/analysis/demanding?metric=nps");
    const [all, ...touchpoints] = answer.rows;
    assert.equal(all.touchpoint, null);
    assert.equal(all.n, 900);
    assert.equal(all.people, 300);
    assert.equal(all.tenth_n, 30);
    assert.ok(all.tenth < all.mean && Math.abs(all.gap - (all.mean - all.tenth)) < 1e-9);
    const means = new Map();
    for (const { userId, properties } of events) means.set(userId, [...(means.get(userId) ?? []), properties.score]);
    const sorted = [...means.values()].map((scores) => scores.reduce((a, b) => a + b) / scores.length).sort((a, b) => a - b);
    assert.ok(Math.abs(all.tenth - sorted.slice(0, 30).reduce((a, b) => a + b) / 30) < 1e-9);
    assert.equal(touchpoints.length, 2);
  });

  test("finds phrases that are new, with examples", async (t) => {
    const { server, owner } = await company(t);
    const answer = await get(owner, "/api/v1/phrases?weeks=2");
    assert.ok(answer.rows.length > 0, JSON.stringify(answer));
    assert.match(answer.rows[0].phrase, /sứ xanh/);
    assert.equal(answer.rows[0].before, 0);
    assert.equal(answer.rows[0].now, 15);
    assert.match(answer.rows[0].examples[0].text, /sứ xanh/);
    const viewer = await server.user("viewer");
    assert.equal((await viewer.get("/api/v1/phrases")).status, 403);
  });
});
