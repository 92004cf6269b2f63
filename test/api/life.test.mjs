// From start to stop: ready, alone on its folder, and gone within seconds.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { newFolder, root, Server, start } from "../help/server.mjs";

test("a server that started is alive, ready and says its version", async (t) => {
  const server = await start(t);
  const anybody = server.anybody();
  assert.equal((await anybody.get("/livez")).status, 200);
  assert.equal((await anybody.get("/readyz")).status, 200);
  const version = await anybody.get("/version");
  const meson = readFileSync(path.join(root, "meson.build"), "utf8");
  assert.equal(version.body.version, /version: '([^']+)'/.exec(meson)[1]);
});

test("a second server on the same folder ends at once and disturbs nothing", async (t) => {
  const server = await start(t);
  const second = new Server({ data: server.data });
  await assert.rejects(second.start(), /did not get ready/);
  assert.notEqual(second.process.exitCode, 0);
  assert.equal((await server.anybody().get("/readyz")).status, 200);
});

test("who signed in is still signed in after a restart", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  await server.restart();
  const session = await owner.get("/api/v1/session");
  assert.equal(session.body.user.email, owner.email);
  assert.ok(session.body.rights.includes("users.manage"));
});

test("a terminal adds a user while no server runs", async (t) => {
  const server = new Server();
  t.after(() => server.remove());
  const { stdout } = await server.command_line("user", "add", "chu@example.vn");
  assert.match(stdout, /^http.*\/welcome#\S{20,}\n$/);
});

test("a folder that cannot be used is named, and the exit code says so", async () => {
  const server = new Server({ data: path.join(newFolder(), "none", "below") });
  await assert.rejects(server.start(), (error) => {
    assert.match(error.message, /none/);
    return true;
  });
  assert.notEqual(server.process.exitCode, 0);
});
