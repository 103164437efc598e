/**
 * Where services differ from the page, transcribed by hand from published bodies: 50 jobs (13 from Azure, 37 from OpenAI)
 * and 32 error bodies. observed.overlay.yaml is checked against this file, so nothing here is read from it.
 *
 * Each row gives the whole accepted type of a member, including the page's own type. `unknown` marks a member that the page
 * does not have.
 */
import { type Member, schemas } from "./page.js";

const optional = (name: string, type: string): Member => ({ name, type, required: false });

const differences: Record<string, readonly Member[]> = {
  FineTuningJob: [
    optional("finished_at", "string | null | integer"),
    optional("estimated_finish", "string | null | integer"),
    optional("error", "FineTuningJobError | null"),
    optional("hyperparameters", "FineTuningJobHyperparameters | null"),
    optional("organization_id", "string | null"),
    optional("result_files", "string[] | null"),
    optional("fine_tuned_model", "string | null"),
    optional("trained_tokens", "integer | null"),
    optional("validation_file", "string | null"),
    optional("seed", "integer | null"),
    {
      name: "status",
      type: '"validating_files" | "queued" | "running" | "succeeded" | "failed" | "cancelled" | "pending" | "paused" | "resuming" | "canceled" | "created"',
      required: true,
    },
    optional("method", "FineTuneMethod | null"),
    optional("user_provided_suffix", "unknown"),
    optional("usage_metrics", "unknown"),
    optional("shared_with_openai", "unknown"),
    optional("eval_id", "unknown"),
    optional("updated_at", "unknown"),
  ],
  FineTuningJobError: [
    optional("code", "string | null"),
    optional("message", "string | null"),
    optional("param", "string | null"),
    optional("error", "unknown"),
  ],
  FineTuneMethod: [
    optional("supervised", "FineTuneSupervisedMethod | null"),
    optional("dpo", "FineTuneDPOMethod | null"),
    optional("reinforcement", "FineTuneReinforcementMethod | null"),
  ],
  FineTuningIntegrationWandb: [optional("tags", "string[] | null"), optional("run_id", "unknown")],
  ErrorResponse: [
    optional("error", "ErrorDetail | string"),
    optional("statusCode", "unknown"),
    optional("message", "unknown"),
    optional("detail", "unknown"),
  ],
  ErrorDetail: [
    optional("code", "string | integer | null"),
    optional("param", "string | null"),
    optional("innererror", "unknown"),
  ],
};

/** The page's schemas with the differences applied. */
export const observedSchemas: typeof schemas = Object.fromEntries(
  Object.entries(schemas).map(([schema, members]) => {
    const seen = differences[schema] ?? [];
    const kept = members.filter((member) => !seen.some(({ name }) => name === member.name));
    return [schema, [...kept, ...seen]];
  }),
);

/**
 * Bodies of error responses that are not JSON, by the one status with which front ends sent them. `empty` is a response
 * without a body; a front end that sends plain text sends it without a body too.
 */
export const observedErrorBodies: Readonly<Record<string, "text/plain" | "text/html" | "empty">> = {
  "401": "text/plain",
  "405": "empty",
  "502": "text/html",
};
