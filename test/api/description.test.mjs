// The running server and its description, both ways.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { answering, isPageToo } from "../help/description.mjs";
import { root, shared } from "../help/server.mjs";

const VERBS = ["get", "post", "put", "patch", "delete"];

suite("the description", () => {
  const server = shared();
  let api;

  before(async () => {
    api = (await server.anybody().get("/openapi.json")).body;
  });

  const operations = () =>
    Object.entries(api.paths).flatMap(([template, verbs]) =>
      Object.entries(verbs).map(([verb, operation]) => ({ template, verb, operation })),
    );

  test("is OpenAPI 3.1 and every operation has a unique id, a right and a summary in words", () => {
    assert.match(api.openapi, /^3\.1\./);
    const ids = operations().map(({ operation }) => operation.operationId);
    assert.equal(new Set(ids).size, ids.length);
    for (const { template, verb, operation } of operations()) {
      assert.ok(operation["x-right"], `${verb} ${template} has no right`);
      assert.ok(operation.summary && !operation.summary.startsWith("route."), `${verb} ${template}: ${operation.summary}`);
    }
  });

  test("names every parameter of a path", () => {
    for (const { template, verb, operation } of operations()) {
      const inPath = [...template.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      const named = operation.parameters.filter((one) => one.in === "path").map(({ name }) => name);
      assert.deepEqual(named, inPath, `${verb} ${template}`);
    }
  });

  test("every described route answers: with nobody signed in none is 404 or 405 for want of a route", async () => {
    for (const { template, verb, operation } of operations()) {
      if (operation.responses["200"]?.content?.["text/event-stream"] && operation["x-right"] === "public") {
        continue;
      }
      const target = template.replaceAll(/\{[^}]+\}/g, "0000000000000");
      const { status, text } = await server.anybody().send(verb.toUpperCase(), target);
      assert.notEqual(status, 405, `${verb} ${template}`);
      assert.notEqual(status, 501, `${verb} ${template}`);
      if (!["public", "collect"].includes(operation["x-right"])) {
        assert.equal(status, 401, `${verb} ${template}: ${text}`);
      }
    }
  });

  test("every route in the sources is described", () => {
    // A row of a table, or a macro that makes one.
    const row = /^\s*(?:\{\s*(?:\.method\s*=\s*)?HTTP_(GET|POST|PUT|PATCH|DELETE),\s*(?:\.path\s*=\s*)?|[A-Z]+\()"(\/[^"]*)"/gm;
    const folder = path.join(root, "src/api");
    let count = 0;
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".c"))) {
      for (const [, method, route] of readFileSync(path.join(folder, file), "utf8").matchAll(row)) {
        const verbs = api.paths[route.replaceAll(/:([a-z_]+)/gi, "{$1}")];
        assert.ok(method ? verbs?.[method.toLowerCase()] : verbs, `${method} ${route} in ${file} is not described`);
        count++;
      }
    }
    assert.ok(count > 20, `only ${count} routes were found in the sources`);
    assert.equal(operations().length, count, "the description has routes that the sources have not");
  });

  test("other methods of a described path are 405 and say which are allowed", async () => {
    for (const [template, verbs] of Object.entries(api.paths)) {
      if (isPageToo(template)) {
        continue;
      }
      const target = template.replaceAll(/\{[^}]+\}/g, "0000000000000");
      for (const verb of VERBS.filter((one) => !verbs[one] && !answering(api, one, target))) {
        const { status, headers } = await server.anybody().send(verb.toUpperCase(), target);
        assert.equal(status, 405, `${verb} ${template}`);
        const allowed = headers.allow.split(", ");
        for (const known of Object.keys(verbs)) {
          assert.ok(allowed.includes(known.toUpperCase()), `${template}: ${headers.allow}`);
        }
      }
    }
  });

  test("every schema reference leads somewhere", () => {
    const names = new Set(Object.keys(api.components.schemas));
    for (const [, name] of JSON.stringify(api).matchAll(/#\/components\/schemas\/(\w+)/g)) {
      assert.ok(names.has(name), name);
    }
  });

  test("the page for people names every route, in both languages, without scripts or styles inside", async () => {
    for (const language of ["vi", "en"]) {
      const { status, text, headers } = await server.anybody().get(`/docs?language=${language}`);
      assert.equal(status, 200);
      assert.match(headers["content-security-policy"], /default-src 'self'/);
      assert.doesNotMatch(text, /<script|<style|style=|onclick/);
      assert.match(text, new RegExp(`<html lang="${language}">`));
      for (const { template, verb } of operations()) {
        const shown = template.replaceAll(/\{([^}]+)\}/g, ":$1");
        assert.ok(text.includes(`<code>${verb.toUpperCase()} ${shown}</code>`), `${verb} ${template}`);
      }
      assert.doesNotMatch(text, />(route|shape|docs)\.[a-z_.]+</);
    }
  });

  test("summaries follow the reader's language", async () => {
    const summary = async (language) =>
      (await server.anybody({ "accept-language": language }).get("/openapi.json")).body.paths["/api/v1/session"].get.summary;
    assert.notEqual(await summary("vi"), await summary("en-GB,vi;q=0.3"));
  });
});
