/**
 * `npm run test:peers`: whether others read the contract, and the services, as this project does: the official client,
 * two generators, two linters. They are installed beside the project, in exact versions.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { startReferenceService } from "../contract-tests/reference-service.js";
import { createFineTuningClient } from "../src/index.js";
import { installParts, NODE_VERSIONS, nodeBinary, OPENAI_VERSION } from "./parts.js";
import { startPrism } from "./prism.js";
import { readContract } from "./sources.js";
import { finish, report, runStep } from "./steps.js";

const root = process.cwd();
const documents = ["openapi.yaml", "generated/openapi.accepted.yaml"];

// The official client, on a Node that it supports.
const official = installParts("openai", { openai: OPENAI_VERSION });
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

const generators = installParts("generators", {
  "@hey-api/openapi-ts": "0.80.16",
  orval: "7.9.0",
  typescript: "5.9.3",
});
const linters = installParts("linters", { "@redocly/cli": "2.77.0", "@stoplight/spectral-cli": "6.16.3" });
const out = resolve("node_modules/.cache/fine-tuning-client/peers");
mkdirSync(out, { recursive: true });
const warning = { hides: /warn|⚠|error/i };
for (const document of documents) {
  const file = resolve(document);
  const bin = (name: string) => join(generators, "node_modules/.bin", name);
  await runStep(
    `@hey-api/openapi-ts 0.80.16 generates from ${document} without a warning`,
    [bin("openapi-ts"), "--input", file, "--output", join(out, "hey-api")],
    out,
    warning,
  );
  await runStep(
    `orval 7.9.0 generates from ${document} without a warning`,
    [bin("orval"), "--input", file, "--output", join(out, "orval/client.ts")],
    out,
    warning,
  );
  // Both have the same ruleset files in the project as whoever runs them there by hand.
  await runStep(
    `Redocly 2.77.0, recommended-strict, finds nothing in ${document}`,
    [join(linters, "node_modules/.bin/redocly"), "lint", "--config", "redocly.yaml", document],
    root,
    { shows: /is valid/ },
  );
  await runStep(
    `Spectral 6.16.3, oas, finds nothing in ${document}`,
    [
      join(linters, "node_modules/.bin/spectral"),
      "lint",
      "--ruleset",
      ".spectral.yaml",
      "--fail-severity",
      "hint",
      document,
    ],
    root,
    { shows: /No results/ },
  );
}
finish();
