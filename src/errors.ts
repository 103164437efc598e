import { memberOf } from "./text.js";
import type { Violation } from "./violations.js";

/**
 * What is known of the job after a failed cancel.
 *
 * - `not-sent`: no request was sent. The job was not cancelled by this call.
 * - `rejected`: the service answered no. The job was not cancelled by this call.
 * - `unknown`: a request left and no conclusive answer came back. The job may have been cancelled: check its status
 *   before you do anything else.
 * - `accepted`: the service answered 2xx with a job, or with the beginning of one, that could not be read in full or, with
 *   `validation: "strict"`, violates the contract. Treat the job as cancelled, and check its status to be sure.
 */
export type Outcome = "not-sent" | "rejected" | "unknown" | "accepted";

/** Ordered from "surely not cancelled" to "surely cancelled"; a call reports the highest of its attempts. */
export const OUTCOMES: readonly unknown[] = ["not-sent", "rejected", "unknown", "accepted"];

/** The higher of two outcomes (see {@link OUTCOMES}). */
export function higherOutcome(a: Outcome, b: Outcome): Outcome {
  return OUTCOMES.indexOf(a) > OUTCOMES.indexOf(b) ? a : b;
}

/** What every error of this client carries. */
export interface ErrorDetails {
  /** What is known of the job, over all attempts of the call. */
  outcome: Outcome;
  /** How many requests were started; 0 when none was. */
  attempts: number;
  /** The job that the call was for; `undefined` where there was no usable id. */
  jobId?: string | undefined;
  /** The `x-ms-client-request-id` of all attempts; `undefined` for an error of `createFineTuningClient`. */
  clientRequestId?: string | undefined;
  /** `apim-request-id`, else `x-request-id`, of the newest answer; `undefined` where none has come. */
  requestId?: string | undefined;
  /** What led to this error, when something else did. */
  cause?: unknown;
}

/** The base of every error that this client throws. None of them contains a credential. */
export abstract class FineTuningClientError extends Error {
  abstract override readonly name: string;
  /** What is known of the job, over all attempts of the call. */
  readonly outcome: Outcome;
  /** How many requests were started; 0 when none was. */
  readonly attempts: number;
  /** The job that the call was for; `undefined` where there was no usable id. */
  readonly jobId: string | undefined;
  /** The `x-ms-client-request-id` of all attempts: name it in a support request. */
  readonly clientRequestId: string | undefined;
  /**
   * `apim-request-id`, else `x-request-id`, of the newest answer, also of one whose body broke off: name it in a support
   * request. `undefined` where no answer has come.
   */
  readonly requestId: string | undefined;

  constructor(message: string, details: ErrorDetails) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.outcome = details.outcome;
    this.attempts = details.attempts;
    this.jobId = details.jobId;
    this.clientRequestId = details.clientRequestId;
    this.requestId = details.requestId;
  }
}

/**
 * An option, an argument, the environment, a credential or a middleware of `client.http` is not usable. Nothing was sent
 * by the attempt that found it; `outcome` says whether an earlier one was.
 */
export class ConfigurationError extends FineTuningClientError {
  override readonly name = "ConfigurationError" as const;

  constructor(message: string, details: Partial<ErrorDetails> = {}) {
    super(message, { outcome: "not-sent", attempts: 0, ...details });
  }
}

/** Whether a value that was thrown is a {@link ConfigurationError}. Not `instanceof`: a proxy may throw at that. */
export function isConfigurationError(thrown: unknown): thrown is ConfigurationError {
  return memberOf(thrown, "constructor") === ConfigurationError;
}

/** What an {@link ApiError} knows of the answer. */
export interface ApiErrorDetails extends ErrorDetails {
  status: number;
  code: string | undefined;
  param: string | undefined;
  type: string | undefined;
  retryAfterMs: number | undefined;
  body: unknown;
}

/** The service answered with a status other than 2xx. */
export class ApiError extends FineTuningClientError {
  override readonly name = "ApiError" as const;
  /** The HTTP status; 0 where a browser hides that of a redirect. */
  readonly status: number;
  /** The service's code, as a string even where it sent an integer; `undefined` when it sent none. */
  readonly code: string | undefined;
  /** The parameter at fault; `undefined` when the service named none. */
  readonly param: string | undefined;
  /** The service's kind of error; `undefined` when it sent none. */
  readonly type: string | undefined;
  /** How long the service asked to wait before another attempt, in ms; `undefined` when it did not say. */
  readonly retryAfterMs: number | undefined;
  /** The body: parsed when it is JSON, else its text, cut to 4,000 characters; `undefined` when it was empty. */
  readonly body: unknown;

  constructor(message: string, details: ApiErrorDetails) {
    super(message, details);
    this.status = details.status;
    this.code = details.code;
    this.param = details.param;
    this.type = details.type;
    this.retryAfterMs = details.retryAfterMs;
    this.body = details.body;
  }
}

/** No connection, one that broke before the answer was complete, or a `fetch` that returned no response. */
export class ConnectionError extends FineTuningClientError {
  override readonly name = "ConnectionError" as const;
}

/** An attempt, or a middleware of `client.http`, took longer than `timeoutMs`. */
export class TimeoutError extends FineTuningClientError {
  override readonly name = "TimeoutError" as const;
  /** The deadline that passed, in ms. */
  readonly timeoutMs: number;

  constructor(message: string, details: ErrorDetails & { timeoutMs: number }) {
    super(message, details);
    this.timeoutMs = details.timeoutMs;
  }
}

/** The caller's signal was aborted. `cause` is the signal's reason. */
export class AbortError extends FineTuningClientError {
  override readonly name = "AbortError" as const;
}

/** The service answered 2xx with a body that shows no job: empty, HTML, not JSON, an error body, or too large to read. */
export class ResponseError extends FineTuningClientError {
  override readonly name = "ResponseError" as const;
  /** The HTTP status. */
  readonly status: number;

  constructor(message: string, details: ErrorDetails & { status: number }) {
    super(message, details);
    this.status = details.status;
  }
}

/** With `validation: "strict"`: the service answered 2xx with a job that violates the accepted contract. */
export class ContractViolationError extends FineTuningClientError {
  override readonly name = "ContractViolationError" as const;
  /** The first violations, at most 100, in the order of the contract's members. */
  readonly violations: readonly Violation[];
  /** How many violations there are. */
  readonly violationCount: number;
  /** The job as it was received. */
  readonly body: unknown;

  constructor(
    message: string,
    details: ErrorDetails & { violations: readonly Violation[]; violationCount?: number; body: unknown },
  ) {
    super(message, details);
    this.violations = details.violations;
    this.violationCount = details.violationCount ?? details.violations.length;
    this.body = details.body;
  }
}

/** Every error that `cancel` throws; `switch (error.name)` narrows it. */
export type FineTuningError =
  | ConfigurationError
  | ApiError
  | ConnectionError
  | TimeoutError
  | AbortError
  | ResponseError
  | ContractViolationError;
