import { describe, expect, test } from "@jest/globals";
import { createFineTuningClient, type FineTuningClientError, type FineTuningClientOptions } from "../../src/index.js";
import { JOB } from "./job.js";

/** What errors say of an answer, and what they hide of it. */

const KEY = "a-key-for-messages";

async function errorOf(
  fetch: FineTuningClientOptions["fetch"],
  options: FineTuningClientOptions = {},
  headers: Record<string, string> = {},
): Promise<FineTuningClientError> {
  const client = createFineTuningClient({
    ...{ endpoint: "http://127.0.0.1:1", apiKey: KEY, maxRetries: 0, fetch },
    ...options,
  });
  return client.cancel(JOB.id, { headers }).then(
    () => Promise.reject(new Error("no error")),
    (error: FineTuningClientError) => error,
  );
}

const answering = (status: number, text: string) => async () => new Response(text, { status });

test.each([
  ["<html><head><title>Sign in</title></head><body>Hello</body></html>", "Sign in"],
  ['<title lang="en">Sign  in</title><p>Hello</p>', "Sign in"],
  ["<title> </title><p>Hello</p><p>world</p>", "Hello world"],
  ["<script>run()</script >Hello<style>b { }</style  ><b>world</b>", "Hello world"],
  ["Hello\nworld", "Hello world"],
])("400 with %j", async (text, reason) => {
  expect((await errorOf(answering(400, text))).message).toBe(`The service answered 400: ${reason}.`);
});

test.each([
  ["", "an empty body"],
  [" \n", "an empty body"],
  ["<html></html>", "an HTML page"],
  ["<p>Hello</p>", "an HTML page: Hello"],
  ["Hello", "a body that is not JSON: Hello"],
  ["[1]", "JSON of type array in place of a job: [1]"],
  ["null", "JSON of type null in place of a job: null"],
  ['{"id":7,"status":"queued"}', 'an object that has no id and status of a job: {"id":7,"status":"queued"}'],
  ['{"id":"a","status":7}', 'an object that has no id and status of a job: {"id":"a","status":7}'],
  ['{"error":{"message":"No"}}', 'an error body: {"error":{"message":"No"}}'],
])("200 with %j", async (text, problem) => {
  expect((await errorOf(answering(200, text))).message).toBe(
    `The service answered 200 with ${problem}. The job may have been cancelled.`,
  );
});

test.each(["-", ".", ":", "- ", ".-", "a-", "ab "])(
  "a text of %j again and again is shown without delay",
  async (unit) => {
    const started = performance.now();
    for (const length of [20, 60, 200])
      for (const text of [unit.repeat(length), `${unit.repeat(length)}x`])
        expect((await errorOf(answering(403, text))).message).toMatch(/^The service answered 403: /);
    expect(performance.now() - started).toBeLessThan(1_000);
  },
);

test.each([
  ["403 Forbidden - Forbidden.", "Forbidden."],
  ["Forbidden: Forbidden", "Forbidden."],
  ["Forbidden. Forbidden, and no more", "Forbidden. Forbidden, and no more."],
  ["It is Forbidden Forbidden", "It is Forbidden Forbidden."],
  ["Forbidden Forbidden!", "Forbidden Forbidden!"],
  ["ForbiddenForbidden", "ForbiddenForbidden."],
])("a reason that stands there twice is shown once: %j", async (text, reason) => {
  expect((await errorOf(answering(403, text))).message).toBe(`The service answered 403: ${reason}`);
});

test("a long text is cut, and the white space before it is not counted", async () => {
  const { message } = await errorOf(answering(400, `${" ".repeat(300)}${"x".repeat(300)}`));
  expect(message).toBe(`The service answered 400: ${"x".repeat(200)}…`);
});

test("a 200 with the beginning of the job, and nothing after it, is accepted", async () => {
  const error = await errorOf(answering(200, `{"id":"${JOB.id}","status":"canc`));
  expect(error).toMatchObject({ name: "ResponseError", outcome: "accepted" });
});

test.each([
  ["innererror", { error: { message: "No", innererror: { code: "Inner" } } }],
  ["inner_error", { error: { message: "No", inner_error: { code: "Inner" } } }],
])("the code of %s", async (_, body) => {
  expect(await errorOf(answering(400, JSON.stringify(body)))).toMatchObject({ code: "Inner" });
});

test.each<[what: string, thrown: unknown]>([
  ["undefined", undefined],
  ["null", null],
  ["an object that is no text", { toString: () => ({}) }],
  [
    "an object that throws when it is read",
    new Proxy(
      {},
      {
        get: () => {
          throw new Error("read");
        },
      },
    ),
  ],
])("fetch throws %s: no reason is given", async (_, thrown) => {
  const error = await errorOf(() => Promise.reject(thrown));
  expect(error.message).toMatch(/: no reason given\. The job may have been cancelled\.$/);
});

test("a fetch that returns no response is not asked again", async () => {
  const error = await errorOf(async () => undefined as never, { maxRetries: 2 });
  expect(error).toMatchObject({ attempts: 1, outcome: "unknown" });
  expect(error.message).toBe("fetch returned no response. The job may have been cancelled.");
});

test.each<[what: string, reason: unknown, message: string]>([
  ["no words", new Error(""), "The call was aborted."],
  ["words", new Error("the page was closed"), "The call was aborted: the page was closed."],
  ["a sentence", "Enough!", "The call was aborted: Enough!"],
])("an abort whose reason has %s", async (_, reason, message) => {
  const client = createFineTuningClient({ endpoint: "http://127.0.0.1:1", apiKey: KEY });
  await expect(client.cancel(JOB.id, { signal: AbortSignal.abort(reason) })).rejects.toMatchObject({
    message,
    cause: reason,
  });
});

test("an abort whose reason is undefined, as a polyfill has it", async () => {
  const signal = Object.defineProperty(AbortSignal.abort(), "reason", { value: undefined });
  const client = createFineTuningClient({ endpoint: "http://127.0.0.1:1", apiKey: KEY });
  await expect(client.cancel(JOB.id, { signal })).rejects.toMatchObject({ message: "The call was aborted." });
});

test.each([
  [new Error(""), "tokenProvider threw an error."],
  [new Error("not signed in"), "tokenProvider threw an error: not signed in."],
])("a tokenProvider that throws %p", async (thrown, message) => {
  const options = { apiKey: undefined, tokenProvider: () => Promise.reject(thrown) };
  expect(await errorOf(answering(200, ""), options)).toMatchObject({ message, outcome: "not-sent", cause: thrown });
});

test.each([
  [299, false],
  [300, true],
  [399, true],
  [400, false],
])("a %i is told apart from a redirect: %s", async (status, isRedirect) => {
  const { message } = await errorOf(answering(status, ""));
  expect(message.includes("Redirects are not followed")).toBe(isRedirect);
});

describe("with strict validation", () => {
  const strict = (job: object) => errorOf(answering(200, JSON.stringify(job)), { validation: "strict" });

  test("a member that is missing is called missing", async () => {
    const { model: _, ...job } = JOB;
    expect((await strict(job)).message).toContain("the job violates the contract: /model: missing.");
  });

  test("another job with a hundred violations has a hundred and one", async () => {
    const job = { ...JOB, id: "other", result_files: Array(100).fill(0) };
    const error = await strict(job);
    expect(error).toMatchObject({ violationCount: 101 });
    expect((error as { violations?: unknown }).violations).toHaveLength(100);
  });
});

describe("hidden", () => {
  const echoing = (text: string) => answering(400, JSON.stringify({ error: { message: `got ${text}.` } }));

  test.each([
    ["another secret beside the key", { "x-a-key": KEY, "x-b-key": "another-secret" }, "another-secret"],
    ["a secret with a tab, percent-encoded", { "x-secret": "before\tafter" }, "before%09after"],
    ["a secret with a plus, as JSON in JSON may have it", { "x-secret": "before+after" }, "before\\\\u002Bafter"],
    ["a secret with a space, as a plus", { "x-secret": "Basic before after" }, "before+after"],
    ["a secret with a space, as a space", { "x-secret": "Basic before after" }, "before after"],
  ])("%s", async (_, headers, echo) => {
    const { message } = await errorOf(echoing(echo), {}, headers as Record<string, string>);
    expect(message).toBe("The service answered 400: got [redacted].");
  });

  test.each<[what: string, member: unknown]>([
    ["a request whose URL has the key", new Request(`http://127.0.0.1/?key=${KEY}`)],
    ["a request whose headers have the key", new Request("http://127.0.0.1/", { headers: { "api-key": KEY } })],
    ["a response whose headers have the key", new Response(null, { headers: { "x-echo": KEY } })],
    ["bytes with the key", new TextEncoder().encode(`é ${KEY}`)],
    ["a map with the key", new Map([["key", KEY]])],
  ])("%s, in what fetch throws", async (_, member) => {
    const { cause } = await errorOf(async () => {
      throw Object.assign(new Error("failed"), { member });
    });
    expect(cause).toEqual(new Error("failed"));
    expect(cause).not.toHaveProperty("member");
  });

  test.each<[what: string, member: unknown]>([
    ["a text in an object", Object(KEY)],
    ["a symbol", Symbol(KEY)],
    ["an expression", new RegExp(KEY)],
    ["the headers of another package", { headers: [["api-key", KEY]] }],
    ["the headers of another package, with a getter", Object.create({ headers: [["api-key", KEY]] })],
    ["a request of another package", Object.create({ url: `https://a.example/?key=${KEY}` })],
    ["a URL of another package", Object.create({ href: `https://a.example/?key=${KEY}` })],
    ["parameters of a URL", new URLSearchParams({ key: KEY })],
    ["a message that is a getter", Object.create({ message: `bad key ${KEY}` })],
  ])("%s with the key, in what fetch throws", async (_, member) => {
    const { cause } = await errorOf(async () => {
      throw Object.assign(new Error("failed"), { member });
    });
    expect(cause).not.toHaveProperty("member");
  });

  test.each<[what: string, end: number, limit: number]>([
    ["that breaks off", -1, 2 ** 20],
    ["that breaks off after four characters", 4, 2 ** 20],
    ["that is too long", KEY.length, 8 + KEY.length - 2],
  ])("the half of a key at the end of a body %s", async (_, end, limit) => {
    const text = `bad key ${KEY.slice(0, end)}`;
    const body = () =>
      new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
        pull: (controller) => controller.error(new Error("the connection broke")),
      });
    const half = KEY.slice(0, 4);
    for (const status of [200, 401]) {
      const error = await errorOf(async () => new Response(body(), { status }), { maxResponseBytes: limit });
      expect(JSON.stringify({ ...error, message: error.message })).not.toContain(half);
      if (status === 401) expect(error.message).toContain("bad key [redacted]");
    }
  });

  test.each([200, 401])("the key in a page in UTF-16, with %i", async (status) => {
    const page = (text: string) => async () => new Response(Buffer.from(text, "utf16le"), { status });
    const error = await errorOf(page(`\ufeffbad key ${KEY}`));
    expect(error.message).toContain("bad key [redacted]");
    if (status === 401) expect(error).toMatchObject({ body: expect.stringContaining("bad key [redacted]") });
    // It is not read all the same.
    expect((await errorOf(page(JSON.stringify(JOB)))).outcome).toBe(status === 401 ? "rejected" : "unknown");
  });

  test("a cookie, and a secret with white space around it", async () => {
    const headers = { "x-secret": " a-padded-secret ", cookie: "a=seven77; b=eight888;c=the-session-of-7" };
    const { message } = await errorOf(echoing("a-padded-secret seven77 eight888 the-session-of-7"), { headers });
    expect(message).toBe("The service answered 400: got [redacted] seven77 [redacted] [redacted].");
  });

  test("one secret within another", async () => {
    const headers = { "x-key": "a-secret", "x-token": "a-secret-and-more" };
    const { message } = await errorOf(echoing("a-secret-and-more"), { headers });
    expect(message).toBe("The service answered 400: got [redacted].");
  });

  test.each([
    ["letters", "a".repeat(40_000)],
    ["characters with many forms", "-_.".repeat(12_000)],
  ])("a key of 40 kB, of %s", async (_, apiKey) => {
    for (const status of [200, 400]) {
      const { message } = await errorOf(answering(status, `the key ${apiKey} is bad`), { apiKey });
      expect(message).toContain("the key [redacted] is bad");
    }
  });

  test("a key of backslashes, beside a text of them", async () => {
    const apiKey = `${"\\".repeat(30)}x`;
    const started = performance.now();
    expect((await errorOf(answering(400, `the key ${apiKey} is bad`), { apiKey })).message).toContain(
      "the key [redacted] is",
    );
    expect((await errorOf(answering(400, "\\".repeat(3_000)), { apiKey })).message).toContain("400: \\");
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test("many long tokens, one for each attempt", async () => {
    let count = 0;
    const tokenProvider = () => `${count++}`.repeat(4_000).slice(0, 4_000);
    const options = { apiKey: undefined, tokenProvider, maxRetries: 20, maxRetryDelayMs: 0 };
    const { message } = await errorOf(answering(503, `token ${"7".repeat(4_000)}`), options);
    expect(message).toContain("The service answered 503: token [redacted].");
  });

  test.each<[what: string, member: unknown]>([
    ["a number", 12345678],
    ["an integer of any size", 12345678n],
  ])("%s that is the key, in what fetch throws", async (_, member) => {
    const fetch = () => Promise.reject(Object.assign(new Error("failed"), { member }));
    const { cause } = await errorOf(fetch, { apiKey: "12345678" });
    expect(cause).not.toHaveProperty("member");
  });

  test("a number that is the key, in a body", async () => {
    const body = { error: { message: 12345678, code: 1234567 }, created_at: 1123456789 };
    expect(await errorOf(answering(400, JSON.stringify(body)), { apiKey: "12345678" })).toMatchObject({
      message: "The service answered 400 (1234567): [redacted].",
      body: { error: { message: "[redacted]", code: 1234567 }, created_at: 1123456789 },
    });
  });

  test("whatever comes from an iterator without end, in what fetch throws", async () => {
    const member = {
      forEach: () => {},
      *[Symbol.iterator]() {
        for (;;) yield "no key";
      },
    };
    const { cause } = await errorOf(() => Promise.reject(Object.assign(new Error("failed"), { member })));
    expect(cause).not.toHaveProperty("member");
  });

  test("nothing of a generator, which is not read, in what fetch throws", async () => {
    const member = (function* () {
      yield 1;
    })();
    // As from Node 22 on.
    Object.assign(member, { forEach: () => {} });
    await errorOf(() => Promise.reject(Object.assign(new Error("failed"), { member })));
    expect(member.next()).toEqual({ value: 1, done: false });
  });

  const lists = (count: number) => Array.from({ length: count }, () => []);
  test.each<[what: string, member: unknown]>([
    ["a request", new Request("http://127.0.0.1/")],
    ["bytes", new TextEncoder().encode("é")],
    ["a list that is no list", { forEach: () => {} }],
    // The error and the lists count too.
    ["a thousand objects", [lists(499), lists(497)]],
  ])("what has no credential stays as it is: %s", async (_, member) => {
    const thrown = Object.assign(new Error("failed"), { member });
    const { cause } = await errorOf(() => Promise.reject(thrown));
    expect(cause).toBe(thrown);
  });

  test("what has more than a thousand objects is not handed on", async () => {
    const thrown = Object.assign(new Error("failed"), { member: [lists(499), lists(498)] });
    const { cause } = await errorOf(() => Promise.reject(thrown));
    expect(cause).toEqual(new Error("failed"));
    expect(cause).not.toHaveProperty("member");
  });
});

describe("what createFineTuningClient says of an option", () => {
  const whole = { endpoint: "https://my-resource.openai.azure.com", apiKey: KEY };
  const saying = (options: object): string => {
    try {
      createFineTuningClient({ ...whole, ...options });
      return "nothing";
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each<[options: object, message: string]>([
    [{ endpoint: "x" }, "endpoint is not a URL. It looks like https://my-resource.openai.azure.com."],
    [
      { endpoint: "https://a.example/openai/openai" },
      "endpoint must have no path beyond /openai/v1. It looks like https://my-resource.openai.azure.com.",
    ],
    ...["/x/.. ", "/x/.\t./", "/x/.\n"].map((path): [object, string] => [
      { endpoint: `https://a.example${path}` },
      "endpoint must have no dot segment, no backslash and no encoded slash in its path.",
    ]),
    [{ apiKey: 7 }, "apiKey must be a non-empty string, got number."],
    [{ apiKey: null }, "apiKey must be a non-empty string, got null."],
    [{ apiKey: "" }, "apiKey must be a non-empty string."],
    [{ apiKey: undefined, tokenProvider: 7 }, "tokenProvider must be a function."],
    [{ onAttempt: 7 }, "onAttempt must be a function."],
    [{ timeoutMs: 0 }, "timeoutMs must be an integer from 1 to 300000."],
    [{ timeoutMs: 1.5 }, "timeoutMs must be an integer from 1 to 300000."],
    [
      { timeoutMs: 300_001 },
      "timeoutMs must be an integer from 1 to 300000. The built-in fetch gives up after 300 s; pass a fetch of your own for a longer deadline.",
    ],
    [{ maxRetries: 101 }, "maxRetries must be an integer from 0 to 100."],
    [{ validation: "all" }, 'validation must be "report", "strict" or "off".'],
    [
      { headers: { "API-Key": "a" } },
      "headers: the client sets API-Key itself. Pass the credential as apiKey or tokenProvider.",
    ],
    ...[
      "connection",
      "content-length",
      "expect",
      "host",
      "keep-alive",
      "te",
      "trailer",
      "transfer-encoding",
      "upgrade",
    ].map((name): [object, string] => [{ headers: { [name]: "a" } }, `headers: the client sets ${name} itself.`]),
  ])("%j", (options, message) => {
    expect(saying(options)).toBe(message);
  });

  test.each<[options: object]>([
    [{ validation: "report" }],
    [{ validation: "strict" }],
    [{ validation: "off" }],
    [{ timeoutMs: 300_000 }],
    [{ headers: { "x-api-key": "a", "authorization-kind": "a" } }],
  ])("%j is fine", (options) => {
    expect(saying(options)).toBe("nothing");
  });

  test.each([
    ["", "tokenProvider must return a non-empty string."],
    [null, "tokenProvider must return a non-empty string, got null."],
    ["a b", /^The token of tokenProvider holds a space, a line break or another character that no credential has\./],
  ])("a token that is %j", async (token, message) => {
    const client = createFineTuningClient({ ...whole, apiKey: undefined, tokenProvider: () => token as string });
    await expect(client.cancel("ftjob-abc123")).rejects.toThrow(message);
  });

  test.each([
    ["https://a.example/aoai///", "https://a.example/aoai/openai/v1/"],
    ["https://a.example/aoai/openai//v1//", "https://a.example/aoai/openai/v1/"],
    ["https://a.example//openai/v1", "https://a.example/openai/v1/"],
    ["https://a.example/aoai///openai/v1", "https://a.example/aoai/openai/v1/"],
  ])("the endpoint %s", async (endpoint, start) => {
    const urls: string[] = [];
    const fetch = async (url: string) => {
      urls.push(url);
      return new Response(JSON.stringify(JOB));
    };
    await createFineTuningClient({ ...whole, endpoint, fetch, onViolation: () => {} }).cancel(JOB.id);
    expect(urls).toEqual([expect.stringContaining(start)]);
  });

  test.each(["http://127.0.0.1:1/aoai", "https://a.example/aoai"])(
    "%s: no id leaves the base path",
    async (endpoint) => {
      const client = createFineTuningClient({ ...whole, endpoint, fetch: async () => new Response() });
      const message = "A request must stay below the endpoint's base path: it has an encoded dot segment.";
      for (const id of ["../../other", "a/..", "a\\..", "a/../b", "../a"])
        await expect(client.cancel(id)).rejects.toThrow(message);
      await expect(client.http.POST("/openai/v1/a%2f.." as never, {} as never)).rejects.toThrow(message);
      await expect(client.cancel("..a/..b")).rejects.toMatchObject({ attempts: 1 });
    },
  );

  test("secrets in its headers are hidden", async () => {
    const echoed = echoingHeaders();
    const headers = { "x-subscription-key": "Key secret-of-gateway", "x-plain": "shown-text" };
    const { message } = await errorOf(echoed, { headers });
    expect(message).toBe("The service answered 400: [redacted] shown-text.");
  });
});

/** Answers 400 with the values of extra headers, the first without its scheme. */
function echoingHeaders(): FineTuningClientOptions["fetch"] {
  return async (_, { headers }) => {
    const sent = headers as Headers;
    return new Response(`${sent.get("x-subscription-key")?.slice(4)} ${sent.get("x-plain")}`, { status: 400 });
  };
}
