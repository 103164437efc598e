/** What the mock service is asked, and what it does with that. */
import type { FineTuningJob } from "../../generated/types.js";

/** A request that reached the mock service. It holds no credential. */
export interface MockRequest {
  readonly method: string;
  readonly url: string;
  /** The job that it asks to cancel; `undefined` for any other request. */
  readonly jobId: string | undefined;
  /** By name in lower case. The value of one whose name says that it is a secret is `[redacted]`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Its `x-ms-client-request-id`; the same for all attempts of a call. */
  readonly clientRequestId: string | undefined;
  /** The `apim-request-id` of its answer: `mock-request-1` for the first request, and so on. */
  readonly requestId: string;
}

/**
 * Answers a request as `fetch` does: with a response, or by throwing. The functions of `answers` make them; write one for
 * an answer that they can't make: `() => new Response(null, { status: 204 })`.
 */
export interface Answer {
  (request: MockRequest, signal: AbortSignal): Response | Promise<Response>;
  /** The id of the job that it shows; `undefined` where that is the one that was asked for, or not known. */
  readonly jobId?: string | undefined;
  /** The status of the job that it shows; `undefined` where that is not known, or not in the contract. */
  readonly jobStatus?: FineTuningJob["status"] | undefined;
}
