// What came of a survey: every figure is the kernel's over its rows, in the results, in /ask and in the feedback counts alike.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { parse } from "../help/csv.mjs";
import { shared } from "../help/server.mjs";
import { both, document, edit, link, nps, options, publish, Respondent, until } from "../help/surveys.mjs";

// A seeded generator, so that what fails fails again.
const dice = (seed) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

suite("survey results", () => {
  const server = shared();
  let owner;

  before(async () => {
    owner = await server.owner();
  });

  const results = async (id, query = "") => {
    const { status, body, text } = await owner.get(`/api/v1/surveys/${id}/results${query}`);
    assert.equal(status, 200, text);
    return body;
  };
  const question = (body, id, series) => body.questions.find((item) => item.id === id && (!series || item.series === series));
  const ask = async (series, metric) => {
    const { body, status, text } = await owner.post("/api/v1/ask", { ask: "score", metric, where: [{ field: "question", is: [series] }] });
    assert.equal(status, 200, text);
    return body.rows[0];
  };

  test("nobody answered: there is no score, not a score of nothing", async () => {
    const survey = await publish(owner, document([nps("q1")]));
    const { figure } = question(await results(survey.id), "q1");
    assert.deepEqual([figure.n, figure.score, figure.few], [0, null, true]);
  });

  test("random answers: results, /ask and the feedback counts say the same, and skips count nowhere", async () => {
    const random = dice(20261122);
    const survey = await publish(owner, document([nps("n"), { id: "s5", type: "csat" }, { id: "s10", type: "csat", scale: "1-10" }, { id: "e", type: "ces", reversed: true }]));
    const way = await link(owner, survey.id);
    const respondent = new Respondent(server, way.token);
    const given = { n: [], s5: [], s10: [], e: [] };
    const ranges = { n: [0, 10], s5: [1, 5], s10: [1, 10], e: [1, 7] };
    for (let i = 0; i < 60; i++) {
      const answers = {};
      for (const [id, [low, high]] of Object.entries(ranges)) {
        const skipped = random() < 0.3;
        answers[id] = skipped ? null : low + Math.floor(random() * (high - low + 1));
        if (!skipped) {
          given[id].push(id === "e" ? 8 - answers[id] : answers[id]);
        }
      }
      const sent = await respondent.finish(answers, { seen: ["n", "s5", "s10", "e"], key: `r${i}` });
      assert.equal(sent.status, 201, sent.text);
    }
    const body = await results(survey.id);
    const nps_ = (100 * (given.n.filter((x) => x >= 9).length - given.n.filter((x) => x <= 6).length)) / given.n.length;
    assert.ok(Math.abs(question(body, "n").figure.score - nps_) < 1e-9);
    for (const [id, metric] of [["n", "nps"], ["s5", "csat"], ["s10", "csat"], ["e", "ces"]]) {
      const { figure, series, answered, skipped, seen } = question(body, id);
      const row = await ask(series, metric);
      assert.equal(figure.n, given[id].length);
      assert.deepEqual([answered, skipped, seen], [given[id].length, 60 - given[id].length, 60]);
      assert.equal(row.n, figure.n, id);
      for (const member of ["score", "low", "high"]) {
        assert.ok(Math.abs(row[member] - figure[member]) < 1e-9, `${id} ${member}: ${row[member]} ${figure[member]}`);
      }
      for (const { value, n } of figure.counts) {
        assert.equal(n, given[id].filter((x) => x === value).length);
        const rows = (await owner.get(`/api/v1/surveys/${survey.id}/responses?question=${id}&answer=${value}&limit=200`)).body;
        assert.equal(rows.items.length, n, `${id} ${value}`);
      }
      const counts = await owner.get(`/api/v1/feedback/counts?question=${encodeURIComponent(series)}&has_text=false`);
      assert.equal(counts.status, 200, counts.text);
      const tallied = JSON.stringify(counts.body);
      assert.ok(counts.body.feedback === figure.n || tallied.includes(`"n":${figure.n}`), tallied.slice(0, 600));
    }
  });

  test("two versions never mix by accident, and on purpose they are one series", async () => {
    const survey = await publish(owner, document([{ id: "q", type: "csat" }]));
    const respondent = new Respondent(server, (await link(owner, survey.id)).token);
    await respondent.finish({ q: 5 });
    await edit(owner, survey.id, document([{ id: "q", type: "csat", scale: "1-10" }]));
    await respondent.finish({ q: 5 });
    let body = await results(survey.id);
    assert.deepEqual(
      body.questions.map(({ series, figure, versions }) => [series.split(".").slice(1).join("."), figure.scale, figure.n, versions.map(({ version }) => version)]),
      [["q.2", "1-10", 1, [2]], ["q", "1-5", 1, [1]]],
    );
    assert.equal((await ask(`${survey.id}.q`, "csat")).n, 1);
    // Only the wording, and the author says so: one series over both.
    await edit(owner, survey.id, document([{ id: "q", type: "csat", scale: "1-10", title: both("Câu đã sửa", "Corrected") }]), { q: true });
    await respondent.finish({ q: 9 });
    body = await results(survey.id);
    assert.deepEqual(question(body, "q", `${survey.id}.q.2`).versions.map(({ version }) => version), [2, 3]);
    assert.equal((await ask(`${survey.id}.q.2`, "csat")).n, 2);
    const refused = await owner.put(`/api/v1/surveys/${survey.id}/draft`, document([{ id: "q", type: "nps" }]));
    assert.equal(refused.status, 200);
    const wrong = await owner.post(`/api/v1/surveys/${survey.id}/publish`, { comparable: { q: true } });
    assert.equal(wrong.status, 422);
    assert.equal(wrong.body.errors[0].pointer, "/comparable/q");
  });

  test("two surveys that ask the same bank question are one series", async () => {
    const item = (await owner.get("/api/v1/question-bank")).body.items.find(({ key }) => key === "nps.recommend");
    const bank = { ...item.question, id: "q1", bank: "nps.recommend" };
    const before_ = (await ask("nps.recommend", "nps"))?.n ?? 0;
    for (const score of [10, 0]) {
      const survey = await publish(owner, document([bank]));
      await new Respondent(server, (await link(owner, survey.id)).token).finish({ q1: score });
    }
    assert.equal((await ask("nps.recommend", "nps")).n, before_ + 2);
  });

  test("choices, matrix, ranking, slider, emotions, time and drop-off", async () => {
    const survey = await publish(
      owner,
      document([
        { id: "one", type: "single", options: options("a", "b") },
        { id: "many", type: "multiple", options: options("a", "b", "c") },
        { id: "grid", type: "matrix", options: options("good", "bad"), rows: options("r1", "r2") },
        { id: "rank", type: "ranking", options: options("a", "b", "c") },
        { id: "slide", type: "slider" },
        { id: "feel", type: "emotion" },
        { id: "say", type: "text" },
      ]),
    );
    const respondent = new Respondent(server, (await link(owner, survey.id)).token);
    const seen = ["one", "many", "grid", "rank", "slide", "feel", "say"];
    const all = { one: "a", many: ["a", "c"], grid: { r1: "good", r2: "bad" }, rank: ["c", "a", "b"], slide: 40, feel: { emotion: "joy", strength: 3 }, say: "Tốt" };
    await respondent.finish(all, { seen, ms: { one: 1000, many: 3000 } });
    await respondent.finish({ ...all, one: "b", rank: ["a", "c", "b"], slide: 60, feel: { emotion: "anger", strength: 1 } }, { seen, ms: { one: 2000 } });
    await respondent.post({ answers: { one: "a" }, seen: ["one", "many"] });
    const body = await results(survey.id);
    const of = (id) => question(body, id);
    assert.deepEqual(of("one").options, [{ id: "a", n: 1 }, { id: "b", n: 1 }]);
    assert.deepEqual(of("many").options, [{ id: "a", n: 2 }, { id: "b", n: 0 }, { id: "c", n: 2 }]);
    assert.deepEqual(of("grid").rows, [{ id: "r1", options: [{ id: "good", n: 2 }, { id: "bad", n: 0 }] }, { id: "r2", options: [{ id: "good", n: 0 }, { id: "bad", n: 2 }] }]);
    assert.deepEqual(of("rank").ranks.map(({ mean }) => mean), [1.5, 3, 1.5]);
    assert.deepEqual([of("slide").q25, of("slide").median, of("slide").q75], [40, 60, 60]);
    assert.deepEqual(of("feel").emotions.filter(({ n }) => n > 0), [{ id: "joy", n: 1, mean: 3 }, { id: "anger", n: 1, mean: 1 }]);
    assert.deepEqual([of("say").texts, of("many").left, of("one").seconds_median], [2, 1, 2]);
    assert.deepEqual([body.opened, body.started, body.finished, body.partial], [3, 3, 2, 1]);
  });

  test("filters: link, place, language, version", async () => {
    const survey = await publish(owner, document([nps("q1")]));
    const [here, there] = [await link(owner, survey.id, { place: "Huế" }), await link(owner, survey.id, { place: "Cần Thơ", kind: "qr" })];
    await new Respondent(server, here.token).finish({ q1: 10 });
    await new Respondent(server, there.token).finish({ q1: 0 }, { language: "en" });
    const n = async (query) => question(await results(survey.id, query), "q1").figure.n;
    assert.deepEqual(
      [await n(""), await n(`?link=${here.id}`), await n("?place=Hu%E1%BA%BF"), await n("?language=en"), await n("?channel=qr"), await n("?version=2"), await n("?to=2000-01-01")],
      [2, 1, 1, 1, 1, 0, 0],
    );
    const seen = await owner.get(`/api/v1/surveys/${survey.id}/responses?place=Hu%E1%BA%BF`);
    assert.equal(seen.body.items.length, 1);
    assert.equal(seen.body.items[0].place, "Huế");
  });

  test("C20 C21 the table of responses can be read by a spreadsheet and runs nothing there", async () => {
    const nasty = ["=1+1", "+1", "-1", "@x", "\tx", "a\"b,c\r\nd", "﻿x", "thường"];
    const survey = await publish(owner, document([{ id: "q", type: "text", title: both("=cmd|'/c calc'!A1") }]));
    const respondent = new Respondent(server, (await link(owner, survey.id, { name: "=HYPERLINK(1)" })).token);
    for (const text of nasty) {
      assert.equal((await respondent.finish({ q: text })).status, 201);
    }
    const table = await owner.get(`/api/v1/surveys/${survey.id}/responses.csv`);
    assert.equal(table.status, 200, table.text);
    const rows = parse(table.text);
    assert.equal(rows.length, nasty.length + 1);
    assert.ok(rows.every((row) => row.length === rows[0].length));
    for (const cell of rows.flat()) {
      assert.doesNotMatch(cell, /^[=+\-@\t\r]/);
    }
    assert.ok(rows.some((row) => row.at(-1) === "a\"b,c\r\nd"));
  });

  test("what is sent along is saved as it is and opened nowhere", async () => {
    const survey = await publish(owner, document([{ id: "f", type: "file", files: ["image/*"] }]));
    const respondent = new Respondent(server, (await link(owner, survey.id)).token);
    const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
    const sent = await respondent.file(png, 'x"<>/../a.png');
    assert.equal(sent.status, 201, sent.text);
    assert.equal((await respondent.file(Buffer.from("<svg onload=alert(1)>"), "x.png")).status, 422);
    assert.equal((await respondent.file(Buffer.from("<html>"), "x.html")).status, 422);
    assert.equal((await respondent.finish({ f: ["0000000000000"] })).status, 422);
    assert.equal((await respondent.finish({ f: [sent.body.file] })).status, 201);
    assert.equal((await respondent.finish({ f: [sent.body.file] })).status, 422); // another's
    const [item] = (await owner.get(`/api/v1/surveys/${survey.id}/responses`)).body.items;
    const shown = (await owner.get(`/api/v1/surveys/${survey.id}/responses/${item.id}`)).body;
    assert.equal(shown.files.length, 1);
    const got = await owner.get(`/api/v1/surveys/${survey.id}/responses/${item.id}/files/${shown.files[0].id}`);
    assert.equal(got.status, 200, got.text);
    assert.ok(got.bytes.equals(png));
    assert.match(got.headers["content-disposition"], /^attachment/);
    assert.match(String(got.headers["content-security-policy"]), /sandbox/);
    assert.equal(got.headers["x-content-type-options"], "nosniff");
    const viewer = await server.user("viewer");
    assert.notEqual((await viewer.get(`/api/v1/surveys/${survey.id}/responses/${item.id}/files/${shown.files[0].id}`)).status, 200);
    await until(() => results(survey.id), (body) => body.finished === 1);
  });

  test("a sheet with the code of a link can be printed", async () => {
    const survey = await publish(owner, document([nps("q1")]));
    const way = await link(owner, survey.id, { kind: "qr", place: "Quầy 1" });
    const sheet = await owner.get(`/api/v1/surveys/${survey.id}/links/${way.id}/sheet.pdf?format=tent&language=vi`);
    assert.equal(sheet.status, 200, sheet.text);
    assert.match(sheet.bytes.subarray(0, 5).toString(), /^%PDF-/);
    assert.equal((await owner.get(`/api/v1/surveys/${survey.id}/sheet.pdf?kind=qr`)).status, 200);
  });
});
