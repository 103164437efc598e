/** The public surface of fine-tuning-client. */
export type { components, FineTuningJob, operations, paths } from "../generated/types.js";
export { type CancelResult, createFineTuningClient, type FineTuningClient, isCancelled } from "./client.js";
export {
  AbortError,
  ApiError,
  ConfigurationError,
  ConnectionError,
  ContractViolationError,
  FineTuningClientError,
  type FineTuningError,
  type Outcome,
  ResponseError,
  TimeoutError,
} from "./errors.js";
export type { AttemptEvent, FineTuningClientOptions, RequestOptions, RetryEvent } from "./options.js";
export type { Violation } from "./violations.js";
