/**
 * `npm run bench:hostile`: what the worst answers cost, as a multiple of what `JSON.parse` takes for the same bytes. Exits
 * with 1 when that is more than a few times as much, when it grows faster than the body, or when another error is thrown.
 */
import { FineTuningJob as jobSchema } from "../generated/job-schema.js";
import { createFineTuningClient } from "../src/index.js";
import { findViolations } from "../src/violations.js";
import { API_KEY, type HostileAnswer, hostileAnswers } from "./bench/hostile.js";

const bytes = Number(process.argv[2] ?? 2 ** 20);
/** The most that a call may take, as a multiple of `JSON.parse`. */
const MOST_TIMES = 20;
/** What `JSON.parse` counts for at least, in ms, as for an ordinary megabyte: for one long text it takes next to nothing. */
const ORDINARY_PARSE_MS = 5;
/** The most that a call may take, as a multiple of what it takes for an eighth of the body. Quadratic work is 64. */
const MOST_GROWTH = 32;
/** Below this, in ms, growth is only noise. */
const LEAST_MS = 1;

/** The CPU time of this process, in ms: it stands still while the machine does something else. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** The shortest of a few interleaved runs of each, in ms of CPU time: whatever else the machine does only ever adds. */
async function shortestMs(...runs: (() => unknown)[]): Promise<number[]> {
  const shortest = runs.map(() => Number.POSITIVE_INFINITY);
  const end = performance.now() + 25;
  for (let round = 0; round < 5 || (round < 50 && performance.now() < end); round++) {
    for (const [index, run] of runs.entries()) {
      const began = cpuMs();
      await run();
      shortest[index] = Math.min(shortest[index] as number, cpuMs() - began);
    }
  }
  return shortest;
}

/** A call that is answered so. It resolves with the name of the error that is thrown. */
function callAnsweredWith({ status, text, breaks, tooLarge }: HostileAnswer): () => Promise<string> {
  const content = new TextEncoder().encode(text);
  const respond = () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(content),
      pull: (controller) => (breaks ? controller.error(new TypeError("terminated")) : controller.close()),
    });
    return new Response(body, { status, headers: { "content-type": "application/json" } });
  };
  const client = createFineTuningClient({
    endpoint: "http://127.0.0.1:1",
    apiKey: API_KEY,
    validation: "strict",
    maxRetries: 0,
    maxResponseBytes: tooLarge ? content.length >> 1 : content.length,
    fetch: async () => respond(),
  });
  return () =>
    client.cancel("ftjob-1").then(
      () => "none",
      (thrown: Error) => thrown.name,
    );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How many times as long as for an eighth of the body; `undefined` where that would be noise. */
const growth = (ms: number, eighthMs: number) => (ms < LEAST_MS ? undefined : ms / eighthMs);

/** Prints a row for an answer, and fails when the call, or the validation of a job, costs too much. */
async function measure(what: string, answer: HostileAnswer, eighth: HostileAnswer): Promise<void> {
  const validation = (text: string) => {
    const job = parse(text);
    return () => findViolations(jobSchema, job);
  };
  const call = callAnsweredWith(answer);
  const runs = [() => parse(answer.text), call, callAnsweredWith(eighth)];
  if (answer.isJob) runs.push(validation(answer.text), validation(eighth.text));
  const [parseMs = 0, callMs = 0, eighthCallMs = 0, validateMs, eighthMs = 0] = await shortestMs(...runs);
  const validationGrowth = validateMs && growth(validateMs, eighthMs);
  const callGrowth = growth(callMs, eighthCallMs);
  const error = await call();
  const count = answer.isJob && validation(answer.text)().violationCount;
  const times = callMs / Math.max(parseMs, ORDINARY_PARSE_MS);
  const figures = [parseMs, validateMs, validationGrowth, callMs, callGrowth, times];
  const cells = [what, error, count || "", ...figures.map((figure) => figure?.toFixed(1) ?? "")];
  console.log(`| ${cells.join(" | ")} |`);

  const problems = [
    error !== answer.error && `the error is ${error}, not ${answer.error}`,
    times > MOST_TIMES && `more than ${MOST_TIMES} times JSON.parse`,
    [validationGrowth, callGrowth].some((each) => (each ?? 0) > MOST_GROWTH) &&
      `more than ${MOST_GROWTH} times an eighth of the body`,
  ].filter((problem) => problem !== false);
  if (problems.length > 0) process.exitCode = 1;
  for (const problem of problems) console.error(`${what}: ${problem}.`);
}

console.log(`${bytes} bytes, Node ${process.version}; times are in ms of CPU.\n`);
const columns = ["answer", "error", "violations", "JSON.parse"];
columns.push("validation", "to an eighth", "call", "to an eighth", "to JSON.parse");
console.log(`| ${columns.join(" | ")} |\n|${" --- |".repeat(columns.length)}`);
const eighths = hostileAnswers(bytes / 8);
for (const [what, answer] of Object.entries(hostileAnswers(bytes)))
  await measure(what, answer, eighths[what] as HostileAnswer);
