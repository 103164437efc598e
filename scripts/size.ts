/** `npm run size`: what importing the client costs, in bytes and in time, against a budget. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** Everything that `import { createFineTuningClient }` pulls in, minified and gzipped, in bytes. */
const BUDGET_BYTES = 13_500;
/** What the import may add to Node's start, in ms. */
const BUDGET_MS = 10;

/** How many bytes a program is with all that it imports, minified and gzipped. */
export async function bundledBytes(contents: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    mainFields: ["module", "main"],
    write: false,
    logLevel: "error",
  });
  return gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
}

/**
 * What running a program adds to the start of a Node, in ms, over pairs of runs with it and without. The lower quartile:
 * whatever else the machine does only ever adds.
 */
export function addedStartMs(node: string, program: string): number {
  const run = (text: string) => {
    const began = performance.now();
    const { status, stderr } = spawnSync(node, ["--input-type=module", "--eval", text], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return performance.now() - began;
  };
  const added = Array.from({ length: 31 }, () => run(program) - run(""));
  return added.sort((a, b) => a - b)[7] as number;
}

async function main(): Promise<number> {
  const client = 'export { createFineTuningClient } from "./dist/index.js";';
  const bytes = await bundledBytes(client);
  const rows = [
    ["openapi-fetch", await bundledBytes('export { default } from "openapi-fetch";')],
    ["the compiled validator", await bundledBytes('export { default } from "./generated/validate-job.js";')],
    ["everything that the client pulls in", bytes],
  ] as const;
  const table = [
    "| what | minified and gzipped |",
    "| --- | --- |",
    ...rows.map(([what, size]) => `| ${what} | ${(size / 1000).toFixed(1)} kB |`),
  ].join("\n");
  const addedMs = addedStartMs(process.execPath, client);
  console.log(`${table}\n\nThe import adds ${addedMs.toFixed(1)} ms to the start of Node ${process.version}.`);

  const [, inReadme] = /<!-- size:.*-->\n([\s\S]*)\n<!-- \/size -->/.exec(readFileSync("README.md", "utf8")) ?? [];
  const problems = [
    bytes > BUDGET_BYTES && `Over the budget of ${BUDGET_BYTES} bytes: ${bytes}.`,
    addedMs > BUDGET_MS && `Over the budget of ${BUDGET_MS} ms.`,
    inReadme !== table && "README.md has another table: copy this one.",
  ].filter((problem) => problem !== false);
  for (const problem of problems) console.error(problem);
  return problems.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) process.exitCode = await main();
