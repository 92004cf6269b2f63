// Through Debian's HAProxy with our deploy/haproxy.cfg, in front of two processes: who is not ready gets nothing, and what a client
// claims about itself counts for nothing.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import https from "node:https";
import path from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, newFolder, request, root, shared } from "../help/server.mjs";
import { head, raw } from "../help/raw.mjs";

const haproxy = ["/usr/sbin/haproxy", "/usr/local/sbin/haproxy"].find((file) => spawnSync(file, ["-v"]).status === 0);

function certificate(folder) {
  const [key, chain, both] = ["key.pem", "chain.pem", "cham.pem"].map((name) => path.join(folder, name));
  const subject = ["-subj", "/CN=127.0.0.1", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", ...subject, "-keyout", key, "-out", chain], { stdio: "ignore" });
  writeFileSync(both, readFileSync(chain, "utf8") + readFileSync(key, "utf8"));
  return both;
}

suite("behind HAProxy", { skip: !haproxy && "haproxy is not installed" }, () => {
  const args = ["--trusted-proxies", "127.0.0.1"];
  const servers = [shared({ args }), shared({ args })];
  const folder = newFolder();
  let plain, secure, process;

  // Over TLS, as browsers come; each request on a connection of its own.
  const get = (target, headers = {}) =>
    new Promise((done, fail) => {
      const sent = https.get(`https://127.0.0.1:${secure}${target}`, { headers, agent: false, rejectUnauthorized: false }, (answer) => {
        let text = "";
        answer.on("data", (part) => (text += part)).on("end", () => done({ status: answer.statusCode, headers: answer.headers, text }));
      });
      sent.on("error", fail);
    });

  const until = async (what, condition) => {
    for (const end = Date.now() + 20000; Date.now() < end; await sleep(25)) {
      if (await condition().catch(() => false)) {
        return;
      }
    }
    assert.fail(`still waiting for ${what}`);
  };

  before(async () => {
    [plain, secure] = [await freePort(), await freePort()];
    const [a, b] = servers.map((server) => `127.0.0.1:${server.port}`);
    const text = readFileSync(path.join(root, "deploy/haproxy.cfg"), "utf8")
      .replace("bind :80", `bind 127.0.0.1:${plain}`)
      .replace("bind :443", `bind 127.0.0.1:${secure}`)
      .replace("/etc/haproxy/cham.pem", certificate(folder))
      .replaceAll("127.0.0.1:8081", a)
      .replaceAll("127.0.0.1:8082", b)
      .replaceAll("inter 1s", "inter 100ms");
    const file = path.join(folder, "haproxy.cfg");
    writeFileSync(file, text);
    process = spawn(haproxy, ["-db", "-f", file], { stdio: "ignore" });
    await until("HAProxy", async () => (await get("/livez")).status === 200);
  });
  after(async () => {
    const ended = new Promise((done) => process.once("close", done));
    process.kill("SIGTERM");
    await ended;
  });

  test("plain requests are sent to TLS, and the pages come", async () => {
    const sent = await request(`http://127.0.0.1:${plain}/login?x=1`, { agent: false });
    assert.equal(sent.status, 301);
    assert.match(sent.headers.location, /^https:\/\/.*\/login\?x=1$/);
    assert.equal((await get("/")).status, 200);
  });

  test("operating figures stay inside", async () => {
    assert.equal((await get("/metrics")).status, 403);
  });

  for (const [name, bytes] of Object.entries({
    "two lengths": head("POST /api/v1/session HTTP/1.1", "Content-Length: 5", "Content-Length: 6") + "hello",
    "a NUL in a value": head("GET /livez HTTP/1.1", "A: b\0c"),
    "a blank before the colon": head("POST /api/v1/session HTTP/1.1", "Content-Length : 5") + "hello",
  })) {
    test(`${name}: refused before any server sees it`, async () => {
      const { statuses } = await raw(plain, bytes, { wait: 1500 });
      assert.equal(statuses[0], 400);
    });
  }

  test("a process that has gone gets no requests, and gets them again when it is back", async () => {
    const [first] = servers;
    await first.stop();
    await until("the other one alone", async () => (await get("/readyz")).status === 200 && (await get("/readyz")).status === 200);
    const answers = await Promise.all(Array.from({ length: 30 }, () => get("/livez")));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    await first.start();
    assert.equal((await get("/readyz")).status, 200);
  });
});
