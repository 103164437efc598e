/**
 * `npm run bench`: the cost of a cancel, beside bare `fetch`, openapi-fetch and the official client. The service and each
 * client have a process of their own, and their runs are interleaved. Writes the medians to docs/benchmark.md, with the
 * machine and the versions; `npm run bench -- --quick` takes fewer rounds and writes nothing.
 */
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { parse } from "yaml";
import type { Document } from "./contract/document.js";
import { toJsonSchema } from "./contract/schemas.js";
import { installPackages, NODE_VERSIONS, nodeBinary, OPENAI_VERSION } from "./tools/install.js";
import { addedStartMs, bundledBytes, inKilobytes } from "./tools/weight.js";

const quick = process.argv.includes("--quick");
const ROUNDS = quick ? 7 : 21;
/** Rounds before those that count, in which the runtime compiles what is hot. */
const WARM_UP = 3;
const CALLS = quick ? 1_000 : 2_000;
const CLIENTS = {
  fetch: "bare `fetch` and `response.json()`",
  "openapi-fetch": "openapi-fetch alone",
  off: 'this client, `validation: "off"`',
  report: 'this client, `validation: "report"`',
  strict: 'this client, `validation: "strict"`',
  openai: `openai ${OPENAI_VERSION}`,
} as const;
type Client = keyof typeof CLIENTS;

/** The cost of one call. */
interface Cost {
  readonly cpuUs: number;
  readonly wallUs: number;
}

const node = nodeBinary(24);
const installed = installPackages("bench", { openai: OPENAI_VERSION, zod: "4.6.7", ajv: "8.20.0" });
const openai = join(installed, "node_modules/openai/index.mjs");

// As JavaScript: a loader for TypeScript in the measured processes would be measured too.
const programs = resolve("node_modules/.cache/fine-tuning-client/bench-programs");
await build({
  entryPoints: ["client", "service", "validate"].map((name) => `scripts/bench/${name}.ts`),
  outdir: programs,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "es2022",
});

/** A child process that answers each message with one. */
function start<Answer>(program: string, ...args: string[]) {
  const child = fork(join(programs, program), args, { execPath: node, execArgv: ["--expose-gc"] });
  return {
    ask: async (message: object) => {
      child.send(message);
      const [answer] = (await once(child, "message")) as [Answer];
      return answer;
    },
    stop: () => child.disconnect(),
  };
}

const service = start<{ port: number }>("service.mjs");
const { port } = await service.ask({});
const startClient = (name: Client) => start<Cost>("client.mjs", name, `http://127.0.0.1:${port}`, openai);
const clients = Object.fromEntries(Object.keys(CLIENTS).map((name) => [name, startClient(name as Client)])) as Record<
  Client,
  ReturnType<typeof startClient>
>;

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

/** The median cost of a call for each client, over interleaved rounds. */
async function measure<Name extends Client>(
  names: readonly Name[],
  bodyBytes: number,
  concurrency: number,
  calls: number,
): Promise<Record<Name, Cost>> {
  const rounds: Record<Name, Cost>[] = [];
  await service.ask({ bodyBytes });
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const costs = {} as Record<Name, Cost>;
    for (const name of names) costs[name] = await clients[name].ask({ calls, concurrency });
    if (round >= 0) rounds.push(costs);
  }
  const medianOf = (name: Name, what: keyof Cost) => median(rounds.map((costs) => costs[name][what]));
  return Object.fromEntries(
    names.map((name) => [name, { cpuUs: medianOf(name, "cpuUs"), wallUs: medianOf(name, "wallUs") }]),
  ) as Record<Name, Cost>;
}

const lines: string[] = [];
const print = (...texts: string[]) => {
  lines.push(...texts);
  for (const text of texts) console.log(text);
};
const fixed = (value: number, digits = 0) => value.toFixed(digits);

async function printCalls(concurrency: number): Promise<void> {
  const costs = await measure(Object.keys(CLIENTS) as Client[], 1_000, concurrency, CALLS);
  const base = costs.fetch.cpuUs;
  print("", `## ${concurrency === 1 ? "One call at a time" : `${concurrency} calls at a time`}`, "");
  print("| client | CPU, µs a call | to bare `fetch` | wall time, µs a call |", "| --- | --- | --- | --- |");
  for (const [name, label] of Object.entries(CLIENTS)) {
    const { cpuUs, wallUs } = costs[name as Client];
    print(`| ${label} | ${fixed(cpuUs)} | ${fixed(cpuUs / base, 2)} | ${fixed(wallUs)} |`);
  }
  const share = (costs.report.cpuUs - base) / (costs.openai.cpuUs - base);
  print("", `This client adds ${fixed(100 * share)} % of what openai adds.`);
}

async function printSizes(): Promise<void> {
  print("", "## By size of the body", "");
  print("| body | bare `fetch`, CPU µs | this client, CPU µs | ratio |", "| --- | --- | --- | --- |");
  for (const bodyBytes of [1_000, 10_000, 100_000, 1_000_000]) {
    const calls = Math.max(20, Math.round((CALLS * 1_000) / Math.max(1_000, bodyBytes / 5)));
    const { fetch, report } = await measure(["fetch", "report"], bodyBytes, 1, calls);
    const [base, ours] = [fetch.cpuUs, report.cpuUs];
    print(`| ${bodyBytes / 1_000} kB | ${fixed(base)} | ${fixed(ours)} | ${fixed(ours / base, 2)} |`);
  }
}

function printValidation(): void {
  const accepted = parse(readFileSync("generated/openapi.accepted.yaml", "utf8")) as Document;
  const schema = JSON.stringify(toJsonSchema(accepted, "FineTuningJob"));
  const program = ["--expose-gc", join(programs, "validate.mjs"), installed, schema, String(ROUNDS)];
  print("", "## Validation alone", "");
  print(...execFileSync(node, program, { encoding: "utf8" }).trim().split("\n"));
}

async function printWeight(): Promise<void> {
  print("", "## Start and weight", "");
  print("| package | import adds, ms | minified and gzipped |", "| --- | --- | --- |");
  for (const [name, program] of [
    ["openapi-fetch", 'export { default } from "openapi-fetch";'],
    ["fine-tuning-client", 'export { createFineTuningClient } from "./dist/index.js";'],
    ["openai", `export { default } from ${JSON.stringify(openai)};`],
  ] as const)
    print(`| ${name} | ${fixed(addedStartMs(node, program), 1)} | ${inKilobytes(await bundledBytes(program))} |`);
}

const system = execFileSync("uname", ["-sr"], { encoding: "utf8" }).trim();
print("# What a cancel costs", "");
print("<!-- Written by `npm run bench`. Do not edit. -->", "");
print(
  `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${NODE_VERSIONS[24]}, ${system}. Medians of ${ROUNDS} interleaved rounds of ${CALLS} calls,`,
  "against a service on loopback in a process of its own.",
);
for (const concurrency of [1, 50]) await printCalls(concurrency);
await printSizes();
for (const { stop } of [service, ...Object.values(clients)]) stop();
printValidation();
await printWeight();
if (!quick) writeFileSync("docs/benchmark.md", `${lines.join("\n")}\n`);
