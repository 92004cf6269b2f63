// What leaves the house goes only where it may: hostile addresses on every way an address is saved, redirects, endless answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { start } from "../help/server.mjs";
import { until, webhookReceiver } from "../help/receivers.mjs";

const hostile = [
  "https://127.0.0.1/", "https://127.1/", "https://[::1]/", "https://0.0.0.0/", "https://169.254.169.254/latest/meta-data/", "https://10.1.2.3/",
  "https://172.16.0.1/", "https://192.168.0.1/", "https://100.64.0.1/", "https://[::ffff:127.0.0.1]/", "https://2130706433/", "https://0x7f.1/",
  "https://017700000001/", "https://localhost/", "https://localhost./", "https://a.localhost/", "https://metadata.google.internal/", "https://metadata/",
  "https://[fe80::1]/", "https://[fc00::1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "http://8.8.8.8/", "file:///etc/passwd",
  "gopher://8.8.8.8/", "ftp://8.8.8.8/", "dict://8.8.8.8/", "unix:///tmp/x", "javascript:alert(1)", "//8.8.8.8/", "https://8.8.8.8:22/",
  "https://8.8.8.8:25/", "https://8.8.8.8:5432/", "https://8.8.8.8:6379/", "https://8.8.8.8:8123/", "https://8.8.8.8:9000/", "https://user:secret@8.8.8.8/",
  "https://8.8.8.8/\r\nX-A: b", "https:///x", "https://",
];

test("D01 D02 D05 no address that leads inside is saved, by any way in", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const { body: target } = await owner.post("/api/v1/webhook-targets", { name: "CRM", url: "https://8.8.8.8/hook" });
  for (const url of hostile) {
    for (const answer of [await owner.post("/api/v1/webhook-targets", { name: "x", url }), await owner.patch(`/api/v1/webhook-targets/${target.id}`, { url })]) {
      assert.equal(answer.status, 422, url);
      assert.equal(answer.body.errors[0].pointer.replace("#", ""), "/url", url);
      assert.doesNotMatch(answer.text, /curl|getaddrinfo|errno|src\//i, url);
    }
  }
  const { body } = await owner.get("/api/v1/webhook-targets");
  assert.deepEqual(body.items.map((each) => each.url), ["https://8.8.8.8/hook"]);
});

test("D03 D08 a receiver cannot send us elsewhere, and its words reach nobody", async (t) => {
  const server = await start(t, { env: { CHAM_OUTBOUND_ALLOW: "127.0.0.1" } });
  const owner = await server.owner();
  const canary = await webhookReceiver(t);
  for (const status of [301, 302, 303, 307, 308]) {
    const receiver = await webhookReceiver(t, (call, response) => {
      response.writeHead(status, { location: canary.url, "set-cookie": "a=b" }).end("secret words of the receiver");
    });
    const { body: target } = await owner.post("/api/v1/webhook-targets", { name: `R${status}`, url: receiver.url });
    const tried = await owner.post(`/api/v1/webhook-targets/${target.id}/test`);
    assert.deepEqual(tried.body, { class: 3 });
    assert.equal(receiver.calls.length, 1);
    assert.doesNotMatch(tried.text, /secret words/);
  }
  assert.equal(canary.calls.length, 0);
});

test("D09 an endless answer is cut while others are served", async (t) => {
  const server = await start(t, { env: { CHAM_OUTBOUND_ALLOW: "127.0.0.1" } });
  const owner = await server.owner();
  let ended = 0;
  const endless = await webhookReceiver(t, (call, response) => {
    response.writeHead(200);
    const more = () => response.destroyed || response.write(Buffer.alloc(64 << 10)) ? !response.destroyed && setImmediate(more) : response.once("drain", more);
    response.on("close", () => ended++);
    more();
  });
  const good = await webhookReceiver(t);
  const make = async (receiver, name) => (await owner.post("/api/v1/webhook-targets", { name, url: receiver.url })).body.id;
  const [bad, fine] = [await make(endless, "bad"), await make(good, "good")];
  const slow = owner.post(`/api/v1/webhook-targets/${bad}/test`);
  assert.deepEqual((await owner.post(`/api/v1/webhook-targets/${fine}/test`)).body, { class: 2 });
  assert.deepEqual((await slow).body, { class: 2 });
  await until(() => ended === 1, "the connection was closed");
});
