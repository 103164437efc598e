/** The entry `fine-tuning-client/testing`: a service in memory, for tests of code that calls the client. */
import type { Answer, MockRequest } from "./testing/answer.js";
import * as answers from "./testing/answers.js";

export type { Answer, MockRequest } from "./testing/answer.js";
export type { ApiErrorOptions, JobExample, JobOverrides, PartialBody } from "./testing/answers.js";
export * as answers from "./testing/answers.js";

/** Options of {@link createMockService}. */
export interface MockServiceOptions {
  /**
   * The answers for each job, by its id: the first request is answered with the first, and so on; the last repeats.
   * A request for any other job is answered with 404. Copied, so that changing a list later changes nothing.
   */
  readonly jobs?: Readonly<Record<string, readonly Answer[]>>;
}

/** A service in memory. */
export interface MockService {
  /** `https://fine-tuning.invalid`: a name that no resolver knows (RFC 6761). */
  readonly endpoint: string;
  /** What to make a client with: `createFineTuningClient(service.clientOptions)`. */
  readonly clientOptions: {
    readonly endpoint: string;
    /** `mock-api-key`. */
    readonly apiKey: string;
    readonly fetch: MockService["fetch"];
    /** 50: a stall ends after 50 ms in each attempt. */
    readonly timeoutMs: number;
    /** 0: an attempt is followed by the next at once, and an answer that asks for a wait by none. */
    readonly maxRetryDelayMs: number;
  };
  /** Answers a request for any endpoint, by its path alone. It uses no timer, so fake timers are no obstacle. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Every request that `fetch` was called for, the oldest first; one whose connection was refused is there too. */
  readonly requests: readonly MockRequest[];
}

/**
 * Makes a service that answers from scripts, and keeps what it was sent.
 *
 * @throws TypeError for an option that there is not, for a script that is no list of answers, that is empty, or that
 * shows a cancelled job as not cancelled later.
 * @example
 * const service = createMockService({ jobs: { "ftjob-1": [answers.rateLimited(), answers.job()] } });
 * const client = createFineTuningClient(service.clientOptions);
 * const job = await client.cancel("ftjob-1"); // at the second attempt
 */
export function createMockService(options: MockServiceOptions = {}): MockService {
  const scripts = readScripts(options);
  const requests: MockRequest[] = [];
  const endpoint = "https://fine-tuning.invalid";

  const fetch: MockService["fetch"] = async (input, init) => {
    const request = new Request(input, init);
    const signal = init?.signal ?? request.signal;
    signal.throwIfAborted();
    const received = readRequest(request, requests.length + 1);
    requests.push(received);
    const script = scripts.get(received.jobId) ?? [answers.apiError(404)];
    const answer = (script.length > 1 ? script.shift() : script[0]) as Answer;
    return answer(received, signal);
  };
  const clientOptions = { endpoint, apiKey: "mock-api-key", fetch, timeoutMs: 50, maxRetryDelayMs: 0 };
  return { endpoint, clientOptions, fetch, requests };
}

/** The answers that are still to come, by job; the last one stays. */
function readScripts(options: MockServiceOptions): Map<string | undefined, Answer[]> {
  checkPlain("the options", options, '{ jobs: { "ftjob-1": [answers.job()] } }');
  const unknown = Object.keys(options).find((name) => name !== "jobs");
  if (unknown !== undefined)
    throw new TypeError(`createMockService has no option ${JSON.stringify(unknown)}. Its option: jobs.`);
  const { jobs = {} } = options;
  checkPlain("jobs", jobs, '{ "ftjob-1": [answers.job()] }');
  return new Map(Object.entries(jobs).map(([jobId, script]) => [jobId, readScript(jobId, script)]));
}

function checkPlain(name: string, value: unknown, example: string): void {
  if (typeof value !== "object" || value === null || Symbol.iterator in value)
    throw new TypeError(`createMockService: ${name} must be a plain object, such as ${example}.`);
}

function readScript(jobId: string, script: readonly Answer[]): Answer[] {
  const fail = (problem: string): never => {
    throw new TypeError(`createMockService: jobs[${JSON.stringify(jobId)}] ${problem}`);
  };
  if (!Array.isArray(script)) return fail("must be a list of answers, such as [answers.job()].");
  if (script.length === 0) fail("needs at least one answer.");
  const copy: Answer[] = [...script];
  for (const [index, answer] of copy.entries()) {
    const [name, maker] = Object.entries(answers).find(([, each]) => each === (answer as unknown)) ?? [];
    if (maker)
      fail(
        `has answers.${name} itself as answer ${index + 1}: call it, answers.${name}(${maker.length > 0 ? "…" : ""}).`,
      );
    if (typeof answer !== "function")
      fail(
        `has a value of type ${typeof answer} as answer ${index + 1}: write answers.job(), or a function that returns a Response.`,
      );
  }
  const statuses = copy.map((answer) => ((answer.jobId ?? jobId) === jobId ? answer.jobStatus : undefined));
  const first = statuses.findIndex(isCancelled);
  const later = statuses.findIndex((status, index) => index > first && status && !isCancelled(status));
  if (first >= 0 && later >= 0)
    fail(
      `shows the job as ${statuses[later]} in answer ${later + 1}, after answer ${first + 1} has shown it as cancelled. A cancelled job stays cancelled.`,
    );
  return copy;
}

function isCancelled(status: Answer["jobStatus"]): boolean {
  return status === "cancelled" || status === "canceled";
}

const CANCEL = /\/openai\/v1\/fine_tuning\/jobs\/([^/]+)\/cancel$/;

function readRequest({ method, url, headers }: Request, number: number): MockRequest {
  const masked = [...headers].map(([name, value]) => [name, isSecret(name) ? "[redacted]" : value]);
  return {
    method,
    url,
    jobId: method === "POST" ? jobIdOf(url) : undefined,
    headers: Object.fromEntries(masked),
    clientRequestId: headers.get("x-ms-client-request-id") ?? undefined,
    requestId: `mock-request-${number}`,
  };
}

function jobIdOf(url: string): string | undefined {
  const [, segment] = CANCEL.exec(new URL(url).pathname) ?? [];
  try {
    return segment && decodeURIComponent(segment);
  } catch {
    // A percent sign that is no escape.
    return undefined;
  }
}

/** Whether a header holds a secret, by its name: the rule of the client's option `headers`. */
function isSecret(name: string): boolean {
  return /key|token|secret|password|cookie|authorization/.test(name);
}
