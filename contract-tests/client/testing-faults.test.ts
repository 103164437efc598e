/** The mock service against the fault table: what can be said in memory has to end as it does on a socket. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import {
  createFineTuningClient,
  type FineTuningClientError,
  type FineTuningClientOptions,
  type FineTuningJob,
} from "../../src/index.js";
import { type Answer, answers, createMockService, type MockService } from "../../src/testing.js";
import { type Fault, faults, SECRET } from "./faults.js";
import { JOB } from "./job.js";

const { apiError, brokenBody, connectionRefused, connectionReset, job, rateLimited, redirect, stall, stalledBody } =
  answers;
const text = JSON.stringify(JOB);
const later = { retryAfterMs: 1 };
/** An answer that no function makes, written as a user of the mock writes it. */
const raw =
  (body: string | Buffer | object, status = 200, headers: Record<string, string> = {}): Answer =>
  () => {
    const isText = typeof body === "string" || Buffer.isBuffer(body);
    return new Response(isText ? (body as BodyInit) : JSON.stringify(body), { status, headers });
  };
const retryAfter = (value: string) => [raw({}, 503, { "retry-after": value }), job()];
const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;

const keyOf = ({ group, name }: Fault) => `${group}: ${name}`;

/** What the row's name says of the status: `status 404`, `303 to another origin`. */
const statusOf = ({ name }: Fault) => Number(/\d{3}/.exec(name)?.[0]);
const each = (rows: RegExp, script: (fault: Fault) => Answer[]) =>
  Object.fromEntries(faults.filter((fault) => rows.test(keyOf(fault))).map((fault) => [keyOf(fault), script(fault)]));

/** The rows in the words of the mock. */
const scripts: Record<string, readonly Answer[]> = {
  "connection: connection refused": [connectionRefused()],
  "connection: accepted and closed": [connectionReset()],
  "connection: closed after the request": [connectionReset()],
  "connection: reset before the headers": [connectionReset()],
  "connection: reset in the middle of the headers": [connectionReset()],
  "connection: reset, then an answer": [connectionReset(), job()],
  "connection: closed twice, then an answer": [connectionReset(), connectionReset(), job()],
  "connection: reset, then refused with 404": [connectionReset(), apiError(404)],
  "connection: keep-alive connection closed between two calls": [job()],
  "time: no answer": [stall()],
  "time: no answer, each time": [stall()],
  "time: no answer, then an answer": [stall(), job()],
  "time: no answer, then refused with 404": [stall(), apiError(404)],
  "time: no answer, then refused with 409": [stall(), apiError(409)],
  "time: stalled in the headers": [stall()],
  "time: headers a byte at a time, past the deadline": [stall()],
  "time: stalled between headers and body": [stalledBody({ text: "" })],
  "time: a byte at a time, past the deadline": [stalledBody({ text: " " })],
  "time: stalled in the body": [stalledBody()],
  "time: stalled in the body, before the id": [stalledBody({ text: '{"model":"m",' })],
  "time: stalled in the body, after the id of another job": [stalledBody({ text: '{"id":"ftjob-other","status":' })],
  "time: stalled in the body of an error with 200, which names the job": [
    stalledBody({ text: '{"error":{"id":"ftjob-abc123",' }),
  ],
  "time: stalled in the body after the job's id, then refused with 409": [stalledBody(), apiError(409)],
  "time: stalled in the body, then an answer": [stalledBody({ text: "{" }), job()],
  "time: stalled in the body, then refused with 409": [stalledBody({ text: "{" }), apiError(409)],
  "time: a refusal whose body stalls": [stalledBody({ status: 404, text: '{"error"' })],
  "time: the deadline of the call, not the client's": [stall()],
  "body: reset in the body": [brokenBody()],
  "body: reset in the body, then an answer": [brokenBody({ text: "{" }), job()],
  "body: shorter than content-length": [brokenBody({ text })],
  "body: chunked and broken off": [brokenBody({ text })],
  "body: a refusal whose body breaks off": [brokenBody({ status: 404, text: '{"error":{"mess' })],
  "body: empty": [raw("")],
  "body: 204": [() => new Response(null, { status: 204 })],
  "body: white space alone": [raw(" \n ")],
  "body: 202 with a job": [raw(JOB, 202)],
  "body: an HTML page with 200": [answers.htmlPage(200, "Sign in")],
  "body: not JSON": [raw("cancelled\u0007\u001b[31m!")],
  "body: JSON cut short": [raw(text.slice(0, -1))],
  "body: a list": [raw("[]")],
  "body: null": [raw("null")],
  "body: a string": [raw('"cancelled"')],
  "body: larger than maxResponseBytes": [raw({ ...JOB, more: "x".repeat(2_000) })],
  "body: exactly maxResponseBytes": [job()],
  "body: a refusal larger than maxResponseBytes": [apiError(400, { message: "x".repeat(2_000) })],
  "body: a charset that is not UTF-8": [raw(Buffer.from(text, "utf16le"))],
  "body: invalid UTF-8 in a member": [
    raw(Buffer.concat([Buffer.from(`${text.slice(0, -1)},"x":"`), Buffer.from([0xff]), Buffer.from('"}')])),
  ],
  "body: a byte order mark": [raw(`\ufeff${text}`)],
  "body: duplicate keys": [raw(`{"status":"running",${text.slice(1)}`)],
  "body: __proto__ and constructor as members": [raw(`{"__proto__":{"polluted":true},${text.slice(1)}`)],
  "body: nested 100,000 deep": [raw(`{"x":${deep},${text.slice(1)}`)],
  "body: a refusal nested 100,000 deep": [raw(`{"error":${deep}}`, 400)],
  "body: a lone surrogate": [raw(`{"x":"\\ud800",${text.slice(1)}`)],
  "body: text/plain with a job": [raw(JOB, 200, { "content-type": "text/plain" })],
  "body: no content type, with a job": [raw(Buffer.from(text))],
  "body: a content type that is garbage": [raw(JOB, 200, { "content-type": "\u00fc;;=garbage" })],
  "body: a job that violates the contract, reported": [answers.violation()],
  "body: a job that violates the contract, strict": [answers.violation()],
  ...each(/^refused:/, (fault) => [apiError(statusOf(fault), { code: String(statusOf(fault)), message: "No." })]),
  ...each(/^failed: status/, (fault) => [apiError(statusOf(fault), later)]),
  "failed: status 429": [rateLimited(later)],
  "failed: 500, 500, then an answer": [apiError(500, later), apiError(500, later), job()],
  "failed: 429, then an answer": [rateLimited(later), job()],
  "failed: 500, then refused with 404": [apiError(500, later), apiError(404)],
  "failed: 429, then refused with 404": [rateLimited(later), apiError(404)],
  "failed: 429, then reset": [rateLimited(later), connectionReset()],
  "failed: no retry, by the call's option": [apiError(503, later)],
  "failed: five retries, by the call's option": [apiError(503, later)],
  // The value stands in quotation marks in the row's name.
  ...each(/^retry-after:/, ({ name }) => retryAfter(JSON.parse(/"[^"]*"/.exec(name)?.[0] ?? '"0"'))),
  "retry-after: retry-after-ms above maxRetryDelayMs": [rateLimited({ retryAfterMs: 60_001 })],
  "retry-after: retry-after above maxRetryDelayMs": [apiError(503, { retryAfterMs: 61_000 })],
  "retry-after: retry-after of 0 seconds": [apiError(503, { retryAfterMs: 0 }), job()],
  "retry-after: retry-after-ms wins over the others": [
    raw({}, 503, { "retry-after-ms": "1", "x-ms-retry-after-ms": "99999", "retry-after": "99999" }),
    job(),
  ],
  "retry-after: x-ms-retry-after-ms wins over retry-after": [
    raw({}, 503, { "x-ms-retry-after-ms": "1", "retry-after": "99999" }),
    job(),
  ],
  "retry-after: a date in the past, so backoff": retryAfter("Sun, 06 Nov 1994 08:49:37 GMT"),
  "retry-after: two retry-after headers, so backoff": retryAfter("99999, 99999"),
  ...each(/^redirect:/, (fault) => [
    redirect(fault.name.includes("another") ? "https://other.invalid/elsewhere" : "/elsewhere", statusOf(fault) as 307),
    job(),
  ]),
  ...each(/^error body:/, ({ shows }) => [
    raw((shows?.body ?? {}) as object, shows?.status as number, { "apim-request-id": "apim-1" }),
  ]),
  "error body: Azure": [apiError(401, { message: "Access denied." })],
  "error body: an integer code": [apiError(400, { code: 715, message: "Bad." })],
  "error body: OpenAI": [apiError(400, { message: "No job.", type: "invalid_request_error", param: null, code: null })],
  "error body: param": [apiError(400, { code: "c", message: "m", param: "fine_tuning_job_id" })],
  "error body: HTML": [raw("<title>502 Bad Gateway</title>", 502, { "retry-after-ms": "1" })],
  "error body: empty": [raw("", 500, { "x-request-id": "x-1" })],
  "error body: a message of 100 kB, with control characters": [
    apiError(400, { message: `\u0000\u001b[2J${"long ".repeat(20_000)}` }),
  ],
  "error body: the credential, repeated": [apiError(401, { code: SECRET, message: `Wrong key: ${SECRET}` })],
  "error body: the credential, repeated in HTML": [answers.htmlPage(502, SECRET)],
  "error body: the credential, repeated with 200 in a page": [answers.htmlPage(200, SECRET)],
  ...each(/^credential:/, () => [job()]),
  "credential: a provider that fails at the second attempt": [apiError(500, later)],
  "abort: before the call": [job()],
  "abort: while the provider is asked": [job()],
  "abort: in flight": [stall()],
  "abort: in the wait for a retry": [rateLimited({ retryAfterMs: 50_000 })],
  "abort: in the wait after an attempt that may have cancelled": [apiError(503, { retryAfterMs: 50_000 })],
};

/** Rows on what happens below `fetch`: a name, TLS, HTTP's framing, an encoding. In memory there is none of it. */
const belowFetch = [
  "connection: a name that does not resolve",
  "connection: TLS with a self-signed certificate",
  "connection: https to a server that speaks plain http",
  "body: longer than content-length",
  "body: chunked",
  "body: a chunk size that is no number",
  "body: no length, ended by the connection",
  "body: gzip",
  "body: gzip that is none",
  "body: gzip cut short",
  "body: a decompression bomb",
  "answer: a status line that is garbage",
  "answer: not HTTP at all",
  "answer: a header line without a colon",
  "answer: headers of 1 MB",
  "answer: two lengths that differ",
  "answer: a status that HTTP does not define",
  "answer: 103 Early Hints, then an answer",
];

test("every row of the table is said in memory, or is about what is below fetch", () => {
  expect([...Object.keys(scripts), ...belowFetch].sort()).toEqual(faults.map(keyOf).sort());
});

interface Played {
  readonly service: MockService;
  readonly job: FineTuningJob | undefined;
  readonly error: FineTuningClientError | undefined;
  readonly attempts: number;
}

async function play(fault: Fault): Promise<Played> {
  const service = createMockService({ jobs: { "ftjob-abc123": scripts[keyOf(fault)] as Answer[] } });
  const abort = new AbortController();
  const stopAt = (moment: Fault["abort"]) =>
    fault.abort === moment && setImmediate(() => abort.abort(new Error("stop")));
  const { tokenProvider, ...options } = fault.client ?? {};
  const client = createFineTuningClient({
    ...service.clientOptions,
    // As the fault suite has them, for the rows that do not say.
    timeoutMs: 30_000,
    maxRetryDelayMs: 5,
    fetch: (url, init) => {
      stopAt("at-request");
      return service.fetch(url, init);
    },
    onRetry: () => stopAt("at-retry"),
    onViolation: () => {},
    ...(tokenProvider ? { apiKey: undefined, tokenProvider: watched(tokenProvider, stopAt) } : { apiKey: SECRET }),
    ...options,
  });
  if (fault.abort === "before") abort.abort();
  let result: { job: FineTuningJob; attempts: number } | undefined;
  try {
    for (let call = 0; call < (fault.calls ?? 1); call++)
      result = await client.cancelWithResponse("ftjob-abc123", { ...fault.request, signal: abort.signal });
  } catch (thrown) {
    const error = thrown as FineTuningClientError;
    return { service, error, job: undefined, attempts: error.attempts };
  }
  return { service, error: undefined, job: result?.job, attempts: result?.attempts ?? 0 };
}

function watched(
  provider: NonNullable<FineTuningClientOptions["tokenProvider"]>,
  stopAt: (moment: Fault["abort"]) => unknown,
): () => string | Promise<string> {
  return () => {
    stopAt("at-credential");
    return provider();
  };
}

describe("a row in memory ends as on a socket", () => {
  const rows = faults.filter((fault) => keyOf(fault) in scripts);
  const played = new Map<Fault, Played>();
  // All at once: each waits for its own deadline, and for nothing else.
  beforeAll(async () => {
    await Promise.all(rows.map(async (fault) => played.set(fault, await play(fault))));
  });

  test.each(rows)("$group: $name: $result, $outcome", (fault) => {
    const { service, job, error, attempts } = played.get(fault) as Played;
    const found = error ? { result: error.name, outcome: error.outcome } : { result: "job", outcome: undefined };
    expect({ ...found, attempts }).toEqual({
      result: fault.result,
      outcome: fault.outcome,
      attempts: fault.attempts,
    });
    if (fault.result === "job") expect(job).toMatchObject({ id: "ftjob-abc123" });
    // The mock gives its own.
    const { requestId: _, ...shows } = fault.shows ?? {};
    expect(error ?? {}).toMatchObject(shows);
    if (fault.says !== undefined) expect(error?.message).toMatch(fault.says);

    expect(service.requests).toHaveLength(attempts + (fault.calls ?? 1) - 1);
    expect(JSON.stringify(service.requests)).not.toContain(SECRET);
  });
});
