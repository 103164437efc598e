/**
 * What services have been seen to send instead of what the page says, transcribed by hand from the bodies: 50 published
 * jobs (13 from Azure, 37 from OpenAI) and 32 error bodies. Nothing here is read from observed.overlay.yaml: this is what
 * the overlay is held to. A member stands here with everything that is accepted in it, the page's own type included;
 * `unknown` is a member that was seen and that the page does not have.
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

/** The page's table with the differences in it. */
export const observedSchemas: typeof schemas = Object.fromEntries(
  Object.entries(schemas).map(([schema, members]) => {
    const seen = differences[schema] ?? [];
    const kept = members.filter((member) => !seen.some(({ name }) => name === member.name));
    return [schema, [...kept, ...seen]];
  }),
);

/** Media types that a failure was seen in, the page's own included: front ends answer 502 with a page. */
export const errorMediaTypes = ["application/json", "text/html"];
