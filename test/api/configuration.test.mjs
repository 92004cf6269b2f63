// The configuration: DIR/cham.conf, then CHAM_… in the environment, then the command line; what is configured wins over
// what was set in the browser, and a mistake stops the start with its name.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { Server, newFolder, start } from "../help/server.mjs";

const installation = async (server) => (await server.anybody().get("/api/v1/session")).body.installation;

function folderWith(text) {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "cham.conf"), text);
  return folder;
}

describe("the configuration", () => {
  test("comes from the file, the environment and the command line, in rising precedence", async (t) => {
    const data = folderWith("# where we are\nzone = Europe/Berlin\nlanguage = en\ndedupe_days = 7\n");
    const server = await start(t, { data, env: { CHAM_ZONE: "Asia/Tokyo" } });
    assert.deepEqual([(await installation(server)).zone, (await installation(server)).language], ["Asia/Tokyo", "en"]);
    await server.stop();
    server.args = ["--zone", "Asia/Bangkok"];
    await server.start();
    assert.equal((await installation(server)).zone, "Asia/Bangkok");
  });

  test("wins over what was set in the browser, which counts again without it", async (t) => {
    const server = await start(t, { args: ["--zone", "Asia/Bangkok"] });
    const owner = await server.owner();
    assert.equal((await owner.patch("/api/v1/settings", { zone: "Asia/Tokyo" })).body.zone, "Asia/Bangkok");
    await server.stop();
    server.args = [];
    await server.start();
    assert.equal((await installation(server)).zone, "Asia/Tokyo");
  });

  test("bounds what may be uploaded", async (t) => {
    const server = await start(t, { args: ["--upload-mb", "1"] });
    const owner = await server.owner();
    assert.equal((await owner.post("/api/v1/files?name=a.csv", Buffer.alloc(900_000, "a"))).status, 201);
    assert.equal((await owner.post("/api/v1/files?name=b.csv", Buffer.alloc(1_200_000, "a"))).status, 413);
  });

  const mistakes = [
    { what: "an unknown name in the file", file: "lisen = 1\n", says: /lisen/ },
    { what: "a line that is none", file: "listen\n", says: /1/ },
    { what: "an unknown name in the environment", env: { CHAM_LISEN: "x" }, says: /lisen/ },
    { what: "a zone that does not exist", args: ["--zone", "Mars/Base"], says: /Mars\/Base/ },
    { what: "a number out of range", args: ["--dedupe-days", "0"], says: /dedupe_days/ },
  ];
  for (const { what, file, env, args, says } of mistakes) {
    test(`${what} stops the start`, async () => {
      const server = new Server({ data: folderWith(file ?? ""), env, args });
      await assert.rejects(server.start(), says);
      server.ownsData = true;
      await server.remove();
    });
  }
});
