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
  look,
  newFolder,
  powercut,
  runUntilDead,
  violations,
} from "./world.mjs";

const RUNS = Number(process.env.FAULT_RUNS ?? 200);
const SEED = Number(process.env.FAULT_SEED ?? 1);
const ROUNDS_A_FOLDER = 5; // faults one after the other in the same folder

before(buildPrograms);

// Runs faults until `runs` are done or something is wrong; the total of acknowledged events and what was wrong.
async function suffer(name, runs, fault) {
  let total = 0;
  let cuts = 0;
  for (let run = 0; run < runs;) {
    const folder = newFolder(name);
    const promised = [];
    for (let round = 1; round <= ROUNDS_A_FOLDER && run < runs; round++, run++) {
      const { acks, cut = false, wrong = [] } = await fault(folder.data, round, SEED * 100000 + run);
      cuts += cut;
      for (const event of acknowledged(round, acks)) promised.push(event);
      let seen;
      try {
        seen = look(folder.data);
      } catch (error) {
        wrong.push(`it does not open again: ${error.stderr}`);
      }
      if (seen) wrong.push(...violations(seen, promised));
      if (wrong.length > 0) {
        folder.remove();
        return { total, run, wrong: [`run ${run}, round ${round}, seed ${SEED}`, ...wrong.slice(0, 5)] };
      }
    }
    total += promised.length;
    folder.remove();
  }
  return { total, cuts, run: runs, wrong: [] };
}

async function kill(data, round, seed) {
  const roll = dice(seed);
  const end = await runUntilDead(appender, ["append", data, String(round)], { killAfter: 15 + roll(100) });
  return { acks: end.acks, wrong: end.signal === "SIGKILL" ? [] : [`ended with ${end.code}: ${end.errors}`] };
}

function cutPower(more, args = []) {
  return async (data, round, seed) => {
    const roll = dice(seed);
    const env = {
      LD_PRELOAD: powercut,
      PC_DIR: data,
      PC_SEED: String(seed),
      PC_AT: String(anySize(roll, 15000)),
      ...more(roll),
    };
    const end = await runUntilDead(appender, ["append", data, String(round), ...args], { env });
    // A disk error while opening ends the program with a message; everything else goes on until the power fails.
    const refused = end.code === 1 && /unavailable error.readonly/.test(end.errors) && env.PC_EIO;
    const expected = end.code === EXIT_CUT || end.late || refused; // a busy machine may not get that far in time
    return {
      acks: end.acks,
      cut: end.code === EXIT_CUT,
      wrong: expected ? [] : [`ended with ${end.code ?? end.signal}: ${end.errors.slice(-500)}`],
    };
  };
}

test(`${RUNS} times kill -9: every acknowledged event is there exactly once`, async (t) => {
  const { total, wrong } = await suffer("kill", RUNS, kill);
  assert.deepEqual(wrong, []);
  assert.ok(total > RUNS * 10, `only ${total} events were acknowledged`);
  t.diagnostic(`${total} acknowledged events`);
});

test(`${RUNS} power cuts: every acknowledged event is there exactly once`, async (t) => {
  const { total, cuts, wrong } = await suffer(
    "power",
    RUNS,
    cutPower(() => ({})),
  );
  assert.deepEqual(wrong, []);
  assert.ok(cuts > RUNS * 0.8, `the power failed only ${cuts} times`);
  assert.ok(total > RUNS * 10, `only ${total} events were acknowledged`);
  t.diagnostic(`${total} acknowledged events`);
});

test("a failed fsync before the power cut loses nothing acknowledged", async (t) => {
  const { total, wrong } = await suffer(
    "eio",
    RUNS / 2,
    cutPower((roll) => ({ PC_EIO: String(anySize(roll, 200)) })),
  );
  assert.deepEqual(wrong, []);
  t.diagnostic(`${total} acknowledged events`);
});

test("a power cut at each of the first 100 operations of a new folder leaves one that opens", async () => {
  for (let at = 1; at <= 100; at++) {
    const folder = newFolder("first");
    const env = { LD_PRELOAD: powercut, PC_DIR: folder.data, PC_SEED: String(at), PC_AT: String(at) };
    const end = await runUntilDead(appender, ["append", folder.data, "1"], { env });
    assert.equal(end.code, EXIT_CUT, end.errors);
    assert.deepEqual(violations(look(folder.data), [...acknowledged(1, end.acks)]), [], `cut at ${at}`);
    folder.remove();
  }
});

test("without fsync the same test finds lost events", async (t) => {
  const { run, wrong } = await suffer(
    "nosync",
    RUNS,
    cutPower(() => ({}), ["nosync"]),
  );
  assert.notDeepEqual(wrong, []);
  t.diagnostic(`found in run ${run}: ${wrong[1]}`);
});
