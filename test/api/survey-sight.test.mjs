// Who sees what of a survey: words, addresses of links, places and departments.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { shared } from "../help/server.mjs";
import { both, document, link, nps, options, publish, Respondent, until } from "../help/surveys.mjs";

const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");

suite("sight of surveys", () => {
  const server = shared();
  let owner, viewer, analyst, local;

  before(async () => {
    owner = await server.owner();
    viewer = await server.user("viewer");
    analyst = await server.user("analyst");
    local = await limited("analyst", "hue@example.vn", { places: ["Huế"] });
  });

  const limited = async (role, email, to) => {
    const client = await server.user(role, email);
    const { id } = (await owner.get("/api/v1/users")).body.items.find((user) => user.email === email);
    assert.equal((await owner.patch(`/api/v1/users/${id}`, to)).status, 200);
    return client;
  };

  test("who does not see people reads nothing that somebody wrote, and cannot guess it", async () => {
    const own = options("a", "b");
    own.push({ id: "x", label: both("Khác", "Other"), other: true });
    const survey = await publish(owner, document([
      nps("n"),
      { id: "one", type: "single", options: own },
      { id: "many", type: "multiple", options: own },
      { id: "words", type: "text" },
      { id: "who", type: "contact", fields: ["name"] },
      { id: "file", type: "file" },
    ]));
    const respondent = new Respondent(server, (await link(owner, survey.id, { hidden: { clerk: "CANARY clerk" } })).token);
    const { file } = (await respondent.file(png, "CANARY.png")).body;
    const answers = { n: 9, one: { option: "x", other: "CANARY one" }, many: ["a", { option: "x", other: "CANARY many" }],
      words: "CANARY words", who: { name: "CANARY name" }, file: [file] };
    const done = await respondent.finish(answers, { hidden: { order: "CANARY order" } });
    assert.equal(done.status, 201, done.text);
    const at = `/api/v1/surveys/${survey.id}`;
    for (const target of ["/responses", `/responses/${done.body.response}`, "/responses.csv", "/links"]) {
      assert.match((await owner.get(at + target)).text, /CANARY/, target);
      const seen = await viewer.get(at + target);
      assert.equal(seen.status, 200, target);
      assert.doesNotMatch(seen.text, /CANARY/, target);
    }
    const [item] = (await viewer.get(`${at}/responses`)).body.items;
    assert.deepEqual(item.answers, { n: 9, one: "x", many: ["a", "x"] });
    const found = async (client) => (await client.get(`${at}/responses?question=words&answer=CANARY%20words`)).body.items.length;
    assert.deepEqual([await found(owner), await found(viewer)], [1, 0]);
    assert.equal((await viewer.get(`${at}/responses?question=one&answer=x`)).body.items.length, 1);
  });

  test("the address of a link that works once is only for who makes such links", async () => {
    const survey = await publish(owner, document([nps("n")]));
    const at = `/api/v1/surveys/${survey.id}`;
    await link(owner, survey.id, { kind: "qr" });
    const single = await link(owner, survey.id, { kind: "single" });
    const invited = await link(owner, survey.id, { kind: "invitation", alias: "email:canary@vidu.vn" });
    const url = async (client, kind) => (await client.get(`${at}/links?kind=${kind}`)).body.items[0].url;
    for (const client of [owner, analyst, viewer]) {
      assert.match(await url(client, "qr"), /\/s\//);
      assert.equal(await url(client, "invitation"), undefined);
      assert.equal((await client.get(`${at}/links/${invited.id}`)).body.url, undefined);
      assert.equal((await client.get(`${at}/links/${invited.id}/sheet.pdf`)).status, 403);
      assert.equal((await client.get(`${at}/sheet.pdf?kind=qr`)).status, 200);
      const writes = client !== viewer;
      assert.equal((await url(client, "single")) !== undefined, writes);
      assert.equal((await client.get(`${at}/links/${single.id}`)).body.url !== undefined, writes);
      assert.equal((await client.get(`${at}/links/${single.id}/sheet.pdf`)).status, writes ? 200 : 403);
      assert.equal((await client.get(`${at}/sheet.pdf?kind=single`)).status, writes ? 200 : 403);
    }
  });

  test("who is limited to a place sees, makes and prints only its links", async () => {
    const survey = await publish(owner, document([nps("n")]));
    const at = `/api/v1/surveys/${survey.id}`;
    const ours = await link(owner, survey.id, { place: "Huế" });
    const theirs = await link(owner, survey.id, { place: "Hà Nội" });
    await link(owner, survey.id, { kind: "invitation", alias: "email:canary@vidu.vn", place: "Hà Nội" });
    assert.deepEqual((await local.get(`${at}/links`)).body.items.map(({ id }) => id), [ours.id]);
    assert.equal((await local.get(`${at}/links?kind=invitation`)).body.items.length, 0);
    for (const target of ["", "/sheet.pdf"]) {
      assert.equal((await local.get(`${at}/links/${ours.id}${target}`)).status, 200);
      assert.equal((await local.get(`${at}/links/${theirs.id}${target}`)).status, 404);
    }
    assert.equal((await local.patch(`${at}/links/${theirs.id}`, { paused: true })).status, 404);
    assert.equal((await local.patch(`${at}/links/${ours.id}`, { place: "Hà Nội" })).status, 403);
    assert.equal((await local.post(`${at}/links`, { kind: "single", place: "Hà Nội" })).status, 403);
    assert.equal((await local.post(`${at}/links`, { kind: "single", place: "Huế" })).status, 201);
  });

  test("list, head, results and responses count what the asker's place and department see", async () => {
    const survey = await publish(owner, document([nps("n")], { touchpoint: "cua-hang" }));
    const at = `/api/v1/surveys/${survey.id}`;
    const ids = {};
    for (const [place, n] of [["Huế", 9], ["Hà Nội", 1]]) {
      const way = await link(owner, survey.id, { place });
      ids[place] = (await new Respondent(server, way.token).finish({ n })).body.response;
    }
    const department = await limited("analyst", "kho@example.vn", { departments: ["Kho"] });
    const seen = async (client) => [
      (await client.get(at)).body.finished,
      (await client.get("/api/v1/surveys")).body.items.find(({ id }) => id === survey.id).finished,
      (await client.get(`${at}/results`)).body.finished,
      (await client.get(`${at}/responses`)).body.items.length,
      (await client.get(`${at}/responses.csv`)).text.trim().split("\r\n").length - 1,
      (await client.get(`${at}/versions`)).body.items[0].responses,
      (await client.get(`${at}/versions/1`)).body.responses,
    ];
    assert.deepEqual(await seen(owner), [2, 2, 2, 2, 2, 2, 2]);
    assert.deepEqual(await seen(local), [1, 1, 1, 1, 1, 1, 1]);
    assert.deepEqual(await seen(department), [0, 0, 0, 0, 0, 0, 0]);
    assert.equal((await local.get(`${at}/responses/${ids["Huế"]}`)).status, 200);
    assert.equal((await local.get(`${at}/responses/${ids["Hà Nội"]}`)).status, 404);
    assert.equal((await department.get(`${at}/responses/${ids["Huế"]}`)).status, 404);
  });

  test("a bulk change that reached further than one sees is neither shown nor undone", async () => {
    const survey = await publish(owner, document([nps("n"), { id: "w", type: "text" }]));
    const bulk = {};
    for (const place of ["Huế", "Hà Nội"]) {
      const way = await link(owner, survey.id, { place });
      await new Respondent(server, way.token).finish({ n: 1, w: "giao hàng chậm quá" });
      const filter = { survey: [survey.id], place: [place] };
      await until(async () => (await owner.get(`/api/v1/feedback?survey=${survey.id}&place=${encodeURIComponent(place)}`)).body.items.length, (n) => n > 0);
      bulk[place] = (await owner.post("/api/v1/feedback/bulk", { filter, change: { status: "done" } })).body.id;
    }
    assert.equal((await local.get(`/api/v1/feedback/bulk/${bulk["Hà Nội"]}`)).status, 404);
    assert.equal((await local.post(`/api/v1/feedback/bulk/${bulk["Hà Nội"]}/undo`, {})).status, 404);
    assert.equal((await local.get(`/api/v1/feedback/bulk/${bulk["Huế"]}`)).status, 200);
    assert.equal((await local.post(`/api/v1/feedback/bulk/${bulk["Huế"]}/undo`, {})).status, 200);
  });

  test("one response is removed for good by who may erase: figures, events, feedback, files follow, and a trace stays", async () => {
    const survey = await publish(owner, document([nps("n"), { id: "w", type: "text" }, { id: "s", type: "single", options: options("a", "b") }, { id: "f", type: "file" }]));
    const at = `/api/v1/surveys/${survey.id}`;
    const way = await link(owner, survey.id, { place: "Huế", most: 2 });
    const respondent = new Respondent(server, way.token);
    const { file } = (await respondent.file(png, "a.png")).body;
    const gone = (await respondent.finish({ n: 1, w: "CANARY removed", s: "a", f: [file] })).body.response;
    const stays = (await respondent.finish({ n: 9, w: "ở lại", s: "b" })).body.response;
    const asked = async () => (await owner.post("/api/v1/ask", { ask: "score", metric: "nps", where: [{ field: "question", is: [`${survey.id}.n`] }] })).body.rows.map(({ n, score }) => [n, score]);
    const voices = async () => (await owner.get(`/api/v1/feedback?survey=${survey.id}`)).body.items.map(({ response }) => response);
    await until(voices, (list) => list.includes(gone) && list.includes(stays));
    const events = async () => (await owner.post("/api/v1/ask", { ask: "count", of: "events", where: [{ field: "prop:survey", is: [survey.id] }] })).body.rows[0].events;
    assert.equal(await events(), 7);
    assert.deepEqual(await asked(), [[2, 0]]);

    for (const client of [viewer, analyst, local]) {
      assert.equal((await client.delete(`${at}/responses/${gone}`)).status, 403);
    }
    const elsewhere = await limited("owner", "owner-hanoi@example.vn", { places: ["Hà Nội"] });
    assert.equal((await elsewhere.delete(`${at}/responses/${gone}`)).status, 404);
    const removed = await owner.delete(`${at}/responses/${gone}`);
    assert.equal(removed.status, 200, removed.text);
    assert.deepEqual([removed.body.response, removed.body.events, removed.body.files, removed.body.digest.length], [gone, 4, 1, 64]);
    assert.ok(removed.body.done_ms >= removed.body.asked_ms);
    assert.doesNotMatch(removed.text, /CANARY/);

    assert.equal((await owner.get(`${at}/responses/${gone}`)).status, 404);
    assert.equal((await owner.delete(`${at}/responses/${gone}`)).status, 404);
    assert.equal((await owner.get(`${at}/responses/${gone}/files/${file}`)).status, 404);
    assert.deepEqual((await owner.get(`${at}/responses`)).body.items.map(({ id }) => id), [stays]);
    const results = (await owner.get(`${at}/results`)).body;
    assert.deepEqual([results.finished, results.questions[0].figure.n, results.questions[0].figure.score], [1, 1, 100]);
    assert.equal((await owner.get("/api/v1/surveys")).body.items.find(({ id }) => id === survey.id).score.score, 100);
    assert.deepEqual(await asked(), [[1, 100]]);
    assert.equal(await events(), 3);
    assert.deepEqual([...new Set(await voices())], [stays]);
    // The place it took stays taken: nobody answers again by having an answer removed.
    assert.equal((await respondent.finish({ n: 10 })).status, 410);

    const traces = await owner.get(`${at}/removals`);
    assert.deepEqual(traces.body.items, [removed.body]);
    assert.equal((await viewer.get(`${at}/removals`)).status, 403);
    assert.ok((await owner.get("/api/v1/audit")).body.items.some(({ action, object }) => action === "survey.response.remove" && object === gone));
  });

  test("unfinished answers are removed before they ever count", async () => {
    const survey = await publish(owner, document([nps("n")]));
    const respondent = new Respondent(server, (await link(owner, survey.id)).token);
    const { response, edit } = (await respondent.post({ answers: { n: 1 } })).body;
    const removed = await owner.delete(`/api/v1/surveys/${survey.id}/responses/${response}`);
    assert.deepEqual([removed.status, removed.body.events], [200, 0]);
    assert.equal((await respondent.post({ response, edit, answers: { n: 2 }, finished: true })).status, 404);
    assert.equal((await owner.get(`/api/v1/surveys/${survey.id}/results`)).body.opened, 0);
  });
});
