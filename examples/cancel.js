// Cancels one job: node examples/cancel.js ftjob-…
// It needs AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_API_KEY.
import { createFineTuningClient, isCancelled } from "fine-tuning-client";

const [, , id = ""] = process.argv;
const client = createFineTuningClient();
const job = await client.cancel(id);
console.log(isCancelled(job) ? `${job.id} is cancelled` : `${job.id} is ${job.status}, not cancelled`);
