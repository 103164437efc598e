/**
 * `npm run test:package`: packs the package, checks it with publint and attw, installs it offline, and type-checks and runs
 * it as its users do. Also runs what the README shows.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { basename, join, posix, resolve } from "node:path";
import { transform } from "esbuild";
import { installPackages, nodeBinary } from "../../scripts/tools/install.js";
import { finish, report, runStep } from "../../scripts/tools/steps.js";
import { startReferenceService } from "../service/reference-service.js";
import { runJestConsumers } from "./jest-consumers.js";
import { startTunnel } from "./tunnel.js";

const work = resolve("node_modules/.cache/fine-tuning-client/consumers");
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });

async function pack(): Promise<string> {
  execFileSync("npm", ["pack", "--pack-destination", work, "--loglevel=error"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const tarball = join(work, readdirSync(work).find((name) => name.endsWith(".tgz")) as string);
  const files = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n");
  const names = files.map((file) => file.replace(/^package\//, ""));
  const wanted =
    /^(dist\/((src|generated)\/([\w-]+\/)?[\w-]+\.d\.c?ts|((index|testing)\.c?js|(bin|client)\.js)(\.map)?|bin\.licenses\.txt)|generated\/openapi\.accepted\.yaml|openapi\.yaml|observed\.overlay\.yaml|package\.json|(README|CHANGELOG|SECURITY|docs\/[\w-]+)\.md|docs\/(command|contract)\.schema\.json|LICENSE)$/;
  const unwanted = names.filter((name) => !wanted.test(name));
  report(
    `the tarball holds ${names.length} files, and none that users do not need`,
    unwanted.length === 0 ? undefined : unwanted.join("\n"),
  );
  reportLinks(names);

  const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  const others = Object.keys(dependencies).filter((name) => name !== "openapi-fetch");
  report("openapi-fetch is the only dependency", others.length === 0 ? undefined : others.join());

  const tools = installPackages("package", { publint: "0.3.25", "@arethetypeswrong/cli": "0.18.5" });
  await runStep("publint", [join(tools, "node_modules/.bin/publint"), "--strict", tarball], work);
  const yaml = ["./openapi.yaml", "./openapi.accepted.yaml", "./observed.overlay.yaml"];
  const attw = join(tools, "node_modules/.bin/attw");
  await runStep("attw", [attw, "--exclude-entrypoints", ...yaml, "--", tarball], work);
  return tarball;
}

/** A reader of the package has no clone, so its documents may only link to files of the package. */
function reportLinks(packed: readonly string[]): void {
  const documents = packed.filter((name) => name.endsWith(".md"));
  const broken = documents.flatMap((document) =>
    [...readFileSync(document, "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
      .map(([, link]) => posix.join(posix.dirname(document), link as string))
      .filter((target) => !packed.includes(target))
      .map((target) => `${document} links to ${target}`),
  );
  report("the documents of the package link to files of the package", broken.join("\n") || undefined);
}

const tarball = await pack();
writeFileSync(join(work, "package.json"), '{ "private": true }\n');
const offline = ["--offline", "--no-audit", "--no-fund", "--loglevel=error"];
await runStep("installs offline", ["npm", "install", ...offline, tarball], work);

const service = await startReferenceService();
const env = { AZURE_OPENAI_ENDPOINT: service.url, AZURE_OPENAI_API_KEY: service.apiKey, NODE_OPTIONS: "" };
const id = service.jobs.queued as string;
const runProgram = (what: string, file: string, shows: RegExp, more: NodeJS.ProcessEnv = {}, node = process.execPath) =>
  runStep(what, [node, file, id], work, { env: { ...env, ...more }, shows });
const write = (name: string, text: string) => writeFileSync(join(work, name), text);

const CODE = `
const client = createFineTuningClient();
const { job, violations } = await client.cancelWithResponse(String(process.argv[2]));
const finished: string | number | null | undefined = job.finished_at;
const outcome: Outcome = new ConfigurationError("none").outcome;
const mock: MockService = createMockService({ jobs: { "ftjob-1": [answers.job({ status: "running" })] } });
createFineTuningClient(mock.clientOptions);
console.log(job.status, violations.length, finished ?? "not finished", outcome);
`;
// The consumers have no types of Node, so they declare what they use.
const GLOBALS = "declare const process: { argv: string[] };\n";
const ESM = `${GLOBALS}import { createFineTuningClient, ConfigurationError, type Outcome } from "fine-tuning-client";
import { answers, createMockService, type MockService } from "fine-tuning-client/testing";
${CODE}`;
const CJS = `${GLOBALS}import api = require("fine-tuning-client");
import testing = require("fine-tuning-client/testing");
const { createFineTuningClient } = api;
const mock: testing.MockService = testing.createMockService({ jobs: { "ftjob-1": [testing.answers.job({ status: "running" })] } });
createFineTuningClient(mock.clientOptions);
async function main() {
  const job: api.FineTuningJob = await createFineTuningClient().cancel(String(process.argv[2]));
  const finished: string | number | null | undefined = job.finished_at;
  console.log(job.status, finished);
}
main();
`;
const NODE16 = { module: "node16", moduleResolution: "node16" };
const BUNDLER = { module: "esnext", moduleResolution: "bundler" };
const consumers = [
  { name: "esm-nodenext", type: "module", options: { module: "nodenext" }, code: ESM },
  { name: "esm-node16", type: "module", options: NODE16, code: ESM },
  { name: "bundler", type: "module", options: BUNDLER, code: ESM },
  { name: "cjs-nodenext", type: "commonjs", options: { module: "nodenext" }, code: CJS },
];
const compilers = ["5.4.5", "5.9.3", "6.0.3", "7.0.2"].map((version) => ({
  version,
  tsc: join(installPackages(`typescript-${version}`, { typescript: version }), "node_modules/typescript/bin/tsc"),
}));

/** Type-checks a program with each version of TypeScript, and runs it. */
async function consume({ name, type, options, code }: (typeof consumers)[number]): Promise<void> {
  const folder = join(work, name);
  mkdirSync(folder);
  write(join(name, "package.json"), JSON.stringify({ private: true, type }));
  write(join(name, "main.ts"), code);
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
  write(join(name, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["main.ts"] }));
  for (const { version, tsc } of compilers) {
    const what = `${name} type-checks with TypeScript ${version}`;
    await runStep(what, [process.execPath, tsc, "--project", folder], work);
  }
  await runProgram(`${name} runs`, join(name, "out/main.js"), /^cancelled/m);
}
for (const consumer of consumers) await consume(consumer);

write(
  "plain.mjs",
  'import { createFineTuningClient } from "fine-tuning-client";\nconst job = await createFineTuningClient().cancel(process.argv[2]);\nconsole.log(job.status);\n',
);
await runProgram("plain JavaScript runs", "plain.mjs", /^cancelled/m);
write(
  "plain.cjs",
  'const { createFineTuningClient } = require("fine-tuning-client");\ncreateFineTuningClient().cancel(process.argv[2]).then((job) => console.log(job.status));\n',
);
await runProgram("require runs", "plain.cjs", /^cancelled/m);
await runProgram(
  "the command runs",
  "node_modules/fine-tuning-client/dist/bin.js",
  / {2}cancelled .*\n\n1 of 1 job cancelled/,
);
write(
  "contract.mjs",
  'import { readFileSync } from "node:fs";\nimport { createRequire } from "node:module";\nconst { resolve } = createRequire(import.meta.url);\nfor (const name of ["openapi.yaml", "openapi.accepted.yaml", "observed.overlay.yaml"]) console.log(readFileSync(resolve("fine-tuning-client/" + name), "utf8").match(/^(openapi|overlay): .*/m)[0]);\n',
);
await runProgram(
  "the contract can be resolved by name",
  "contract.mjs",
  /openapi: 3\.1\.1\nopenapi: 3\.1\.1\noverlay: 1\.0\.0/,
);
for (const file of readdirSync("examples")) {
  const name = basename(file, ".js").concat(".mjs");
  cpSync(join("examples", file), join(work, name));
  await runProgram(`examples/${file} runs`, name, /is cancelled/);
}

/** Runs the README's TypeScript on this service, with a stand-in for the one package that it uses beside ours. */
async function runReadme(): Promise<void> {
  const identity = join(work, "node_modules/@azure/identity");
  mkdirSync(identity, { recursive: true });
  writeFileSync(join(identity, "package.json"), '{ "type": "module", "exports": "./index.js" }\n');
  writeFileSync(
    join(identity, "index.js"),
    `export class DefaultAzureCredential {}\nexport const getBearerTokenProvider = () => async () => ${JSON.stringify(service.token)};\n`,
  );
  const blocks = [...readFileSync("README.md", "utf8").matchAll(/```ts\n([\s\S]*?)```/g)];
  for (const [index, [, code = ""]] of blocks.entries()) {
    const name = `readme-${index + 1}.mjs`;
    const here = code.replaceAll("https://my-resource.openai.azure.com", service.url).replaceAll("ftjob-abc123", id);
    const { code: program } = await transform(here, { loader: "ts" });
    write(name, `process.env.MY_KEY = ${JSON.stringify(service.apiKey)};\n${program}`);
    const shows = here.includes("console.log") ? /^cancelled/m : /^$/;
    await runProgram(`example ${index + 1} of the README runs`, name, shows);
  }
}

/** Plays the README's advice on proxies and certificates. */
async function runTroubleshooting(): Promise<void> {
  const tunnel = await startTunnel(Number(new URL(service.url).port));
  const proxied = { HTTP_PROXY: tunnel.url, HTTPS_PROXY: tunnel.url };
  const fromEnvironment = { ...proxied, NODE_USE_ENV_PROXY: "1" };
  for (const major of [22, 24] as const) {
    const what = `NODE_USE_ENV_PROXY works on Node ${major}`;
    await runProgram(what, "plain.mjs", /^cancelled/m, fromEnvironment, nodeBinary(major));
  }
  cpSync(
    join(installPackages("undici", { undici: "7.30.2" }), "node_modules/undici"),
    join(work, "node_modules/undici"),
    {
      recursive: true,
    },
  );
  const [, advice = ""] = /```js\n([\s\S]*?undici[\s\S]*?)```/.exec(readFileSync("README.md", "utf8")) ?? [];
  write("proxied.mjs", `${advice}await import("./plain.mjs");\n`);
  await runProgram("undici's proxy works on Node 20", "proxied.mjs", /^cancelled/m, proxied, nodeBinary(20));
  report("all three went through the proxy", tunnel.asked.length === 3 ? undefined : tunnel.asked.join());
  tunnel.close();

  const pem = resolve("contract-tests/client/self-signed.pem");
  const tls = createServer({ key: readFileSync(pem), cert: readFileSync(pem) }, (_, response) => {
    response.setHeader("content-type", "application/json").end(JSON.stringify({ id, status: "cancelled" }));
  });
  await new Promise<void>((done) => tls.listen(0, "127.0.0.1", done));
  const AZURE_OPENAI_ENDPOINT = `https://127.0.0.1:${(tls.address() as AddressInfo).port}`;
  const certificate = { AZURE_OPENAI_ENDPOINT, NODE_EXTRA_CA_CERTS: pem };
  await runProgram("NODE_EXTRA_CA_CERTS works", "plain.mjs", /^cancelled/m, certificate);
  tls.close();
}

await runReadme();
await runTroubleshooting();
await runJestConsumers(join(work, "node_modules"));
await service.close();
finish();
