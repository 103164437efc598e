/** What an ended attempt means: its outcome, whether to retry, and its error. */
import { type Answer, isSuccess } from "./answer.js";
import { type Call, type Conclusion, detailsOf, type Ended, outcomeOf } from "./call.js";
import { type Failure, readFailure } from "./connection.js";
import { beginsJob, type Reading, readJob, textOf } from "./decode.js";
import { readErrorBody } from "./error-body.js";
import {
  AbortError,
  ApiError,
  ConfigurationError,
  ConnectionError,
  type FineTuningError,
  higherOutcome,
  isConfigurationError,
  type Outcome,
  ResponseError,
  TimeoutError,
} from "./errors.js";
import type { Config } from "./options.js";
import type { Redactor } from "./redact.js";
import { isRetriedStatus, retryAfterMs } from "./retry.js";
import { excerpt, memberOf, messageOf, oneLine, sentence } from "./text.js";

/** Concludes an attempt, and keeps the highest outcome in the call. */
export function conclude(ended: Ended, call: Call, config: Config): Conclusion {
  const { answer, how, value } = ended;
  const reading = answer && isSuccess(answer.status) ? readAnswer(answer, call, config) : undefined;
  const failure = how === "failed" ? readFailure(value) : undefined;
  const outcome = outcomeOfAttempt(ended, reading, failure, call);
  if (ended.sent) call.ended++;
  call.answer = answer ?? call.answer;
  call.outcome = higherOutcome(call.outcome, outcome);
  call.last = { ...ended, outcome, reading, failure };
  return call.last;
}

function readAnswer(answer: Answer, { redactor }: Call, { maxResponseBytes }: Config): Reading {
  const shown = () => shownText(answer, redactor);
  if (!answer.cut) return readJob(textOf(answer), shown);
  return { problem: `a body of more than ${maxResponseBytes} bytes: ${excerpt(shown())}`, isIncomplete: true };
}

/**
 * The body's text without credentials. Masked before it is shortened, so that no half of one is left, and without NUL, which
 * is between all letters of UTF-16.
 */
function shownText(answer: Answer, redactor: Redactor): string {
  const text = textOf(answer).replaceAll("\0", "");
  return answer.cut ? redactor.brokenText(text) : redactor.text(text);
}

function outcomeOfAttempt(
  { answer, sent }: Ended,
  reading: Reading | undefined,
  failure: Failure | undefined,
  { jobId }: Call,
): Outcome {
  if (!sent || (failure?.notSent && !answer)) return "not-sent";
  if (!answer) return "unknown";
  if (!reading) return outcomeOfStatus(answer.status);
  const isThisJob =
    "job" in reading
      ? jobId === undefined || reading.job.id === jobId
      : jobId !== undefined && reading.isIncomplete && beginsJob(textOf(answer), jobId);
  return isThisJob ? "accepted" : "unknown";
}

/** The outcome of a status other than 2xx. A 303 sends the caller to look elsewhere; 0 is a redirect that a browser hides. */
function outcomeOfStatus(status: number): Outcome {
  const isNo = status >= 300 && status < 500 && status !== 303 && status !== 408 && status !== 499;
  return isNo ? "rejected" : "unknown";
}

/** Whether another attempt may help. */
export function isRetried({ how, sent, answer }: Ended): boolean {
  if (how === "aborted" || how === "no-response" || !sent) return false;
  if (answer && !isSuccess(answer.status)) return isRetriedStatus(answer.status);
  return how !== "answered";
}

/** The error for a conclusion, with the outcome of all attempts so far; `undefined` where a job came back. */
export function errorOf(conclusion: Conclusion, call: Call, config: Config): FineTuningError | undefined {
  const { how, answer, reading } = conclusion;
  const { redactor } = call;
  const say = (text: string) => withAdvice(text, call, conclusion.outcome);
  const details = detailsOf(call);
  const withCause = () => ({ ...details, cause: redactor.cause(conclusion.value) });

  if (how === "not-ready") return credentialError(conclusion, call);
  if (how === "aborted") return abortError(call, conclusion.outcome);
  if (answer && !reading) return apiError(answer, call, say);
  if (how === "timed-out")
    return new TimeoutError(say(timeoutText(conclusion, call, config)), { ...details, timeoutMs: call.timeoutMs });
  if (how === "no-response") return new ConnectionError(say("fetch returned no response."), details);
  if (how === "failed") return new ConnectionError(say(failureText(conclusion, call, config)), withCause());
  if (!answer || !reading || "job" in reading) return undefined;
  return new ResponseError(say(sentence(`The service answered ${answer.status} with ${reading.problem}`)), {
    ...details,
    status: answer.status,
  });
}

/** Appends what the outcome means for the job; `own` is that of the attempt that the text is about. */
export function withAdvice(text: string, call: Call, own: Outcome = "not-sent"): string {
  const overall = outcomeOf(call);
  if (own === "accepted") return `${text} The service accepted the call, so treat the job as cancelled.`;
  if (overall === "accepted")
    return `${text} An earlier attempt was accepted by the service, so treat the job as cancelled.`;
  if (own === "unknown") return `${text} The job may have been cancelled.`;
  return overall === "unknown" ? `${text} An earlier attempt may have cancelled the job.` : text;
}

/** The error of a call whose signal is aborted; `own` is the outcome of the attempt that it ended. */
export function abortError(call: Call, own?: Outcome): AbortError {
  const reason = memberOf(call.signal, "reason");
  const words = oneLine(call.redactor.text(messageOf(reason)));
  const text =
    reason === undefined || words === "" ? "The call was aborted." : sentence(`The call was aborted: ${words}`);
  return new AbortError(withAdvice(text, call, own), { ...detailsOf(call), cause: reason });
}

function credentialError({ value, outcome }: Conclusion, call: Call): ConfigurationError {
  const details = detailsOf(call);
  if (isConfigurationError(value)) return new ConfigurationError(withAdvice(value.message, call, outcome), details);
  const words = oneLine(call.redactor.text(messageOf(value)));
  const text = words === "" ? "tokenProvider threw an error." : sentence(`tokenProvider threw an error: ${words}`);
  return new ConfigurationError(withAdvice(text, call, outcome), {
    ...details,
    cause: call.redactor.cause(value),
  });
}

function timeoutText({ answer, sent }: Conclusion, { timeoutMs, redactor }: Call, { endpoint }: Config): string {
  if (answer) return `The service answered ${answer.status}, but its body did not end within ${timeoutMs} ms.`;
  if (!sent) return `tokenProvider returned no token within ${timeoutMs} ms.`;
  return `${redactor.text(endpoint)} did not answer within ${timeoutMs} ms.`;
}

function failureText({ answer, failure }: Conclusion, { redactor }: Call, { endpoint }: Config): string {
  const reason = oneLine(redactor.text(failure?.reason ?? ""));
  const service = redactor.text(endpoint);
  if (answer) return `The service answered ${answer.status}, but its body broke off (${reason}).`;
  if (failure?.notSent) return `No connection to ${service} could be made: ${sentence(reason)}`;
  return `The connection to ${service} failed before an answer came: ${sentence(reason)}`;
}

/** How much of a body that is not JSON an `ApiError` keeps, in characters. */
const TEXT_LENGTH = 4_000;

function apiError(answer: Answer, call: Call, say: (text: string) => string): ApiError {
  const { redactor } = call;
  const { status } = answer;
  const text = shownText(answer, redactor);
  let body: unknown = text === "" ? undefined : text.slice(0, TEXT_LENGTH);
  try {
    body = redactor.json(JSON.parse(textOf(answer)));
  } catch {
    // Not JSON: keep the text.
  }
  const { message, code, param, type } = readErrorBody(body);
  const isRedirect = status === 0 || (status >= 300 && status < 400);
  const asked = retryAfterMs(answer.header);
  const reason = withoutStatus(excerpt(message ?? text), status);
  const shownCode = code === undefined || code === String(status) ? "" : ` (${oneLine(code)})`;
  const start = status === 0 ? "The service answered with a redirect" : `The service answered ${status}${shownCode}`;
  const sentences = [
    sentence(reason === "" ? start : `${start}: ${reason}`),
    isRedirect ? "Redirects are not followed: check the endpoint." : "",
    asked ? `Retry after ${asked} ms.` : "",
  ];
  return new ApiError(say(sentences.filter((each) => each !== "").join(" ")), {
    ...detailsOf(call),
    status,
    code,
    param,
    type,
    retryAfterMs: asked,
    body,
  });
}

/** Front ends answer with `404 Not Found`, and some say it twice: the message has the status already. */
function withoutStatus(reason: string, status: number): string {
  const rest = reason.replace(new RegExp(`^(?:${status}[\\s:.-]+)+(?=\\S)`), "");
  return rest.replace(/^(.{3,100}?)[\s:.-]+\1[\s:.-]*$/, "$1");
}
