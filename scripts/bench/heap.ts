/**
 * Prints the heap that one call in flight holds, in bytes: of this client, of bare `fetch` or of the floor, as the argument
 * says. Needs --expose-gc. `fetch` is a function that hangs, so that what the runtime's own holds is in no figure.
 */
import { createFineTuningClient } from "../../src/index.js";
import { cancelAsFloor } from "./floor.js";

const CALLS = 2_000;
const endpoint = "http://127.0.0.1:1";
const hang: typeof fetch = () => new Promise(() => {});
const client = createFineTuningClient({ endpoint, apiKey: "a-key-for-the-heap", fetch: hang });
const calls: Record<string, () => Promise<unknown>> = {
  fetch: () => hang(endpoint),
  floor: () => cancelAsFloor(hang, endpoint, { method: "POST" }),
  client: () => client.cancel("ftjob-abc123"),
};
const call = calls[process.argv[2] ?? ""] as () => Promise<unknown>;
const inFlight: Promise<unknown>[] = [];

async function heapOfEach(): Promise<number> {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < CALLS; index++) inFlight.push(call());
  // A turn of the event loop, in which every call gets as far as its `fetch`.
  await new Promise((resolve) => setImmediate(resolve));
  globalThis.gc?.();
  return (process.memoryUsage().heapUsed - before) / CALLS;
}

// The first calls also pay for code that is compiled once.
await heapOfEach();
console.log(Math.round(await heapOfEach()));
process.exit();
