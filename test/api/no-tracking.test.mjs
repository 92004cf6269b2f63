// There is no open-pixel and no counted link: a mail is not told apart from its reader, and nothing here sends anybody elsewhere.
import assert from "node:assert/strict";
import http from "node:http";
import { before, suite, test } from "node:test";
import { request, shared } from "../help/server.mjs";

const elsewhere = "https://evil.example/x";

suite("no pixel, no redirect", () => {
  const server = shared();
  let owner, description;

  before(async () => {
    owner = await server.owner();
    description = (await owner.get("/openapi.json")).body;
  });

  // The beginning of an answer: streams never end.
  const begin = (target, headers = {}, method = "GET") =>
    new Promise((done, fail) => {
      const sent = http.request(server.url + target, { method, headers, agent: false }, (answer) => {
        done({ status: answer.statusCode, headers: answer.headers });
        answer.destroy();
      });
      sent.on("error", fail);
      sent.end();
    });
  const stored = async () => Number((await owner.get("/metrics")).text.match(/^cham_events_stored_total (\d+)$/m)[1]);

  test("E08 no address of a pixel exists: nothing is shown, recorded or kept in a cookie", async () => {
    const was = await stored();
    for (const target of ["/pixel.gif", "/p.gif", "/t.gif", "/open.gif", "/api/v1/pixel", "/api/v1/open/1.gif", "/v1/pixel.gif", "/v1/pixel/track"]) {
      for (const query of ["", "?id=1", "?writeKey=forged&userId=KH-1&data=e30="]) {
        const { status, headers, text } = await request(server.url + target + query);
        assert.ok([404, 405].includes(status), `${target}${query}: ${status}`);
        assert.doesNotMatch(headers["content-type"] ?? "", /^image/);
        assert.equal(headers["set-cookie"], undefined);
        assert.doesNotMatch(text, /^GIF8/);
      }
    }
    assert.equal(await stored(), was);
    const takers = Object.entries(description.paths).filter(([path, way]) => way.get && /pixel|\.gif/.test(path));
    assert.deepEqual(takers, []);
  });

  test("E09 no route sends anybody elsewhere, whatever its parameters say", async () => {
    const query = ["url", "next", "redirect", "redirect_uri", "return", "return_to", "continue", "to", "u", "target"]
      .map((name) => `${name}=${encodeURIComponent(elsewhere)}`)
      .join("&");
    const targets = Object.entries(description.paths)
      .filter(([, way]) => way.get)
      .map(([path]) => path.replace(/\{[^}]+\}/g, encodeURIComponent(elsewhere)));
    assert.ok(targets.length > 50);
    for (const target of [...targets, "/", "/c/x", "/r/x", "/l/x", "/click", "/redirect", "//evil.example", "/%2f%2fevil.example", "/\\evil.example"]) {
      for (const headers of [{}, owner.headers]) {
        const { status, headers: answered } = await begin(`${target}?${query}`, headers);
        const location = new URL(answered.location ?? "/", server.url);
        assert.equal(location.host, new URL(server.url).host, `${target}: ${status} ${answered.location}`);
        assert.equal(answered.refresh, undefined);
      }
    }
    for (const target of ["/c/x", "/r/x", "/click", "/redirect"]) {
      const { status } = await begin(`${target}?${query}`);
      assert.ok(status === 404 || status === 405, `${target}: ${status}`);
    }
  });
});
