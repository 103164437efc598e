/**
 * `npm run test:peers`: whether the official client, two generators and two linters read the contract and the services as
 * this project does, and whether the README is right about the official client. They are installed in exact versions.
 */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isDeepStrictEqual, promisify } from "node:util";
import { startPrism } from "../../scripts/contract/prism.js";
import { readContract } from "../../scripts/contract/read.js";
import { installPackages, nodeBinary, OPENAI_NODE, OPENAI_VERSION } from "../../scripts/tools/install.js";
import { finish, report, runStep } from "../../scripts/tools/steps.js";
import { createFineTuningClient } from "../../src/index.js";
import { startReferenceService } from "../service/reference-service.js";
import { type Ending, KEY, play, situations } from "./official-client.js";

const root = process.cwd();
const documents = ["openapi.yaml", "generated/openapi.accepted.yaml"];

// The official client, on a Node that it supports.
const official = installPackages("openai", { openai: OPENAI_VERSION });
const driver = join(official, "cancel.mjs");
writeFileSync(
  driver,
  `import OpenAI from "openai";
const [, , baseURL, apiKey, id, headers] = process.argv;
const client = new OpenAI({ baseURL, apiKey, defaultHeaders: JSON.parse(headers) });
const print = (ending) => console.log(JSON.stringify(ending));
await client.fineTuning.jobs.cancel(id).then(
  (returned) => print({ returned }),
  ({ constructor: { name }, message }) => print({ threw: { name, message } }),
);
`,
);
async function cancelWithOfficial(endpoint: string, apiKey: string, id: string, headers = {}): Promise<Ending> {
  const args = [driver, `${endpoint}/openai/v1`, apiKey, id, JSON.stringify(headers)];
  return JSON.parse((await promisify(execFile)(nodeBinary(24), args)).stdout);
}

const prism = await startPrism((await readContract(root)).documented);
const reference = await startReferenceService();
for (const [name, endpoint, token, id] of [
  ["the embedded Prism", prism.url, "any-token", "ftjob-abc123"],
  ["the reference service", reference.url, reference.token, reference.jobs.queued as string],
] as const) {
  const theirs = await cancelWithOfficial(endpoint, token, id);
  const ours = await createFineTuningClient({ endpoint, tokenProvider: () => token }).cancel(id);
  report(
    `openai ${OPENAI_VERSION} gets the same job as this client from ${name}`,
    isDeepStrictEqual(theirs, { returned: ours }) ? undefined : JSON.stringify({ theirs, ours }),
  );
}
await prism.close();
await reference.close();

for (const situation of situations) {
  const does = await play(situation, (endpoint, headers) => cancelWithOfficial(endpoint, KEY, "ftjob-1", headers));
  report(
    `openai ${OPENAI_VERSION}, ${situation.what}: ${situation.official}`,
    does === situation.official ? undefined : `Now it ${does}. Correct contract-tests/package/official-client.ts.`,
  );
}
const { engines } = JSON.parse(readFileSync(join(official, "node_modules/openai/package.json"), "utf8"));
report(
  `openai ${OPENAI_VERSION} needs Node ${OPENAI_NODE}`,
  engines.node === `>=${OPENAI_NODE}.0.0` ? undefined : `Now it needs ${engines.node}.`,
);

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
  // With the rulesets of the project, as when a person runs the linters here.
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
