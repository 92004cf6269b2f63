// The tables, and what fell short of its target.
const least = { funnel: 15, retention: 20, nps: 10, paths: 10 };
const six = ["funnel", "retention", "nps", "paths", "people", "did"];

const ms = (seconds) => (seconds === undefined ? "–" : (seconds * 1000).toFixed(1));
const columns = (widths) => (...cells) => console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(widths[0]) : String(cell).padStart(widths[i]))).join(""));

function sideTable(results, missed) {
  const line = columns([12, 12, 14, 12, 10, 10]);
  const { clickhouse, duckdb } = results.versions ?? {};
  console.log(`\n${results.events.toLocaleString("en")} events of ${results.persons.toLocaleString("en")} persons, two threads each, medians of ${results.draws} draws, ms${clickhouse ? `; ClickHouse ${clickhouse}` : ""}${duckdb ? `; DuckDB ${duckdb}` : ""}`);
  line("question", "Chạm", "ClickHouse", "DuckDB", "ratio", "target");
  for (const question of six.filter((each) => results[each])) {
    const row = results[question], target = least[question];
    line(question, ms(row.cham_s), ms(row.clickhouse_s), ms(row.duckdb_s), row.ratio?.toFixed(1) ?? "–", target ? `${target}` : "");
    if (target && row.ratio !== undefined && row.ratio < target) {
      missed.push(`${question}: ${row.ratio.toFixed(1)} times as fast as the faster peer, wanted ${target}`);
    }
  }
}

function scalingTable({ scaling }, missed) {
  const line = columns([12, 14, 10]);
  console.log(`\nThe same at ${scaling.events.toLocaleString("en")} events (20 times fewer events and persons)`);
  line("question", "ms", "times");
  for (const question of six.filter((each) => scaling[each])) {
    const { small_s, times } = scaling[question];
    line(question, ms(small_s), Number.isFinite(times) ? times.toFixed(1) : "–");
    if (times > 22) {
      missed.push(`${question}: ${times.toFixed(1)} times as long at 20 times the size, wanted at most 22`);
    }
  }
}

function sizes({ sizes, events }, missed) {
  console.log(`\nload ${Math.round(sizes.load_per_second).toLocaleString("en")} events/s through HTTP; stop ${sizes.stop_s.toFixed(2)} s; ready ${sizes.snapshot_start_s.toFixed(2)} s after a start from the snapshot; rebuilt from the log at ${Math.round(sizes.rebuild_per_second).toLocaleString("en")} events/s (${sizes.rebuild_s.toFixed(1)} s)`);
  const per = (name) => (Number.isFinite(sizes[name]) ? sizes[name].toFixed(1) : "–");
  console.log(`bytes an event: index ${per("index_bytes_per_event")}, attached columns ${per("attached_bytes_per_event")}, filter of repeats ${per("repeats_bytes_per_event")}, resident ${per("resident_bytes_per_event")} after the start and ${per("resident_after_questions_bytes_per_event")} at the end; on disk ${per("disk_bytes_per_event")}`);
  if (sizes.index_bytes_per_event > 24) {
    missed.push(`index: ${per("index_bytes_per_event")} bytes an event, wanted at most 24`);
  }
  if (sizes.snapshot_start_s >= 2) {
    missed.push(`start from the snapshot: ${sizes.snapshot_start_s.toFixed(2)} s, wanted under 2`);
  }
  if (sizes.rebuild_per_second < 1e6 && events >= 1e6) {
    missed.push(`rebuild: ${Math.round(sizes.rebuild_per_second)} events/s, wanted a million`);
  }
}

function delays(title, measured, missed, wanted_ms) {
  const line = columns([34, 8, 10, 10, 10]);
  console.log(`\n${title}: ${measured.rate.toLocaleString("en")} events/s wanted, ${measured.arrived_per_second.toLocaleString("en")} arrived; of ${measured.markers} markers acknowledged before a question ${measured.markers_missing} were missing in its answer`);
  line("question", "n", "p50 ms", "p99 ms", "longest");
  for (const [name, each] of [...Object.entries(measured.questions), ["all", measured]]) {
    line(name, each.n, each.p50_ms.toFixed(1), each.p99_ms.toFixed(1), each.longest_ms.toFixed(1));
  }
  if (measured.markers_missing > 0) {
    missed.push(`${title}: ${measured.markers_missing} acknowledged events were missing in an answer`);
  }
  if (measured.arrived_per_second < measured.rate * 0.97) {
    missed.push(`${title}: only ${measured.arrived_per_second} of ${measured.rate} events/s arrived`);
  }
  if (wanted_ms && measured.p99_ms >= wanted_ms) {
    missed.push(`${title}: p99 ${measured.p99_ms.toFixed(1)} ms, wanted under ${wanted_ms}`);
  }
}

// The two set-ups on the same history: nothing is wanted of the ratio, it is what a company pays for more than one machine.
export function showLarge({ events, questions, cham_load, large_load }) {
  const line = columns([34, 12, 26, 10]);
  const rate = ({ per_second }) => Math.round(per_second).toLocaleString("en");
  console.log(`\nBeyond one machine: ${events.toLocaleString("en")} events on PostgreSQL and one ClickHouse server of this machine`);
  line("", "embedded", "PostgreSQL, ClickHouse", "times");
  line("events/s, one process", rate(cham_load), rate(large_load), (cham_load.per_second / large_load.per_second).toFixed(1));
  line("p99 of a batch of 1,000, ms", cham_load.p99_ms, large_load.p99_ms, (large_load.p99_ms / cham_load.p99_ms).toFixed(1));
  for (const [name, { cham_s, large_s }] of Object.entries(questions)) {
    line(`${name}, ms`, ms(cham_s), ms(large_s), (large_s / cham_s).toFixed(1));
  }
}

// Prints what there is; returns what fell short, in words.
export function show(results) {
  const missed = [];
  const { machine } = results;
  console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.kernel}; load ${machine.load.map((load) => load.toFixed(1)).join(" ")} at the start; seed ${results.seed}`);
  if (six.some((question) => results[question])) {
    sideTable(results, missed);
  }
  if (results.scaling) {
    scalingTable(results, missed);
  }
  if (results.sizes) {
    sizes(results, missed);
  }
  if (results.live) {
    delays("While events arrive", results.live, missed);
  }
  if (results.home) {
    console.log(`\nPages on ${results.home.events.toLocaleString("en")} events`);
    delays("Journeys, one question after the other", results.home.journeys, missed, 50);
    delays("Journeys, all at once as the page asks", results.home.journeys_at_once, missed, 50);
    delays("Overview, one question after the other", results.home.overview, missed, 50);
    delays("Overview, all at once", results.home.overview_at_once, missed, 50);
  }
  console.log(missed.length ? `\nShort of the target:\n  ${missed.join("\n  ")}` : "\nEvery target that was measured is met.");
  return missed;
}

export function showReading(reading, missed) {
  const rate = Math.round(reading.per_second);
  console.log(`\nreading ${reading.comments.toLocaleString("en")} comments of ${reading.mean_bytes} bytes in the mean on one thread, every finding: ${rate.toLocaleString("en")} a second (${Math.round(reading.per_processor_second).toLocaleString("en")} a second of processor)`);
  if (rate < 50000) {
    missed.push(`reading: ${rate} comments a second, wanted 50,000`);
    console.log(missed.at(-1));
  }
}
