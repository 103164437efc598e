/** `npm run bench:memory`: fails when the heap grows over 20,000 calls with one client and one long-lived signal. */
import { getEventListeners } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createFineTuningClient } from "../src/index.js";

const CALLS = 20_000;
const AT_ONCE = 50;
const collect = (globalThis as { gc?: () => void }).gc;
if (!collect) throw new Error("Run it as `npm run bench:memory`: it needs --expose-gc.");

const job = JSON.stringify({
  id: "ftjob-1",
  created_at: 1,
  model: "m",
  object: "fine_tuning.job",
  status: "cancelled",
  training_file: "f",
});
let served = 0;
const server = createServer((_, response) => {
  // One in ten fails at first, so that retries and their waits are covered too.
  const status = served++ % 10 === 0 ? 503 : 200;
  response.writeHead(status, { "content-type": "application/json", "retry-after-ms": "0" }).end(job);
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

const client = createFineTuningClient({
  endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  apiKey: "a-key-for-memory",
  maxRetries: 50,
});
const { signal } = new AbortController();
const heaps: number[] = [];
console.log("| calls | heap after collection |\n| --- | --- |");
for (let done = 0; done <= CALLS; done += AT_ONCE) {
  if (done % 2_500 === 0) {
    // Twice, with a pause between: the second collection takes what finalizers of the first released.
    collect();
    await new Promise((resolve) => setTimeout(resolve, 50));
    collect();
    heaps.push(process.memoryUsage().heapUsed);
    console.log(`| ${done} | ${((heaps.at(-1) as number) / 1e6).toFixed(2)} MB |`);
  }
  if (done < CALLS) await Promise.all(Array.from({ length: AT_ONCE }, () => client.cancel("ftjob-1", { signal })));
}
server.closeAllConnections();
server.close();

const listeners = getEventListeners(signal, "abort").length;
// The first thousands of calls fill caches; after them the heap must not grow.
const [, warm, ...rest] = heaps as [number, number, ...number[]];
const growth = (rest.at(-1) as number) - warm;
console.log(
  `\nGrowth from call 2500 to ${CALLS}: ${(growth / 1e6).toFixed(2)} MB; listeners on the signal: ${listeners}.`,
);
if (growth > 2e6 || listeners > 0) process.exitCode = 1;
