/** One call as attempts. */
import { isAborted, sleep } from "./abort.js";
import { makeAttempt, type Outgoing } from "./attempt.js";
import { type Call, type Conclusion, type Ended, outcomeOf, requestIdOf } from "./call.js";
import { conclude, errorOf, isRetried } from "./conclusion.js";
import { checkRequestUrl } from "./endpoint.js";
import { ConfigurationError } from "./errors.js";
import { type AttemptEvent, type Config, runCallback, secretsIn } from "./options.js";
import { backoffMs, retryAfterMs } from "./retry.js";

/**
 * Sends a request, again where that may help, and resolves with how the last attempt ended. Attempts and the highest
 * outcome are kept in `call`.
 */
export async function send(outgoing: Outgoing, call: Call, config: Config): Promise<Conclusion> {
  for (let retry = 0; ; retry++) {
    const conclusion = conclude(await makeAttempt(outgoing, call, config), call, config);
    if (config.onAttempt) {
      const event = attemptEvent(conclusion, outgoing, call, config);
      runCallback("onAttempt", config.onAttempt, event, call.redactor);
    }
    if (retry >= call.maxRetries || !isRetried(conclusion)) return conclusion;
    const delayMs = delayAfter(conclusion, retry, config);
    if (delayMs > config.maxRetryDelayMs) return conclusion;

    const cause = errorOf(conclusion, call, config);
    if (config.onRetry && cause) {
      const { jobId, attempts: attempt } = call;
      runCallback("onRetry", config.onRetry, { jobId, attempt, delayMs, cause }, call.redactor);
    }
    await sleep(delayMs, call.stop);
    if (isAborted(call.stop)) return conclude(ABORTED_IN_WAIT, call, config);
  }
}

const ABORTED_IN_WAIT: Ended = { how: "aborted", sent: false, answer: undefined, value: undefined, durationMs: 0 };

/** What the service asks for, else the backoff within `maxRetryDelayMs`. */
function delayAfter({ answer }: Ended, retry: number, { maxRetryDelayMs }: Config): number {
  return (answer && retryAfterMs(answer.header)) ?? Math.min(backoffMs(retry + 1), maxRetryDelayMs);
}

function attemptEvent(conclusion: Conclusion, { method, url }: Outgoing, call: Call, config: Config): AttemptEvent {
  return {
    jobId: call.jobId,
    method,
    url: call.redactor.text(url),
    attempt: call.attempts,
    status: conclusion.answer?.status,
    error: errorOf(conclusion, call, config),
    outcome: outcomeOf(call),
    durationMs: conclusion.durationMs,
    clientRequestId: call.clientRequestId,
    requestId: requestIdOf(conclusion.answer, call),
  };
}

/** Members of a request that a caller of `client.http` may have set, with the values that mean "not set". */
const DEFAULTS = { cache: "default", credentials: "same-origin", integrity: "", keepalive: false, referrerPolicy: "" };

/**
 * Reads a request, its body included, so that it can be sent more than once.
 * Throws {@link ConfigurationError} for a request that must not be sent.
 */
export async function prepare(request: Request, call: Call, { endpoint }: Config): Promise<Outgoing> {
  checkRequestUrl(request.url, endpoint);
  // Copied, because a middleware may keep and change its request.
  const headers = call.isObserved ? new Headers(request.headers) : request.headers;
  call.clientRequestId = headers.get("x-ms-client-request-id") || call.clientRequestId;
  // Those that a middleware or `client.http` has set.
  if (call.isObserved) call.redactor = call.redactor.with(...secretsIn(Object.fromEntries(headers)));
  headers.set("x-ms-client-request-id", call.clientRequestId);
  return {
    url: request.url,
    method: request.method,
    headers,
    body: request.body === null ? undefined : await readRequestBody(request),
    more: call.isObserved ? settingsOf(request) : {},
  };
}

function settingsOf(request: Request): RequestInit {
  const members = Object.entries(DEFAULTS)
    .map(([name, unset]) => [name, request[name as keyof Request], unset])
    .filter(([, value, unset]) => value !== undefined && value !== unset);
  return Object.fromEntries(members);
}

async function readRequestBody(request: Request): Promise<ArrayBuffer | undefined> {
  try {
    const body = await request.arrayBuffer();
    return body.byteLength > 0 ? body : undefined;
  } catch {
    throw new ConfigurationError(
      "The body of the request can't be read. A middleware must pass on a body that is not used.",
    );
  }
}
