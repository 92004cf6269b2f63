// Interview studies: notes only of whom agreed, coded to touchpoints and pain points, findings that stay; nothing of an erased person.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { company } from "../help/voices.mjs";

const ok = (answer, status = 200) => (assert.equal(answer.status, status, answer.text), answer.body);

async function agree(owner, person) {
  const wordings = ok(await owner.get("/api/v1/consent-wordings")).items ?? [];
  let wording = wordings.find(({ purpose }) => purpose === "research")?.version;
  wording ??= ok(await owner.post("/api/v1/consent-wordings", { purpose: "research", texts: { vi: "Đồng ý tham gia nghiên cứu", en: "I agree" } }), 201)
    .version;
  return owner.post("/api/v1/consents", { items: [{ alias: person, purpose: "research", state: "given", how: "form", wording, at_ms: Date.now() - 1000 }] });
}

describe("studies", () => {
  test("a note needs the person's word, is feedback, and is coded", async (t) => {
    const { owner } = await company(t);
    const study = ok(await owner.post("/api/v1/studies", { name: "Vì sao đổi trả", purpose: "Hiểu lý do", guide: "1. Kể lại…", target: 8,
      from_date: "2026-11-01", to_date: "2026-11-30", status: "running" }), 201);
    assert.equal((await owner.post("/api/v1/studies", { name: "x", from_date: "2026-02-30" })).status, 422);
    ok(await owner.post(`/api/v1/studies/${study.id}/people`, { person: "user:KH-1", state: "invited" }));
    const note = { person: "user:KH-1", text: "Tôi chờ ba ngày. Người giao hàng không gọi trước, tôi phải xuống lấy." };
    const refused = await owner.post(`/api/v1/studies/${study.id}/notes`, note);
    assert.equal(refused.status, 409, refused.text); // not a right that is missing: a word of theirs
    const agreed = await agree(owner, "user:KH-1");
    assert.ok([200, 201].includes(agreed.status), agreed.text);
    const written = ok(await owner.post(`/api/v1/studies/${study.id}/notes`, note), 201);
    assert.deepEqual([written.source, written.text], ["interview", note.text]);
    const [person] = ok(await owner.get(`/api/v1/studies/${study.id}/people`)).items;
    assert.deepEqual([person.state, person.agreed], ["interviewed", true]);
    const pain = ok(await owner.post("/api/v1/pains", { name: "Không gọi trước khi giao" }), 201);
    const passage = { note: written.id, quote: "Người giao hàng không gọi trước", touchpoint: "giao-hang", pain: pain.id, code: "bất ngờ" };
    const coded = ok(await owner.post(`/api/v1/studies/${study.id}/passages`, passage), 201);
    assert.equal((await owner.post(`/api/v1/studies/${study.id}/passages`, { ...passage, quote: "không có" })).status, 422);
    const [shown] = ok(await owner.get(`/api/v1/studies/${study.id}/passages`)).items;
    assert.equal(shown.quote, passage.quote);
    assert.equal(ok(await owner.get(`/api/v1/pains/${pain.id}`)).evidence, 1);
    const finding = { title: "Khách cần được báo trước", text: "…", pain: pain.id, passages: [coded.id] };
    ok(await owner.post(`/api/v1/studies/${study.id}/findings`, finding), 201);
    const [found] = ok(await owner.get("/api/v1/findings")).items;
    assert.deepEqual([found.title, found.passages], [finding.title, [coded.id]]);
    const whole = ok(await owner.get(`/api/v1/studies/${study.id}`));
    assert.deepEqual([whole.people, whole.notes, whole.findings], [1, 1, 1]);
    assert.equal(ok(await owner.patch(`/api/v1/studies/${study.id}`, { status: "closed" })).status, "closed");
  });

  test("lose the notes, passages and place of an erased person", async (t) => {
    const { owner } = await company(t);
    const study = ok(await owner.post("/api/v1/studies", { name: "Nghiên cứu" }), 201);
    await agree(owner, "user:KH-1");
    const written = ok(await owner.post(`/api/v1/studies/${study.id}/notes`, { person: "user:KH-1", text: "Lời riêng của tôi" }), 201);
    ok(await owner.post(`/api/v1/studies/${study.id}/passages`, { note: written.id, quote: "Lời riêng", code: "x" }), 201);
    ok(await owner.delete("/api/v1/people/user:KH-1"));
    for (const what of ["notes", "passages", "people"]) {
      assert.deepEqual(ok(await owner.get(`/api/v1/studies/${study.id}/${what}`)).items, [], what);
    }
  });
});
