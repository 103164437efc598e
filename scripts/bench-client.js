/** One client of the benchmark, in a process of its own: it answers each message with what its calls cost. */
const [, , name, url, openai] = process.argv;

const path = "/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel";
const id = "ftjob-abc123";
const apiKey = "a-key-for-the-benchmark";

/** @type {Record<string, () => Promise<() => Promise<{ id: string } | undefined>>>} */
const clients = {
  fetch: async () => async () => {
    const response = await fetch(`${url}/openai/v1/fine_tuning/jobs/${id}/cancel`, {
      method: "POST",
      headers: { "api-key": apiKey },
    });
    return response.json();
  },
  "openapi-fetch": async () => {
    const { default: createClient } = await import("openapi-fetch");
    const client = createClient({ baseUrl: url, headers: { "api-key": apiKey } });
    return async () => (await client.POST(path, { params: { path: { fine_tuning_job_id: id } } })).data;
  },
  openai: async () => {
    const { default: OpenAI } = await import(openai);
    const client = new OpenAI({ baseURL: `${url}/openai/v1`, apiKey });
    return () => client.fineTuning.jobs.cancel(id);
  },
};
for (const validation of ["report", "strict", "off"]) {
  clients[validation] = async () => {
    const { createFineTuningClient } = await import("../dist/index.js");
    const client = createFineTuningClient({ endpoint: url, apiKey, validation });
    return () => client.cancel(id);
  };
}

const call = await clients[name]();
process.on("message", async ({ calls, concurrency }) => {
  globalThis.gc();
  let left = calls;
  const work = async () => {
    while (left-- > 0) if ((await call())?.id !== id) throw new Error("no job came back");
  };
  const cpu = process.cpuUsage();
  const began = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  const wallUs = (1_000 * (performance.now() - began)) / calls;
  const { user, system } = process.cpuUsage(cpu);
  process.send({ cpuUs: (user + system) / calls, wallUs });
});
process.on("disconnect", () => process.exit());
