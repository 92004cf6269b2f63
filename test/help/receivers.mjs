// Whoever is sent to: a receiver of webhooks and a mail server, on loopback, that keep what they got and answer as told.
import { createHmac, timingSafeEqual } from "node:crypto";
import http from "node:http";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

// Waits until a condition holds; the last value of `look` when it does.
export async function until(look, what = "what was expected", ms = 20_000) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) {
      return found;
    }
    if (Date.now() > end) {
      throw new Error(`${what} did not happen within ${ms} ms`);
    }
    await sleep(40);
  }
}

// `answer` may be a status, or a function (call, response) that answers itself or returns one.
export async function webhookReceiver(t, answer = 200) {
  const receiver = { calls: [], answer };
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", async () => {
      const text = Buffer.concat(parts).toString();
      const call = { url: request.url, headers: request.headers, text, body: JSON.parse(text || "null"), at: Date.now() };
      receiver.calls.push(call);
      const status = typeof receiver.answer === "function" ? await receiver.answer(call, response) : receiver.answer;
      if (status && !response.writableEnded) {
        response.writeHead(status).end("what the receiver says");
      }
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  receiver.url = `http://127.0.0.1:${server.address().port}/hook`;
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return receiver;
}

// Is the call signed with this secret (Standard Webhooks)?
export function signedWith(call, secret) {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signatures } = call.headers;
  const wanted = createHmac("sha256", key).update(`${id}.${at}.${call.text}`).digest();
  return signatures.split(" ").some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ""), "base64");
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}

function decodeText(text, encoding) {
  if (/base64/i.test(encoding)) {
    return Buffer.from(text, "base64").toString();
  }
  if (/quoted-printable/i.test(encoding)) {
    const bytes = text.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/gi, (_, code) => String.fromCharCode(parseInt(code, 16)));
    return Buffer.from(bytes, "latin1").toString();
  }
  return Buffer.from(text, "latin1").toString();
}

function decodeWord(text) {
  return text
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind, words) =>
      /b/i.test(kind) ? Buffer.from(words, "base64").toString() : decodeText(words.replace(/_/g, " "), "quoted-printable"));
}

// One message as it came: its headers (names in lower case) and the parts by media type.
export function readMail(raw) {
  const cut = raw.indexOf("\r\n\r\n");
  const headers = {};
  for (const line of raw.slice(0, cut).replace(/\r\n[ \t]+/g, " ").split("\r\n")) {
    const at = line.indexOf(":");
    headers[line.slice(0, at).toLowerCase()] = decodeWord(line.slice(at + 1).trim());
  }
  const body = raw.slice(cut + 4);
  const type = headers["content-type"] ?? "text/plain";
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  const parts = {};
  if (boundary) {
    for (const part of body.split(`--${boundary}`).slice(1, -1)) {
      const inner = readMail(part.replace(/^\r\n/, ""));
      Object.assign(parts, inner.parts);
    }
  } else {
    parts[type.split(";")[0].trim().toLowerCase()] = decodeText(body, headers["content-transfer-encoding"] ?? "");
  }
  return { headers, parts };
}

// A mail server without encryption. `from()` may give an answer such as "550 not from here" to MAIL, `refuse(address)` one to RCPT,
// `data()` one to the end of a message.
export async function mailServer(t, { from = () => undefined, refuse = () => undefined, data = () => undefined } = {}) {
  const mail = { messages: [], from, refuse, data };
  const server = net.createServer((socket) => {
    let rest = "", reading = false, to = [];
    socket.on("error", () => {});
    socket.write("220 sink ESMTP\r\n");
    socket.on("data", (part) => {
      rest += part.toString("latin1");
      for (;;) {
        if (reading) {
          const end = rest.indexOf("\r\n.\r\n");
          if (end < 0) {
            return;
          }
          const raw = rest.slice(0, end).replace(/\r\n\.\./g, "\r\n.");
          rest = rest.slice(end + 5);
          reading = false;
          const answer = mail.data(raw) ?? "250 taken";
          if (answer.startsWith("250")) {
            mail.messages.push({ to, raw, ...readMail(raw), at: Date.now() });
          }
          socket.write(`${answer}\r\n`);
          continue;
        }
        const end = rest.indexOf("\r\n");
        if (end < 0) {
          return;
        }
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (/^(EHLO|HELO)/i.test(line)) {
          socket.write("250-sink\r\n250 8BITMIME\r\n");
        } else if (/^MAIL/i.test(line)) {
          to = [];
          socket.write(`${mail.from() ?? "250 ok"}\r\n`);
        } else if (/^RCPT/i.test(line)) {
          const address = /<([^>]*)>/.exec(line)?.[1] ?? "";
          const answer = mail.refuse(address);
          if (!answer) {
            to.push(address);
          }
          socket.write(`${answer ?? "250 ok"}\r\n`);
        } else if (/^DATA/i.test(line)) {
          reading = true;
          socket.write("354 go on\r\n");
        } else if (/^QUIT/i.test(line)) {
          socket.end("221 bye\r\n");
        } else {
          socket.write("250 ok\r\n");
        }
      }
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  mail.url = `smtp://127.0.0.1:${server.address().port}`;
  t.after(() => server.close());
  return mail;
}
