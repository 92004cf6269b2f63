// Brings events in through the import, as a user of the product would.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

const quoted = (value) => `"${String(value ?? "").replaceAll('"', '""')}"`;

// `rows`: objects of one form; `map`: of which column becomes what. Gives the finished import.
export async function tell(client, rows, map, name = "told.csv") {
  const columns = Object.keys(rows[0]);
  const text = [columns, ...rows.map((row) => columns.map((column) => row[column]))]
    .map((line) => line.map(quoted).join(","))
    .join("\n");
  const file = await client.send("POST", `/api/v1/files?name=${encodeURIComponent(name)}`, text);
  assert.ok(file.status < 300, file.text);
  const begun = await client.post("/api/v1/imports", { file: file.body.id, map, name });
  assert.ok(begun.status < 300, begun.text);
  for (let i = 0; i < 600; i++) {
    const { body } = await client.get(`/api/v1/imports/${begun.body.id}`);
    if (!["waiting", "running"].includes(body.state)) {
      assert.equal(body.state, "done", JSON.stringify(body));
      return body;
    }
    await sleep(20);
  }
  throw new Error("the import does not end");
}
