import { backoffMs, retryAfterMs } from "./backoff.js";
import { apiError, type Exchange } from "./decode.js";
import {
  AbortError,
  ConfigurationError,
  ConnectionError,
  type ErrorDetails,
  type FineTuningClientError,
  mostOf,
  type Outcome,
  TimeoutError,
  withHindsight,
} from "./errors.js";
import { type Config, checkCredential, tell } from "./options.js";
import { Redactor } from "./redact.js";

/** What one call decides for itself. */
export interface Call {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly maxRetries: number;
}

/** How one attempt ended: with an answer, or with an error that waits for what the other attempts came to. */
type End = { readonly outcome: Outcome; readonly retry: boolean } & (
  | { readonly answer: Pick<Exchange, "response" | "body" | "cut"> }
  | { readonly toError: (message: (text: string) => string, details: ErrorDetails) => FineTuningClientError }
);

/** The causes of an interrupted attempt, by identity. */
const DEADLINE = Symbol("deadline");
const ABORT = Symbol("abort");

/**
 * Sends a request, again where that may help, and resolves with the last answer, whatever its status.
 * Throws {@link ConnectionError}, {@link TimeoutError}, {@link AbortError}, or {@link ConfigurationError} for a token
 * provider that yields no token.
 */
export async function send(request: Request, call: Call, config: Config): Promise<Exchange> {
  const { signal } = call;
  const redactor = new Redactor();
  const requestId = request.headers.get("x-ms-client-request-id") ?? randomId();
  let attempts = 0;
  let overall: Outcome = "not-sent";
  if (signal?.aborted) throw aborted(signal)((text) => text, { outcome: overall, attempts });

  for (;;) {
    const end = await attempt(request, requestId, call, config, redactor, () => attempts++);
    overall = mostOf(overall, end.outcome);
    const toExchange = (answer: Pick<Exchange, "response" | "body" | "cut">): Exchange => ({
      ...answer,
      attempts,
      outcome: end.outcome,
      overall,
      redactor,
    });
    const message = (text: string) => withHindsight(text, end.outcome, overall);
    const toError = () =>
      "answer" in end ? apiError(toExchange(end.answer)) : end.toError(message, { outcome: overall, attempts });

    const asked = "answer" in end ? retryAfterMs(end.answer.response.headers) : undefined;
    const delayMs = asked ?? Math.min(backoffMs(attempts), config.maxRetryDelayMs);
    if (!end.retry || attempts > call.maxRetries || delayMs > config.maxRetryDelayMs) {
      if ("answer" in end) return toExchange(end.answer);
      throw toError();
    }
    if (config.onRetry) tell("onRetry", config.onRetry, { attempt: attempts, delayMs, cause: toError() });
    await sleep(delayMs, signal);
    if (signal?.aborted) throw aborted(signal)(message, { outcome: overall, attempts });
  }
}

/** One attempt, from the credential to the end of the body, within its deadline. */
async function attempt(
  request: Request,
  requestId: string,
  { signal, timeoutMs }: Call,
  config: Config,
  redactor: Redactor,
  onStart: () => void,
): Promise<End> {
  const { endpoint } = config;
  const interrupt = new AbortController();
  const timer = setTimeout(() => interrupt.abort(DEADLINE), timeoutMs);
  const unlisten = onAbort(signal, () => interrupt.abort(ABORT));

  let outcome = "not-sent" as Outcome;
  let response: Response | undefined;
  const chunks: Uint8Array[] = [];

  const answered = (answer: Response, cut: Exchange["cut"]): End => ({
    outcome,
    retry: isRetried(answer.status),
    answer: { response: answer, body: join(chunks), cut },
  });
  const failed = (
    kind: typeof ConnectionError | typeof ConfigurationError,
    text: string,
    cause?: { cause: unknown },
  ): End => ({
    outcome,
    retry: kind === ConnectionError,
    toError: (message, details) => new kind(message(text), { ...details, ...cause }),
  });

  /** Goes on after an interruption, so it looks for one before it sends anything. */
  const work = async (): Promise<End> => {
    const headers = new Headers(request.headers);
    headers.set("x-ms-client-request-id", requestId);
    try {
      const { name, prefix, secret } = await getCredential(config.credential);
      redactor.add(secret);
      headers.set(name, prefix + secret);
    } catch (error) {
      if (error instanceof ConfigurationError) return failed(ConfigurationError, error.message);
      return failed(ConfigurationError, "tokenProvider threw an error.", { cause: redactor.cause(error) });
    }
    interrupt.signal.throwIfAborted();
    onStart();
    outcome = "unknown";
    try {
      response = await (config.fetch ?? globalThis.fetch)(request, {
        headers,
        signal: interrupt.signal,
        redirect: "manual",
      });
      outcome = outcomeOf(response.status);
      return answered(response, await readBody(response, chunks, config.maxResponseBytes, interrupt.signal));
    } catch (error) {
      interrupt.signal.throwIfAborted();
      // A status that is no 2xx says all there is to know, with or without the rest of the body.
      if (response && outcome !== "accepted") return answered(response, "broken");
      const cause = { cause: redactor.cause(error) };
      if (response) {
        return failed(
          ConnectionError,
          `The service answered ${response.status}, but the connection broke off in the body.`,
          cause,
        );
      }
      const { mayHaveLeft, reason } = diagnose(error);
      if (!mayHaveLeft) outcome = "not-sent";
      const text = mayHaveLeft
        ? `The connection to ${endpoint} failed before an answer came (${reason}). The job may have been cancelled.`
        : `No connection to ${endpoint} could be made (${reason}).`;
      return failed(ConnectionError, text, cause);
    }
  };

  try {
    const interrupted = new Promise<never>((_, reject) => {
      interrupt.signal.addEventListener("abort", () => reject(interrupt.signal.reason));
    });
    return await Promise.race([work(), interrupted]);
  } catch (reason) {
    if (reason === ABORT) return { outcome, retry: false, toError: aborted(signal) };
    if (response && outcome !== "accepted") return answered(response, "broken");
    const text = response
      ? `The service answered ${response.status}, but its body did not end within ${timeoutMs} ms.`
      : outcome === "not-sent"
        ? `tokenProvider yielded no token within ${timeoutMs} ms.`
        : `${endpoint} did not answer within ${timeoutMs} ms. The job may have been cancelled.`;
    return {
      outcome,
      retry: outcome !== "not-sent",
      toError: (message, details) => new TimeoutError(message(text), { ...details, timeoutMs }),
    };
  } finally {
    clearTimeout(timer);
    unlisten();
  }
}

function aborted(signal: AbortSignal | undefined) {
  return (message: (text: string) => string, details: ErrorDetails) =>
    new AbortError(message("The call was aborted."), { ...details, cause: signal?.reason });
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return "accepted";
  // 0 is a redirect whose status a browser hides.
  return status === 0 || (status >= 300 && status < 500 && status !== 408) ? "rejected" : "unknown";
}

function isRetried(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status < 600 && status !== 501 && status !== 505);
}

async function getCredential(credential: Config["credential"]) {
  if ("apiKey" in credential) return { name: "api-key", prefix: "", secret: credential.apiKey };
  const token = checkCredential(await credential.tokenProvider(), "What tokenProvider yields");
  return { name: "authorization", prefix: "Bearer ", secret: token };
}

/** Reads a body into `chunks` until it ends or passes `limit` bytes. */
async function readBody(
  response: Response,
  chunks: Uint8Array[],
  limit: number,
  signal: AbortSignal,
): Promise<"too-large" | undefined> {
  if (!response.body) return undefined;
  const reader = response.body.getReader();
  for (let total = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return undefined;
    total += value.byteLength;
    const over = total - limit;
    chunks.push(over > 0 ? value.subarray(0, value.byteLength - over) : value);
    if (over > 0 || signal.aborted) {
      // What is left of the body is of no use, and neither is an error from giving it up.
      reader.cancel().catch(() => {});
      return "too-large";
    }
  }
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const whole = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

/**
 * Codes of failures that come before a connection carries a request, as Node's `fetch` gives them in `cause.code`
 * (observed on Node 20 to 26), and Bun as `code`. Any other failure may have come after.
 */
const BEFORE_SENDING = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "EAI_NODATA",
  "EAI_NONAME",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_INVALID_ARG",
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REVOKED",
  "CERT_UNTRUSTED",
  "CERT_REJECTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ConnectionRefused",
]);

/** Tells from what `fetch` threw whether a request may have left, and why it failed, in a word. */
function diagnose(error: unknown): { mayHaveLeft: boolean; reason: string } {
  let reason = "";
  for (let link = error, depth = 0; typeof link === "object" && link !== null && depth < 5; depth++) {
    // Where a name has several addresses, each was tried: all have to have failed early.
    const tries = Array.isArray((link as AggregateError).errors) ? (link as AggregateError).errors : [link];
    const codes = tries.map((each) => (each as { code?: unknown } | null)?.code);
    if (codes.length > 0 && codes.every((code) => typeof code === "string" && BEFORE_SENDING.has(code))) {
      return { mayHaveLeft: false, reason: String(codes[0]) };
    }
    const code = codes.find((each) => typeof each === "string");
    if (typeof code === "string") reason = code;
    link = (link as Error).cause;
  }
  return { mayHaveLeft: true, reason: reason || (error instanceof Error ? error.name : "no reason given") };
}

/** Resolves after `ms`, or as soon as the signal aborts. */
function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      unlisten();
      resolve();
    };
    const timer = setTimeout(end, ms);
    const unlisten = onAbort(signal, end);
    if (signal?.aborted) end();
  });
}

const listeners = new WeakMap<AbortSignal, { callbacks: Set<() => void>; tellAll: () => void }>();

/**
 * Calls back when the signal aborts; returns what ends that. However many calls share a signal, it has one listener, and
 * none when no call is under way: Node warns of a leak at the eleventh.
 */
function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (!signal) return () => {};
  let listener = listeners.get(signal);
  if (!listener) {
    const callbacks = new Set<() => void>();
    const tellAll = () => {
      for (const each of callbacks) each();
    };
    listener = { callbacks, tellAll };
    listeners.set(signal, listener);
    signal.addEventListener("abort", tellAll);
  }
  const { callbacks, tellAll } = listener;
  callbacks.add(callback);
  return () => {
    if (!callbacks.delete(callback) || callbacks.size > 0) return;
    signal.removeEventListener("abort", tellAll);
    listeners.delete(signal);
  };
}

/** A random UUID; `crypto.randomUUID` is missing on pages that came over plain http. */
function randomId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
