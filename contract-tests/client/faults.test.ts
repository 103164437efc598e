import { getEventListeners } from "node:events";
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { createFineTuningClient, FineTuningClientError } from "../../src/index.js";
import { answer, startFaultServer, writeAndReset } from "./fault-server.js";
import { type Fault, faults, SECRET } from "./faults.js";
import { JOB } from "./job.js";
import { faultTable, type Played, playFault } from "./run-fault.js";

const METHODS = ["log", "info", "warn", "error", "debug"] as const;
let printed: unknown[][];
beforeEach(() => {
  printed = [];
  for (const method of METHODS) jest.spyOn(console, method).mockImplementation((...words) => void printed.push(words));
});
afterEach(() => void jest.restoreAllMocks());

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown) => unhandled.push(reason);
beforeAll(() => void process.on("unhandledRejection", onUnhandled));
afterAll(() => {
  process.off("unhandledRejection", onUnhandled);
  expect(unhandled).toEqual([]);
});

/** Every text in which a credential could get out of a value. */
function textsOf(value: unknown): string[] {
  const texts = [
    inspect(value, {
      depth: Number.POSITIVE_INFINITY,
      showHidden: true,
      getters: true,
      maxStringLength: null,
      maxArrayLength: null,
    }),
  ];
  const json = () =>
    JSON.stringify(value, (_, each) =>
      each instanceof Error ? { ...each, message: each.message, cause: each.cause } : each,
    );
  try {
    texts.push(json() ?? "");
  } catch {
    // Nested too deep, or in a circle: inspect has shown it.
  }
  for (let link = value; link instanceof Error; link = link.cause)
    texts.push(String(link), link.message, link.stack ?? "");
  return texts;
}

/** What `onAttempt` said is what happened. */
function expectAttemptEvents({ error, attempts, attemptEvents, requests }: Played) {
  const last = attemptEvents.at(-1);
  for (const event of attemptEvents) {
    expect(event).toMatchObject({ method: "POST", jobId: "ftjob-abc123" });
    expect(event.url).toMatch(/\/openai\/v1\/fine_tuning\/jobs\/ftjob-abc123\/cancel$/);
    expect(event.durationMs).toBeGreaterThanOrEqual(0);
  }
  if (last) expect(last.attempt).toBe(attempts);
  if (!error || !last) return;
  expect(error.clientRequestId).toBe(last.clientRequestId);
  expect(error.outcome).toBe(last.outcome);
  for (const request of requests) expect(request).toContain(last.clientRequestId);
}

const rows: { fault: Fault; played: Played }[] = [];
const groups = [...new Set(faults.map(({ group }) => group))];

test("the table has at least 60 rows, each with a name of its own", () => {
  expect(faults.length).toBeGreaterThanOrEqual(60);
  expect(new Set(faults.map(({ group, name }) => `${group}: ${name}`)).size).toBe(faults.length);
});

describe.each(groups)("%s", (group) => {
  test.each(faults.filter((fault) => fault.group === group))("$name: $result, $outcome", async (fault) => {
    const played = await playFault(fault);
    rows.push({ fault, played });
    const { job, error, attempts, ms, requests, elsewhere, events, attemptEvents, reason } = played;

    if (fault.result === "job") {
      expect(error).toBeUndefined();
      expect(job).toMatchObject({ id: JOB.id });
    } else {
      expect(job).toBeUndefined();
      expect(error).toBeInstanceOf(FineTuningClientError);
      expect({ name: error?.name, outcome: error?.outcome }).toEqual({ name: fault.result, outcome: fault.outcome });
      expect(error).toMatchObject(fault.shows ?? {});
      expect(error?.message.trim()).not.toBe("");
      expect(error?.message).not.toContain("\n");
      if (fault.says !== undefined) expect(error?.message).toMatch(fault.says);
      if (fault.result === "AbortError") expect(error?.cause).toBe(reason);
    }
    expect(attempts).toBe(fault.attempts);
    expect(ms).toBeLessThan(fault.withinMs ?? 4_000);
    expect(Object.prototype).not.toHaveProperty("polluted");

    // The credential reaches the server, under one id for all attempts, and gets out nowhere else.
    expect(elsewhere).toEqual([]);
    for (const request of requests) {
      expect(request).toMatch(/^POST \/openai\/v1\/fine_tuning\/jobs\/ftjob-abc123\/cancel HTTP\/1\.1\r\n/);
      expect(request).toContain(SECRET);
    }
    if (fault.calls === undefined) {
      const ids = requests.map((request) => /^x-ms-client-request-id: (\S+)$/im.exec(request)?.[1]);
      expect(new Set(ids).size).toBeLessThanOrEqual(1);
      expect(ids).not.toContain(undefined);
    }
    for (const value of [error, ...events, ...attemptEvents, ...printed])
      for (const text of textsOf(value)) expect(text).not.toContain(SECRET);
    // Each wait is followed by an attempt, unless the caller ends it.
    expect(events.filter((event) => "delayMs" in event)).toHaveLength(
      Math.max(0, attemptEvents.length - (fault.calls ?? 1)) + (fault.abort === "at-retry" ? 1 : 0),
    );
    expectAttemptEvents(played);
  });
});

test("docs/faults.md is up to date, else run `npm run docs`", () => {
  // Under a filter the run is not the whole of it.
  if (rows.length < faults.length) return;
  expect(readFileSync("docs/faults.md", "utf8")).toBe(faultTable(rows));
});

test("1,000 calls at once, a third of which fail at first, all come back", async () => {
  let count = 0;
  const flaky: Parameters<typeof startFaultServer>[0][number] = (socket, request) => {
    const [step] = [
      [
        answer(200, JOB),
        answer(503, {}, { "retry-after-ms": "1" }),
        answer(200, JOB),
        answer(200, JOB),
        writeAndReset(),
        answer(200, JOB),
      ][count++ % 6],
    ];
    step?.(socket, request);
  };
  const server = await startFaultServer([flaky]);
  const client = createFineTuningClient({
    endpoint: `http://127.0.0.1:${server.port}`,
    apiKey: SECRET,
    maxRetries: 20,
    maxRetryDelayMs: 20,
    // The service answers with the same job whatever the id.
    onViolation: () => {},
  });
  const { signal } = new AbortController();
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on("warning", onWarning);
  const jobs = await Promise.all(
    Array.from({ length: 1_000 }, (_, index) => client.cancel(`ftjob-${index}`, { signal })),
  );
  expect(jobs).toHaveLength(1_000);
  expect(jobs.every(({ status }) => status === "cancelled")).toBe(true);
  expect(getEventListeners(signal, "abort")).toEqual([]);
  process.off("warning", onWarning);
  expect(warnings).toEqual([]);
  await server.close();
});
