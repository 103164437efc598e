/** The body of a 2xx answer: a job, or what it shows instead. */
import { FineTuningJob as jobSchema } from "../generated/job-schema.js";
import type { FineTuningJob } from "../generated/types.js";
import type { Answer } from "./answer.js";
import { excerpt, oneLine } from "./text.js";
import { findViolations, jsonType, MOST_VIOLATIONS, type Violation, type Violations } from "./violations.js";

const decoder = new TextDecoder();

/** The text of an answer's body. */
export function textOf({ body }: Answer): string {
  return decoder.decode(body);
}

/** A job, or what there is in place of one, in words that end a sentence: `an HTML page: Sign in`. */
export type Reading = { readonly job: FineTuningJob } | { readonly problem: string; readonly isIncomplete?: true };

/** Reads the job out of the whole body of a 2xx answer: a JSON object with a string `id` and a string `status`. */
export function readJob(text: string): Reading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (text.trim() === "") return { problem: "an empty body" };
    const what = /^\s*</.test(text) ? "an HTML page" : "a body that is not JSON";
    return { problem: showing(what, text), isIncomplete: true };
  }
  const type = jsonType(value);
  if (type !== "object") return { problem: showing(`JSON of type ${type} in place of a job`, text) };
  const { id, status, error } = value as Record<string, unknown>;
  if (typeof id === "string" && typeof status === "string") return { job: value as FineTuningJob };
  const what = error ? "an error body" : "an object that has no id and status of a job";
  return { problem: showing(what, text) };
}

function showing(what: string, text: string): string {
  const shown = excerpt(text);
  return shown === "" ? what : `${what}: ${shown}`;
}

/** Whether a body that isn't whole JSON is the beginning of this job: an object that has come as far as its id. */
export function beginsJob(text: string, jobId: string): boolean {
  const start = text.trimStart();
  // An error body may name the job too.
  if (!start.startsWith("{") || /^\{\s*"error"\s*:\s*(?!null|\s)/.test(start)) return false;
  const member = /"id"\s*:\s*("(?:[^"\\]|\\.)*"?)?/.exec(start);
  if (!member) return false;
  const [whole, id = ""] = member;
  const expected = JSON.stringify(jobId);
  const isAtEnd = member.index + whole.length === start.length;
  return id === expected || (isAtEnd && expected.startsWith(id));
}

/** Checks a job. */
export function checkJob(job: FineTuningJob, jobId: string | undefined): Violations {
  const found = findViolations(jobSchema, job);
  if (jobId === undefined || job.id === jobId) return found;
  const otherId = { pointer: "/id", expected: "the id that was asked for", actual: "string" };
  return {
    violations: [otherId, ...found.violations].slice(0, MOST_VIOLATIONS),
    violationCount: found.violationCount + 1,
  };
}

/** A violation in words: `/seed: expected integer or null, got string`. Member names are cleaned and shortened. */
export function describeViolation({ pointer, expected, actual }: Violation): string {
  const place = oneLine(pointer) || "the body";
  return actual === "absent" ? `${place}: missing` : `${place}: expected ${expected}, got ${actual}`;
}
