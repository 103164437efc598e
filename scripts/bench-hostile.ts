/**
 * `npm run bench:hostile`: what the worst bodies cost, as a multiple of what `JSON.parse` takes for the same bytes. Exits
 * with 1 when that is more than a few times as much, or when it grows faster than the body.
 */
import { FineTuningJob as jobSchema } from "../generated/job-schema.js";
import { createFineTuningClient } from "../src/index.js";
import { findViolations } from "../src/violations.js";

const bytes = Number(process.argv[2] ?? 2 ** 20);
/** The most that a call may take, as a multiple of `JSON.parse`. */
const MOST_TIMES = 20;
/** What `JSON.parse` takes for an ordinary megabyte, in ms: for one long text it takes next to nothing. */
const ORDINARY_PARSE_MS = 5;
/** The most that validation may take, as a multiple of what it takes for an eighth of the body. Quadratic work is 64. */
const MOST_GROWTH = 32;
/** Below this, in ms, growth is only noise. */
const LEAST_MS = 1;

const JOB =
  '"id":"ftjob-1","created_at":1,"model":"m","object":"fine_tuning.job","status":"queued","training_file":"f"';

/** For each way to make validation work, a job of at most `bytes` bytes, as JSON. */
function hostileBodies(bytes: number): Record<string, string> {
  const job = (members: string) => `{${JOB},${members}}`;
  /** `before`, then as many items as there is room for, then `after`. */
  const filled = (before: string, item: (index: number) => string, after: string) => {
    const items: string[] = [];
    let room = bytes - job(before + after).length;
    for (let index = 0; room > item(index).length; index++) {
      items.push(item(index));
      room -= item(index).length + 1;
    }
    return job(before + items.join(",") + after);
  };
  const nested = (before: string, open: string, close: string, after = "") => {
    const levels = Math.floor((bytes - job(before + after).length - 1) / (open.length + close.length));
    return job(`${before}${open.repeat(levels)}0${close.repeat(levels)}${after}`);
  };
  const long = (before: string, unit: string, after: string) =>
    job(before + unit.repeat(Math.floor((bytes - job(before + after).length) / Buffer.byteLength(unit))) + after);
  const numbered = (index: number, length = 0) => `"${String(index).padStart(length, "k")}"`;
  return {
    "a list of the wrong type": filled('"result_files":[', () => "0", "]"),
    "missing members": filled('"integrations":[', () => "{}", "]"),
    "values in no enum": filled('"integrations":[', () => '{"type":0,"wandb":0}', "]"),
    "lists in lists of the wrong type": filled('"integrations":[', () => '{"wandb":{"tags":[0,0,0,0]}}', "]"),
    "names that are too long": filled('"metadata":{', (index) => `${numbered(index, 65)}:""`, "}"),
    "values of the wrong type": filled('"metadata":{', (index) => `${numbered(index)}:0`, "}"),
    "values that are too long": filled('"metadata":{', (index) => `${numbered(index)}:"${"v".repeat(513)}"`, "}"),
    "many unknown members": filled("", (index) => `${numbered(index, 1)}:0`, ""),
    "deep nesting in an unknown member": nested('"unknown":', '{"x":', "}"),
    "deep nesting in metadata": nested('"metadata":{"x":', "[", "]", "}"),
    "deep nesting in a list": nested('"integrations":[', "[", "]", "]"),
    "a long name in metadata": long('"metadata":{"', "~", '":0}'),
    "a long name of an unknown member": long('"', "k", '":0'),
    "a long value in metadata": long('"metadata":{"k":"', "𝒳", '"}'),
  };
}

/** The CPU time of this process, in ms: it stands still while the machine does something else. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** The shortest of a few interleaved runs of each, in ms of CPU time: whatever else the machine does only ever adds. */
async function shortestMs(...runs: (() => unknown)[]): Promise<number[]> {
  const shortest = runs.map(() => Number.POSITIVE_INFINITY);
  const end = performance.now() + 50;
  for (let round = 0; round < 5 || (round < 50 && performance.now() < end); round++) {
    for (const [index, run] of runs.entries()) {
      const began = cpuMs();
      await run();
      shortest[index] = Math.min(shortest[index] as number, cpuMs() - began);
    }
  }
  return shortest;
}

function clientAnsweredWith(text: string) {
  return createFineTuningClient({
    endpoint: "http://127.0.0.1:1",
    apiKey: "a-key-for-the-benchmark",
    validation: "strict",
    fetch: async () => new Response(text, { headers: { "content-type": "application/json" } }),
  });
}

console.log(`${bytes} bytes, Node ${process.version}; times are in ms of CPU.\n`);
console.log(
  "| body | violations | JSON.parse | validation | to JSON.parse | to an eighth | strict call | to JSON.parse |",
);
console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
const eighths = hostileBodies(bytes / 8);
for (const [what, text] of Object.entries(hostileBodies(bytes))) {
  const [body, eighth] = [JSON.parse(text), JSON.parse(eighths[what] as string)];
  const client = clientAnsweredWith(text);
  const [parseMs = 0, eighthMs = 0, validateMs = 0, callMs = 0] = await shortestMs(
    () => JSON.parse(text),
    () => findViolations(jobSchema, eighth),
    () => findViolations(jobSchema, body),
    () => client.cancel("ftjob-1").catch(() => {}),
  );
  const { violationCount } = findViolations(jobSchema, body);
  const growth = validateMs < LEAST_MS ? undefined : validateMs / eighthMs;
  const figures = [parseMs, validateMs, validateMs / parseMs, growth, callMs, callMs / parseMs];
  console.log(`| ${[what, violationCount, ...figures.map((figure) => figure?.toFixed(1) ?? "")].join(" | ")} |`);
  if (callMs > MOST_TIMES * Math.max(parseMs, ORDINARY_PARSE_MS) || (growth ?? 0) > MOST_GROWTH) {
    console.error(`${what}: more than ${MOST_TIMES} times JSON.parse, or ${MOST_GROWTH} times an eighth of the body.`);
    process.exitCode = 1;
  }
}
