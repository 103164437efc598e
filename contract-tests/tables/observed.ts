/**
 * Where services differ from the page, transcribed by hand from published bodies: 50 jobs (13 from Azure, 37 from OpenAI)
 * and 32 error bodies. observed.overlay.yaml is checked against this file, so nothing here is read from it.
 */
import { type Member, schemas } from "./page.js";

/** What services send in place of what the page says. The overlay has one action for each, in this order. */
export interface Difference {
  readonly schema: string;
  readonly members: readonly string[];
  /** A type in the notation of page.ts, `absent`, or `unknown` for members that the page does not have. */
  readonly seen: string;
  /** When, or how, in words. */
  readonly when?: string;
  /** Who sent it, and how often. */
  readonly by?: string;
}

const JOBS = 50;
const ERRORS = 32;
const ofJobs = (count: number | string) => `${count} of ${JOBS} bodies`;
const everyTime = (what: string) => `Azure and OpenAI, in every body that has ${what}; no string in any of ${JOBS}`;
const OPENAI_NEWEST = "OpenAI's newest cancel example";
const OPENAI_OR_500 = "OpenAI; Azure with status 500";

const job = (member: string, seen: string, more: Pick<Difference, "when" | "by"> = {}): Difference => ({
  schema: "FineTuningJob",
  members: [member],
  seen,
  ...more,
});
const untilValue = { when: "until it has a value", by: "Azure" };
const whenGood = "when nothing is wrong";

export const differences: readonly Difference[] = [
  job("finished_at", "integer", { when: "in Unix seconds", by: everyTime("a time") }),
  job("estimated_finish", "integer", { when: "in Unix seconds", by: everyTime("an estimate") }),
  job("finished_at", "absent", { when: "while the job has not finished", by: ofJobs("some") }),
  job("error", "absent", { when: whenGood, by: ofJobs(19) }),
  {
    schema: "FineTuningJobError",
    members: ["code", "message", "param"],
    seen: "absent",
    when: whenGood,
    by: `\`{}\` in ${ofJobs(6)}`,
  },
  {
    schema: "FineTuningJobError",
    members: ["code", "message"],
    seen: "null",
    when: whenGood,
    by: `${ofJobs(9)}, and 4 more that have a fourth member too`,
  },
  {
    schema: "FineTuningJobError",
    members: ["error"],
    seen: "unknown",
    when: "that is null, beside three nulls",
    by: ofJobs(4),
  },
  job("hyperparameters", "null", { by: `DPO jobs, and ${OPENAI_NEWEST}` }),
  job("hyperparameters", "absent", { by: "reinforcement jobs" }),
  job("organization_id", "null", { by: "Azure" }),
  job("organization_id", "absent", { by: "Azure" }),
  job("result_files", "null", { by: "Azure" }),
  job("result_files", "absent", { by: "Azure" }),
  job("fine_tuned_model", "absent", untilValue),
  job("trained_tokens", "absent", untilValue),
  job("validation_file", "absent", untilValue),
  job("seed", "null", { by: OPENAI_NEWEST }),
  job("seed", "absent", { by: "every raw body from Azure" }),
  job("status", '"pending"', { by: "Azure; OpenAI, 2023" }),
  job("status", '"paused"', { by: "Azure" }),
  job("status", '"resuming"', { by: "Azure" }),
  job("status", '"canceled"', { when: "with one l", by: "Azure" }),
  job("status", '"created"', { by: "OpenAI, 2023" }),
  job("method", "null"),
  {
    schema: "FineTuneMethod",
    members: ["supervised", "dpo", "reinforcement"],
    seen: "null",
    when: "when `type` does not name them",
  },
  { schema: "FineTuningIntegrationWandb", members: ["tags"], seen: "null" },
  { schema: "FineTuningIntegrationWandb", members: ["run_id"], seen: "unknown" },
  job("user_provided_suffix", "unknown"),
  job("usage_metrics", "unknown"),
  job("shared_with_openai", "unknown"),
  job("eval_id", "unknown"),
  job("updated_at", "unknown"),
  { schema: "ErrorDetail", members: ["code"], seen: "integer", by: `Azure, one of ${ERRORS} error bodies` },
  { schema: "ErrorDetail", members: ["code"], seen: "null", by: OPENAI_OR_500 },
  { schema: "ErrorDetail", members: ["param"], seen: "null", by: OPENAI_OR_500 },
  { schema: "ErrorDetail", members: ["innererror"], seen: "unknown", when: "in place of `inner_error`" },
  { schema: "ErrorResponse", members: ["error"], seen: "string" },
  {
    schema: "ErrorResponse",
    members: ["statusCode", "message"],
    seen: "unknown",
    when: "in place of `error`",
    by: "Azure's API gateway, with status 401 and 500",
  },
  { schema: "ErrorResponse", members: ["detail"], seen: "unknown", when: "with the reason" },
];

/** The page's schemas with the differences applied. */
export const observedSchemas: typeof schemas = Object.fromEntries(
  Object.entries(schemas).map(([schema, members]) => {
    const rows = differences.filter((each) => each.schema === schema);
    const added = rows
      .filter(({ seen }) => seen === "unknown")
      .flatMap((row) => row.members)
      .map((name) => ({ name, type: "unknown", required: false }));
    return [schema, [...members.map((member) => rows.reduce(widened, member)), ...added]];
  }),
);

/** A member of the page with one difference applied. */
function widened(member: Member, { members, seen }: Difference): Member {
  if (!members.includes(member.name)) return member;
  return seen === "absent" ? { ...member, required: false } : { ...member, type: `${member.type} | ${seen}` };
}

/**
 * Bodies of error responses that are not JSON, by the one status with which front ends sent them. `empty` is a response
 * without a body; a front end that sends plain text sends it without a body too. The overlay has one action for each, after
 * the others.
 */
export const observedErrorBodies: Readonly<Record<string, "text/plain" | "text/html" | "empty">> = {
  "401": "text/plain",
  "405": "empty",
  "502": "text/html",
};
