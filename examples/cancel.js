// node examples/cancel.js ftjob-…   with AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_API_KEY set
import { createFineTuningClient } from "fine-tuning-client";

const client = createFineTuningClient();
const job = await client.cancel(process.argv[2]);
console.log(`${job.id} is ${job.status}`);
