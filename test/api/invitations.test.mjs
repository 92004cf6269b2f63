// Everything that is sent to people: mail with the first question inside, opt-out, limits over all surveys and channels, quiet
// hours, addresses that do not exist, and that nothing is sent twice.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mailServer, until, webhookReceiver } from "../help/receivers.mjs";
import { start } from "../help/server.mjs";
import { both, document, link, nps, options, publish, Respondent } from "../help/surveys.mjs";

const people = [
  { type: "identify", userId: "KH-1", traits: { name: "Hoàng Thị Lan", email: "lan@vidu.vn" } },
  { type: "identify", userId: "KH-2", traits: { name: "Trần Văn Đức", email: "duc@vidu.vn", language: "en" } },
  { type: "identify", userId: "KH-3", traits: { name: "Không địa chỉ" } },
];
const open = { quiet: false, quiet_from: "21:00", quiet_to: "08:00", sundays: false };
const free = { ...open, limits: [{ purpose: "survey", most: 0, days: 0, gap_days: 0 }] };

async function company(t, sending = open, answers = {}) {
  const mail = await mailServer(t, answers);
  const env = { CHAM_OUTBOUND_ALLOW: "127.0.0.1", CHAM_SMTP: mail.url, CHAM_MAIL_FROM: "Cửa hàng <cskh@vidu.vn>" };
  const server = await start(t, { env });
  const owner = await server.owner();
  const secret = await server.key(owner);
  const shop = server.anybody({ authorization: `Basic ${Buffer.from(`${secret}:`).toString("base64")}` });
  await shop.post("/v1/batch", { batch: people });
  await owner.post("/api/v1/consent-wordings", { purpose: "survey", texts: { vi: "Tôi đồng ý." } });
  const put = await owner.put("/api/v1/sending", { limits: [], ...sending });
  assert.equal(put.status, 200, put.text);
  const survey = await publish(owner, document([nps("q1", { title: both("Bạn có giới thiệu <chúng tôi>?", "Would you recommend us?") }), { id: "q2", type: "text" }]));
  const agrees = async (user, more = {}) => {
    const said = await owner.post(`/api/v1/people/user:${user}/consents`, { purpose: "survey", state: "given", wording: 1, how: "form", ...more });
    assert.equal(said.status, 201, said.text);
  };
  const invite = async (users, more = {}) => {
    const done = await owner.post(`/api/v1/surveys/${more.survey ?? survey.id}/invitations`, { people: users.map((user) => `user:${user}`), ...more.wish });
    assert.equal(done.status, 202, done.text);
    return done.body.invited;
  };
  const sends = async (of = survey.id) => (await owner.get(`/api/v1/surveys/${of}/invitations`)).body.items;
  const settled = (count, of) =>
    until(async () => {
      const items = await sends(of);
      return items.length === count && items.every(({ state }) => !["waiting", "sending"].includes(state)) ? items : false;
    }, `${count} settled invitations`);
  return { server, owner, shop, mail, survey, agrees, invite, sends, settled };
}

const optOutOf = (message) => /<(https?:[^>]*\/o\/[^>]+)>/.exec(message.headers["list-unsubscribe"])[1];

describe("invitations by mail", () => {
  test("C18 carry the first question in the person's language, with links that answer nothing", async (t) => {
    const { server, mail, survey, agrees, invite, settled, owner } = await company(t);
    await agrees("KH-1");
    await agrees("KH-2");
    assert.equal(await invite(["KH-1", "KH-2"]), 2);
    await settled(2);
    assert.equal(mail.messages.length, 2);
    const lan = mail.messages.find(({ to }) => to[0] === "lan@vidu.vn");
    const duc = mail.messages.find(({ to }) => to[0] === "duc@vidu.vn");
    assert.match(lan.parts["text/plain"], /Bạn có giới thiệu/);
    assert.match(duc.parts["text/plain"], /Would you recommend us\?/);
    assert.match(lan.parts["text/html"], /giới thiệu &lt;chúng tôi&gt;/);
    const links = [...lan.parts["text/html"].matchAll(/href="([^"]+\/s\/[^"]+&amp;a=(\d+))"/g)];
    assert.deepEqual(links.map((found) => found[2]), ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
    assert.doesNotMatch(lan.raw, /<img|CANARY/i);
    for (const { parts } of [lan, duc]) { // E08, E09: nothing is loaded, and no link leads elsewhere
      assert.doesNotMatch(parts["text/html"], /\ssrc=|url\(|<link|background=/i);
      const named = Object.values(parts).flatMap((part) => part.match(/https?:[^\s"'<>]+/g) ?? []);
      assert.ok(named.length > 11);
      assert.deepEqual([...new Set(named.map((link) => new URL(link).origin))].length, 1, named.join(" "));
    }
    assert.doesNotMatch(lan.parts["text/html"], /<script|http-equiv/i);
    assert.equal(lan.headers["list-unsubscribe-post"], "List-Unsubscribe=One-Click");
    for (const [, link] of links) {
      const opened = await server.anybody().get(new URL(link.replaceAll("&amp;", "&")).pathname + "?a=9");
      assert.ok(opened.status === 200 || opened.status === 404, `${opened.status}`); // without the pages there is nothing to open
    }
    const events = (await owner.get("/api/v1/people/user:KH-1/timeline")).body.items;
    assert.deepEqual(events.filter(({ kind }) => kind.startsWith("Survey")).map(({ kind }) => kind), ["Survey Sent"]);
    const [sentEvent] = events.filter(({ kind }) => kind === "Survey Sent");
    assert.equal(sentEvent.props.survey, survey.id);
  });

  test("go to nobody who did not agree, withdrew, has no address, or whose address is no one's", async (t) => {
    const { server, mail, agrees, invite, settled, owner } = await company(t, free, { refuse: (address) => (address === "duc@vidu.vn" ? "550 no such user" : undefined) });
    await agrees("KH-3");
    await agrees("KH-2");
    await invite(["KH-1", "KH-2", "KH-3"]);
    const items = await settled(3);
    assert.deepEqual(Object.fromEntries(items.map(({ person_name, state, reason }) => [person_name, `${state} ${reason}`])), {
      "Hoàng Thị Lan": "refused no_consent", "Trần Văn Đức": "failed bad_address", "Không địa chỉ": "refused no_address",
    });
    await invite(["KH-2"]);
    const again = await settled(4);
    assert.equal(again[0].reason, "suppressed");
    assert.equal(mail.messages.length, 0);
    const at = "/api/v1/people/user:KH-2/suppressions";
    const [one, ...more] = (await owner.get(at)).body.items;
    assert.deepEqual([one.address, one.reason, more.length], ["duc@vidu.vn", "bad_address", 0]);
    assert.deepEqual((await owner.get("/api/v1/people/user:KH-1/suppressions")).body.items, []);
    const viewer = await server.user("viewer");
    assert.deepEqual([(await viewer.get(at)).status, (await viewer.delete(at)).status], [403, 403]);
    mail.refuse = () => undefined;
    assert.equal((await owner.delete(at)).status, 204);
    assert.equal((await owner.delete(at)).status, 404);
    assert.equal((await owner.get("/api/v1/audit")).body.items[0].action, "suppression.lift");
    assert.deepEqual((await owner.get(at)).body.items, []);
    await invite(["KH-2"]);
    await settled(5);
    assert.deepEqual(mail.messages.map(({ to }) => to[0]), ["duc@vidu.vn"]);
    assert.equal((await owner.get("/api/v1/people/user:KH-1/timeline")).body.items.filter(({ kind }) => kind === "Survey Sent").length, 0);
  });

  test("an address is given up when the server says that there is none, not when it dislikes the sender or the message", async (t) => {
    const { mail, owner, agrees, invite, sends, settled } = await company(t, free);
    await agrees("KH-1");
    mail.refuse = () => "550 5.7.1 relaying denied";
    await invite(["KH-1"]);
    await settled(1);
    mail.refuse = () => undefined;
    mail.data = () => "554 5.6.0 looks like advertising";
    await invite(["KH-1"]);
    await settled(2);
    mail.data = () => undefined;
    mail.from = () => "550 5.7.60 client does not have permissions to send as this sender";
    await invite(["KH-1"]);
    await until(async () => (await sends()).some(({ state, reason }) => state === "waiting" && reason === "unreachable"), "a wait for a sender that is let in");
    mail.from = () => undefined;
    const [waits] = (await sends()).filter(({ state }) => state === "waiting");
    assert.equal((await owner.post(`/api/v1/sends/${waits.id}/retry`)).status, 204);
    const items = await settled(3);
    assert.deepEqual(items.map(({ state, reason }) => `${state} ${reason}`), ["sent null", "failed server_refused", "failed server_refused"]);
    assert.equal(mail.messages.length, 1);
  });

  test("go to an address under the word of whoever gave it first", async (t) => {
    const { shop, mail, agrees, invite, settled } = await company(t, free);
    await shop.post("/v1/batch", { batch: [{ type: "identify", userId: "KH-4", traits: { name: "Con của Lan", email: "Lan@vidu.vn" } }] });
    await agrees("KH-4");
    await invite(["KH-4"]);
    assert.equal((await settled(1))[0].reason, "shared_address");
    await agrees("KH-1");
    await invite(["KH-1", "KH-4", "KH-3"]);
    const reasons = (await settled(4)).slice(0, 3).map(({ person_name, reason }) => `${person_name} ${reason}`);
    assert.deepEqual(reasons.sort(), ["Con của Lan shared_address", "Hoàng Thị Lan null", "Không địa chỉ no_consent"]);
    assert.deepEqual(mail.messages.map(({ to }) => to[0]), ["lan@vidu.vn"]);
  });

  test("E10 end with one click, for that address alone; looking changes nothing", async (t) => {
    const { server, mail, agrees, invite, settled, owner } = await company(t, free);
    await agrees("KH-1");
    await agrees("KH-2");
    await invite(["KH-1", "KH-2"]);
    await settled(2);
    const link = new URL(optOutOf(mail.messages.find(({ to }) => to[0] === "lan@vidu.vn")));
    const api = `/api/v1/opt-out/${link.pathname.split("/o/")[1]}`;
    const nobody = server.anybody();
    const seen = await nobody.get(api);
    assert.deepEqual([seen.body.address, seen.body.purpose, seen.body.out], ["l…@vidu.vn", "survey", false]);
    await nobody.get(link.pathname);
    assert.equal((await nobody.get(api)).body.out, false);
    const clicked = await nobody.post(link.pathname, "List-Unsubscribe=One-Click", { "content-type": "application/x-www-form-urlencoded" });
    assert.equal(clicked.status, 204, clicked.text);
    assert.equal((await nobody.get(api)).body.out, true);
    const { items } = (await owner.get("/api/v1/people/user:KH-1/consents")).body;
    assert.deepEqual([items[0].state, items[0].how, items[0].alias], ["withdrawn", "opt_out", "email:lan@vidu.vn"]);
    await invite(["KH-1", "KH-2"]);
    const after = await settled(4);
    assert.deepEqual(after.slice(0, 2).map(({ state, reason }) => `${state} ${reason}`).sort(), ["refused withdrawn", "sent null"]);
    const token = api.split("/").at(-1);
    const wrong = `${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`;
    assert.equal((await nobody.get(`/api/v1/opt-out/${wrong}`)).status, 404);
    assert.equal((await nobody.post(`/o/${wrong}`, "x")).status, 404);
  });

  test("are limited for one person over all surveys and channels", async (t) => {
    const { mail, owner, agrees, invite, settled, survey } = await company(t, { ...open, limits: [{ purpose: "survey", most: 2, days: 30, gap_days: 10 }] });
    const receiver = await webhookReceiver(t);
    const target = (await owner.post("/api/v1/webhook-targets", { name: "Zalo", url: receiver.url })).body.id;
    const other = await publish(owner, document([{ id: "q1", type: "csat" }]));
    const third = await publish(owner, document([{ id: "q1", type: "single", options: options("a", "b") }]));
    await agrees("KH-1");
    await invite(["KH-1"]);
    await settled(1);
    await invite(["KH-1"]);
    assert.equal((await settled(2))[0].reason, "gap");
    await invite(["KH-1"], { survey: other.id, wish: { channel: "webhook", target } });
    await settled(1, other.id);
    assert.equal(receiver.calls.length, 1);
    assert.equal(receiver.calls[0].body.type, "survey.invitation");
    assert.match(receiver.calls[0].body.link, /\/s\//);
    await invite(["KH-1"], { survey: third.id });
    assert.equal((await settled(1, third.id))[0].reason, "fatigue");
    assert.equal(mail.messages.length, 1);
    assert.equal(survey.state, "open");
  });

  test("of two rules about one contact one is sent, also when both come at once", async (t) => {
    const { mail, owner, shop, agrees, survey, settled } = await company(t, { ...open, limits: [{ purpose: "survey", most: 1, days: 7, gap_days: 7 }] });
    await agrees("KH-1");
    for (const kind of ["Call Ended", "Ticket Closed"]) {
      const made = await owner.post("/api/v1/rules", { name: kind, on: true, when: { event: [{ field: "kind", is: [kind] }] }, then: [{ do: "survey", survey: survey.id }] });
      assert.equal(made.status, 201, made.text);
    }
    const batch = ["Call Ended", "Ticket Closed", "Call Ended"].map((event) => ({ type: "track", userId: "KH-1", event, properties: { contact: "C-1" } }));
    assert.equal((await shop.post("/v1/batch", { batch })).status, 200);
    const items = await settled(3);
    assert.deepEqual(items.map(({ state }) => state).sort(), ["refused", "refused", "sent"]);
    assert.equal(mail.messages.length, 1);
  });

  test("of a rule need the word about surveys, and count together with every other question asked", async (t) => {
    const sending = { ...open, limits: ["survey", "research"].map((purpose) => ({ purpose, most: 1, days: 30, gap_days: 30 })) };
    const { mail, owner, shop, agrees, survey, settled } = await company(t, sending);
    const receiver = await webhookReceiver(t);
    const zalo = (await owner.post("/api/v1/webhook-targets", { name: "Zalo", url: receiver.url })).body;
    const rule = (kind, action) => owner.post("/api/v1/rules", { name: kind, on: true, when: { event: [{ field: "kind", is: [kind] }] }, then: [action] });
    for (const purpose of ["service", "research"]) {
      await owner.post("/api/v1/consent-wordings", { purpose, texts: { vi: "Tôi đồng ý." } });
      await agrees("KH-1", { purpose });
      const made = await rule(purpose, { do: "survey", survey: survey.id, purpose });
      assert.deepEqual([made.status, made.body.errors?.[0].pointer], [422, "/then/0/purpose"], made.text);
    }
    await agrees("KH-1");
    assert.equal((await rule("Call Ended", { do: "survey", survey: survey.id })).status, 201);
    assert.equal((await rule("Interview", { do: "webhook", target: zalo.id, purpose: "research" })).status, 201);
    await shop.post("/v1/track", { userId: "KH-1", event: "Call Ended" });
    await settled(1);
    assert.equal(mail.messages.length, 1);
    await shop.post("/v1/track", { userId: "KH-1", event: "Interview" });
    const refused = await until(async () => (await owner.get("/api/v1/sends?state=refused")).body.items[0], "the refusal");
    assert.deepEqual([refused.purpose, refused.reason, receiver.calls.length], ["research", "fatigue", 0]);
  });

  test("wait in quiet hours, and are not sent when consent is withdrawn meanwhile", async (t) => {
    const { mail, owner, agrees, invite, sends, settled } = await company(t, { ...free, quiet: true, quiet_from: "00:00", quiet_to: "23:59" });
    await agrees("KH-1");
    await agrees("KH-2");
    await invite(["KH-1", "KH-2"]);
    const waiting = await until(async () => {
      const items = await sends();
      return items.length === 2 && items.every(({ reason }) => reason === "quiet_hours") ? items : false;
    }, "waiting for the end of quiet hours");
    assert.ok(waiting.every(({ state, due_ms }) => state === "waiting" && due_ms > Date.now()));
    await agrees("KH-1", { state: "withdrawn", wording: 0 });
    const cancelled = waiting.find(({ person_name }) => person_name === "Trần Văn Đức");
    assert.equal((await owner.post(`/api/v1/sends/${cancelled.id}/cancel`)).status, 204);
    assert.equal(mail.messages.length, 0);
    await owner.put("/api/v1/sending", free);
    assert.deepEqual((await settled(2)).map(({ state, reason }) => `${state} ${reason}`).sort(), ["cancelled null", "refused withdrawn"]);
    assert.equal(mail.messages.length, 0);
  });

  test("are tried again under the same id when the mail server is away, and sent once", async (t) => {
    let refusing = true;
    const ids = [];
    const { mail, owner, agrees, invite, sends, settled } = await company(t, free, {
      data: (raw) => {
        ids.push(/^message-id: *(\S+)/im.exec(raw)[1]);
        return refusing ? "451 later" : undefined;
      },
    });
    await agrees("KH-1");
    await invite(["KH-1"]);
    const [waiting] = await until(async () => {
      const items = await sends();
      return items[0]?.reason === "unreachable" ? items : false;
    }, "the first try");
    assert.equal(waiting.state, "waiting");
    assert.ok(waiting.due_ms > waiting.created_ms);
    assert.equal(mail.messages.length, 0);
    refusing = false;
    assert.equal((await owner.post(`/api/v1/sends/${waiting.id}/retry`)).status, 204);
    assert.equal((await settled(1))[0].state, "sent");
    assert.equal(new Set(ids).size, 1);
    assert.equal(mail.messages.length, 1);
  });

  test("are sent once though the server is killed again and again", async (t) => {
    const { server, mail, owner, shop, survey } = await company(t, free);
    const count = 30;
    const batch = Array.from({ length: count }, (_, i) => ({ type: "identify", userId: `P-${i}`, traits: { email: `p${i}@vidu.vn` } }));
    await shop.post("/v1/batch", { batch });
    const items = batch.map(({ userId }) => ({ alias: `user:${userId}`, purpose: "survey", state: "given", wording: 1, how: "form", at_ms: Date.now() - 1000 }));
    assert.equal((await owner.post("/api/v1/consents", { items })).status, 201);
    await owner.post("/api/v1/rules", { name: "x", on: true, when: { event: [{ field: "kind", is: ["Visit"] }] }, then: [{ do: "survey", survey: survey.id }] });
    const visits = batch.map(({ userId }) => ({ type: "track", userId, event: "Visit" }));
    assert.equal((await shop.post("/v1/batch", { batch: visits })).status, 200);
    for (let round = 0; round < 4; round++) {
      const before = mail.messages.length;
      await until(() => mail.messages.length > before || mail.messages.length >= count, "a message");
      await server.kill();
      await server.start();
    }
    await until(async () => {
      const found = (await owner.get(`/api/v1/surveys/${survey.id}/invitations?limit=200`)).body.items;
      return found.length === count && found.every(({ state }) => state === "sent");
    }, "all sent", 60_000);
    const ids = mail.messages.map(({ headers }) => headers["message-id"]);
    assert.equal(new Set(mail.messages.flatMap(({ to }) => to)).size, count);
    assert.equal(new Set(ids).size, count, "a message that is sent again has the same id");
    assert.ok(ids.length <= count + 4 * 3, `${ids.length} messages`); // at most what was on its way at a kill
    const noted = async () => (await owner.post("/api/v1/ask", { ask: "count", where: [{ field: "kind", is: ["Survey Sent"] }] })).body.rows[0]?.events;
    await until(async () => (await noted()) >= count, "an event for each");
    assert.equal(await noted(), count);
  });

  test("by hand need the right, an open survey and people who are known", async (t) => {
    const { server, owner, survey } = await company(t);
    const viewer = await server.user("viewer");
    const to = `/api/v1/surveys/${survey.id}/invitations`;
    assert.equal((await viewer.post(to, { people: ["user:KH-1"] })).status, 403);
    assert.equal((await owner.post(to, { people: ["nobody@anywhere.vn"] })).status, 422);
    assert.equal((await owner.post(to, {})).status, 422);
    const filtered = await owner.post(to, { where: [{ field: "trait:language", is: ["en"] }] });
    assert.deepEqual([filtered.status, filtered.body.invited], [202, 1], filtered.text);
    await owner.post(`/api/v1/surveys/${survey.id}/state`, { state: "closed" });
    assert.equal((await owner.post(to, { people: ["user:KH-1"] })).status, 409);
    let limited = 0;
    await owner.post(`/api/v1/surveys/${survey.id}/state`, { state: "open" });
    for (let i = 0; i < 12 && !limited; i++) {
      limited = (await owner.post(to, { people: ["user:KH-1"] })).status === 429 ? 1 : 0;
    }
    assert.equal(limited, 1);
    const { items } = (await owner.get("/api/v1/audit")).body;
    assert.ok(items.some(({ action }) => action === "survey.invite"));
  });

  test("show who stays silent, who was not written to and why, and who chose only those who like us", async (t) => {
    const { server, owner, shop, survey, settled, mail } = await company(t, free);
    const count = 24;
    const batch = Array.from({ length: count }, (_, i) => [
      { type: "identify", userId: `P-${i}`, traits: { email: `p${i}@vidu.vn`, city: i % 2 ? "Huế" : "Hà Nội" } },
      { type: "track", userId: `P-${i}`, event: "Survey Answered", properties: { metric: "nps", score: i < 8 ? 10 : 3 } },
    ]).flat();
    await shop.post("/v1/batch", { batch });
    const users = Array.from({ length: count }, (_, i) => `user:P-${i}`);
    const items = users.slice(0, 20).map((alias) => ({ alias, purpose: "survey", state: "given", wording: 1, how: "form", at_ms: Date.now() - 1000 }));
    await owner.post("/api/v1/consents", { items });
    const done = await owner.post(`/api/v1/surveys/${survey.id}/invitations`, { people: users });
    assert.equal(done.status, 202, done.text);
    await settled(count);
    for (const { to, parts } of mail.messages) {
      const number = Number(/p(\d+)@/.exec(to[0])[1]);
      const token = /\/s\/([^?\s]+)/.exec(parts["text/plain"])[1];
      if (number % 2) {
        const answered = await new Respondent(server, token).send("POST", "", { key: `k${number}`, language: "vi", answers: { q1: number < 8 ? 10 : 3 }, finished: true });
        assert.ok(answered.status < 300, answered.text);
      }
    }
    const honest = (await owner.get(`/api/v1/surveys/${survey.id}/honesty`)).body;
    assert.deepEqual([honest.invited, honest.answered, honest.rate], [20, 10, 0.5]);
    assert.ok(honest.low < 0.5 && honest.high > 0.5);
    assert.deepEqual(honest.outcomes.map(({ state, reason, count: n }) => [state, reason, n]), [["refused", "no_consent", 4], ["sent", null, 20]]);
    const of = (field) => Object.fromEntries(honest.groups.filter((each) => each.field === field).map((each) => [each.value, each]));
    assert.deepEqual([of("city")["Huế"].rate, of("city")["Hà Nội"].rate, of("city")["Huế"].apart], [1, 0, true]);
    assert.deepEqual([of("earlier").high.invited, of("earlier").low.invited, of("earlier").high.apart], [8, 12, false]);
    assert.equal(of("channel").email.invited, 20);
    const [everybody, chosen] = honest.selective;
    assert.deepEqual([everybody.invited, everybody.answered, chosen.value, chosen.apart], [24, 8, owner.email, false]);
    const few = await publish(owner, document([nps("q1")]));
    await owner.post(`/api/v1/surveys/${few.id}/invitations`, { people: users.slice(0, 8) });
    const picked = (await owner.get(`/api/v1/surveys/${few.id}/honesty`)).body.selective[1];
    assert.deepEqual([picked.rate, picked.apart], [1, true]);
    assert.deepEqual(honest.staff, []);
    const viewer = await server.user("viewer");
    assert.equal((await viewer.get(`/api/v1/surveys/${survey.id}/honesty`)).status, 403);
  });

  test("count as invitations when they were sent, and everywhere the same", async (t) => {
    const { server, owner, mail, survey, agrees, invite, settled } = await company(t, free, { refuse: (address) => (address === "duc@vidu.vn" ? "550 no such user" : undefined) });
    for (const user of ["KH-1", "KH-2", "KH-3"]) {
      await agrees(user);
    }
    await invite(["KH-1", "KH-2", "KH-3"]);
    await settled(3);
    assert.equal(mail.messages.length, 1);
    const figures = async () => {
      const at = `/api/v1/surveys/${survey.id}`;
      const list = (await owner.get("/api/v1/surveys")).body.items.find(({ id }) => id === survey.id);
      const seen = [list, (await owner.get(at)).body, (await owner.get(`${at}/results`)).body].map(({ invited, answered_invited: answered }) => [invited, answered]);
      const honest = (await owner.get(`${at}/honesty`)).body;
      return [...seen, [honest.invited, honest.answered]];
    };
    const all = (...pair) => Array.from({ length: 4 }, () => pair);
    assert.deepEqual(await figures(), all(1, 0));
    const byHand = await link(owner, survey.id, { kind: "invitation", alias: "user:KH-3" });
    assert.deepEqual(await figures(), all(2, 0));
    assert.equal((await new Respondent(server, byHand.token).finish({ q1: 9 })).status, 201);
    assert.deepEqual(await figures(), all(2, 1));
    const token = /\/s\/([^?\s]+)/.exec(mail.messages[0].parts["text/plain"])[1];
    assert.equal((await new Respondent(server, token).finish({ q1: 3 })).status, 201);
    assert.deepEqual(await figures(), all(2, 2));
    const honest = (await owner.get(`/api/v1/surveys/${survey.id}/honesty`)).body;
    assert.deepEqual(honest.groups.filter(({ field }) => field === "channel").map(({ value, invited }) => [value, invited]), [[null, 1], ["email", 1]]);
  });

  test("leave nothing of a person who is erased", async (t) => {
    const { owner, agrees, invite, settled } = await company(t, free);
    await agrees("KH-1");
    await invite(["KH-1"]);
    await settled(1);
    assert.equal((await owner.delete("/api/v1/people/user:KH-1")).status, 200);
    assert.deepEqual((await owner.get("/api/v1/sends")).body.items, []);
  });
});
