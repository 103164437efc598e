/** One client of the benchmark, in a process of its own: it answers each message with the cost of its calls. */
import { pathToFileURL } from "node:url";

const [, , name = "", url = "", openai = ""] = process.argv;
const path = "/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel";
const id = "ftjob-abc123";
const apiKey = "a-key-for-the-benchmark";

type Call = () => Promise<{ id: string } | undefined>;

async function ours(validation: "report" | "strict" | "off"): Promise<Call> {
  const built: typeof import("../../src/index.js") = await import(pathToFileURL("dist/index.js").href);
  const client = built.createFineTuningClient({ endpoint: url, apiKey, validation });
  return () => client.cancel(id);
}

const clients: Record<string, () => Promise<Call>> = {
  fetch: async () => async () => {
    const response = await fetch(`${url}/openai/v1/fine_tuning/jobs/${id}/cancel`, {
      method: "POST",
      headers: { "api-key": apiKey },
    });
    return response.json() as Promise<{ id: string }>;
  },
  "openapi-fetch": async () => {
    const { default: createClient } = await import("openapi-fetch");
    const client = createClient<import("../../generated/types.js").paths>({
      baseUrl: url,
      headers: { "api-key": apiKey },
    });
    return async () => (await client.POST(path, { params: { path: { fine_tuning_job_id: id } } })).data;
  },
  openai: async () => {
    const { default: OpenAI } = await import(openai);
    const client = new OpenAI({ baseURL: `${url}/openai/v1`, apiKey });
    return () => client.fineTuning.jobs.cancel(id);
  },
  report: () => ours("report"),
  strict: () => ours("strict"),
  off: () => ours("off"),
};

const call = (await clients[name]?.()) as Call;
process.on("message", async ({ calls, concurrency }: { calls: number; concurrency: number }) => {
  globalThis.gc?.();
  let left = calls;
  const work = async () => {
    while (left-- > 0) if ((await call())?.id !== id) throw new Error("no job came back");
  };
  const cpu = process.cpuUsage();
  const began = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  const wallUs = (1_000 * (performance.now() - began)) / calls;
  const { user, system } = process.cpuUsage(cpu);
  process.send?.({ cpuUs: (user + system) / calls, wallUs });
});
process.on("disconnect", () => process.exit());
