/** The table of faults: what a service or a network does, and what the client has to make of it. */
import { gzipSync } from "node:zlib";
import type { FineTuningClientOptions, Outcome, RequestOptions } from "../../src/index.js";
import { answer, closeAtOnce, drip, head, type Step, write, writeAndClose, writeAndReset } from "./fault-server.js";

export interface Fault {
  readonly group: string;
  readonly name: string;
  /** What the server does with each request; the last step repeats. */
  readonly steps: readonly Step[];
  /** Where the client looks for it, when that is not the server: `{port}` and `{other}` stand for the servers' ports, `{closed}` for one where nobody listens. */
  readonly endpoint?: string;
  readonly tls?: true;
  readonly client?: FineTuningClientOptions;
  readonly request?: RequestOptions;
  /** How many calls are made one after the other; the last one is judged. */
  readonly calls?: number;
  /** Aborts when this happens. */
  readonly abort?: "before" | "at-request" | "at-retry" | "at-credential";
  /** What the client has to do: return the job, or throw. */
  readonly result: "job" | ErrorName;
  readonly outcome?: Outcome;
  readonly attempts: number;
  /** Further members of the error. */
  readonly shows?: Record<string, unknown>;
  /** A part of the message. */
  readonly says?: string | RegExp;
  /** The call has to end within this many ms. */
  readonly withinMs?: number;
}

type ErrorName =
  | "ConfigurationError"
  | "ApiError"
  | "ConnectionError"
  | "TimeoutError"
  | "AbortError"
  | "ResponseError"
  | "ContractViolationError";

/** The credential of every row. No error, event or line on the console may hold it. */
export const SECRET = "s3cr3t-0f-the-fault-suite";

export const JOB = {
  id: "ftjob-abc123",
  created_at: 1,
  model: "m",
  object: "fine_tuning.job",
  status: "cancelled",
  training_file: "file-1",
};

/** Long enough for an answer on loopback, short enough to wait for. */
const SOON = { timeoutMs: 150 };
const ONCE = { maxRetries: 0 };
const ok = answer(200, JOB);
const JSON_TYPE = { "content-type": "application/json" };
const ASAP = { "retry-after-ms": "1" };
const json = JSON.stringify(JOB);
const never: Step = write();

const group = (name: string, rows: Omit<Fault, "group">[]): Fault[] => rows.map((row) => ({ group: name, ...row }));

const tokens = (tokenProvider: () => string | Promise<string>): FineTuningClientOptions => ({
  apiKey: undefined,
  tokenProvider,
});

export const faults: Fault[] = [
  ...group("connection", [
    {
      name: "connection refused",
      endpoint: "http://127.0.0.1:{closed}",
      steps: [],
      result: "ConnectionError",
      outcome: "not-sent",
      attempts: 3,
      says: "ECONNREFUSED",
    },
    {
      name: "a name that does not resolve",
      endpoint: "https://no-such-host.invalid",
      steps: [],
      result: "ConnectionError",
      outcome: "not-sent",
      attempts: 3,
      withinMs: 10_000,
    },
    { name: "accepted and closed", steps: [closeAtOnce], result: "ConnectionError", outcome: "unknown", attempts: 3 },
    {
      name: "closed after the request",
      steps: [writeAndClose()],
      result: "ConnectionError",
      outcome: "unknown",
      attempts: 3,
    },
    {
      name: "reset before the headers",
      steps: [writeAndReset()],
      result: "ConnectionError",
      outcome: "unknown",
      attempts: 3,
      says: "may have been cancelled",
    },
    {
      name: "reset in the middle of the headers",
      steps: [writeAndReset("HTTP/1.1 200 OK\r\ncontent-ty")],
      result: "ConnectionError",
      outcome: "unknown",
      attempts: 3,
    },
    { name: "reset, then an answer", steps: [writeAndReset(), ok], result: "job", attempts: 2 },
    { name: "closed twice, then an answer", steps: [closeAtOnce, closeAtOnce, ok], result: "job", attempts: 3 },
    {
      name: "reset, then refused with 404",
      steps: [writeAndReset(), answer(404, {})],
      result: "ApiError",
      outcome: "unknown",
      attempts: 2,
      shows: { status: 404 },
      says: "An earlier attempt may have cancelled the job.",
    },
    {
      name: "TLS with a certificate that nobody signed",
      tls: true,
      endpoint: "https://127.0.0.1:{port}",
      steps: [ok],
      result: "ConnectionError",
      outcome: "not-sent",
      attempts: 3,
      says: "DEPTH_ZERO_SELF_SIGNED_CERT",
    },
    {
      name: "https to a server that speaks plain http",
      endpoint: "https://127.0.0.1:{port}",
      steps: [Object.assign(writeAndClose(head(400)), { atOnce: true } as const)],
      result: "ConnectionError",
      outcome: "not-sent",
      attempts: 3,
    },
    {
      name: "keep-alive connection closed between two calls",
      calls: 2,
      steps: [writeAndClose(head(200, { ...JSON_TYPE, "content-length": String(json.length) }), json)],
      result: "job",
      attempts: 1,
    },
  ]),
  ...group("time", [
    {
      name: "no answer",
      steps: [never],
      client: { ...SOON, ...ONCE },
      result: "TimeoutError",
      outcome: "unknown",
      attempts: 1,
      shows: { timeoutMs: 150 },
      withinMs: 900,
    },
    {
      name: "no answer, each time",
      steps: [never],
      client: SOON,
      result: "TimeoutError",
      outcome: "unknown",
      attempts: 3,
      withinMs: 1_800,
    },
    { name: "no answer, then an answer", steps: [never, ok], client: SOON, result: "job", attempts: 2 },
    {
      name: "no answer, then refused with 404",
      steps: [never, answer(404, {})],
      client: SOON,
      result: "ApiError",
      outcome: "unknown",
      attempts: 2,
      says: "An earlier attempt may have cancelled the job.",
    },
    {
      name: "no answer, then refused with 409",
      steps: [never, answer(409, {})],
      client: SOON,
      result: "ApiError",
      outcome: "unknown",
      attempts: 2,
      shows: { status: 409 },
    },
    {
      name: "stalled in the headers",
      steps: [write("HTTP/1.1 200 OK\r\n")],
      client: { ...SOON, ...ONCE },
      result: "TimeoutError",
      outcome: "unknown",
      attempts: 1,
      withinMs: 900,
    },
    {
      name: "stalled between headers and body",
      steps: [write(head(200, { "content-length": "9" }))],
      client: { ...SOON, ...ONCE },
      result: "TimeoutError",
      outcome: "accepted",
      attempts: 1,
      withinMs: 900,
    },
    {
      name: "stalled in the body",
      steps: [write(head(200, { "content-length": "99" }), '{"id":')],
      client: { ...SOON, ...ONCE },
      result: "TimeoutError",
      outcome: "accepted",
      attempts: 1,
      withinMs: 900,
    },
    {
      name: "stalled in the body, then an answer",
      steps: [write(head(200, { "content-length": "99" }), "{"), ok],
      client: SOON,
      result: "job",
      attempts: 2,
    },
    {
      name: "stalled in the body, then refused with 409",
      steps: [write(head(200, { "content-length": "99" }), "{"), answer(409, {})],
      client: SOON,
      result: "ApiError",
      outcome: "accepted",
      attempts: 2,
      says: "An earlier attempt was accepted",
    },
    {
      name: "a byte at a time, past the deadline",
      steps: [drip(head(200, { "content-length": "99999" }))],
      client: { ...SOON, ...ONCE },
      result: "TimeoutError",
      outcome: "accepted",
      attempts: 1,
      withinMs: 900,
    },
    {
      name: "headers a byte at a time, past the deadline",
      steps: [drip("HTTP/1.1 200 OK\r\nx:")],
      client: { ...SOON, ...ONCE },
      result: "TimeoutError",
      outcome: "unknown",
      attempts: 1,
      withinMs: 900,
    },
    {
      name: "a refusal whose body stalls",
      steps: [write(head(404, { ...JSON_TYPE, "content-length": "99" }), '{"error"')],
      client: SOON,
      result: "ApiError",
      outcome: "rejected",
      attempts: 1,
      shows: { status: 404 },
      withinMs: 900,
    },
    {
      name: "the deadline of the call, not the client's",
      steps: [never],
      client: ONCE,
      request: { timeoutMs: 100 },
      result: "TimeoutError",
      outcome: "unknown",
      attempts: 1,
      shows: { timeoutMs: 100 },
      withinMs: 900,
    },
  ]),
  ...group("body", [
    {
      name: "reset in the body",
      steps: [writeAndReset(head(200, { "content-length": "99" }), '{"id":')],
      result: "ConnectionError",
      outcome: "accepted",
      attempts: 3,
      says: "broke off",
    },
    {
      name: "reset in the body, then an answer",
      steps: [writeAndReset(head(200, { "content-length": "99" }), "{"), ok],
      result: "job",
      attempts: 2,
    },
    {
      name: "shorter than content-length",
      steps: [writeAndClose(head(200, { "content-length": "999" }), json)],
      client: ONCE,
      result: "ConnectionError",
      outcome: "accepted",
      attempts: 1,
    },
    {
      name: "longer than content-length",
      steps: [writeAndClose(head(200, { ...JSON_TYPE, "content-length": String(json.length) }), json, "and more")],
      result: "job",
      attempts: 1,
    },
    {
      name: "chunked",
      steps: [
        write(head(200, { "transfer-encoding": "chunked" }), `${json.length.toString(16)}\r\n${json}\r\n0\r\n\r\n`),
      ],
      result: "job",
      attempts: 1,
    },
    {
      name: "chunked and broken off",
      steps: [
        writeAndClose(head(200, { "transfer-encoding": "chunked" }), `${json.length.toString(16)}\r\n${json}\r\n`),
      ],
      client: ONCE,
      result: "ConnectionError",
      outcome: "accepted",
      attempts: 1,
    },
    {
      name: "a chunk size that is no number",
      steps: [writeAndClose(head(200, { "transfer-encoding": "chunked" }), "zz\r\n")],
      client: ONCE,
      result: "ConnectionError",
      outcome: "accepted",
      attempts: 1,
    },
    {
      name: "a refusal whose body breaks off",
      steps: [writeAndClose(head(404, { "content-length": "99" }), '{"error":{"mess')],
      result: "ApiError",
      outcome: "rejected",
      attempts: 1,
      shows: { status: 404 },
    },
    {
      name: "no length, ended by the connection",
      steps: [writeAndClose(head(200, { connection: "close" }), json)],
      result: "job",
      attempts: 1,
    },
    {
      name: "empty",
      steps: [answer(200)],
      result: "ResponseError",
      outcome: "accepted",
      attempts: 1,
      says: "an empty body",
    },
    {
      name: "204",
      steps: [write(head(204))],
      result: "ResponseError",
      outcome: "accepted",
      attempts: 1,
      shows: { status: 204 },
    },
    {
      name: "white space alone",
      steps: [answer(200, " \n ")],
      result: "ResponseError",
      outcome: "accepted",
      attempts: 1,
      says: "an empty body",
    },
    { name: "202 with a job", steps: [answer(202, JOB)], result: "job", attempts: 1 },
    {
      name: "an HTML page with 200",
      steps: [
        answer(200, "<!doctype html><title>Sign in</title><script>x()</script>", { "content-type": "text/html" }),
      ],
      result: "ResponseError",
      outcome: "accepted",
      attempts: 1,
      says: /an HTML page: Sign in$/,
    },
    {
      name: "not JSON",
      steps: [answer(200, "cancelled\u0007\u001b[31m!")],
      result: "ResponseError",
      outcome: "accepted",
      attempts: 1,
      says: "not JSON: cancelled [31m!",
    },
    {
      name: "JSON cut short",
      steps: [answer(200, json.slice(0, -1))],
      result: "ResponseError",
      outcome: "accepted",
      attempts: 1,
    },
    {
      name: "a list",
      steps: [answer(200, "[]")],
      result: "ResponseError",
      outcome: "accepted",
      attempts: 1,
      says: "type array",
    },
    {
      name: "null",
      steps: [answer(200, "null")],
      result: "ResponseError",
      outcome: "accepted",
      attempts: 1,
      says: "type null",
    },
    {
      name: "a string",
      steps: [answer(200, '"cancelled"')],
      result: "ResponseError",
      outcome: "accepted",
      attempts: 1,
      says: "type string",
    },
    {
      name: "larger than maxResponseBytes",
      steps: [answer(200, { ...JOB, more: "x".repeat(2_000) })],
      client: { maxResponseBytes: 1_000 },
      result: "ResponseError",
      outcome: "accepted",
      attempts: 1,
      says: "more than 1000 bytes",
    },
    {
      name: "exactly maxResponseBytes",
      steps: [ok],
      client: { maxResponseBytes: json.length },
      result: "job",
      attempts: 1,
    },
    {
      name: "a refusal larger than maxResponseBytes",
      steps: [answer(400, `{"error":{"message":"${"x".repeat(2_000)}"}}`)],
      client: { maxResponseBytes: 1_000 },
      result: "ApiError",
      outcome: "rejected",
      attempts: 1,
    },
    { name: "gzip", steps: [answer(200, gzipSync(json), { "content-encoding": "gzip" })], result: "job", attempts: 1 },
    {
      name: "gzip that is none",
      steps: [answer(200, json, { "content-encoding": "gzip" })],
      client: ONCE,
      result: "ConnectionError",
      outcome: "accepted",
      attempts: 1,
    },
    {
      name: "gzip cut short",
      steps: [answer(200, gzipSync(json).subarray(0, 30), { "content-encoding": "gzip" })],
      client: ONCE,
      result: "ResponseError",
      outcome: "accepted",
      attempts: 1,
    },
    {
      name: "a decompression bomb",
      steps: [answer(200, gzipSync(Buffer.alloc(64 * 1024 * 1024)), { "content-encoding": "gzip" })],
      result: "ResponseError",
      outcome: "accepted",
      attempts: 1,
      says: "more than 1048576 bytes",
      withinMs: 2_000,
    },
    {
      name: "a charset that is not UTF-8",
      steps: [answer(200, Buffer.from(json, "utf16le"), { "content-type": "application/json; charset=utf-16le" })],
      result: "ResponseError",
      outcome: "accepted",
      attempts: 1,
    },
    {
      name: "invalid UTF-8 in a member",
      steps: [
        answer(200, Buffer.concat([Buffer.from(`${json.slice(0, -1)},"x":"`), Buffer.from([0xff]), Buffer.from('"}')])),
      ],
      result: "job",
      attempts: 1,
    },
    { name: "a byte order mark", steps: [answer(200, `\ufeff${json}`)], result: "job", attempts: 1 },
    {
      name: "duplicate keys",
      steps: [answer(200, `{"status":"running",${json.slice(1)}`)],
      result: "job",
      attempts: 1,
    },
    {
      name: "__proto__ and constructor as members",
      steps: [
        answer(200, `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},${json.slice(1)}`),
      ],
      result: "job",
      attempts: 1,
    },
    {
      name: "nested 100,000 deep",
      steps: [answer(200, `{"x":${"[".repeat(100_000)}${"]".repeat(100_000)},${json.slice(1)}`)],
      result: "job",
      attempts: 1,
    },
    {
      name: "a refusal nested 100,000 deep",
      steps: [answer(400, `{"error":${"[".repeat(100_000)}${"]".repeat(100_000)}}`)],
      result: "ApiError",
      outcome: "rejected",
      attempts: 1,
    },
    { name: "a lone surrogate", steps: [answer(200, `{"x":"\\ud800",${json.slice(1)}`)], result: "job", attempts: 1 },
    {
      name: "text/plain with a job",
      steps: [answer(200, JOB, { "content-type": "text/plain" })],
      result: "job",
      attempts: 1,
    },
    {
      name: "no content type, with a job",
      steps: [write(head(200, { "content-length": String(json.length) }), json)],
      result: "job",
      attempts: 1,
    },
    {
      name: "a content type that is garbage",
      steps: [answer(200, JOB, { "content-type": "\u00fc;;=garbage" })],
      result: "job",
      attempts: 1,
    },
    {
      name: "a job that violates the contract, reported",
      steps: [answer(200, { ...JOB, status: SECRET, metadata: { [SECRET]: 1 } })],
      result: "job",
      attempts: 1,
    },
    {
      name: "a job that violates the contract, strict",
      steps: [answer(200, { ...JOB, status: SECRET, metadata: { [SECRET]: 1 } })],
      client: { validation: "strict" },
      result: "ContractViolationError",
      outcome: "accepted",
      attempts: 1,
    },
  ]),
  ...group("answer", [
    {
      name: "a status line that is garbage",
      steps: [writeAndClose("HTTP/9 maybe\r\n\r\n")],
      client: ONCE,
      result: "ConnectionError",
      outcome: "unknown",
      attempts: 1,
    },
    {
      name: "not HTTP at all",
      steps: [writeAndClose("SSH-2.0-OpenSSH_9.2\r\n")],
      client: ONCE,
      result: "ConnectionError",
      outcome: "unknown",
      attempts: 1,
    },
    {
      name: "a header line without a colon",
      steps: [writeAndClose("HTTP/1.1 200 OK\r\nnonsense\r\n\r\n")],
      client: ONCE,
      result: "ConnectionError",
      outcome: "unknown",
      attempts: 1,
    },
    {
      name: "headers of 1 MB",
      steps: [writeAndClose(head(200, { x: "y".repeat(1_000_000) }))],
      client: ONCE,
      result: "ConnectionError",
      outcome: "unknown",
      attempts: 1,
    },
    {
      name: "two lengths that differ",
      steps: [writeAndClose(head(200, { "content-length": ["9", "99"] }), json)],
      client: ONCE,
      result: "ConnectionError",
      outcome: "unknown",
      attempts: 1,
    },
    {
      name: "a status that HTTP does not define",
      steps: [answer(999, {})],
      result: "ApiError",
      outcome: "unknown",
      attempts: 1,
      shows: { status: 999 },
    },
    {
      name: "103 Early Hints, then an answer",
      steps: [write("HTTP/1.1 103 Early Hints\r\n\r\n", head(200, { "content-length": String(json.length) }), json)],
      result: "job",
      attempts: 1,
    },
  ]),
  ...[400, 401, 402, 403, 404, 405, 406, 409, 410, 412, 413, 415, 418, 422, 423, 424, 431, 451].map((status) => ({
    group: "refused",
    name: `status ${status}`,
    steps: [answer(status, { error: { code: String(status), message: "No." } })],
    result: "ApiError" as const,
    outcome: "rejected" as const,
    attempts: 1,
    shows: { status, code: String(status) },
    says: "No.",
  })),
  ...[
    [429, "rejected", 3],
    [408, "unknown", 3],
    [500, "unknown", 3],
    [501, "unknown", 1],
    [502, "unknown", 3],
    [503, "unknown", 3],
    [504, "unknown", 3],
    [505, "unknown", 1],
    [507, "unknown", 3],
    [529, "unknown", 3],
  ].map(([status, outcome, attempts]) => ({
    group: "failed",
    name: `status ${status}`,
    steps: [answer(status as number, { error: { message: "Later." } }, ASAP)],
    result: "ApiError" as const,
    outcome: outcome as Outcome,
    attempts: attempts as number,
    shows: { status, retryAfterMs: 1 },
  })),
  ...group("failed", [
    {
      name: "500, 500, then an answer",
      steps: [answer(500, {}, ASAP), answer(500, {}, ASAP), ok],
      result: "job",
      attempts: 3,
    },
    { name: "429, then an answer", steps: [answer(429, {}, ASAP), ok], result: "job", attempts: 2 },
    {
      name: "500, then refused with 404",
      steps: [answer(500, {}, ASAP), answer(404, {})],
      result: "ApiError",
      outcome: "unknown",
      attempts: 2,
      shows: { status: 404 },
    },
    {
      name: "429, then refused with 404",
      steps: [answer(429, {}, ASAP), answer(404, {})],
      result: "ApiError",
      outcome: "rejected",
      attempts: 2,
    },
    {
      name: "429, then reset",
      steps: [answer(429, {}, ASAP), writeAndReset()],
      client: { maxRetries: 1 },
      result: "ConnectionError",
      outcome: "unknown",
      attempts: 2,
    },
    {
      name: "no retry, by the call's option",
      steps: [answer(503, {}, ASAP)],
      request: ONCE,
      result: "ApiError",
      outcome: "unknown",
      attempts: 1,
    },
    {
      name: "five retries, by the call's option",
      steps: [answer(503, {}, ASAP)],
      request: { maxRetries: 5 },
      result: "ApiError",
      outcome: "unknown",
      attempts: 6,
    },
  ]),
  ...group("retry-after", [
    {
      name: "retry-after-ms above maxRetryDelayMs",
      steps: [answer(429, {}, { "retry-after-ms": "60001" })],
      client: { maxRetryDelayMs: 60_000 },
      result: "ApiError",
      outcome: "rejected",
      attempts: 1,
      shows: { retryAfterMs: 60_001 },
      says: "60001 ms",
      withinMs: 900,
    },
    {
      name: "retry-after above maxRetryDelayMs",
      steps: [answer(503, {}, { "retry-after": "61" })],
      client: { maxRetryDelayMs: 60_000 },
      result: "ApiError",
      outcome: "unknown",
      attempts: 1,
      shows: { retryAfterMs: 61_000 },
      withinMs: 900,
    },
    {
      name: "retry-after of 0 seconds",
      steps: [answer(503, {}, { "retry-after": "0" }), ok],
      result: "job",
      attempts: 2,
      withinMs: 900,
    },
    {
      name: "retry-after-ms wins over the others",
      steps: [answer(503, {}, { "retry-after-ms": "1", "x-ms-retry-after-ms": "99999", "retry-after": "99999" }), ok],
      result: "job",
      attempts: 2,
      withinMs: 900,
    },
    {
      name: "x-ms-retry-after-ms wins over retry-after",
      steps: [answer(503, {}, { "x-ms-retry-after-ms": "1", "retry-after": "99999" }), ok],
      result: "job",
      attempts: 2,
      withinMs: 900,
    },
    {
      name: "a date in the past, so backoff",
      steps: [answer(503, {}, { "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT" }), ok],
      result: "job",
      attempts: 2,
    },
    ...[
      "-1",
      "soon",
      "1.5",
      "1e3",
      "0x10",
      "Infinity",
      "99999999999999999999",
      "Sun, 31 Feb 2030 25:00:00 GMT",
      "1, 2",
      "\u00fc",
    ].map((value) => ({
      name: `retry-after of ${JSON.stringify(value)}, so backoff`,
      steps: [answer(503, {}, { "retry-after": value }), ok],
      result: "job" as const,
      attempts: 2,
    })),
    {
      name: "two retry-after headers, so backoff",
      steps: [answer(503, {}, { "retry-after": ["99999", "99999"] }), ok],
      result: "job",
      attempts: 2,
    },
  ]),
  ...[300, 301, 302, 303, 304, 307, 308].flatMap((status) => [
    {
      group: "redirect",
      name: `${status} within the origin`,
      steps: [answer(status, "", { location: "/elsewhere" }), ok],
      result: "ApiError" as const,
      outcome: "rejected" as const,
      attempts: 1,
      shows: { status },
      says: "Redirects are not followed",
    },
    {
      group: "redirect",
      name: `${status} to another origin`,
      steps: [answer(status, "", { location: "http://127.0.0.1:{other}/elsewhere" }), ok],
      result: "ApiError" as const,
      outcome: "rejected" as const,
      attempts: 1,
      shows: { status },
    },
  ]),
  ...group("error body", [
    ...(
      [
        ["Azure", 401, { error: { code: "401", message: "Access denied." } }, { code: "401" }, "Access denied."],
        ["an integer code", 400, { error: { code: 715, message: "Bad." } }, { code: "715" }, "(715): Bad."],
        ["API gateway, flat", 401, { statusCode: 401, message: "Missing key." }, { code: "401" }, "Missing key."],
        [
          "OpenAI",
          400,
          { error: { message: "No job.", type: "invalid_request_error", param: null, code: null } },
          { code: undefined, type: "invalid_request_error" },
          "No job.",
        ],
        ["innererror", 400, { error: { innererror: { code: "inner", message: "Deep." } } }, { code: "inner" }, "Deep."],
        ["a string", 400, { error: "Just words" }, { code: undefined }, "Just words."],
        ["detail", 404, { detail: "Not Found" }, { code: undefined }, "Not Found."],
        [
          "detail as a list",
          422,
          { detail: [{ loc: ["path"], msg: "too long" }, { msg: "and bad" }] },
          {},
          "too long; and bad.",
        ],
        [
          "problem details",
          409,
          { type: "https://example.com/conflict", title: "Conflict", status: 409, detail: "Finished already" },
          { type: "https://example.com/conflict" },
          "Finished already.",
        ],
        [
          "param",
          400,
          { error: { code: "c", message: "m", param: "fine_tuning_job_id" } },
          { param: "fine_tuning_job_id" },
          "(c): m.",
        ],
        ["an empty object", 400, {}, { code: undefined }, "answered 400"],
        ["a list", 400, [1], { code: undefined }, "answered 400"],
        [
          "members of wrong types",
          400,
          { error: { code: {}, message: [], type: 1, param: false } },
          { code: undefined },
          "answered 400",
        ],
      ] as const
    ).map(([name, status, body, shows, says]) => ({
      name,
      steps: [answer(status, body, { "apim-request-id": "apim-1", "x-request-id": "x-1" })],
      result: "ApiError" as const,
      outcome: "rejected" as const,
      attempts: 1,
      shows: { status, requestId: "apim-1", body, ...shows },
      says,
    })),
    {
      name: "HTML",
      steps: [
        answer(502, "<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>", {
          "content-type": "text/html",
          ...ASAP,
        }),
      ],
      client: ONCE,
      result: "ApiError",
      outcome: "unknown",
      attempts: 1,
      says: "answered 502: 502 Bad Gateway 502.",
    },
    {
      name: "empty",
      steps: [answer(500, "", { ...ASAP, "x-request-id": "x-1" })],
      client: ONCE,
      result: "ApiError",
      outcome: "unknown",
      attempts: 1,
      shows: { body: undefined, requestId: "x-1" },
      says: "answered 500.",
    },
    {
      name: "a message of 100 kB, with control characters",
      steps: [answer(400, { error: { message: `\u0000\u001b[2J${"long ".repeat(20_000)}` } })],
      result: "ApiError",
      outcome: "rejected",
      attempts: 1,
      says: "[2Jlong long",
    },
    {
      name: "the credential, told back",
      steps: [
        answer(
          401,
          {
            error: {
              code: SECRET,
              message: `Wrong key: ${SECRET}`,
              param: SECRET,
              type: SECRET,
              inner_error: { [SECRET]: [SECRET] },
            },
          },
          { "apim-request-id": SECRET },
        ),
      ],
      result: "ApiError",
      outcome: "rejected",
      attempts: 1,
      says: "[redacted]",
    },
    {
      name: "the credential, told back in HTML",
      steps: [answer(502, `<p>${SECRET}</p>`, ASAP)],
      client: ONCE,
      result: "ApiError",
      outcome: "unknown",
      attempts: 1,
    },
    {
      name: "the credential, told back with 200 in a page",
      steps: [answer(200, `<p>${SECRET}</p>`)],
      result: "ResponseError",
      outcome: "accepted",
      attempts: 1,
    },
  ]),
  ...group("credential", [
    { name: "a token", steps: [ok], client: tokens(async () => SECRET), result: "job", attempts: 1 },
    {
      name: "a provider that throws",
      steps: [ok],
      client: tokens(() => {
        throw new Error(`no token, and not ${SECRET.slice(0, 3)}`);
      }),
      result: "ConfigurationError",
      outcome: "not-sent",
      attempts: 0,
      says: "tokenProvider threw",
    },
    {
      name: "a provider that rejects",
      steps: [ok],
      client: tokens(() => Promise.reject(new Error("no token"))),
      result: "ConfigurationError",
      outcome: "not-sent",
      attempts: 0,
    },
    {
      name: "a provider that returns nothing",
      steps: [ok],
      client: tokens(() => undefined as never),
      result: "ConfigurationError",
      outcome: "not-sent",
      attempts: 0,
    },
    {
      name: "a provider that returns an empty token",
      steps: [ok],
      client: tokens(() => ""),
      result: "ConfigurationError",
      outcome: "not-sent",
      attempts: 0,
    },
    {
      name: "a provider that returns a token with a line break",
      steps: [ok],
      client: tokens(() => `${SECRET}\nx: y`),
      result: "ConfigurationError",
      outcome: "not-sent",
      attempts: 0,
    },
    {
      name: "a provider that hangs",
      steps: [ok],
      client: { ...tokens(() => new Promise(() => {})), ...SOON },
      result: "TimeoutError",
      outcome: "not-sent",
      attempts: 0,
      withinMs: 900,
    },
    {
      name: "a provider that is slow",
      steps: [ok],
      client: tokens(() => new Promise((resolve) => setTimeout(resolve, 30, SECRET))),
      result: "job",
      attempts: 1,
    },
    {
      name: "a provider that fails at the second attempt",
      steps: [answer(500, {}, ASAP)],
      client: tokens(failingAfter(1)),
      result: "ConfigurationError",
      outcome: "unknown",
      attempts: 1,
      says: "An earlier attempt may have cancelled the job.",
    },
  ]),
  ...group("abort", [
    { name: "before the call", abort: "before", steps: [ok], result: "AbortError", outcome: "not-sent", attempts: 0 },
    {
      name: "while the provider is asked",
      abort: "at-credential",
      steps: [ok],
      client: tokens(() => new Promise(() => {})),
      result: "AbortError",
      outcome: "not-sent",
      attempts: 0,
      withinMs: 900,
    },
    {
      name: "in flight",
      abort: "at-request",
      steps: [never],
      result: "AbortError",
      outcome: "unknown",
      attempts: 1,
      withinMs: 900,
    },
    {
      name: "in the wait for a retry",
      abort: "at-retry",
      steps: [answer(429, {}, { "retry-after": "50" })],
      client: { maxRetryDelayMs: 60_000 },
      result: "AbortError",
      outcome: "rejected",
      attempts: 1,
      withinMs: 900,
    },
    {
      name: "in the wait after an attempt that may have cancelled",
      abort: "at-retry",
      steps: [answer(503, {}, { "retry-after": "50" })],
      client: { maxRetryDelayMs: 60_000 },
      result: "AbortError",
      outcome: "unknown",
      attempts: 1,
      withinMs: 900,
    },
  ]),
];

function failingAfter(good: number): () => string {
  let asked = 0;
  return () => {
    if (asked++ < good) return SECRET;
    throw new Error("no token any more");
  };
}
