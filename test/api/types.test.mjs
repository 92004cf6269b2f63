// The pages' types are those of the running server: ui/src/lib/openapi.d.ts is what `npm run types` writes from its
// description.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import { root, start } from "../help/server.mjs";

test("the types of the pages are made from the description that the server gives", async (t) => {
  const server = await start(t);
  const module = await import(createRequire(path.join(root, "ui/")).resolve("openapi-typescript"));
  const { default: typesOf, astToString } = module.default.default ? module.default : module;
  const { body: served } = await server.anybody().get("/openapi.json", { "accept-language": "en" });
  const shapes = { openapi: served.openapi, info: served.info, paths: {}, components: { schemas: served.components.schemas } };
  const made = astToString(await typesOf(shapes));
  const kept = readFileSync(path.join(root, "ui/src/lib/openapi.d.ts"), "utf8");
  const plain = (text) => text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/\s+/g, " ").trim();
  assert.equal(plain(kept), plain(made), "run `npm run types` in ui/");
});
