/**
 * `npm run generate`: writes generated/ from openapi.yaml and observed.overlay.yaml.
 * `npm run generate -- --check`: writes nothing, and exits 1 naming the files that are stale.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { type Contract, ContractError, type Document, responseExamples } from "./contract/document.js";
import { writeSchemas } from "./contract/job-schema.js";
import { readContract } from "./contract/read.js";
import { update } from "./contract/update.js";
import { isProgram } from "./tools/folders.js";

const HEADER =
  "Made by scripts/generate.ts from openapi.yaml and observed.overlay.yaml. Do not edit: run `npm run generate`.";

const PROJECT = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The text of each file of generated/, by its name. */
export async function render({ accepted }: Contract, version: string): Promise<Map<string, string>> {
  return new Map([
    [
      "version.ts",
      `// Made by scripts/generate.ts from package.json. Do not edit: run \`npm run generate\`.\n\n/** The version of this package. */\nexport const version = ${JSON.stringify(version)};\n`,
    ],
    ["openapi.accepted.yaml", `# ${HEADER}\n${stringify(accepted, { lineWidth: 0 })}`],
    ["types.ts", `// ${HEADER}\n\n${await renderTypes(accepted)}`],
    ["examples.ts", `// ${HEADER}\n${renderExamples(accepted)}`],
    ["job-schema.ts", `// ${HEADER}\n\n${writeSchemas(accepted, "FineTuningJob")}`],
  ]);
}

function readVersion(): string {
  return (JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as { version: string }).version;
}

async function renderTypes(document: Document): Promise<string> {
  // Loaded here, because it takes longer than a problem in the contract takes to be found.
  const { default: openapiTS, astToString } = await import("openapi-typescript");
  const nodes = await openapiTS(structuredClone(document) as never, {
    defaultNonNullable: false,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    rootTypesKeepCasing: true,
  });
  return astToString(nodes);
}

function renderExamples(document: Document): string {
  const examples = [...responseExamples(document)];
  const jobs = examples
    .filter(({ schema }) => schema === "FineTuningJob")
    .map(({ example, value }) => [example, value]);
  const failures = examples.filter(({ schema }) => schema === "ErrorResponse");
  const errors = failures.map(({ status, value }) => [status, (value as { error: unknown }).error]);
  const names = jobs.map(([name]) => JSON.stringify(name)).join(" | ");
  const toCode = (entries: unknown[][]) => JSON.stringify(Object.fromEntries(entries), undefined, 2);
  return `import type { ErrorDetail, FineTuningJob } from "./types.js";

/** The contract's example jobs, by name. */
export const jobExamples = ${toCode(jobs)} as Readonly<Record<${names}, FineTuningJob>>;

/** The contract's example errors, by status. */
export const errorExamples = ${toCode(errors)} as Readonly<Record<number, ErrorDetail>>;
`;
}

async function main(root: string, args: readonly string[]): Promise<number> {
  if (args.some((arg) => arg !== "--check")) {
    console.error("Usage: npm run generate [-- --check]");
    return 2;
  }
  const files = await render(await readContract(root), readVersion());
  const { isGood, message } = update(join(root, "generated"), files, args.includes("--check"));
  if (message) (isGood ? console.log : console.error)(message);
  return isGood ? 0 : 1;
}

const [, program, ...args] = process.argv;
if (isProgram(program, "/scripts/generate.ts")) {
  try {
    process.exitCode = await main(process.cwd(), args);
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
