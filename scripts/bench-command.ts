/**
 * `npm run bench:command`: 50 jobs with the command, one at a time and all at once, on a service that takes 0.3 s, and on
 * one that limits its rate; then the memory that many jobs take. Writes the tables in docs/command.md.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { cpus } from "node:os";

const SERVICE_MS = 300;
const ROUNDS = 3;
const ids = (count: number) => Array.from({ length: count }, (_, index) => `ftjob-${index + 1}`);

interface Served {
  readonly url: string;
  requests: number;
  readonly cancelled: Set<string>;
  close(): void;
}

/** A service that takes `ms` for each job. Of the requests of each second it takes `perSecond`, and answers 429 to the others. */
async function serve(ms: number, perSecond = Number.POSITIVE_INFINITY): Promise<Served> {
  let taken = { second: 0, count: 0 };
  const answer = (id: string, response: ServerResponse) => {
    served.requests++;
    const second = Math.floor(performance.now() / 1_000);
    taken = { second, count: taken.second === second ? taken.count + 1 : 1 };
    if (taken.count > perSecond) return response.writeHead(429, { "retry-after": "1" }).end("{}");
    setTimeout(() => {
      served.cancelled.add(id);
      const job = { id, created_at: 1, model: "m", object: "fine_tuning.job", status: "cancelled", training_file: "f" };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(job));
    }, ms);
  };
  const server = createServer((request, response) => {
    answer(/jobs\/([^/]+)\/cancel/.exec(request.url ?? "")?.[1] ?? "", response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const served: Served = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: 0,
    cancelled: new Set(),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return served;
}

const PEAK = 'process.on("exit", () => process._rawDebug("peak " + process.resourceUsage().maxRSS));';

/** Runs a Node with arguments; resolves with the most memory that it had, in MB. */
async function runNode(service: Served, args: readonly string[], input = ""): Promise<number> {
  const child = spawn(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(PEAK)}`, ...args], {
    env: { ...process.env, AZURE_OPENAI_ENDPOINT: service.url, AZURE_OPENAI_API_KEY: "a-key-for-the-benchmark" },
    stdio: ["pipe", "ignore", "pipe"],
  });
  let err = "";
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  child.stdin.end(input);
  await once(child, "close");
  return Number(/^peak (\d+)$/m.exec(err)?.[1]) / 1_000;
}

const LOOP = "for (const id of ids) await client.cancel(id).catch(() => {});";
const ALL = "await Promise.allSettled(ids.map((id) => client.cancel(id)));";
const library = (code: string) => async (service: Served, jobs: readonly string[]) => {
  const program = `import { createFineTuningClient } from "./dist/index.js";
const client = createFineTuningClient();
const ids = ${JSON.stringify(jobs)};
${code}`;
  await runNode(service, ["--input-type=module", "--eval", program]);
};
const command =
  (...flags: string[]) =>
  async (service: Served, jobs: readonly string[]) => {
    await runNode(service, ["dist/bin.js", "--yes", ...flags, ...jobs]);
  };

type Way = (service: Served, jobs: readonly string[]) => Promise<void>;
const WAYS: Record<string, Way> = {
  "the command, once for each id, one after the other": async (service, jobs) => {
    for (const id of jobs) await command()(service, [id]);
  },
  "the library, `await` in a loop": library(LOOP),
  "the library, `Promise.allSettled`": library(ALL),
  "the command (`--concurrency 4`)": command(),
  "the command, `--concurrency 16`": command("--concurrency", "16"),
  "the command, `--concurrency 50`": command("--concurrency", "50"),
};

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

async function measure(way: Way, perSecond?: number) {
  const rounds: { s: number; requests: number; jobs: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const service = await serve(SERVICE_MS, perSecond);
    const started = performance.now();
    await way(service, ids(50));
    rounds.push({ s: (performance.now() - started) / 1_000, requests: service.requests, jobs: service.cancelled.size });
    service.close();
  }
  const of = (name: "s" | "requests" | "jobs") => median(rounds.map((each) => each[name]));
  return `${of("s").toFixed(1)} s | ${of("jobs")} | ${of("requests")}`;
}

async function memory(count: number): Promise<string> {
  const service = await serve(0);
  const peaks = [];
  for (let round = 0; round < ROUNDS; round++)
    peaks.push(await runNode(service, ["dist/bin.js", "--yes", "--file", "-"], ids(count).join("\r\n")));
  service.close();
  return `| ${count} | ${median(peaks).toFixed(0)} MB |`;
}

const lines = [
  `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}; medians of ${ROUNDS} runs, from the start of the process to its end.`,
  "",
  `A service that takes ${SERVICE_MS / 1_000} s for each job: 50 jobs, so 15 s is the least that one at a time can take.`,
  "",
  "| how | time | cancelled | requests |",
  "| --- | --- | --- | --- |",
];
for (const [name, way] of Object.entries(WAYS)) lines.push(`| ${name} | ${await measure(way)} |`);
lines.push(
  "",
  "The same service, when it takes 8 requests a second and answers 429 with `retry-after: 1` to all others:",
  "",
  "| how | time | cancelled | requests |",
  "| --- | --- | --- | --- |",
);
for (const name of ["the library, `Promise.allSettled`", "the command (`--concurrency 4`)"])
  lines.push(`| ${name} | ${await measure(WAYS[name] as Way, 8)} |`);
lines.push("", "The most memory that the command takes, on a service that answers at once:", "");
lines.push("| jobs | memory |", "| --- | --- |");
for (const count of [1, 1_000, 10_000]) lines.push(await memory(count));

const text = lines.join("\n");
console.log(text);
const page = readFileSync("docs/command.md", "utf8");
writeFileSync(
  "docs/command.md",
  page.replace(/(<!-- bench:.*-->\n)[\s\S]*(\n<!-- \/bench -->)/, (_, start, end) => start + text + end),
);
