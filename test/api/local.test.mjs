// The socket of the command line: only for the server's own account, which acts as owner.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, statSync, writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { program, start } from "../help/server.mjs";

const ask = (socketPath, method, target, body) =>
  new Promise((done, fail) => {
    const headers = body ? { "content-type": "application/json" } : {};
    const sent = http.request({ socketPath, method, path: target, headers, agent: false }, (answer) => {
      let text = "";
      answer.on("data", (part) => (text += part));
      answer.on("end", () => done({ status: answer.statusCode, body: text ? JSON.parse(text) : undefined }));
    });
    sent.on("error", fail);
    sent.end(body && JSON.stringify(body));
  });

test("the socket is closed to other accounts, acts as owner, is audited, and goes with the server", async (t) => {
  const server = await start(t);
  const socket = path.join(server.data, "cham.sock");
  assert.equal(statSync(socket).mode & 0o777, 0o600);
  assert.equal(statSync(server.data).mode & 0o077, 0, "the data folder is open to others");

  const made = await ask(socket, "POST", "/api/v1/keys", { name: "từ dòng lệnh", kind: "write", trust: "server" });
  assert.equal(made.status, 201);
  const session = await ask(socket, "GET", "/api/v1/session");
  assert.equal(session.body.user, null);
  assert.ok(session.body.rights.includes("users.manage"));
  const [entry] = (await ask(socket, "GET", "/api/v1/audit?limit=1")).body.items;
  assert.deepEqual([entry.who, entry.action, entry.object, entry.address], ["local", "key.create", "từ dòng lệnh", "local"]);
  assert.equal((await ask(socket, "PATCH", "/api/v1/me", { name: "x" })).status, 403);

  await server.stop();
  assert.equal(existsSync(socket), false);
  await server.start();
  assert.equal((await ask(socket, "GET", "/api/v1/session")).status, 200);
});

test("what a killed server leaves of its socket does not keep the next from starting", async (t) => {
  const server = await start(t);
  await server.kill();
  assert.ok(existsSync(path.join(server.data, "cham.sock")));
  await server.start();
  assert.equal((await ask(path.join(server.data, "cham.sock"), "GET", "/api/v1/session")).status, 200);
});

test("who may not upload is refused before the file is sent", async (t) => {
  const server = await start(t);
  const upload = (headers) =>
    new Promise((done) => {
      const sent = http.request(`${server.url}/api/v1/files?name=a.csv`, {
        method: "POST",
        headers: { "content-length": 900 << 20, origin: server.url, ...headers },
        agent: false,
      }, (answer) => {
        done(answer.statusCode);
        answer.destroy();
        sent.destroy();
      });
      sent.on("error", () => {});
      sent.flushHeaders();
    });
  assert.equal(await upload({}), 401);
  const viewer = await server.user("viewer");
  assert.equal(await upload(viewer.headers), 403);
});

test("the command line helps behind a command, says a mistake once, and takes no mistyped folder for a new one", async (t) => {
  const server = await start(t);
  const run = (...words) => promisify(execFile)(program, words);
  for (const words of [["ask", "--help"], ["serve", "-h"], ["--help"]]) {
    assert.match((await run(...words)).stdout, /cham serve/);
  }
  for (const word of ["version", "--version", "-V"]) {
    assert.match((await run(word)).stdout, /^cham \d+\.\d+\S*\n$/);
  }

  const question = path.join(server.data, "question.json");
  writeFileSync(question, '{"ask":"score","metric":"nps","bye":["channel"]}');
  const wrong = await server.command_line("ask", question).catch((error) => error);
  const told = wrong.stderr.trim().split("\n");
  assert.equal(told.length, 2);
  assert.match(told[0], /bye/);
  assert.equal(told[1], "  /bye");

  const nowhere = path.join(server.data, "nowhere");
  for (const words of [["ask", question], ["erase", "user:U1"], ["backup", "--to", path.join(server.data, "copy")]]) {
    const refused = await run(...words, "--data", nowhere).catch((error) => error);
    assert.equal(refused.code, 1);
    assert.ok(refused.stderr.includes(nowhere), refused.stderr);
    assert.equal(existsSync(nowhere), false);
  }
});

test("an import that fails says why on the command line", async (t) => {
  const server = await start(t);
  const file = path.join(server.data, "cut.csv.gz");
  const map = path.join(server.data, "map.json");
  const whole = gzipSync(Array.from({ length: 20_000 }, (_, i) => `U${i},${(i * 7919) % 10_007}`).join("\n"));
  writeFileSync(file, whole.subarray(0, whole.length / 2));
  writeFileSync(map, '{"user":"U0","at":{"value":"2026-01-01"},"kind":{"value":"K"}}');
  const failed = await server.command_line("import", file, "--map", map).catch((error) => error);
  assert.equal(failed.code, 1);
  assert.match(failed.stdout, /failed/);
  const [{ failure }] = (await ask(path.join(server.data, "cham.sock"), "GET", "/api/v1/imports")).body.items;
  assert.ok(failure);
  assert.match(failed.stderr, /^cham: \S.+\n$/);
});
