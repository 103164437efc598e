import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { createFineTuningClient, type FineTuningClientOptions, type RetryEvent } from "../../src/index.js";
import { JOB } from "./job.js";

/** Attempts, waits and aborts, with fake timers. */

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);
beforeEach(() => {
  jest.useFakeTimers({ now: NOW });
});
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
  jest.restoreAllMocks();
});

const unavailable = (headers: Record<string, string> = {}) => Response.json({}, { status: 503, headers });
const settled = async (result: Promise<unknown>) => {
  let done = false;
  const mark = () => {
    done = true;
  };
  result.then(mark, mark);
  await jest.advanceTimersByTimeAsync(0);
  return done;
};

/** A client whose service gives these answers, one after the other, and a job from then on. */
function clientOf(answers: readonly (() => Response)[], options: FineTuningClientOptions = {}) {
  const events: RetryEvent[] = [];
  const fetch = jest.fn(async (_: unknown, __?: RequestInit) =>
    (answers[fetch.mock.calls.length - 1] ?? (() => Response.json(JOB)))(),
  );
  const client = createFineTuningClient({
    endpoint: "http://127.0.0.1:1",
    apiKey: "a-key-for-attempts",
    fetch: fetch as typeof globalThis.fetch,
    onRetry: (event) => events.push(event),
    // The service answers with the same job whatever the id.
    onViolation: () => {},
    ...options,
  });
  return { client, fetch, events };
}

describe("a service that says how long to wait is taken at its word", () => {
  test.each<[name: string, headers: Record<string, string>, waitMs: number]>([
    ["retry-after-ms", { "retry-after-ms": "1500" }, 1_500],
    ["x-ms-retry-after-ms", { "x-ms-retry-after-ms": "2500" }, 2_500],
    ["retry-after in seconds", { "retry-after": "7" }, 7_000],
    ["retry-after at the limit", { "retry-after": "60" }, 60_000],
    ["retry-after as IMF-fixdate", { "retry-after": "Mon, 23 Nov 2026 12:00:30 GMT" }, 30_000],
    ["retry-after as RFC 850 date", { "retry-after": "Monday, 23-Nov-26 12:00:31 GMT" }, 31_000],
    ["retry-after as asctime date", { "retry-after": "Mon Nov 23 12:00:32 2026" }, 32_000],
    ["a day of one digit in asctime", { "retry-after": "Tue Dec  1 12:00:00 2026" }, 8 * 86_400_000],
    ["a leap second", { "retry-after": "Mon, 23 Nov 2026 12:00:60 GMT" }, 60_000],
    ["a leap second, in the minute that it ends", { "retry-after": "Mon, 23 Nov 2026 12:59:60 GMT" }, 3_600_000],
    ["the first that is usable", { "retry-after-ms": "soon", "x-ms-retry-after-ms": "-1", "retry-after": "3" }, 3_000],
  ])("%s", async (_, headers, waitMs) => {
    const { client, fetch, events } = clientOf([() => unavailable(headers)], { maxRetryDelayMs: 10 * 86_400_000 });
    const result = client.cancelWithResponse("ftjob-abc123");
    await jest.advanceTimersByTimeAsync(waitMs - 1);
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(events).toMatchObject([
      { attempt: 1, delayMs: waitMs, cause: { name: "ApiError", status: 503, outcome: "unknown", attempts: 1 } },
    ]);
    await jest.advanceTimersByTimeAsync(1);
    await expect(result).resolves.toMatchObject({ job: JOB, attempts: 2 });
  });

  test.each([
    ["a date in the past", "Mon, 23 Nov 2026 11:59:59 GMT"],
    ["a two-digit year far ahead", "Saturday, 23-Nov-85 12:00:30 GMT"],
    ["a minute that there is not", "Mon, 23 Nov 2026 12:75:30 GMT"],
    ["a second that there is not", "Mon, 23 Nov 2026 12:00:61 GMT"],
    ["a leap second of a day that there is not", "Mon, 31 Nov 2026 12:00:60 GMT"],
    ["seconds with a unit", "7 s"],
    ["seconds in hexadecimal", "0x7"],
    ["seconds with an exponent", "1e1"],
    ["a day that there is not", "Mon, 31 Feb 2027 12:00:00 GMT"],
    ["an hour that there is not", "Mon, 23 Nov 2026 24:00:30 GMT"],
    ["another time zone", "Mon, 23 Nov 2026 12:00:30 CET"],
    ["an ISO date", "2026-11-23T12:00:30Z"],
    ["words around a date", "at Mon, 23 Nov 2026 12:00:30 GMT!"],
    ["more than a year", "31622401"],
  ])("but %s is passed over, and the backoff decides", async (_, value) => {
    jest.spyOn(Math, "random").mockReturnValue(0);
    const { client, events } = clientOf([() => unavailable({ "retry-after": value })]);
    const result = client.cancel("ftjob-abc123");
    await jest.advanceTimersByTimeAsync(400);
    await result;
    expect(events).toMatchObject([{ delayMs: 400 }]);
  });

  test.each(Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(month < 11 ? 2027 : 2026, month, 15))))(
    "a date in any month is understood: %p",
    async (date) => {
      const { client } = clientOf([() => unavailable({ "retry-after": date.toUTCString() })]);
      await expect(client.cancel("ftjob-abc123")).rejects.toMatchObject({
        retryAfterMs: date.getTime() - Date.now(),
      });
    },
  );

  test("no wait at all is one too", async () => {
    const { client, events } = clientOf([() => unavailable({ "retry-after-ms": "0", "retry-after": "7" })]);
    const result = client.cancel("ftjob-abc123");
    await jest.advanceTimersByTimeAsync(1);
    await result;
    expect(events).toMatchObject([{ delayMs: 0 }]);
  });

  test("a wait of a year is taken at its word, and so not slept through", async () => {
    const { client } = clientOf([() => unavailable({ "retry-after": String(366 * 86_400) })]);
    await expect(client.cancel("ftjob-abc123")).rejects.toMatchObject({ retryAfterMs: 366 * 86_400_000, attempts: 1 });
  });

  test("a wait above maxRetryDelayMs is neither slept through nor shortened", async () => {
    const { client, fetch, events } = clientOf([() => unavailable({ "retry-after": "61" })]);
    await expect(client.cancel("ftjob-abc123")).rejects.toMatchObject({
      retryAfterMs: 61_000,
      attempts: 1,
      outcome: "unknown",
    });
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(events).toEqual([]);
  });
});

describe("a service that does not say is given time: exponential, with equal jitter", () => {
  test.each([
    [0, [400, 800, 1_600, 3_200, 4_000, 4_000]],
    [0.5, [600, 1_200, 2_400, 4_800, 6_000, 6_000]],
    [1, [800, 1_600, 3_200, 6_400, 8_000, 8_000]],
  ])("with a random number of %d", async (random, waits) => {
    jest.spyOn(Math, "random").mockReturnValue(random);
    const { client, events } = clientOf(
      waits.map(() => () => unavailable()),
      { maxRetries: waits.length },
    );
    const result = client.cancel("ftjob-abc123");
    await jest.runAllTimersAsync();
    await result;
    expect(events.map(({ delayMs }) => delayMs)).toEqual(waits);
    expect(events.map(({ attempt }) => attempt)).toEqual(waits.map((_, index) => index + 1));
  });

  test("never longer than maxRetryDelayMs", async () => {
    const { client, events } = clientOf([unavailable, unavailable], { maxRetryDelayMs: 50 });
    const result = client.cancel("ftjob-abc123");
    await jest.advanceTimersByTimeAsync(100);
    await result;
    expect(events.map(({ delayMs }) => delayMs)).toEqual([50, 50]);
  });
});

const throwing = () => {
  throw new Error("hostile");
};
/** Answers when the options are checked, and throws after that. */
function throwingLater(): () => boolean {
  let reads = 0;
  return () => (reads++ === 0 ? false : throwing());
}

describe("an abort", () => {
  test("in a wait ends it at once, with the signal's reason, and leaves nothing behind", async () => {
    const stop = new AbortController();
    const { client, fetch } = clientOf([() => unavailable({ "retry-after": "50" })]);
    const result = client.cancel("ftjob-abc123", { signal: stop.signal });
    expect(await settled(result)).toBe(false);
    const reason = { why: "enough" };
    stop.abort(reason);
    const error = await result.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "AbortError", outcome: "unknown", attempts: 1 });
    expect((error as Error).cause).toBe(reason);
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(getEventListeners(stop.signal, "abort")).toEqual([]);
  });

  test("right after the call comes before the request, which is not sent", async () => {
    const stop = new AbortController();
    const { client, fetch } = clientOf([]);
    const result = client.cancel("ftjob-abc123", { signal: stop.signal });
    stop.abort();
    await expect(result).rejects.toMatchObject({ name: "AbortError", outcome: "not-sent", attempts: 0 });
    expect(fetch).not.toHaveBeenCalled();
    expect(getEventListeners(stop.signal, "abort")).toEqual([]);
  });

  test("ends even a fetch that does not listen, and no retry is announced", async () => {
    const stop = new AbortController();
    const { client, events } = clientOf([], { fetch: () => new Promise(() => {}) });
    const result = client.cancel("ftjob-abc123", { signal: stop.signal });
    expect(await settled(result)).toBe(false);
    stop.abort();
    await expect(result).rejects.toMatchObject({ name: "AbortError", outcome: "unknown" });
    expect(getEventListeners(stop.signal, "abort")).toEqual([]);
    expect(events).toEqual([]);
  });

  test("by onRetry itself ends the wait before it begins", async () => {
    const stop = new AbortController();
    const { client, fetch } = clientOf([() => unavailable({ "retry-after": "50" })], { onRetry: () => stop.abort() });
    await expect(client.cancel("ftjob-abc123", { signal: stop.signal })).rejects.toMatchObject({
      name: "AbortError",
      message: "The call was aborted: This operation was aborted. An earlier attempt may have cancelled the job.",
    });
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test("of a signal that calls share reaches each of them, through one listener, which goes with the last", async () => {
    const stop = new AbortController();
    const listeners = () => getEventListeners(stop.signal, "abort").length;
    const { client } = clientOf([
      () => unavailable({ "retry-after": "5" }),
      () => unavailable({ "retry-after": "50" }),
    ]);
    const [first, second] = ["ftjob-1", "ftjob-2"].map((id) => client.cancel(id, { signal: stop.signal }));
    await settled(first as Promise<unknown>);
    expect(listeners()).toBe(1);
    await jest.advanceTimersByTimeAsync(5_000);
    await expect(first).resolves.toEqual(JOB);
    expect(listeners()).toBe(1);
    stop.abort();
    await expect(second).rejects.toMatchObject({ name: "AbortError" });
    expect(listeners()).toBe(0);
    // The next call listens anew, and finds the signal aborted.
    await expect(client.cancel("ftjob-3", { signal: stop.signal })).rejects.toMatchObject({ attempts: 0 });
  });

  test("of a TaskSignal, which extends AbortSignal, ends the call", async () => {
    const stop = new AbortController();
    const signal = Object.defineProperty(stop.signal, Symbol.toStringTag, { value: "TaskSignal" });
    const { client } = clientOf([], { fetch: () => new Promise(() => {}) });
    const result = client.cancel("ftjob-abc123", { signal });
    expect(await settled(result)).toBe(false);
    stop.abort();
    await expect(result).rejects.toMatchObject({ name: "AbortError" });
  });

  test("in the body of a 2xx that has shown the job leaves no doubt that the service accepted", async () => {
    const stop = new AbortController();
    const start = new TextEncoder().encode('{"id":"ftjob-abc123",');
    const body = new ReadableStream(
      { start: (controller) => controller.enqueue(start), pull: () => stop.abort() },
      { highWaterMark: 0 },
    );
    const { client } = clientOf([() => new Response(body, { status: 200 })]);
    await expect(client.cancel("ftjob-abc123", { signal: stop.signal })).rejects.toMatchObject({
      name: "AbortError",
      outcome: "accepted",
      attempts: 1,
    });
  });

  test("of one call leaves the others alone", async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const { client } = clientOf([() => unavailable({ "retry-after": "5" }), () => unavailable({ "retry-after": "5" })]);
    const stopped = client.cancel("ftjob-1", { signal: first.signal });
    const kept = client.cancel("ftjob-2", { signal: second.signal });
    await settled(stopped);
    first.abort();
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
    await jest.advanceTimersByTimeAsync(5_000);
    await expect(kept).resolves.toEqual(JOB);
  });

  test.each<[what: string, members: PropertyDescriptorMap, result: object]>([
    ["reason", { aborted: { value: true }, reason: { get: throwing } }, { name: "AbortError", outcome: "not-sent" }],
    ["addEventListener()", { addEventListener: { value: throwing } }, { name: "TimeoutError" }],
    ["removeEventListener()", { removeEventListener: { value: throwing } }, { name: "TimeoutError" }],
    ["aborted, later", { aborted: { get: throwingLater() } }, { name: "TimeoutError" }],
  ])("of a signal whose %s throws is an error of the client's all the same", async (_, members, result) => {
    const signal = Object.defineProperties(new AbortController().signal, members);
    const { client } = clientOf([], { fetch: () => new Promise(() => {}), timeoutMs: 50, maxRetries: 0 });
    const error = client.cancel("ftjob-abc123", { signal }).catch((thrown: unknown) => thrown);
    await jest.advanceTimersByTimeAsync(50);
    expect(await error).toMatchObject(result);
  });

  test.each<[what: string, members: object]>([
    ["no addEventListener()", { aborted: false, removeEventListener: () => {} }],
    ["no removeEventListener()", { aborted: false, addEventListener: () => {} }],
    ["no aborted", { addEventListener: () => {}, removeEventListener: () => {} }],
  ])("of something that has the name of a signal, but %s, is refused", async (_, members) => {
    const signal = Object.assign(members, { [Symbol.toStringTag]: "AbortSignal" }) as unknown as AbortSignal;
    await expect(clientOf([]).client.cancel("ftjob-abc123", { signal })).rejects.toThrow(
      "signal must be an AbortSignal.",
    );
  });

  test("of something that throws when it is asked for its name is refused", async () => {
    const signal = Object.defineProperty({}, Symbol.toStringTag, { get: throwing }) as AbortSignal;
    await expect(clientOf([]).client.cancel("ftjob-abc123", { signal })).rejects.toThrow(
      "signal must be an AbortSignal.",
    );
  });

  test("after the end of a call does nothing", async () => {
    const stop = new AbortController();
    const { client } = clientOf([]);
    await expect(client.cancel("ftjob-abc123", { signal: stop.signal })).resolves.toEqual(JOB);
    expect(getEventListeners(stop.signal, "abort")).toEqual([]);
    stop.abort();
  });
});

describe("a deadline", () => {
  test("bounds a fetch that does not listen, the provider, and each attempt anew", async () => {
    const { client, fetch, events } = clientOf([], { timeoutMs: 1_000, maxRetries: 1, maxRetryDelayMs: 0 });
    fetch.mockImplementation(() => new Promise(() => {}));
    const result = client.cancel("ftjob-abc123").catch((thrown: unknown) => thrown);
    await jest.advanceTimersByTimeAsync(999);
    expect(events).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(events).toMatchObject([{ cause: { name: "TimeoutError" } }]);
    // A wait of 0 ms takes one.
    await jest.advanceTimersByTimeAsync(1_001);
    expect(await result).toMatchObject({ name: "TimeoutError", timeoutMs: 1_000, outcome: "unknown", attempts: 2 });
  });

  test("that passes while the provider is asked means that nothing is sent, even when the token comes later", async () => {
    let give: (token: string) => void = () => {};
    const tokenProvider = () => new Promise<string>((resolve) => (give = resolve));
    const { client, fetch } = clientOf([], { apiKey: undefined, tokenProvider, timeoutMs: 1_000 });
    const result = client.cancel("ftjob-abc123").catch((thrown: unknown) => thrown);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await result).toMatchObject({ name: "TimeoutError", outcome: "not-sent", attempts: 0 });
    give("a-token-too-late");
    await jest.advanceTimersByTimeAsync(10);
    expect(fetch).not.toHaveBeenCalled();
  });
});

describe("each attempt", () => {
  test("asks the provider for a token of its own, and all have one request id", async () => {
    let count = 0;
    const { client, fetch } = clientOf([unavailable, unavailable], {
      apiKey: undefined,
      tokenProvider: () => `token-${++count}`,
      maxRetryDelayMs: 0,
    });
    const result = client.cancel("ftjob-abc123");
    await jest.runAllTimersAsync();
    await result;
    const sent = fetch.mock.calls.map(([, init]) => new Headers(init?.headers));
    expect(sent.map((headers) => headers.get("authorization"))).toEqual([
      "Bearer token-1",
      "Bearer token-2",
      "Bearer token-3",
    ]);
    expect(sent.map((headers) => headers.get("api-key"))).toEqual([null, null, null]);
    const [id, ...others] = sent.map((headers) => headers.get("x-ms-client-request-id"));
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(others).toEqual([id, id]);
  });

  test("has an id of the platform's making", async () => {
    jest.spyOn(crypto, "randomUUID").mockReturnValue("00000000-0000-4000-8000-000000000007");
    const { client, fetch } = clientOf([]);
    await client.cancel("ftjob-abc123");
    expect(new Headers(fetch.mock.calls[0]?.[1]?.headers).get("x-ms-client-request-id")).toBe(
      "00000000-0000-4000-8000-000000000007",
    );
  });

  test("keeps the request id that the caller gave", async () => {
    const { client, fetch } = clientOf([]);
    await client.cancel("ftjob-abc123", { headers: { "x-ms-client-request-id": "mine" } });
    expect(new Headers(fetch.mock.calls[0]?.[1]?.headers).get("x-ms-client-request-id")).toBe("mine");
  });

  test("makes an id where crypto.randomUUID is missing, as on a page that came over http", async () => {
    jest.spyOn(crypto, "randomUUID").mockImplementation(undefined as never);
    const original = crypto.randomUUID;
    Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
    try {
      const { client, fetch } = clientOf([]);
      await client.cancel("ftjob-abc123");
      expect(new Headers(fetch.mock.calls[0]?.[1]?.headers).get("x-ms-client-request-id")).toMatch(
        /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/,
      );
    } finally {
      Object.defineProperty(crypto, "randomUUID", { value: original, configurable: true, writable: true });
    }
  });

  test("looks the global fetch up when it is made", async () => {
    const spy = jest.spyOn(globalThis, "fetch");
    const client = createFineTuningClient({ endpoint: "http://127.0.0.1:1", apiKey: "a-key-for-attempts" });
    spy.mockImplementation(async () => Response.json(JOB));
    await expect(client.cancel("ftjob-abc123")).resolves.toEqual(JOB);
  });
});

test("a retry needs no onRetry", async () => {
  const warn = jest.spyOn(console, "warn").mockImplementation(() => {});
  const { client } = clientOf([unavailable], { onRetry: undefined, maxRetryDelayMs: 0 });
  const result = client.cancelWithResponse("ftjob-abc123");
  await jest.runAllTimersAsync();
  await expect(result).resolves.toMatchObject({ attempts: 2 });
  expect(warn).not.toHaveBeenCalled();
});

describe("a callback that throws, or rejects, changes nothing", () => {
  test.each([
    [
      "throws",
      () => {
        throw new Error("from the callback");
      },
    ],
    ["rejects", () => Promise.reject(new Error("from the callback"))],
  ])("%s", async (_, callback) => {
    const warn = jest.spyOn(console, "warn").mockImplementation(() => {});
    const { client } = clientOf([unavailable, () => Response.json({ ...JOB, status: "stopped" })], {
      onRetry: callback as () => void,
      onViolation: callback as () => void,
      maxRetryDelayMs: 0,
    });
    const result = client.cancel("ftjob-abc123");
    await jest.runAllTimersAsync();
    await expect(result).resolves.toMatchObject({ status: "stopped" });
    expect(warn.mock.calls).toEqual([
      ["fine-tuning-client: onRetry threw an error, which was ignored: from the callback"],
      ["fine-tuning-client: onViolation threw an error, which was ignored: from the callback"],
    ]);
  });
});
