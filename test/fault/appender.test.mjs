// The log and the records without HTTP: eight threads append single events and batches of 100 while the process is killed,
// the power fails, or the disk reports errors. After each restart every acknowledged event is there exactly once.
import assert from "node:assert/strict";
import { before, test } from "node:test";

import {
  acknowledged,
  anySize,
  appender,
  buildPrograms,
  dice,
  EXIT_CUT,
  newFolder,
  powercut,
  RUNS,
  runUntilDead,
  suffer,
  violations,
} from "./world.mjs";

const ROUNDS = 5; // faults one after the other in the same folder

before(buildPrograms);

const afflict = (name, fault, runs = RUNS) => suffer({ name, fault, check: violations }, runs, ROUNDS);

async function kill(data, round, seed) {
  const end = await runUntilDead(appender, ["append", data, String(round)], { killAfter: 15 + dice(seed)(100) });
  const wrong = end.signal === "SIGKILL" ? [] : [`ended with ${end.code}: ${end.errors}`];
  return { acknowledged: [...acknowledged(round, end.acks)], cut: false, wrong };
}

const cutPower =
  (more = () => ({}), args = []) =>
  async (data, round, seed) => {
    const roll = dice(seed);
    const env = { LD_PRELOAD: powercut, PC_DIR: data, PC_SEED: String(seed), PC_AT: String(anySize(roll, 15000)) };
    const end = await runUntilDead(appender, ["append", data, String(round), ...args], {
      env: { ...env, ...more(roll) },
    });
    // A disk error while opening ends the program with a message; a busy machine may not get to the cut in time.
    const refused = end.code === 1 && /unavailable error.readonly/.test(end.errors);
    const cut = end.code === EXIT_CUT;
    const wrong = cut || end.late || refused ? [] : [`ended with ${end.code ?? end.signal}: ${end.errors.slice(-500)}`];
    return { acknowledged: [...acknowledged(round, end.acks)], cut, wrong };
  };

test(`${RUNS} times kill -9: every acknowledged event is there exactly once`, async (t) => {
  const { total, wrong } = await afflict("kill", kill);
  assert.deepEqual(wrong, []);
  assert.ok(total > RUNS * 10, `only ${total} events were acknowledged`);
  t.diagnostic(`${total} acknowledged events`);
});

test(`${RUNS} power cuts: every acknowledged event is there exactly once`, async (t) => {
  const { total, cuts, wrong } = await afflict("power", cutPower());
  assert.deepEqual(wrong, []);
  assert.ok(cuts > RUNS * 0.8, `the power failed only ${cuts} times`);
  assert.ok(total > RUNS * 10, `only ${total} events were acknowledged`);
  t.diagnostic(`${total} acknowledged events`);
});

test("a failed fsync before the power cut loses nothing acknowledged", async (t) => {
  const failing = cutPower((roll) => ({ PC_EIO: String(anySize(roll, 200)) }));
  const { total, wrong } = await afflict("eio", failing, RUNS / 2);
  assert.deepEqual(wrong, []);
  t.diagnostic(`${total} acknowledged events`);
});

test("a power cut at each of the first 100 operations of a new folder leaves one that opens", async () => {
  for (let at = 1; at <= 100; at++) {
    const folder = newFolder("first");
    const env = { LD_PRELOAD: powercut, PC_DIR: folder.data, PC_SEED: String(at), PC_AT: String(at) };
    const end = await runUntilDead(appender, ["append", folder.data, "1"], { env });
    assert.equal(end.code, EXIT_CUT, end.errors);
    assert.deepEqual(await violations(folder.data, [...acknowledged(1, end.acks)]), [], `cut at ${at}`);
    folder.remove();
  }
});

test("without fsync the same test finds lost events", async (t) => {
  const { wrong } = await afflict("nosync", cutPower(undefined, ["nosync"]));
  assert.notDeepEqual(wrong, []);
  t.diagnostic(wrong.slice(0, 2).join(": "));
});
