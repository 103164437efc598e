import type { Violation } from "./violations.js";

/**
 * What is known of the job after a failed cancel.
 *
 * - `not-sent`: nothing left this process. The job was not cancelled by this call.
 * - `rejected`: the service answered no. The job was not cancelled by this call.
 * - `unknown`: a request left and no usable verdict came back. The job may have been cancelled: look before you act.
 * - `accepted`: the service answered 2xx, but the answer could not be read in full as a job. Take it as cancelled, and
 *   look to be sure.
 */
export type Outcome = "not-sent" | "rejected" | "unknown" | "accepted";

/** From what says least of a cancelled job to what says most: over several attempts, the most counts. */
const OUTCOMES: readonly Outcome[] = ["not-sent", "rejected", "unknown", "accepted"];

/** What two attempts together say of the job. */
export function mostOf(a: Outcome, b: Outcome): Outcome {
  return OUTCOMES.indexOf(a) > OUTCOMES.indexOf(b) ? a : b;
}

/** A message on the last attempt, with a sentence more when an earlier attempt says more of the job. */
export function withHindsight(message: string, own: Outcome, overall: Outcome): string {
  if (own !== overall && overall === "unknown") return `${message} An earlier attempt may have cancelled the job.`;
  if (own !== overall && overall === "accepted") {
    return `${message} An earlier attempt was accepted by the service, so take the job as cancelled.`;
  }
  return message;
}

/** What every error of this client carries. */
export interface ErrorDetails {
  /** What is known of the job, over all attempts of the call. */
  outcome: Outcome;
  /** How many requests were started; 0 when none was. */
  attempts: number;
  /** What led to this error, when something else did. */
  cause?: unknown;
}

/** The base of every error that this client throws. None of them holds a credential. */
export abstract class FineTuningClientError extends Error {
  abstract override readonly name: string;
  /** What is known of the job, over all attempts of the call. */
  readonly outcome: Outcome;
  /** How many requests were started; 0 when none was. */
  readonly attempts: number;

  constructor(message: string, details: ErrorDetails) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.outcome = details.outcome;
    this.attempts = details.attempts;
  }
}

/** An option, an argument, the environment or a credential is not usable. Nothing was sent by the attempt that found it. */
export class ConfigurationError extends FineTuningClientError {
  override readonly name = "ConfigurationError" as const;

  constructor(message: string, details: Partial<ErrorDetails> = {}) {
    super(message, { outcome: "not-sent", attempts: 0, ...details });
  }
}

/** What an {@link ApiError} knows of the answer. */
export interface ApiErrorDetails extends ErrorDetails {
  status: number;
  code: string | undefined;
  param: string | undefined;
  type: string | undefined;
  requestId: string | undefined;
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
  /** `apim-request-id`, else `x-request-id`: name it in a support request. */
  readonly requestId: string | undefined;
  /** How long the service asked to wait before another attempt, in ms; `undefined` when it did not say. */
  readonly retryAfterMs: number | undefined;
  /** The body: parsed when it is JSON, else its text, cut short; `undefined` when it was empty. */
  readonly body: unknown;

  constructor(message: string, details: ApiErrorDetails) {
    super(message, details);
    this.status = details.status;
    this.code = details.code;
    this.param = details.param;
    this.type = details.type;
    this.requestId = details.requestId;
    this.retryAfterMs = details.retryAfterMs;
    this.body = details.body;
  }
}

/** No connection, or one that broke before the answer was complete. */
export class ConnectionError extends FineTuningClientError {
  override readonly name = "ConnectionError" as const;
}

/** An attempt took longer than `timeoutMs`. */
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

/** The service answered 2xx with a body that is no job: empty, too large, not JSON (an HTML page), not an object. */
export class ResponseError extends FineTuningClientError {
  override readonly name = "ResponseError" as const;
  /** The HTTP status. */
  readonly status: number;
  /** `apim-request-id`, else `x-request-id`: name it in a support request. */
  readonly requestId: string | undefined;

  constructor(message: string, details: ErrorDetails & { status: number; requestId: string | undefined }) {
    super(message, details);
    this.status = details.status;
    this.requestId = details.requestId;
  }
}

/** With `validation: "strict"`: the service answered 2xx with a job that violates the accepted contract. */
export class ContractViolationError extends FineTuningClientError {
  override readonly name = "ContractViolationError" as const;
  /** Every violation, in the order of the body's members. */
  readonly violations: readonly Violation[];
  /** The job as it was received. */
  readonly body: unknown;
  /** `apim-request-id`, else `x-request-id`: name it in a support request. */
  readonly requestId: string | undefined;

  constructor(
    message: string,
    details: ErrorDetails & { violations: readonly Violation[]; body: unknown; requestId: string | undefined },
  ) {
    super(message, details);
    this.violations = details.violations;
    this.body = details.body;
    this.requestId = details.requestId;
  }
}
