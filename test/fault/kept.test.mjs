// Killed at any moment while it writes down what is costly to derive, the next start finds the old file, the new one or
// none, and answers the same.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { newFolder, program, Server } from "../help/server.mjs";

const ROUNDS = 12;

test("a rebuild killed at any moment leaves a folder that answers the same", async (t) => {
  const data = newFolder();
  t.after(() => rmSync(data, { recursive: true, force: true }));
  const server = new Server({ data });
  await server.command_line("demo", "--people", "2000", "--months", "6");
  const question = path.join(data, "question.json");
  writeFileSync(question, '{"ask":"score","metric":"nps","by":["channel"],"every":"month"}');
  const answer = async () => JSON.parse((await server.command_line("ask", question)).stdout).rows;
  const rows = await answer();
  assert.ok(rows.length > 3);

  const begun = Date.now();
  assert.match((await server.command_line("rebuild")).stdout, /giống hệt|the same as before/);
  const took = Date.now() - begun;
  for (let round = 0; round < ROUNDS; round++) {
    const child = spawn(program, ["rebuild", "--data", data], { stdio: "ignore" });
    const ended = new Promise((done) => child.once("close", done));
    await sleep((took * (round + 0.5)) / ROUNDS);
    child.kill("SIGKILL");
    await ended;
    assert.deepEqual(await answer(), rows, `killed in round ${round}`);
  }
});
