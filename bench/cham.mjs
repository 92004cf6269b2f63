// Chạm's side: a history in a data folder, the six questions in its language, its answers in the common form.
import { isoDay, monthOf, weekOf } from "./history.mjs";
import { beside } from "./common.mjs";

const pad = (code) => String(code).padStart(2, "0");

// Everything that happens is on one of thirty touchpoints of a journey; which one is derived, as in real life.
export async function makeJourney(server, names) {
  const { id } = await server.post("/api/v1/journeys", { name: "Mua hàng", template: "empty" });
  const touchpoints = Array.from({ length: names.touchpoints }, (_, code) => ({
    id: `t${pad(code)}`,
    name: `Điểm chạm ${code}`,
    stage: `s${Math.floor(code / 6)}`,
    where: [{ field: "touchpoint", is: [`t${pad(code)}`] }],
    ...(code % 3 ? {} : { next_act: { name: "Tiếp", when: { field: "kind", is: [names.kinds[(code / 2 + 2) % 17 | 0]] }, within: "3d" } }),
  }));
  const stages = Array.from({ length: 5 }, (_, i) => ({ id: `s${i}`, name: `Giai đoạn ${i + 1}` }));
  await server.put(`/api/v1/journeys/${id}/draft`, { ...(await server.get(`/api/v1/journeys/${id}`)), stages, touchpoints });
  await server.post(`/api/v1/journeys/${id}/publish?from=beginning`);
  return id;
}

// Sends the history through the tracking door, with message ids, and waits for every acknowledgement.
export async function load(server, history) {
  const key = await server.writeKey();
  const report = await beside("bench_send", server.port, key, history.file, 0, history.events, 1000, 8, 0).ended;
  if (report.failed > 0 || report.events !== history.events) {
    throw new Error(`${report.events} of ${history.events} events were taken`);
  }
  return { key, ...report };
}

export function asker(names, journey) {
  const kinds = (codes) => ({ field: "kind", is: codes.map((code) => names.kinds[code]) });
  const where = (draw) => (draw.channels ? [{ field: "channel", is: draw.channels.map((code) => names.channels[code]) }] : []);
  const span = ({ from, to }) => ({ from: isoDay(from), to: isoDay(to) });
  const kindCode = new Map(names.kinds.map((name, code) => [name, code]));
  const channelCode = new Map(names.channels.map((name, code) => [name, code]));
  const scores = ({ counts }) => [counts.promoters, counts.detractors, counts.promoters + counts.passives + counts.detractors];

  const ask = {
    funnel: (draw) => ({ ask: "funnel", ...span(draw), where: where(draw), steps: draw.steps.map(kinds), within: "7d" }),
    retention: (draw) => ({ ask: "retention", ...span(draw), where: where(draw), start: kinds(draw.start), return: draw.back ? kinds(draw.back) : { field: "kind", exists: true }, every: "week", periods: draw.periods, cohort: "first" }),
    nps: (draw) => ({ ask: "score", metric: "nps", ...span(draw), where: where(draw), journey, by: ["touchpoint"], every: "month" }),
    paths: (draw) => ({ ask: "paths", ...span(draw), where: where(draw), node: "kind", top: 1000, of: "edges" }),
    people: (draw) => ({ ask: "count", of: "people", ...span(draw), where: where(draw), by: ["kind"], every: "week" }),
    did: (draw) => ({
      ...(draw.of === "nps" ? { ask: "score", metric: "nps" } : { ask: "count", of: ["events", "people"] }),
      ...span(draw),
      where: [{ did: kinds([draw.kind]), at_least: draw.atLeast, in_last: `${draw.lastDays}d` }],
      by: ["channel"],
    }),
  };
  const read = {
    funnel: ({ rows }) => [rows.map((row) => row.people)],
    // A week that is not over is null here; the databases would say 0.
    retention: ({ rows }) => rows.filter((row) => row.size > 0).flatMap((row) => [[weekOf(row.cohort), -1, row.size], ...row.returned.map((people, k) => [weekOf(row.cohort), k, people]).filter(([, , people]) => people)]),
    nps: ({ rows }) => rows.filter((row) => row.n > 0).map((row) => [Number(row.touchpoint.slice(1)), monthOf(row.period), ...scores(row)]),
    paths: ({ rows }) => rows.filter((row) => row.from !== undefined).map((row) => [kindCode.get(row.from), kindCode.get(row.to), row.events, row.people, Math.round(row.median_s * 1000)]),
    people: ({ rows }) => rows.map((row) => [kindCode.get(row.kind), weekOf(row.period), row.people]),
    did: ({ rows }, draw) => rows.filter((row) => draw.of !== "nps" || row.n > 0).map((row) => [channelCode.get(row.channel), ...(draw.of === "nps" ? scores(row) : [row.events, row.people])]),
  };
  return { question: (name, draw) => ask[name](draw), rows: (name, draw, answer) => read[name](answer, draw) };
}
