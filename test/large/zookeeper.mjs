// Debian's ZooKeeper for a test run: what replicated tables of ClickHouse agree through.
import { existsSync } from "node:fs";
import net from "node:net";
import { Daemon, freePort } from "./place.mjs";

const JAR = "/usr/share/java/zookeeper.jar";

export const missing = () => [
  ...(existsSync(JAR) ? [] : ["libzookeeper-java"]),
  ...(existsSync("/usr/bin/java") ? [] : ["default-jre-headless"]),
];

// `ruok` is answered before sessions are; ClickHouse 18.16 ends when its first session is refused.
const serves = (port) =>
  new Promise((done, fail) => {
    let text = "";
    const socket = net.connect(port, "127.0.0.1", () => socket.write("srvr"));
    socket.on("data", (part) => (text += part));
    socket.setTimeout(500, () => socket.destroy(new Error("no answer"))); // it may take a question and forget it while it starts
    socket.on("error", fail);
    socket.on("close", () => done(/^Mode: standalone/m.test(text)));
  });

export async function startZookeeper(place) {
  const port = await freePort();
  const folder = place.make("zookeeper");
  const lines = [
    "tickTime=500",
    "minSessionTimeout=2000",
    "maxSessionTimeout=60000",
    `dataDir=${folder}`,
    `clientPort=${port}`,
    "clientPortAddress=127.0.0.1",
    "admin.enableServer=false",
    "4lw.commands.whitelist=srvr",
    "forceSync=no",
  ];
  const settings = place.write(lines.join("\n"), "zookeeper", "zoo.cfg");
  const memory = ["-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dzookeeper.jmx.log4j.disable=true"];
  const server = new Daemon("ZooKeeper", "/usr/bin/java", [...memory, "-cp", JAR, "org.apache.zookeeper.server.quorum.QuorumPeerMain", settings], {
    isReady: () => serves(port),
  });
  await server.start();
  return { server, port };
}
