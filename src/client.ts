import createFetchClient, { type Client } from "openapi-fetch";
import type { FineTuningJob, paths } from "../generated/types.js";
import { decodeJob, type Exchange, requestIdOf } from "./decode.js";
import { ConfigurationError } from "./errors.js";
import {
  type Config,
  type FineTuningClientOptions,
  type RequestOptions,
  resolveClientOptions,
  resolveRequestOptions,
  tell,
} from "./options.js";
import { type Call, send } from "./transport.js";
import type { Violation } from "./violations.js";

const CANCEL = "/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel";

/** A cancelled job, and what came with it. */
export interface CancelResult {
  /** The job in its updated state. */
  readonly job: FineTuningJob;
  /** The answer, with its body buffered, so that it can be read once more. */
  readonly response: Response;
  /** `apim-request-id`, else `x-request-id`: name it in a support request. */
  readonly requestId: string | undefined;
  /** How many requests were sent, this answer's included. */
  readonly attempts: number;
  /** Where the job differs from the accepted contract; empty with `validation: "off"`. */
  readonly violations: readonly Violation[];
}

/** Cancels fine-tuning jobs of one Azure OpenAI resource. Safe to share between concurrent calls. */
export interface FineTuningClient {
  /**
   * Cancels a job and returns it in its updated state. This cannot be undone.
   *
   * Throws `ConfigurationError`, `ApiError`, `ConnectionError`, `TimeoutError`, `AbortError`, `ResponseError` or
   * `ContractViolationError`; the `outcome` of each says whether the job may have been cancelled.
   *
   * @param jobId Id of the job. Sent as one path segment, encoded; empty, `.` and `..` are refused.
   */
  cancel(jobId: string, options?: RequestOptions): Promise<FineTuningJob>;
  /** As {@link FineTuningClient.cancel}, with the answer that the job came in. */
  cancelWithResponse(jobId: string, options?: RequestOptions): Promise<CancelResult>;
  /**
   * The openapi-fetch client beneath, with the same credential, attempts and deadline: it resolves with `data` or
   * `error` for any answer, and throws only where there is none. It does not look for violations.
   */
  readonly http: Client<paths>;
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
  const config = withDefaultOnViolation(resolveClientOptions(options));

  const http = createFetchClient<paths>({
    baseUrl: config.endpoint,
    headers: { accept: "application/json", ...config.headers },
    pathSerializer: serializePath,
    fetch: async (request) => {
      const exchange = await sendTo(config, request, { ...config, signal: request.signal });
      // A body that is not whole must not pass for one: this throws.
      if (exchange.cut) decodeJob(exchange, config);
      return toResponse(exchange);
    },
  });

  async function cancelWithResponse(jobId: string, requestOptions: RequestOptions = {}): Promise<CancelResult> {
    const { headers, ...call } = resolveRequestOptions(requestOptions, config);
    let exchange: Exchange | undefined;
    const { response } = await http.POST(CANCEL, {
      params: { path: { fine_tuning_job_id: jobId } },
      headers,
      // The body is read by the transport, under its deadline; openapi-fetch shall not read it again.
      parseAs: "stream",
      fetch: async (request) => {
        exchange = await sendTo(config, request, call);
        return toResponse(exchange);
      },
    });
    // A middleware may have answered in the service's place; then there is no exchange to read.
    if (exchange === undefined)
      throw new ConfigurationError("A middleware of client.http answered in place of the service.");
    const { job, violations } = decodeJob(exchange, config);
    if (config.onViolation) for (const violation of violations) tell("onViolation", config.onViolation, violation);
    return { job, response, requestId: requestIdOf(exchange), attempts: exchange.attempts, violations };
  }

  return {
    http,
    cancelWithResponse,
    cancel: async (jobId, requestOptions) => (await cancelWithResponse(jobId, requestOptions)).job,
  };
}

/** Sends to the configured origin, and to no other: a request can name its own, and the credential goes along. */
function sendTo(config: Config, request: Request, call: Call): Promise<Exchange> {
  // Both are as a URL parser writes them, so a prefix that ends in a slash is the whole origin.
  if (!request.url.startsWith(`${config.endpoint}/`))
    throw new ConfigurationError("A request must go to the client's own endpoint.");
  if (request.url.includes("%7Bfine_tuning_job_id%7D"))
    throw new ConfigurationError("params.path.fine_tuning_job_id is missing.");
  return send(request, call, config);
}

/** Puts the job id into the path as one segment that no URL parser takes for anything else. */
function serializePath(path: string, params: Record<string, unknown>): string {
  return path.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = params[name];
    if (typeof value !== "string")
      throw new ConfigurationError(`The job id must be a string, not ${value === null ? "null" : typeof value}.`);
    if (value === "") throw new ConfigurationError("The job id is empty.");
    if (value === "." || value === "..")
      throw new ConfigurationError(`The job id ${JSON.stringify(value)} is a step in a path, not an id.`);
    try {
      return encodeURIComponent(value);
    } catch {
      throw new ConfigurationError("The job id holds half a surrogate pair, which no URL can carry.");
    }
  });
}

/** Statuses with which `Response` allows no body. */
const NULL_BODY = new Set([204, 205, 304]);

/** The answer with the body that was read. */
function toResponse({ response, body }: Exchange): Response {
  const { status, statusText, headers } = response;
  // No Response can be made with another status: a browser's hidden redirect has 0, a strange service has 999.
  if (status < 200 || status > 599) return Response.error();
  return new Response(NULL_BODY.has(status) ? null : (body as BodyInit), { status, statusText, headers });
}

/** How many distinct violations are remembered, so that a hostile service cannot fill the memory. */
const REMEMBERED = 100;

function withDefaultOnViolation(config: Config): Config {
  if (config.onViolation || config.validation !== "report") return config;
  const seen = new Set<string>();
  const onViolation = ({ pointer, expected, actual }: Violation) => {
    const line = `fine-tuning-client: ${pointer.replace(/\/\d+(?=\/|$)/g, "/*")}: expected ${expected}, got ${actual}`;
    if (seen.has(line) || seen.size >= REMEMBERED) return;
    seen.add(line);
    console.warn(line);
  };
  return { ...config, onViolation };
}
