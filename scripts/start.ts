/** `npm start`: cancels a job, on the embedded service unless the environment names a real one. */
import { run } from "../src/command/command.js";
import { ContractError, type Document, OPENAPI_FILE } from "./contract/document.js";
import { startPrism } from "./contract/prism.js";
import { checkDocument } from "./contract/schemas.js";
import { readSource } from "./contract/source.js";

const args = process.argv.slice(2);
const { AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_KEY, AZURE_OPENAI_AD_TOKEN } = process.env;
const namesService = args.some((argument) => /^--(endpoint|auth)\b/.test(argument));

if (AZURE_OPENAI_ENDPOINT || AZURE_OPENAI_API_KEY || AZURE_OPENAI_AD_TOKEN || namesService) {
  process.exitCode = await run(args, process);
} else {
  try {
    const source = readSource<Document>(process.cwd(), OPENAPI_FILE);
    checkDocument(source);
    const prism = await startPrism(source.value);
    try {
      process.exitCode = await run(args, process, {
        label: "embedded Prism: it answers with an example of openapi.yaml, and no real job is touched",
        options: { endpoint: prism.url, apiKey: "no-real-key" },
        defaultId: "ftjob-abc123",
      });
    } finally {
      await prism.close();
    }
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
