/** The entry `fine-tuning-client/testing`: a service in memory, for tests of code that calls the client. */
import type { Answer, MockRequest } from "./testing/answer.js";
import { apiError } from "./testing/answers.js";

export type { Answer, MockRequest } from "./testing/answer.js";
export type { ApiErrorOptions, JobExample, JobOverrides, PartialBody } from "./testing/answers.js";
export * as answers from "./testing/answers.js";

/** Options of {@link createMockService}. */
export interface MockServiceOptions {
  /**
   * The answers for each job, by its id: the first request is answered with the first, and so on; the last repeats.
   * A request for any other job is answered with 404.
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
 * @throws TypeError for a script that is empty, or that shows a cancelled job as not cancelled later.
 * @example
 * const service = createMockService({ jobs: { "ftjob-1": [answers.rateLimited(), answers.job()] } });
 * const client = createFineTuningClient(service.clientOptions);
 * const job = await client.cancel("ftjob-1"); // at the second attempt
 */
export function createMockService({ jobs = {} }: MockServiceOptions = {}): MockService {
  const scripts = new Map(Object.entries(jobs));
  for (const [jobId, script] of scripts) checkScript(jobId, script);
  const requests: MockRequest[] = [];
  const endpoint = "https://fine-tuning.invalid";

  const fetch: MockService["fetch"] = async (input, init) => {
    const request = new Request(input, init);
    const signal = init?.signal ?? request.signal;
    signal.throwIfAborted();
    const received = readRequest(request, requests.length + 1);
    requests.push(received);
    const { jobId } = received;
    const script = jobId === undefined ? undefined : scripts.get(jobId);
    const count = requests.filter((each) => each.jobId === jobId).length;
    const answer = script?.[Math.min(count, script.length) - 1] ?? apiError(404);
    return answer(received, signal);
  };
  const clientOptions = { endpoint, apiKey: "mock-api-key", fetch, timeoutMs: 50, maxRetryDelayMs: 0 };
  return { endpoint, clientOptions, fetch, requests };
}

function checkScript(jobId: string, script: readonly Answer[]): void {
  const fail = (problem: string) => {
    throw new TypeError(`createMockService: jobs[${JSON.stringify(jobId)}] ${problem}`);
  };
  if (script.length === 0) fail("needs at least one answer.");
  const first = script.findIndex(({ jobStatus }) => isCancelled(jobStatus));
  const later = script.findIndex(({ jobStatus }, index) => index > first && jobStatus && !isCancelled(jobStatus));
  if (first >= 0 && later >= 0)
    fail(
      `shows the job as ${script[later]?.jobStatus} in answer ${later + 1}, after answer ${first + 1} has shown it as cancelled. A cancelled job stays cancelled.`,
    );
}

function isCancelled(status: Answer["jobStatus"]): boolean {
  return status === "cancelled" || status === "canceled";
}

const CANCEL = /\/openai\/v1\/fine_tuning\/jobs\/([^/]+)\/cancel$/;

function readRequest({ method, url, headers }: Request, number: number): MockRequest {
  const [, segment] = CANCEL.exec(new URL(url).pathname) ?? [];
  const masked = [...headers].map(([name, value]) => [name, isSecret(name) ? "[redacted]" : value]);
  return {
    method,
    url,
    jobId: method === "POST" && segment ? decodeURIComponent(segment) : undefined,
    headers: Object.fromEntries(masked),
    clientRequestId: headers.get("x-ms-client-request-id") ?? undefined,
    requestId: `mock-request-${number}`,
  };
}

/** Whether a header holds a secret, by its name: the rule of the client's option `headers`. */
function isSecret(name: string): boolean {
  return /key|token|secret|password|cookie|authorization/.test(name);
}
