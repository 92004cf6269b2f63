// Feedback that comes in other ways: files of reviews and mentions, and a listening service's signed messages; each once.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { company } from "../help/voices.mjs";

const ok = (answer, status = 200) => (assert.equal(answer.status, status, answer.text), answer.body);
const list = async (client, query = "") => ok(await client.get(`/api/v1/feedback${query}`)).items;

async function upload(owner, name, text) {
  return ok(await owner.post(`/api/v1/files?name=${name}`, Buffer.from(text)), 201);
}

// Imports a file with the map that is guessed for it.
async function bring(owner, name, text) {
  const file = await upload(owner, name, text);
  const preview = ok(await owner.post("/api/v1/imports/preview", { file: file.id }));
  let made = ok(await owner.post("/api/v1/imports", { file: file.id, name, map: preview.map }), 202);
  while (["waiting", "running"].includes(made.state)) {
    await sleep(20);
    made = ok(await owner.get(`/api/v1/imports/${made.id}`));
  }
  return { map: preview.map, made };
}

const reviews = `Mã đơn,Ngày đánh giá,Người đánh giá,Sản phẩm,Số sao,Nội dung đánh giá
A1,2026-10-01,Bé Na,Nồi cơm Hiên,5,Nồi đẹp nấu ngon
A2,2026-10-02,Anh Tư,Nồi cơm Hiên,1,Giao hàng chậm mà nồi bị móp
A3,2026-10-03,Chị Bảy,Chảo Lá Sen,4,
`;

const posts = `post_url,author,content,date,reach,channel
https://fb.vn/1,Minh,Shop này giao hàng chậm quá,2026-10-05,120,facebook
https://fb.vn/2,Lan,Mua lần hai vẫn thích,2026-10-06,40,facebook
`;

// A message as a listening service sends it.
function message(secret, body, { id = "msg_1", at = Math.floor(Date.now() / 1000), text = JSON.stringify(body) } = {}) {
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${at}.${text}`).digest("base64");
  return [text, { "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": `v1,${signature}` }];
}

describe("other sources", () => {
  test("stars are stars, whatever one line says: never a Net Promoter Score", async (t) => {
    const { owner } = await company(t, []);
    const { map, made } = await bring(owner, "sao.csv", reviews.replace(",4,\n", ",6,Chảo tốt\n"));
    assert.deepEqual([map.score.question, map.score.metric, map.score.scale], ["review.stars", undefined, "1-5"]);
    assert.deepEqual([made.stored, made.refused], [2, 1]);
  });

  test("a marketplace's file becomes reviews with stars of their own, product and author; twice is once", async (t) => {
    const { owner } = await company(t, []);
    const first = await bring(owner, "danh-gia.csv", reviews);
    assert.deepEqual(first.map.kind, { value: "Product Reviewed" });
    assert.equal(first.map.score.question, "review.stars");
    assert.deepEqual([first.made.state, first.made.stored], ["done", 3]);
    const rows = await list(owner, "?has_text=any&source=review");
    assert.deepEqual(rows.map(({ score, scale, metric }) => [score, scale, metric]), [[4, "1-5", null], [1, "1-5", null], [5, "1-5", null]]);
    assert.deepEqual([rows[1].author, rows[1].product], ["Anh Tư", "Nồi cơm Hiên"]);
    const again = await bring(owner, "danh-gia-2.csv", reviews.replace("Bé Na", "BÉ NA").replace("A2", "B2"));
    assert.deepEqual([again.made.stored, again.made.duplicates], [0, 3]);
    const counts = ok(await owner.get("/api/v1/feedback/counts?has_text=any"));
    assert.deepEqual(counts.scores.map(({ question, metric }) => [question, metric]), [["review.stars", null]]);
    ok(await owner.post(`/api/v1/imports/${first.made.id}/undo`));
    for (let left = 3; left > 0; await sleep(20)) {
      left = (await list(owner, "?has_text=any&source=review")).length;
    }
    assert.equal((await list(owner, "?q=mop")).length, 0);
  });

  test("files of marketplaces are reviews whatever their headings: stars are no CSAT, the review's id is its own", async (t) => {
    const { owner } = await company(t, []);
    const map = async (text) => ok(await owner.post("/api/v1/imports/preview", { file: (await upload(owner, "file.csv", text)).id })).map;
    const texts = [
      "Mã đánh giá,Thời gian,Người mua,Tên sản phẩm,Số sao,Nội dung,Mã đơn hàng\nR1,2026-10-01 08:00,Lan,Nồi,5,Tốt,D1\nR2,2026-10-02 08:00,Minh,Chảo,2,Móp,D1\n",
      "Sao,Nội dung,Người mua,Thời gian\n5,Tốt,Lan,01/10/2026 08:00\n1,Móp,Minh,22/10/2026 08:00\n",
      "Đánh giá,Bình luận,Tên người mua,Ngày đánh giá\n5,Tốt,Lan,2026-10-01\n4,Ổn,Minh,2026-10-02\n",
      "Thời gian,Đánh giá,Nhận xét\n2026-10-01,3,Tạm\n2026-10-02,5,Tốt\n",
      "Review ID,Order ID,Product Name,Buyer,Rating,Comment,Date\n1,D1,Pot,Ann,5,Good,2026-10-01\n2,D1,Pan,Bob,1,Dented,2026-10-02\n",
      "Stars,Comment,Buyer Username,Review Date\n5,Good,ann,2026-10-01\n1,Bad,bob,2026-10-02\n",
    ];
    for (const text of texts) {
      const guess = await map(text);
      assert.deepEqual(guess.kind, { value: "Product Reviewed" }, text);
      assert.deepEqual([guess.score.question, guess.score.metric, guess.score.scale], ["review.stars", undefined, "1-5"], text);
      assert.ok(guess.text && guess.at, text);
    }
    assert.equal((await map(texts[0])).id, "Mã đánh giá");
    assert.equal((await map(texts[4])).id, "Review ID");
    const twice = await bring(owner, "hai-lan.csv", `${texts[0]}${texts[0].split("\n")[1]}\n`);
    assert.deepEqual([twice.made.stored, twice.made.duplicates], [2, 1]);
    const rows = await list(owner, "?source=review");
    assert.deepEqual(rows.map(({ author, product, metric }) => [author, product, metric]), [["Minh", "Chảo", null], ["Lan", "Nồi", null]]);
    const priced = await map("Ngày,Đánh giá,Nhận xét,Giá\n2026-10-01,5,Tốt,120000\n2026-10-02,4,Ổn,90000\n");
    assert.deepEqual([priced.kind, priced.score.question], [undefined, "review.stars"]);
    // Answers of one's own customers stay answers.
    const own = await map("Customer ID,Date,Rating,Comment\nK1,2026-10-01,5,Good\nK2,2026-10-02,2,Slow\n");
    assert.deepEqual([own.kind, own.score.metric], [undefined, "csat"]);
    assert.equal((await map("Mã khách,Ngày,Điểm hài lòng,Nhận xét\nK1,2026-10-01,5,Tốt\nK2,2026-10-02,2,Chậm\n")).score.metric, "csat");
    assert.equal((await map("Ngày,Đánh giá,Nhận xét\n2026-10-01,9,Tốt\n2026-10-02,10,Tốt\n")).score.metric, "nps");
  });

  test("D11 C14 mentions come signed, in time and once, also when a file brings the same words", async (t) => {
    const { owner, server } = await company(t, []);
    const source = ok(await owner.post("/api/v1/mention-sources", { name: "Nghe" }), 201);
    const anybody = server.anybody({});
    const body = { mentions: [{ text: "Shop này giao hàng CHẬM quá", author: "Minh", at: "2026-10-05T03:00:00Z", channel: "facebook" },
      { id: "x-7", text: "Nhân viên dễ thương", url: "https://fb.vn/9" }] };
    const send = (...args) => anybody.post("/api/v1/mentions", ...message(source.secret, ...args));
    assert.deepEqual(ok(await send(body)), { stored: 2, duplicates: 0 });
    assert.equal((await send(body)).status, 409);
    assert.deepEqual(ok(await send(body, { id: "msg_2" })), { stored: 0, duplicates: 2 });
    assert.equal((await send(body, { id: "msg_3", at: Math.floor(Date.now() / 1000) - 301 })).status, 401);
    const [text, headers] = message(source.secret, body, { id: "msg_4" });
    assert.equal((await anybody.post("/api/v1/mentions", `${text} `, headers)).status, 401);
    assert.equal((await anybody.post("/api/v1/mentions", text)).status, 401);
    const wrong = await send({ mentions: [{ text: "ok" }, { author: "không có lời" }] }, { id: "msg_5" });
    assert.deepEqual([wrong.status, wrong.body.errors[0].pointer], [422, "/mentions/1/text"]);
    const { made } = await bring(owner, "posts.csv", posts);
    assert.deepEqual([made.stored, made.duplicates], [1, 1]);
    const rows = await list(owner, "?source=mention");
    assert.equal(rows.length, 3);
    assert.equal(rows.filter(({ url }) => url?.startsWith("https://fb.vn/")).length, 2);
    assert.equal("secret" in ok(await owner.get("/api/v1/mention-sources")).items[0], false);
    assert.equal((await owner.delete(`/api/v1/mention-sources/${source.id}`)).status, 204);
    assert.equal((await send(body, { id: "msg_6" })).status, 401);
  });
});
