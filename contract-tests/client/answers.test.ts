import { afterEach, describe, expect, jest, test } from "@jest/globals";
import {
  createFineTuningClient,
  type FineTuningClientError,
  type FineTuningClientOptions,
  type Violation,
} from "../../src/index.js";
import { JOB } from "./job.js";

/** The exact messages for every kind of answer, and what the client masks in them. */

afterEach(() => void jest.restoreAllMocks());

const KEY = "a-key-for-answers";
type Stub = () => Response | Promise<Response>;

const clientOf = (stub: Stub, options: FineTuningClientOptions = {}) =>
  createFineTuningClient({
    endpoint: "http://127.0.0.1:1",
    apiKey: KEY,
    maxRetries: 0,
    onViolation: () => {},
    fetch: async () => stub(),
    ...options,
  });

/** The error of a cancel that must fail. */
async function errorOf(stub: Stub, options?: FineTuningClientOptions): Promise<Record<string, unknown> & Error> {
  const error = await clientOf(stub, options)
    .cancel("ftjob-abc123")
    .then(
      () => new Error("a job came back"),
      (thrown: FineTuningClientError) => thrown,
    );
  return error as Record<string, unknown> & Error;
}
const answering =
  (status: number, body: string | null, headers: Record<string, string> = {}): Stub =>
  () =>
    new Response(body, { status, headers });
/** An answer with what no program can give a `Response` of its own making. */
const strange =
  (members: { status: number; type?: string }): Stub =>
  () => {
    const response = new Response();
    Object.defineProperty(response, "ok", { value: false });
    for (const [name, value] of Object.entries(members)) Object.defineProperty(response, name, { value });
    return response;
  };

describe("a 2xx that shows no job is described in one line", () => {
  const long = "x".repeat(200);
  test.each([
    ["nothing", "", "an empty body"],
    ["white space", " \n", "an empty body"],
    [
      "a page",
      "\n <html><head><style>p{}</style ><script>x()</script\n></head>Sign in</html>",
      "an HTML page: Sign in",
    ],
    ["words", "not <json>\u0000\u2028here", "a body that is not JSON: not here"],
    ["a list", "[1]", "JSON of type array in place of a job: [1]"],
    ["null", "null", "JSON of type null in place of a job: null"],
    ["an empty object", "{}", "an object that has no id and status of a job: {}"],
    [
      "an object with an id alone",
      '{"id":"ftjob-abc123"}',
      'an object that has no id and status of a job: {"id":"ftjob-abc123"}',
    ],
    [
      "a status that is no text",
      '{"id":"ftjob-abc123","status":7}',
      'an object that has no id and status of a job: {"id":"ftjob-abc123","status":7}',
    ],
    ["an error body", '{"error":{"code":"x"}}', 'an error body: {"error":{"code":"x"}}'],
    ["200 characters", long, `a body that is not JSON: ${long}`],
    ["201 characters", `${long}y`, `a body that is not JSON: ${long}…`],
    ["a pair cut in two", `${"x".repeat(199)}😀`, `a body that is not JSON: ${"x".repeat(199)}…`],
    ["a pair that is whole", `😀${"x".repeat(199)}`, `a body that is not JSON: 😀${"x".repeat(198)}…`],
    ["what begins after 4,000 characters", `no JSON${" ".repeat(4_000)}late`, "a body that is not JSON: no JSON"],
  ])("%s", async (_, body, says) => {
    expect(await errorOf(answering(200, body))).toMatchObject({
      name: "ResponseError",
      message: `The service answered 200 with ${says}${/[.…]$/.test(says) ? "" : "."} The job may have been cancelled.`,
      outcome: "unknown",
      status: 200,
    });
  });

  test("and one that is too large by its limit, with how it begins", async () => {
    expect((await errorOf(answering(200, '{"id":"ftjob-abc123"}'), { maxResponseBytes: 10 })).message).toBe(
      'The service answered 200 with a body of more than 10 bytes: {"id":"ftj. The service accepted the call, so treat the job as cancelled.',
    );
  });
});

describe("a refusal is described in one line, and keeps its body", () => {
  test.each<[what: string, stub: Stub, message: string, body: unknown]>([
    ["nothing", answering(404, null), "The service answered 404.", undefined],
    ["words", answering(400, "No!"), "The service answered 400: No!", "No!"],
    ["a question", answering(400, "Why?"), "The service answered 400: Why?", "Why?"],
    ["null", answering(400, "null"), "The service answered 400: null.", null],
    ["words of 5,000 characters", answering(400, " ".repeat(5_000)), "The service answered 400.", " ".repeat(4_000)],
    [
      "an empty message beside a code",
      answering(409, '{"error":{"code":"busy","message":" "},"message":"Later"}'),
      "The service answered 409 (busy): Later.",
      { error: { code: "busy", message: " " }, message: "Later" },
    ],
    [
      "numbers in place of texts",
      answering(400, '{"error":{"code":7,"message":8}}'),
      "The service answered 400 (7): 8.",
      { error: { code: 7, message: 8 } },
    ],
    [
      "an informational status, of a fetch of one's own",
      strange({ status: 150 }),
      "The service answered 150. The job may have been cancelled.",
      undefined,
    ],
    ["a question in the middle", answering(400, "Why? So"), "The service answered 400: Why? So.", "Why? So"],
    [
      "a code that is the status",
      answering(401, '{"error":{"code":"401","message":"No."}}'),
      "The service answered 401: No.",
      { error: { code: "401", message: "No." } },
    ],
    [
      "a list of details",
      answering(422, '{"detail":[{"msg":"first"},"second"]}'),
      "The service answered 422: first; second.",
      { detail: [{ msg: "first" }, "second"] },
    ],
    [
      "a redirect",
      answering(307, null),
      "The service answered 307. Redirects are not followed: check the endpoint.",
      undefined,
    ],
    ["the first that is no redirect", answering(400, null), "The service answered 400.", undefined],
    [
      "a wait",
      answering(429, null, { "retry-after-ms": "70000" }),
      "The service answered 429. Retry after 70000 ms.",
      undefined,
    ],
    ["no wait", answering(429, null, { "retry-after-ms": "0" }), "The service answered 429.", undefined],
  ])("%s", async (_, stub, message, body) => {
    const error = await errorOf(stub);
    expect(error.message).toBe(message);
    expect(error.body).toEqual(body);
  });

  test("cut at maxResponseBytes", async () => {
    const error = await errorOf(answering(404, "0123456789abc"), { maxResponseBytes: 10 });
    expect(error).toMatchObject({ name: "ApiError", body: "0123456789", outcome: "rejected" });
  });
});

describe("a status that no HTTP service sends", () => {
  test.each([
    ["a redirect that a browser hides", { status: 0, type: "opaqueredirect" }, "unknown", "with a redirect. Redirects"],
    ["199", { status: 199 }, "unknown", "199"],
    ["600", { status: 600 }, "unknown", "600"],
  ])("%s", async (_, members, outcome, says) => {
    const error = await errorOf(strange(members), { maxRetries: 3, maxRetryDelayMs: 0 });
    expect(error).toMatchObject({ name: "ApiError", status: members.status, outcome, attempts: 1 });
    expect(error.message).toContain(`The service answered ${says}`);
  });
});

describe("a refusal whose body breaks off is no answer to the generic client", () => {
  const path = "/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel";
  const post = (stub: Stub, options?: FineTuningClientOptions) =>
    clientOf(stub, options).http.POST(path, { params: { path: { fine_tuning_job_id: "ftjob-abc123" } } });
  const bodyOf = (pull: (controller: ReadableStreamDefaultController) => void) => () =>
    new Response(new ReadableStream({ pull }, { highWaterMark: 0 }), { status: 404 });

  test("by the connection", async () => {
    await expect(post(bodyOf((controller) => controller.error(new Error("reset"))))).rejects.toMatchObject({
      name: "ApiError",
      status: 404,
    });
  });

  test("by the deadline", async () => {
    await expect(
      post(
        bodyOf(() => new Promise(() => {})),
        { timeoutMs: 20 },
      ),
    ).rejects.toMatchObject({
      name: "ApiError",
      status: 404,
    });
  });

  test("while one that is whole is", async () => {
    expect(await post(answering(404, '{"error":{"message":"No."}}'))).toMatchObject({
      error: { error: { message: "No." } },
      response: { status: 404 },
    });
  });
});

test("a middleware that answers in the service's place is not taken for it", async () => {
  const fetch = jest.fn(async () => Response.json(JOB));
  const client = clientOf(() => Response.error(), { fetch: fetch as never });
  client.http.use({ onRequest: () => Response.json(JOB) });
  await expect(client.cancel("ftjob-abc123")).rejects.toMatchObject({
    name: "ConfigurationError",
    message: "A client.http middleware answered; cancel() needs the service's own answer, sent with options.fetch.",
    outcome: "not-sent",
  });
  expect(fetch).not.toHaveBeenCalled();
});

describe("violations", () => {
  const found = async (changes: object): Promise<readonly Violation[]> => {
    const client = clientOf(() => Response.json({ ...JOB, ...changes }));
    return (await client.cancelWithResponse("ftjob-abc123")).violations;
  };
  const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, "v"]));

  test.each<[what: string, changes: object, violation: Violation]>([
    ["null where a text belongs", { model: null }, { pointer: "/model", expected: "string", actual: "null" }],
    ["another job", { id: "ftjob-other" }, { pointer: "/id", expected: "the id that was asked for", actual: "string" }],
    [
      "a fraction where an integer belongs",
      { seed: 1.5 },
      { pointer: "/seed", expected: "integer or null", actual: "number" },
    ],
    ["a member that is not there", { model: undefined }, { pointer: "/model", expected: "present", actual: "absent" }],
    [
      "too many pairs of metadata",
      { metadata: pairs(17) },
      { pointer: "/metadata", expected: "maxProperties 16", actual: "object" },
    ],
    [
      "a key of metadata that is too long",
      { metadata: { ["k".repeat(65)]: "v" } },
      { pointer: "/metadata", expected: "member names with maxLength 64", actual: "object" },
    ],
    [
      "a value of metadata that is too long",
      { metadata: { "a/b~c": "v".repeat(513) } },
      { pointer: "/metadata/a~1b~0c", expected: "maxLength 512", actual: "string" },
    ],
    [
      "a value that is in no branch of a union",
      { method: 7 },
      { pointer: "/method", expected: "object or null", actual: "integer" },
    ],
    [
      "a member that is not there, in a branch",
      { integrations: [{ type: "wandb", wandb: {} }] },
      { pointer: "/integrations/0/wandb/project", expected: "present", actual: "absent" },
    ],
  ])("%s", async (_, changes, violation) => {
    expect(await found(changes)).toEqual([violation]);
  });

  test("are in the order in which they stand in the contract, and do not run into one another", async () => {
    expect(
      await found({ model: null, method: { type: "supervised", supervised: 7 }, metadata: { a: 1, ab: {} } }),
    ).toEqual([
      { pointer: "/model", expected: "string", actual: "null" },
      { pointer: "/method/supervised", expected: "object or null", actual: "integer" },
      { pointer: "/metadata/a", expected: "string", actual: "integer" },
      { pointer: "/metadata/ab", expected: "string", actual: "object" },
    ]);
  });

  test.each([
    [
      3,
      '/created_at: expected integer, got null; /model: expected string, got null; /object: expected "fine_tuning.job", got null.',
    ],
    [
      4,
      '/created_at: expected integer, got null; /model: expected string, got null; /object: expected "fine_tuning.job", got null; and 1 more.',
    ],
  ])("strict names three of %d, and how many more there are", async (count, says) => {
    const bad = Object.fromEntries(
      ["created_at", "model", "object", "training_file"].slice(0, count).map((name) => [name, null]),
    );
    const error = await errorOf(() => Response.json({ ...JOB, ...bad }), { validation: "strict" });
    expect(error.message).toBe(
      `The service answered 200, but the job violates the contract: ${says} The service accepted the call, so treat the job as cancelled.`,
    );
    expect(error.violationCount).toBe(count);
    expect(error.violations).toHaveLength(count);
    expect(error.body).toEqual({ ...JOB, ...bad });
  });

  test("strict returns a job that has none", async () => {
    await expect(clientOf(() => Response.json(JOB), { validation: "strict" }).cancel("ftjob-abc123")).resolves.toEqual(
      JOB,
    );
  });

  test("off finds none", async () => {
    const client = clientOf(() => Response.json({ ...JOB, model: 7 }), { validation: "off" });
    expect(await client.cancelWithResponse("ftjob-abc123")).toMatchObject({ violations: [], violationCount: 0 });
  });

  test("are warned of once for all places of a list", async () => {
    const warn = jest.spyOn(console, "warn").mockImplementation(() => {});
    const integration = { type: "wandb", wandb: { project: "p", tags: Array.from({ length: 12 }, () => 7) } };
    const job = { ...JOB, model: 7, integrations: [integration, integration] };
    await clientOf(() => Response.json(job), { onViolation: undefined }).cancel("ftjob-abc123");
    expect(warn.mock.calls.flat()).toEqual([
      "fine-tuning-client: /model: expected string, got integer",
      "fine-tuning-client: /integrations/*/wandb/tags/*: expected string, got integer",
    ]);
  });

  test("are not warned of where onViolation takes them", async () => {
    const warn = jest.spyOn(console, "warn").mockImplementation(() => {});
    const job = { ...JOB, result_files: Array.from({ length: 150 }, () => 7) };
    await clientOf(() => Response.json(job)).cancel("ftjob-abc123");
    expect(warn).not.toHaveBeenCalled();
  });

  test("are warned of a hundred times, and no more", async () => {
    const warn = jest.spyOn(console, "warn").mockImplementation(() => {});
    const metadata = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`k${index}`, 1]));
    await clientOf(() => Response.json({ ...JOB, metadata }), { onViolation: undefined }).cancel("ftjob-abc123");
    expect(warn).toHaveBeenCalledTimes(100);
    expect(warn.mock.calls[0]).toEqual([
      "fine-tuning-client: a job has 151 violations, of which only the first are listed",
    ]);
  });
});

describe("a connection that failed", () => {
  const failing = (error: unknown) => errorOf(() => Promise.reject(error));

  test.each(
    [
      "UND_ERR_CONNECT_TIMEOUT UND_ERR_INVALID_ARG UND_ERR_PRX_TLS ERR_TLS_CERT_ALTNAME_INVALID CERT_HAS_EXPIRED",
      "CERT_NOT_YET_VALID CERT_REVOKED CERT_UNTRUSTED CERT_REJECTED DEPTH_ZERO_SELF_SIGNED_CERT",
      "SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE ERR_SSL_WRONG_VERSION_NUMBER ERR_SSL_PACKET_LENGTH_TOO_LONG",
    ]
      .join(" ")
      .split(" "),
  )("%s comes before a request is sent, and is said in words", async (code) => {
    const { outcome, message } = await failing(fetchFailed(coded(code)));
    expect(outcome).toBe("not-sent");
    expect(message).toMatch(new RegExp(`: (?!failed)[a-z][^()]{10,} \\(${code}\\)\\.$`, "i"));
  });

  test.each(
    [
      "ConnectionRefused ECONNREFUSED ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH ECONNRESET EPIPE ETIMEDOUT",
      "UND_ERR_SOCKET UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT",
    ].flatMap((codes) => codes.split(" ")),
  )("%s may come later, and is said in words", async (code) => {
    const { outcome, message } = await failing(fetchFailed(coded(code)));
    expect(outcome).toBe("unknown");
    expect(message).toMatch(new RegExp(`: (?!failed)[a-z][^()]{10,} \\(${code}\\)\\. The job`, "i"));
  });
  const coded = (code: unknown, syscall?: string) => Object.assign(new Error("failed"), { code, syscall });
  const fetchFailed = (cause: unknown) => new TypeError("fetch failed", { cause });
  const cyclic = new Error("around");
  cyclic.cause = cyclic;
  const deep = Array.from({ length: 5 }).reduce<unknown>((cause) => fetchFailed(cause), coded("ECONNREFUSED"));

  test.each<[what: string, error: unknown, outcome: string, reason: string]>([
    ["refused", fetchFailed(coded("ECONNREFUSED", "connect")), "not-sent", "connection refused (ECONNREFUSED)"],
    ["refused, by no system call", fetchFailed(coded("ECONNREFUSED")), "unknown", "connection refused (ECONNREFUSED)"],
    ["no such name", fetchFailed(coded("ENOTFOUND", "getaddrinfo")), "not-sent", "host name not found (ENOTFOUND)"],
    [
      "no such name, by c-ares",
      fetchFailed(coded("ENOTFOUND", "queryA")),
      "not-sent",
      "host name not found (ENOTFOUND)",
    ],
    ["not reachable", fetchFailed(coded("EHOSTUNREACH", "connect")), "not-sent", "host not reachable (EHOSTUNREACH)"],
    [
      "a link that was lost",
      fetchFailed(coded("EHOSTUNREACH", "read")),
      "unknown",
      "host not reachable (EHOSTUNREACH)",
    ],
    ["any code of connect", fetchFailed(coded("EACCES", "connect")), "not-sent", "failed (EACCES)"],
    ["reset", fetchFailed(coded("ECONNRESET", "read")), "unknown", "connection reset (ECONNRESET)"],
    [
      "a refused connection beneath a request that was under way",
      fetchFailed(Object.assign(coded("UND_ERR_SOCKET"), { cause: coded("ECONNREFUSED", "connect") })),
      "unknown",
      "connection closed (UND_ERR_SOCKET)",
    ],
    [
      "a certificate",
      fetchFailed(coded("CERT_HAS_EXPIRED")),
      "not-sent",
      "the certificate has expired (CERT_HAS_EXPIRED)",
    ],
    [
      "TLS, of which nothing is known",
      fetchFailed(coded("ERR_SSL_DECRYPTION_FAILED")),
      "unknown",
      "failed (ERR_SSL_DECRYPTION_FAILED)",
    ],
    [
      "no TLS, of Node's fetch",
      fetchFailed(coded("ERR_SSL_WRONG_VERSION_NUMBER")),
      "not-sent",
      "the server does not speak TLS (ERR_SSL_WRONG_VERSION_NUMBER)",
    ],
    [
      "no TLS, of another client, which may have sent its request",
      coded("ERR_SSL_PACKET_LENGTH_TOO_LONG"),
      "unknown",
      "the server does not speak TLS (ERR_SSL_PACKET_LENGTH_TOO_LONG)",
    ],
    [
      "a connection closed in the TLS handshake",
      fetchFailed(
        Object.assign(
          new Error("Client network socket disconnected before secure TLS connection was established"),
          coded("ECONNRESET"),
        ),
      ),
      "not-sent",
      "no TLS connection (Client network socket disconnected before secure TLS connection was established)",
    ],
    [
      "a URL that fetch cannot parse",
      Object.assign(new TypeError("Failed to parse URL from x"), { cause: coded("ERR_INVALID_URL") }),
      "not-sent",
      "the URL is not valid (Failed to parse URL from x)",
    ],
    ["a URL that a custom fetch made later", coded("ERR_INVALID_URL"), "unknown", "failed (ERR_INVALID_URL)"],
    ["a port that fetch blocks", fetchFailed(new Error("bad port")), "not-sent", "fetch blocks this port (bad port)"],
    [
      "a proxy that refuses the tunnel",
      fetchFailed(
        Object.assign(new Error("Proxy response (407) !== 200 when HTTP Tunneling"), { code: "UND_ERR_ABORTED" }),
      ),
      "not-sent",
      "the proxy refused the tunnel (Proxy response (407) !== 200 when HTTP Tunneling)",
    ],
    [
      "a proxy that refuses the tunnel, as an older undici says it",
      fetchFailed(new Error("Proxy response (407)!== 200 when HTTP Tunneling")),
      "not-sent",
      "the proxy refused the tunnel (Proxy response (407)!== 200 when HTTP Tunneling)",
    ],
    [
      "no such name, by c-ares, of any kind",
      fetchFailed(coded("ENOTFOUND", "queryAny")),
      "not-sent",
      "host name not found (ENOTFOUND)",
    ],
    ["a cause that has no code", fetchFailed(new Error("why")), "unknown", "why"],
    ["a code, and no words", Object.assign(new Error(""), { code: "EOTHER" }), "unknown", "no reason given (EOTHER)"],
    ...[
      "a bad port",
      "bad port 6000",
      "It Failed to parse URL from x",
      "My Client network socket disconnected before secure TLS connection was established",
      "Client network socket disconnected before secure TLS connection was established again",
      "A Proxy response (407) !== 200 when HTTP Tunneling",
      "Proxy response (407) !== 200 when HTTP Tunneling ended",
    ].map((message): [string, unknown, string, string] => [
      `another message, ${message}`,
      fetchFailed(new Error(message)),
      "unknown",
      message,
    ]),
    ...["a getaddrinfo", "getaddrinfo later", "a queryA", "queryA later", "connected", Object.create(null)].map(
      (syscall, index): [string, unknown, string, string] => [
        `another system call (${index})`,
        fetchFailed(Object.assign(coded("ENOTFOUND"), { syscall })),
        "unknown",
        "host name not found (ENOTFOUND)",
      ],
    ),
    [
      "one of several whose code is no text",
      new AggregateError([coded(7, "connect"), coded("ECONNREFUSED", "connect")]),
      "unknown",
      "connection refused (ECONNREFUSED)",
    ],
    ["a code with control characters", coded("E\u001b[2J\n"), "unknown", "failed (E [2J )"],
    ["a code with the credential", coded(`E-${KEY}`), "unknown", "failed (E-[redacted])"],
    [
      "refused, with an empty list of tries",
      fetchFailed(Object.assign(new AggregateError([]), coded("ECONNREFUSED", "connect"))),
      "not-sent",
      "connection refused (ECONNREFUSED)",
    ],
    [
      "each of several addresses refused",
      fetchFailed(new AggregateError([coded("ENETUNREACH", "connect"), coded("ECONNREFUSED", "connect")])),
      "not-sent",
      "network not reachable (ENETUNREACH)",
    ],
    [
      "one of several addresses not refused",
      fetchFailed(new AggregateError([coded("ECONNREFUSED", "connect"), coded("ETIMEDOUT", "read")])),
      "unknown",
      "connection refused (ECONNREFUSED)",
    ],
    [
      "one of several of which nothing is known",
      new AggregateError([null, coded("ECONNREFUSED", "connect")]),
      "unknown",
      "connection refused (ECONNREFUSED)",
    ],
    ["none of several", new AggregateError([]), "unknown", "no reason given"],
    ["a code that is no text", coded(7), "unknown", "failed"],
    ["no code", new TypeError("Failed to fetch"), "unknown", "Failed to fetch"],
    ["causes in a circle", cyclic, "unknown", "around"],
    ["a code too deep to be the reason", deep, "unknown", "fetch failed"],
    ["no error at all", "went wrong", "unknown", "went wrong"],
    ["nothing", null, "unknown", "no reason given"],
  ])("%s", async (_, thrown, outcome, reason) => {
    const error = await failing(thrown);
    expect(error).toMatchObject({ name: "ConnectionError", outcome, attempts: 1 });
    expect(error.message).toBe(
      outcome === "unknown"
        ? `The connection to http://127.0.0.1:1 failed before an answer came: ${reason}. The job may have been cancelled.`
        : `No connection to http://127.0.0.1:1 could be made: ${reason}.`,
    );
    if (!reason.includes("[redacted]")) expect(error.cause).toBe(thrown);
  });

  test("in the body of a 2xx, with its cause", async () => {
    const cause = new Error("reset");
    const body = new ReadableStream({ pull: (controller) => controller.error(cause) }, { highWaterMark: 0 });
    expect(await errorOf(() => new Response(body))).toMatchObject({
      name: "ConnectionError",
      message: "The service answered 200, but its body broke off (reset). The job may have been cancelled.",
      outcome: "unknown",
      cause,
    });
  });
});

describe("a deadline that passed is reported", () => {
  test.each<[where: string, stub: Stub, outcome: string, message: string]>([
    [
      "before the answer",
      () => new Promise(() => {}),
      "unknown",
      "http://127.0.0.1:1 did not answer within 20 ms. The job may have been cancelled.",
    ],
    [
      "in the body of a 2xx",
      () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })),
      "unknown",
      "The service answered 200, but its body did not end within 20 ms. The job may have been cancelled.",
    ],
  ])("%s", async (_, stub, outcome, message) => {
    expect(await errorOf(stub, { timeoutMs: 20 })).toMatchObject({ name: "TimeoutError", outcome, message });
  });
});

describe("a token provider", () => {
  const asking = (tokenProvider: () => unknown, options = {}) =>
    errorOf(() => Response.json(JOB), { apiKey: undefined, tokenProvider: tokenProvider as never, ...options });

  test("that returns no token is named", async () => {
    expect((await asking(() => "")).message).toBe("tokenProvider must return a non-empty string.");
    expect((await asking(() => ({}))).message).toBe("tokenProvider must return a non-empty string, got object.");
  });

  test("that throws is the cause", async () => {
    const cause = new Error("no network");
    expect(await asking(() => Promise.reject(cause))).toMatchObject({
      message: "tokenProvider threw an error: no network.",
      cause,
    });
  });

  test("that hangs is named", async () => {
    expect((await asking(() => new Promise(() => {}), { timeoutMs: 10 })).message).toBe(
      "tokenProvider returned no token within 10 ms.",
    );
  });
});

describe("no credential leaves in what others hand back", () => {
  const holding = (change: (error: Error & Record<PropertyKey, unknown>) => void, message = "failed") => {
    const error = new Error(message) as Error & Record<PropertyKey, unknown>;
    change(error);
    return error;
  };
  const circle = holding((error) => Object.assign(error, { self: error, list: [error, KEY] }));

  test.each<[what: string, thrown: unknown, cause: Record<string, unknown>]>([
    ["in a message", holding(() => {}, `sent ${KEY}`), { message: "sent [redacted]" }],
    [
      "in a code",
      holding((error) => Object.assign(error, { code: `E-${KEY}` })),
      { message: "failed", code: "E-[redacted]" },
    ],
    ["in the message of a cause", new Error("failed", { cause: new Error(KEY) }), { message: "failed" }],
    [
      "in a member, however deep",
      holding((error) => Object.assign(error, { code: 7, a: { b: [{ c: KEY }] } })),
      { message: "failed" },
    ],
    ["in a member's name", holding((error) => Object.assign(error, { [KEY]: 1 })), { message: "failed" }],
    ["under a symbol", holding((error) => Object.assign(error, { [Symbol("x")]: KEY })), { message: "failed" }],
    [
      "in headers",
      holding((error) => Object.assign(error, { headers: new Headers({ "api-key": KEY }) })),
      { message: "failed" },
    ],
    ["in a map", holding((error) => Object.assign(error, { map: new Map([["a", [KEY]]]) })), { message: "failed" }],
    [
      "in a request",
      holding((error) =>
        Object.assign(error, { request: new Request("http://127.0.0.1", { headers: { "api-key": KEY } }) }),
      ),
      { message: "failed" },
    ],
    ["in a set", holding((error) => Object.assign(error, { set: new Set([{ KEY }]) })), { message: "failed" }],
    [
      "in a URL",
      holding((error) => Object.assign(error, { url: new URL(`http://a/?k=${KEY}`) })),
      { message: "failed" },
    ],
    [
      "in search parameters",
      holding((error) => Object.assign(error, { query: new URLSearchParams({ k: KEY }) })),
      { message: "failed" },
    ],
    [
      "in a member of a function",
      holding((error) => Object.assign(error, { retry: Object.assign(() => {}, { key: KEY }) })),
      { message: "failed" },
    ],
    [
      "in bytes",
      holding((error) => Object.assign(error, { raw: Buffer.from(`api-key: ${KEY}`) })),
      { message: "failed" },
    ],
    [
      "in the URL of a response",
      holding((error) => Object.assign(error, { at: Object.defineProperty(new Response(), "url", { value: KEY }) })),
      { message: "failed" },
    ],
    ["in a circle", circle, { message: "failed" }],
    ["in a text that was thrown", `no ${KEY}`, { message: "no [redacted]" }],
    ["in an object that was thrown", { key: KEY }, { message: "[object Object]" }],
    [
      "behind a getter that throws, perhaps",
      holding((error) =>
        Object.defineProperty(error, "x", {
          enumerable: true,
          get: () => {
            throw new Error("no");
          },
        }),
      ),
      { message: "failed" },
    ],
    [
      "among more than can be looked through, perhaps",
      holding((error) => Object.assign(error, { many: Array.from({ length: 1_100 }, () => ({})) })),
      { message: "failed" },
    ],
  ])("%s", async (_, thrown, cause) => {
    const error = await errorOf(() => Promise.reject(thrown));
    expect(error.name).toBe("ConnectionError");
    expect(error.cause).toBeInstanceOf(Error);
    expect(error.cause).not.toBe(thrown);
    expect({ ...(error.cause as object), message: (error.cause as Error).message }).toEqual(cause);
  });

  test.each<[what: string, thrown: unknown]>([
    [
      "members without it",
      holding((error) => Object.assign(error, { a: { b: ["c", null, 7] }, headers: new Headers({ x: "y" }) })),
    ],
    ["a request without it", holding((error) => Object.assign(error, { request: new Request("http://127.0.0.1") }))],
    ["a circle without it", holding((error) => Object.assign(error, { self: error }))],
    [
      "a thousand members without it",
      holding((error) => Object.assign(error, { many: Array.from({ length: 990 }, () => ({})) })),
    ],
  ])("%s stay as they are", async (_, thrown) => {
    expect((await errorOf(() => Promise.reject(thrown))).cause).toBe(thrown);
  });

  test("a key of four characters is looked for, one of three would be found in every text", async () => {
    const body = JSON.stringify({ error: { message: "abcd and abc" } });
    expect((await errorOf(answering(400, body), { apiKey: "abcd" })).message).toContain("[redacted] and abc.");
    expect((await errorOf(answering(400, body), { apiKey: "abc" })).message).toContain("abcd and abc.");
  });

  test.each<[form: string, write: (key: string) => string]>([
    ["as it is", (key) => key],
    ["percent-encoded", encodeURIComponent],
    ["percent-encoded in lower case", (key) => encodeURIComponent(key).toLowerCase()],
    ["as a form encodes it", (key) => new URLSearchParams({ k: key }).toString().slice(2)],
    ["escaped as JSON", (key) => JSON.stringify(key).slice(1, -1)],
    ["escaped as JSON twice", (key) => JSON.stringify(JSON.stringify(key)).slice(3, -3)],
    ["with slashes escaped", (key) => key.replaceAll("/", "\\/")],
    ["escaped by its code points", (key) => key.replace(/[^\w]/g, (each) => `\\u00${each.charCodeAt(0).toString(16)}`)],
  ])("a key is found %s", async (_, write) => {
    const apiKey = 'sk/a+b=="c&d%e';
    const error = await errorOf(answering(400, `no ${write(apiKey)} here`), { apiKey });
    expect(error.message).toBe("The service answered 400: no [redacted] here.");
    expect(error.body).toBe("no [redacted] here");
  });

  test.each([
    ["Ocp-Apim-Subscription-Key", "subscription-secret"],
    ["x-functions-key", "functions-secret"],
    ["X-Auth-Token", "Bearer token-secret"],
    ["proxy-authorization", "Basic proxy-secret"],
    ["cookie", "session=cookie-secret"],
    ["x-client-secret", "client-secret"],
  ])("the extra header %s is a secret, of the client and of a call", async (name, value) => {
    const secret = value.replace(/^(Bearer|Basic) /, "");
    const stub = answering(400, JSON.stringify({ error: { message: `no ${secret}`, code: secret } }));
    const shown = { message: "The service answered 400 ([redacted]): no [redacted].", code: "[redacted]" };
    expect(await errorOf(stub, { headers: { [name]: value } })).toMatchObject(shown);
    const error = await clientOf(stub)
      .cancel("ftjob-abc123", { headers: { [name]: value } })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(shown);
  });

  test("an extra header with another name is none", async () => {
    const error = await errorOf(answering(400, "no team-search"), { headers: { "x-team": "team-search" } });
    expect(error.message).toBe("The service answered 400: no team-search.");
  });

  test("a key with a quote in it is found in JSON", async () => {
    const apiKey = 'a"key\\for"answers';
    const body = { error: { message: `no ${apiKey}`, [apiKey]: [apiKey] } };
    expect(await errorOf(answering(400, JSON.stringify(body)), { apiKey })).toMatchObject({
      message: "The service answered 400: no [redacted].",
      body: { error: { message: "no [redacted]", "[redacted]": ["[redacted]"] } },
    });
  });

  test("a body that is nested deep is looked through, or is not handed on where the runtime cannot", async () => {
    const deep = `${'{"x":'.repeat(50_000)}"${KEY}"${"}".repeat(50_000)}`;
    // A deep value in an assertion would be printed, which takes a stack that no one has.
    const isSafe = (body: unknown) => body === "[redacted]" || !JSON.stringify(body).includes(KEY);
    expect(isSafe((await errorOf(answering(400, deep))).body)).toBe(true);
    const { name, body } = await errorOf(
      answering(200, `{"id":"ftjob-abc123","status":"cancelled","model":7,"x":${deep}}`),
      { validation: "strict" },
    );
    expect([name, isSafe(body)]).toEqual(["ContractViolationError", true]);
  });

  test("nor does it leave in a request id or in the place of a violation", async () => {
    const stub = () => Response.json({ ...JOB, metadata: { [KEY]: 7 } }, { headers: { "x-request-id": `id-${KEY}` } });
    const { requestId, violations } = await clientOf(stub).cancelWithResponse("ftjob-abc123");
    expect(requestId).toBe("id-[redacted]");
    expect(violations).toEqual([{ pointer: "/metadata/[redacted]", expected: "string", actual: "integer" }]);
  });
});

describe("no text from outside forges a line, or moves the cursor", () => {
  // What acts on a terminal, ends a line in a log, or hides text.
  const hostile = "a\u001b[2J\r\nERROR\u0007\u009b1m\u202egnp\u2028b\u200b";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get out
  const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b\u2028\u202e]/;

  test.each<[what: string, stub: Stub, options?: FineTuningClientOptions]>([
    ["a message", answering(400, JSON.stringify({ error: { message: hostile } }))],
    ["a code", answering(400, JSON.stringify({ error: { code: hostile } }))],
    ["a page", answering(502, `<title>${hostile}</title>`, { "content-type": "text/html" })],
    ["words", answering(200, hostile)],
    [
      "a member's name",
      answering(200, JSON.stringify({ ...JOB, metadata: { [hostile]: 7 } })),
      { validation: "strict" },
    ],
    ["a code of an error", () => Promise.reject(Object.assign(new Error("x"), { code: hostile }))],
    ["an error", () => Promise.reject(new Error(hostile))],
    [
      "a token provider",
      answering(200, "{}"),
      { apiKey: undefined, tokenProvider: () => Promise.reject(new Error(hostile)) },
    ],
    ["an abort's reason", () => Promise.reject(), {}],
  ])("in %s", async (what, stub, options = {}) => {
    const stop = new AbortController();
    if (what === "an abort's reason") stop.abort(new Error(hostile));
    const error = await clientOf(stub, options)
      .cancel("ftjob-abc123", { signal: stop.signal })
      .catch((thrown: Error) => thrown);
    expect((error as Error).message).toContain("ERROR");
    expect((error as Error).message).not.toMatch(unprintable);
  });

  test("in a warning, of a violation or of a callback", async () => {
    const warn = jest.spyOn(console, "warn").mockImplementation(() => {});
    const stub = answering(200, JSON.stringify({ ...JOB, metadata: { [hostile]: 7, ["k".repeat(900_000)]: 7 } }));
    await clientOf(stub, { onViolation: undefined }).cancel("ftjob-abc123");
    await clientOf(stub, {
      onViolation: () => {
        throw new Error(hostile);
      },
    }).cancel("ftjob-abc123");
    const lines = warn.mock.calls.flat();
    expect(lines.length).toBeGreaterThanOrEqual(4);
    for (const line of lines) {
      expect(line).not.toMatch(unprintable);
      expect(line.length).toBeLessThan(400);
    }
  });
});

describe("what an earlier attempt came to is said once, and only where it says more of the job", () => {
  const rounds = (...stubs: Stub[]) => {
    let round = 0;
    return () => (stubs[round++] as Stub)();
  };
  const TWICE = { maxRetries: 1, maxRetryDelayMs: 0 };
  const broken: Stub = () =>
    new Response(
      new ReadableStream(
        {
          start: (controller) => controller.enqueue(new TextEncoder().encode('{"id":"ftjob-abc123","sta')),
          pull: (controller) => controller.error(new Error("reset")),
        },
        { highWaterMark: 0 },
      ),
    );

  test.each<[what: string, stubs: Stub[], outcome: string, message: string]>([
    [
      "503 twice",
      [answering(503, null), answering(503, null)],
      "unknown",
      "The service answered 503. The job may have been cancelled.",
    ],
    ["429 twice", [answering(429, null), answering(429, null)], "rejected", "The service answered 429."],
    [
      "429, then 503",
      [answering(429, null), answering(503, null)],
      "unknown",
      "The service answered 503. The job may have been cancelled.",
    ],
    [
      "503, then 404",
      [answering(503, null), answering(404, null)],
      "unknown",
      "The service answered 404. An earlier attempt may have cancelled the job.",
    ],
    [
      "a 2xx that broke off, then 409",
      [broken, answering(409, null)],
      "accepted",
      "The service answered 409. An earlier attempt was accepted by the service, so treat the job as cancelled.",
    ],
    [
      "a 2xx that broke off, twice",
      [broken, broken],
      "accepted",
      "The service answered 200, but its body broke off (reset). The service accepted the call, so treat the job as cancelled.",
    ],
  ])("%s", async (_, stubs, outcome, message) => {
    expect(await errorOf(rounds(...stubs), TWICE)).toMatchObject({ outcome, message, attempts: 2 });
  });
});
