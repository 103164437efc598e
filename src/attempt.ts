/** One attempt, from the credential to the end of the body, within its deadline. */
import { isAborted, onAbort } from "./abort.js";
import { type Answer, BodyBuffer, closeStream, type Head, readBody, readHead } from "./answer.js";
import type { Call, Ended } from "./call.js";
import { checkCredential } from "./endpoint.js";
import { ConfigurationError } from "./errors.js";
import type { Config } from "./options.js";

/** A request, read once, so that it can be sent more than once. */
export interface Outgoing {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: ArrayBuffer | undefined;
  /** Further members of the request that `fetch` takes. */
  readonly more: RequestInit;
}

type End = Pick<Ended, "how"> & { value?: unknown; cut?: Answer["cut"] };

/** Makes one attempt. It doesn't reject: however the attempt ends is its result. */
export function makeAttempt(outgoing: Outgoing, call: Call, config: Config): Promise<Ended> {
  const started = performance.now();
  const controller = new AbortController();
  const body = new BodyBuffer(config.maxResponseBytes);
  const progress: Progress = { sent: false, head: undefined };

  return new Promise((resolve) => {
    const end = ({ how, value, cut }: End) => {
      clearTimeout(timer);
      unsubscribe();
      const answer = progress.head && { ...progress.head, body: body.bytes(), cut };
      resolve({ how, value, answer, sent: progress.sent, durationMs: performance.now() - started });
      // For a fetch that keeps its socket where only the body is closed.
      if (cut) controller.abort();
    };
    const interrupt = (how: "timed-out" | "aborted") => {
      end({ how, cut: "broken" });
      closeStream(body.reader);
    };
    const timer = setTimeout(interrupt, call.timeoutMs, "timed-out");
    const unsubscribe = onAbort(call.signal, () => interrupt("aborted"));
    // It may have aborted since the call began: such a signal calls no listener.
    if (isAborted(call.signal)) return interrupt("aborted");
    exchange(outgoing, call, config, progress, body, controller.signal).then(end);
  });
}

/** What is known of an attempt when it is interrupted. */
interface Progress {
  sent: boolean;
  head: Head | undefined;
}

/** Keeps running after an interruption, and after the end of the call, so it must not send then. */
async function exchange(
  outgoing: Outgoing,
  call: Call,
  config: Config,
  progress: Progress,
  body: BodyBuffer,
  signal: AbortSignal,
): Promise<End> {
  const headers = new Headers(outgoing.headers);
  const send = config.fetch ?? globalThis.fetch;
  try {
    checkFetch(send, config);
    await addCredential(headers, call, config);
  } catch (value) {
    return { how: "not-ready", value };
  }
  if (signal.aborted || isAborted(call.stop)) return { how: "aborted" };
  try {
    const { url, method, body: content, more } = outgoing;
    progress.sent = true;
    call.attempts++;
    const response: unknown = await send(url, {
      ...more,
      method,
      headers,
      ...(content && { body: content }),
      signal,
      redirect: "manual",
    });
    const head = readHead(response);
    if (!head) return { how: "no-response", value: response };
    progress.head = head;
    return { how: "answered", cut: (await readBody(head, body, signal)) ? "too-large" : undefined };
  } catch (value) {
    return { how: "failed", value, cut: "broken" };
  }
}

/** Throws `ConfigurationError`. */
function checkFetch(send: unknown, { fetch }: Config): void {
  if (typeof send === "function") return;
  throw new ConfigurationError(fetch ? "fetch must be a function." : "There is no global fetch: pass `fetch`.");
}

async function addCredential(headers: Headers, call: Call, { apiKey, tokenProvider }: Config): Promise<void> {
  if (apiKey !== undefined) return headers.set("api-key", apiKey);
  const token = checkCredential(await tokenProvider?.(), "tokenProvider", "return");
  call.redactor = call.redactor.with(token);
  headers.set("authorization", `Bearer ${token}`);
}
