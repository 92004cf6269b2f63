// Rules over HTTP: an event sets one off, conditions on the person decide, and everything that goes out passes one gate.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { signedWith, until, webhookReceiver } from "../help/receivers.mjs";
import { start } from "../help/server.mjs";

const people = [
  { type: "identify", userId: "KH-1", traits: { name: "Hoàng Thị Lan", email: "lan@vidu.vn", plan: "vip" } },
  { type: "identify", userId: "KH-2", traits: { name: "Trần Văn Đức", email: "duc@vidu.vn", plan: "thường" } },
];

export async function company(t, env = {}) {
  const server = await start(t, { env: { CHAM_OUTBOUND_ALLOW: "127.0.0.1", ...env } });
  const owner = await server.owner();
  const secret = await server.key(owner);
  const shop = server.anybody({ authorization: `Basic ${Buffer.from(`${secret}:`).toString("base64")}` });
  const sent = await shop.post("/v1/batch", { batch: people });
  assert.equal(sent.status, 200, sent.text);
  for (const purpose of ["survey", "service"]) {
    assert.equal((await owner.post("/api/v1/consent-wordings", { purpose, texts: { vi: "Tôi đồng ý." } })).status, 201);
  }
  await owner.put("/api/v1/sending", { quiet: false, quiet_from: "21:00", quiet_to: "08:00", sundays: false, limits: [] });
  const agrees = (user, more = {}) =>
    owner.post(`/api/v1/people/user:${user}/consents`, { purpose: "service", state: "given", wording: 1, how: "form", ...more });
  const track = (userId, event, properties = {}, more = {}) => shop.post("/v1/track", { userId, event, properties, ...more });
  return { server, owner, shop, agrees, track };
}

async function target(owner, receiver) {
  const made = await owner.post("/api/v1/webhook-targets", { name: "CRM", url: receiver.url });
  assert.equal(made.status, 201, made.text);
  return made.body;
}

const delivered = { event: [{ field: "kind", is: ["Order Delivered"] }] };

async function rule(owner, more) {
  const made = await owner.post("/api/v1/rules", { name: "Sau giao hàng", on: true, when: delivered, ...more });
  assert.equal(made.status, 201, made.text);
  return made.body;
}

const runs = async (owner, id) => (await owner.get(`/api/v1/rules/${id}/runs`)).body.items;
const ended = (owner, id, count) =>
  until(async () => {
    const items = await runs(owner, id);
    return items.length === count && items.every(({ outcome }) => outcome !== "waiting") ? items : false;
  }, "the end of the runs");

describe("rules", () => {
  test("call a signed webhook for an event of somebody who agreed", async (t) => {
    const { owner, agrees, track } = await company(t);
    const receiver = await webhookReceiver(t);
    const crm = await target(owner, receiver);
    const made = await rule(owner, { then: [{ do: "webhook", target: crm.id }] });
    await agrees("KH-1");
    await track("KH-1", "Order Placed");
    await track("KH-1", "Order Delivered", { order: "D-1" });
    await until(() => receiver.calls.length === 1, "the call");
    const [call] = receiver.calls;
    assert.ok(signedWith(call, crm.secret));
    assert.equal(call.body.type, "rule.fired");
    assert.equal(call.body.person.name, "Hoàng Thị Lan");
    assert.deepEqual(call.body.event.properties, { order: "D-1" });
    assert.match(call.body.opt_out, /\/o\/[0-9a-z]{45}$/i);
    const [run] = await ended(owner, made.id, 1);
    assert.equal(run.outcome, "fired");
    assert.equal(run.person_name, "Hoàng Thị Lan");
    await until(async () => (await runs(owner, made.id))[0].sends[0].state === "sent", "sent");
  });

  test("send nothing to whoever did not agree, or withdrew", async (t) => {
    const { owner, agrees, track } = await company(t);
    const receiver = await webhookReceiver(t);
    const crm = await target(owner, receiver);
    const made = await rule(owner, { then: [{ do: "webhook", target: crm.id }] });
    await agrees("KH-2");
    await agrees("KH-2", { state: "withdrawn", how: "call", wording: 0 });
    await track("KH-1", "Order Delivered");
    await track("KH-2", "Order Delivered");
    const reasons = await until(async () => {
      const items = await runs(owner, made.id);
      const found = items.map(({ sends }) => sends[0]?.reason);
      return found.length === 2 && found.every(Boolean) ? found.sort() : false;
    }, "refusals");
    assert.deepEqual(reasons, ["no_consent", "withdrawn"]);
    assert.equal(receiver.calls.length, 0);
  });

  test("have not fired when nothing they would send went out", async (t) => {
    const { owner, agrees, track } = await company(t);
    const receiver = await webhookReceiver(t, 400);
    const crm = await target(owner, receiver);
    const call = { do: "webhook", target: crm.id };
    const silent = await rule(owner, { then: [call, call] });
    const tells = await rule(owner, { then: [call, { do: "notify", role: "agent", text: "Đã giao" }] });
    await track("KH-1", "Order Delivered");
    const outcome = async (id, wanted) => {
      const [run] = await until(async () => {
        const items = await runs(owner, id);
        return items[0]?.outcome === wanted && items[0].sends.every(({ reason }) => reason) ? items : false;
      }, `${wanted}`);
      return run.sends.map(({ state, reason }) => `${state} ${reason}`);
    };
    assert.deepEqual(await outcome(silent.id, "unsent"), ["refused no_consent", "refused no_consent"]);
    assert.deepEqual(await outcome(tells.id, "fired"), ["refused no_consent"]);
    assert.equal((await owner.get(`/api/v1/rules/${silent.id}/runs?outcome=fired`)).body.items.length, 0);
    assert.deepEqual((await owner.get(`/api/v1/rules/${silent.id}/figures`)).body.outcomes, [{ what: "unsent", count: 1 }]);
    await agrees("KH-1");
    await track("KH-1", "Order Delivered");
    assert.deepEqual(await outcome(silent.id, "unsent"), ["failed bad_address", "failed bad_address"]);
    receiver.answer = 200;
    const [{ sends }] = await runs(owner, silent.id);
    assert.equal((await owner.post(`/api/v1/sends/${sends[0].id}/retry`)).status, 204);
    await until(async () => (await runs(owner, silent.id))[0].outcome === "fired", "the run has fired after all");
  });

  test("go out in quiet hours only to serve: nobody is asked or sold something at night", async (t) => {
    const { owner, agrees, track } = await company(t);
    const receiver = await webhookReceiver(t);
    const crm = await target(owner, receiver);
    const action = (purpose) => ({ do: "webhook", target: crm.id, purpose, at_once: true });
    for (const purpose of ["survey", "marketing", "research", "training"]) {
      const refused = await owner.post("/api/v1/rules", { name: "Đêm", on: true, when: delivered, then: [action(purpose)] });
      assert.deepEqual([refused.status, refused.body.errors[0].pointer], [422, "/then/0/at_once"], refused.text);
    }
    const minutes = (more) => {
      const at = new Date(Date.now() + more * 60_000 + 7 * 3600_000); // the zone of the installation
      return `${String(at.getUTCHours()).padStart(2, "0")}:${String(at.getUTCMinutes()).padStart(2, "0")}`;
    };
    await owner.put("/api/v1/sending", { quiet: true, quiet_from: minutes(-60), quiet_to: minutes(120), sundays: false, limits: [] });
    await agrees("KH-1");
    const waits = await rule(owner, { then: [{ do: "webhook", target: crm.id }] });
    await rule(owner, { then: [action("service")] });
    await track("KH-1", "Order Delivered");
    await until(() => receiver.calls.length === 1, "the one that serves");
    await until(async () => (await runs(owner, waits.id))[0]?.sends[0]?.reason === "quiet_hours", "the other waits");
  });

  test("look at traits and at what somebody did when they fire", async (t) => {
    const { owner, track } = await company(t);
    const made = await rule(owner, {
      if: [{ field: "trait:plan", is: ["vip"] }, { did: { field: "kind", is: ["Order Delivered"] }, at_least: 2, in_last: "30d" }],
      then: [{ do: "notify", role: "agent", text: "Khách quen" }],
    });
    await track("KH-1", "Order Delivered");
    await ended(owner, made.id, 1);
    await track("KH-2", "Order Delivered");
    await track("KH-2", "Order Delivered");
    await ended(owner, made.id, 3);
    await track("KH-1", "Order Delivered");
    const items = await ended(owner, made.id, 4);
    assert.deepEqual(items.map(({ outcome, person_name }) => [outcome, person_name]),
      [["fired", "Hoàng Thị Lan"], ["condition", "Trần Văn Đức"], ["condition", "Trần Văn Đức"], ["condition", "Hoàng Thị Lan"]]);
    const { items: notices } = (await owner.get("/api/v1/notices")).body;
    assert.deepEqual(notices.map(({ role, text }) => [role, text]), [["agent", "Khách quen"]]);
    assert.equal((await owner.post(`/api/v1/notices/${notices[0].id}/done`)).status, 204);
    assert.deepEqual((await owner.get("/api/v1/notices?open=true")).body.items, []);
  });

  test("do not fire for old events, nor for those from before they were on", async (t) => {
    const { owner, track } = await company(t);
    await track("KH-1", "Order Delivered");
    const made = await rule(owner, { then: [{ do: "notify", role: "manager" }] });
    await track("KH-1", "Order Delivered", {}, { timestamp: new Date(Date.now() - 30 * 3600_000).toISOString() });
    await track("KH-2", "Order Delivered", {}, { timestamp: new Date(Date.now() - 3600_000).toISOString() });
    const items = await ended(owner, made.id, 1);
    assert.equal(items[0].person_name, "Trần Văn Đức");
    await owner.patch(`/api/v1/rules/${made.id}`, { on: false });
    await track("KH-1", "Order Delivered");
    await owner.patch(`/api/v1/rules/${made.id}`, { on: true });
    await track("KH-1", "Order Delivered");
    assert.equal((await ended(owner, made.id, 2)).length, 2);
  });

  test("fire once for a person, or for a value such as a contact", async (t) => {
    const { owner, track } = await company(t);
    const perPerson = await rule(owner, { once: { per: "person", in: "30d" }, then: [{ do: "notify", role: "manager" }] });
    const perContact = await rule(owner, { once: { per: "prop:contact" }, then: [{ do: "notify", role: "manager" }] });
    await track("KH-1", "Order Delivered", { contact: "C-1" });
    await track("KH-1", "Order Delivered", { contact: "C-1" });
    await track("KH-1", "Order Delivered", { contact: "C-2" });
    const outcomes = async (id) => (await ended(owner, id, 3)).map(({ outcome }) => outcome).sort();
    assert.deepEqual(await outcomes(perPerson.id), ["fired", "repeated", "repeated"]);
    assert.deepEqual(await outcomes(perContact.id), ["fired", "fired", "repeated"]);
  });

  test("take the same people into a share and leave the same ones out by lot", async (t) => {
    const { owner, shop } = await company(t);
    const shared = await rule(owner, { share: 0.5, then: [{ do: "notify", role: "manager" }] });
    const held = await rule(owner, { hold_out: 0.5, then: [{ do: "notify", role: "manager" }] });
    const batch = [];
    for (let round = 0; round < 2; round++) {
      for (let person = 0; person < 40; person++) {
        batch.push({ type: "track", userId: `P-${person}`, event: "Order Delivered" });
      }
    }
    assert.equal((await shop.post("/v1/batch", { batch })).status, 200);
    for (const [{ id }, out] of [[shared, "sampled_out"], [held, "held_out"]]) {
      const items = await until(async () => {
        const all = (await owner.get(`/api/v1/rules/${id}/runs?limit=200`)).body.items;
        return all.length === 80 && all.every(({ outcome }) => outcome !== "waiting") ? all : false;
      }, "the runs");
      const of = new Map();
      for (const item of items) {
        of.set(item.person, [...(of.get(item.person) ?? []), item]);
      }
      assert.ok([...of.values()].every((two) => two.length === 2 && two[0].outcome === two[1].outcome));
      const left = [...of.values()].filter(([{ outcome }]) => outcome === out).length;
      assert.ok(left >= 8 && left <= 32, `${left} of 40 ${out}`);
    }
  });

  test("wait before they look", async (t) => {
    const { owner, track } = await company(t);
    const made = await rule(owner, {
      wait: "2s", if: [{ not: { did: { field: "kind", is: ["Order Returned"] } } }], then: [{ do: "notify", role: "manager" }],
    });
    await track("KH-1", "Order Delivered");
    await track("KH-2", "Order Delivered");
    await track("KH-2", "Order Returned");
    const items = await ended(owner, made.id, 2);
    assert.deepEqual(Object.fromEntries(items.map(({ person_name, outcome }) => [person_name, outcome])),
      { "Hoàng Thị Lan": "fired", "Trần Văn Đức": "condition" });
    assert.ok(items.every(({ at_ms, done_ms }) => done_ms - at_ms >= 1900));
  });

  test("are tried on the past without sending anything, as of each event's own moment", async (t) => {
    const { owner, agrees, track } = await company(t);
    const receiver = await webhookReceiver(t);
    const crm = await target(owner, receiver);
    for (const user of ["KH-1", "KH-1", "KH-2"]) {
      await track(user, "Order Delivered", {}, { timestamp: new Date(Date.now() - 3 * 86400_000).toISOString() });
    }
    await track("KH-1", "Order Delivered");
    await agrees("KH-1");
    const wish = { name: "x", when: delivered, then: [{ do: "webhook", target: crm.id }] };
    const plain = (await owner.post("/api/v1/rules/trial", wish)).body;
    assert.deepEqual([plain.events, plain.fires, plain.people, plain.no_consent], [4, 4, 2, 1]);
    const sells = (await owner.post("/api/v1/rules/trial", { ...wish, then: [{ do: "webhook", target: crm.id, purpose: "marketing" }] })).body;
    assert.equal(sells.no_consent, 4, "a word about service is none about advertising");
    const often = (await owner.post("/api/v1/rules/trial", { ...wish, if: [{ did: { field: "kind", is: ["Order Delivered"] }, at_least: 3 }] })).body;
    assert.deepEqual([often.fires, often.condition], [1, 3]);
    assert.equal(often.sample[0].person_name, "Hoàng Thị Lan");
    assert.equal(receiver.calls.length, 0);
    assert.deepEqual((await owner.get("/api/v1/rules")).body.items, []);
  });

  test("by time fire for everybody they are about, once", async (t) => {
    const { owner } = await company(t);
    const at = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit" }).format(Date.now() + 60_000);
    const made = await rule(owner, { when: { time: { every: "day", at } }, if: [{ field: "trait:plan", is: ["vip"] }], then: [{ do: "notify", role: "manager" }] });
    const items = await until(async () => {
      const all = await runs(owner, made.id);
      return all.length === 2 && all.every(({ outcome }) => outcome !== "waiting") ? all : false;
    }, "the moment", 90_000);
    assert.deepEqual(items.map(({ outcome }) => outcome), ["fired", "fired"]);
    assert.deepEqual(items.map(({ person_name }) => person_name).filter(Boolean), ["Hoàng Thị Lan"]);
    assert.equal((await owner.get("/api/v1/notices")).body.items.length, 1);
  });

  test("are refused where they cannot run, with the place", async (t) => {
    const { owner } = await company(t);
    const then = [{ do: "notify", role: "manager" }];
    for (const [body, pointer] of [
      [{ when: { event: [] }, then }, "/when/event"],
      [{ when: { event: [{ field: "trait:plan", is: ["vip"] }] }, then }, "/when/event"],
      [{ when: { event: [{ field: "prop:email", is: ["lan@vidu.vn"] }] }, then }, "/when/event"],
      [{ when: { alert: ["spike"], event: [{ field: "kind", is: ["x"] }] }, then }, "/when"],
      [{ when: delivered, then: [] }, "/then"],
      [{ when: delivered, then: [{ do: "magic" }] }, "/then/0/do"],
      [{ when: delivered, then: [{ do: "webhook", target: "0000000000000" }] }, "/then/0/target"],
      [{ when: delivered, then, wait: "1 year" }, "/wait"],
      [{ when: delivered, then, once: { per: "moon" } }, "/once/per"],
      [{ when: { time: { every: "day", at: "25:00" } }, if: [{ field: "kind", is: ["x"] }], then }, "/when/time/at"],
    ]) {
      const answer = await owner.post("/api/v1/rules", { name: "x", ...body });
      assert.equal(answer.status, 422, `${JSON.stringify(body)} ${answer.text}`);
      const given = answer.body.errors?.[0]?.pointer ?? answer.body.pointer;
      assert.ok(given.startsWith(pointer), `${given} for ${pointer}`);
    }
  });
});

describe("webhook targets", () => {
  test("D02 D08 D10 may not lead into the house, are tested by class alone, and change their secret with both valid", async (t) => {
    const server = await start(t);
    const stranger = await server.owner();
    for (const url of ["http://127.0.0.1:9999/", "https://169.254.169.254/", "ftp://example.com/", "https://localhost./"]) {
      assert.equal((await stranger.post("/api/v1/webhook-targets", { name: "x", url })).status, 422, url);
    }
    const { owner, agrees, track } = await company(t);
    const receiver = await webhookReceiver(t, 500);
    const crm = await target(owner, receiver);
    const tried = await owner.post(`/api/v1/webhook-targets/${crm.id}/test`);
    assert.deepEqual(tried.body, { class: 5 });
    receiver.answer = 200;
    assert.equal((await owner.patch(`/api/v1/webhook-targets/${crm.id}`, { url: "http://10.0.0.1/" })).status, 422);
    assert.equal((await owner.get(`/api/v1/webhook-targets/${crm.id}`)).body.secret, undefined);
    const rotated = await owner.post(`/api/v1/webhook-targets/${crm.id}/rotate`);
    assert.notEqual(rotated.body.secret, crm.secret);
    await rule(owner, { then: [{ do: "webhook", target: crm.id }] });
    await agrees("KH-1");
    await track("KH-1", "Order Delivered");
    const call = await until(() => receiver.calls.find(({ body }) => body.type === "rule.fired"), "the call");
    assert.ok(signedWith(call, crm.secret) && signedWith(call, rotated.body.secret));
  });

  test("D09 that are slow hold nobody else up, and are tried again with the same id", async (t) => {
    const { owner, agrees, track } = await company(t);
    const slow = await webhookReceiver(t, () => new Promise(() => {}));
    const quick = await webhookReceiver(t);
    const [one, two] = [await target(owner, slow), await target(owner, quick)];
    await rule(owner, { then: [{ do: "webhook", target: one.id }, { do: "webhook", target: two.id }] });
    await agrees("KH-1");
    await agrees("KH-2");
    for (let i = 0; i < 5; i++) {
      await track(i % 2 ? "KH-1" : "KH-2", "Order Delivered");
    }
    await until(() => quick.calls.length === 5, "five calls of the quick one", 8000);
    assert.ok(slow.calls.length <= 1);
  });
});
