import { ConfigurationError, type FineTuningClientError } from "./errors.js";
import type { Violation } from "./violations.js";

/** Told of each retry, before its wait. */
export interface RetryEvent {
  /** The attempt that failed; 1 for the first. */
  readonly attempt: number;
  /** The wait before the next attempt, in ms. */
  readonly delayMs: number;
  /** What went wrong with the attempt. */
  readonly cause: FineTuningClientError;
}

/** Options of `createFineTuningClient`. The set is closed: any other name is a {@link ConfigurationError}. */
export interface FineTuningClientOptions {
  /**
   * Origin of the service, for instance `https://my-resource.openai.azure.com`. A trailing slash, `/openai` or
   * `/openai/v1` is taken off. Has to be https, unless the host is loopback or `allowInsecureConnection` is true.
   * Default: the environment variable `AZURE_OPENAI_ENDPOINT`.
   */
  endpoint?: string | undefined;
  /** Key of the resource, sent as `api-key`. Default: the environment variable `AZURE_OPENAI_API_KEY`. */
  apiKey?: string | undefined;
  /**
   * Called for each attempt; what it returns is sent as a bearer token. Fits `getBearerTokenProvider` of
   * `@azure/identity`. Not together with `apiKey`; the environment's key is left alone when this is given.
   */
  tokenProvider?: (() => string | Promise<string>) | undefined;
  /** Allow `http:` to a host that is not loopback. The credential then crosses the network in the clear. Default: false. */
  allowInsecureConnection?: boolean | undefined;
  /** Deadline of one attempt in ms, token and body included; 1 to 2147483647. Default: 30000. */
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
  /** Told of each violation when `validation` is `"report"`. Default: one `console.warn` for each distinct violation. */
  onViolation?: ((violation: Violation) => void) | undefined;
  /** Told of each retry, before its wait. Default: nobody is told. */
  onRetry?: ((event: RetryEvent) => void) | undefined;
  /** Extra headers of every request. Credentials go into `apiKey` or `tokenProvider`. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** The `fetch` to use. Default: `globalThis.fetch`, looked up at each call. */
  fetch?: typeof globalThis.fetch | undefined;
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

/** The client's options, checked, with defaults filled in. */
export interface Config {
  readonly endpoint: string;
  readonly credential: { readonly apiKey: string } | { readonly tokenProvider: () => string | Promise<string> };
  readonly timeoutMs: number;
  readonly maxRetries: number;
  readonly maxRetryDelayMs: number;
  readonly maxResponseBytes: number;
  readonly validation: "report" | "strict" | "off";
  readonly onViolation: ((violation: Violation) => void) | undefined;
  readonly onRetry: ((event: RetryEvent) => void) | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof globalThis.fetch | undefined;
}

const CLIENT_OPTIONS: Record<keyof FineTuningClientOptions, true> = {
  endpoint: true,
  apiKey: true,
  tokenProvider: true,
  allowInsecureConnection: true,
  timeoutMs: true,
  maxRetries: true,
  maxRetryDelayMs: true,
  maxResponseBytes: true,
  validation: true,
  onViolation: true,
  onRetry: true,
  headers: true,
  fetch: true,
};
const REQUEST_OPTIONS: Record<keyof RequestOptions, true> = {
  signal: true,
  timeoutMs: true,
  maxRetries: true,
  headers: true,
};

const MAX_TIMER_MS = 2 ** 31 - 1;
const MAX_RETRIES = 100;

/** Calls an option back. Nothing that the callback does changes what becomes of the call. */
export function tell<T>(name: keyof FineTuningClientOptions, callback: (value: T) => unknown, value: T): void {
  const complain = () => console.warn(`fine-tuning-client: ${name} threw an error, which was ignored.`);
  try {
    Promise.resolve(callback(value)).catch(complain);
  } catch {
    complain();
  }
}

/** Checks the client's options and fills in the defaults. Throws {@link ConfigurationError}. */
export function resolveClientOptions(options: FineTuningClientOptions): Config {
  refuseUnknown(options, CLIENT_OPTIONS, "createFineTuningClient");
  const allowInsecureConnection = check(options, "allowInsecureConnection", "boolean") ?? false;
  const { validation = "report" } = options;
  if (validation !== "report" && validation !== "strict" && validation !== "off") {
    throw new ConfigurationError('validation must be "report", "strict" or "off".');
  }
  return {
    endpoint: resolveEndpoint(options.endpoint, allowInsecureConnection),
    credential: resolveCredential(options),
    timeoutMs: integer("timeoutMs", options.timeoutMs, 1, MAX_TIMER_MS) ?? 30_000,
    maxRetries: integer("maxRetries", options.maxRetries, 0, MAX_RETRIES) ?? 2,
    maxRetryDelayMs: integer("maxRetryDelayMs", options.maxRetryDelayMs, 0, MAX_TIMER_MS) ?? 60_000,
    maxResponseBytes: integer("maxResponseBytes", options.maxResponseBytes, 1, Number.MAX_SAFE_INTEGER) ?? 1_048_576,
    validation,
    onViolation: check(options, "onViolation", "function"),
    onRetry: check(options, "onRetry", "function"),
    headers: resolveHeaders(options.headers),
    fetch: check(options, "fetch", "function"),
  };
}

/** One call's options, checked; the client's fill the gaps. Throws {@link ConfigurationError}. */
export function resolveRequestOptions(options: RequestOptions, config: Config) {
  refuseUnknown(options, REQUEST_OPTIONS, "cancel");
  const { signal } = options;
  if (
    signal !== undefined &&
    !(typeof signal === "object" && signal !== null && "aborted" in signal && "addEventListener" in signal)
  ) {
    throw new ConfigurationError("signal must be an AbortSignal.");
  }
  return {
    signal,
    timeoutMs: integer("timeoutMs", options.timeoutMs, 1, MAX_TIMER_MS) ?? config.timeoutMs,
    maxRetries: integer("maxRetries", options.maxRetries, 0, MAX_RETRIES) ?? config.maxRetries,
    headers: resolveHeaders(options.headers),
  };
}

/**
 * Checks a credential: a string that can be a header's value, unchanged. Its text is in no message.
 * Throws {@link ConfigurationError}.
 */
export function checkCredential(value: unknown, name: string): string {
  if (typeof value !== "string" || value === "")
    throw new ConfigurationError(`${name} must be a string that is not empty.`);
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new ConfigurationError(
      `${name} holds a space, a line break or another character that no credential has. Was it read from a file, with the line break at the end?`,
    );
  }
  return value;
}

function resolveEndpoint(option: string | undefined, allowInsecureConnection: boolean): string {
  const name = option === undefined ? "AZURE_OPENAI_ENDPOINT" : "endpoint";
  const text: unknown = option === undefined ? environment("AZURE_OPENAI_ENDPOINT") : option;
  if (text === undefined) {
    throw new ConfigurationError(
      "No endpoint: give `endpoint`, for instance https://my-resource.openai.azure.com, or set AZURE_OPENAI_ENDPOINT.",
    );
  }
  // The text itself is in no message: a credential may stand in it.
  if (typeof text !== "string") throw new ConfigurationError(`${name} must be a string.`);
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ConfigurationError(`${name} is not a URL. It looks like https://my-resource.openai.azure.com.`);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new ConfigurationError(`${name} must start with https://.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new ConfigurationError(`${name} must hold no user name and no password. Use apiKey or tokenProvider.`);
  }
  if (/[?#]/.test(text)) throw new ConfigurationError(`${name} must have no query and no fragment.`);
  if (!/^\/*(?:openai\/*(?:v1\/*)?)?$/.test(url.pathname)) {
    throw new ConfigurationError(`${name} must be an origin, without a path other than /openai/v1.`);
  }
  if (url.protocol === "http:" && !allowInsecureConnection && !isLoopback(url.hostname)) {
    throw new ConfigurationError(
      `${name} must start with https://: over http the credential crosses the network in the clear. allowInsecureConnection permits it.`,
    );
  }
  return url.origin;
}

function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

function resolveCredential(options: FineTuningClientOptions): Config["credential"] {
  const tokenProvider = check(options, "tokenProvider", "function");
  if (tokenProvider !== undefined) {
    if (options.apiKey !== undefined) throw new ConfigurationError("Give apiKey or tokenProvider, not both.");
    return { tokenProvider };
  }
  if (options.apiKey !== undefined) return { apiKey: checkCredential(options.apiKey, "apiKey") };
  const apiKey = environment("AZURE_OPENAI_API_KEY");
  if (apiKey === undefined) {
    throw new ConfigurationError("No credential: give `apiKey` or `tokenProvider`, or set AZURE_OPENAI_API_KEY.");
  }
  return { apiKey: checkCredential(apiKey, "AZURE_OPENAI_API_KEY") };
}

/** Headers that carry the credential, or that the connection itself decides. */
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

function resolveHeaders(headers: unknown): Readonly<Record<string, string>> {
  if (headers === undefined) return {};
  if (typeof headers !== "object" || headers === null || Symbol.iterator in headers || headers instanceof Headers) {
    throw new ConfigurationError("headers must be a plain object of strings.");
  }
  for (const [name, value] of Object.entries(headers)) {
    // RFC 9110: a name is a token; a value has no control characters. The value is in no message.
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name))
      throw new ConfigurationError(`headers: ${JSON.stringify(name)} is not a header's name.`);
    if (RESERVED_HEADERS.has(name.toLowerCase())) {
      throw new ConfigurationError(
        `headers: ${name} is not yours to set. Credentials go into apiKey or tokenProvider.`,
      );
    }
    if (typeof value !== "string" || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new ConfigurationError(
        `headers: the value of ${name} must be a string of characters that a header can hold.`,
      );
    }
  }
  return { ...(headers as Record<string, string>) };
}

function refuseUnknown(options: unknown, known: object, what: string): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new ConfigurationError(`The options of ${what} must be an object.`);
  }
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `${what} has no option ${JSON.stringify(unknown)}. Its options: ${Object.keys(known).join(", ")}.`,
    );
  }
}

function check<O extends object, N extends keyof O & string>(
  options: O,
  name: N,
  type: "function" | "boolean",
): O[N] | undefined {
  const value = options[name];
  if (value !== undefined && typeof value !== type) throw new ConfigurationError(`${name} must be a ${type}.`);
  return value;
}

function integer(name: string, value: unknown, least: number, most: number): number | undefined {
  if (value === undefined) return undefined;
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) {
    throw new ConfigurationError(`${name} must be an integer from ${least} to ${most}.`);
  }
  return value as number;
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
