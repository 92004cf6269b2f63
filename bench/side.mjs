// Side by side: the six questions, the same draws for everybody, answers compared before times count.
import { median, processorSeconds, say } from "./common.mjs";
import { drawsOf } from "./draws.mjs";
import { WEEK, MONDAY } from "./history.mjs";

const PILOT = 3; // draws that decide which way of asking a database keeps

const ordered = (rows) => rows.map((row) => row.join(",")).sort();

// The first difference between two answers in the common form, or nothing.
function difference(ours, theirs) {
  const [a, b] = [new Set(ordered(ours)), new Set(ordered(theirs))];
  const only = (one, other) => [...one].filter((row) => !other.has(row));
  const [here, there] = [only(a, b), only(b, a)];
  return here.length + there.length ? `${a.size} and ${b.size} rows; only the first has ${here.slice(0, 3).join(" | ")}; only the second ${there.slice(0, 3).join(" | ")}` : null;
}

// Weeks that are not over yet are unknown to us and a number to a database.
export const known = (question, rows, asked_ms) => (question === "retention" ? rows.filter(([week, k]) => k < 0 || MONDAY + (week + k + 1) * WEEK <= asked_ms) : rows);

export function chamSide(server, asker, name = "cham") {
  return {
    name,
    ways: () => ["http"],
    async ask(question, _way, draw) {
      const used = processorSeconds(server.pid);
      const begun = performance.now();
      const answer = await server.ask(asker.question(question, draw));
      const seconds = (performance.now() - begun) / 1000;
      return { rows: asker.rows(question, draw, answer), seconds, processor_s: processorSeconds(server.pid) - used, as_of: answer.as_of };
    },
  };
}

// The way of asking that takes least over the first draws.
async function fastestWay(side, question, draws) {
  const ways = await side.ways(question);
  let best = { seconds: Infinity };
  for (const way of ways) {
    let total = 0;
    await side.ask(question, way, draws[0]);
    for (const draw of draws.slice(1, 1 + (ways.length > 1 ? PILOT : 0))) {
      total += (await side.ask(question, way, draw)).seconds;
    }
    if (process.env.BENCH_WAYS) {
      say(`  ${question} ${side.name} ${way}: ${(total / PILOT).toFixed(3)} s`);
    }
    if (total < best.seconds) {
      best = { way, seconds: total };
    }
  }
  return best.way;
}

// Medians of every side for one question; `differences` gathers what was not equal.
export async function askAll(sides, question, history, { seed, draws: count, differences }) {
  const draws = drawsOf(question, history, seed, count);
  const taken = {};
  for (const side of sides) {
    taken[side.name] = { way: await fastestWay(side, question, draws), seconds: [], processor: [], rows: 0 };
  }
  for (const [number, draw] of draws.entries()) {
    if (number === 0) {
      continue;
    }
    const answers = [];
    for (const side of sides) {
      const answer = await side.ask(question, taken[side.name].way, draw);
      answers.push({ side: side.name, ...answer });
      taken[side.name].seconds.push(answer.seconds);
      taken[side.name].processor.push(answer.processor_s);
      taken[side.name].rows += answer.rows.length;
    }
    const asked_ms = answers.find(({ as_of }) => as_of)?.as_of ?? Date.now();
    for (const other of answers.slice(1)) {
      const found = difference(known(question, answers[0].rows, asked_ms), known(question, other.rows, asked_ms));
      if (found) {
        differences.push(`${question} ${number}: ${answers[0].side} and ${other.side} differ: ${found}\n  ${JSON.stringify(draw)}`);
      }
    }
  }
  const result = {};
  for (const { name } of sides) {
    const { way, seconds, processor, rows } = taken[name];
    result[name] = { way, median_s: median(seconds), processor_s: median(processor), rows };
  }
  return result;
}

// The row of results.json.
export function rated(asked) {
  const row = {};
  for (const [name, { median_s, way }] of Object.entries(asked)) {
    row[`${name}_s`] = median_s;
    if (name !== "cham") {
      row[`${name}_way`] = way;
    }
  }
  const peers = Object.entries(asked).filter(([name]) => name !== "cham").map(([, { median_s }]) => median_s);
  if (asked.cham && peers.length) {
    row.ratio = Math.min(...peers) / asked.cham.median_s;
  }
  return row;
}
