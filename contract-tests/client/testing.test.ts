/** What `fine-tuning-client/testing` promises beside the outcomes, which testing-faults.test.ts checks. */
import { getEventListeners } from "node:events";
import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { build } from "esbuild";
import {
  type ApiError,
  createFineTuningClient,
  type FineTuningClientError,
  type FineTuningClientOptions,
  isCancelled,
} from "../../src/index.js";
import {
  type Answer,
  answers,
  createMockService,
  type JobExample,
  type JobOverrides,
  type MockServiceOptions,
} from "../../src/testing.js";
import { admits } from "../tables/bodies.js";
import { observedSchemas } from "../tables/observed.js";
import { schemas } from "../tables/page.js";

const { apiError, connectionReset, drift, job, rateLimited, redirect, stall, violation } = answers;
afterEach(() => void jest.useRealTimers());

/** A client of a service in which every script is that of `ftjob-1`. */
function serve(script: Answer[], options: FineTuningClientOptions = {}) {
  const service = createMockService({ jobs: { "ftjob-1": script } });
  const client = createFineTuningClient({ ...service.clientOptions, ...options });
  return { service, client, cancel: () => client.cancelWithResponse("ftjob-1") };
}
const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: FineTuningClientError) => error,
  );

describe("the script of a job", () => {
  test("is answered in order, and its last answer repeats", async () => {
    const { cancel } = serve([job({ status: "running" }), apiError(409, { code: "busy" }), drift()]);
    expect((await cancel()).job.status).toBe("running");
    expect(await failureOf(cancel())).toMatchObject({ name: "ApiError", status: 409, code: "busy" });
    expect((await cancel()).job.status).toBe("canceled");
    expect((await cancel()).job.status).toBe("canceled");
  });

  test("is each job's own, also when calls run at once", async () => {
    const service = createMockService({
      jobs: { a: [rateLimited(), job()], "b/../c ü": [job({ status: "running" })] },
    });
    const client = createFineTuningClient(service.clientOptions);
    const [a, b] = await Promise.all([client.cancelWithResponse("a"), client.cancelWithResponse("b/../c ü")]);
    expect([a.job.id, a.attempts, b.job.id, b.job.status]).toEqual(["a", 2, "b/../c ü", "running"]);
    expect(service.requests.map(({ jobId }) => jobId).sort()).toEqual(["a", "a", "b/../c ü"]);
  });

  test("answers an id without one with 404, as Azure does", async () => {
    const client = createFineTuningClient(createMockService().clientOptions);
    for (const id of ["ftjob-2", "constructor", "__proto__"])
      expect(await failureOf(client.cancel(id))).toMatchObject({
        name: "ApiError",
        outcome: "rejected",
        status: 404,
        attempts: 1,
        body: { error: { code: "404", message: "The job was not found." } },
      });
  });

  test("may answer a second cancel as it says, but a cancelled job stays cancelled", async () => {
    const second = serve([job(), apiError(409)]);
    expect(isCancelled((await second.cancel()).job)).toBe(true);
    expect(await failureOf(second.cancel())).toMatchObject({ status: 409 });

    expect(() => serve([drift(), connectionReset(), job({ status: "running" })])).toThrow(
      'createMockService: jobs["ftjob-1"] shows the job as running in answer 3, after answer 1 has shown it as cancelled. A cancelled job stays cancelled.',
    );
    expect(() => serve([job({ status: "running" }), job(), drift(), job()])).not.toThrow();
    expect(() => serve([])).toThrow('createMockService: jobs["ftjob-1"] needs at least one answer.');
  });

  test("says something of the job's order by answers that show this job alone", async () => {
    expect(() => serve([job({ id: "other" }), job({ status: "running" })])).not.toThrow();
    expect(() => serve([job(), job({ id: "other", status: "running" })])).not.toThrow();
    expect(() => serve([job(), violation()])).not.toThrow();
    const contradictions = [
      [job({ id: "ftjob-1" }), job({ status: "running" })],
      [job(), violation({ status: "running", seed: "x" })],
      [violation({ seed: "x" }), job({ status: "running" })],
    ];
    for (const script of contradictions) expect(() => serve(script)).toThrow("A cancelled job stays cancelled.");
  });

  test("is copied when the service is made", async () => {
    const script = [job({ status: "running" })];
    const { cancel } = serve(script);
    script[0] = job();
    script.push(job());
    expect([(await cancel()).job.status, (await cancel()).job.status]).toEqual(["running", "running"]);
    expect(script).toHaveLength(2);
  });

  const notPlain = (name: string) => new RegExp(`^createMockService: ${name} must be a plain object, such as {`);
  test.each<[string, unknown, RegExp | string]>([
    ["no options", null, notPlain("the options")],
    ["a list of options", [], notPlain("the options")],
    ["a script in place of options", "jobs", notPlain("the options")],
    ["a misspelt option", { job: {} }, 'createMockService has no option "job". Its option: jobs.'],
    ["no jobs", { jobs: null }, notPlain("jobs")],
    ["a Map of jobs", { jobs: new Map([["a", [job()]]]) }, notPlain("jobs")],
    ["a function for jobs", { jobs: job() }, notPlain("jobs")],
    [
      "an answer without its list",
      { jobs: { a: job() } },
      'jobs["a"] must be a list of answers, such as [answers.job()].',
    ],
    [
      "no answer",
      { jobs: { a: [job(), undefined] } },
      'createMockService: jobs["a"] has a value of type undefined as answer 2: write answers.job(), or a function that returns a Response.',
    ],
    ["an answer in words", { jobs: { a: ["cancelled"] } }, 'jobs["a"] has a value of type string as answer 1: write'],
    ["a hole", { jobs: { a: new Array(1) } }, 'jobs["a"] has a value of type undefined as answer 1: write'],
    [
      "a maker that was not called",
      { jobs: { a: [stall] } },
      'createMockService: jobs["a"] has answers.stall itself as answer 1: call it, answers.stall().',
    ],
    ["a maker that needs a value", { jobs: { a: [apiError] } }, "call it, answers.apiError(…)."],
  ])("can't be read from %s", (_, options, message) => {
    const make = () => createMockService(options as MockServiceOptions);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });

  test("is answered without a look at earlier requests, so that many are no slower", async () => {
    const { cancel, service } = serve([job()]);
    await cancel();
    const fail = () => {
      throw new Error("looked at");
    };
    Object.defineProperty(service.requests[0], "jobId", { get: fail });
    await expect(cancel()).resolves.toMatchObject({ attempts: 1 });
  });

  test("may have a function of the test's own, which sees the request", async () => {
    const answer: Answer = async ({ jobId, headers }, signal) =>
      Response.json({ id: jobId, status: headers.x, aborted: signal.aborted });
    const { client } = serve([answer], { validation: "off" });
    const found = await client.cancel("ftjob-1", { headers: { x: "paused" } });
    expect(found).toEqual({ id: "ftjob-1", status: "paused", aborted: false });
  });
});

describe("a job", () => {
  const names: JobExample[] = [
    "cancelledWhileQueued",
    "cancelledWhileRunning",
    "cancelledDpo",
    "cancelledReinforcement",
    "cancelledWithIntegration",
    "alreadyFailed",
  ];
  test.each(names)("is the contract's example %s, under the id that was asked for", async (name) => {
    const { cancel } = serve([job({}, name)], { validation: "strict" });
    const found = (await cancel()).job;
    expect(found).toMatchObject({ id: "ftjob-1", object: "fine_tuning.job" });
    expect(admits(schemas, "FineTuningJob", found)).toBe(true);
  });

  test("has the members that the test gives it, and loses those that are undefined", async () => {
    const overrides: JobOverrides = { status: "paused", metadata: { team: "search" }, seed: undefined };
    const { cancel } = serve([job(overrides)], { validation: "strict" });
    overrides.status = "failed";
    const found = (await cancel()).job;
    expect(found).toMatchObject({ status: "paused", metadata: { team: "search" } });
    expect(found).not.toHaveProperty("seed");
  });

  test("is held to the accepted contract", () => {
    expect(() => job({ status: "stopped" as "failed", model: undefined })).toThrow(
      /^answers\.job: the contract does not admit this job: \/model: missing; \/status: expected .*Use answers\.violation/s,
    );
    // @ts-expect-error a status that nobody has seen
    expect(() => job({ status: "stopped" })).toThrow(TypeError);
    // @ts-expect-error a member that neither the page nor any service has
    job({ finishedAt: 1 });
  });

  test("has members and an example of the contract's own", () => {
    for (const members of ["running", null, [], 7])
      expect(() => job(members as object)).toThrow(
        new TypeError('answers.job: the members must be an object, such as { status: "running" }.'),
      );
    expect(() => violation("stopped" as never)).toThrow(/^answers\.violation: the members must be an object/);
    for (const name of ["nope", "constructor"])
      expect(() => job({}, name as JobExample)).toThrow(
        `answers.job has no example "${name}". Its examples: cancelledWhileQueued, cancelledWhileRunning, `,
      );
  });

  test("that drifts is accepted and not documented", async () => {
    const { cancel } = serve([drift()], { validation: "strict" });
    const found = (await cancel()).job;
    expect(admits(schemas, "FineTuningJob", found)).toBe(false);
    expect(admits(observedSchemas, "FineTuningJob", found)).toBe(true);
    expect(isCancelled(found)).toBe(true);
  });

  test.each([
    [undefined, "/status"],
    [{ seed: "42" }, "/seed"],
    [{ id: "ftjob-other" }, "/id"],
  ])("that violates the contract with %j does so at %s", async (members, pointer) => {
    const { cancel } = serve([violation(members)], { onViolation: () => {} });
    expect((await cancel()).violations).toEqual([expect.objectContaining({ pointer })]);
  });

  test("that is said to violate the contract has to", () => {
    expect(() => violation({ status: "running" })).toThrow("the contract admits this job. Use answers.job for it.");
    expect(() => violation({ id: "ftjob-abc123" })).toThrow("the contract admits this job. Use answers.job for it.");
    expect(() => violation({ status: 7 })).toThrow("shows no job");
  });
});

describe("an error answer", () => {
  test("has the contract's words, unless the test has others", async () => {
    const { cancel } = serve([apiError(401), apiError(418), apiError(409, { code: "c", message: "m", param: "p" })]);
    expect(await failureOf(cancel())).toMatchObject({
      body: { error: { code: "401", message: "Access denied. Send a valid key or token." } },
    });
    expect(await failureOf(cancel())).toMatchObject({
      body: { error: { code: "418", message: "An error of the mock service." } },
    });
    expect(await failureOf(cancel())).toMatchObject({ body: { error: { code: "c", message: "m", param: "p" } } });
  });

  test.each([400, 599])("may have the status %d", async (status) => {
    expect(await failureOf(serve([apiError(status)]).cancel())).toMatchObject({ status });
  });

  test.each([200, 307, 399, 600, 404.5, Number.NaN])("cannot have the status %d", (status) => {
    const message = `answers.apiError: the status must be an integer from 400 to 599, not ${status}.`;
    expect(() => apiError(status)).toThrow(new RangeError(message));
  });

  test.each([-1, 0.5, Number.POSITIVE_INFINITY, 1e21])("cannot ask to wait %d ms", (retryAfterMs) => {
    const message = `retryAfterMs must be an integer of at least 0, not ${retryAfterMs}.`;
    expect(() => rateLimited({ retryAfterMs })).toThrow(new RangeError(message));
  });

  test("can ask to wait 0 ms", async () => {
    expect(await failureOf(serve([rateLimited({ retryAfterMs: 0 })]).cancel())).toMatchObject({ retryAfterMs: 0 });
  });
});

describe("an answer that cannot exist is refused when it is made", () => {
  const made = {
    htmlPage: (status: number) => answers.htmlPage(status),
    stalledBody: (status: number) => answers.stalledBody({ status }),
    brokenBody: (status: number) => answers.brokenBody({ status }),
  };
  test.each(Object.entries(made))("%s has a status with a body", (name, make) => {
    for (const status of [199, 600, 204, 205, 304, 502.5, Number.NaN, "502" as unknown as number])
      expect(() => make(status)).toThrow(
        new RangeError(
          `answers.${name}: the status must be an integer from 200 to 599 other than 204, 205 and 304, which have no body, not ${status}.`,
        ),
      );
    for (const status of [200, 203, 303, 599]) expect(() => make(status)).not.toThrow();
  });

  test.each([
    ["apiError", (value: object) => apiError(503, value), "options", "{ retryAfterMs: 5_000 }"],
    ["apiError", (value: object) => rateLimited(value), "options", "{ retryAfterMs: 5_000 }"],
    ["stalledBody", answers.stalledBody, "body", "{ status: 503 }"],
    ["brokenBody", answers.brokenBody, "body", "{ status: 503 }"],
  ] as const)("%s takes no number, text or list in place of an object", (name, make, what, example) => {
    for (const value of [503, "busy", null, []])
      expect(() => make(value as object)).toThrow(
        new TypeError(`answers.${name}: the ${what} must be an object, such as ${example}.`),
      );
  });

  test("an error body is one that JSON can hold, and is made once", async () => {
    expect(() => apiError(409, { innererror: 1n })).toThrow(TypeError);
    const innererror = { code: "a" };
    const { cancel } = serve([apiError(409, { innererror })]);
    innererror.code = "b";
    expect(await failureOf(cancel())).toMatchObject({ body: { error: { innererror: { code: "a" } } } });
  });

  test("redirect has one of its statuses, and a location that a header can hold", () => {
    for (const status of [200, 305, 306, 309, "307"])
      expect(() => redirect("/", status as 307)).toThrow(
        new RangeError(`answers.redirect: the status must be one of 300, 301, 302, 303, 304, 307, 308, not ${status}.`),
      );
    for (const location of ["/\n", "/\u4e00", undefined])
      expect(() => redirect(location as string)).toThrow(
        new TypeError("answers.redirect: the location must be a string of characters that a header can hold."),
      );
    expect(() => redirect("/\u00fc", 304)).not.toThrow();
  });
});

describe("bodies end without queueMicrotask, which fake timers may hold back", () => {
  // The global object that Node's Response uses: Jest gives a test one of its own.
  const realm = (Response.constructor as FunctionConstructor)("return globalThis")() as typeof globalThis;
  const { queueMicrotask } = realm;
  afterEach(() => {
    realm.queueMicrotask = queueMicrotask;
  });

  test.each([
    ["a job", job(), "cancelled"],
    ["a page", answers.htmlPage(200, "Sign in"), "200 with an HTML page: Sign in."],
  ])("%s", async (_, answer, expected) => {
    const { cancel } = serve([answer], { maxRetries: 0 });
    realm.queueMicrotask = () => {};
    const found = await cancel().then(
      (result) => result.job.status,
      (error: FineTuningClientError) => error.message,
    );
    expect(found).toContain(expected);
  });
});

describe("an answer, without a client", () => {
  const url = "https://a.example/openai/v1/fine_tuning/jobs/ftjob-1/cancel";
  const ask = (answer: Answer, signal?: AbortSignal) =>
    createMockService({ jobs: { "ftjob-1": [answer] } }).fetch(url, { method: "POST", ...(signal && { signal }) });
  const JSON_HEADERS = { "content-type": "application/json", "apim-request-id": "mock-request-1" };

  test.each<[string, Answer, number, object]>([
    ["a job", job(), 200, JSON_HEADERS],
    ["an error", apiError(404), 404, JSON_HEADERS],
    ["a body that breaks off", answers.brokenBody(), 200, JSON_HEADERS],
    ["a body that stalls", answers.stalledBody({ status: 503 }), 503, JSON_HEADERS],
    ["a page", answers.htmlPage(), 502, { "content-type": "text/html" }],
    ["a redirect", redirect("/elsewhere"), 307, { location: "/elsewhere" }],
  ])("%s has its status and headers", async (_, answer, status, headers) => {
    const response = await ask(answer);
    expect([response.status, Object.fromEntries(response.headers)]).toEqual([status, headers]);
  });

  test("a body that stalls ends with its signal, also where that is aborted before it is read", async () => {
    const abort = new AbortController();
    const response = await ask(answers.stalledBody(), abort.signal);
    const reason = new Error("enough");
    abort.abort(reason);
    await expect(response.text()).rejects.toBe(reason);
  });

  test("drift is what its description says", async () => {
    const found = await (await ask(drift())).json();
    expect(found).toMatchObject({ status: "canceled", finished_at: expect.any(Number), result_files: null });
    for (const name of ["error", "fine_tuned_model", "organization_id", "seed", "trained_tokens", "validation_file"])
      expect(found).not.toHaveProperty(name);
  });
});

test("clientOptions are those that are documented", () => {
  const { clientOptions, endpoint, fetch } = createMockService();
  const expected = { endpoint, fetch, apiKey: "mock-api-key", timeoutMs: 50, maxRetryDelayMs: 0 };
  expect(clientOptions).toEqual(expected);
});

describe("waits", () => {
  test("take no time: an answer that asks for none is followed by the next at once", async () => {
    const delays: number[] = [];
    const { cancel } = serve([rateLimited(), apiError(503), connectionReset(), job()], {
      maxRetries: 3,
      onRetry: ({ delayMs }) => delays.push(delayMs),
    });
    expect((await cancel()).attempts).toBe(4);
    expect(delays).toEqual([0, 0, 0]);
  });

  test("that are asked for are not waited for: the error comes at once, and says how long", async () => {
    const { cancel } = serve([rateLimited({ retryAfterMs: 4_500 }), job()]);
    const { status, outcome, attempts, retryAfterMs } = (await failureOf(cancel())) as ApiError;
    expect({ status, outcome, attempts, retryAfterMs }).toEqual({
      status: 429,
      outcome: "rejected",
      attempts: 1,
      retryAfterMs: 4_500,
    });
  });

  test("that are asked for come both in ms and, rounded up, in seconds", async () => {
    const service = createMockService({ jobs: { "ftjob-1": [rateLimited({ retryAfterMs: 4_500 })] } });
    const url = `${service.endpoint}/openai/v1/fine_tuning/jobs/ftjob-1/cancel`;
    const { headers } = await service.fetch(url, { method: "POST" });
    expect([headers.get("retry-after-ms"), headers.get("retry-after")]).toEqual(["4500", "5"]);
  });

  test("follow fake timers, where the test raises maxRetryDelayMs", async () => {
    jest.useFakeTimers();
    const delays: number[] = [];
    const { service, cancel } = serve([rateLimited({ retryAfterMs: 5_000 }), job()], {
      maxRetryDelayMs: 60_000,
      onRetry: ({ delayMs }) => delays.push(delayMs),
    });
    const call = cancel();
    await jest.advanceTimersByTimeAsync(4_999);
    expect(service.requests).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    expect((await call).attempts).toBe(2);
    expect(delays).toEqual([5_000]);
  });

  test("of a stall end by the deadline, also under fake timers", async () => {
    jest.useFakeTimers();
    const { cancel } = serve([stall()], { timeoutMs: 30_000, maxRetries: 0 });
    const call = failureOf(cancel());
    await jest.advanceTimersByTimeAsync(30_000);
    expect(await call).toMatchObject({ name: "TimeoutError", outcome: "unknown", timeoutMs: 30_000 });
  });
});

describe("requests", () => {
  test("are kept as they were sent, with credentials masked", async () => {
    const { service, client } = serve([rateLimited(), job()], {
      headers: { "Ocp-Apim-Subscription-Key": "gateway-secret", "x-team": "search" },
    });
    const { clientRequestId, requestId } = await client.cancelWithResponse("ftjob-1");
    expect(service.requests).toEqual(
      [1, 2].map((number) => ({
        method: "POST",
        url: "https://fine-tuning.invalid/openai/v1/fine_tuning/jobs/ftjob-1/cancel",
        jobId: "ftjob-1",
        headers: expect.objectContaining({
          "api-key": "[redacted]",
          "ocp-apim-subscription-key": "[redacted]",
          "x-team": "search",
        }),
        clientRequestId,
        requestId: `mock-request-${number}`,
      })),
    );
    expect(requestId).toBe("mock-request-2");
    expect(JSON.stringify(service.requests)).not.toContain("secret");
  });

  test.each(["x-key", "x-token", "x-secret", "x-password", "cookie", "x-authorization"])(
    "with a secret in the header %s are masked",
    async (name) => {
      const service = createMockService();
      await service.fetch(service.endpoint, { headers: { [name]: "hidden", "x-team": "search" } });
      expect(service.requests[0]?.headers).toEqual({ [name]: "[redacted]", "x-team": "search" });
    },
  );

  test("with a token are masked too", async () => {
    const { service, cancel } = serve([job()], { apiKey: undefined, tokenProvider: () => "a-token-of-the-test" });
    await cancel();
    expect(service.requests[0]?.headers).toMatchObject({ authorization: "[redacted]" });
    expect(JSON.stringify(service.requests)).not.toContain("a-token-of-the-test");
  });
});

describe("fetch", () => {
  const path = "/openai/v1/fine_tuning/jobs/ftjob-1/cancel";
  const { fetch, requests, endpoint } = createMockService({ jobs: { "ftjob-1": [job()] } });

  test.each([
    ["a Request", new Request(`https://a.example${path}`, { method: "POST" }), undefined],
    ["a URL and init, below the path of a gateway", new URL(`https://a.example/aoai${path}`), { method: "POST" }],
    ["a string and init, with a query", `${endpoint}${path}?api-version=v1`, { method: "POST" }],
  ] as const)("takes %s", async (_, input, init) => {
    const response = await fetch(input, init);
    expect(await response.json()).toMatchObject({ id: "ftjob-1", status: "cancelled" });
    expect(requests.at(-1)?.jobId).toBe("ftjob-1");
  });

  test.each([
    ["GET", `${endpoint}${path}`],
    ["POST", `${endpoint}${path}/more`],
    ["POST", `${endpoint}/openai/v1/fine_tuning/jobs`],
    ["POST", `${endpoint}/openai/v1/fine_tuning/jobs/%zz/cancel`],
  ])("answers any other request with 404: %s %s", async (method, url) => {
    const response = await fetch(url, { method });
    expect(response.status).toBe(404);
    expect(requests.at(-1)).toMatchObject({ method, url, jobId: undefined });
  });

  const request = { method: "POST" };
  const respond = (answer: Answer, init: RequestInit = request) =>
    createMockService({ jobs: { "ftjob-1": [answer] } }).fetch(`${endpoint}${path}`, init);

  test.each([
    ["a job", job(), 200, "application/json", '"cancelled"'],
    ["an error", apiError(404), 404, "application/json", '"error"'],
    ["a page", answers.htmlPage(), 502, "text/html", "<title>Bad Gateway</title>"],
  ])("resolves with %s as a service sends it", async (_, answer, status, type, text) => {
    const response = await respond(answer);
    expect([response.status, response.headers.get("content-type")]).toEqual([status, type]);
    expect(await response.text()).toContain(text);
  });

  test("resolves with a redirect that it does not follow", async () => {
    const response = await respond(redirect("https://a.example/", 302));
    expect([response.status, response.headers.get("location")]).toEqual([302, "https://a.example/"]);
  });

  test.each([
    ["connectionRefused", "connect ECONNREFUSED 192.0.2.1:443", { code: "ECONNREFUSED", syscall: "connect" }],
    ["connectionReset", "read ECONNRESET", { code: "ECONNRESET", syscall: "read" }],
  ] as const)("rejects for %s as Node's does", async (name, message, details) => {
    const error = await respond(answers[name]()).catch((thrown: unknown) => thrown);
    expect(error).toEqual(new TypeError("fetch failed"));
    expect((error as Error).cause).toEqual(Object.assign(new Error(message), details));
    expect((error as Error).cause).toMatchObject(details);
  });

  test("breaks off a body as Node's does, after half a job", async () => {
    const reader = (await respond(answers.brokenBody())).body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    const text = new TextDecoder().decode(value);
    expect(text).toMatch(/^\{"id":"ftjob-1",.*[^}]$/);
    const error = await reader?.read().catch((thrown: unknown) => thrown);
    expect(error).toEqual(new TypeError("terminated"));
    expect((error as Error).cause).toMatchObject({ message: "other side closed", code: "UND_ERR_SOCKET" });
  });

  test.each([
    ["stall", async (signal: AbortSignal) => respond(stall(), { ...request, signal })],
    [
      "stalledBody",
      async (signal: AbortSignal) => (await respond(answers.stalledBody(), { ...request, signal })).text(),
    ],
  ])("ends a %s with the reason of the signal, and leaves no listener", async (_, start) => {
    const stop = new AbortController();
    const result = start(stop.signal).catch((thrown: unknown) => thrown);
    await new Promise(setImmediate);
    const reason = new Error("enough");
    stop.abort(reason);
    expect(await result).toBe(reason);
    expect(getEventListeners(stop.signal, "abort")).toEqual([]);
  });

  test("ends a stall whose signal has aborted before it", async () => {
    const stop = new AbortController();
    const answer: Answer = (received, signal) => {
      stop.abort("enough");
      return stall()(received, signal);
    };
    await expect(respond(answer, { ...request, signal: stop.signal })).rejects.toBe("enough");
  });

  test("rejects as fetch does when its signal is aborted, and keeps no request", async () => {
    const before = requests.length;
    const reason = new Error("enough");
    await expect(fetch(`${endpoint}${path}`, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(requests).toHaveLength(before);
  });

  test("is for a host that can't be resolved", () => {
    expect(new URL(endpoint).hostname).toMatch(/\.invalid$/);
  });
});

/** The files of src/ that importing an entry loads. */
async function modulesOf(entry: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    external: ["openapi-fetch"],
  });
  return Object.keys(metafile.inputs);
}

test("the entry has no second copy of the client's classes, and the client has nothing of the entry", async () => {
  const testing = await modulesOf("src/testing.ts");
  expect(testing).toContain("src/testing/answers.ts");
  expect(testing.filter((file) => /errors|client|options/.test(file))).toEqual([]);
  const client = await modulesOf("src/index.ts");
  expect(client).toContain("src/errors.ts");
  expect(client.filter((file) => /testing|examples/.test(file))).toEqual([]);
});
