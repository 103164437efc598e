/**
 * The reference page of the operation, transcribed by hand. Schemas that the page names but does not show are taken from
 * the vendors' published API descriptions. openapi.yaml is checked against this file, so nothing here is read from it.
 *
 * Types are written as on the page: `string | null`, `FineTuningIntegration[] | null`, `"auto" | integer`. A capitalized
 * name is another schema of the table. `object` is an object whose members are not known.
 */
export interface Member {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
}

const required = (name: string, type: string): Member => ({ name, type, required: true });
const optional = (name: string, type: string): Member => ({ name, type, required: false });

export const page = {
  title: "Cancel a fine-tuning job",
  tag: "Fine-tuning",
  method: "post",
  path: "/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel",
  parameters: [{ name: "fine_tuning_job_id", in: "path", type: "string", required: true }],
  requestBody: false,
  statuses: ["200", "default"],
  server: "https://{resource}.openai.azure.com",
  security: [
    { type: "apiKey", in: "header", name: "api-key" },
    { type: "http", scheme: "bearer" },
  ],
  responses: {
    "200": { body: "FineTuningJob", headers: ["apim-request-id", "x-request-id"] },
    default: { body: "ErrorResponse", headers: ["apim-request-id", "x-request-id", "retry-after", "retry-after-ms"] },
  },
} as const;

/** The path of a request that cancels the job `jobId`. What is no character cannot be encoded. */
export function pathOf(jobId: string): string {
  return page.path.replace("{fine_tuning_job_id}", () => encodeURIComponent(jobId.replace(/\p{Cs}/gu, "\ufffd")));
}

/** What the name of an example job promises. */
export interface ExampleJob {
  readonly status: string;
  /** Whether it ran before it ended; left open where the name does not say. */
  readonly ran?: boolean;
  readonly method?: "supervised" | "dpo" | "reinforcement";
  readonly integrated?: true;
}

/** The contract's examples of a job: one for each kind of job that the page describes. */
export const exampleJobs: Readonly<Record<string, ExampleJob>> = {
  cancelledWhileQueued: { status: "cancelled", ran: false },
  cancelledWhileRunning: { status: "cancelled", ran: true, method: "supervised" },
  cancelledDpo: { status: "cancelled", method: "dpo" },
  cancelledReinforcement: { status: "cancelled", method: "reinforcement" },
  cancelledWithIntegration: { status: "cancelled", integrated: true },
  alreadyFailed: { status: "failed" },
};

/** The contract's examples of an error, so that a mock can return each status: the status, and the code where it is another. */
export const exampleErrors: Readonly<Record<string, readonly [status: number, code?: string]>> = {
  unauthorized: [401],
  badRequest: [400, "invalidPayload"],
  forbidden: [403],
  notFound: [404],
  requestTimeout: [408],
  rateLimited: [429],
  serverError: [500],
  serviceUnavailable: [503],
};

const HYPERPARAMETERS = [
  optional("batch_size", '"auto" | integer'),
  optional("learning_rate_multiplier", '"auto" | number'),
  optional("n_epochs", '"auto" | integer'),
];

export const schemas: Record<string, readonly Member[]> = {
  // Shown on the page, row by row.
  FineTuningJob: [
    required("id", "string"),
    required("created_at", "integer"),
    required("error", "FineTuningJobError | null"),
    required("fine_tuned_model", "string | null"),
    required("finished_at", "string | null"),
    required("hyperparameters", "FineTuningJobHyperparameters"),
    required("model", "string"),
    required("object", '"fine_tuning.job"'),
    required("organization_id", "string"),
    required("result_files", "string[]"),
    required("status", '"validating_files" | "queued" | "running" | "succeeded" | "failed" | "cancelled"'),
    required("trained_tokens", "integer | null"),
    required("training_file", "string"),
    required("validation_file", "string | null"),
    optional("integrations", "FineTuningIntegration[] | null"),
    required("seed", "integer"),
    optional("estimated_finish", "string | null"),
    optional("method", "FineTuneMethod"),
    optional("metadata", "Metadata | null"),
  ],
  // The page shortens each of these to "enum auto".
  FineTuningJobHyperparameters: [
    optional("batch_size", '"auto" | integer | null'),
    optional("learning_rate_multiplier", '"auto" | number'),
    optional("n_epochs", '"auto" | integer'),
  ],
  FineTuneMethod: [
    required("type", '"supervised" | "dpo" | "reinforcement"'),
    optional("supervised", "FineTuneSupervisedMethod"),
    optional("dpo", "FineTuneDPOMethod"),
    optional("reinforcement", "FineTuneReinforcementMethod"),
  ],
  // Named on the page, directly or inside another schema, but not shown there.
  FineTuningJobError: [required("code", "string"), required("message", "string"), required("param", "string | null")],
  FineTuneSupervisedMethod: [optional("hyperparameters", "FineTuneSupervisedHyperparameters")],
  FineTuneSupervisedHyperparameters: HYPERPARAMETERS,
  FineTuneDPOMethod: [optional("hyperparameters", "FineTuneDPOHyperparameters")],
  FineTuneDPOHyperparameters: [...HYPERPARAMETERS, optional("beta", '"auto" | number')],
  FineTuneReinforcementMethod: [
    required("grader", "FineTuneGrader"),
    optional("hyperparameters", "FineTuneReinforcementHyperparameters"),
    optional("response_format", "object | null"),
  ],
  FineTuneGrader: [required("type", '"string_check" | "text_similarity" | "python" | "score_model" | "multi"')],
  FineTuneReinforcementHyperparameters: [
    ...HYPERPARAMETERS,
    optional("reasoning_effort", '"default" | "low" | "medium" | "high"'),
    optional("compute_multiplier", '"auto" | number'),
    optional("eval_interval", '"auto" | integer'),
    optional("eval_samples", '"auto" | integer'),
  ],
  FineTuningIntegration: [required("type", '"wandb"'), required("wandb", "FineTuningIntegrationWandb")],
  FineTuningIntegrationWandb: [
    required("project", "string"),
    optional("name", "string | null"),
    optional("entity", "string | null"),
    optional("tags", "string[]"),
  ],
  ErrorResponse: [optional("error", "ErrorDetail")],
  ErrorDetail: [
    optional("code", "string"),
    optional("message", "string"),
    optional("param", "string"),
    optional("type", "string"),
    optional("inner_error", "object"),
  ],
};

/** The one schema without named members: a map of strings to strings, with its limits. */
export const metadata = { name: "Metadata", pairs: 16, keyLength: 64, valueLength: 512 };

/** The branches of a type: `"auto" | integer` has two. */
export function branches(type: string): string[] {
  return type.split(" | ");
}
