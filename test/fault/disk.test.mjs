// A disk that fills up under the running server: collecting is refused with 503 and a time to try again, everything else goes
// on, and when there is space again collecting goes on by itself. Needs root for a small disk.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { newFolder, request, start } from "../help/server.mjs";

const isRoot = process.getuid() === 0;

function mountDisk(size) {
  const folder = newFolder();
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "cham-test", folder]);
  return folder;
}

function unmountDisk(folder) {
  execFileSync("umount", ["-l", folder]);
  rmSync(folder, { recursive: true, force: true });
}

function fill(folder, leave) {
  const disk = statfsSync(folder);
  const free = disk.bavail * disk.bsize;
  writeFileSync(join(folder, "ballast"), Buffer.alloc(Math.max(0, free - leave)));
}

// Sends events until one is taken; their number, or 0 when none was within the time.
async function takenAgain(collect, within) {
  const until = Date.now() + within;
  for (let number = 1; Date.now() < until; number++) {
    if ((await collect(`again ${number}`)).status === 200) return number;
    await sleep(100);
  }
  return 0;
}

test(
  "a disk that fills up refuses events, answers questions, and takes events again when there is space",
  { skip: !isRoot && "only root can mount a small disk" },
  async (t) => {
    const disk = mountDisk("64m");
    const server = await start(t, { data: join(disk, "data"), args: ["--reserve-mb", "8"] });
    t.after(() => unmountDisk(disk)); // when the server has stopped
    const owner = await server.owner();
    const secret = await server.key(owner);
    const keyed = server.anybody({ authorization: `Basic ${Buffer.from(`${secret}:`).toString("base64")}` });
    const collect = (name) =>
      keyed.post("/v1/track", {
        type: "track",
        messageId: name,
        userId: "U1",
        event: "Collected",
        properties: { name },
      });
    const count = async () => {
      const question = { ask: "count", of: "events", from: "2020-01-01", to: "2100-01-01" };
      const { status, body } = await owner.post("/api/v1/ask", question);
      assert.equal(status, 200);
      return body.rows[0]?.events ?? 0;
    };

    assert.equal((await collect("before")).status, 200);
    fill(disk, 4 << 20);
    for (let i = 0; i < 5; i++) {
      const refused = await collect(`refused ${i}`);
      assert.equal(refused.status, 503, refused.text);
      assert.ok(Number(refused.headers["retry-after"]) > 0);
    }
    assert.equal((await request(`${server.url}/readyz`)).status, 503);
    assert.equal((await request(`${server.url}/livez`)).status, 200);
    assert.equal((await owner.get("/api/v1/session")).body.installation.readonly, true);
    assert.equal(await count(), 1);

    rmSync(join(disk, "ballast"));
    assert.ok((await takenAgain(collect, 10_000)) > 0, "nothing was taken after there was space again");
    assert.equal((await request(`${server.url}/readyz`)).status, 200);
    assert.equal((await owner.get("/api/v1/session")).body.installation.readonly, false);
    assert.equal(await count(), 2);
  },
);
