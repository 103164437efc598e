import type { FineTuningJob } from "../generated/types.js";
import validateJob from "../generated/validate-job.js";
import { retryAfterMs } from "./backoff.js";
import { ApiError, ContractViolationError, type Outcome, ResponseError, withHindsight } from "./errors.js";
import type { Config } from "./options.js";
import type { Redactor } from "./redact.js";
import { findViolations, jsonType, type Violation } from "./violations.js";

/** The last answer of a call, with its body read, and what the call's attempts came to. */
export interface Exchange {
  readonly response: Response;
  readonly body: Uint8Array;
  /** Why `body` is not all of it, when it is not: it passed `maxResponseBytes`, or broke off. */
  readonly cut: "too-large" | "broken" | undefined;
  readonly attempts: number;
  /** What this answer says of the job. */
  readonly outcome: Outcome;
  /** What is known of the job, over all attempts. */
  readonly overall: Outcome;
  /** Knows the credentials that were sent. */
  readonly redactor: Redactor;
}

/** A job, and where it differs from the accepted contract. */
export interface Decoded {
  readonly job: FineTuningJob;
  readonly violations: readonly Violation[];
}

/** How much of a body an error message shows, in characters. */
const EXCERPT_LENGTH = 200;
/** How much of a body that is no JSON an `ApiError` keeps, in characters. */
const TEXT_LENGTH = 4_000;

const decoder = new TextDecoder();

/**
 * Reads the job out of an answer. Throws {@link ApiError} for a status other than 2xx, {@link ResponseError} for a body
 * that is no job, and {@link ContractViolationError} for a violation where `validation` is `"strict"`.
 */
export function decodeJob(exchange: Exchange, config: Config): Decoded {
  const { response, redactor } = exchange;
  if (!response.ok) throw apiError(exchange);
  const job = parseJob(exchange, config);
  const found = config.validation === "off" ? [] : findViolations(validateJob, job);
  const violations = found.map((violation) => ({ ...violation, pointer: redactor.text(violation.pointer) }));
  if (violations.length > 0 && config.validation === "strict") {
    const first = violations
      .slice(0, 3)
      .map(({ pointer, expected, actual }) => `${pointer}: expected ${expected}, got ${actual}`);
    const more = violations.length > first.length ? `; and ${violations.length - first.length} more` : "";
    throw new ContractViolationError(
      `The service answered ${response.status}, but the job violates the contract: ${first.join("; ")}${more}.`,
      { ...knownOf(exchange), violations, body: redactor.json(job) },
    );
  }
  return { job, violations };
}

function parseJob(exchange: Exchange, config: Config): FineTuningJob {
  const { response } = exchange;
  const refuse = (what: string, text: string) => {
    const shown = excerpt(exchange.redactor.text(text));
    const message = `The service answered ${response.status} with ${what}${shown === "" ? "" : `: ${shown}`}`;
    return new ResponseError(message, { ...knownOf(exchange), status: response.status });
  };
  const text = decoder.decode(exchange.body);
  if (exchange.cut === "too-large") throw refuse(`a body of more than ${config.maxResponseBytes} bytes`, text);
  let job: unknown;
  try {
    job = JSON.parse(text);
  } catch {
    if (text.trim() === "") throw refuse("an empty body", "");
    throw refuse(/^\s*</.test(text) ? "an HTML page" : "a body that is not JSON", text);
  }
  const type = jsonType(job);
  if (type !== "object") throw refuse(`JSON of type ${type} where a job belongs`, text);
  return job as FineTuningJob;
}

/** The {@link ApiError} that an answer other than 2xx stands for. */
export function apiError(exchange: Exchange): ApiError {
  const { response, redactor } = exchange;
  const text = redactor.text(decoder.decode(exchange.body));
  let body: unknown = text === "" ? undefined : text.slice(0, TEXT_LENGTH);
  try {
    body = redactor.json(JSON.parse(text));
  } catch {
    // The text stands for a body that is no JSON.
  }
  const said = readError(body);
  const hidden = response.type === "opaqueredirect";
  const redirect = hidden || (response.status >= 300 && response.status < 400);
  const asked = retryAfterMs(response.headers);
  const reason = excerpt(said.message ?? text);
  const message = [
    hidden ? "The service answered with a redirect" : `The service answered ${response.status}`,
    said.code === undefined || said.code === String(response.status) ? "" : ` (${excerpt(said.code)})`,
    reason === "" ? "" : `: ${reason}`,
    /[.!?…]$/.test(reason) ? "" : ".",
    redirect ? " Redirects are not followed: check the endpoint." : "",
    asked ? ` It asks to wait ${asked} ms.` : "",
  ].join("");
  return new ApiError(withHindsight(message, exchange.outcome, exchange.overall), {
    ...knownOf(exchange),
    status: response.status,
    code: said.code,
    param: said.param,
    type: said.type,
    retryAfterMs: asked,
    body,
  });
}

/** `apim-request-id`, by which Azure's diagnostics know the call, else `x-request-id`. */
export function requestIdOf({ response, redactor }: Exchange): string | undefined {
  const id = response.headers.get("apim-request-id") ?? response.headers.get("x-request-id");
  return id === null ? undefined : redactor.text(id);
}

function knownOf(exchange: Exchange) {
  return { outcome: exchange.overall, attempts: exchange.attempts, requestId: requestIdOf(exchange) };
}

interface Said {
  message: string | undefined;
  code: string | undefined;
  param: string | undefined;
  type: string | undefined;
}

/**
 * What an error body says, in every shape that was observed: `{error:{code,message,param,type}}`, the same with
 * `innererror`, `{error:"…"}`, flat `{statusCode,message}`, `{detail}`, and RFC 9457 problem details.
 */
function readError(body: unknown): Said {
  const outer = toRecord(body);
  const error = toRecord(outer.error);
  const inner = toRecord(error.inner_error ?? error.innererror);
  return {
    message: firstText(
      error.message,
      outer.error,
      inner.message,
      outer.message,
      outer.detail,
      outer.title,
      toDetails(outer.detail),
    ),
    code: firstText(error.code, outer.code, inner.code, outer.statusCode),
    param: firstText(error.param, outer.param),
    type: firstText(error.type, outer.type),
  };
}

/** FastAPI gives `detail` as a list of `{ msg }`. */
function toDetails(detail: unknown): string | undefined {
  return Array.isArray(detail) ? detail.map((each) => firstText(toRecord(each).msg, each)).join("; ") : undefined;
}

function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function firstText(...values: unknown[]): string | undefined {
  const found = values.find((value) => (typeof value === "string" && value.trim() !== "") || typeof value === "number");
  return found === undefined ? undefined : String(found);
}

/** A text for a person: without markup and control characters, on one line, cut short. */
function excerpt(text: string): string {
  const clean = text
    .slice(0, 20 * EXCERPT_LENGTH)
    .replace(/<(script|style)\b.*?<\/\1\s*>|<[^>]*>/gis, " ")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go
    .replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]+/g, " ")
    .trim();
  return clean.length > EXCERPT_LENGTH ? `${clean.slice(0, EXCERPT_LENGTH).replace(/[\ud800-\udbff]$/, "")}…` : clean;
}
