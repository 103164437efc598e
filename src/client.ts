import createFetchClient, { type Client } from "openapi-fetch";
import type { FineTuningJob, paths } from "../generated/types.js";
import { isAbortSignal } from "./abort.js";
import { type Answer, bufferedResponse } from "./answer.js";
import { type Call, countForeignRequest, detailsOf, newCall, outcomeOf, requestIdOf } from "./call.js";
import { errorOf, withAdvice } from "./conclusion.js";
import { checkJob, describeViolation } from "./decode.js";
import { CANCEL_PATH } from "./endpoint.js";
import { ConfigurationError, ContractViolationError } from "./errors.js";
import {
  type Config,
  checkSignal,
  type FineTuningClientOptions,
  type RequestOptions,
  resolveClientOptions,
  resolveRequestOptions,
  runCallback,
  secretsIn,
} from "./options.js";
import { perform } from "./perform.js";
import type { Redactor } from "./redact.js";
import { memberOf, messageOf, oneLine, sentence } from "./text.js";
import { userAgent } from "./user-agent.js";
import type { Violation, Violations } from "./violations.js";

/** A cancelled job, and what came with it. */
export interface CancelResult extends Violations {
  /** The job in its updated state. */
  readonly job: FineTuningJob;
  /** The answer, with its body buffered, so that it can be read once more. */
  readonly response: Response;
  /** `apim-request-id`, else `x-request-id`, of the answer: name it in a support request. */
  readonly requestId: string | undefined;
  /** The `x-ms-client-request-id` of all attempts. */
  readonly clientRequestId: string;
  /** The id that was asked for. */
  readonly jobId: string;
  /** How many requests were sent, this answer's included. */
  readonly attempts: number;
}

/** Cancels fine-tuning jobs of one Azure OpenAI resource. Safe to share between concurrent calls. */
export interface FineTuningClient {
  /**
   * Cancels a job and returns it in its updated state. This cannot be undone. Whether the job is cancelled is what
   * `isCancelled(job)` says.
   *
   * Throws a `FineTuningError` and nothing else: `ConfigurationError`, `ApiError`, `ConnectionError`, `TimeoutError`,
   * `AbortError`, `ResponseError` or `ContractViolationError`. The `outcome` of each says whether the job may have been
   * cancelled.
   *
   * @param jobId Id of the job. Sent as one path segment, encoded; empty, `.` and `..` are refused.
   */
  cancel(jobId: string, options?: RequestOptions): Promise<FineTuningJob>;
  /** As {@link FineTuningClient.cancel}, with the answer that the job came in. */
  cancelWithResponse(jobId: string, options?: RequestOptions): Promise<CancelResult>;
  /**
   * The openapi-fetch client beneath, with the same credential, attempts and deadline. It resolves with `data` for JSON
   * with 2xx, with `error` for any other status (its text where the body is not JSON), and with neither for some answers
   * without a body: `response.ok` tells. It throws the errors that `cancel` throws where no whole answer came, or a 2xx
   * is not JSON. It does not look for violations. Its middlewares see the requests and answers of `cancel` too.
   */
  readonly http: Client<paths>;
}

/** Whether a job is cancelled: `status` is `cancelled`, or `canceled` as Azure also spells it (observed). */
export function isCancelled(job: Pick<FineTuningJob, "status">): boolean {
  return job.status === "cancelled" || job.status === "canceled";
}

/**
 * Makes a client. Nothing is sent until the first call.
 *
 * @throws `ConfigurationError` for an option, or a variable of the environment, that is missing or not usable.
 * @example
 * const client = createFineTuningClient({ endpoint: "https://my-resource.openai.azure.com", apiKey });
 * const job = await client.cancel("ftjob-abc123");
 */
export function createFineTuningClient(options: FineTuningClientOptions = {}): FineTuningClient {
  const config = resolveClientOptions(options);
  const report = reporter(config);
  const unset = resolveRequestOptions({}, config);
  // Middlewares see a real Request and Response. Without middlewares neither is made: both are expensive.
  let isObserved = false;
  const inner = createFetchClient<paths>({
    baseUrl: config.endpoint,
    headers: { accept: "application/json", ...userAgent(), ...config.headers },
    pathSerializer: serializePath,
  });

  async function run(jobId: string, requestOptions?: RequestOptions): Promise<Cancelled> {
    const { headers, call } =
      requestOptions !== undefined
        ? startCall(jobId, requestOptions, config, isObserved)
        : { headers: unset.headers, call: newCall(jobId, unset, config.redactor, isObserved) };
    const { response } = await perform(call, config, (fetch) =>
      inner.POST(CANCEL_PATH, {
        params: { path: { fine_tuning_job_id: jobId } },
        headers,
        // The transport has read the body, under its deadline; openapi-fetch must not read it again.
        parseAs: "stream",
        fetch,
        Request: isObserved ? Request : (BareRequest as unknown as typeof Request),
      }),
    );
    const job = jobOf(call, response, config);
    const found = validate(job, call, config);
    report(found, call.redactor);
    return { job, call, found, response: isObserved ? response : undefined };
  }

  return {
    http: wrapHttp(inner, config, () => {
      isObserved = true;
    }),
    cancel: (jobId, requestOptions) => run(jobId, requestOptions).then(({ job }) => job),
    cancelWithResponse: (jobId, requestOptions) => run(jobId, requestOptions).then((done) => resultOf(jobId, done)),
  };
}

interface Cancelled {
  readonly job: FineTuningJob;
  readonly call: Call;
  readonly found: Violations;
  /** What middlewares have made of the answer, where there are any. */
  readonly response: Response | undefined;
}

function resultOf(jobId: string, { job, call, found, response }: Cancelled): CancelResult {
  const { attempts, clientRequestId } = call;
  const answer = call.last?.answer as Answer;
  let buffered = response;
  return {
    job,
    // Made when it is asked for, because few ask.
    get response() {
      buffered ??= bufferedResponse(answer);
      return buffered;
    },
    requestId: requestIdOf(answer, call),
    clientRequestId,
    jobId,
    attempts,
    ...found,
  };
}

/** Throws `ConfigurationError`. */
function startCall(jobId: unknown, options: RequestOptions, config: Config, isObserved: boolean) {
  try {
    const { headers, ...settings } = resolveRequestOptions(options, config);
    return { headers, call: newCall(jobId, settings, config.redactor.with(...secretsIn(headers)), isObserved) };
  } catch (thrown) {
    const { message } = thrown as ConfigurationError;
    throw new ConfigurationError(
      message,
      detailsOf(newCall(jobId, { ...config, signal: undefined }, config.redactor, isObserved)),
    );
  }
}

/** The job that the service answered with, whatever a middleware has made of the answer. Throws a `FineTuningError`. */
function jobOf(call: Call, response: Response, config: Config): FineTuningJob {
  // A Response that was made by a program has no URL: this one came from the network, past the transport.
  if (!call.responses.includes(response) && response.url !== "") countForeignRequest(call);
  if (!call.last) {
    const text = "A client.http middleware answered; cancel() needs the service's own answer, sent with options.fetch.";
    throw new ConfigurationError(withAdvice(text, call, outcomeOf(call)), detailsOf(call));
  }
  const error = errorOf(call.last, call, config);
  if (error) throw error;
  return (call.last.reading as { job: FineTuningJob }).job;
}

/** Checks a job as `validation` says. Throws `ContractViolationError`. */
function validate(job: FineTuningJob, call: Call, { validation }: Config): Violations {
  if (validation === "off") return { violations: [], violationCount: 0 };
  const found = checkJob(job, call.jobId);
  const { violationCount } = found;
  const violations = found.violations.map((each) => ({ ...each, pointer: call.redactor.text(each.pointer) }));
  if (validation === "strict" && violationCount > 0) {
    const first = violations.slice(0, 3).map(describeViolation);
    const more = violationCount > first.length ? `; and ${violationCount - first.length} more` : "";
    const text = `The service answered ${call.last?.answer?.status}, but the job violates the contract: ${first.join("; ")}${more}.`;
    throw new ContractViolationError(withAdvice(text, call, call.last?.outcome), {
      ...detailsOf(call),
      violations,
      violationCount,
      body: call.redactor.json(job),
    });
  }
  return { violations, violationCount };
}

const METHODS = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"] as const;
type Init = {
  params?: { path?: Record<string, unknown> };
  headers?: HeadersInit;
  signal?: AbortSignal;
  fetch?: Config["fetch"];
};

/** openapi-fetch with the transport as its `fetch`, throwing errors of ours alone. */
function wrapHttp(inner: Client<paths>, config: Config, onUse: () => void): Client<paths> {
  const request = (method: string, path: string, init?: Init) => {
    const signal = memberOf(init, "signal");
    const jobId = memberOf(memberOf(memberOf(init, "params"), "path"), "fine_tuning_job_id");
    const settings = { ...config, signal: isAbortSignal(signal) ? signal : undefined };
    const call = newCall(jobId, settings, config.redactor, true);
    return perform(
      call,
      { ...config, fetch: (memberOf(init, "fetch") as Config["fetch"]) ?? config.fetch },
      async (fetch) => {
        checkSignal(signal ?? undefined);
        if (path.includes("{") && !init?.params?.path)
          throw new ConfigurationError("params.path.fine_tuning_job_id is missing.");
        // A middleware may throw the request before it is sent.
        call.redactor = call.redactor.with(...secretsIn(Object.fromEntries(new Headers(init?.headers ?? {}))));
        return inner.request(
          method.toLowerCase() as "post",
          path as typeof CANCEL_PATH,
          {
            ...init,
            fetch,
            // The transport follows it; a Request that follows it too leaves a listener behind.
            signal: undefined,
          } as never,
        );
      },
    );
  };
  const methods = METHODS.map((method) => [method, (path: string, init?: Init) => request(method, path, init)]);
  const use: Client<paths>["use"] = (...middlewares) => {
    onUse();
    try {
      inner.use(...middlewares);
    } catch (thrown) {
      throw new ConfigurationError(sentence(oneLine(messageOf(thrown))));
    }
  };
  return { ...inner, ...Object.fromEntries(methods), request, use };
}

/** What openapi-fetch makes of a request where no middleware looks at it: a `Request` costs more than all the rest. */
class BareRequest {
  readonly method: string;
  readonly headers: Headers;
  readonly body = null;

  constructor(
    readonly url: string,
    init: { method: string; headers: Headers },
  ) {
    this.method = init.method;
    this.headers = init.headers;
  }
}

/** Puts the job id into the path as one segment that no URL parser takes for anything else. */
function serializePath(path: string, { fine_tuning_job_id: jobId }: Record<string, unknown>): string {
  if (typeof jobId !== "string")
    throw new ConfigurationError(`The job id must be a string, not ${jobId === null ? "null" : typeof jobId}.`);
  if (jobId === "") throw new ConfigurationError("The job id is empty.");
  if (jobId === "." || jobId === "..")
    throw new ConfigurationError(`The job id ${JSON.stringify(jobId)} would change the request path.`);
  let segment: string;
  try {
    segment = encodeURIComponent(jobId);
  } catch {
    throw new ConfigurationError("The job id has half a surrogate pair, which no URL can carry.");
  }
  // An encoded segment has no `$`, which `replace` would read as a pattern.
  return path.replace("{fine_tuning_job_id}", segment);
}

/** How many distinct lines are remembered, so that a hostile service cannot fill the memory. */
const MOST_REMEMBERED = 100;

/** Hands violations to `onViolation`; without one, prints each distinct violation once. */
function reporter({ onViolation }: Config): (found: Violations, redactor: Redactor) => void {
  const seen = new Set<string>();
  const warn = (line: string) => {
    if (seen.has(line) || seen.size >= MOST_REMEMBERED) return;
    seen.add(line);
    console.warn(`fine-tuning-client: ${line}`);
  };
  const warnOf = (violation: Violation) =>
    warn(describeViolation({ ...violation, pointer: violation.pointer.replace(/\/\d+(?=\/|$)/g, "/*") }));
  return ({ violations, violationCount }, redactor) => {
    const listed = violations.length;
    if (!onViolation && violationCount > listed)
      runCallback(
        "onViolation",
        warn,
        `a job has ${violationCount} violations, of which only the first are listed`,
        redactor,
      );
    for (const violation of violations) runCallback("onViolation", onViolation ?? warnOf, { ...violation }, redactor);
  };
}
