// Two processes on one installation share what is to be sent: nothing goes out twice, and what one leaves when it is killed the other
// sends.
import assert from "node:assert/strict";
import { test } from "node:test";

process.env.TEST_STORES ??= "large";
const { Client, Server } = await import("../help/server.mjs");
const { storesOf } = await import("../help/stores.mjs");
const { mailServer, until, webhookReceiver } = await import("../help/receivers.mjs");
const { document, nps, publish } = await import("../help/surveys.mjs");

const SENDERS = 3; // threads that one process mails with: so many messages are on their way when it is killed
const open = { quiet: false, quiet_from: "21:00", quiet_to: "08:00", sundays: false };
const WAIT_MS = 90_000;

const end = async (server) => {
  try {
    if (server.process?.exitCode === null && server.process.signalCode === null) {
      await server.stop();
    }
  } finally {
    await server.remove();
  }
};

// Two processes that mail under names of their own, and people who agreed.
async function company(t, count, limits) {
  const mail = await mailServer(t);
  const env = { CHAM_OUTBOUND_ALLOW: "127.0.0.1", CHAM_SMTP: mail.url };
  const begin = async (name, first) => {
    const own = first ? await storesOf(first.data) : {};
    const server = new Server({ env: { ...own, ...env, CHAM_MAIL_FROM: `${name} <cskh@vidu.vn>` } });
    t.after(() => end(server));
    return server.start();
  };
  const a = await begin("A");
  const owner = await a.owner();
  const secret = await a.key(owner);
  const b = await begin("B", a);
  const users = Array.from({ length: count }, (_, i) => `P-${i}`);
  const headers = { authorization: `Basic ${Buffer.from(`${secret}:`).toString("base64")}` };
  await a.anybody(headers).post("/v1/batch", { batch: users.map((userId, i) => ({ type: "identify", userId, traits: { email: `p${i}@vidu.vn` } })) });
  for (const purpose of ["survey", "service"]) {
    await owner.post("/api/v1/consent-wordings", { purpose, texts: { vi: "Tôi đồng ý." } });
    const items = users.map((user) => ({ alias: `user:${user}`, purpose, state: "given", wording: 1, how: "form", at_ms: Date.now() - 1000 }));
    assert.equal((await owner.post("/api/v1/consents", { items })).status, 201);
  }
  assert.equal((await owner.put("/api/v1/sending", { ...open, limits })).status, 200);
  const invite = async (survey) => {
    const done = await owner.post(`/api/v1/surveys/${survey}/invitations`, { people: users.map((user) => `user:${user}`) });
    assert.equal(done.status, 202, done.text);
  };
  const states = async (client) => {
    const found = {};
    for (let after = ""; after !== undefined; ) {
      const { body } = await client.get(`/api/v1/sends?limit=100${after}`);
      for (const { state, reason } of body.items) {
        const word = reason ? `${state} ${reason}` : state;
        found[word] = (found[word] ?? 0) + 1;
      }
      after = body.next ? `&after=${body.next}` : undefined;
    }
    return found;
  };
  return { a, b, owner, other: new Client(b, owner.headers), mail, headers, users, invite, states };
}

const settled = (states) => states && !Object.keys(states).some((word) => /^(waiting|sending)/.test(word));
const waitFor = (company, client) =>
  until(async () => {
    const states = await company.states(client);
    return settled(states) ? states : false;
  }, "everything is settled", WAIT_MS);

const by = (messages, name) => messages.filter(({ headers }) => headers.from.startsWith(name)).length;

test("both send, everybody gets one message, and the limit is one over both", async (t) => {
  const count = 60;
  const all = await company(t, count, [{ purpose: "survey", most: 1, days: 30, gap_days: 0 }]);
  const surveys = [(await publish(all.owner, document([nps("a")]))).id, (await publish(all.owner, document([nps("b")]))).id];
  await Promise.all(surveys.map(all.invite));
  const states = await waitFor(all, all.owner);
  assert.deepEqual(states, { sent: count, "refused fatigue": count });
  assert.deepEqual(all.mail.messages.map(({ to }) => to[0]).sort(), all.users.map((_, i) => `p${i}@vidu.vn`).sort());
  assert.ok(by(all.mail.messages, "A") > 0 && by(all.mail.messages, "B") > 0, "both have sent");
});

test("an event sets a rule off once, whichever process follows it", async (t) => {
  const count = 40;
  const all = await company(t, count, []);
  const receiver = await webhookReceiver(t);
  const target = await all.owner.post("/api/v1/webhook-targets", { name: "CRM", url: receiver.url });
  const rule = { name: "Sau giao hàng", on: true, when: { event: [{ field: "kind", is: ["Order Delivered"] }] }, then: [{ do: "webhook", target: target.body.id }] };
  const made = await all.owner.post("/api/v1/rules", rule);
  assert.equal(made.status, 201, made.text);
  await Promise.all(all.users.map((userId, i) =>
    (i % 2 ? all.a : all.b).anybody(all.headers).post("/v1/track", { userId, event: "Order Delivered", properties: { order: `D-${i}` } })));
  await until(() => receiver.calls.length >= count, "the calls", WAIT_MS);
  await waitFor(all, all.other);
  const { outcomes } = (await all.owner.get(`/api/v1/rules/${made.body.id}/figures`)).body;
  assert.deepEqual(outcomes, [{ what: "fired", count }]);
  assert.deepEqual(receiver.calls.map(({ body }) => body.event.properties.order).sort(), all.users.map((_, i) => `D-${i}`).sort());
});

test("what a process leaves when it is killed the other sends: nothing is lost, and only what was on its way may come again under its id", async (t) => {
  const count = 80;
  const all = await company(t, count, []);
  const survey = await publish(all.owner, document([nps("a")]));
  await all.invite(survey.id);
  await until(() => by(all.mail.messages, "A") >= 5 && by(all.mail.messages, "B") >= 1, "both are sending", WAIT_MS);
  await all.a.kill();
  const killed = all.mail.messages.length;
  assert.ok(killed < count, "some are left");
  assert.deepEqual(await waitFor(all, all.other), { sent: count });
  const ids = new Map();
  for (const { to, headers } of all.mail.messages) {
    ids.set(to[0], [...(ids.get(to[0]) ?? []), headers["message-id"]]);
  }
  assert.equal(ids.size, count, "nobody is left out");
  assert.ok([...ids.values()].every((of) => new Set(of).size === 1), "the same message has the same id");
  assert.ok(all.mail.messages.length - count <= SENDERS, `${all.mail.messages.length - count} came twice`);
});
