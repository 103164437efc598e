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

/**
 * Reads the job out of the whole body of a 2xx answer: a JSON object with a string `id` and a string `status`. `shown` is
 * the text without credentials.
 */
export function readJob(text: string, shown = () => text): Reading {
  const showing = (what: string) => {
    const words = excerpt(shown());
    return words === "" ? what : `${what}: ${words}`;
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (text.trim() === "") return { problem: "an empty body" };
    const what = /^\s*</.test(text) ? "an HTML page" : "a body that is not JSON";
    return { problem: showing(what), isIncomplete: true };
  }
  const type = jsonType(value);
  if (type !== "object") return { problem: showing(`JSON of type ${type} in place of a job`) };
  const { id, status, error } = value as Record<string, unknown>;
  if (typeof id === "string" && typeof status === "string") return { job: value as FineTuningJob };
  const what = error ? "an error body" : "an object that has no id and status of a job";
  return { problem: showing(what) };
}

/** Members of the error bodies that were observed. One that names the job may have an `id` too. */
const OF_ERRORS = new Set(["error", "message", "code", "statusCode", "detail", "title"].map((name) => `"${name}"`));

/** Whether a body that isn't whole JSON is the beginning of this job: an object that has come as far as its id. */
export function beginsJob(text: string, jobId: string): boolean {
  const expected = JSON.stringify(jobId);
  for (const { name, value, isWhole } of membersOf(text)) {
    if (name === '"id"') return value === expected || (!isWhole && expected.startsWith(value));
    // A name with an escape may be any of these.
    if (name.includes("\\") || (OF_ERRORS.has(name) && value !== "null")) return false;
  }
  return false;
}

/** The members of an object that may break off, as they are written; `isWhole` where something follows the value. */
function* membersOf(text: string): Iterable<{ name: string; value: string; isWhole: boolean }> {
  let at = skipSpace(text, 0);
  if (text[at] !== "{") return;
  do {
    const start = skipSpace(text, at + 1);
    const end = endOfString(text, start);
    const colon = skipSpace(text, end);
    if (text[start] !== '"' || text[colon] !== ":") return;
    at = endOfValue(text, colon + 1);
    yield { name: text.slice(start, end), value: text.slice(colon + 1, at).trim(), isWhole: at < text.length };
  } while (text[at] === ",");
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (" \t\r\n".includes(text[at] ?? "x")) at++;
  return at;
}

/** Where the string that begins at `start` has ended. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return Math.min(at + 1, text.length);
}

/** Where a value ends: at the next comma, or at the end of what it is in. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const character = text[at] as string;
    if (depth === 0 && ",}]".includes(character)) break;
    if ("{[".includes(character)) depth++;
    if ("}]".includes(character)) depth--;
    at = character === '"' ? endOfString(text, at) : at + 1;
  }
  return at;
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
