// DuckDB as it comes with the npm package @duckdb/node-api: in this process, two threads, a database file, both orders.
import { DuckDBInstance, version } from "@duckdb/node-api";
import path from "node:path";
import { DAY, MONDAY, WEEK, ZONE } from "./history.mjs";
import { answerParent } from "./peer.mjs";

const columns = "{at_ms: 'BIGINT', person: 'INTEGER', amount: 'INTEGER', kind: 'UTINYINT', channel: 'UTINYINT', touchpoint: 'UTINYINT', metric: 'UTINYINT', score: 'UTINYINT'}";
let connection, history;

const run = async (sql) => (await connection.runAndReadAll(sql)).getRows();

async function open(folder, made) {
  const instance = await DuckDBInstance.create(path.join(folder, "history.db"), { threads: "2" });
  connection = await instance.connect();
  history = made;
  return { version: version() };
}

async function load() {
  await run(`CREATE TABLE by_time AS SELECT * FROM read_csv('${history.csv}', header = false, columns = ${columns})`);
  await run("CREATE TABLE by_person AS SELECT * FROM by_time ORDER BY person, at_ms");
  await run("CHECKPOINT");
}

const span = ({ from, to }) => `at_ms >= ${from} AND at_ms < ${to}`;
// Spelled out: an IN of five values or more becomes a join, which costs more and loses the order of the rows.
const among = (column, codes) => `(${codes.map((code) => `${column} = ${code}`).join(" OR ")})`;
const channels = (draw) => (draw.channels ? ` AND ${among("channel", draw.channels)}` : "");
const week = (at) => `(${at} - ${MONDAY}) // ${WEEK}`;
const half = (second) => `person ${second ? ">" : "<="} ${history.persons >> 1}`;
const isStep = (draw, i) => among("kind", draw.steps[i]);
const touches = (draw) => among("kind", draw.steps.flat());

// The newest first step from which this step is reached, kept as a running maximum: of two attempts the one begun later reaches
// whatever the other does. A moment carries its person in the high bits, so a maximum from another person
// is out of the window by itself; without PARTITION BY and ORDER BY the window runs along with the scan of the ordered
// table, on one thread, therefore once over each half of the persons.
const levels = (draw, key, over) => {
  const reached = (i) => (i === 0 ? isStep(draw, 0) : `${isStep(draw, i)} AND k - f${i} <= ${draw.within}`);
  const stages = draw.steps.slice(1).map((_, i) => `a${i + 1} AS (SELECT *, max(CASE WHEN ${reached(i)} THEN ${i === 0 ? "k" : `f${i}`} END) OVER (${over}) AS f${i + 1} FROM a${i})`);
  const level = draw.steps.map((_, i) => `WHEN ${reached(i)} THEN ${i + 1}`).reverse().join(" ");
  return `${stages.join(", ")} SELECT ${key} AS p, max(CASE ${level} ELSE 0 END) AS level FROM a${draw.steps.length - 1} GROUP BY p`;
};
const streamed = (draw, second) => `
  WITH a0 AS (SELECT (person::BIGINT << 36) + (at_ms - ${draw.from}) AS k, kind FROM by_person WHERE ${span(draw)} AND ${touches(draw)}${channels(draw)} AND ${half(second)}),
  ${levels(draw, "k >> 36", "ROWS UNBOUNDED PRECEDING")}`;
const partitioned = (draw, table) => `
  WITH a0 AS (SELECT person, at_ms AS k, kind FROM ${table} WHERE ${span(draw)} AND ${touches(draw)}${channels(draw)}),
  ${levels(draw, "person", "PARTITION BY person ORDER BY k")}`;
const funnel = (draw, from) => `SELECT ${draw.steps.map((_, i) => `count(*) FILTER (level > ${i})`)} FROM (${from})`;

const returned = ({ back }) => (back ? among("kind", back) : "true");
const cohort = (draw, table) => `
  WITH f AS MATERIALIZED (SELECT person, min(at_ms) AS s FROM ${table} WHERE ${among("kind", draw.start)}${channels(draw)} GROUP BY person HAVING s >= ${draw.from} AND s < ${draw.to})`;
const returns = (draw, table) => `${table} JOIN f USING (person) WHERE ${returned(draw)}${channels(draw)} AND at_ms >= s AND at_ms < s + ${draw.periods * WEEK}`;
const sizes = `UNION ALL SELECT ${week("s")} AS c, -1, count(*) FROM f GROUP BY c`;

// First the cohort, then the events of its persons.
const retention = (draw, table) => `${cohort(draw, table)}
  SELECT c, k, count(*) FROM (SELECT DISTINCT person, ${week("s")} AS c, ${week("at_ms")} - ${week("s")} AS k FROM ${returns(draw, table)})
  WHERE k < ${draw.periods} GROUP BY c, k ${sizes}`;
// The same with a bit a period and person.
const retentionBits = (draw, table) => `${cohort(draw, table)},
  g AS (SELECT person, any_value(s) AS s, bit_or(1 << (${week("at_ms")} - ${week("s")})::INTEGER) AS bits FROM ${returns(draw, table)} GROUP BY person)
  SELECT c, k, n FROM (SELECT ${week("s")} AS c, ${Array.from({ length: draw.periods }, (_, k) => `count(*) FILTER (bits & ${1 << k} > 0) AS "${k}"`)} FROM g GROUP BY c)
  UNPIVOT (n FOR k IN (${Array.from({ length: draw.periods }, (_, k) => `"${k}"`)})) WHERE n > 0 ${sizes}`;

// Groups of days first: dividing is cheaper than asking the calendar for every answer. The zone has no summer time.
const nps = (draw, table) => `
  SELECT touchpoint, year(date) * 12 + month(date) - 1 AS m, sum(p), sum(d), sum(n) FROM (
    SELECT touchpoint, make_date(((at_ms + ${ZONE}) // ${DAY})::INTEGER) AS date, sum((score >= 9)::INTEGER) AS p, sum((score <= 6)::INTEGER) AS d, count(*) AS n
    FROM ${table} WHERE ${span(draw)} AND metric = 1${channels(draw)} GROUP BY touchpoint, date)
  GROUP BY touchpoint, m`;

// DuckDB's discrete quantile of the negated gaps is the element we call the median of an even number.
const edges = (from) => `SELECT before, kind, count(*), bit_count(bitstring_agg(person, 1, ${history.persons})), -quantile_disc(-gap, 0.5) FROM (${from}) GROUP BY before, kind`;
const neighbours = (draw, second) => `
  SELECT before, kind, person, gap FROM (
    SELECT kind, person, lag(kind) OVER () AS before, lag(person) OVER () AS whose, at_ms - lag(at_ms) OVER () AS gap
    FROM by_person WHERE ${span(draw)}${channels(draw)} AND ${half(second)}) WHERE whose = person`;
const partitionedNeighbours = (draw) => `
  SELECT * FROM (SELECT kind, person, lag(kind) OVER w AS before, at_ms - lag(at_ms) OVER w AS gap FROM by_time
    WHERE ${span(draw)}${channels(draw)} WINDOW w AS (PARTITION BY person ORDER BY at_ms)) WHERE before IS NOT NULL`;

// A bitmap of persons a group is faster than count(DISTINCT).
const people = (draw, table) => `
  SELECT kind, ${week("at_ms")} AS w, bit_count(bitstring_agg(person, 1, ${history.persons})) FROM ${table} WHERE ${span(draw)}${channels(draw)} GROUP BY kind, w`;

const did = (draw, table) => `
  SELECT channel, ${draw.of === "nps" ? "count(*) FILTER (score >= 9), count(*) FILTER (score <= 6), count(*)" : `count(*), bit_count(bitstring_agg(person, 1, ${history.persons}))`}
  FROM ${table} WHERE ${span(draw)}${draw.of === "nps" ? " AND metric = 1" : ""} AND person IN (
    SELECT person FROM ${table} WHERE kind = ${draw.kind} AND at_ms >= ${draw.to - draw.lastDays * DAY} AND at_ms < ${draw.to} GROUP BY person HAVING count(*) >= ${draw.atLeast})
  GROUP BY channel`;

const ways = {
  funnel: { "by person, streamed": (draw) => funnel(draw, `${["", 1].map((second) => `SELECT * FROM (${streamed(draw, second)})`).join(" UNION ALL ")}`), "by time, partitioned": (draw) => funnel(draw, partitioned(draw, "by_time")) },
  retention: { "by person": (draw) => retention(draw, "by_person"), "by person, bits": (draw) => retentionBits(draw, "by_person"), "by time": (draw) => retention(draw, "by_time"), "by time, bits": (draw) => retentionBits(draw, "by_time") },
  nps: { "by person": (draw) => nps(draw, "by_person"), "by time": (draw) => nps(draw, "by_time") },
  paths: { "by person, streamed": (draw) => edges(`${neighbours(draw, false)} UNION ALL ${neighbours(draw, true)}`), "by time, partitioned": (draw) => edges(partitionedNeighbours(draw)) },
  people: { "by person": (draw) => people(draw, "by_person"), "by time": (draw) => people(draw, "by_time") },
  did: { "by person": (draw) => did(draw, "by_person"), "by time": (draw) => did(draw, "by_time") },
};

answerParent({
  open,
  load,
  ways: (question) => Object.keys(ways[question]),
  sql: (question, way, draw) => ways[question][way](draw),
  ask: async (sql) => (await run(sql)).map((row) => row.map(Number)),
});
