/** Jest over projects that use the installed package: CommonJS, ES modules, and TypeScript through ts-jest. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPackages, nodeBinary } from "../../scripts/tools/install.js";
import { runStep } from "../../scripts/tools/steps.js";

const CLIENT = "{ ApiError, createFineTuningClient, FineTuningClientError, isCancelled }";
const TESTING = "{ answers, createMockService }";
const TESTS = `
test("cancels after a rate limit", async () => {
  const service = createMockService({ jobs: { "ftjob-1": [answers.rateLimited(), answers.job()] } });
  const job = await createFineTuningClient(service.clientOptions).cancel("ftjob-1");
  expect(isCancelled(job)).toBe(true);
  expect(service.requests).toHaveLength(2);
});
test("errors are instances of the client's classes", async () => {
  const service = createMockService();
  const cancel = createFineTuningClient(service.clientOptions).cancel("ftjob-2");
  await expect(cancel).rejects.toBeInstanceOf(ApiError);
  await expect(cancel).rejects.toBeInstanceOf(FineTuningClientError);
});
`;
const IMPORTS = `import ${CLIENT} from "fine-tuning-client";\nimport ${TESTING} from "fine-tuning-client/testing";\n`;

interface Consumer {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly jest?: object;
  readonly flags?: string;
}

const consumersWith = (tools: string): Consumer[] => [
  {
    name: "CommonJS",
    files: {
      "client.test.js": `const ${CLIENT} = require("fine-tuning-client");\nconst ${TESTING} = require("fine-tuning-client/testing");\n${TESTS}`,
    },
  },
  {
    name: "ES modules",
    files: { "client.test.mjs": IMPORTS + TESTS },
    jest: { testMatch: ["**/*.test.mjs"] },
    // Jest itself asks for this, whatever a test imports.
    flags: "--experimental-vm-modules",
  },
  {
    name: "TypeScript as CommonJS, with ts-jest",
    files: {
      // An error that is expected and does not come is an error: it shows that the types were found.
      "client.test.ts": `import { expect, test } from "@jest/globals";
${IMPORTS}${TESTS}
// @ts-expect-error a status that nobody has seen
export const wrong = () => answers.job({ status: "stopped" });
`,
      "tsconfig.json": JSON.stringify({
        compilerOptions: { target: "es2022", module: "commonjs", strict: true, esModuleInterop: true, types: [] },
      }),
    },
    jest: { transform: { "\\.ts$": join(tools, "node_modules/ts-jest") } },
  },
];

/** Runs each consumer on Node 20 and 24; `modules` is a `node_modules` that has the package. */
export async function runJestConsumers(modules: string): Promise<void> {
  const tools = installPackages("ts-jest", { jest: "30.5.2", "ts-jest": "29.4.15", typescript: "5.9.3" });
  for (const { name, files, jest = {}, flags = "" } of consumersWith(tools)) {
    // Jest looks for no tests below node_modules, where other consumers are.
    const folder = mkdtempSync(join(tmpdir(), "fine-tuning-client-"));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(join(modules, "fine-tuning-client"), join(folder, "node_modules/fine-tuning-client"));
    symlinkSync(join(tools, "node_modules/@jest"), join(folder, "node_modules/@jest"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, jest }));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    for (const major of [20, 24] as const) {
      const command = [nodeBinary(major), join(tools, "node_modules/jest/bin/jest.js"), "--rootDir", folder] as const;
      const expected = { env: { NODE_OPTIONS: flags }, shows: /Tests: +2 passed, 2 total/ };
      await runStep(`Jest on Node ${major}: ${name}`, command, folder, expected);
    }
    rmSync(folder, { recursive: true });
  }
}
