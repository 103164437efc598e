/** Many jobs: how many at a time, what a rate limit and a signal do, the question, and the progress line. */
import { EventEmitter, once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { run as runCommand } from "../../src/command/command.js";
import type { Process } from "../../src/command/session.js";
import { command, type Ended, held, job, type Service, send, start, startService } from "./command-harness.js";

let service: Service;
beforeEach(async () => {
  service = await startService();
});
afterEach(async () => {
  jest.useRealTimers();
  await service.close();
});

const ids = (count: number) => Array.from({ length: count }, (_, index) => `ftjob-${index + 1}`);
const results = ({ out }: Ended): Record<string, Record<string, unknown>> =>
  Object.fromEntries(
    out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line))
      .map((result) => [result.id, result]),
  );
const limited = (headers: Record<string, string>) =>
  send(429, { error: { code: "429", message: "Slow down." } }, headers);
/** The time of the n-th request after that of the first, in ms. */
const timeOf = (index: number) => (service.times[index] as number) - (service.times[0] as number);
/** Timers may come a little early. */
const SLACK = 5;

describe("--concurrency", () => {
  test.each([
    ["4 by default", [], 4],
    ["as many as it says", ["--concurrency", "7"], 7],
  ])("%s", async (_, flags, most) => {
    let [under, max] = [0, 0];
    const hold = held();
    for (const id of ids(20)) {
      service.scripts[id] = [
        (response, each) => {
          max = Math.max(max, ++under);
          response.on("close", () => under--);
          hold(response, each);
        },
      ];
    }
    const { ended } = start(service, ["--yes", ...flags, ...ids(20)]);
    await service.arrived(most);
    hold.release();
    expect(await ended).toMatchObject({ code: 0 });
    expect(max).toBe(most);
    expect([...service.seen].sort()).toEqual(ids(20).sort());
  });
});

describe("a rate limit slows all jobs down", () => {
  test("while the one that met it waits, no other starts", async () => {
    const hold = held();
    service.scripts.a = [limited({ "retry-after-ms": "300" }), job()];
    service.scripts.b = [hold];
    const run = start(service, ["--yes", "--concurrency", "2", "a", "b", "c", "d"]);
    await run.shows("a: attempt 1 failed, next in 0.3 s: The service answered 429: Slow down. Retry after 300 ms.");
    await run.shows("The service asks to slow down: no further job for 0.3 s.");
    hold.release();
    expect(await run.ended).toMatchObject({ code: 0 });
    expect(service.seen.slice(0, 2)).toEqual(["a", "b"]);
    expect([...service.seen.slice(2)].sort()).toEqual(["a", "c", "d"]);
    for (const index of [2, 3, 4]) expect(timeOf(index)).toBeGreaterThanOrEqual(300 - SLACK);
  });

  test.each([
    ["a 503 that says when to come back", send(503, {}, { "retry-after-ms": "200" }), 200],
    ["the last attempt of a job", limited({ "retry-after-ms": "200" }), 200],
    ["a 429 that does not say for how long", limited({}), 1000],
  ])("%s counts", async (_, answer, ms) => {
    service.scripts.a = [answer];
    await command(service, ["--yes", "--concurrency", "1", "--max-retries", "0", "a", "b"]);
    expect(service.seen).toEqual(["a", "b"]);
    expect(timeOf(1)).toBeGreaterThanOrEqual(ms - SLACK);
  });

  test.each([
    ["first", "400", "50"],
    ["last", "300", "400"],
  ])("the longest wait counts, when it is asked for %s", async (_, first, last) => {
    const [a, b] = [held(limited({ "retry-after-ms": first })), held(limited({ "retry-after-ms": last }))];
    Object.assign(service.scripts, { a: [a, job()], b: [b, job()] });
    const run = start(service, ["--yes", "--concurrency", "2", "a", "b", "c"]);
    await service.arrived(2);
    const answered = performance.now();
    a.release();
    await run.shows("a: attempt 1 failed");
    b.release();
    await run.ended;
    const started = service.times[service.seen.indexOf("c")] as number;
    expect(started - answered).toBeGreaterThanOrEqual(400 - SLACK);
  });

  test("a 503 that asks for nothing does not", async () => {
    const hold = held();
    service.scripts.a = [send(503, {}), hold];
    const run = start(service, ["--yes", "--concurrency", "2", "a", "b", "c"]);
    await run.shows("c  cancelled");
    hold.release();
    expect((await run.ended).err).not.toContain("slow down");
  });

  test("a service that asks for an hour is asked again after a minute", async () => {
    // The answers come by timers of Node's own.
    jest.useFakeTimers({ doNotFake: ["performance", "nextTick", "setImmediate"] });
    service.scripts.a = [limited({ "retry-after": "3600" })];
    const run = start(service, ["--yes", "--concurrency", "1", "a", "b"]);
    await run.shows("The service asks to slow down: no further job for 60.0 s.");
    expect(service.seen).toEqual(["a"]);
    jest.advanceTimersByTime(60_000);
    jest.useRealTimers();
    await service.arrived(2);
    expect(await run.ended).toMatchObject({ code: 1, out: expect.stringMatching(/^b {2}cancelled/m) });
  });

  test("a pause ends at once when somebody ends the run", async () => {
    service.scripts.a = [limited({ "retry-after": "3600" })];
    const run = start(service, ["--yes", "--json", "--concurrency", "1", "a", "b"]);
    await run.shows("The service asks to slow down: no further job for 60.0 s.");
    run.signal("SIGINT");
    const ended = await run.ended;
    expect(ended.code).toBe(130);
    expect(results(ended)).toMatchObject({ a: { outcome: "rejected" }, b: { outcome: "not-started" } });
  });
});

describe("interrupted", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "command-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test.each([
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s: those in flight end, the others are listed, exit code %i", async (signal, code) => {
    const [a, b] = [held(), held(job({ status: "running" }))];
    Object.assign(service.scripts, { a: [a], b: [b] });
    const failed = join(folder, "failed.txt");
    const run = start(service, ["--yes", "--concurrency", "2", "--output-failed", failed, "a", "b", "c", "d"]);
    await service.arrived(2);
    run.signal(signal);
    await run.shows(
      `${signal}: no further request is sent. Waiting for 2 jobs in flight, at most 30.0 s; a second signal ends at once.`,
    );
    a.release();
    b.release();
    const ended = await run.ended;
    expect(ended.code).toBe(code);
    expect(service.seen).toEqual(["a", "b"]);
    expect(ended.out).toMatch(/^a {2}cancelled /m);
    expect(ended.out).toMatch(/^b {2}not-cancelled /m);
    expect(ended.out).toMatch(/\nnot-started \(2\): No request was sent\.\n {2}c d\n/);
    // The summary is enough.
    expect(ended.out).not.toMatch(/^[cd] {2}/m);
    expect(readFileSync(failed, "utf8")).toBe("b\nc\nd\n");
  });

  test("a wait for a retry ends, with what the attempts came to", async () => {
    service.scripts.a = [send(503, {}, { "retry-after": "30" })];
    service.scripts.b = [limited({ "retry-after": "30" })];
    const run = start(service, ["--yes", "--json", "--concurrency", "2", "a", "b", "c"]);
    await run.shows("a: attempt 1 failed");
    await run.shows("b: attempt 1 failed");
    run.signal("SIGTERM");
    const ended = await run.ended;
    expect(results(ended)).toMatchObject({
      a: {
        outcome: "unknown",
        error: "ApiError",
        attempts: 1,
        requestId: "request-of-a",
        message:
          "The service answered 503: {}. Retry after 30000 ms. The job may have been cancelled. Not tried again: interrupted by SIGTERM.",
      },
      b: { outcome: "rejected", code: "429", message: expect.stringContaining("Not tried again") },
      c: { outcome: "not-started", message: "Not started: interrupted by SIGTERM.", attempts: 0 },
    });
    expect(ended.code).toBe(143);
  });

  test("a wait after several attempts ends with what all of them came to", async () => {
    service.scripts.a = [send(503, {}, { "retry-after-ms": "1" }), limited({ "retry-after": "30" })];
    const run = start(service, ["--json", "a"]);
    await run.shows("a: attempt 2 failed");
    run.signal("SIGINT");
    expect(results(await run.ended).a).toMatchObject({
      outcome: "unknown",
      error: "ApiError",
      code: "429",
      attempts: 2,
    });
  });

  test("an attempt in flight that fails is not followed by another", async () => {
    const a = held(send(503, {}, { "retry-after-ms": "1" }));
    service.scripts.a = [a];
    const run = start(service, ["--json", "a"]);
    await service.arrived(1);
    run.signal("SIGINT");
    a.release();
    expect(results(await run.ended).a).toMatchObject({
      outcome: "unknown",
      message: expect.stringContaining("Not tried again: interrupted by SIGINT."),
    });
    expect(service.seen).toEqual(["a"]);
  });

  test("a wait that is over by the clock, but not by its timer, is not followed by a request", async () => {
    service.scripts.a = [send(503, {}, { "retry-after-ms": "20" }), job()];
    const run = start(service, ["--json", "a"]);
    await run.shows("a: attempt 1 failed");
    const busyUntil = performance.now() + 40;
    while (performance.now() < busyUntil);
    run.signal("SIGINT");
    const ended = await run.ended;
    expect(results(ended).a).toMatchObject({ attempts: 1, message: expect.stringContaining("Not tried again") });
    expect(ended.err).not.toContain("in flight");
    expect(service.seen).toEqual(["a"]);
  });

  test("a rate limit that is answered after the signal holds nothing up", async () => {
    const a = held(limited({ "retry-after": "30" }));
    service.scripts.a = [a];
    const run = start(service, ["--yes", "--json", "--concurrency", "1", "--max-retries", "0", "a", "b"]);
    await service.arrived(1);
    run.signal("SIGINT");
    a.release();
    await run.shows('"id":"b"');
    const ended = await run.ended;
    expect(results(ended)).toMatchObject({ a: { outcome: "rejected" }, b: { outcome: "not-started" } });
    expect(ended.err).not.toContain("slow down");
  });

  test("only jobs whose request is in flight are waited for", async () => {
    const b = held();
    Object.assign(service.scripts, { a: [send(503, {}, { "retry-after": "30" })], b: [b] });
    const run = start(service, ["--yes", "--concurrency", "2", "a", "b"]);
    await run.shows("a: attempt 1 failed");
    await service.arrived(2);
    run.signal("SIGINT");
    await run.shows("Waiting for 1 job in flight");
    b.release();
    expect(await run.ended).toMatchObject({ code: 130, out: expect.stringContaining("1 of 2 jobs cancelled") });
  });

  test("two signals during a wait end it once, with what the attempts came to", async () => {
    service.scripts.a = [send(503, {}, { "retry-after": "30" })];
    const run = start(service, ["--json", "a"]);
    await run.shows("a: attempt 1 failed");
    run.signal("SIGINT");
    run.signal("SIGINT");
    expect(results(await run.ended).a?.message).toContain("Not tried again: interrupted by SIGINT.");
  });

  describe("while a token is fetched, no request leaves", () => {
    /** The command with a token provider that is held; `asked` resolves when it is called for the n-th time. */
    const startWithTokens = (held: number) => {
      const calls = new EventEmitter();
      let [asked, release] = [0, (_: string) => {}];
      const token = new Promise<string>((resolve) => {
        release = resolve;
      });
      const tokenProvider = () => {
        calls.emit(`call ${++asked}`);
        return asked === held ? token : "a-token";
      };
      const target = { label: "test", options: { endpoint: service.url, tokenProvider }, defaultId: "" };
      const isAsked = once(calls, `call ${held}`);
      const run = start(service, ["--json", "a"], { program: (args, process) => runCommand(args, process, target) });
      return { run, isAsked, release };
    };

    test("for the first attempt: the job is not started", async () => {
      const { run, isAsked, release } = startWithTokens(1);
      await isAsked;
      run.signal("SIGINT");
      release("a-token");
      const ended = await run.ended;
      expect(results(ended).a).toMatchObject({
        outcome: "not-started",
        error: null,
        attempts: 0,
        message: "Not started: interrupted by SIGINT.",
      });
      expect(ended).toMatchObject({ code: 130, err: expect.not.stringContaining("in flight") });
      expect(service.seen).toEqual([]);
    });

    test("for a retry: it is not tried again", async () => {
      service.scripts.a = [send(503, {}, { "retry-after-ms": "1" })];
      const { run, isAsked, release } = startWithTokens(2);
      await isAsked;
      run.signal("SIGTERM");
      release("a-token");
      expect(results(await run.ended).a).toMatchObject({
        outcome: "unknown",
        attempts: 1,
        message: expect.stringContaining("Not tried again: interrupted by SIGTERM."),
      });
      expect(service.seen).toEqual(["a"]);
    });
  });

  test("a job that comes back after the signal is reported, and the exit code is the signal's all the same", async () => {
    const a = held();
    service.scripts.a = [a];
    const run = start(service, ["a"]);
    await service.arrived(1);
    run.signal("SIGINT");
    a.release();
    expect(await run.ended).toMatchObject({ code: 130, out: expect.stringContaining("1 of 1 job cancelled") });
  });

  test("a second signal ends at once, and says what is not known", async () => {
    const failed = join(folder, "failed.txt");
    service.scripts.b = [() => {}];
    const args = ["--yes", "--json", "--concurrency", "1", "--output-failed", failed, "a", "b", "c"];
    const run = start(service, args);
    await service.arrived(2);
    run.signal("SIGTERM");
    run.signal("SIGINT");
    const ended = await run.ended;
    expect(ended.code).toBe(143);
    expect(results(ended)).toMatchObject({
      a: { cancelled: true },
      b: {
        outcome: "unknown",
        error: "AbortError",
        attempts: 1,
        clientRequestId: expect.any(String),
        message: "The call was aborted: ended at once by SIGINT. The job may have been cancelled.",
      },
      c: { outcome: "not-started", message: "Not started: interrupted by SIGTERM." },
    });
    expect(readFileSync(failed, "utf8")).toBe("b\nc\n");
    expect(ended.err).toContain("1 of 3 jobs cancelled");
  });
});

test("a second signal during another attempt is not taken for the end of a wait", async () => {
  service.scripts.a = [send(429, {}, { "retry-after-ms": "1" }), () => {}];
  const run = start(service, ["--json", "a"]);
  await service.arrived(2);
  run.signal("SIGINT");
  run.signal("SIGINT");
  expect(results(await run.ended).a).toMatchObject({
    outcome: "unknown",
    error: "AbortError",
    attempts: 2,
    message: "The call was aborted: ended at once by SIGINT. The job may have been cancelled.",
  });
});

describe("the question at a terminal", () => {
  const QUESTION = "Cancel 5 jobs (ftjob-1, ftjob-2, ftjob-3 and 2 more)? [y/N] ";
  const ask = async (answer: string, flags: readonly string[] = []) => {
    const run = start(service, [...flags, ...ids(5)], { isTerminal: true });
    await run.shows(QUESTION);
    run.stdin.write(answer);
    return run.ended;
  };

  test.each(["y\r", "yes\r", " Y \r"])("%j cancels", async (answer) => {
    expect(await ask(answer)).toMatchObject({ code: 0 });
    expect(service.seen).toHaveLength(5);
  });

  test.each([
    ["no", "n\r", 1],
    ["nothing", "\r", 1],
    ["another word", "yesterday\r", 1],
    ["the end of the input", "\u0004", 1],
    ["Ctrl-C", "\u0003", 130],
  ])("%s cancels nothing", async (_, answer, code) => {
    expect(await ask(answer)).toMatchObject({ code, err: expect.stringMatching(/Nothing was sent\.\n$/) });
    expect(service.seen).toEqual([]);
  });

  test("an input that ends leaves no half of a line", async () => {
    expect((await ask("\u0004")).err).toMatch(/\[y\/N\] [^\n]*\nNothing was sent\.\n$/);
  });

  test("names all of up to three jobs", async () => {
    const run = start(service, ids(3), { isTerminal: true });
    await run.shows("Cancel 3 jobs (ftjob-1, ftjob-2, ftjob-3)? [y/N] ");
    run.stdin.write("\r");
    await run.ended;
  });

  test("a signal cancels nothing", async () => {
    const run = start(service, ids(5), { isTerminal: true });
    await run.shows(QUESTION);
    run.signal("SIGTERM");
    expect(await run.ended).toMatchObject({
      code: 143,
      err: expect.stringMatching(/\[y\/N\] [^\n]*\nNothing was sent\.\n$/),
    });
    expect(service.seen).toEqual([]);
  });

  test.each([
    ["--yes", ["--yes", ...ids(5)]],
    ["--dry-run", ["--dry-run", ...ids(5)]],
    ["one job", ["ftjob-1"]],
    ["the same job twice", ["ftjob-1", "ftjob-1"]],
  ])("%s is not asked about", async (_, args) => {
    const { code, err } = await command(service, args, { isTerminal: true });
    expect({ code, isAsked: err.includes("[y/N]") }).toEqual({ code: 0, isAsked: false });
  });

  test.each(["stdin", "stderr"] as const)("where %s alone is no terminal, nobody can be asked", async (name) => {
    const run = start(service, ["a", "b"], {
      isTerminal: true,
      program: (args, process) => {
        process[name].isTTY = false;
        return runCommand(args, process);
      },
    });
    run.stdin.end("y\r");
    expect(await run.ended).toMatchObject({ code: 2, err: expect.stringContaining("give --yes") });
    expect(service.seen).toEqual([]);
  });

  test("where ids come from stdin, nobody can be asked", async () => {
    const run = start(service, ["--file", "-"], { isTerminal: true });
    run.stdin.end("a\nb\n");
    expect(await run.ended).toMatchObject({ code: 2, err: expect.stringContaining("give --yes") });
  });
});

describe("the progress line", () => {
  const ESCAPE = "\u001b";

  test("is below what is printed, says what waits and for how long, and goes at the end", async () => {
    const [first, second] = [held(send(404, {})), held(limited({ "retry-after": "2" }))];
    Object.assign(service.scripts, { a: [first], b: [second] });
    const run = start(service, ["--yes", "--concurrency", "2", "a", "b", "c"], {
      isTerminal: true,
      env: { NO_COLOR: "1" },
    });
    await run.shows("0 of 3 done, 2 in flight\n");
    second.release();
    await run.shows("0 of 3 done, 1 in flight, 1 waiting");
    first.release();
    await run.shows("1 of 3 done, 1 failed, 0 in flight, 1 waiting for a retry (next in 2 s), paused for 2 s");
    await run.shows("1 waiting for a retry (next in 1 s), paused for 1 s");
    run.signal("SIGINT");
    const { err } = await run.ended;
    // What the line says otherwise, it does not say twice.
    expect(err).not.toContain("attempt 1 failed");
    // The last thing is to erase the line.
    expect(err).toMatch(new RegExp(`${ESCAPE}\\[2K${ESCAPE}\\[G${ESCAPE}\\[\\?2026l$`));
  });

  test("does not speak of a pause that a signal has ended", async () => {
    const b = held();
    Object.assign(service.scripts, { a: [limited({ "retry-after": "30" })], b: [b] });
    const args = ["--yes", "--concurrency", "2", "a", "b", "c"];
    const run = start(service, args, { isTerminal: true, env: { NO_COLOR: "1" } });
    await run.shows("paused for 30 s");
    run.signal("SIGINT");
    await run.shows("2 of 3 done, 2 failed, 1 in flight\n");
    b.release();
    await run.ended;
  });

  test("counts those that failed alone, and says which wait ends first", async () => {
    const [b, c] = [limited({ "retry-after": "30" }), limited({ "retry-after": "5" })];
    Object.assign(service.scripts, { b: [b], c: [c], d: [() => {}] });
    const args = ["--yes", "--concurrency", "4", "a", "b", "c", "d"];
    const run = start(service, args, { isTerminal: true, env: { NO_COLOR: "1" } });
    await run.shows("1 of 4 done, 1 in flight, 2 waiting for a retry (next in 5 s)\n");
    run.signal("SIGINT");
    run.signal("SIGINT");
    await run.ended;
  });

  test("says when no job is started", async () => {
    service.scripts.a = [limited({ "retry-after-ms": "300" }), job()];
    const run = start(service, ["--yes", "--concurrency", "1", "a", "b"], { isTerminal: true, env: { NO_COLOR: "1" } });
    await run.shows("0 of 2 done, 0 in flight, 1 waiting for a retry (next in 1 s), paused for 1 s");
    expect(await run.ended).toMatchObject({ code: 0 });
  });

  test.each([
    ["without a terminal", { isTerminal: false }],
    ["at a terminal that can't erase", { isTerminal: true, env: { TERM: "dumb" } }],
    ["at a terminal that does not know its width", { isTerminal: true, columns: 0 }],
  ])("is not there %s: waits have lines of their own", async (_, options) => {
    service.scripts.a = [send(503, {}, { "retry-after-ms": "1" }), job()];
    const { err } = await command(service, ["a"], options);
    expect(err).toContain("a: attempt 1 failed, next in 0.0 s: The service answered 503: {}.");
    expect(err).not.toContain("in flight");
  });
});

describe("a reader that is slow", () => {
  /** The command on two streams; `stdout` and `stderr` call back when they have taken a text. */
  const runOn = (args: string[], stdout: Writable, stderr: Writable) => {
    const env = { AZURE_OPENAI_ENDPOINT: service.url, AZURE_OPENAI_API_KEY: "a-key" };
    const fake = Object.assign(new EventEmitter(), { stdin: new PassThrough(), stdout, stderr, env });
    return { fake, code: runCommand(args, fake as unknown as Process) };
  };
  const streamOf = (write: (text: string, done: () => void) => void) =>
    new Writable({ write: (chunk, _, done) => write(String(chunk), done) });

  test.each(["stdout", "stderr"])("has everything at the end: %s", async (slow) => {
    let text = "";
    const streams = ["stdout", "stderr"].map((name) =>
      streamOf((each, done) => {
        if (name !== slow) return done();
        setTimeout(() => {
          text += each;
          done();
        }, 5);
      }),
    ) as [Writable, Writable];
    await runOn(slow === "stdout" ? ["a"] : ["--json", "a"], ...streams).code;
    expect(text).toContain("1 of 1 job cancelled");
  });

  test("is not waited for after two signals", async () => {
    service.scripts.a = [() => {}];
    const { fake, code } = runOn(
      ["a"],
      streamOf(() => {}),
      streamOf(() => {}),
    );
    await service.arrived(1);
    for (const signal of ["SIGINT", "SIGINT"]) fake.emit(signal, signal);
    expect(await code).toBe(130);
    // Nothing is left that would keep another signal from ending the process.
    expect(fake.eventNames()).toEqual([]);
  });
});

test("a job that fails after a retry says what its last attempt came to", async () => {
  service.scripts.a = [limited({ "retry-after-ms": "1" }), send(404, { error: { message: "No such job." } })];
  const { a } = results(await command(service, ["--json", "a"]));
  expect(a).toMatchObject({ attempts: 2, outcome: "rejected", message: "The service answered 404: No such job." });
});

test("the duration of a job has its waits, whether it is cancelled or not", async () => {
  const busy = send(503, {}, { "retry-after-ms": "50" });
  Object.assign(service.scripts, { a: [busy, job()], b: [busy, send(404, {})] });
  for (const { durationMs } of Object.values(results(await command(service, ["--yes", "--json", "a", "b"]))))
    expect(durationMs).toBeGreaterThanOrEqual(50 - SLACK);
});

test("--verbose prints an attempt that got no answer", async () => {
  service.scripts.a = [(response) => void response.socket?.resetAndDestroy()];
  const { err } = await command(service, ["--verbose", "--max-retries", "0", "a"]);
  expect(err).toMatch(
    /^a: attempt 1, \d\.\d s: The connection .* may have been cancelled\. \(client request [\da-f-]{36}\)$/m,
  );
});

test("--verbose prints the waits at a terminal, too", async () => {
  service.scripts.a = [send(503, {}, { "retry-after-ms": "1" }), job()];
  const { err } = await command(service, ["--verbose", "a"], { isTerminal: true });
  expect(err).toContain("a: attempt 1 failed, next in 0.0 s.\n");
});

test("--verbose prints each attempt", async () => {
  service.scripts.a = [send(503, {}, { "retry-after-ms": "1" }), job()];
  const { err } = await command(service, ["--verbose", "a"]);
  expect(err.replace(/\d\.\d s/g, "0.0 s").replace(/[\da-f]{8}-[\da-f-]{27}/g, "UUID")).toBe(`\
Service: ${service.url}, credential: AZURE_OPENAI_API_KEY. Cancelling cannot be undone.
a: attempt 1, 0.0 s: The service answered 503: {}. Retry after 1 ms. The job may have been cancelled. (request request-of-a, client request UUID)
a: attempt 1 failed, next in 0.0 s.
a: attempt 2, 0.0 s: The service answered 200. (request request-of-a, client request UUID)
`);
});
