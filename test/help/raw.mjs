// Bytes exactly as a test wants them: what no well-behaved client would send.
import net from "node:net";

// Sends and collects until the server closes or `wait` ms have passed: {text, statuses, closed, took}.
export function raw(port, bytes, { wait = 1500, half = false, host = "127.0.0.1" } = {}) {
  return new Promise((done) => {
    const began = Date.now();
    const parts = [];
    let finished = false;
    const socket = net.connect(port, host, () => (half ? socket.end(bytes) : socket.write(bytes)));
    const finish = (closed) => {
      if (finished) {
        return;
      }
      finished = true;
      clearTimeout(timer);
      const text = Buffer.concat(parts).toString("latin1");
      const statuses = [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, status]) => Number(status));
      done({ text, statuses, closed, took: Date.now() - began });
      socket.destroy();
    };
    const timer = setTimeout(() => finish(false), wait);
    socket.on("data", (part) => parts.push(part));
    socket.on("error", () => {});
    socket.on("close", () => finish(true));
  });
}

// A request with a Host header; `lines` are further headers.
export const head = (line, ...lines) => [line, "Host: localhost", ...lines, "", ""].join("\r\n");
