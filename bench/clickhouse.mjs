// ClickHouse as it comes with the npm package chdb: in this process, two threads, MergeTree tables on disk, both
// orders. Small integers are its native type for codes (an Enum8 is one underneath).
import { Session } from "chdb";
import { MONDAY, WEEK } from "./history.mjs";
import { answerParent } from "./peer.mjs";

const columns = "at_ms UInt64, person UInt32, amount UInt32, kind UInt8, channel UInt8, touchpoint UInt8, metric UInt8, score UInt8";
const tables = { by_person: "person, at_ms", by_time: "at_ms" };
let session, history;

const run = (sql) => session.query(sql, "JSONCompactEachRow");

function open(folder, made) {
  session = new Session(folder);
  history = made;
  // Both caches of results are off; those of files and marks stay.
  for (const setting of ["max_threads = 2", "use_query_cache = 0", "use_query_condition_cache = 0"]) {
    run(`SET ${setting}`);
  }
  return { version: session.query("SELECT version()", "TSV").trim() };
}

function load() {
  for (const [table, order] of Object.entries(tables)) {
    run(`CREATE TABLE ${table} (${columns}) ENGINE = MergeTree ORDER BY (${order})`);
    run(`INSERT INTO ${table} SELECT * EXCEPT (a, b, c) FROM file('${history.file}', RowBinary, '${columns}, a UInt8, b UInt8, c UInt8')`);
    run(`OPTIMIZE TABLE ${table} FINAL`);
  }
  return run("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'by_person'");
}

const span = ({ from, to }) => `at_ms >= ${from} AND at_ms < ${to}`;
const channels = (draw) => (draw.channels ? ` AND channel IN (${draw.channels})` : "");
const week = (at) => `intDiv(${at} - ${MONDAY}, ${WEEK})`;
const month = "toRelativeMonthNum(toDateTime(intDiv(at_ms, 1000), 'Asia/Ho_Chi_Minh')) - 1";
const inOrder = "SETTINGS optimize_aggregation_in_order = 1";

// One aggregation state a person; windowFunnel begins at every first step and keeps the best, as we do. The kinds of the steps
// differ, so that its plain mode is exact.
const funnel = (draw, table, settings = "") => `
  SELECT ${draw.steps.map((_, i) => `countIf(level > ${i})`)} FROM (
    SELECT windowFunnel(${draw.within})(at_ms, ${draw.steps.map((kinds) => `kind IN (${kinds})`)}) AS level
    FROM ${table} WHERE ${span(draw)} AND kind IN (${draw.steps.flat()})${channels(draw)}
    GROUP BY person ${settings})`;

const touched = ({ start, back }) => (back ? `kind IN (${[...new Set([...start, ...back])]})` : "1");
const returned = ({ back }) => (back ? `kind IN (${back})` : "1");

// Arrays of moments in one pass over the events that matter.
const retentionArrays = (draw, table) => `
  SELECT c, k, count() FROM (
    SELECT minIf(at_ms, kind IN (${draw.start})) AS s, ${week("s")} AS c, groupArrayIf(at_ms, ${returned(draw)}) AS ts,
           arrayDistinct(arrayPushFront(arrayMap(t -> toInt8(${week("t")} - c), arrayFilter(t -> t >= s AND t < s + ${draw.periods * WEEK}, ts)), -1)) AS ks
    FROM ${table} WHERE ${touched(draw)}${channels(draw)} GROUP BY person HAVING countIf(kind IN (${draw.start})) > 0 AND s >= ${draw.from} AND s < ${draw.to})
  ARRAY JOIN ks AS k WHERE k < ${draw.periods} GROUP BY c, k`;

// First the cohort, then only the events of its persons.
const retentionJoin = (draw, table) => `
  WITH f AS (SELECT person, min(at_ms) AS s FROM ${table} WHERE kind IN (${draw.start})${channels(draw)} GROUP BY person HAVING s >= ${draw.from} AND s < ${draw.to})
  SELECT c, k, count() FROM (
    SELECT person, ${week("s")} AS c, toInt64(${week("at_ms")}) - toInt64(c) AS k FROM ${table} INNER JOIN f USING person
    WHERE ${returned(draw)}${channels(draw)} AND at_ms >= s AND at_ms < s + ${draw.periods * WEEK} GROUP BY person, c, k)
  WHERE k < ${draw.periods} GROUP BY c, k
  UNION ALL SELECT ${week("s")} AS c, -1, count() FROM f GROUP BY c`;

const nps = (draw, table) => `
  SELECT touchpoint, ${month} AS m, countIf(score >= 9), countIf(score <= 6), count()
  FROM ${table} WHERE ${span(draw)} AND metric = 1${channels(draw)} GROUP BY touchpoint, m`;

// Neighbours by a window in the order of the table, once over each half of the persons so that both threads work; a
// window with PARTITION BY is slower, arrays a person too.
const neighbours = (draw, half) => `
  SELECT kind, person, lagInFrame(kind) OVER w AS before, lagInFrame(person, 1, 0) OVER w AS whose, at_ms - lagInFrame(at_ms) OVER w AS gap
  FROM by_person WHERE ${span(draw)}${channels(draw)} AND ${half}
  WINDOW w AS (ORDER BY person, at_ms ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)`;
const paths = (draw) => `
  SELECT before, kind, count(), groupBitmap(person), quantileExact(0.5)(gap)
  FROM (${neighbours(draw, `person <= ${history.persons >> 1}`)} UNION ALL ${neighbours(draw, `person > ${history.persons >> 1}`)})
  WHERE person = whose GROUP BY before, kind`;
const pathsByTime = (draw) => `
  SELECT before, after, count(), uniqExact(person), quantileExact(0.5)(gap) FROM (
    SELECT person, arraySort(groupArray((at_ms, kind))) AS sequence, sequence.1 AS moments, sequence.2 AS kinds
    FROM by_time WHERE ${span(draw)}${channels(draw)} GROUP BY person)
  ARRAY JOIN arrayPopBack(kinds) AS before, arrayPopFront(kinds) AS after, arrayPopFront(arrayDifference(moments)) AS gap GROUP BY before, after`;

// Sorted persons fill a bitmap at its end; in the order of time the hash set is faster.
const people = (draw, table, distinct) => `
  SELECT kind, ${week("at_ms")} AS w, ${distinct}(person) FROM ${table} WHERE ${span(draw)}${channels(draw)} GROUP BY kind, w`;

const did = (draw, table) => `
  SELECT channel, ${draw.of === "nps" ? "countIf(score >= 9), countIf(score <= 6), count()" : "count(), uniqExact(person)"} FROM ${table}
  PREWHERE ${draw.of === "nps" ? "metric = 1 AND " : ""}${span(draw)}
  WHERE person IN (SELECT person FROM ${table} WHERE kind = ${draw.kind} AND at_ms >= ${draw.to - draw.lastDays * 86400000} AND at_ms < ${draw.to}
                   GROUP BY person HAVING count() >= ${draw.atLeast})
  GROUP BY channel`;

const ways = {
  funnel: { "by person, in order": (draw) => funnel(draw, "by_person", inOrder), "by person": (draw) => funnel(draw, "by_person"), "by time": (draw) => funnel(draw, "by_time") },
  retention: { "by person, arrays": (draw) => retentionArrays(draw, "by_person"), "by person, join": (draw) => retentionJoin(draw, "by_person"), "by time, arrays": (draw) => retentionArrays(draw, "by_time") },
  nps: { "by person": (draw) => nps(draw, "by_person"), "by time": (draw) => nps(draw, "by_time") },
  paths: { "by person": paths, "by time": pathsByTime },
  people: { "by person, bitmap": (draw) => people(draw, "by_person", "groupBitmap"), "by time, set": (draw) => people(draw, "by_time", "uniqExact") },
  did: { "by person": (draw) => did(draw, "by_person"), "by time": (draw) => did(draw, "by_time") },
};

answerParent({
  open,
  load,
  ways: (question) => Object.keys(ways[question]),
  sql: (question, way, draw) => ways[question][way](draw),
  ask: (sql) => run(sql).split("\n").filter(Boolean).map((line) => JSON.parse(line).map(Number)),
});
