/** Makes the answers of the mock service. Each leads to the outcome that the same thing has on a real connection. */
import { errorExamples, jobExamples } from "../../generated/examples.js";
import type { ErrorDetail, FineTuningJob } from "../../generated/types.js";
import { checkJob, describeViolation, readJob } from "../decode.js";
import type { Violations } from "../violations.js";
import type { Answer, MockRequest } from "./answer.js";

/** Members of a job. `undefined` takes a member out. */
export type JobOverrides = { [Name in keyof FineTuningJob]?: FineTuningJob[Name] | undefined };

/** The name of one of the contract's example jobs. */
export type JobExample = keyof typeof jobExamples;

/** The members of an error body's `error`, and the wait that the service asks for. */
export interface ApiErrorOptions extends ErrorDetail {
  /** Sent as `retry-after-ms`, and in whole seconds as `retry-after`. Default: no such header. */
  retryAfterMs?: number;
}

/** What arrives of a body that does not arrive in full. */
export interface PartialBody {
  /** 200 to 599, other than 204, 205 and 304. Default: 200. */
  status?: number;
  /** Default: the first half of a job, its id included. Up to its id, a client cannot know that it is a job. */
  text?: string;
}

/**
 * 200 with a job: an example of the contract, under the id that was asked for, with members replaced.
 *
 * @param example Default: `cancelledWhileQueued`, whose status is `cancelled`.
 * @throws TypeError for a job that the accepted contract does not admit ({@link violation} makes one), for members that
 * are no object, and for an example that the contract does not have.
 * @example answers.job({ status: "running" })
 */
export function job(overrides: JobOverrides = {}, example: JobExample = "cancelledWhileQueued"): Answer {
  if (!Object.hasOwn(jobExamples, example))
    throw new TypeError(
      `answers.job has no example ${JSON.stringify(example)}. Its examples: ${Object.keys(jobExamples).join(", ")}.`,
    );
  const made = makeJob("job", overrides, example);
  if (made.violations.length > 0) {
    const found = made.violations.map(describeViolation).join("; ");
    throw new TypeError(`answers.job: the contract does not admit this job: ${found}. Use answers.violation for it.`);
  }
  return showing(made, overrides);
}

/**
 * 200 with a job as Azure has been seen to send it, which the page does not document: `status` is `canceled`, with one l,
 * `finished_at` is a number, and most members that have no value are absent.
 */
export function drift(): Answer {
  return job({
    status: "canceled",
    finished_at: 1763903600,
    result_files: null,
    error: undefined,
    fine_tuned_model: undefined,
    organization_id: undefined,
    seed: undefined,
    trained_tokens: undefined,
    validation_file: undefined,
  });
}

/**
 * 200 with a job that violates the accepted contract.
 *
 * @param members Replace those of an example job. Default: a `status` that nobody has seen.
 * @throws TypeError for a job that the contract admits, or a body that shows none: without a string `id` and `status`.
 * @example answers.violation({ seed: "42" })
 */
export function violation(members: Readonly<Record<string, unknown>> = { status: "stopped" }): Answer {
  const made = makeJob("violation", members, "cancelledWhileQueued");
  const hasOtherId = made.shown.id !== jobExamples.cancelledWhileQueued.id;
  if (made.violations.length === 0 && !hasOtherId)
    throw new TypeError("answers.violation: the contract admits this job. Use answers.job for it.");
  if (!("job" in readJob(made.text)))
    throw new TypeError(
      "answers.violation: a body without a string id and status shows no job. Write a function for it.",
    );
  return showing(made, members);
}

/** A job as JSON has it: what `undefined` takes out is out. */
interface MadeJob extends Violations {
  readonly text: string;
  readonly shown: FineTuningJob;
}

function makeJob(name: "job" | "violation", members: object, example: JobExample): MadeJob {
  checkObject(`${name}: the members`, members, '{ status: "running" }');
  const text = JSON.stringify({ ...jobExamples[example], ...members });
  const shown = JSON.parse(text) as FineTuningJob;
  return { text, shown, ...checkJob(shown, undefined) };
}

function showing({ text, shown, violations }: MadeJob, { id }: { id?: unknown }): Answer {
  const answer: Answer = (request) => {
    const job = { ...(JSON.parse(text) as FineTuningJob), id: id ?? request.jobId };
    return json(200, JSON.stringify(job), request);
  };
  const hasKnownStatus = violations.every(({ pointer }) => pointer !== "/status");
  return Object.assign(answer, {
    jobId: id === undefined ? undefined : shown.id,
    jobStatus: hasKnownStatus ? shown.status : undefined,
  });
}

/**
 * An error answer with a body as Azure sends it. `code` and `message` default to those of the contract's example for the
 * status, where it has one.
 *
 * @param status 400 to 599.
 * @throws RangeError for another status, and for a wait that is no integer of at least 0. TypeError for options that are
 * no object, or that JSON cannot hold.
 * @example answers.apiError(409, { code: "jobFinished", message: "The job has finished." })
 */
export function apiError(status: number, options: ApiErrorOptions = {}): Answer {
  if (!Number.isInteger(status) || status < 400 || status > 599)
    throw new RangeError(`answers.apiError: the status must be an integer from 400 to 599, not ${status}.`);
  checkObject("apiError: the options", options, "{ retryAfterMs: 5_000 }");
  const { retryAfterMs, ...members } = options;
  const { code = String(status), message = "An error of the mock service." } = errorExamples[status] ?? {};
  const headers = retryAfterMs === undefined ? {} : retryHeaders(retryAfterMs);
  const text = JSON.stringify({ error: { code, message, ...members } });
  return (request) => json(status, text, request, headers);
}

/**
 * 429. With a `retryAfterMs` above 0, a client of `clientOptions` does not try again: its longest wait is 0 ms, so the error is
 * thrown at once. Without, it tries again at once.
 *
 * @example answers.rateLimited({ retryAfterMs: 5_000 })
 */
export function rateLimited(options: ApiErrorOptions = {}): Answer {
  return apiError(429, options);
}

function retryHeaders(ms: number): Record<string, string> {
  if (!Number.isSafeInteger(ms) || ms < 0)
    throw new RangeError(`retryAfterMs must be an integer of at least 0, not ${ms}.`);
  return { "retry-after-ms": String(ms), "retry-after": String(Math.ceil(ms / 1000)) };
}

const REDIRECTS = [300, 301, 302, 303, 304, 307, 308] as const;

/**
 * A redirect, as Node's `fetch` shows it; that of a browser hides its status and its target.
 *
 * @throws RangeError for another status, TypeError for a location that no header can hold.
 */
export function redirect(location: string, status: (typeof REDIRECTS)[number] = 307): Answer {
  if (!REDIRECTS.includes(status))
    throw new RangeError(`answers.redirect: the status must be one of ${REDIRECTS.join(", ")}, not ${status}.`);
  if (typeof location !== "string" || !/^[\t\x20-\x7e\x80-\xff]*$/.test(location))
    throw new TypeError("answers.redirect: the location must be a string of characters that a header can hold.");
  return () => new Response(null, { status, headers: { location } });
}

/**
 * An HTML page, as front ends and captive portals send it: without request ids.
 *
 * @param status 200 to 599, other than 204, 205 and 304, which have no body. Default: 502.
 * @throws RangeError for another status.
 */
export function htmlPage(status = 502, title = "Bad Gateway"): Answer {
  checkStatusOfBody("htmlPage", status);
  const page = `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return () => respond(status, { "content-type": "text/html" }, page);
}

/** An answer that cannot exist would look like a lost connection to the client. */
function checkStatusOfBody(name: string, status = 200): void {
  if (!Number.isInteger(status) || status < 200 || status > 599 || [204, 205, 304].includes(status))
    throw new RangeError(
      `answers.${name}: the status must be an integer from 200 to 599 other than 204, 205 and 304, which have no body, not ${status}.`,
    );
}

function checkPartialBody(name: string, body: PartialBody): void {
  checkObject(`${name}: the body`, body, "{ status: 503 }");
  checkStatusOfBody(name, body.status);
}

/** A number or a text in place of an object has none of its members, so that it would be left out in silence. */
function checkObject(name: string, value: unknown, example: string): void {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError(`answers.${name} must be an object, such as ${example}.`);
}

/** Nobody listens: `fetch` throws what Node's throws, so it is certain that nothing was sent. */
export function connectionRefused(): Answer {
  return () => {
    throw fetchFailed("connect ECONNREFUSED 192.0.2.1:443", { code: "ECONNREFUSED", syscall: "connect" });
  };
}

/** The connection is lost after the request was sent: `fetch` throws what Node's throws. The job may be cancelled. */
export function connectionReset(): Answer {
  return () => {
    throw fetchFailed("read ECONNRESET", { code: "ECONNRESET", syscall: "read" });
  };
}

function fetchFailed(message: string, details: { code: string; syscall: string }): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(message), details) });
}

/** No answer, until the deadline or the signal ends the attempt. */
export function stall(): Answer {
  return (_, signal) => new Promise((_, reject) => whenAborted(signal, reject));
}

/**
 * The headers, and the beginning of a body that goes no further, until the deadline or the signal ends the attempt.
 *
 * @throws RangeError for a status that has no body. TypeError for what is no object.
 */
export function stalledBody(body: PartialBody = {}): Answer {
  checkPartialBody("stalledBody", body);
  return (request, signal) =>
    beginning(body, request, (controller) => whenAborted(signal, (error) => controller.error(error)));
}

/**
 * The headers, and the beginning of a body, after which the connection is lost.
 *
 * @throws RangeError for a status that has no body. TypeError for what is no object.
 */
export function brokenBody(body: PartialBody = {}): Answer {
  checkPartialBody("brokenBody", body);
  const cause = () => Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" });
  return (request) =>
    beginning(body, request, (controller) => controller.error(new TypeError("terminated", { cause: cause() })));
}

function beginning({ status = 200, text }: PartialBody, request: MockRequest, goOn: GoOn): Response {
  const whole = JSON.stringify({ ...jobExamples.cancelledWhileQueued, id: request.jobId });
  return respond(status, headersFor(request), text ?? whole.slice(0, whole.length / 2), goOn);
}

function json(status: number, text: string, request: MockRequest, headers: Record<string, string> = {}): Response {
  return respond(status, { ...headersFor(request), ...headers }, text);
}

type GoOn = (controller: ReadableStreamDefaultController) => void;

/**
 * A response whose body has a text, after which `goOn` is called. Not made from the text itself: Node ends such a body by
 * `queueMicrotask`, which fake timers may hold back.
 */
function respond(
  status: number,
  headers: Record<string, string>,
  text: string,
  goOn: GoOn = (controller) => controller.close(),
): Response {
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(bytes),
    // Called once the bytes have been read: an error any earlier would take them back.
    pull: goOn,
  });
  return new Response(body, { status, headers });
}

function headersFor({ requestId }: MockRequest): Record<string, string> {
  return { "content-type": "application/json", "apim-request-id": requestId };
}

function whenAborted(signal: AbortSignal, callback: (reason: unknown) => void): void {
  if (signal.aborted) callback(signal.reason);
  else signal.addEventListener("abort", () => callback(signal.reason), { once: true });
}
