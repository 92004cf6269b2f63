// As many clients speak at the same moment as libmicrohttpd asks epoll for at a time: all are answered at once.
import assert from "node:assert/strict";
import net from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { start } from "../help/server.mjs";

const AT_A_TIME = 128;
const GET = "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

const connect = (port) =>
  new Promise((done, fail) => {
    const socket = net.connect(port, "127.0.0.1", () => done(socket)).once("error", fail);
    socket.answers = 0;
    socket.on("data", (part) => (socket.answers += part.toString().split("HTTP/1.1 200").length - 1));
  });

async function everybody(sockets, answers, within_ms) {
  const until = Date.now() + within_ms;
  while (sockets.some((socket) => socket.answers < answers) && Date.now() < until) {
    await sleep(20);
  }
  return sockets.filter((socket) => socket.answers >= answers).length;
}

test("128 clients that speak at the same moment are all answered", { timeout: 60_000 }, async (t) => {
  const server = await start(t);
  const sockets = await Promise.all(Array.from({ length: AT_A_TIME }, () => connect(server.port)));
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  sockets.forEach((socket) => socket.write(GET));
  assert.equal(await everybody(sockets, 1, 10_000), AT_A_TIME);
  // While the server stands still all of them speak; then it finds them all ready together.
  process.kill(server.pid, "SIGSTOP");
  sockets.forEach((socket) => socket.write(GET));
  await sleep(200);
  process.kill(server.pid, "SIGCONT");
  assert.equal(await everybody(sockets, 2, 5_000), AT_A_TIME);
});
