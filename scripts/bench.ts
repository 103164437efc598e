/**
 * `npm run bench`: what a cancel costs, beside bare `fetch`, openapi-fetch and the official client. One process for the
 * service, one for each client, runs interleaved; medians go to docs/benchmark.md with the machine and the versions.
 * `npm run bench -- --quick` runs less, and writes nothing.
 */
import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { Document } from "./contract/document.js";
import { toJsonSchema } from "./contract/schemas.js";
import { addedStartMs, bundledBytes } from "./size.js";
import { installParts, NODE_VERSIONS, nodeBinary, OPENAI_VERSION } from "./tools/install.js";

const quick = process.argv.includes("--quick");
const ROUNDS = quick ? 7 : 21;
/** Rounds before those that count, in which the runtime compiles what is hot. */
const WARM_UP = 3;
const CALLS = quick ? 1_000 : 2_000;
const node = nodeBinary(24);
const parts = installParts("bench", { openai: OPENAI_VERSION, zod: "4.6.7", ajv: "8.20.0" });
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

/** A child process that answers each message with one. */
function start(file: string, ...args: string[]) {
  const child = fork(join("scripts", file), args, { execPath: node, execArgv: ["--expose-gc"] });
  return {
    child,
    ask: async (message: object) => {
      child.send(message);
      const [answer] = (await once(child, "message")) as [{ cpuUs: number; wallUs: number; port: number }];
      return answer;
    },
  };
}

const service = start("bench-service.js");
const { port } = await service.ask({});
const url = `http://127.0.0.1:${port}`;
const openai = join(parts, "node_modules/openai/index.mjs");
const CLIENTS = ["fetch", "openapi-fetch", "off", "report", "strict", "openai"] as const;
const clients = Object.fromEntries(CLIENTS.map((name) => [name, start("bench-client.js", name, url, openai)]));

interface Cost {
  readonly cpuUs: number;
  readonly wallUs: number;
}

/** Medians over interleaved rounds, per call. */
async function measure(names: readonly string[], bodyBytes: number, concurrency: number, calls: number) {
  const costs: Record<string, Cost[]> = Object.fromEntries(names.map((name) => [name, []]));
  await service.ask({ bodyBytes });
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const name of names) {
      const cost = (await clients[name]?.ask({ calls, concurrency })) as Cost;
      if (round >= 0) costs[name]?.push(cost);
    }
  }
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        cpuUs: median(costs[name]?.map(({ cpuUs }) => cpuUs) ?? []),
        wallUs: median(costs[name]?.map(({ wallUs }) => wallUs) ?? []),
      },
    ]),
  );
}

const LABELS: Record<(typeof CLIENTS)[number], string> = {
  fetch: "bare `fetch` and `response.json()`",
  "openapi-fetch": "openapi-fetch alone",
  off: 'this client, `validation: "off"`',
  report: 'this client, `validation: "report"`',
  strict: 'this client, `validation: "strict"`',
  openai: `openai ${OPENAI_VERSION}`,
};
const lines: string[] = [];
const print = (...texts: string[]) => {
  lines.push(...texts);
  for (const text of texts) console.log(text);
};
const fixed = (value: number, digits = 0) => value.toFixed(digits);

print("# What a cancel costs", "");
print("<!-- Made by `npm run bench`. Do not edit. -->", "");
print(
  `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${NODE_VERSIONS[24]}, ${execFileSync("uname", ["-sr"], { encoding: "utf8" }).trim()}. Medians of ${ROUNDS} interleaved rounds of ${CALLS} calls,`,
  "against a service on loopback in a process of its own.",
);

for (const concurrency of [1, 50]) {
  const costs = await measure(CLIENTS, 1_000, concurrency, CALLS);
  const base = costs.fetch as Cost;
  print("", `## ${concurrency === 1 ? "One call at a time" : `${concurrency} calls at a time`}`, "");
  print("| client | CPU, µs a call | to bare `fetch` | wall time, µs a call |", "| --- | --- | --- | --- |");
  for (const name of CLIENTS) {
    const { cpuUs, wallUs } = costs[name] as Cost;
    print(`| ${LABELS[name]} | ${fixed(cpuUs)} | ${fixed(cpuUs / base.cpuUs, 2)} | ${fixed(wallUs)} |`);
  }
  const added = ((costs.report as Cost).cpuUs - base.cpuUs) / ((costs.openai as Cost).cpuUs - base.cpuUs);
  print("", `This client adds ${fixed(100 * added)} % of what openai adds.`);
}

print("", "## By size of the body", "");
print("| body | bare `fetch`, CPU µs | this client, CPU µs | ratio |", "| --- | --- | --- | --- |");
for (const bodyBytes of [1_000, 10_000, 100_000, 1_000_000]) {
  const calls = Math.max(20, Math.round((CALLS * 1_000) / Math.max(1_000, bodyBytes / 5)));
  const costs = await measure(["fetch", "report"], bodyBytes, 1, calls);
  const [base, ours] = [costs.fetch as Cost, costs.report as Cost];
  print(
    `| ${bodyBytes / 1_000} kB | ${fixed(base.cpuUs)} | ${fixed(ours.cpuUs)} | ${fixed(ours.cpuUs / base.cpuUs, 2)} |`,
  );
}
for (const { child } of [service, ...Object.values(clients)]) (child as ChildProcess).disconnect();

const accepted = parse(readFileSync("generated/openapi.accepted.yaml", "utf8")) as Document;
print("", "## Validation alone", "");
const output = execFileSync(
  node,
  ["--expose-gc", "scripts/bench-validate.js", parts, JSON.stringify(toJsonSchema(accepted, "FineTuningJob"))],
  { encoding: "utf8", env: { ...process.env, ROUNDS: String(ROUNDS) } },
);
print(...output.trim().split("\n"));

print("", "## Start and weight", "");
print("| package | import adds, ms | minified and gzipped, kB |", "| --- | --- | --- |");
for (const [name, source] of [
  ["openapi-fetch", 'export { default } from "openapi-fetch";'],
  ["fine-tuning-client", 'export { createFineTuningClient } from "./dist/index.js";'],
  ["openai", `export { default } from ${JSON.stringify(openai)};`],
] as const) {
  print(`| ${name} | ${fixed(addedStartMs(node, source), 1)} | ${fixed((await bundledBytes(source)) / 1_000, 1)} |`);
}
if (!quick) writeFileSync("docs/benchmark.md", `${lines.join("\n")}\n`);
