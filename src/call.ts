/** One call of `cancel` or of `client.http`: its settings, and what its attempts have come to. */
import type { Answer } from "./answer.js";
import type { Failure } from "./connection.js";
import type { Reading } from "./decode.js";
import { type ErrorDetails, higherOutcome, type Outcome } from "./errors.js";
import type { Redactor } from "./redact.js";

/** How an attempt ended. */
export interface Ended {
  readonly how: "answered" | "failed" | "not-ready" | "no-response" | "timed-out" | "aborted";
  /** Whether `fetch` was called. */
  readonly sent: boolean;
  /** The answer, as far as it had arrived. */
  readonly answer: Answer | undefined;
  /** What was thrown, for `failed` and `not-ready`; what `fetch` returned, for `no-response`. */
  readonly value: unknown;
  readonly durationMs: number;
}

/** An ended attempt, and what it means. */
export interface Conclusion extends Ended {
  /** What this attempt alone says of the job. */
  readonly outcome: Outcome;
  /** The body of a 2xx answer. */
  readonly reading: Reading | undefined;
  /** What `fetch` threw. */
  readonly failure: Failure | undefined;
}

/** What a call may set for itself. */
export interface CallSettings {
  readonly signal: AbortSignal | undefined;
  /** Deadline of one attempt, in ms. */
  readonly timeoutMs: number;
  readonly maxRetries: number;
}

export interface Call extends CallSettings {
  /** Nothing is sent once it aborts: the caller's signal, or one that also aborts when the call has ended meanwhile. */
  stop: AbortSignal | undefined;
  /** The job that the call is for; `undefined` where there is no usable id. */
  readonly jobId: string | undefined;
  /** The `x-ms-client-request-id` of all attempts. */
  clientRequestId: string;
  /** How many requests were started, those of middlewares included. */
  attempts: number;
  /** How many of them have ended. */
  ended: number;
  /** The highest outcome of all attempts that have ended. */
  outcome: Outcome;
  /** How the newest attempt ended. */
  last: Conclusion | undefined;
  /** The newest answer. */
  answer: Answer | undefined;
  /** Knows every credential that the call has sent. */
  redactor: Redactor;
  /** The answers that openapi-fetch was given; any other is a middleware's. */
  readonly responses: Response[];
  /** Whether middlewares may look at requests and answers: they get real ones. */
  readonly isObserved: boolean;
}

/** A call that has not begun. */
export function newCall(jobId: unknown, settings: CallSettings, redactor: Redactor, isObserved: boolean): Call {
  const { signal, timeoutMs, maxRetries } = settings;
  return {
    signal,
    stop: signal,
    timeoutMs,
    maxRetries,
    jobId: typeof jobId === "string" ? jobId : undefined,
    clientRequestId: randomId(),
    attempts: 0,
    ended: 0,
    outcome: "not-sent",
    last: undefined,
    answer: undefined,
    redactor,
    responses: [],
    isObserved,
  };
}

/** What is known of the job so far: a request that is still under way may cancel it. */
export function outcomeOf({ attempts, ended, outcome }: Call): Outcome {
  return attempts > ended ? higherOutcome(outcome, "unknown") : outcome;
}

/** Counts a request that a middleware sent past the transport, so that its answer was not read. */
export function countForeignRequest(call: Call): void {
  call.attempts++;
  call.ended++;
  call.outcome = higherOutcome(call.outcome, "unknown");
}

/** What every error of a call carries. */
export function detailsOf(call: Call): ErrorDetails {
  const { attempts, jobId, clientRequestId, answer } = call;
  return { outcome: outcomeOf(call), attempts, jobId, clientRequestId, requestId: requestIdOf(answer, call) };
}

/** `apim-request-id`, by which Azure's diagnostics know the call, else `x-request-id`. */
export function requestIdOf(answer: Answer | undefined, { redactor }: Call): string | undefined {
  const id = answer?.header("apim-request-id") || answer?.header("x-request-id");
  return id ? redactor.text(id) : undefined;
}

/** A random UUID. `crypto.randomUUID` is missing on pages that came over plain http, and `crypto` in React Native. */
function randomId(): string {
  const { crypto } = globalThis as { crypto?: Partial<Crypto> };
  if (typeof crypto?.randomUUID === "function") return crypto.randomUUID();
  // It names a call, and keeps nothing secret.
  const hex = Array.from({ length: 32 }, () => Math.floor(16 * Math.random()).toString(16)).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
