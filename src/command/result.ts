/** What became of each job. */
import { type CancelResult, isCancelled } from "../client.js";
import type { FineTuningError, Outcome } from "../errors.js";
import type { Redactor } from "../redact.js";
import { oneLine } from "../text.js";
import type { Violation } from "../violations.js";

/**
 * - `cancelled`: the service answered with this job, and its status is cancelled.
 * - `not-cancelled`: the service answered with this job, and its status is another.
 * - `not-started`: the command was interrupted before it sent a request for this job, or it was a dry run.
 * - All others are the outcomes of the client's errors.
 */
export type JobOutcome = "cancelled" | "not-cancelled" | "not-started" | Outcome;

/** One line of `--json`, member by member: docs/command.schema.json describes it, and it is stable. */
export interface JobResult {
  /** The id that was given. */
  readonly id: string;
  /** The job's status, its first 200 characters; null where the service did not answer with this job. */
  readonly status: string | null;
  /** Whether the job is shown to be cancelled. */
  readonly cancelled: boolean;
  readonly outcome: JobOutcome;
  /** The class of the client's error; null where there is none. */
  readonly error: string | null;
  /** The service's error code, cut to 200 characters; null where it sent none. */
  readonly code: string | null;
  /** What went wrong, in a sentence; null for a cancelled job. */
  readonly message: string | null;
  readonly requestId: string | null;
  readonly clientRequestId: string | null;
  /** How many requests were started, those that met no connection included. */
  readonly attempts: number;
  /** Where the job differs from the accepted contract: the first 100 places. */
  readonly violations: readonly Violation[];
  /** How many there are. */
  readonly violationCount: number;
  readonly durationMs: number;
}

/** How much of a status, and of another job's id, is shown, in characters. */
const MOST_SHOWN = 200;

/** The result of a call that returned a job, which may be another than the one that was asked for. */
export function resultOfJob(answer: CancelResult, redactor: Redactor, durationMs: number): JobResult {
  const { job, jobId: id, requestId, clientRequestId, attempts, violations, violationCount } = answer;
  // Masked before it is cut, so that no half of a credential is left.
  const shown = (text: string) => redactor.text(text).slice(0, MOST_SHOWN);
  const status = shown(job.status);
  const isAsked = job.id === id;
  const cancelled = isAsked && isCancelled(job);
  return {
    id,
    status: isAsked ? status : null,
    cancelled,
    outcome: !isAsked ? "unknown" : cancelled ? "cancelled" : "not-cancelled",
    error: null,
    code: null,
    message: cancelled ? null : isAsked ? messageOfStatus(status) : messageOfOther(shown(job.id), status),
    requestId: textOrNull(requestId),
    clientRequestId,
    attempts,
    violations: violations.map(({ pointer, ...rest }) => ({ pointer: oneLine(pointer), ...rest })),
    violationCount,
    durationMs: Math.round(durationMs),
  };
}

function messageOfStatus(status: string): string {
  const start = `The service answered with the job, whose status is ${asciiJson(status)}`;
  const hasEnded = status === "succeeded" || status === "failed";
  return hasEnded ? `${start}: it has ended, so there is nothing to cancel.` : `${start}.`;
}

function messageOfOther(id: string, status: string): string {
  return `The service answered with another job: ${asciiJson(id)}, whose status is ${asciiJson(status)}. The job that was asked for may have been cancelled.`;
}

/** The result of a call that failed. */
export function resultOfError(id: string, error: FineTuningError, durationMs: number): JobResult {
  return {
    ...noRequest(id, error.outcome, inWordsOfCommand(error.message)),
    error: error.name,
    code: textOrNull("code" in error ? error.code : undefined),
    requestId: textOrNull(error.requestId),
    clientRequestId: textOrNull(error.clientRequestId),
    attempts: error.attempts,
    durationMs: Math.round(durationMs),
  };
}

/** The result of a job that no request was sent for. */
export function noRequest(id: string, outcome: JobOutcome, message: string): JobResult {
  return {
    id,
    status: null,
    cancelled: false,
    outcome,
    error: null,
    code: null,
    message,
    requestId: null,
    clientRequestId: null,
    attempts: 0,
    violations: [],
    violationCount: 0,
    durationMs: 0,
  };
}

/** JSON of ASCII alone: nothing in it can act on a terminal, or be taken for another text. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A message of the client's, which names the option that `--auth entra` sets. */
export function inWordsOfCommand(message: string): string {
  return message.replace(/^(The token of )?tokenProvider\b/, "$1Microsoft Entra");
}

function textOrNull(text: string | undefined): string | null {
  return text === undefined ? null : oneLine(text);
}
