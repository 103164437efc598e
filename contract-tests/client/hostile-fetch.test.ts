import { Readable } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createFineTuningClient, FineTuningClientError, type FineTuningClientOptions } from "../../src/index.js";
import { answer, head, startFaultServer, writeAndClose } from "./fault-server.js";
import { JOB } from "./job.js";

/**
 * Whatever `fetch` resolves with or throws, and whatever bytes arrive, `cancel` returns the job or throws an error of the
 * client's, within its deadline, with an outcome that claims no more than was seen.
 */

const DEADLINE_MS = 60;
/** For a busy machine. */
const MARGIN_MS = 2_000;
const runs = { numRuns: Number(process.env.PROPERTY_RUNS ?? 500) };

interface Result {
  readonly job: unknown;
  readonly error: FineTuningClientError | undefined;
}

async function cancelWith(options: FineTuningClientOptions): Promise<Result> {
  const client = createFineTuningClient({
    endpoint: "http://127.0.0.1:1",
    apiKey: "a-key-for-hostile-fetch",
    timeoutMs: DEADLINE_MS,
    maxRetries: 0,
    onViolation: () => {},
    ...options,
  });
  const started = performance.now();
  let result: Result;
  try {
    result = { job: await client.cancel(JOB.id), error: undefined };
  } catch (error) {
    expect(error).toBeInstanceOf(FineTuningClientError);
    result = { job: undefined, error: error as FineTuningClientError };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be in a message
    expect((error as Error).message).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]+$/);
  }
  expect(performance.now() - started).toBeLessThan(DEADLINE_MS + MARGIN_MS);
  return result;
}

/** The outcome of each status for a body that shows no job, transcribed from the table in the README. */
function outcomeOf(status: number): string {
  const isNo = status >= 300 && status <= 499 && ![303, 408, 499].includes(status);
  return isNo ? "rejected" : "unknown";
}

const throwing = () => {
  throw new Error("hostile");
};
const never = () => new Promise<never>(() => {});
/** Throws whatever is done with it. */
const untouchable = new Proxy(() => {}, Object.fromEntries(Reflect.ownKeys(Reflect).map((trap) => [trap, throwing])));
const withGetters = Object.defineProperties(new Error(""), {
  message: { get: throwing },
  code: { get: throwing },
  cause: { get: throwing },
  errors: { get: throwing },
  name: { get: throwing },
});

/** Ways to carry a text as a body: how a service's stubs, other runtimes and other libraries do. */
const carriers: Record<string, (text: string) => object> = {
  "a Response": (text) => new Response(text),
  "a text": (text) => ({ body: text }),
  bytes: (text) => ({ body: new TextEncoder().encode(text) }),
  "an ArrayBuffer": (text) => ({ body: new TextEncoder().encode(text).buffer }),
  "a stream of texts": (text) => ({
    body: new ReadableStream({
      start(controller) {
        for (const character of text) controller.enqueue(character);
        controller.close();
      },
    }),
  }),
  "a stream of Node's": (text) => ({
    body: Readable.from([Buffer.from(text.slice(0, 5)), Buffer.from(text.slice(5))]),
  }),
  "a view of some bytes": (text) => {
    const bytes = new TextEncoder().encode(`before${text}after`);
    return { body: new DataView(bytes.buffer, 6, bytes.length - 11) };
  },
  "bytes of shared memory": (text) => {
    const bytes = new TextEncoder().encode(text);
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    return { body: shared };
  },
  "a generator": (text) => ({
    body: (async function* () {
      yield text;
    })(),
  }),
  "text() alone": (text) => ({ text: async () => text }),
  "text() beside a body that is null": (text) => ({ body: null, text: async () => text }),
  "arrayBuffer() alone": (text) => ({ arrayBuffer: async () => new TextEncoder().encode(text).buffer }),
  "json() alone": (text) => ({ json: async () => JSON.parse(text) }),
};

const asAnswer = (carrier: object, members: object) =>
  carrier instanceof Response ? Object.defineProperties(carrier, describeMembers(members)) : { ...carrier, ...members };
const describeMembers = (members: object) =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [name, { value }]));

function streamAfter(use: (stream: ReadableStream) => unknown): ReadableStream {
  const stream = new ReadableStream();
  use(stream);
  return stream;
}

describe("an answer that is not quite a Response is read", () => {
  test.each(Object.keys(carriers))("%s", async (name) => {
    const fetch = async () => asAnswer(carriers[name]?.(JSON.stringify(JOB)) as object, { status: 200 }) as Response;
    expect(await cancelWith({ fetch })).toEqual({ job: JOB, error: undefined });
  });

  test.each(Object.keys(carriers))("%s, within maxResponseBytes", async (name) => {
    const fetch = async () => asAnswer(carriers[name]?.(JSON.stringify(JOB)) as object, { status: 200 }) as Response;
    const { error } = await cancelWith({ fetch, maxResponseBytes: 40 });
    expect(error).toMatchObject({ name: "ResponseError", outcome: "accepted" });
  });

  test.each<[what: string, headers: unknown]>([
    ["Headers", new Headers({ "apim-request-id": "apim-7" })],
    ["a plain object", { "Apim-Request-Id": "apim-7" }],
    ["a plain object with others before it", { "x-first": "1", "apim-request-id": "apim-7" }],
    ["something with get()", { get: (name: string) => (name === "apim-request-id" ? "apim-7" : null) }],
  ])("and so are headers that are %s", async (_, headers) => {
    const fetch = async () => ({ status: 404, headers, text: async () => "" }) as Response;
    expect((await cancelWith({ fetch })).error).toMatchObject({ name: "ApiError", status: 404, requestId: "apim-7" });
  });
});

test("a body that breaks off with what a refused connection is like was still an answer to a request", async () => {
  const refused = Object.assign(new Error("no"), { code: "ECONNREFUSED", syscall: "connect" });
  for (const [status, outcome] of [
    [200, "unknown"],
    [404, "rejected"],
    [503, "unknown"],
  ] as const) {
    const body = new ReadableStream({ pull: (controller) => controller.error(refused) });
    const { error } = await cancelWith({ fetch: async () => new Response(body, { status }) });
    expect(error).toMatchObject({ outcome, attempts: 1 });
  }
});

test.each(["json() alone", "a generator", "a stream of texts", "bytes"])(
  "%s of exactly maxResponseBytes is read, and of one byte more is not",
  async (name) => {
    const text = JSON.stringify(JOB);
    const fetch = async () => asAnswer(carriers[name]?.(text) as object, { status: 200 }) as Response;
    expect((await cancelWith({ fetch, maxResponseBytes: text.length })).job).toEqual(JOB);
    const { error } = await cancelWith({ fetch, maxResponseBytes: text.length - 1 });
    expect(error?.message).toContain(`a body of more than ${text.length - 1} bytes`);
  },
);

test.each([
  ["a header that is undefined", { "apim-request-id": undefined }],
  ["no header of that name", { other: "1" }],
  ["headers that throw", untouchable],
])("%s is no request id", async (_, headers) => {
  const fetch = async () => ({ status: 404, headers, text: async () => "" }) as unknown as Response;
  expect((await cancelWith({ fetch })).error).toMatchObject({ name: "ApiError", requestId: undefined });
});

test("a chunk that is neither bytes nor text is named", async () => {
  const fetch = async () => ({ status: 200, body: Readable.from([7], { objectMode: true }) }) as never;
  const { error } = await cancelWith({ fetch });
  expect(error?.message).toContain("the body has a chunk that is neither bytes nor text");
});

test.each(Object.keys(carriers))("%s can be read again", async (name) => {
  const text = JSON.stringify(JOB);
  const fetch = async () => asAnswer(carriers[name]?.(text) as object, { status: 200 }) as Response;
  const client = createFineTuningClient({ endpoint: "http://127.0.0.1:1", apiKey: "a-key-for-reading-again", fetch });
  const { response } = await client.cancelWithResponse(JOB.id);
  expect(await response.json()).toEqual(JOB);
});

describe("a value that is no answer leaves the job's state unknown", () => {
  test.each<[what: string, value: unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["a text", "200"],
    ["a number", 200],
    ["an object", {}],
    ["a status that is no number", { status: "200", text: async () => JSON.stringify(JOB) }],
    ["a status that is no integer", { status: 200.5 }],
    ["an answer of the type error", { type: "error", status: 200, text: async () => JSON.stringify(JOB) }],
    ["a function with a status", Object.assign(() => {}, { status: 200, text: async () => JSON.stringify(JOB) })],
    ["what throws at every touch", untouchable],
    ["Response.error()", Response.error()],
    ["an opaque answer", Object.defineProperty(Response.error(), "type", { value: "opaque" })],
  ])("%s", async (_, value) => {
    const { error } = await cancelWith({ fetch: async () => value as Response });
    expect(error).toMatchObject({ name: "ConnectionError", outcome: "unknown", attempts: 1 });
    expect(error?.message).toContain("The job may have been cancelled.");
  });

  test.each<[what: string, body: object]>([
    ["a stream that was read", { body: streamAfter((stream) => stream.cancel()) }],
    ["a stream that is locked", { body: streamAfter((stream) => stream.getReader()) }],
    ["a stream of objects", { body: new ReadableStream({ start: (controller) => controller.enqueue({}) }) }],
    ["a generator that throws", { body: { [Symbol.asyncIterator]: throwing } }],
    ["text() that throws", { text: throwing }],
    ["json() of what is no JSON", { json: async () => ({ id: 1n }) }],
    ["no body at all", {}],
    ["a body behind a getter that throws", Object.defineProperty({}, "body", { get: throwing, enumerable: false })],
  ])("200 with %s", async (_, body) => {
    const fetch = async () => Object.assign(Object.create(body), body, { status: 200 }) as Response;
    expect((await cancelWith({ fetch })).error).toMatchObject({ outcome: "unknown", attempts: 1 });
  });
});

const hostileHeaders: Record<string, unknown> = {
  Headers: new Headers(),
  "a plain object": {},
  null: null,
  "a text": "x: y",
  "a map": new Map(),
  "what throws at every touch": untouchable,
  "get() that throws": { get: throwing },
  "a number": 7,
};

/** An answer of any kind, with its status and whether it shows a job. */
const anyAnswer = fc
  .record({
    status: fc.oneof(fc.constantFrom(200, 201, 204, 299, 303, 304, 404, 408, 409, 499, 500, 999, 0, -1), fc.integer()),
    carrier: fc.constantFrom(...Object.keys(carriers)),
    body: fc.constantFrom("job", "other job", "error", "list", "html", "empty", "words"),
    statusText: fc.oneof(fc.constant("OK"), fc.constant("成功"), fc.string({ unit: "binary" }), fc.constant(7)),
    type: fc.constantFrom("basic", "default", "cors", "opaque"),
    headers: fc.constantFrom(...Object.keys(hostileHeaders)),
  })
  .map(({ status, carrier, body, headers, ...members }) => {
    const text = {
      job: JSON.stringify(JOB),
      "other job": JSON.stringify({ ...JOB, id: "ftjob-other" }),
      error: '{"error":{"code":"x","message":"ftjob-abc123"}}',
      list: JSON.stringify([JOB]),
      html: "<html><title>Sign in</title>",
      empty: "",
      words: "ok\u0000\u001b[2J",
    }[body];
    const make = () =>
      asAnswer(carriers[carrier]?.(text) as object, { status, headers: hostileHeaders[headers], ...members });
    const isJob = status >= 200 && status <= 299 && body.includes("job");
    return { make, status, isJob };
  });

test("any answer is a job, or an error whose outcome is that of its status", async () => {
  await fc.assert(
    fc.asyncProperty(anyAnswer, async ({ make, status, isJob }) => {
      const { job, error } = await cancelWith({ fetch: async () => make() as Response });
      if (isJob) expect(job).toMatchObject({ status: "cancelled" });
      else expect(error?.outcome).toBe(outcomeOf(status));
    }),
    runs,
  );
});

test.each<[what: string, maxResponseBytes: number, isEnded: boolean]>([
  ["that is read to its end is left alone", 2 ** 20, false],
  ["that is not read to its end is ended", 40, true],
])("a request whose answer has a body %s", async (_, maxResponseBytes, isEnded) => {
  for (const carrier of Object.values(carriers)) {
    const signals: unknown[] = [];
    const fetch: FineTuningClientOptions["fetch"] = async (_url, { signal }) => {
      signals.push(signal);
      return asAnswer(carrier(JSON.stringify(JOB)), { status: 200 }) as Response;
    };
    await cancelWith({ fetch, maxResponseBytes });
    expect(signals).toMatchObject([{ aborted: isEnded }]);
  }
});

test.each<[what: string, errors: unknown]>([
  ["a proxy that throws at every touch", new Proxy([], { get: throwing })],
  ["a hundred million of none", Object.assign([], { length: 1e8 })],
])("a list of errors that is %s says nothing", async (_, errors) => {
  const { error } = await cancelWith({ fetch: () => Promise.reject(Object.assign(new Error("failed"), { errors })) });
  expect(error).toMatchObject({ name: "ConnectionError", outcome: "unknown", attempts: 1 });
});

test("anything thrown by fetch is a ConnectionError that claims nothing", async () => {
  const hostile: Record<string, unknown> = {
    untouchable,
    withGetters,
    symbol: Symbol("x"),
    function: throwing,
    proxy: new Proxy({}, {}),
    class: class Hostile {},
  };
  const thrown = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
    fc.constantFrom(...Object.keys(hostile)),
    fc
      .record({ code: fc.string({ unit: "binary" }), message: fc.string({ unit: "binary" }) })
      .map((members) => Object.assign(new Error("x"), members)),
  );
  await fc.assert(
    fc.asyncProperty(thrown, fc.boolean(), async (given, atOnce) => {
      const value = typeof given === "string" && Object.hasOwn(hostile, given) ? hostile[given] : given;
      const fetch = () => {
        if (atOnce) throw value;
        return Promise.reject(value);
      };
      expect((await cancelWith({ fetch })).error).toMatchObject({
        name: "ConnectionError",
        outcome: "unknown",
        attempts: 1,
      });
    }),
    runs,
  );
});

test.each<[what: string, fetch: () => Promise<unknown>, outcome: string]>([
  ["fetch", never, "unknown"],
  ["text()", async () => ({ status: 200, text: never }), "unknown"],
  ["a stream", async () => new Response(new ReadableStream({ pull: never })), "unknown"],
  ["a generator", async () => ({ status: 404, body: { [Symbol.asyncIterator]: () => ({ next: never }) } }), "rejected"],
  // biome-ignore lint/suspicious/noThenProperty: a thenable that never calls back
  ["a thenable", () => ({ then: () => {} }) as never, "unknown"],
])("%s that never settles ends with the deadline", async (_, fetch, outcome) => {
  expect((await cancelWith({ fetch: fetch as never })).error).toMatchObject({ outcome, attempts: 1 });
});

describe("chunks that come without a break", () => {
  const encoder = new TextEncoder();
  test.each<[what: string, body: () => unknown]>([
    ["empty ones", () => new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(0)) })],
    ["of one byte", () => new ReadableStream({ pull: (controller) => controller.enqueue(encoder.encode("x")) })],
    [
      "of a generator",
      async function* () {
        for (;;) yield "";
      },
    ],
  ])("%s do not outlast the deadline, or the signal", async (_, body) => {
    const fetch = async () => ({ status: 200, body: body() }) as Response;
    const options = { fetch, maxResponseBytes: 2 ** 30 };
    expect((await cancelWith(options)).error).toMatchObject({ name: "TimeoutError" });

    const client = createFineTuningClient({ endpoint: "http://127.0.0.1:1", apiKey: "a-key-for-chunks", ...options });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), DEADLINE_MS);
    await expect(client.cancel(JOB.id, { signal: stop.signal })).rejects.toMatchObject({ name: "AbortError" });
  });

  test.each([1, 2])("that are taken away before the end of the body, %i of them, end the call", async (count) => {
    const chunks = Array.from({ length: count }, () => encoder.encode(JSON.stringify(JOB)));
    const stream = new ReadableStream({
      start: (controller) => {
        for (const chunk of chunks) controller.enqueue(chunk);
      },
      pull: async (controller) => {
        await new Promise((resolve) => setImmediate(resolve));
        for (const { buffer } of chunks) structuredClone(buffer, { transfer: [buffer] });
        controller.close();
      },
    });
    const { error } = await cancelWith({ fetch: async () => new Response(stream) });
    expect(error).toMatchObject({ name: "ResponseError", outcome: "unknown" });
  });

  test.each<[what: string, chunk: () => unknown, outcome: string]>([
    ["whose buffer is gone", () => transferred(), "unknown"],
    ...[Number.NaN, -1, 2].map((value): [string, () => unknown, string] => [
      `whose length is not ${value}, as it says`,
      () => Object.defineProperty(new Uint8Array(3), "byteLength", { value }),
      "unknown",
    ]),
  ])("one %s ends the call", async (_, chunk, outcome) => {
    const fetch = async () => ({ status: 200, body: Readable.from([chunk(), chunk()], { objectMode: true }) }) as never;
    expect((await cancelWith({ fetch })).error).toMatchObject({ outcome, attempts: 1 });
  });
});

function transferred(): Uint8Array {
  const chunk = new Uint8Array(3);
  structuredClone(chunk.buffer, { transfer: [chunk.buffer] });
  return chunk;
}

describe("a stream is closed by the deadline", () => {
  const open = () => {
    let isClosed = false;
    const cancel = () => {
      isClosed = true;
    };
    return { stream: new ReadableStream({ pull: never, cancel }), isClosed: () => isClosed };
  };

  test("where a fetch does not follow its signal", async () => {
    const { stream, isClosed } = open();
    expect((await cancelWith({ fetch: async () => new Response(stream) })).error?.name).toBe("TimeoutError");
    expect(isClosed()).toBe(true);
  });

  test("and where the answer comes too late", async () => {
    const { stream, isClosed } = open();
    let answer = (_: Response) => {};
    const fetch = () =>
      new Promise<Response>((resolve) => {
        answer = resolve;
      });
    expect((await cancelWith({ fetch })).error?.name).toBe("TimeoutError");
    answer(new Response(stream));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isClosed()).toBe(true);
  });

  test("whatever its cancel() does", async () => {
    for (const cancel of [throwing, () => undefined]) {
      const reader = { read: async () => ({ done: false, value: "too long" }), cancel };
      const body = { getReader: () => reader };
      const { error } = await cancelWith({ fetch: async () => ({ status: 200, body }) as never, maxResponseBytes: 3 });
      expect(error?.message).toContain("a body of more than 3 bytes");
    }
  });
});

describe("bytes on a socket", () => {
  const bytes = fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each));
  const header = fc.string({ unit: "binary", maxLength: 20 });
  /** Garbage, and answers with garbage in one place. */
  const anyBytes = fc.oneof(
    bytes,
    fc
      .tuple(fc.integer({ min: 0, max: 1_000 }), bytes)
      .map(([status, body]) => Buffer.concat([Buffer.from(head(status)), body])),
    fc.tuple(header, bytes).map(([text, body]) => Buffer.concat([Buffer.from(`HTTP/1.1 200 ${text}\r\n\r\n`), body])),
    fc.tuple(header, header).map(([name, value]) => Buffer.from(`HTTP/1.1 200 OK\r\n${name}: ${value}\r\n\r\n{}`)),
  );

  test("any bytes are an error that says the job may have been cancelled, unless the service refused", async () => {
    let next = Buffer.from("");
    const server = await startFaultServer([(socket, request) => writeAndClose(next)(socket, request)]);
    try {
      await fc.assert(
        fc.asyncProperty(anyBytes, async (sent) => {
          next = Buffer.from(sent);
          const { error } = await cancelWith({ endpoint: `http://127.0.0.1:${server.port}`, timeoutMs: 1_000 });
          const [, status] = /^HTTP\/1\.\d (\d{3})/.exec(sent.toString("latin1")) ?? [];
          expect(["unknown", status === undefined ? "unknown" : outcomeOf(Number(status))]).toContain(error?.outcome);
        }),
        { numRuns: runs.numRuns / 2 },
      );
    } finally {
      await server.close();
    }
  });

  test.each([
    ["a reason phrase that is not Latin-1", "200 成功"],
    ["no reason phrase", "200"],
    ["a reason phrase with a tab", "200 a\tb"],
  ])("%s changes nothing", async (_, statusLine) => {
    const json = JSON.stringify(JOB);
    const type = { "content-type": "application/json", "content-length": String(json.length) };
    const server = await startFaultServer([writeAndClose(head(statusLine, type), json), answer(200, JOB)]);
    try {
      expect(await cancelWith({ endpoint: `http://127.0.0.1:${server.port}`, timeoutMs: 1_000 })).toEqual({
        job: JOB,
        error: undefined,
      });
    } finally {
      await server.close();
    }
  });
});
