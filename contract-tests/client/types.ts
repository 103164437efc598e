/** What the types promise to a caller. Nothing here runs: types.test.ts and `tsc` read it. */
import { expectTypeOf } from "expect-type";
import {
  type ApiError,
  type AttemptEvent,
  type CancelResult,
  type components,
  createFineTuningClient,
  type FineTuningClientError,
  type FineTuningClientOptions,
  type FineTuningError,
  type FineTuningJob,
  isCancelled,
  type Outcome,
  type RequestOptions,
  type Violation,
} from "../../src/index.js";

const client = createFineTuningClient({ endpoint: "https://my-resource.openai.azure.com", apiKey: "key" });

// The accepted types, not the documented ones.
expectTypeOf<FineTuningJob["finished_at"]>().toEqualTypeOf<string | number | null | undefined>();
expectTypeOf<FineTuningJob["estimated_finish"]>().toEqualTypeOf<string | number | null | undefined>();
expectTypeOf<FineTuningJob["id"]>().toEqualTypeOf<string>();
expectTypeOf<FineTuningJob["seed"]>().toEqualTypeOf<number | null | undefined>();
expectTypeOf<FineTuningJob["organization_id"]>().toEqualTypeOf<string | null | undefined>();
expectTypeOf<FineTuningJob["object"]>().toEqualTypeOf<"fine_tuning.job">();
expectTypeOf<"canceled">().toExtend<FineTuningJob["status"]>();
expectTypeOf<FineTuningJob["updated_at"]>().toEqualTypeOf<unknown>();
// @ts-expect-error a member that neither the page nor any service has
expectTypeOf<FineTuningJob["finishedAt"]>();
// @ts-expect-error a status that nobody has seen
expectTypeOf<"stopped">().toExtend<FineTuningJob["status"]>();

// The calls.
expectTypeOf(client.cancel).parameters.toEqualTypeOf<[jobId: string, options?: RequestOptions]>();
expectTypeOf(client.cancel).returns.resolves.toEqualTypeOf<FineTuningJob>();
expectTypeOf(client.cancelWithResponse).returns.resolves.toEqualTypeOf<CancelResult>();
expectTypeOf<CancelResult["violations"]>().toEqualTypeOf<readonly Violation[]>();
// @ts-expect-error an id is a string
client.cancel(7);
// @ts-expect-error an id is needed
client.cancel();
// @ts-expect-error no such option of a call
client.cancel("ftjob-abc123", { timeout: 5 });

// The options are closed.
expectTypeOf<"timeoutMs">().toExtend<keyof FineTuningClientOptions>();
// @ts-expect-error a misspelt option
createFineTuningClient({ endpoint: "https://my-resource.openai.azure.com", apikey: "key" });
// @ts-expect-error not one of the three
createFineTuningClient({ validation: "loud" });
createFineTuningClient({ tokenProvider: async () => "token" });

// The generic client knows the path, its parameter and its answers.
const raw = client.http.POST("/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel", {
  params: { path: { fine_tuning_job_id: "ftjob-abc123" } },
});
expectTypeOf<NonNullable<Awaited<typeof raw>["data"]>>().toExtend<FineTuningJob>();
expectTypeOf<FineTuningJob>().toExtend<NonNullable<Awaited<typeof raw>["data"]>>();
expectTypeOf<NonNullable<Awaited<typeof raw>["error"]>>().toExtend<components["schemas"]["ErrorResponse"] | string>();
// @ts-expect-error no such path
client.http.POST("/openai/v1/fine_tuning/jobs");
// @ts-expect-error the parameter is missing
client.http.POST("/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel", {});
// @ts-expect-error the operation has no such method
client.http.GET("/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel");

// Every error tells the outcome, and its name tells its class.
expectTypeOf<FineTuningClientError["outcome"]>().toEqualTypeOf<Outcome>();
expectTypeOf<Outcome>().toEqualTypeOf<"not-sent" | "rejected" | "unknown" | "accepted">();
expectTypeOf<ApiError["name"]>().toEqualTypeOf<"ApiError">();
expectTypeOf<ApiError>().toExtend<FineTuningClientError>();
expectTypeOf<FineTuningError>().toExtend<FineTuningClientError>();
expectTypeOf<FineTuningClientError["jobId"]>().toEqualTypeOf<string | undefined>();
/** Narrows by `name`, and the compiler notices a class that is left out. */
export const statusOf = (error: FineTuningError): number | undefined => {
  switch (error.name) {
    case "ApiError":
    case "ResponseError":
      return error.status;
    case "TimeoutError":
      return error.timeoutMs;
    case "ContractViolationError":
      return error.violations.length;
    case "ConfigurationError":
    case "ConnectionError":
    case "AbortError":
      // @ts-expect-error these have no status
      return error.status;
    default:
      return error satisfies never;
  }
};

// What is reported of attempts.
createFineTuningClient({ onAttempt: (event) => expectTypeOf(event).toEqualTypeOf<AttemptEvent>() });
expectTypeOf<AttemptEvent["error"]>().toEqualTypeOf<FineTuningError | undefined>();
expectTypeOf<AttemptEvent["outcome"]>().toEqualTypeOf<Outcome>();
expectTypeOf(isCancelled).returns.toEqualTypeOf<boolean>();
expectTypeOf<CancelResult>().toExtend<{ readonly jobId: string; readonly clientRequestId: string }>();
