/**
 * `npm run bench`: what a cancel costs, beside bare `fetch`, openapi-fetch and the official client. Writes
 * docs/benchmark.md; `npm run bench -- --quick` takes fewer rounds and writes nothing. Exits with 1 when a budget of the CPU
 * in scripts/bench/budgets.ts is exceeded.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { parse } from "yaml";
import { CLIENT } from "./bench/budgets.js";
import {
  answerWith,
  endpoint,
  installed,
  measureCold,
  nodes,
  openai,
  quick,
  ROUNDS,
  run,
  startClients,
  stopService,
} from "./bench/measure.js";
import {
  atOnceTable,
  callsTable,
  coldTable,
  exceededBudgets,
  fixed,
  goalsTable,
  type Measured,
  type Sizes,
  sizesTable,
  table,
} from "./bench/report.js";
import { type Client, EVERY, MAJORS, type Major, REGIMES, type Regime, versionOf } from "./bench/rounds.js";
import { median } from "./bench/statistics.js";
import type { Document } from "./contract/document.js";
import { toJsonSchema } from "./contract/schemas.js";
import { addedStartMs, inKilobytes, type Weight, weigh } from "./tools/weight.js";

const CALLS = quick ? 500 : 1_000;
const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const AT_ONCE: Record<Major, readonly number[]> = { 24: [10, 50, 100, 1_000], 22: [50] };

/** Everything about calls on one Node and in one regime; the sizes on Node 24 alone. */
async function measureCalls(major: Major, regime: Regime): Promise<Measured[]> {
  const clients = startClients(major, regime, EVERY);
  const measured: Measured[] = [];
  const measure = async (concurrency: number, bodyBytes: number, calls: number, among?: readonly Client[]) => {
    console.error(`${versionOf(major)}, ${regime}, ${concurrency} at a time, ${bodyBytes / 1_000} kB`);
    await answerWith(bodyBytes);
    const rounds = await clients.measure(concurrency, calls, among);
    measured.push({ major, regime, concurrency, bodyBytes, rounds });
  };
  await measure(1, 1_000, CALLS);
  for (const concurrency of AT_ONCE[major])
    await measure(concurrency, 1_000, Math.max(CALLS, 2 * concurrency), [
      "fetch",
      "floor",
      "openapi-fetch",
      "report",
      "openai",
    ]);
  for (const bodyBytes of major === 24 ? SIZES.slice(1) : [])
    await measure(1, bodyBytes, Math.round(CALLS / Math.max(1, bodyBytes / 25_000)), ["fetch", "report"]);
  clients.stop();
  return measured;
}

/** Each way to validate, in processes of their own: first and early calls at 1 kB, and hot by the size of the body. */
async function validationTable(): Promise<string[]> {
  const accepted = parse(readFileSync("generated/openapi.accepted.yaml", "utf8")) as Document;
  const schema = JSON.stringify(toJsonSchema(accepted, "FineTuningJob"));
  const ways = { "`JSON.parse`": "parse", "this client": "client", "Ajv, compiled at run time": "ajv", zod: "zod" };
  const rows = Object.keys(ways).map((name) => [name]);
  for (const size of SIZES) {
    await answerWith(size);
    const calls = Math.round(2_000 / Math.max(1, size / 25_000));
    for (const [index, way] of Object.values(ways).entries()) {
      const rounds = Array.from({ length: quick ? 3 : 7 }, () =>
        run<[first: number, early: number, hot: number]>(24, "validate", way, endpoint, `${calls}`, installed, schema),
      );
      const figures = [0, 1, 2].map((column) => median(rounds.map((round) => round[column] as number)));
      const shown = size === SIZES[0] ? figures : figures.slice(2);
      rows[index]?.push(...shown.map((us) => fixed(us, us < 10 ? 2 : 0)));
    }
  }
  const hot = SIZES.map((size) => `hot, ${size / 1_000} kB`);
  return table(["µs a body", "first call, 1 kB", "calls 2 to 10, 1 kB", ...hot], rows);
}

async function startTable(): Promise<string[]> {
  const programs = {
    "openapi-fetch": 'export { default } from "openapi-fetch";',
    "fine-tuning-client": 'export { createFineTuningClient } from "./dist/index.js";',
    openai: `export { default } from ${JSON.stringify(openai)};`,
  };
  const rows = Object.entries(programs).map(async ([name, program]) => {
    const { bytes } = await weigh(program);
    return [name, fixed(addedStartMs(nodes[24], program), 1), inKilobytes(bytes)];
  });
  return table(["package", "import adds, ms", "minified and gzipped"], await Promise.all(rows));
}

/** The modules of a bundle, the largest first; gzip's gain is shared out among them in proportion. */
function modulesTable({ bytes, modules }: Weight): string[] {
  const minified = Object.values(modules).reduce((sum, each) => sum + each, 0);
  const rows = Object.entries(modules)
    .filter(([, size]) => size > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([path, size]) => [`\`${path.replace("node_modules/", "")}\``, size, Math.round((size * bytes) / minified)]);
  const all = [...rows, ["all", minified, bytes]];
  return table(
    ["module", "minified, bytes", "gzipped, bytes"],
    all.map((row) => row.map(String)),
  );
}

/** The heap of a call in flight, over that of bare `fetch`, in bytes. */
function heapOf(what: string): number {
  return Math.max(...MAJORS.map((major) => run<number>(major, "heap", what) - run<number>(major, "heap", "fetch")));
}

/** What another benchmark prints, on Node 24. Where it fails, so does this one, in the end. */
function outputOf(script: string, ...flags: string[]): string {
  const { stdout, stderr, status } = spawnSync(nodes[24], [...flags, "--import", "tsx", script], { encoding: "utf8" });
  process.stderr.write(stderr);
  if (status !== 0) process.exitCode = 1;
  return stdout.trim();
}

const [load = 0] = loadavg();
const all: Measured[] = [];
for (const major of MAJORS) for (const regime of REGIMES) all.push(...(await measureCalls(major, regime)));
await answerWith(1_000);
const cold = new Map(MAJORS.map((major) => [major, measureCold(major)]));
const validation = await validationTable();
stopService();
const weight = await weigh(CLIENT);
const openapiFetch = await weigh('export { default } from "openapi-fetch";');
const sizes: Sizes = { heap: heapOf("client"), client: weight.bytes, openapiFetch: openapiFetch.bytes };
const floorHeap = heapOf("floor");

const lines = `# What a cancel costs

<!-- Written by \`npm run bench\`. Do not edit. -->

${cpus().length} × ${cpus()[0]?.model.trim()}, ${execFileSync("uname", ["-sr"], { encoding: "utf8" }).trim()}. The load of the machine was ${fixed(load, 1)} before the run${load > 0.5 ? ": other programs ran too, so\ncompare the ratios, not the times" : ""}.

The service runs on loopback, in a process of its own, and so does each client. A figure is the CPU of the client's process,
as the median of ${ROUNDS} rounds, in which the clients take turns of ${CALLS} calls. In brackets: the interval that holds the median with
95 % confidence, by bootstrap over the ratios of each round. There are three regimes:

- **cold**: from the start of the process to the first answer.
- **hot**: turn after turn. What is called often is optimized code.
- **after GC**: a full garbage collection before each turn. V8 drops optimized code then, so every client costs more.

The floor is the least that a client with a deadline does.

## Goals

Of one call and 50 at a time, on Node 24 and 22, the highest figure counts.

${goalsTable(all, cold, sizes).join("\n")}

## One call at a time

${MAJORS.map((major) => callsTable(all, major).join("\n")).join("\n\n")}

## Several calls at a time

The last column says how much this client adds to bare \`fetch\`, as a share of what openai adds.

${atOnceTable(all).join("\n")}

## By size of the body

One call at a time, ${versionOf(24)}.

${sizesTable(all).join("\n")}

## Cold

${coldTable(cold).join("\n")}

## Validation

In place: after a \`fetch\` and a \`JSON.parse\` each time, ${versionOf(24)}. What Ajv and zod compile at run time is part of their first call.

${validation.join("\n")}

## Start and weight

${(await startTable()).join("\n")}

The goal of 12.0 kB is ${weight.bytes > 12_000 ? "missed" : "met"}: the client is ${weight.bytes} bytes, minified and gzipped, of which openapi-fetch is ${openapiFetch.bytes}.
These modules make them up; the gzipped bytes are the whole's, shared out in proportion.

${modulesTable(weight).join("\n")}

## Memory

A call in flight holds ${inKilobytes(sizes.heap)} of heap over bare \`fetch\`; one of the floor holds ${inKilobytes(floorHeap)}. This is the heap over 20,000 calls
with one client and one long-lived signal, 50 at a time, one in ten with a retry:

${outputOf("scripts/bench-memory.ts", "--expose-gc")}

## Hostile answers

Each way to an error, with the most violations, or the most work, that a body of its size can have. \`to an eighth\` compares
with an eighth of the body, where 8 is linear; \`to JSON.parse\` compares the call with parsing the body, or with 5 ms.

${outputOf("scripts/bench-hostile.ts")}
`;
console.log(lines);
if (!quick) writeFileSync("docs/benchmark.md", lines);
for (const problem of exceededBudgets(all, cold)) {
  console.error(`Over the budget: ${problem}.`);
  process.exitCode = 1;
}
