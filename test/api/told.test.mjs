// You said, we did: exactly the people whose feedback lies behind a proposal are told, once, and only those who agreed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mailServer, until } from "../help/receivers.mjs";
import { start } from "../help/server.mjs";

const people = [
  ["KH-1", "Hoàng Thị Lan", "lan@vidu.vn"],
  ["KH-2", "Trần Văn Đức", "duc@vidu.vn"],
  ["KH-3", "Lê Minh", "minh@vidu.vn"],
  ["KH-4", "Phạm Hà", "ha@vidu.vn"],
];

test("people behind a proposal are told once, through the gate", async (t) => {
  const mail = await mailServer(t);
  const server = await start(t, { env: { CHAM_OUTBOUND_ALLOW: "127.0.0.1", CHAM_SMTP: mail.url, CHAM_MAIL_FROM: "CSKH <cskh@vidu.vn>" } });
  const owner = await server.owner();
  const shop = server.anybody({ authorization: `Basic ${Buffer.from(`${await server.key(owner)}:`).toString("base64")}` });
  const batch = people.flatMap(([userId, name, email], i) => [
    { type: "identify", userId, traits: { name, email } },
    // Lan speaks twice, Hà of something else.
    ...Array.from({ length: i === 0 ? 2 : 1 }, () => ({ type: "track", userId, event: "Feedback Given", properties: { text: i === 3 ? "Áo đẹp" : "Giao hàng trễ ba ngày" } })),
  ]);
  assert.equal((await shop.post("/v1/batch", { batch })).status, 200);
  await owner.post("/api/v1/consent-wordings", { purpose: "service", texts: { vi: "Tôi đồng ý." } });
  for (const user of ["KH-1", "KH-2", "KH-4"]) {
    await owner.post(`/api/v1/people/user:${user}/consents`, { purpose: "service", state: "given", wording: 1, how: "form" });
  }
  await owner.put("/api/v1/sending", { quiet: false, quiet_from: "21:00", quiet_to: "08:00", sundays: false, limits: [] });

  const { body: pain } = await owner.post("/api/v1/pains", { name: "Giao trễ", matches: { q: "trễ" } });
  const proposal = { title: "Kho Đà Nẵng", decision: "Duyệt", state: "approved", pains: [pain.id] };
  const { body: made } = await owner.post("/api/v1/proposals", proposal);
  const told = { subject: "Bạn đã nói, chúng tôi đã làm", text: "Từ hôm nay đơn miền Trung đi từ kho Đà Nẵng.\n<b>Cảm ơn</b> bạn." };
  assert.equal((await owner.post(`/api/v1/proposals/${made.id}/tell`, told)).status, 409);
  await owner.put(`/api/v1/proposals/${made.id}`, { ...proposal, state: "done" });

  assert.deepEqual((await owner.get(`/api/v1/proposals/${made.id}/people`)).body, { feedback: 4, people: 3, agreed: 2 });
  assert.deepEqual((await owner.post(`/api/v1/proposals/${made.id}/tell`, told)).body, { queued: 3 });
  assert.equal((await owner.post(`/api/v1/proposals/${made.id}/tell`, told)).status, 409);
  const sends = await until(async () => {
    const { items } = (await owner.get("/api/v1/sends")).body;
    return items.length === 3 && items.every(({ state }) => state === "sent" || state === "refused") && items;
  }, "three sends with an end");
  assert.deepEqual(sends.map(({ state, reason }) => [state, reason ?? ""]).sort(), [["refused", "no_consent"], ["sent", ""], ["sent", ""]]);
  assert.deepEqual(mail.messages.map((each) => each.to[0]).sort(), ["duc@vidu.vn", "lan@vidu.vn"]);
  for (const { headers, parts } of mail.messages) {
    assert.equal(headers.subject, told.subject);
    assert.match(parts["text/plain"], /Từ hôm nay đơn miền Trung/);
    assert.match(parts["text/plain"], /http:\/\/127\.0\.0\.1:\d+\/o\//);
    assert.match(headers["list-unsubscribe"], /^<http.*\/o\//);
  }
  assert.ok((await owner.get(`/api/v1/proposals/${made.id}`)).body.told_ms > 0);
});
