/**
 * `npm run test:package`: packs the package, asks publint and attw what they think of it, installs it offline and
 * type-checks and runs it as its users do.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { installParts } from "../../scripts/tools/install.js";
import { finish, report, runStep } from "../../scripts/tools/steps.js";
import { startReferenceService } from "../service/reference-service.js";

const tools = installParts("package", { publint: "0.3.25", "@arethetypeswrong/cli": "0.18.5" });
const compilers = ["5.4.5", "5.9.3", "6.0.3", "7.0.2"].map((version) => ({
  version,
  folder: installParts(`typescript-${version}`, { typescript: version }),
}));

const work = resolve("node_modules/.cache/fine-tuning-client/consumers");
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
execFileSync("npm", ["pack", "--pack-destination", work, "--loglevel=error"], {
  stdio: ["ignore", "ignore", "inherit"],
});
const tarball = join(work, readdirSync(work).find((name) => name.endsWith(".tgz")) as string);

const listed = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n");
const unwanted = listed.filter(
  (name) =>
    !/^package\/(dist\/((src|generated)\/[\w-]+\.d\.ts|(index|bin|client)\.js(\.map)?|bin\.licenses\.txt)|generated\/openapi\.accepted\.yaml|openapi\.yaml|observed\.overlay\.yaml|package\.json|README\.md|CHANGELOG\.md|SECURITY\.md|LICENSE)$/.test(
      name,
    ),
);
report(
  `the tarball holds ${listed.length} files, and none that users do not need`,
  unwanted.length === 0 ? undefined : unwanted.join("\n"),
);
const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
report(
  "openapi-fetch is the one dependency",
  Object.keys(dependencies).join() === "openapi-fetch" ? undefined : Object.keys(dependencies).join(),
);
await runStep("publint", [join(tools, "node_modules/.bin/publint"), "--strict", tarball], work);
// ESM only, on purpose: Node 20.19 and later can require it.
const yaml = ["./openapi.yaml", "./openapi.accepted.yaml", "./observed.overlay.yaml"];
await runStep(
  "attw",
  [join(tools, "node_modules/.bin/attw"), "--profile", "esm-only", "--exclude-entrypoints", ...yaml, "--", tarball],
  work,
);

writeFileSync(join(work, "package.json"), '{ "private": true }\n');
await runStep(
  "installs offline",
  ["npm", "install", "--offline", "--no-audit", "--no-fund", "--loglevel=error", tarball],
  work,
);

const CODE = `
const client = createFineTuningClient();
const { job, violations } = await client.cancelWithResponse(String(process.argv[2]));
const finished: string | number | null | undefined = job.finished_at;
const outcome: Outcome = new ConfigurationError("none").outcome;
console.log(job.status, violations.length, finished ?? "not finished", outcome);
`;
// The environment's own types are left out, so what is used of it has to be said.
const GLOBALS = "declare const process: { argv: string[] };\n";
const IMPORTS = 'import { createFineTuningClient, ConfigurationError, type Outcome } from "fine-tuning-client";\n';
const REQUIRE = 'import api = require("fine-tuning-client");\nconst { createFineTuningClient } = api;\n';
const CJS = `${GLOBALS}${REQUIRE}
async function main() {
  const job: api.FineTuningJob = await createFineTuningClient().cancel(String(process.argv[2]));
  const finished: string | number | null | undefined = job.finished_at;
  console.log(job.status, finished);
}
main();
`;

const consumers = [
  {
    name: "esm-nodenext",
    type: "module",
    options: { module: "nodenext" },
    code: GLOBALS + IMPORTS + CODE,
    from: "5.4",
  },
  {
    name: "esm-node16",
    type: "module",
    options: { module: "node16", moduleResolution: "node16" },
    code: GLOBALS + IMPORTS + CODE,
    from: "5.4",
  },
  {
    name: "bundler",
    type: "module",
    options: { module: "esnext", moduleResolution: "bundler" },
    code: GLOBALS + IMPORTS + CODE,
    from: "5.4",
  },
  // TypeScript takes the require of an ESM package from 5.8 on.
  { name: "cjs-nodenext", type: "commonjs", options: { module: "nodenext" }, code: CJS, from: "5.8" },
];

const service = await startReferenceService();
const env = { AZURE_OPENAI_ENDPOINT: service.url, AZURE_OPENAI_API_KEY: service.apiKey, NODE_OPTIONS: "" };
const runProgram = (what: string, file: string, shows: RegExp) =>
  runStep(what, [process.execPath, file, service.jobs.queued as string], work, { env, shows });

for (const { name, type, options, code, from } of consumers) {
  const folder = join(work, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type }));
  writeFileSync(join(folder, "main.ts"), code);
  const compilerOptions = {
    target: "es2022",
    lib: ["es2022", "dom", "dom.iterable"],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    outDir: "out",
    ...options,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["main.ts"] }));
  for (const compiler of compilers) {
    if (Number(compiler.version.slice(0, 3)) < Number(from)) {
      console.log(
        `--    ${name} with TypeScript ${compiler.version}: not supported, TypeScript takes it from ${from} on`,
      );
      continue;
    }
    await runStep(
      `${name} type-checks with TypeScript ${compiler.version}`,
      [process.execPath, join(compiler.folder, "node_modules/typescript/bin/tsc"), "--project", folder],
      work,
    );
  }
  await runProgram(`${name} runs`, join(name, "out/main.js"), /^cancelled/m);
}

writeFileSync(
  join(work, "plain.mjs"),
  'import { createFineTuningClient } from "fine-tuning-client";\nconst job = await createFineTuningClient().cancel(process.argv[2]);\nconsole.log(job.status);\n',
);
await runProgram("plain JavaScript runs", "plain.mjs", /^cancelled/m);
writeFileSync(
  join(work, "plain.cjs"),
  'const { createFineTuningClient } = require("fine-tuning-client");\ncreateFineTuningClient().cancel(process.argv[2]).then((job) => console.log(job.status));\n',
);
await runProgram("require runs", "plain.cjs", /^cancelled/m);
await runProgram(
  "the command runs",
  "node_modules/fine-tuning-client/dist/bin.js",
  / {2}cancelled .*\n\n1 of 1 job cancelled/,
);
writeFileSync(
  join(work, "contract.mjs"),
  'import { readFileSync } from "node:fs";\nimport { createRequire } from "node:module";\nconst { resolve } = createRequire(import.meta.url);\nfor (const name of ["openapi.yaml", "openapi.accepted.yaml", "observed.overlay.yaml"]) console.log(readFileSync(resolve("fine-tuning-client/" + name), "utf8").match(/^(openapi|overlay): .*/m)[0]);\n',
);
await runProgram(
  "the contract is there under stable names",
  "contract.mjs",
  /openapi: 3\.1\.1\nopenapi: 3\.1\.1\noverlay: 1\.0\.0/,
);
for (const file of readdirSync("examples")) {
  writeFileSync(join(work, basename(file, ".js").concat(".mjs")), readFileSync(join("examples", file)));
  await runProgram(`examples/${file} runs`, file.replace(/\.js$/, ".mjs"), /is cancelled/);
}

// The README's examples, on this service, with a stand-in for the one package that they use beside ours.
const identity = join(work, "node_modules/@azure/identity");
mkdirSync(identity, { recursive: true });
writeFileSync(join(identity, "package.json"), '{ "type": "module", "exports": "./index.js" }\n');
writeFileSync(
  join(identity, "index.js"),
  `export class DefaultAzureCredential {}\nexport const getBearerTokenProvider = () => async () => ${JSON.stringify(service.token)};\n`,
);
const blocks = [...readFileSync("README.md", "utf8").matchAll(/```ts\n([\s\S]*?)```/g)];
for (const [index, [, code]] of blocks.entries()) {
  const name = `readme-${index + 1}.mjs`;
  const here = (code as string)
    .replaceAll("https://my-resource.openai.azure.com", service.url)
    .replaceAll("ftjob-abc123", service.jobs.queued as string);
  writeFileSync(join(work, name), `process.env.MY_KEY = ${JSON.stringify(service.apiKey)};\n${here}`);
  await runProgram(
    `example ${index + 1} of the README runs`,
    name,
    here.includes("console.log") ? /^cancelled/m : /^$/,
  );
}
await service.close();
finish();
