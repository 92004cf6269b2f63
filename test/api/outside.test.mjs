// The pages for people outside, and the scripts for other people's pages: what may be kept, framed and called.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { root, start } from "../help/server.mjs";

// A build without pages has none of these either.
const skip = existsSync(path.join(root, "ui/dist/respond.html")) ? false : "the pages are not built";

test("a survey's page is kept by nobody and framed by nobody, whatever the token", { skip }, async (t) => {
  const server = await start(t);
  for (const address of ["/s/abcdef", "/s/abcdef?a=9", "/o/abcdef"]) {
    const answer = await server.anybody().get(address);
    const { headers } = answer;
    assert.equal(answer.status, 200, address);
    assert.match(headers["content-type"], /text\/html/);
    assert.equal(headers["cache-control"], "no-store");
    assert.equal(headers["referrer-policy"], "no-referrer");
    assert.match(headers["x-robots-tag"], /noindex/);
    assert.equal(headers.etag, undefined);
    assert.match(headers["content-security-policy"], /^default-src 'none'; script-src 'self'; style-src 'self';/);
    assert.match(headers["content-security-policy"], /frame-ancestors 'none'/);
    assert.doesNotMatch(headers["content-security-policy"], /unsafe|\*/);
    assert.doesNotMatch(answer.text, /<style|<script(?![^>]+src=)|\sstyle=|\son\w+=/);
    assert.equal(headers["set-cookie"], undefined);
  }
  for (const address of ["/s", "/s/", "/s/a/b", "/s/a.b", "/o"]) {
    assert.equal((await server.anybody().get(address)).status, 404, address);
  }
  assert.equal((await server.anybody().post("/s/abcdef", {})).status, 405);
});

test("the widget may be run by every page", { skip }, async (t) => {
  const server = await start(t);
  const { status, headers, text } = await server.anybody().get("/w/survey.js", { origin: "https://shop.example" });
  assert.equal(status, 200);
  assert.equal(headers["access-control-allow-origin"], "*");
  assert.equal(headers["access-control-allow-credentials"], undefined);
  assert.equal(headers["cross-origin-resource-policy"], "cross-origin");
  assert.doesNotMatch(text, /\beval\(|new Function|innerHTML/);
  const part = `w/assets/${text.match(/more-[\w-]+\.js/)[0]}`;
  const later = await server.anybody().get(`/${part}`);
  assert.equal(later.status, 200);
  assert.match(later.headers["cache-control"], /immutable/);
  assert.equal(later.headers["access-control-allow-origin"], "*");
});
