// What to do after a failure, by its outcome.
// node examples/outcome.js ftjob-…   with AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_API_KEY set
import { createFineTuningClient, FineTuningClientError } from "fine-tuning-client";

const client = createFineTuningClient({
  timeoutMs: 10_000,
  onRetry: ({ attempt, delayMs, cause }) => console.log(`attempt ${attempt}: ${cause.message} Again in ${delayMs} ms.`),
});

try {
  const { job, requestId } = await client.cancelWithResponse(process.argv[2], { signal: AbortSignal.timeout(60_000) });
  console.log(`${job.id} is ${job.status}; the service knows the call as ${requestId}`);
} catch (error) {
  if (!(error instanceof FineTuningClientError)) throw error;
  const stillRuns = error.outcome === "not-sent" || error.outcome === "rejected";
  console.log(stillRuns ? "Not cancelled by this call." : "It may be cancelled: look before you act.");
  console.log(error.message);
  process.exitCode = 1;
}
