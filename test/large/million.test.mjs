// The same events, a fifth of them sent twice, through two processes on PostgreSQL and two shards of ClickHouse, and into one embedded server:
// every count is exact, and random questions of all kinds have the same rows.
//
//   EVENTS=1000000      (40,000)
//   QUESTIONS=1000      (120)
//   SEED=7              of the questions
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAll, BEGIN_MS, Crowd, processes, shuffled, SPREAD_MS } from "./crowd.mjs";
import { difference, questions } from "./questions.mjs";
import { startServers } from "./servers.mjs";

const EVENTS = Number(process.env.EVENTS ?? 40_000);
const QUESTIONS = Number(process.env.QUESTIONS ?? 120);
const SEED = Number(process.env.SEED ?? 1);
const PERSONS = Math.ceil(EVENTS / 20);
const BATCH = 500;

let servers;
before(async () => (servers = await startServers(["postgres", "cluster"])));
after(() => servers?.end());

// A map of what the crowd does.
async function publish(owner) {
  const touch = (id, name, stage, kind, next) => ({
    id,
    name,
    stage,
    where: [{ field: "kind", is: [kind] }],
    ...(next && { next_act: { name: "Tiếp", when: { field: "kind", is: [next] }, within: "6h" } }),
  });
  const stages = ["Tìm hiểu", "Mua", "Sau mua"].map((name, i) => ({ id: `s${i}`, name }));
  const touchpoints = [
    touch("t1", "Trang", "s0", "page", "Product Viewed"),
    touch("t2", "Sản phẩm", "s0", "Product Viewed", "Product Added"),
    touch("t3", "Giỏ", "s1", "Product Added", "Order Completed"),
    touch("t4", "Đơn", "s1", "Order Completed"),
    touch("t5", "Gọi", "s2", "Support Called", "Survey Answered"),
  ];
  const { body: made } = await owner.post("/api/v1/journeys", { name: "Mua hàng", template: "empty" });
  const { body: draft } = await owner.get(`/api/v1/journeys/${made.id}`);
  const put = await owner.put(`/api/v1/journeys/${made.id}/draft`, { ...draft, stages, touchpoints });
  assert.equal(put.status, 200, put.text);
  const published = await owner.post(`/api/v1/journeys/${made.id}/publish?from=beginning`);
  assert.ok(published.status < 300, published.text);
  return made.id;
}

// Sends everything, a fifth of it again while the rest arrives; events a second.
async function send(all, key) {
  const crowd = new Crowd({ ports: all.map(({ port }) => port), key, persons: PERSONS });
  const again = shuffled(EVENTS, 8).slice(0, EVENTS / 5);
  crowd.put(shuffled(EVENTS, 7), BATCH);
  crowd.put(again, BATCH);
  crowd.queue.sort((a, b) => (a[0] % 97) - (b[0] % 97)); // repeats before, among and after their originals
  const began = performance.now();
  await crowd.run();
  assert.deepEqual(Object.keys(crowd.answers), ["200"]);
  return ((EVENTS + again.length) / (performance.now() - began)) * 1000;
}

// Without what differs between installations though the events are the same: ids, and how long ago something came or was.
const plain = (rows) => rows.map(({ id, person, received_ms, recency_days, tenure_days, ...row }) => row);

test("two processes on PostgreSQL and two shards say what one embedded server says", async (t) => {
  servers.postgres.ask("CREATE DATABASE million");
  await servers.cluster.ask("CREATE DATABASE million ON CLUSTER cham");
  const all = await processes(t, { CHAM_RECORDS: servers.postgres.url("million"), CHAM_EVENTS: servers.cluster.url("million") });
  const [embedded] = await processes(t, {}, 1);
  const [owner, small] = [await all[0].owner(), await embedded.owner()];
  const other = all[1].anybody(owner.headers);
  const journeys = [await publish(owner), await publish(small)];

  const large_s = await send(all, await all[0].key(owner));
  const small_s = await send([embedded], await embedded.key(small));
  t.diagnostic(`${EVENTS} events and a fifth again: ${Math.round(large_s)} a second on PostgreSQL and ClickHouse, ${Math.round(small_s)} embedded`);
  await assertAll([owner, other, small], EVENTS, PERSONS);

  const span = { from_ms: BEGIN_MS, to_ms: BEGIN_MS + SPREAD_MS * EVENTS, persons: PERSONS };
  const draws = journeys.map((journey) => questions(SEED, { ...span, journey }));
  const wrong = [];
  const asked = {};
  const ms = { large: 0, small: 0 };
  let full = 0;
  for (let i = 0; i < QUESTIONS && wrong.length < 5; i++) {
    const [question, same] = draws.map((draw) => draw());
    const began = performance.now();
    const answer = await (i % 2 ? other : owner).post("/api/v1/ask", question);
    const between = performance.now();
    const expected = await small.post("/api/v1/ask", same);
    ms.large += between - began;
    ms.small += performance.now() - between;
    asked[question.ask] = (asked[question.ask] ?? 0) + 1;
    const nobody = question.person && expected.status === 404 && answer.status === 404; // who did nothing yet
    const found =
      answer.status !== 200 || expected.status !== 200
        ? !nobody && `${answer.status} ${answer.text} and ${expected.status} ${expected.text}`
        : difference(plain(answer.body.rows), plain(expected.body.rows));
    full += !nobody && expected.body.rows?.length > 0;
    if (found) {
      wrong.push(`${JSON.stringify(question)}: ${found.slice(0, 400)}`);
    }
  }
  t.diagnostic(`${JSON.stringify(asked)}: ${Math.round(ms.large / QUESTIONS)} ms a question on ClickHouse, ${Math.round(ms.small / QUESTIONS)} embedded`);
  assert.deepEqual(wrong, []);
  assert.ok(full > QUESTIONS / 2, `only ${full} of ${QUESTIONS} answers had rows`);
});
