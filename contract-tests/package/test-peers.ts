/**
 * `npm run test:peers`: whether others read the contract, and the services, as this project does: the official client,
 * two generators, two linters. They are installed beside the project, in exact versions.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { startPrism } from "../../scripts/contract/prism.js";
import { readContract } from "../../scripts/contract/read.js";
import { installPackages, NODE_VERSIONS, nodeBinary, OPENAI_VERSION } from "../../scripts/tools/install.js";
import { finish, report, runStep } from "../../scripts/tools/steps.js";
import { createFineTuningClient } from "../../src/index.js";
import { startReferenceService } from "../service/reference-service.js";

const root = process.cwd();
const documents = ["openapi.yaml", "generated/openapi.accepted.yaml"];

// The official client, on a Node that it supports.
const official = installPackages("openai", { openai: OPENAI_VERSION });
const driver = join(official, "cancel.mjs");
writeFileSync(
  driver,
  `import OpenAI from "openai";
const [, , endpoint, token, id] = process.argv;
const client = new OpenAI({ baseURL: endpoint + "/openai/v1", apiKey: token, maxRetries: 0 });
console.log(JSON.stringify(await client.fineTuning.jobs.cancel(id)));
`,
);
const prism = await startPrism((await readContract(root)).documented);
const reference = await startReferenceService();
for (const [name, endpoint, token, id] of [
  ["the embedded Prism", prism.url, "any-token", "ftjob-abc123"],
  ["the reference service", reference.url, reference.token, reference.jobs.queued as string],
] as const) {
  const what = `openai ${OPENAI_VERSION} on Node ${NODE_VERSIONS[24]} cancels on ${name}`;
  const theirs = await runStep(what, [nodeBinary(24), driver, endpoint, token, id], official, { shows: /^\{/ });
  const ours = await createFineTuningClient({ endpoint, tokenProvider: () => token }).cancel(id);
  report(
    `what it returns from ${name} is the job that this client returns`,
    theirs.startsWith("{") && isDeepStrictEqual(JSON.parse(theirs), ours)
      ? undefined
      : `${theirs}\n${JSON.stringify(ours)}`,
  );
}
await prism.close();
await reference.close();

const GENERATORS = { "@hey-api/openapi-ts": "0.80.16", orval: "7.9.0" };
const LINTERS = { "@redocly/cli": "2.77.0", "@stoplight/spectral-cli": "6.16.3" };
const generators = installPackages("generators", { ...GENERATORS, typescript: "5.9.3" });
const linters = installPackages("linters", LINTERS);
const out = resolve("node_modules/.cache/fine-tuning-client/peers");
mkdirSync(out, { recursive: true });
for (const document of documents) {
  const generate = (name: keyof typeof GENERATORS, command: string, output: string) =>
    runStep(
      `${name} ${GENERATORS[name]} generates from ${document} without a warning`,
      [join(generators, "node_modules/.bin", command), "--input", resolve(document), "--output", join(out, output)],
      out,
      { hides: /warn|⚠|error/i },
    );
  await generate("@hey-api/openapi-ts", "openapi-ts", "hey-api");
  await generate("orval", "orval", "orval/client.ts");
  // With the project's own rulesets, as a person who runs them here has them.
  const lint = (name: keyof typeof LINTERS, command: string, options: readonly string[], shows: RegExp) =>
    runStep(
      `${name} ${LINTERS[name]} finds nothing in ${document}`,
      [join(linters, "node_modules/.bin", command), "lint", ...options, document],
      root,
      { shows },
    );
  await lint("@redocly/cli", "redocly", ["--config", "redocly.yaml"], /is valid/);
  await lint(
    "@stoplight/spectral-cli",
    "spectral",
    ["--ruleset", ".spectral.yaml", "--fail-severity", "hint"],
    /No results/,
  );
}
finish();
