// A company whose customers said a few things: scores of two scales, words of several sources, and an event that is no feedback.
import assert from "node:assert/strict";
import { start } from "./server.mjs";

const at = Date.parse("2026-11-01T02:00:00Z");
const iso = (minutes) => new Date(at + minutes * 60_000).toISOString();

export const said = (minutes, event, properties, userId = `KH-${minutes}`) => ({
  type: "track", userId, event, timestamp: iso(minutes), messageId: `m${minutes}`, properties });

export const voices = [
  said(1, "Survey Answered", { metric: "nps", score: 9, text: "Giao hàng nhanh, nhân viên dễ thương", channel: "email", place: "Huế",
    touchpoint: "giao-hang", question: "nps.recommend" }),
  said(2, "Survey Answered", { metric: "nps", score: 3, text: "Giao chậm quá, gọi tổng đài không ai nghe", channel: "email",
    place: "Đà Nẵng", touchpoint: "giao-hang", question: "nps.recommend" }),
  said(3, "Survey Answered", { metric: "csat", score: 4, channel: "web", place: "Huế" }),
  said(4, "Survey Answered", { metric: "csat", score: 9, scale: "1-10", channel: "web" }),
  said(5, "Product Reviewed", { text: "Áo đẹp, đóng gói cẩn thận", question: "review.stars", score: 5, scale: "1-5", product: "Áo dài",
    author: "Bé Na", url: "https://san.vn/r/1" }, "KH-1"),
  said(6, "Complaint Made", { text: "Đường ống bị vỡ khi giao", channel: "phone" }),
  said(7, "Order Completed", { revenue: 120000, currency: "VND" }),
  said(8, "Feedback Given", { text: "The app keeps crashing" }),
];

export async function company(t, batch = voices) {
  const server = await start(t);
  const owner = await server.owner();
  const secret = await server.key(owner, { name: "shop", kind: "write", trust: "server" });
  const tracker = server.anybody({ authorization: `Basic ${Buffer.from(`${secret}:`).toString("base64")}` });
  const send = async (items) => {
    const sent = await tracker.post("/v1/batch", { batch: items });
    assert.equal(sent.status, 200, sent.text);
  };
  await send(batch);
  return { server, owner, send };
}
