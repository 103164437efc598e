/** Runs one call of openapi-fetch, with the transport as its `fetch`; whatever goes wrong becomes an error of ours. */
import { isAborted, onAbort } from "./abort.js";
import { bufferedResponse, UNREAD } from "./answer.js";
import { type Call, type Conclusion, countForeignRequest, detailsOf, outcomeOf } from "./call.js";
import { abortError, errorOf, withAdvice } from "./conclusion.js";
import { isRequestFailure } from "./connection.js";
import { ConfigurationError, type FineTuningError, isConfigurationError, TimeoutError } from "./errors.js";
import type { Config } from "./options.js";
import { memberOf, messageOf, oneLine, sentence } from "./text.js";
import { prepare, send } from "./transport.js";

/** What openapi-fetch, and its middlewares as `options.fetch`, send a request with. */
export type Send = (request: Request) => Promise<Response>;

/** Resolves with what `start` resolves with; rejects with a {@link FineTuningError} and nothing else. */
export function perform<Result>(call: Call, config: Config, start: (send: Send) => Promise<Result>): Promise<Result> {
  if (isAborted(call.signal)) return Promise.reject(abortError(call));
  if (call.isObserved) return performWatched(call, config, start);
  return start((request) => sendOne(request, call, config)).catch((thrown: unknown) => {
    throw toOurs(thrown, call, config);
  });
}

async function sendOne(request: Request, call: Call, config: Config): Promise<Response> {
  return toResponse(await send(await prepare(request, call, config), call, config), call, config);
}

/** What openapi-fetch and middlewares are given; what is no whole answer is thrown. */
function toResponse(conclusion: Conclusion, call: Call, config: Config): Response {
  const { answer } = conclusion;
  if (!answer || answer.cut) throw errorOf(conclusion, call, config);
  const response = call.isObserved ? bufferedResponse(answer) : UNREAD;
  call.responses.push(response);
  return response;
}

/** As {@link perform}, where middlewares may send requests of their own, or never settle. */
function performWatched<Result>(call: Call, config: Config, start: (send: Send) => Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    // A middleware may not wait for what it has sent: that ends, but is not sent again.
    const stop = new AbortController();
    call.stop = stop.signal;
    let hasEnded = false;
    const end = (settle: () => void) => {
      hasEnded = true;
      watch.end();
      unsubscribe();
      settle();
      stop.abort();
    };
    const watch = watchMiddlewares(call, (error) => end(() => reject(error)));
    const unsubscribe = onAbort(call.signal, () => {
      stop.abort();
      watch.abort();
    });

    const sendWatched: Send = async (request) => {
      const outgoing = await prepare(request, call, config);
      // A middleware that is still running after its deadline must not send any more.
      if (hasEnded) throw new ConfigurationError("The call has ended already.");
      watch.pause();
      const conclusion = await send(outgoing, call, config);
      if (!hasEnded) watch.resume();
      return toResponse(conclusion, call, config);
    };
    // Called in a then, so that an error it throws synchronously rejects too.
    Promise.resolve(sendWatched)
      .then(start)
      .then(
        (result) => end(() => resolve(result)),
        (thrown) => end(() => reject(toOurs(thrown, call, config))),
      );
  });
}

/** Ends a call whose middlewares do not: an attempt has a deadline of its own, they have none. */
function watchMiddlewares(call: Call, end: (error: FineTuningError) => void) {
  const { timeoutMs } = call;
  const expire = () => {
    if (isAborted(call.signal)) return end(abortError(call, outcomeOf(call)));
    const text = `A middleware of client.http did not finish within ${timeoutMs} ms.`;
    end(new TimeoutError(withAdvice(text, call, outcomeOf(call)), { ...detailsOf(call), timeoutMs }));
  };
  let timer = setTimeout(expire, timeoutMs);
  let underWay = 0;
  return {
    pause: () => {
      underWay++;
      clearTimeout(timer);
    },
    resume: () => {
      underWay--;
      if (underWay === 0) timer = setTimeout(expire, isAborted(call.signal) ? 0 : timeoutMs);
    },
    /** Attempts that are under way notice the abort themselves. */
    abort: () => {
      if (underWay === 0) expire();
    },
    end: () => clearTimeout(timer),
  };
}

function toOurs(thrown: unknown, call: Call, config: Config): FineTuningError {
  if (memberOf(thrown, "clientRequestId") !== call.clientRequestId && isRequestFailure(thrown))
    countForeignRequest(call);
  const details = detailsOf(call);
  // Refused before anything was sent: an argument, or a request to elsewhere.
  if (isConfigurationError(thrown) && thrown.clientRequestId === undefined)
    return new ConfigurationError(thrown.message, details);
  const error = call.last && errorOf(call.last, call, config);
  if (error) return error;
  const clean = isOfHeader(thrown)
    ? new TypeError("a header has an invalid name or value")
    : call.redactor.cause(thrown);
  const words = sentence(
    `client.http, or a middleware of it, threw an error: ${oneLine(call.redactor.text(messageOf(clean)))}`,
  );
  return new ConfigurationError(withAdvice(words, call, outcomeOf(call)), {
    ...details,
    cause: clean,
  });
}

/** Whether an engine has refused a header: it quotes the value, which may be a secret that is not known yet. */
function isOfHeader(thrown: unknown): boolean {
  const message = messageOf(thrown);
  return memberOf(thrown, "name") === "TypeError" && /header/i.test(message) && /invalid/i.test(message);
}
