// Who did what: one line each, in an order nobody can change unseen.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, suite, test } from "node:test";
import { shared } from "../help/server.mjs";

const sha256 = (text) => createHash("sha256").update(text).digest("hex");

suite("the audit log", () => {
  const server = shared();
  let owner;

  before(async () => {
    owner = await server.owner();
  });

  const entries = async () => {
    const all = [];
    let after = "";
    do {
      const { body } = await owner.get(`/api/v1/audit?limit=7${after && `&after=${after}`}`);
      all.push(...body.items);
      after = body.next;
    } while (after);
    return all;
  };

  test("every change leaves an entry with who, what, object and address", async () => {
    const key = await owner.post("/api/v1/keys", { name: "kho", kind: "write", trust: "server" });
    await owner.delete(`/api/v1/keys/${key.body.key.id}`);
    await owner.patch("/api/v1/settings", { minimum_n: 20, organisation: "Cửa hàng Sen" });
    const made = await owner.post("/api/v1/users", { email: "sua@example.vn", name: "Sửa", role: "viewer" });
    await owner.patch(`/api/v1/users/${made.body.user.id}`, { role: "agent" });
    await owner.post(`/api/v1/users/${made.body.user.id}/link`);
    const found = (await entries()).slice(0, 6).reverse();
    assert.deepEqual(
      found.map(({ who, action, object, address }) => [who, action, object, address]),
      [
        [owner.email, "key.create", "kho", "127.0.0.1"],
        [owner.email, "key.remove", "kho", "127.0.0.1"],
        [owner.email, "settings.change", "organisation, minimum_n", "127.0.0.1"],
        [owner.email, "user.create", "sua@example.vn", "127.0.0.1"],
        [owner.email, "user.change", "sua@example.vn", "127.0.0.1"],
        [owner.email, "user.link", "sua@example.vn", "127.0.0.1"],
      ],
    );
  });

  test("C22 line breaks and terminal codes stay inside one entry, escaped", async () => {
    const before = (await entries()).length;
    await owner.post("/api/v1/keys", { name: "a\r\nb\u001b[31mđỏ", kind: "write", trust: "server" });
    const all = await entries();
    assert.equal(all.length, before + 1);
    assert.equal(all[0].object, "a\\x0d\\x0ab\\x1b[31mđỏ");
    assert.doesNotMatch(server.said, /\u001b/);
  });

  test("each entry carries the digest of the one before, numbered without gaps", async () => {
    const all = (await entries()).reverse();
    assert.ok(all.length > 5);
    let digest = "";
    all.forEach((entry, index) => {
      assert.equal(entry.id, index + 1);
      const parts = [digest, entry.who, entry.action, entry.object, entry.detail, entry.address];
      const text = `${entry.id} ${entry.at_ms}` + parts.map((part) => `\n${Buffer.byteLength(part)}:${part}`).join("");
      assert.equal(entry.digest, sha256(text), `entry ${entry.id}`);
      digest = entry.digest;
    });
  });

  test("there is no way to change or remove an entry", async () => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      assert.equal((await owner.send(method, "/api/v1/audit")).status, 405);
      assert.equal((await owner.send(method, "/api/v1/audit/1")).status, 404);
    }
  });

  test("a change that is refused leaves neither itself nor an entry", async () => {
    const count = (await entries()).length;
    const user = { email: "mot@example.vn", name: "x", role: "viewer" };
    assert.equal((await owner.post("/api/v1/users", user)).status, 201);
    assert.equal((await owner.post("/api/v1/users", user)).status, 409);
    assert.equal((await owner.patch("/api/v1/settings", { organisation: "Không lưu", zone: "Asia/Atlantis" })).status, 422);
    assert.equal((await owner.post("/api/v1/keys", { name: "x", kind: "api", scopes: ["root"] })).status, 422);
    assert.equal((await entries()).length, count + 1);
    assert.notEqual((await owner.get("/api/v1/settings")).body.organisation, "Không lưu");
  });

  test("no secret is in it", async () => {
    const { body } = await owner.post("/api/v1/keys", { name: "x", kind: "api", scopes: ["read"] });
    const text = JSON.stringify(await entries());
    assert.ok(!text.includes(body.secret) && !text.includes(body.secret.slice(5, 20)));
    assert.ok(!text.includes(owner.password));
  });
});
