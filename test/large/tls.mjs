// A certificate authority of a test run, and a certificate for 127.0.0.1 that it signed.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { own } from "./place.mjs";

export function makeCertificates(place) {
  const folder = place.make("tls");
  const file = (name) => path.join(folder, name);
  const openssl = (...args) => execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...key, "-subj", "/CN=Authority of tests", "-days", "30", "-keyout", file("authority.key"), "-out", file("authority.pem"));
  openssl("req", ...key, "-subj", "/CN=127.0.0.1", "-keyout", file("server.key"), "-out", file("server.request"));
  place.write("subjectAltName=IP:127.0.0.1,IP:127.0.0.2,DNS:localhost\n", "tls", "names");
  const signed = ["-in", file("server.request"), "-CA", file("authority.pem"), "-CAkey", file("authority.key"), "-CAcreateserial"];
  openssl("x509", "-req", ...signed, "-days", "30", "-extfile", file("names"), "-out", file("server.pem"));
  ["server.key", "server.pem", "authority.pem"].forEach((name) => own(file(name)));
  return { key: file("server.key"), certificate: file("server.pem"), authority: file("authority.pem") };
}
