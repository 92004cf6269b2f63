// Questions about sequences beside what others published and what the files themselves say. Skipped where the data are not there.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";
import { newFolder, root, start } from "../help/server.mjs";
import { tell } from "../help/told.mjs";

const data = process.env.REAL_DATA ?? path.join(root, "../shared/data");
const skip = existsSync(data) ? false : `no real data at ${data}`;

const asker = (owner) => async (question) => {
  const { status, body, text } = await owner.post("/api/v1/ask", question);
  assert.equal(status, 200, text);
  return body.rows;
};

const brought = async (t, file, map) => {
  const server = await start(t);
  await server.command_line("import", path.join(data, file), "--map", map);
  return asker(await server.owner());
};

const told = async (t, rows, map, zone = "UTC") => {
  const server = await start(t);
  const owner = await server.owner();
  await tell(owner, rows, { at: { column: "at", format: "iso", zone }, kind: "kind", ...map }, "events.csv");
  return asker(owner);
};

const read = (file) => JSON.parse(readFileSync(path.join(data, file), "utf8"));

suite("funnels as ClickHouse counts them", { skip }, () => {
  const { sets } = skip ? { sets: [] } : read("funnel/windowfunnel_vectors.json");
  const at = (second) => new Date(Date.UTC(2026, 0, 5) + second * 1000).toISOString();

  for (const set of sets) {
    const users = set.users ?? { 1: set.events };
    const rows = Object.entries(users).flatMap(([who, events]) => events.map(([s, kind]) => ({ who, kind, at: at(s) })));
    const plain = set.cases.filter((each) => each.mode === undefined);

    test(`${set.name}: ${plain.length} in plain mode`, async (t) => {
      const ask = await told(t, rows, { user: "who", props: ["who"] });
      for (const { window, steps, expect } of plain) {
        const question = { ask: "funnel", within: `${window}s`, by: ["prop:who"] };
        const answer = await ask({ ...question, steps: steps.map((step) => ({ field: "kind", is: [step] })) });
        const deepest = (who) => answer.filter((row) => row["prop:who"] === who && row.people === 1).length;
        const is = Object.fromEntries(Object.keys(users).map((who) => [who, deepest(who)]));
        // One event serves one step: three equal steps are not reached by a single event.
        const alone = steps.length > 1 && new Set(steps).size === 1;
        const should = typeof expect === "number" ? { 1: alone ? 1 : expect } : expect;
        assert.deepEqual(is, should, `${set.name} ${JSON.stringify(steps)} within ${window} s`);
      }
    });
  }
});

test("retention as PostHog counts it: every day with an event is a cohort", { skip }, async (t) => {
  for (const { period, intervals, events, expect } of read("funnel/retention_vectors.json").cases) {
    const rows = Object.entries(events).flatMap(([who, days]) =>
      days.map((day, i) => ({
        // The second id of person1: one event carries both, its own events only itself.
        user: who === "alias1" ? "" : who,
        anonymous: who === "alias1" || (who === "person1" && i === 0) ? "alias1" : "",
        kind: "event",
        at: `${day.includes("T") ? day : `${day}T05:00`}:00Z`,
      })),
    );
    const ask = await told(t, rows, { user: "user", anonymous: "anonymous" });
    const answer = await ask({ ask: "retention", every: period, cohort: "every", from: "2020-06-10", to: "2020-06-21", periods: intervals });
    assert.deepEqual(
      answer.map((row) => row.size),
      expect.map((row) => row[0]),
    );
    assert.deepEqual(
      answer.map((row, i) => row.returned.slice(0, intervals - i)),
      expect,
    );
  }
});

// Counting for ourselves, from the lines of the file.

const quantile = (numbers, q) => numbers.toSorted((a, b) => a - b)[Math.floor(q * numbers.length)];

const counted = (cases) => {
  const edges = new Map();
  const variants = new Map();
  for (const [name, steps] of cases) {
    steps.sort((a, b) => a.at - b.at); // stable: lines of one minute keep their order
    steps.slice(1).forEach((step, i) => {
      const key = `${steps[i].kind} → ${step.kind}`;
      const edge = edges.get(key) ?? { events: 0, people: new Set(), waits: [] };
      edge.events++;
      edge.people.add(name);
      edge.waits.push((step.at - steps[i].at) / 1000);
      edges.set(key, edge);
    });
    const kinds = steps.map((step) => step.kind);
    const key = kinds.slice(0, 64).join(" → ") + (kinds.length > 64 ? " …" : "");
    variants.set(key, (variants.get(key) ?? 0) + 1);
  }
  return { edges, variants };
};

const compared = (rows, { edges, variants }) => {
  const found = rows.filter((row) => row.path === undefined);
  assert.equal(found.length, edges.size);
  for (const row of found) {
    const edge = edges.get(`${row.from} → ${row.to}`);
    assert.ok(edge, `${row.from} → ${row.to} is not in the file`);
    const should = [edge.events, edge.people.size, quantile(edge.waits, 0.5), quantile(edge.waits, 0.9)];
    assert.deepEqual([row.events, row.people, row.median_s, row.p90_s], should, `${row.from} → ${row.to}`);
  }
  const ways = rows.filter((row) => row.path !== undefined);
  assert.equal(ways.length, Math.min(variants.size, 1000));
  const most = [...variants.values()].toSorted((a, b) => b - a).slice(0, ways.length);
  assert.deepEqual(
    ways.map((row) => row.people),
    most,
  );
  for (const row of ways) {
    assert.equal(row.people, variants.get(row.path.join(" → ") + (row.cut ? " …" : "")));
  }
};

const columns = (file) => {
  const [head, ...lines] = readFileSync(path.join(data, file), "utf8").trimEnd().split(/\r?\n/);
  const names = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [names[i], cell])));
};

const grouped = (steps) => {
  const cases = new Map();
  for (const { name, ...step } of steps) {
    cases.set(name, [...(cases.get(name) ?? []), step]);
  }
  return cases;
};

suite("process logs", { skip }, () => {
  test("running-example: check ticket is followed by decide six times", async (t) => {
    const file = "process-logs/running-example.csv";
    const map = path.join(newFolder(), "map.json");
    writeFileSync(map, JSON.stringify({ at: "time:timestamp", kind: "concept:name", props: ["case:concept:name"] }));
    const ask = await brought(t, file, map);
    const rows = await ask({ ask: "paths", traveller: "prop:case:concept:name", top: 1000 });
    const edge = rows.find((row) => row.from === "check ticket" && row.to === "decide");
    assert.equal(edge.events, 6);
    const steps = columns(file).map((line) => ({
      name: line["case:concept:name"],
      kind: line["concept:name"],
      at: Date.parse(line["time:timestamp"].replace(" ", "T")),
    }));
    compared(rows, counted(grouped(steps)));
  });

  test("ServiceNow: every transition of 113,274 lines, and how long it took", async (t) => {
    const file = "incident-servicenow/incident_event_log_train.csv";
    const ask = await brought(t, file, path.join(root, "docs/import/incident-servicenow.json"));
    const moment = (text) => {
      const [, day, month, year, hour, minute] = text.match(/^(\d+)\/(\d+)\/(\d+) (\d+):(\d+)$/).map(Number);
      return Date.UTC(year, month - 1, day, hour, minute);
    };
    const lines = columns(file);
    assert.equal(lines.length, 113274);
    const steps = lines.map((line) => ({ name: line.number, kind: line.incident_state, at: moment(line.sys_updated_at) }));
    const rows = await ask({ ask: "paths", traveller: "prop:number", top: 1000 });
    compared(rows, counted(grouped(steps)));
    const same = await ask({ ask: "paths", traveller: "prop:number", top: 1000, collapse: true });
    const collapsed = [...grouped(steps)].map(([name, all]) => {
      all.sort((a, b) => a.at - b.at);
      return [name, all.filter((step, i) => i === 0 || step.kind !== all[i - 1].kind)];
    });
    compared(same, counted(collapsed));
  });
});
