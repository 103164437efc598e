/**
 * One client of the benchmark, in a process of its own: it answers each message with the CPU of its calls, in µs a call.
 * Without a channel for messages it makes one call, and prints the CPU since the process started, in ms.
 */
import { pathToFileURL } from "node:url";
import { cancelAsFloor } from "./floor.js";

const [, , name = "", endpoint = "", openai = ""] = process.argv;
const path = "/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel";
const id = "ftjob-abc123";
const apiKey = "a-key-for-the-benchmark";
const url = endpoint + path.replace("{fine_tuning_job_id}", id);
const init = { method: "POST", headers: { "api-key": apiKey } };

type Call = () => Promise<unknown>;

async function ours(validation: "report" | "strict" | "off"): Promise<Call> {
  const built: typeof import("../../src/index.js") = await import(pathToFileURL("dist/index.js").href);
  const client = built.createFineTuningClient({ endpoint, apiKey, validation });
  return () => client.cancel(id);
}

const clients: Record<string, () => Promise<Call>> = {
  fetch: async () => async () => (await fetch(url, init)).json(),
  floor: async () => () => cancelAsFloor(fetch, url, init),
  "openapi-fetch": async () => {
    const { default: createClient } = await import("openapi-fetch");
    const client = createClient<import("../../generated/types.js").paths>({
      baseUrl: endpoint,
      headers: { "api-key": apiKey },
    });
    return async () => (await client.POST(path, { params: { path: { fine_tuning_job_id: id } } })).data;
  },
  openai: async () => {
    const { default: OpenAI } = await import(openai);
    const client = new OpenAI({ baseURL: `${endpoint}/openai/v1`, apiKey });
    return () => client.fineTuning.jobs.cancel(id);
  },
  report: () => ours("report"),
  strict: () => ours("strict"),
  off: () => ours("off"),
};

const call = (await clients[name]?.()) as Call;

async function cancel(): Promise<void> {
  const job = (await call()) as { id?: string } | undefined;
  if (job?.id !== id) throw new Error("no job came back");
}

/** The CPU of this process, in µs, since it was that much. */
function cpuUs(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}

async function run(calls: number, concurrency: number): Promise<number> {
  // There only in the regime that asks for it.
  globalThis.gc?.();
  let left = calls;
  const work = async () => {
    while (left-- > 0) await cancel();
  };
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: concurrency }, work));
  return cpuUs(before) / calls;
}

if (process.send) {
  process.on("message", async ({ calls, concurrency }: { calls: number; concurrency: number }) => {
    process.send?.(await run(calls, concurrency));
  });
  process.on("disconnect", () => process.exit());
} else {
  await cancel();
  console.log(cpuUs() / 1_000);
  process.exit();
}
