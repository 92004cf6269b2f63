// Holds every answer of a test run against what the server says about itself in /openapi.json: the route, the status, the
// media type and the JSON, strictly by its schema. help/server.mjs calls this for each answer it reads.
import assert from "node:assert/strict";
import Ajv2020 from "ajv/dist/2020.js";

const described = new Map(); // origin → Promise of a Description

class Description {
  constructor(api) {
    this.api = api;
    this.ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
    this.ajv.addSchema({ $id: "api", components: api.components });
    this.checks = new Map();
    this.routes = Object.entries(api.paths).map(([template, operations]) => ({
      template,
      operations,
      pattern: new RegExp(`^${template.replace(/[.$]/g, "\\$&").replace(/\{[^}]+\}/g, "[^/]+")}$`),
      params: (template.match(/\{/g) ?? []).length,
    }));
  }

  find(method, path) {
    const fits = this.routes.filter(({ pattern }) => pattern.test(path)).sort((a, b) => a.params - b.params);
    const verb = method === "HEAD" ? "get" : method.toLowerCase();
    const route = fits.find(({ operations }) => operations[verb]);
    return route && { key: `${verb} ${route.template}`, operation: route.operations[verb] };
  }

  schemaCheck(key, schema) {
    if (!this.checks.has(key)) {
      const local = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/'));
      this.checks.set(key, this.ajv.compile(local));
    }
    return this.checks.get(key);
  }

  answerOf(operation, status) {
    const answer = operation.responses[status] ?? operation.responses.default;
    return answer.$ref ? this.api.components.responses.Problem : answer;
  }
}

const describe = (origin) => {
  if (!described.has(origin)) {
    const read = fetch(`${origin}/openapi.json`).then(async (answer) => new Description(await answer.json()));
    described.set(origin, read);
  }
  return described.get(origin);
};

// The template of a described route that answers `method` at `path`, if there is one: /imports/preview is also an /imports/{id}.
export const answering = (api, method, path) => new Description(api).find(method, path)?.key;

export const forget = (origin) => described.delete(origin);

export async function checkAnswer(origin, method, target, { status, headers, text, body }) {
  const description = await describe(origin);
  const path = target.split("?")[0];
  const shown = `${method} ${target} → ${status} ${text.slice(0, 500)}`;
  const found = description.find(method, path);
  const type = headers["content-type"] ?? "";
  if (!found || (method === "OPTIONS" && status === 204)) {
    const page = status < 400 && !path.startsWith("/api/");
    assert.ok(page || method === "OPTIONS" || type === "application/problem+json", `not a problem: ${shown}`);
    return;
  }
  const answer = description.answerOf(found.operation, status);
  const named = Object.keys(answer.content ?? {});
  if (method === "HEAD" || status === 304) {
    return;
  }
  if (named.length === 0) {
    assert.equal(text, "", `an answer where none is described: ${shown}`);
    return;
  }
  assert.ok(named.includes(type), `media type ${type} is not described (${named}): ${shown}`);
  if (/json/.test(type)) {
    const check = description.schemaCheck(`${found.key} ${status} ${type}`, answer.content[type].schema);
    assert.ok(check(body), `does not fit its schema: ${shown}\n${JSON.stringify(check.errors, null, 1)}`);
  }
}

// The address in a message shows a page when a person opens it and takes one word when a mail program posts to it (RFC 8058); that a
// GET changes nothing there is tested with invitations.
export const isPageToo = (template) => template === "/o/{token}";
