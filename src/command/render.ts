/** Results as text: for people and, as JSON, for programs. */
import type colors from "picocolors";
import { describeViolation } from "../decode.js";
import type { AttemptEvent, RetryEvent } from "../options.js";
import { oneLine } from "../text.js";
import type { Batch } from "./batch.js";
import { inWordsOfCommand, type JobOutcome, type JobResult } from "./result.js";

export type Colors = ReturnType<typeof colors.createColors>;

/** What each outcome means, and what to do next. In the order of the summary. */
const MEANINGS: Readonly<Record<JobOutcome, string>> = {
  cancelled: "",
  "not-cancelled":
    "The job came back with another status. Check it in a minute, and cancel again if the job still runs.",
  accepted: "The service accepted the call, but its answer can't be read. Check the status of the job to be sure.",
  unknown: "The job may have been cancelled. Check its status before you do anything else.",
  rejected: "The service refused: this call did not cancel the job. Fix the problem above, then try again.",
  "not-sent": "No request was sent. Fix the problem above, then try again.",
  "not-started": "No request was sent.",
};
const OUTCOMES = Object.keys(MEANINGS) as JobOutcome[];
const OUTCOME_WIDTH = Math.max(...OUTCOMES.map((outcome) => outcome.length));
/** Longer ids are not aligned. */
const MAX_ID_WIDTH = 48;

/** How wide the column of ids is. */
export function idWidth(ids: readonly string[]): number {
  return ids.reduce((width, id) => Math.min(MAX_ID_WIDTH, Math.max(width, id.length)), 0);
}

/** One job as a line for people. */
export function resultLine(result: JobResult, width: number, paint: Colors): string {
  const {
    id,
    outcome,
    status,
    message,
    violations,
    violationCount,
    durationMs,
    requestId,
    clientRequestId,
    cancelled,
  } = result;
  // Those of another job say no more than the message.
  const violation = status === null ? undefined : violations[0];
  const more = violationCount > 1 ? `, and ${violationCount - 1} more` : "";
  const request = requestId ? `request ${requestId}` : `client request ${clientRequestId}`;
  const details = [
    message,
    violation && `Differs from the contract at ${describeViolation(violation)}${more}.`,
    !cancelled && clientRequestId && paint.dim(`(${request})`),
  ];
  const columns = [
    id.padEnd(width),
    paint[colorOf(outcome)](outcome.padEnd(OUTCOME_WIDTH)),
    seconds(durationMs).padStart(7),
    details.filter(Boolean).join(" "),
  ];
  return columns.join("  ").trimEnd();
}

function colorOf(outcome: JobOutcome): "green" | "yellow" | "red" {
  if (outcome === "cancelled") return "green";
  return outcome === "rejected" || outcome === "not-sent" || outcome === "not-started" ? "red" : "yellow";
}

/** How many jobs were cancelled, then the ids of each outcome. */
export function summary(results: readonly JobResult[], durationMs: number, paint: Colors): string {
  const groups = OUTCOMES.map((outcome) => [outcome, results.filter((result) => result.outcome === outcome)] as const);
  const cancelled = results.filter((result) => result.cancelled).length;
  const lines = groups
    .filter(([, members]) => members.length > 0)
    .flatMap(([outcome, members]) => [
      "",
      `${paint[colorOf(outcome)](outcome)} (${members.length})${MEANINGS[outcome] && `: ${MEANINGS[outcome]}`}`,
      `  ${asArguments(members.map(({ id }) => id))}`,
    ]);
  return [
    "",
    paint.bold(`${cancelled} of ${jobs(results.length)} cancelled in ${seconds(durationMs)}.`),
    ...lines,
  ].join("\n");
}

/** Ids as arguments for a shell. */
function asArguments(ids: readonly string[]): string {
  const quoted = ids.map((id) => (/^[\w.,:@%+/-]+$/.test(id) ? id : `'${id.replaceAll("'", `'\\''`)}'`));
  return [...(ids.some((id) => id.startsWith("-")) ? ["--"] : []), ...quoted].join(" ");
}

/** What a batch is doing, on one line. */
export function progressLine({ results, running, sending, pausedUntil }: Batch, total: number, paint: Colors): string {
  const now = performance.now();
  const failed = results.filter(({ cancelled }) => !cancelled).length;
  const waits = [...running.values()].map(({ waitsUntil = 0 }) => waitsUntil - now).filter((ms) => ms > 0);
  const parts = [
    `${results.length} of ${total} done`,
    failed > 0 && paint.red(`${failed} failed`),
    `${sending} in flight`,
    waits.length > 0 &&
      paint.yellow(`${waits.length} waiting for a retry (next in ${wholeSeconds(Math.min(...waits))})`),
    pausedUntil > now && paint.yellow(`paused for ${wholeSeconds(pausedUntil - now)}`),
  ];
  return parts.filter(Boolean).join(", ");
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function wholeSeconds(ms: number): string {
  return `${Math.ceil(ms / 1000)} s`;
}

export function jobs(count: number): string {
  return count === 1 ? "1 job" : `${count} jobs`;
}

/** The first ids of a list, for a sentence. */
export function listed(ids: readonly string[], most: number): string {
  const more = ids.length > most ? ` and ${ids.length - most} more` : "";
  return ids.slice(0, most).join(", ") + more;
}

/** One attempt, for `--verbose`. */
export function attemptLine({ jobId, attempt, durationMs, status, error, ...ids }: AttemptEvent): string {
  const end = error ? inWordsOfCommand(error.message) : `The service answered ${status}.`;
  const request = ids.requestId === undefined ? "" : `request ${oneLine(ids.requestId)}, `;
  return `${jobId}: attempt ${attempt}, ${seconds(durationMs)}: ${end} (${request}client request ${ids.clientRequestId})`;
}

/** A wait for another attempt; `isPrinted` where the failed one has a line of its own. */
export function retryLine({ jobId, attempt, delayMs, cause }: RetryEvent, isPrinted: boolean): string {
  const reason = isPrinted ? "." : `: ${cause.message}`;
  return `${jobId}: attempt ${attempt} failed, next in ${seconds(delayMs)}${reason}`;
}
