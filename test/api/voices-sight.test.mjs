// Who sees what of what was noticed in feedback: alerts, and the evidence of pain points.
import assert from "node:assert/strict";
import { test } from "node:test";
import { company, said } from "../help/voices.mjs";
import { until } from "../help/surveys.mjs";

const DAY = 86_400_000;

// Every day two people in each of two towns; in Huế the score falls five weeks ago, in Hà Nội there are complaints since yesterday.
function days() {
  const items = [];
  const say = (day, k, place, properties) => items.push({
    ...said(items.length, "Survey Answered", { metric: "nps", question: "nps.recommend", touchpoint: "giao-hang", place, ...properties }, `${place}-${day}-${k}`),
    timestamp: new Date(Date.now() - day * DAY - k * 60_000).toISOString(),
  });
  for (let day = 0; day < 105; day++) {
    for (let k = 0; k < 2; k++) {
      say(day, k, "Huế", day < 35 ? { score: 1, text: "giao hàng chậm quá" } : { score: 9, text: "hàng đẹp" });
      say(day, k, "Hà Nội", { score: 9, text: "hàng đẹp" });
    }
    for (let k = 2; k < 14 && day < 2; k++) {
      say(day, k, "Hà Nội", { score: 9, text: "Tôi khiếu nại: giao hàng chậm, không ai trả lời, đòi hoàn tiền" });
    }
  }
  return items;
}

test("alerts and the evidence of pain points are those of the places one sees", async (t) => {
  const items = days();
  const { server, owner, send } = await company(t, items.splice(0, 400));
  await send(items);
  await until(async () => (await owner.get("/api/v1/feedback/counts")).body.n, (n) => n === 444);
  const local = await server.user("analyst", "hue@example.vn");
  const { id } = (await owner.get("/api/v1/users")).body.items.find(({ email }) => email === "hue@example.vn");
  assert.equal((await owner.patch(`/api/v1/users/${id}`, { places: ["Huế"] })).status, 200);

  const looked = await owner.post("/api/v1/analysis/alerts/look", {});
  assert.equal(looked.status, 200, looked.text);
  const all = (await owner.get("/api/v1/analysis/alerts")).body.items;
  const ours = all.filter(({ filter }) => filter.place?.[0] === "Huế"), others = all.filter((each) => !ours.includes(each));
  assert.ok(ours.length > 0 && others.length > 0, JSON.stringify(all));
  assert.deepEqual((await local.get("/api/v1/analysis/alerts")).body.items, ours);
  assert.equal((await local.patch(`/api/v1/analysis/alerts/${others[0].id}`, { seen: true })).status, 404);
  assert.equal((await local.patch(`/api/v1/analysis/alerts/${ours[0].id}`, { seen: true })).status, 200);
  assert.equal((await local.post("/api/v1/analysis/alerts/look", {})).body.found, 0);

  const made = await owner.post("/api/v1/pains", { name: "Giao chậm", matches: { topic: ["delivery"] } });
  const twin = await owner.post("/api/v1/pains", { name: "Chờ lâu", matches: { topic: ["delivery"], place: ["Hà Nội"] } });
  const evidence = async (client, pain) => [
    (await client.get("/api/v1/pains")).body.items.find((each) => each.id === pain).evidence,
    (await client.get(`/api/v1/pains/${pain}`)).body.evidence,
    (await client.get(`/api/v1/pains/${pain}/size`)).body.feedback,
  ];
  assert.deepEqual(await evidence(owner, made.body.id), [94, 94, 94]);
  assert.deepEqual(await evidence(local, made.body.id), [70, 70, 70]);
  assert.deepEqual(await evidence(local, twin.body.id), [0, 0, 0]);
  assert.equal((await owner.get("/api/v1/pains/proposals")).body.items.length, 1);
  assert.equal((await local.get("/api/v1/pains/proposals")).body.items.length, 0);
});
