// The message itself: bytes that two readers could take for two different requests, and sizes nobody needs.
// The names F01 … are those of the list of abuse cases.
import assert from "node:assert/strict";
import { afterEach, before, suite, test } from "node:test";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { shared } from "../help/server.mjs";
import { head, raw } from "../help/raw.mjs";
import { stillWell, vitals } from "../help/well.mjs";

const POST = "POST /api/v1/session HTTP/1.1";
const GET = "GET /livez HTTP/1.1";
const JSON_TYPE = "Content-Type: application/json";
const chunked = (...chunks) => head(POST, JSON_TYPE, "Transfer-Encoding: chunked") + chunks.join("");

suite("the wire", () => {
  const server = shared();
  let well;

  before(async () => {
    well = await vitals(server);
  });
  afterEach(() => stillWell(server, well));

  // name: [bytes, allowed statuses, must the connection be closed?]
  const refused = {
    "F01 length and coding together": [head(POST, "Content-Length: 5", "Transfer-Encoding: chunked") + "0\r\n\r\n", [400], true],
    "F02 two lengths that differ": [head(POST, "Content-Length: 5", "Content-Length: 6") + "hello", [400], true],
    "F02 two lengths that agree": [head(POST, "Content-Length: 5", "Content-Length: 5") + "hello", [400], true],
    "F02 +5": [head(POST, "Content-Length: +5") + "hello", [400], true],
    "F02 5,5": [head(POST, "Content-Length: 5,5") + "hello", [400], true],
    "F02 0x5": [head(POST, "Content-Length:  0x5") + "hello", [400], true],
    "F02 -1": [head(POST, "Content-Length: -1") + "hello", [400], true],
    "F02 2^63": [head(POST, "Content-Length: 9223372036854775808") + "hello", [400, 413], true],
    "F02 2^64+5": [head(POST, "Content-Length: 18446744073709551621") + "hello", [400, 413], true],
    "F03 two codings": [head(POST, "Transfer-Encoding: chunked, identity") + "0\r\n\r\n", [400], true],
    "F03 unknown coding": [head(POST, "Transfer-Encoding: xchunked") + "0\r\n\r\n", [400], true],
    "F03 control character in the coding": [head(POST, "Transfer-Encoding: chunked\x0b") + "0\r\n\r\n", [400], true],
    "F03 blank before the colon": [head(POST, "Content-Length : 5") + "hello", [400], true],
    "F04 endless chunk": [chunked("FFFFFFFFFFFFFFFF0\r\n{}\r\n0\r\n\r\n"), [400, 413], true],
    "F04 negative chunk": [chunked("-1\r\n{}\r\n0\r\n\r\n"), [400], true],
    "F04 chunk extension of 64 KB": [chunked(`2;${"x".repeat(65536)}\r\n{}\r\n0\r\n\r\n`), [400, 413, 500], true],
    "F06 NUL in a name": [head(GET, "A\0b: c"), [400], true],
    "F06 control character in a value": [head(GET, "A: b\x01c"), [400], true],
    "F06 control character in the target": [head("GET /li\x01vez HTTP/1.1"), [400], true],
    "F06 DEL in a value": [head(GET, "A: b\x7fc"), [400], true],
    "F07 200 headers": [head(GET, ...Array.from({ length: 200 }, (_, i) => `X${i}: a`)), [431], true],
    "F07 10,000 headers": [head(GET, ...Array.from({ length: 10000 }, (_, i) => `X${i}: a`)), [431], true],
    "F07 a header of 20 KB": [head(GET, `X: ${"a".repeat(20000)}`), [431], true],
    "F07 a header of 64 KB": [head(GET, `X: ${"a".repeat(65536)}`), [431], true],
    "F07 1 MB of headers": [head(GET, `X: ${"a".repeat(1 << 20)}`), [431], true],
    "F14 a target of 10 KB": [head(`GET /${"a".repeat(10000)} HTTP/1.1`), [414], true],
    "F14 a target of 64 KB": [head(`GET /${"a".repeat(65536)} HTTP/1.1`), [414], true],
    "F14 64 KB of folders without a slash at the end": [head(`GET ${"/a".repeat(32768)} HTTP/1.1`), [414], true],
    "F14 7 KB of folders": [head(`GET ${"/a".repeat(3500)} HTTP/1.1`), [404], false],
    "F14 %": [head("GET /% HTTP/1.1"), [400, 404], false],
    "F14 %zz": [head("GET /%zz HTTP/1.1"), [400, 404], false],
    "F14 %00": [head("GET /%00 HTTP/1.1"), [400, 404], false],
    "F14 overlong slash": [head("GET /..%c0%af..%c0%afetc/passwd HTTP/1.1"), [400, 404], false],
    "F15 TRACE": [head("TRACE / HTTP/1.1"), [405, 501], true],
    "F15 CONNECT": [head("CONNECT example.vn:80 HTTP/1.1"), [400, 405, 501], true],
    "F15 PRI": [head("PRI * HTTP/1.1"), [400, 405, 501], true],
    "F15 a method of 1 KB": [head(`${"A".repeat(1024)} / HTTP/1.1`), [405, 501], true],
    "F16 HTTP/0.9": ["GET /livez\r\n\r\n", [400, 505], true],
    "F16 HTTP/2.0 by name": [head("GET /livez HTTP/2.0"), [505], true],
    "F21 no Host": ["GET /livez HTTP/1.1\r\n\r\n", [400], true],
    "F21 two Hosts": [head(GET, "Host: localhost"), [400], true],
    "F21 the absolute form of another host": [head("GET http://evil.test/livez HTTP/1.1"), [400], true],
    "F21 SQL in Host": ["GET /livez HTTP/1.1\r\nHost: [::1]' or 1=1\r\n\r\n", [400], true],
    "F21 an open bracket in Host": ["GET /livez HTTP/1.1\r\nHost: [::1\r\n\r\n", [400], true],
  };
  for (const [name, [bytes, statuses, closes]] of Object.entries(refused)) {
    test(`${name} is refused`, async () => {
      const answer = await raw(server.port, bytes, { wait: closes ? 10000 : 1000 });
      assert.ok(answer.statuses.length >= 1 && answer.statuses.every((one) => statuses.includes(one)), answer.text.slice(0, 300));
      assert.equal(answer.closed, closes, `closed: ${answer.closed}`);
      assert.doesNotMatch(answer.text, /sqlite|\.c:\d|\/src\//i);
    });
  }

  test("F05 a body behind GET is not the next request", async () => {
    const smuggled = "GET /version HTTP/1.1\r\nHost: a\r\n\r\n";
    const bytes = head(GET, `Content-Length: ${smuggled.length}`) + smuggled + head("GET /nothing HTTP/1.1");
    const { statuses, text } = await raw(server.port, bytes, { wait: 2000 });
    assert.deepEqual(statuses, [400, 404]);
    assert.doesNotMatch(text, /started_ms/);
  });

  test("F05 nor a body behind HEAD", async () => {
    const smuggled = "GET /version HTTP/1.1\r\nHost: a\r\n\r\n";
    const bytes = head("HEAD /livez HTTP/1.1", `Content-Length: ${smuggled.length}`) + smuggled + head("GET /nothing HTTP/1.1");
    const { statuses, text } = await raw(server.port, bytes, { wait: 2000 });
    assert.deepEqual(statuses, [400, 404]);
    assert.doesNotMatch(text, /started_ms/);
  });

  test("F08 an odd Connection header is answered and leaves the processor alone", async () => {
    const { statuses } = await raw(server.port, head(GET, "Connection: TE,,Keep-Alive"), { wait: 500 });
    assert.deepEqual(statuses, [200]);
    const cpu = async () => Number((await server.anybody().get("/metrics")).text.match(/^process_cpu_seconds_total (\S+)$/m)[1]);
    const began = await cpu();
    await sleep(1000);
    assert.ok((await cpu()) - began < 0.4);
  });

  test("F11 a length over the limit is 413 before the body is sent", async () => {
    const { statuses, took } = await raw(server.port, head(POST, JSON_TYPE, "Content-Length: 99999999"), { wait: 5000 });
    assert.deepEqual(statuses, [413]);
    assert.ok(took < 4000);
  });

  test("F11 a chunked body over the limit is 413 and the connection ends", async () => {
    const chunk = `10000\r\n${"a".repeat(65536)}\r\n`;
    const { statuses, closed } = await raw(server.port, chunked(...Array(20).fill(chunk), "0\r\n\r\n"), { wait: 8000 });
    assert.deepEqual(statuses, [413]);
    assert.ok(closed);
  });

  test("F11 a chunked body without end is cut off", async () => {
    const chunk = `10000\r\n${"a".repeat(65536)}\r\n`;
    const { closed } = await raw(server.port, chunked(...Array(200).fill(chunk)), { wait: 8000 });
    assert.ok(closed);
  });

  test("F11 Expect: 100-continue gets 100, or the refusal instead of it", async () => {
    const asked = await raw(server.port, head(POST, JSON_TYPE, "Content-Length: 2", "Expect: 100-continue"), { wait: 1500 });
    assert.deepEqual(asked.statuses, [100]);
    const large = head(POST, JSON_TYPE, "Content-Length: 99999999", "Expect: 100-continue");
    assert.deepEqual((await raw(server.port, large, { wait: 2000 })).statuses, [413]);
  });

  for (const [name, bytes] of Object.entries({
    "a TLS hello": Buffer.from("16030100e1010000dd0303" + "00".repeat(200), "hex"),
    "the HTTP/2 preface": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "zeros": Buffer.alloc(100),
  })) {
    test(`F16 ${name} is closed at once`, async () => {
      const { closed, took } = await raw(server.port, bytes, { wait: 5000 });
      assert.ok(closed && took < 3000, `${took} ms`);
    });
  }

  test("F19 10,000 requests in one go are answered in order", async () => {
    const count = 10000;
    const bytes = Array.from({ length: count }, (_, i) => head(i % 2 ? GET : "GET /nothing HTTP/1.1")).join("");
    let seen = 0;
    let rest = "";
    await new Promise((done, fail) => {
      const socket = net.connect(server.port, "127.0.0.1", () => socket.write(bytes));
      socket.setTimeout(60000, () => fail(new Error(`${seen} answers`)));
      socket.on("error", fail);
      socket.on("data", (part) => {
        rest += part.toString("latin1");
        const found = [...rest.matchAll(/HTTP\/1\.1 (\d{3})/g)];
        for (const [, status] of found) {
          assert.equal(Number(status), seen++ % 2 ? 200 : 404);
        }
        rest = rest.slice(rest.length - Math.min(rest.length, 11)).replace(/HTTP\/1\.1 \d{3}/, "");
        if (seen === count) {
          socket.destroy();
          done();
        }
      });
    });
  });

  test("F19 half-closed and reset connections leave nothing behind", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => raw(server.port, head(GET), { half: true, wait: 10000 })));
    for (const { statuses, closed } of answers) {
      assert.deepEqual(statuses, [200]);
      assert.ok(closed);
    }
    await Promise.all(
      Array.from({ length: 100 }, () => new Promise((done) => {
        const socket = net.connect(server.port, "127.0.0.1", () => {
          socket.write(head("GET /openapi.json HTTP/1.1"));
          socket.resetAndDestroy();
        });
        socket.on("error", () => {});
        socket.on("close", done);
      })),
    );
  });

  test("F20 ranges are ignored or refused", async () => {
    for (const range of [Array(1000).fill("0-1").join(","), "-0", "0-18446744073709551616", "5-2"]) {
      const { statuses } = await raw(server.port, head(GET, `Range: bytes=${range}`), { wait: 400 });
      assert.ok([200, 416].includes(statuses[0]), range.slice(0, 20));
    }
  });
});
