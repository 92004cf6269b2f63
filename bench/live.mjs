// Answers while events arrive: how long they take, and whether what was acknowledged before a question is in its answer.
import { isoDay, DAY } from "./history.mjs";
import { beside, quantile, say, sleep } from "./common.mjs";

const MARK = "Bench Marker";

// Sends an event of its own kind, waits for the acknowledgement and asks: is it counted?
export function marker(key) {
  let sent = 0;
  return async (server) => {
    const headers = { "content-type": "application/json" };
    const event = { event: MARK, userId: `M${++sent}`, messageId: `marker-${process.pid}-${sent}`, properties: { channel: "web" }, writeKey: key };
    const answer = await fetch(`http://127.0.0.1:${server.port}/v1/track`, { method: "POST", headers, body: JSON.stringify(event) });
    if (answer.status !== 200) {
      throw new Error(`the marker was refused: ${answer.status}`);
    }
    await answer.arrayBuffer();
    const { rows } = await server.ask({ ask: "count", of: ["events", "people"], where: { field: "kind", is: MARK } });
    return rows[0].events === sent && rows[0].people === sent;
  };
}

const timed = async (work) => {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
};

// Asks over and over for some seconds while `rate` events a second come in. A round is a list of questions, asked at once or
// one after the other; between rounds a marker is sent and looked for.
export async function whileArriving(server, { key, isThere, history, rate, seconds, batch, round, atOnce, pause_ms = 0 }) {
  const arriving = beside("bench_send", server.port, key, history.file, 0, rate * (seconds + 60), batch, Math.max(2, Math.ceil(rate / 5000)), rate);
  await sleep(1000);
  const taken = new Map(round.map(({ name }) => [name, []]));
  let missing = 0, markers = 0;
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const each = async ({ name, ask }) => taken.get(name).push(await timed(() => ask(server)));
    if (atOnce) {
      await Promise.all(round.map(each));
    } else {
      for (const question of round) {
        await each(question);
      }
    }
    markers++;
    missing += (await isThere(server)) ? 0 : 1;
    await sleep(pause_ms);
  }
  arriving.stop();
  const arrived = await arriving.ended;
  const all = [...taken.values()].flat();
  const figures = (list) => ({ n: list.length, p50_ms: quantile(list, 0.5), p99_ms: quantile(list, 0.99), longest_ms: Math.max(...list) });
  if (arrived.per_second < rate * 0.97 || arrived.failed > 0) {
    say(`only ${arrived.per_second} of ${rate} events/s arrived, ${arrived.failed} requests failed`);
  }
  return {
    rate,
    arrived_per_second: arrived.per_second,
    arrived_p99_ms: arrived.p99_ms,
    refused: arrived.failed,
    markers,
    markers_missing: missing,
    ...figures(all),
    questions: Object.fromEntries([...taken].map(([name, list]) => [name, figures(list)])),
  };
}

// What the journeys page asks when it is opened or when events have come (ui/src/pages/journeys/reading.ts and
// Findings.svelte, Unmapped.svelte): the last thirty days, compared with the thirty before.
export function journeysPage(journey) {
  const end = isoDay(Date.now() + DAY);
  const before = (days) => isoDay(Date.now() - (days - 1) * DAY);
  const span = { from: before(30), to: end };
  const old = { from: before(60), to: before(30) };
  const trend = { ...span, journey, by: ["touchpoint"], every: "week" };
  const asked = (name, question) => ({ name, ask: (server) => server.ask(question) });
  const got = (name, target) => ({ name, ask: (server) => server.get(target) });
  const query = `?from=${span.from}&to=${span.to}`;
  return [
    asked("adherence", { ask: "adherence", ...span, journey }),
    asked("adherence before", { ask: "adherence", ...old, journey }),
    asked("count by touchpoint and week", { ask: "count", ...trend }),
    ...["nps", "csat", "ces"].map((metric) => asked(`${metric} by touchpoint and week`, { ask: "score", metric, ...trend })),
    got("findings", `/api/v1/journeys/${journey}/findings${query}`),
    got("unmapped", `/api/v1/journeys/${journey}/unmapped${query}`),
  ];
}

// What the overview asks (ui/src/pages/overview/overview.ts).
export function overviewPage(journey) {
  const end = isoDay(Date.now() + DAY);
  const before = (days) => isoDay(Date.now() - (days - 1) * DAY);
  const span = { from: before(30), to: end };
  const old = { from: before(60), to: before(30) };
  const score = (name, more) => ({ name, ask: (server) => server.ask({ ask: "score", metric: "nps", ...more }) });
  return [
    score("nps", span),
    score("nps before", old),
    score("nps by week", { ...span, every: "week" }),
    score("nps by week before", { ...old, every: "week" }),
    score("nps by channel", { ...span, by: ["channel"] }),
    score("nps by channel before", { ...old, by: ["channel"] }),
    score("nps by channel and week", { ...span, by: ["channel"], every: "week" }),
    score("nps by touchpoint", { ...span, journey, by: ["touchpoint"] }),
  ];
}
