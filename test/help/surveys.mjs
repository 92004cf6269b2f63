// Surveys for tests: small documents, links and answers.
import assert from "node:assert/strict";
import { request } from "./server.mjs";

export const both = (vi, en = vi) => ({ vi, en });

// A document in two languages with these questions.
export const document = (questions, more = {}) => ({
  languages: ["vi", "en"],
  name: "Thử",
  title: both("Thử", "A test"),
  questions: questions.map((question) => ({ title: both(`Câu ${question.id}`, `Question ${question.id}`), ...question })),
  ...more,
});

export const nps = (id, more = {}) => ({ id, type: "nps", ...more });
export const options = (...ids) => ids.map((id) => ({ id, label: both(id.toUpperCase()) }));

// A published survey: {id, version, …} as the server shows it.
export async function publish(client, body, comparable = {}) {
  const made = await client.post("/api/v1/surveys", { document: body });
  assert.equal(made.status, 201, made.text);
  const published = await client.post(`/api/v1/surveys/${made.body.id}/publish`, { comparable });
  assert.equal(published.status, 200, published.text);
  return published.body;
}

// The next version of a survey.
export async function edit(client, id, body, comparable = {}) {
  const put = await client.put(`/api/v1/surveys/${id}/draft`, body);
  assert.equal(put.status, 200, put.text);
  const published = await client.post(`/api/v1/surveys/${id}/publish`, { comparable });
  assert.equal(published.status, 200, published.text);
  return published.body;
}

// A link: {id, url, token}.
export async function link(client, survey, more = {}) {
  const made = await client.post(`/api/v1/surveys/${survey}/links`, { kind: "link", ...more });
  assert.equal(made.status, 201, made.text);
  const items = made.body.items.map((item) => ({ ...item, token: item.url.split("/s/")[1] }));
  return more.count ? items : items[0];
}

// Whoever answers: no cookie, a page of another origin.
export class Respondent {
  constructor(server, token, headers = {}) {
    Object.assign(this, { url: `${server.url}/api/v1/respond/${token}`, headers });
  }

  send(method, target, body, headers = {}) {
    const json = body !== undefined && !Buffer.isBuffer(body);
    return request(this.url + target, {
      method,
      headers: { origin: "https://shop.example", ...(json ? { "content-type": "application/json" } : {}), ...this.headers, ...headers },
      body: json ? JSON.stringify(body) : body,
    });
  }

  look = (headers) => this.send("GET", "", undefined, headers);
  post = (body, headers) => this.send("POST", "", body, headers);
  finish = (answers, more = {}) => this.post({ answers, finished: true, language: "vi", ...more });
  file = (bytes, name = "a.png") => this.send("POST", `/files?name=${encodeURIComponent(name)}`, bytes);
}

// Asks until the answer satisfies: a condition is waited for, never a time.
export async function until(ask, good, what = "it never came") {
  const end = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (good(answer)) {
      return answer;
    }
    assert.ok(Date.now() < end, `${what}: ${JSON.stringify(answer)}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}
