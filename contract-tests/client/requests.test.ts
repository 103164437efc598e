import { afterEach, describe, expect, jest, test } from "@jest/globals";
import {
  type AttemptEvent,
  createFineTuningClient,
  type FineTuningClientOptions,
  type FineTuningError,
  isCancelled,
} from "../../src/index.js";
import { JOB } from "./job.js";

/** What is sent, what is reported of it, and where a credential may go. */

const KEY = "a-key-for-requests";
afterEach(() => void jest.restoreAllMocks());

/** A client whose service gives these answers, one after the other, and what was sent. */
function clientOf(answers: readonly (() => Response | Promise<Response>)[], options: FineTuningClientOptions = {}) {
  const sent: { url: unknown; init: RequestInit; headers: Headers }[] = [];
  const events: AttemptEvent[] = [];
  const client = createFineTuningClient({
    endpoint: "https://my-resource.openai.azure.com",
    apiKey: KEY,
    maxRetryDelayMs: 0,
    fetch: async (url, init) => {
      sent.push({ url, init, headers: new Headers(init.headers) });
      return (answers[sent.length - 1] ?? (() => Response.json(JOB)))();
    },
    onAttempt: (event) => events.push(event),
    ...options,
  });
  return { client, sent, events };
}

const status =
  (code: number, headers = {}) =>
  () =>
    Response.json({ error: { code: `${code}` } }, { status: code, headers });
const reset = () =>
  Promise.reject(new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code: "ECONNRESET" }) }));
const errorOf = (call: Promise<unknown>) => call.catch((error: unknown) => error) as Promise<FineTuningError>;

describe("fetch is called with a URL and an init", () => {
  test("that any implementation takes", async () => {
    const { client, sent } = clientOf([]);
    await client.cancel("ftjob-abc123");
    expect(sent[0]?.url).toBe("https://my-resource.openai.azure.com/openai/v1/fine_tuning/jobs/ftjob-abc123/cancel");
    expect(Object.keys(sent[0]?.init ?? {}).sort()).toEqual(["headers", "method", "redirect", "signal"]);
    expect(sent[0]?.init).toMatchObject({ method: "POST", redirect: "manual" });
  });

  test("with what a caller of client.http sets beside it", async () => {
    const { client, sent } = clientOf([]);
    const path = "/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel";
    await client.http.POST(path, {
      params: { path: { fine_tuning_job_id: "ftjob-abc123" } },
      credentials: "omit",
      cache: "no-store",
      keepalive: true,
    });
    expect(sent[0]?.init).toMatchObject({ credentials: "omit", cache: "no-store", keepalive: true });
  });
});

describe("the User-Agent", () => {
  const agentOf = async (options: FineTuningClientOptions = {}) => {
    const { client, sent } = clientOf([], options);
    await client.cancel("ftjob-abc123");
    return sent[0]?.headers.get("user-agent");
  };
  const asRuntime = (userAgent: string) =>
    Object.defineProperty(globalThis, "navigator", { value: { userAgent }, configurable: true, writable: true });

  test("names the package and its version", async () => {
    const { version } = jest.requireActual<{ version: string }>("../../package.json");
    expect(await agentOf()).toBe(`fine-tuning-client/${version}`);
  });

  test("is the caller's where one is given", async () => {
    expect(await agentOf({ headers: { "User-Agent": "mine/1" } })).toBe("mine/1");
  });

  test.each([
    ["Node.js/24", "fine-tuning-client/"],
    ["Cloudflare-Workers", "fine-tuning-client/"],
    ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", null],
  ])("on %s", async (userAgent, expected) => {
    const original = Object.getOwnPropertyDescriptor(globalThis, "navigator");
    asRuntime(userAgent);
    try {
      const agent = await agentOf();
      if (expected === null) expect(agent).toBeNull();
      else expect(agent).toContain(expected);
    } finally {
      if (original) Object.defineProperty(globalThis, "navigator", original);
      else delete (globalThis as { navigator?: unknown }).navigator;
    }
  });
});

describe("onAttempt", () => {
  test("is called after each attempt, with what it came to", async () => {
    const { client, events } = clientOf([reset, status(503, { "apim-request-id": "apim-2" })]);
    const started = performance.now();
    const { clientRequestId, jobId, attempts } = await client.cancelWithResponse("ftjob-abc123");
    const allMs = performance.now() - started;
    for (const { durationMs } of events) expect(durationMs).toBeLessThanOrEqual(allMs);
    const common = {
      jobId: "ftjob-abc123",
      method: "POST",
      url: "https://my-resource.openai.azure.com/openai/v1/fine_tuning/jobs/ftjob-abc123/cancel",
      clientRequestId,
      durationMs: expect.any(Number),
    };
    expect(events).toEqual([
      {
        ...common,
        attempt: 1,
        status: undefined,
        error: expect.objectContaining({ name: "ConnectionError" }),
        outcome: "unknown",
        requestId: undefined,
      },
      {
        ...common,
        attempt: 2,
        status: 503,
        error: expect.objectContaining({ name: "ApiError" }),
        outcome: "unknown",
        requestId: "apim-2",
      },
      { ...common, attempt: 3, status: 200, error: undefined, outcome: "accepted", requestId: undefined },
    ]);
    expect({ jobId, attempts }).toEqual({ jobId: "ftjob-abc123", attempts: 3 });
  });

  test("is called for a provider that failed, with nothing sent", async () => {
    const tokenProvider = () => Promise.reject(new Error("no network"));
    const { client, events } = clientOf([], { apiKey: undefined, tokenProvider });
    await errorOf(client.cancel("ftjob-abc123"));
    expect(events).toMatchObject([
      { attempt: 0, status: undefined, outcome: "not-sent", error: { name: "ConfigurationError" } },
    ]);
  });

  test("that throws, or rejects, changes nothing", async () => {
    const warn = jest.spyOn(console, "warn").mockImplementation(() => {});
    const onAttempt = () => {
      throw new Error(`mine ${KEY}`);
    };
    await expect(clientOf([], { onAttempt }).client.cancel("ftjob-abc123")).resolves.toEqual(JOB);
    expect(warn.mock.calls).toEqual([
      ["fine-tuning-client: onAttempt threw an error, which was ignored: mine [redacted]"],
    ]);
  });

  test("and a console that throws changes nothing either", async () => {
    jest.spyOn(console, "warn").mockImplementation(() => {
      throw new Error("EPIPE");
    });
    const onAttempt = () => Promise.reject(new Error("mine"));
    await expect(clientOf([], { onAttempt }).client.cancel("ftjob-abc123")).resolves.toEqual(JOB);
  });
});

describe("every error names the job and the request", () => {
  test.each<[name: string, make: () => Promise<FineTuningError>]>([
    ["ApiError", () => errorOf(clientOf([status(404)]).client.cancel("ftjob-abc123"))],
    ["ConnectionError", () => errorOf(clientOf([reset], { maxRetries: 0 }).client.cancel("ftjob-abc123"))],
    ["ResponseError", () => errorOf(clientOf([() => Response.json({})]).client.cancel("ftjob-abc123"))],
    [
      "ContractViolationError",
      () => {
        const { client } = clientOf([() => Response.json({ ...JOB, model: 7 })], { validation: "strict" });
        return errorOf(client.cancel("ftjob-abc123"));
      },
    ],
    [
      "TimeoutError",
      () =>
        errorOf(clientOf([() => new Promise(() => {})], { timeoutMs: 5, maxRetries: 0 }).client.cancel("ftjob-abc123")),
    ],
    ["AbortError", () => errorOf(clientOf([]).client.cancel("ftjob-abc123", { signal: AbortSignal.abort() }))],
    ["ConfigurationError", () => errorOf(clientOf([]).client.cancel("ftjob-abc123", { timeoutMs: -1 }))],
  ])("%s", async (name, make) => {
    expect(await make()).toMatchObject({
      name,
      jobId: "ftjob-abc123",
      clientRequestId: expect.stringMatching(/^[\da-f-]{36}$/),
    });
  });

  const cutShort = (status: number) => () =>
    new Response(new ReadableStream({ pull: (controller) => controller.error(new Error("broke")) }), {
      status,
      headers: { "apim-request-id": "apim-7" },
    });
  test.each<[what: string, answers: (() => Response | Promise<Response>)[]]>([
    ["of an answer whose body broke off", [cutShort(200)]],
    [
      "of an answer that did not end",
      [() => new Response(new ReadableStream(), { headers: { "x-request-id": "apim-7" } })],
    ],
    ["of the newest answer, when none came to the last attempt", [cutShort(503), reset as () => Promise<Response>]],
    [
      "where the other one is empty",
      [() => new Response("", { status: 404, headers: { "apim-request-id": "", "x-request-id": "apim-7" } })],
    ],
  ])("with the id %s", async (_, answers) => {
    const { client } = clientOf(answers, { maxRetries: answers.length - 1, maxRetryDelayMs: 0, timeoutMs: 50 });
    expect((await errorOf(client.cancel("ftjob-abc123"))).requestId).toBe("apim-7");
  });

  test("but an id that is none", async () => {
    const error = await errorOf(clientOf([]).client.cancel(7 as never));
    expect(error).toMatchObject({ name: "ConfigurationError", jobId: undefined });
    expect(await errorOf(clientOf([]).client.cancel(".."))).toMatchObject({ name: "ConfigurationError", jobId: ".." });
  });

  test("and the caller's own request id where one is given", async () => {
    const { client } = clientOf([status(404)]);
    const error = await errorOf(client.cancel("ftjob-abc123", { headers: { "x-ms-client-request-id": "mine" } }));
    expect(error.clientRequestId).toBe("mine");
  });
});

test.each([
  ["cancelled", true],
  ["canceled", true],
  ["running", false],
  ["succeeded", false],
  ["CANCELLED", false],
])("isCancelled is for %s %s", (spelling, expected) => {
  expect(isCancelled({ status: spelling as "cancelled" })).toBe(expected);
});

test("the response can be read, and is made once", async () => {
  const answer = () => Response.json(JOB, { status: 201, headers: { "x-a": "1" } });
  const result = await clientOf([answer]).client.cancelWithResponse("ftjob-abc123");
  expect(result.response).toBe(result.response);
  expect(result.response).toMatchObject({ status: 201, ok: true });
  expect(result.response.headers.get("x-a")).toBe("1");
  expect(await result.response.json()).toEqual(JOB);
});

describe("a job that is not the one that was asked for", () => {
  const other = () => Response.json({ ...JOB, id: "ftjob-other" });
  const violation = { pointer: "/id", expected: "the id that was asked for", actual: "string" };

  test("is a violation", async () => {
    const onViolation = jest.fn();
    const { violations } = await clientOf([other], { onViolation }).client.cancelWithResponse("ftjob-abc123");
    expect(violations).toEqual([violation]);
    expect(onViolation).toHaveBeenCalledWith(violation);
  });

  test("throws with validation strict, and the job that was asked for may have been cancelled", async () => {
    const { client, events } = clientOf([other], { validation: "strict" });
    expect(await errorOf(client.cancel("ftjob-abc123"))).toMatchObject({
      name: "ContractViolationError",
      outcome: "unknown",
      violations: [violation],
      message: expect.stringContaining("The job may have been cancelled."),
    });
    expect(events).toMatchObject([{ outcome: "unknown" }]);
  });
});

describe("through a gateway with a base path", () => {
  const endpoint = "https://contoso.azure-api.net/aoai";
  const path = "/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel";

  test("the request goes below it", async () => {
    const { client, sent } = clientOf([], { endpoint: `${endpoint}/openai/v1/` });
    await client.cancel("ftjob-abc123");
    expect(sent.map(({ url }) => url)).toEqual([`${endpoint}${path.replace("{fine_tuning_job_id}", "ftjob-abc123")}`]);
  });

  test.each([
    ["a sibling path", "https://contoso.azure-api.net/aoai-other/x"],
    ["the origin's root", "https://contoso.azure-api.net/"],
    ["a way up", `${endpoint}/../admin`],
    ["an encoded way up", `${endpoint}/%2e%2e/admin`],
    ["a way up with an encoded slash", `${endpoint}/..%2fadmin`],
    ["a way up with an encoded backslash", `${endpoint}/x%5C..%5c..`],
    ["another origin", "https://contoso.azure-api.net.example.com/aoai/x"],
    ["another port", "https://contoso.azure-api.net:8443/aoai/x"],
    ["plain http", "http://contoso.azure-api.net/aoai/x"],
  ])("%s is refused, and the credential goes nowhere", async (_, url) => {
    const { client, sent } = clientOf([], { endpoint });
    client.http.use({ onRequest: ({ request }) => new Request(url, request) });
    expect(await errorOf(client.cancel("ftjob-abc123"))).toMatchObject({
      name: "ConfigurationError",
      outcome: "not-sent",
      attempts: 0,
    });
    expect(sent).toEqual([]);
  });

  test("an id with slashes stays one segment, and one that leaves the base path when it is decoded is refused", async () => {
    const { client, sent } = clientOf([], { endpoint, onViolation: () => {} });
    await client.cancel("a/b");
    expect(sent[0]?.url).toBe(`${endpoint}/openai/v1/fine_tuning/jobs/a%2Fb/cancel`);
    expect(await errorOf(client.cancel("../../x"))).toMatchObject({ name: "ConfigurationError", attempts: 0 });
  });
});

test("headers whose values are no texts count as not sent", async () => {
  const fetch = async () => ({ status: 200, headers: { get: () => 7 }, text: async () => JSON.stringify(JOB) });
  const { client } = clientOf([], { fetch: fetch as never });
  expect(await client.cancelWithResponse(JOB.id)).toMatchObject({ job: JOB, requestId: undefined });
});

test("a response keeps its headers where Response refuses its reason phrase", async () => {
  const fetch = async () => ({
    status: 200,
    statusText: "\n",
    headers: { "apim-request-id": "apim-1" },
    text: async () => JSON.stringify(JOB),
  });
  const { client } = clientOf([], { fetch: fetch as never });
  const { response, requestId } = await client.cancelWithResponse(JOB.id);
  expect([requestId, response.headers.get("apim-request-id"), response.status]).toEqual(["apim-1", "apim-1", 200]);
});

describe("a failure in a runtime that says little", () => {
  const within = async <Result>(name: string, value: unknown, action: () => Promise<Result>): Promise<Result> => {
    const original = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    try {
      return await action();
    } finally {
      if (original) Object.defineProperty(globalThis, name, original);
      else delete (globalThis as Record<string, unknown>)[name];
    }
  };
  const inRuntime = (name: string, value: unknown, error: unknown) =>
    within(name, value, () =>
      errorOf(clientOf([() => Promise.reject(error)], { maxRetries: 0 }).client.cancel("ftjob-abc123")),
    );
  const refused = Object.assign(new Error("Unable to connect"), { code: "ConnectionRefused" });
  const refusedByErrno = Object.assign(new Error("Unable to connect"), { code: "ECONNREFUSED" });

  test.each([
    ["1.3.14", "not-sent"],
    ["1.3.15", "not-sent"],
    ["1.4.0", "not-sent"],
    ["2.0.0", "not-sent"],
    ["1.3.13", "unknown"],
    ["1.2.20", "unknown"],
    ["0.9.99", "unknown"],
  ])("Bun %s, which names a refused connection: %s", async (version, outcome) => {
    expect(await inRuntime("Bun", { version }, refused)).toMatchObject({ name: "ConnectionError", outcome });
    expect(await inRuntime("Bun", { version }, refusedByErrno)).toMatchObject({ name: "ConnectionError", outcome });
  });

  test.each(["ECONNREFUSED_BY", "MY_ECONNREFUSED"])("Bun 1.3.14, which names %s", async (code) => {
    const error = Object.assign(new Error("Unable to connect"), { code });
    expect(await inRuntime("Bun", { version: "1.3.14" }, error)).toMatchObject({ outcome: "unknown" });
  });

  test("no Bun at all", async () => {
    expect(await inRuntime("Bun", undefined, refused)).toMatchObject({ outcome: "unknown" });
  });

  test("no fetch: nothing is sent, and the message says what to pass", async () => {
    const { client } = clientOf([], { fetch: undefined });
    expect(await within("fetch", undefined, () => errorOf(client.cancel("ftjob-abc123")))).toMatchObject({
      name: "ConfigurationError",
      outcome: "not-sent",
      attempts: 0,
      message: "There is no global fetch: pass `fetch`.",
    });
  });

  test("no crypto, as in React Native: the client request id is made without", async () => {
    const { client } = clientOf([]);
    const result = await within("crypto", undefined, () => client.cancelWithResponse("ftjob-abc123"));
    expect(result.clientRequestId).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/);
  });

  const cors = "; in a browser CORS may be the reason: does the service allow this origin and its headers?";
  test.each<[what: string, error: Error, reason: string]>([
    ["a TypeError", new TypeError("Failed to fetch"), `Failed to fetch${cors}`],
    ["a TypeError without words", new TypeError(""), `no reason given${cors}`],
    ["another error", new Error("Failed"), "Failed."],
    ["a TypeError with a cause", new TypeError("Failed", { cause: new Error("why") }), "why."],
  ])("a browser, where CORS may be the reason of %s", async (_, thrown, reason) => {
    const error = await inRuntime("navigator", { userAgent: "Mozilla/5.0" }, thrown);
    expect(error.message).toBe(
      `The connection to https://my-resource.openai.azure.com failed before an answer came: ${reason} The job may have been cancelled.`,
    );
  });
});
