/** `npm run test:runtimes`: one acceptance program on every runtime, and a table of what passed. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { installParts, MissingPart, nodeBinary } from "../../scripts/tools/install.js";

const exec = promisify(execFile);
const CHROMIUM = "/usr/bin/chromium";
const work = resolve("node_modules/.cache/fine-tuning-client/runtimes");
mkdirSync(work, { recursive: true });

const JOB = { id: "ok", created_at: 1, model: "m", object: "fine_tuning.job", status: "cancelled", training_file: "f" };
const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "accept, api-key, x-ms-client-request-id",
  "access-control-expose-headers": "apim-request-id, retry-after-ms",
};

let flaky = 0;
const service = await listen((request, response) => {
  const send = (status: number, body: string, headers = {}) =>
    response
      .writeHead(status, { "content-type": "application/json", "apim-request-id": "apim-1", ...CORS, ...headers })
      .end(body);
  if (request.method === "OPTIONS") return send(204, "", { "access-control-allow-methods": "POST" });
  const job = JSON.stringify(JOB);
  const answers: Record<string, () => unknown> = {
    ok: () => send(200, job),
    "not-found": () => send(404, '{"error":{"code":"404","message":"No such job."}}'),
    slow: () => {},
    flaky: () => (flaky++ % 2 === 0 ? send(503, "{}", { "retry-after-ms": "1" }) : send(200, job)),
    violating: () => send(200, JSON.stringify({ ...JOB, status: "stopped" })),
    redirect: () => send(307, "", { location: "/elsewhere" }),
    page: () => send(200, "<html></html>", { "content-type": "text/html" }),
  };
  answers[/jobs\/([\w-]+)\/cancel$/.exec(request.url ?? "")?.[1] ?? ""]?.();
});
const closedServer = await listen(() => {});
const closed = urlOf(closedServer);
await new Promise((done) => closedServer.close(done));

function listen(handler: RequestListener): Promise<Server> {
  const server = createServer(handler);
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}
function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The acceptance program and the built client in one file; `end` says what becomes of the result. */
async function bundle(name: string, end: string): Promise<string> {
  const outfile = join(work, name);
  await build({
    stdin: {
      contents: `import { createFineTuningClient } from "./dist/index.js";
import { accept } from "./contract-tests/package/acceptance.js";
const run = () => accept(createFineTuningClient, ${JSON.stringify(urlOf(service))}, ${JSON.stringify(closed)});
${end}`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    format: "esm",
    target: "es2022",
    outfile,
  });
  return outfile;
}

interface Result {
  readonly results: { name: string; passed: boolean; detail: string }[];
  readonly refused: string;
}

const onConsole = await bundle("console.mjs", "console.log(JSON.stringify(await run()));");
const runtimes: Record<string, () => Promise<{ version: string; result: Result }>> = {};

for (const major of [20, 22, 24, 26] as const) {
  runtimes[`Node ${major}`] = async () => command(nodeBinary(major), [onConsole]);
}
runtimes.Bun = async () =>
  command(join(installParts("bun", { "@oven/bun-linux-x64": "1.4.5" }), "node_modules/@oven/bun-linux-x64/bin/bun"), [
    onConsole,
  ]);
runtimes.Deno = async () =>
  command(join(installParts("deno", { "@deno/linux-x64-glibc": "2.9.6" }), "node_modules/@deno/linux-x64-glibc/deno"), [
    "run",
    "--allow-net",
    onConsole,
  ]);
runtimes["workerd (miniflare)"] = async () => {
  const folder = installParts("miniflare", { miniflare: "4.20260730.0" });
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
};
runtimes["Chromium, strict CSP"] = async () => {
  if (!existsSync(CHROMIUM)) throw new MissingPart(`${CHROMIUM} is not there (apt-get install chromium)`);
  const folder = installParts("playwright", { "playwright-core": "1.65.1" });
  const { chromium } = await import(pathToFileURL(join(folder, "node_modules/playwright-core/index.mjs")).href);
  const script = await bundle(
    "page.mjs",
    'run().then((result) => { document.body.id = "done"; document.body.textContent = JSON.stringify(result); });',
  );
  // Another origin than the service's, and no eval.
  const page = await listen((request, response) => {
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
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  try {
    const tab = await browser.newPage();
    await tab.goto(urlOf(page));
    await tab.waitForSelector("#done", { timeout: 30_000 });
    return { version: browser.version(), result: JSON.parse(await tab.textContent("body")) };
  } finally {
    await browser.close();
    page.closeAllConnections();
    page.close();
  }
};

async function command(
  file: string,
  args: string[],
  versionArgs = ["--version"],
): Promise<{ version: string; result: Result }> {
  const options = { timeout: 60_000, env: { PATH: process.env.PATH, HOME: process.env.HOME } };
  const version = (await exec(file, versionArgs, options)).stdout.trim().split("\n")[0] as string;
  const { stdout } = await exec(file, args, options);
  return { version, result: JSON.parse(stdout.trim().split("\n").at(-1) as string) };
}

console.log("| runtime | version | passed | after a refused connection |\n| --- | --- | --- | --- |");
let failed = 0;
for (const [name, play] of Object.entries(runtimes)) {
  try {
    const { version, result } = await play();
    const bad = result.results.filter(({ passed }) => !passed);
    failed += bad.length;
    console.log(
      `| ${name} | ${version.replace(/^(v|deno )/, "")} | ${result.results.length - bad.length} of ${result.results.length} | ${result.refused} |`,
    );
    for (const { name: check, detail } of bad) console.log(`    FAIL ${check}: ${detail}`);
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    // A runtime that is there, and on which the program crashes, has failed.
    if (!(error instanceof MissingPart)) failed++;
    console.log(`| ${name} | | ${error instanceof MissingPart ? "not run" : "FAILED"}: ${reason} | |`);
  }
}
service.closeAllConnections();
service.close();
process.exitCode = failed === 0 ? 0 : 1;
