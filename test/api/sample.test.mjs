// How many answers a survey needs: the figures of the tables, and what makes no sense.
import assert from "node:assert/strict";
import { test } from "node:test";
import { start } from "../help/server.mjs";

test("answers and invitations for a share, a score and a difference", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  const size = async (query) => (await owner.get(`/api/v1/sample-size?${query}`)).body;
  assert.deepEqual(await size("aim=share&margin=0.05"), { answers: 385, invitations: null });
  assert.deepEqual(await size("aim=share&margin=0.05&population=2000&response_rate=0.2"), { answers: 323, invitations: 1615 });
  assert.deepEqual(await size("aim=nps&margin=5&promoters=0.5&detractors=0.2"), { answers: 938, invitations: null });
  assert.deepEqual(await size("aim=difference&share=0.6&other=0.7&power=0.8"), { answers: 356, invitations: null });
});

test("numbers no sample size follows from are refused", async (t) => {
  const server = await start(t);
  const owner = await server.owner();
  for (const query of ["aim=share&margin=0", "aim=share&share=1", "aim=nps&promoters=0.8&detractors=0.4", "aim=difference&share=0.5&other=0.5", "response_rate=0", "aim=mean"]) {
    const { status } = await owner.get(`/api/v1/sample-size?${query}`);
    assert.ok(status === 422 || status === 400, `${query}: ${status}`);
  }
});
