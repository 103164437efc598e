import { isAbortSignal } from "./abort.js";
import { checkCredential, checkEndpoint } from "./endpoint.js";
import { ConfigurationError, type FineTuningError, isConfigurationError, type Outcome } from "./errors.js";
import { Redactor } from "./redact.js";
import { messageOf, oneLine, sentence } from "./text.js";
import type { Violation } from "./violations.js";

/** What `onRetry` is called with, before each wait. */
export interface RetryEvent {
  /** The job that is being cancelled. */
  readonly jobId: string | undefined;
  /** The attempt that failed; 1 for the first. */
  readonly attempt: number;
  /** The wait before the next attempt, in ms. */
  readonly delayMs: number;
  /** What went wrong with the attempt. */
  readonly cause: FineTuningError;
}

/** What `onAttempt` is called with, after each attempt. It contains no credential. */
export interface AttemptEvent {
  /** The job that is being cancelled. */
  readonly jobId: string | undefined;
  /** The request's method: `POST`. */
  readonly method: string;
  /** The request's URL. */
  readonly url: string;
  /**
   * How many requests the call has started so far: 1 at the first attempt. An attempt that got no credential started none, so
   * it has the number of the one before, and the first 0.
   */
  readonly attempt: number;
  /** The HTTP status; `undefined` when no answer came. */
  readonly status: number | undefined;
  /** What went wrong; `undefined` when a job came back. */
  readonly error: FineTuningError | undefined;
  /** What is known of the job so far, over all attempts of the call. */
  readonly outcome: Outcome;
  /** How long the attempt took, credential and body included, in ms. */
  readonly durationMs: number;
  /** The `x-ms-client-request-id` that all attempts of the call have. */
  readonly clientRequestId: string;
  /** `apim-request-id`, else `x-request-id`, of the answer; `undefined` when there is none. */
  readonly requestId: string | undefined;
}

/** Options of `createFineTuningClient`. The set is closed: any other name is a {@link ConfigurationError}. */
export interface FineTuningClientOptions {
  /**
   * Where the service is: an origin, for instance `https://my-resource.openai.azure.com`, or an origin with the base path
   * of a gateway, for instance `https://contoso.azure-api.net/aoai`. A trailing slash, `/openai` or `/openai/v1` is taken
   * off. Must be https, unless the host is loopback or `allowInsecureConnection` is true.
   * Default: the environment variable `AZURE_OPENAI_ENDPOINT`.
   */
  endpoint?: string | undefined;
  /** Key of the resource, sent as `api-key`. Default: the environment variable `AZURE_OPENAI_API_KEY`. */
  apiKey?: string | undefined;
  /**
   * Called for each attempt; what it returns or resolves with is sent as a bearer token. Fits `getBearerTokenProvider` of
   * `@azure/identity`. Not together with `apiKey`; the environment's key is left alone when this is given.
   */
  tokenProvider?: (() => string | Promise<string>) | undefined;
  /** Allow `http:` to a host that is not loopback. The credential then crosses the network in the clear. Default: false. */
  allowInsecureConnection?: boolean | undefined;
  /**
   * Deadline of one attempt in ms, token and body included; 1 to 300000, because `fetch` itself gives up after 300 s; with
   * a `fetch` of your own, up to 2147483647. It also bounds each time that middlewares of `http` take. Default: 30000.
   */
  timeoutMs?: number | undefined;
  /** Attempts after the first; 0 to 100. Default: 2. */
  maxRetries?: number | undefined;
  /**
   * The longest wait between two attempts in ms; 0 to 2147483647. A service that asks for longer is not retried: its
   * error is thrown at once, and its `retryAfterMs` says how long it asked for. Default: 60000.
   */
  maxRetryDelayMs?: number | undefined;
  /** The longest body that is read, in bytes after decompression; at least 1. A longer one is refused. Default: 1048576. */
  maxResponseBytes?: number | undefined;
  /**
   * What happens to a job that violates the accepted contract: `"report"` hands each violation to `onViolation` and
   * returns the job, `"strict"` throws a `ContractViolationError`, `"off"` does not look. Default: `"report"`.
   */
  validation?: "report" | "strict" | "off" | undefined;
  /**
   * Called for each violation, at most 100 for each job, when `validation` is `"report"`.
   * Default: one `console.warn` for each distinct violation.
   */
  onViolation?: ((violation: Violation) => void) | undefined;
  /** Called after each attempt: for logs, metrics and traces. Default: none. */
  onAttempt?: ((event: AttemptEvent) => void) | undefined;
  /** Called before each wait for a retry. Default: none. */
  onRetry?: ((event: RetryEvent) => void) | undefined;
  /**
   * Extra headers of every request. One whose name contains `key`, `token`, `secret`, `password`, `cookie` or
   * `authorization` is masked wherever a credential is. The credential itself is `apiKey` or `tokenProvider`.
   */
  headers?: Readonly<Record<string, string>> | undefined;
  /** The `fetch` to use, called as `fetch(url, init)`. Default: `globalThis.fetch`, looked up at each call. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}

/** Options of one call. The set is closed. */
export interface RequestOptions {
  /** Ends the call when it aborts, whatever the call is doing: an `AbortError` is thrown, with the signal's reason as cause. */
  signal?: AbortSignal | undefined;
  /** Deadline of one attempt of this call in ms. Default: the client's. */
  timeoutMs?: number | undefined;
  /** Attempts of this call after the first. Default: the client's. */
  maxRetries?: number | undefined;
  /** Extra headers of this call; they win over the client's. */
  headers?: Readonly<Record<string, string>> | undefined;
}

/** How each option is checked, and its default filled in. Named here once; the compiler notices a missing one. */
type Rules<Options, Context> = {
  readonly [Name in keyof Options]-?: (value: Options[Name], context: Context) => unknown;
};
type Resolved<R> = { readonly [Name in keyof R]: R[Name] extends (...values: never[]) => infer Value ? Value : never };

const MAX_TIMER_MS = 2 ** 31 - 1;
/** The built-in `fetch` of Node, and of Chromium, waits no longer for an answer. */
const MAX_FETCH_MS = 300_000;
const MAX_RETRIES = 100;

const CLIENT_RULES = {
  endpoint: (value, { allowInsecureConnection }) => resolveEndpoint(value, allowInsecureConnection === true),
  apiKey: (value, options) => resolveApiKey(value, options),
  tokenProvider: (value) => checkType("tokenProvider", value, "function"),
  allowInsecureConnection: (value) => checkType("allowInsecureConnection", value, "boolean"),
  timeoutMs: (value, { fetch }) => checkTimeout(value, fetch) ?? 30_000,
  maxRetries: (value) => checkInteger("maxRetries", value, 0, MAX_RETRIES) ?? 2,
  maxRetryDelayMs: (value) => checkInteger("maxRetryDelayMs", value, 0, MAX_TIMER_MS) ?? 60_000,
  maxResponseBytes: (value) => checkInteger("maxResponseBytes", value, 1, Number.MAX_SAFE_INTEGER) ?? 1_048_576,
  validation: (value) => checkValidation(value) ?? "report",
  onViolation: (value) => checkType("onViolation", value, "function"),
  onAttempt: (value) => checkType("onAttempt", value, "function"),
  onRetry: (value) => checkType("onRetry", value, "function"),
  headers: (value) => checkHeaders(value),
  fetch: (value) => checkType("fetch", value, "function"),
} satisfies Rules<FineTuningClientOptions, FineTuningClientOptions>;

const REQUEST_RULES = {
  signal: (value) => checkSignal(value),
  timeoutMs: (value, { fetch, timeoutMs }) => checkTimeout(value, fetch) ?? timeoutMs,
  maxRetries: (value, { maxRetries }) => checkInteger("maxRetries", value, 0, MAX_RETRIES) ?? maxRetries,
  headers: (value) => checkHeaders(value),
} satisfies Rules<RequestOptions, Config>;

/** The client's options, checked, with defaults filled in. */
export interface Config extends Resolved<typeof CLIENT_RULES> {
  /** Knows the key and the secret headers. */
  readonly redactor: Redactor;
}

/** Checks the client's options and fills in the defaults. Throws {@link ConfigurationError}. */
export function resolveClientOptions(options: FineTuningClientOptions): Config {
  const config = resolve("createFineTuningClient", options, CLIENT_RULES, options);
  const secrets = [...secretsIn(config.headers), ...(config.apiKey === undefined ? [] : [config.apiKey])];
  return { ...config, redactor: new Redactor(secrets) };
}

/** One call's options, checked; the client's fill the gaps. Throws {@link ConfigurationError}. */
export function resolveRequestOptions(options: RequestOptions, config: Config): Resolved<typeof REQUEST_RULES> {
  // It has no members of its own, so it would pass for options that set nothing.
  if (isAbortSignal(options)) throw new ConfigurationError("The signal is an option of cancel: pass { signal }.");
  return resolve("cancel", options, REQUEST_RULES, config);
}

/** Checks options by their rules. Throws {@link ConfigurationError}, also where a getter of the caller's throws. */
function resolve<Options, Context, R extends Rules<Options, Context>>(
  what: string,
  options: Options,
  rules: R,
  context: Context,
): Resolved<R> {
  try {
    return applyRules(what, options, rules, context);
  } catch (thrown) {
    if (isConfigurationError(thrown)) throw thrown;
    throw new ConfigurationError(`The options of ${what} can't be read: ${sentence(oneLine(messageOf(thrown)))}`);
  }
}

/** Runs each rule on the option of its name. The set of options is closed. */
function applyRules<Options, Context, R extends Rules<Options, Context>>(
  what: string,
  options: Options,
  rules: R,
  context: Context,
): Resolved<R> {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    throw new ConfigurationError(`The options of ${what} must be an object.`);
  const names = Object.keys(rules);
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(rules, name));
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `${what} has no option ${JSON.stringify(oneLine(unknown))}. Its options: ${names.join(", ")}.`,
    );
  }
  const resolved = names.map((name) => {
    const key = name as keyof Options & keyof R;
    return [name, (rules[key] as Rules<Options, Context>[keyof Options])(options[key], context)];
  });
  return Object.fromEntries(resolved) as Resolved<R>;
}

/**
 * Runs a callback of the caller's. Whatever it throws or rejects with is reported on the console, never propagated: a
 * callback must not change the result of a call.
 */
export function runCallback<Event>(
  name: keyof FineTuningClientOptions,
  callback: (event: Event) => unknown,
  event: Event,
  redactor: Redactor,
): void {
  const report = (thrown: unknown) => {
    try {
      const message = oneLine(redactor.text(messageOf(thrown)));
      console.warn(`fine-tuning-client: ${name} threw an error, which was ignored: ${message}`);
    } catch {
      // There is no place left to report it.
    }
  };
  try {
    Promise.resolve(callback(event)).catch(report);
  } catch (thrown) {
    report(thrown);
  }
}

function resolveEndpoint(option: unknown, allowInsecureConnection: boolean): string {
  const text = option === undefined ? environment("AZURE_OPENAI_ENDPOINT") : option;
  if (text === undefined) {
    throw new ConfigurationError(
      "No endpoint: pass `endpoint`, for instance https://my-resource.openai.azure.com, or set AZURE_OPENAI_ENDPOINT.",
    );
  }
  return checkEndpoint(text, option === undefined ? "AZURE_OPENAI_ENDPOINT" : "endpoint", {
    allowInsecureConnection,
    advice: " allowInsecureConnection permits it.",
  });
}

/** The key; `undefined` where a token provider takes its place, whatever the environment has. */
function resolveApiKey(option: unknown, { tokenProvider }: FineTuningClientOptions): string | undefined {
  if (tokenProvider !== undefined) {
    if (option !== undefined) throw new ConfigurationError("Pass apiKey or tokenProvider, not both.");
    return undefined;
  }
  if (option !== undefined) return checkCredential(option, "apiKey");
  const apiKey = environment("AZURE_OPENAI_API_KEY");
  if (apiKey === undefined)
    throw new ConfigurationError("No credential: pass `apiKey` or `tokenProvider`, or set AZURE_OPENAI_API_KEY.");
  return checkCredential(apiKey, "AZURE_OPENAI_API_KEY");
}

function checkValidation(value: FineTuningClientOptions["validation"]) {
  if (value !== undefined && value !== "report" && value !== "strict" && value !== "off")
    throw new ConfigurationError('validation must be "report", "strict" or "off".');
  return value;
}

/** Throws {@link ConfigurationError}. */
export function checkSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined || isAbortSignal(value)) return value;
  throw new ConfigurationError("signal must be an AbortSignal.");
}

/** Headers that the client or the connection sets. */
const RESERVED_HEADERS = new Set([
  "api-key",
  "authorization",
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

function checkHeaders(headers: unknown): Readonly<Record<string, string>> {
  if (headers === undefined) return {};
  if (typeof headers !== "object" || headers === null || Symbol.iterator in headers || headers instanceof Headers)
    throw new ConfigurationError("headers must be a plain object of strings.");
  const entries = Object.entries(headers);
  for (const [name, value] of entries) {
    // RFC 9110: a name is a token; a value has no control characters. The value is in no message.
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name))
      throw new ConfigurationError(`headers: ${JSON.stringify(oneLine(name))} is not a header name.`);
    if (RESERVED_HEADERS.has(name.toLowerCase())) {
      const advice = /api-key|authorization/i.test(name) ? " Pass the credential as apiKey or tokenProvider." : "";
      throw new ConfigurationError(`headers: the client sets ${name} itself.${advice}`);
    }
    if (typeof value !== "string" || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw new ConfigurationError(
        `headers: the value of ${oneLine(name)} must be a string of characters that a header can hold.`,
      );
  }
  return Object.fromEntries(entries);
}

/**
 * The values of extra headers that are secrets by their names, `Ocp-Apim-Subscription-Key` for instance: each whole, without
 * its scheme, and as the cookies that it may consist of.
 */
export function secretsIn(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => /key|token|secret|password|cookie|authorization/i.test(name))
    .map(([, value]) => value.trim())
    .flatMap((value) => [value, value.replace(/^\w+ /, ""), ...cookiesIn(value)]);
}

/** Shorter values of cookies are ordinary words. */
const LEAST_COOKIE = 8;

function cookiesIn(value: string): string[] {
  const values = value.split(/; */).map((pair) => pair.replace(/^[^=]*=/, ""));
  return values.filter((each) => each.length >= LEAST_COOKIE);
}

function checkType<Value>(name: string, value: Value, type: "function" | "boolean"): Value {
  if (value !== undefined && typeof value !== type) throw new ConfigurationError(`${name} must be a ${type}.`);
  return value;
}

function checkTimeout(value: unknown, fetch: unknown): number | undefined {
  return checkInteger(
    "timeoutMs",
    value,
    1,
    fetch === undefined ? MAX_FETCH_MS : MAX_TIMER_MS,
    " The built-in fetch gives up after 300 s; pass a fetch of your own for a longer deadline.",
  );
}

function checkInteger(name: string, value: unknown, least: number, most: number, advice = ""): number | undefined {
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
  const tooMuch = Number.isInteger(value) && (value as number) > most;
  throw new ConfigurationError(`${name} must be an integer from ${least} to ${most}.${tooMuch ? advice : ""}`);
}

/** A variable of the environment, where there is one; empty counts as not set. */
function environment(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  try {
    return process?.env?.[name] || undefined;
  } catch {
    // Deno throws where reading the environment is not permitted.
    return undefined;
  }
}
