/** `npm start`: cancels a job, on the embedded service unless the arguments or the environment name a real one. */
import { run } from "../src/command/command.js";
import type { Process } from "../src/command/session.js";
import { ContractError, type Document, OPENAPI_FILE } from "./contract/document.js";
import { startPrism } from "./contract/prism.js";
import { checkDocument } from "./contract/schemas.js";
import { readSource } from "./contract/source.js";
import { isProgram } from "./tools/folders.js";

const VARIABLES = ["AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN"];

/** Resolves with the exit code. */
export async function start(args: readonly string[], process: Process): Promise<number> {
  const namesService = args.some((argument) => /^--(endpoint|auth)\b/.test(argument));
  if (namesService || VARIABLES.some((name) => process.env[name])) return run(args, process);
  try {
    const source = readSource<Document>(".", OPENAPI_FILE);
    checkDocument(source);
    const prism = await startPrism(source.value);
    try {
      return await run(args, process, {
        label: "embedded Prism: it answers with an example of openapi.yaml, and no real job is touched",
        options: { endpoint: prism.url, apiKey: "no-real-key" },
        defaultId: "ftjob-abc123",
      });
    } finally {
      await prism.close();
    }
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

if (isProgram(process.argv[1], "/scripts/start.ts"))
  start(process.argv.slice(2), process).then((code) => {
    process.exitCode = code;
  });
