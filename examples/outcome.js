// Cancels one job and, after a failure, says whether it may have been cancelled: node examples/outcome.js ftjob-…
// It needs AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_API_KEY.
import { createFineTuningClient, FineTuningClientError, isCancelled } from "fine-tuning-client";

const [, , id = ""] = process.argv;
const client = createFineTuningClient({
  timeoutMs: 10_000,
  onRetry: ({ attempt, delayMs, cause }) =>
    console.log(`Attempt ${attempt} failed: ${cause.message} Next attempt in ${delayMs} ms.`),
});

try {
  const { job, requestId } = await client.cancelWithResponse(id, { signal: AbortSignal.timeout(60_000) });
  console.log(`${job.id} is ${isCancelled(job) ? "cancelled" : `${job.status}, not cancelled`} (request ${requestId})`);
} catch (error) {
  if (!(error instanceof FineTuningClientError)) throw error;
  const notCancelled = error.outcome === "not-sent" || error.outcome === "rejected";
  console.log(
    notCancelled ? "This call did not cancel the job." : "The job may have been cancelled: check its status.",
  );
  console.log(error.message);
  process.exitCode = 1;
}
