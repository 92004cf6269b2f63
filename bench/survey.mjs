// A survey that very many have answered: filling it through its public door, and then what its pages ask.
//   CHAM=build/cham node bench/survey.mjs                     # 300,000 responses on the folder
//   RESPONSES=20000 STORES=large node bench/survey.mjs        # on PostgreSQL and ClickHouse
// Filled without fsync (it is about reading), from many addresses: one may send 600 a minute.
import http from "node:http";
import { folder, memoryMb, quantile, request, say, seconds, serve } from "./common.mjs";
import { startServers } from "../test/large/servers.mjs";

const responses = Number(process.env.RESPONSES ?? 300000);
const both = (vi, en) => ({ vi, en });
const options = ["a", "b", "c", "d"].map((id) => ({ id, label: both(id, id) }));
const document = {
  languages: ["vi", "en"], name: "Bench", title: both("Khảo sát", "Survey"),
  questions: [
    { id: "n", type: "nps", title: both("Bạn có giới thiệu không?", "Would you recommend us?") },
    { id: "c", type: "csat", title: both("Bạn hài lòng không?", "How satisfied are you?") },
    { id: "e", type: "ces", title: both("Có dễ không?", "Was it easy?") },
    { id: "s", type: "single", title: both("Bạn mua ở đâu?", "Where do you buy?"), options },
    { id: "m", type: "multiple", title: both("Bạn biết qua đâu?", "How do you know us?"), options },
    { id: "x", type: "matrix", title: both("Đánh giá", "Rate"), rows: options, options },
    { id: "w", type: "text", title: both("Vì sao?", "Why?") },
  ],
};

let state = 7;
const draw = (most) => (state = (state * 1103515245 + 12345) % 2147483648) % most;
const some = () => options[draw(4)].id;
const answersOf = (i) => ({
  n: draw(11), c: 1 + draw(5), e: 1 + draw(7), s: some(), m: [some()], x: Object.fromEntries(options.map(({ id }) => [id, some()])),
  ...(i % 3 ? {} : { w: `Giao hàng chậm ${i} ngày, nhân viên dễ thương` }),
});

async function fill(server, token) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  let next = 0;
  const one = async () => {
    for (let i = next++; i < responses; i = next++) {
      const finished = i % 20 !== 0;
      const body = JSON.stringify({ answers: answersOf(i), finished, seen: document.questions.map(({ id }) => id), ms: { n: 900 + draw(5000), w: draw(9000) } });
      const address = `10.${(i >> 12) & 255}.${(i >> 4) & 255}.${i & 15}`;
      const answer = await request({ host: "127.0.0.1", port: server.port, agent, method: "POST", path: `/api/v1/respond/${token}`,
        headers: { "content-type": "application/json", "x-forwarded-for": address, origin: "https://shop.example" } }, body);
      if (answer.status !== 201) {
        throw new Error(`${answer.status} ${answer.text}`);
      }
    }
  };
  await Promise.all(Array.from({ length: 64 }, one));
  agent.destroy();
}

async function time(server, what, path, rounds = 7) {
  const times = [];
  for (let i = 0; i < rounds; i++) {
    const begun = performance.now();
    const answer = await request({ socketPath: server.socket, path, method: "GET", headers: {} });
    times.push(performance.now() - begun);
    if (answer.status !== 200) {
      throw new Error(`${path}: ${answer.status} ${answer.text}`);
    }
  }
  say(`${what.padEnd(34)} first ${times[0].toFixed(0).padStart(6)} ms   then ${quantile(times.slice(1), 0.5).toFixed(1).padStart(8)} ms   most ${Math.max(...times.slice(1)).toFixed(1).padStart(8)} ms`);
}

const data = process.env.KEEP ?? folder();
const large = process.env.STORES === "large" ? await startServers(["postgres", "clickhouse"]) : null;
const stores = {};
if (large) {
  large.postgres.ask("CREATE DATABASE bench");
  await large.clickhouse.ask("CREATE DATABASE bench");
  Object.assign(stores, { CHAM_RECORDS: large.postgres.url("bench"), CHAM_EVENTS: large.clickhouse.url("bench") });
}
const server = await serve(data, { CHAM_TRUSTED_PROXIES: "127.0.0.1", CHAM_FSYNC: "off", ...stores });
server.socket = `${data}/cham.sock`;
const { id } = await server.post("/api/v1/surveys", { document });
await server.post(`/api/v1/surveys/${id}/publish`, {});
const { items: [way] } = await server.post(`/api/v1/surveys/${id}/links`, { kind: "link" });
const token = way.url.split("/s/")[1];
const [took] = await seconds(() => fill(server, token));
say(`${responses} responses in ${took.toFixed(0)} s (${(responses / took).toFixed(0)} a second), ${memoryMb(server.pid).toFixed(0)} MB`);
const at = `/api/v1/surveys/${id}`;
await time(server, "list of surveys", "/api/v1/surveys");
await time(server, "the survey", at);
await time(server, "results", `${at}/results`);
await time(server, "results of one language", `${at}/results?language=vi`, 4);
await time(server, "responses, first page", `${at}/responses?limit=50`);
await time(server, "responses behind a rare answer", `${at}/responses?limit=50&question=n&answer=0`);
await time(server, "responses of a text not there", `${at}/responses?limit=50&question=w&answer=nothing`, 3);
await time(server, "versions", `${at}/versions`);
await time(server, "honesty", `${at}/honesty`, 3);
await time(server, "CSV", `${at}/responses.csv`, 2);
await time(server, "a respondent looks", `/api/v1/respond/${token}`, 20);
await server.stop();
await large?.stop?.();
process.exit(0);
