/** The service of the benchmark, in a process of its own: it answers every cancel with a job of the size asked for. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { jobOf } from "./job.js";

let body = jobOf(1_000);
const headers = { "content-type": "application/json", "apim-request-id": "apim-1", "x-request-id": "request-1" };
const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  process.on("message", ({ bodyBytes }: { bodyBytes?: number }) => {
    if (bodyBytes) body = jobOf(bodyBytes);
    process.send?.({ port: (server.address() as AddressInfo).port });
  });
});
process.on("disconnect", () => process.exit());
