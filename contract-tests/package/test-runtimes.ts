/**
 * `npm run test:runtimes`: runs one acceptance program on every runtime, prints a table of what passed, and writes it to
 * docs/runtimes.md when every runtime was run and passed.
 */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { installPackages, MissingPackage, nodeBinary } from "../../scripts/tools/install.js";
import { replaceBlock } from "../../scripts/tools/markdown-blocks.js";
import type { Result } from "./acceptance.js";
import { launchChromium } from "./chromium.js";

interface Run {
  readonly version: string;
  readonly result: Result;
}

const exec = promisify(execFile);
const work = resolve("node_modules/.cache/fine-tuning-client/runtimes");
mkdirSync(work, { recursive: true });

const JOB = { id: "ok", created_at: 1, model: "m", object: "fine_tuning.job", status: "cancelled", training_file: "f" };
const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "accept, api-key, x-ms-client-request-id",
  "access-control-expose-headers": "apim-request-id, retry-after-ms",
};

let flaky = 0;
/** Answers by the id of the job. */
const answer: RequestListener = (request, response) => {
  const send = (status: number, body: string, headers = {}) =>
    response
      .writeHead(status, { "content-type": "application/json", "apim-request-id": "apim-1", ...CORS, ...headers })
      .end(body);
  if (request.method === "OPTIONS") return send(204, "", { "access-control-allow-methods": "POST" });
  const id = /jobs\/([\w-]+)\/cancel$/.exec(request.url ?? "")?.[1] ?? "";
  const job = JSON.stringify({ ...JOB, id });
  const answers: Record<string, () => unknown> = {
    ok: () => send(200, job),
    "not-found": () => send(404, '{"error":{"code":"404","message":"No such job."}}'),
    slow: () => {},
    flaky: () => (flaky++ % 2 === 0 ? send(503, "{}", { "retry-after-ms": "1" }) : send(200, job)),
    violating: () => send(200, JSON.stringify({ ...JOB, id, status: "stopped" })),
    redirect: () => send(307, "", { location: "/elsewhere" }),
    page: () => send(200, "<html></html>", { "content-type": "text/html" }),
  };
  answers[id]?.();
};

function listen(handler: RequestListener): Promise<Server> {
  const server = createServer(handler);
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}
function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
function close(server: Server): Promise<unknown> {
  server.closeAllConnections();
  return new Promise((done) => server.close(done));
}

const service = await listen(answer);
const closedServer = await listen(() => {});
const closed = urlOf(closedServer);
await close(closedServer);

/** The acceptance program and the built client in one file; `end` decides where the result goes. */
async function bundle(name: string, end: string): Promise<string> {
  const outfile = join(work, name);
  const contents = `import { createFineTuningClient } from "./dist/index.js";
import * as testing from "./dist/testing.js";
import { accept } from "./contract-tests/package/acceptance.ts";
const run = () => accept(createFineTuningClient, testing, ${JSON.stringify(urlOf(service))}, ${JSON.stringify(closed)});
${end}`;
  const stdin = { contents, resolveDir: process.cwd() };
  await build({ stdin, bundle: true, format: "esm", target: "es2022", outfile });
  return outfile;
}

async function command(file: string, args: string[], versionArgs = ["--version"]): Promise<Run> {
  const options = { timeout: 60_000, env: { PATH: process.env.PATH, HOME: process.env.HOME } };
  const version = (await exec(file, versionArgs, options)).stdout.trim().split("\n")[0] as string;
  const { stdout } = await exec(file, args, options);
  return { version, result: JSON.parse(stdout.trim().split("\n").at(-1) as string) };
}

async function onWorkerd(): Promise<Run> {
  const folder = installPackages("miniflare", { miniflare: "4.20260730.0" });
  const worker = await bundle("worker.mjs", "export default { fetch: async () => Response.json(await run()) };");
  const driver = join(folder, "driver.mjs");
  writeFileSync(
    driver,
    `import { Miniflare } from "miniflare";
import { readFileSync } from "node:fs";
if (process.argv.includes("--version")) { console.log(JSON.parse(readFileSync(new URL("node_modules/workerd/package.json", import.meta.url))).version); process.exit(); }
const mf = new Miniflare({ modules: true, scriptPath: ${JSON.stringify(worker)}, compatibilityDate: "2026-01-01", host: "127.0.0.1" });
console.log(await (await mf.dispatchFetch("http://localhost/")).text());
await mf.dispose();`,
  );
  return command(nodeBinary(24), [driver], [driver, "--version"]);
}

/** Serves the page that runs the script: on another origin than the service, and without eval. */
function servePage(script: string): Promise<Server> {
  return listen((request, response) => {
    const isScript = request.url === "/page.mjs";
    response.writeHead(200, {
      "content-type": isScript ? "text/javascript" : "text/html",
      "content-security-policy": "default-src 'none'; script-src 'self'; connect-src http://127.0.0.1:*",
    });
    response.end(
      isScript
        ? readFileSync(script)
        : '<!doctype html><title>acceptance</title><body><script type="module" src="/page.mjs"></script>',
    );
  });
}

async function onChromium(): Promise<Run> {
  const browser = await launchChromium();
  const script = await bundle(
    "page.mjs",
    'run().then((result) => { document.body.id = "done"; document.body.textContent = JSON.stringify(result); });',
  );
  const page = await servePage(script);
  try {
    const tab = await browser.newPage();
    await tab.goto(urlOf(page));
    await tab.waitForSelector("#done", { timeout: 30_000 });
    return { version: browser.version(), result: JSON.parse(await tab.textContent("body")) };
  } finally {
    await browser.close();
    await close(page);
  }
}

const onConsole = await bundle("console.mjs", "console.log(JSON.stringify(await run()));");
const binary = (name: string, version: string, path: string) =>
  join(installPackages(path.split("/").at(-1) as string, { [name]: version }), "node_modules", name, path);
const runtimes: Record<string, () => Promise<Run>> = {
  ...Object.fromEntries(
    ([20, 22, 24, 26] as const).map((major) => [`Node ${major}`, async () => command(nodeBinary(major), [onConsole])]),
  ),
  Bun: async () => command(binary("@oven/bun-linux-x64", "1.4.5", "bin/bun"), [onConsole]),
  Deno: async () => command(binary("@deno/linux-x64-glibc", "2.9.6", "deno"), ["run", "--allow-net", onConsole]),
  "workerd (miniflare)": onWorkerd,
  "Chromium, strict CSP, from another origin": onChromium,
};

const table = ["| runtime | version | passed | after a refused connection |", "| --- | --- | --- | --- |"];
const missing: string[] = [];
const failures: string[] = [];
for (const [name, run] of Object.entries(runtimes)) {
  try {
    const { version, result } = await run();
    const failed = result.results.filter(({ passed }) => !passed);
    const count = `${result.results.length - failed.length} of ${result.results.length}`;
    table.push(`| ${name} | ${version.replace(/^(v|deno )/, "").split(" ")[0]} | ${count} | ${result.refused} |`);
    failures.push(...failed.map(({ name: check, detail }) => `${name}, ${check}: ${detail}`));
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    // A runtime that is missing is no failure; one that is there, and on which the program crashes, is.
    (error instanceof MissingPackage ? missing : failures).push(`${name}: ${reason}`);
  }
}
await close(service);
console.log(table.join("\n"));
for (const each of missing) console.log(`Not run: ${each}`);
for (const each of failures) console.error(`FAIL ${each}`);
if (failures.length > 0) process.exitCode = 1;
else if (missing.length > 0) console.log("docs/runtimes.md stays as it is: not every runtime was run.");
else {
  const date = new Date().toISOString().slice(0, 10);
  const text = [...table, "", `Measured on ${date}, ${process.platform} ${process.arch}.`].join("\n");
  writeFileSync("docs/runtimes.md", replaceBlock(readFileSync("docs/runtimes.md", "utf8"), "runtimes", text));
}
