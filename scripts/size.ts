/** `npm run size`: what importing the client costs, in bytes and in time, against a budget. */
import { spawnSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** Everything that `import { createFineTuningClient }` pulls in, minified and gzipped, in bytes. */
const BUDGET_BYTES = 13_500;
/** What the import may add to Node's start, in ms. */
const BUDGET_MS = 10;

const gzipped = async (contents: string, minify = true) => {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    minify,
    format: "esm",
    target: "es2022",
    write: false,
  });
  return gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
};

const whole = await gzipped('export { createFineTuningClient } from "./dist/src/index.js";');
const fetchClient = await gzipped('export { default } from "openapi-fetch";');
const validator = await gzipped('export { default } from "./dist/generated/validate-job.js";');

/** Median start of Node in ms, with a program. */
const start = (program: string) => {
  const runs = Array.from({ length: 15 }, () => {
    const began = performance.now();
    spawnSync(process.execPath, ["--input-type=module", "--eval", program]);
    return performance.now() - began;
  }).sort((a, b) => a - b);
  return runs[7] as number;
};
const url = new URL("../dist/src/index.js", import.meta.url).href;
start("");
const added = start(`import ${JSON.stringify(url)};`) - start("");

console.log("| what | minified and gzipped |\n| --- | --- |");
for (const [what, bytes] of Object.entries({
  "openapi-fetch alone": fetchClient,
  "the compiled validator alone": validator,
  "everything that the client pulls in": whole,
})) {
  console.log(`| ${what} | ${(bytes / 1000).toFixed(1)} kB |`);
}
console.log(`\nimport adds ${added.toFixed(1)} ms to the start of Node ${process.version}`);
if (whole > BUDGET_BYTES) {
  console.error(`over the budget of ${BUDGET_BYTES} bytes: ${whole}`);
  process.exitCode = 1;
}
if (added > BUDGET_MS) {
  console.error(`over the budget of ${BUDGET_MS} ms`);
  process.exitCode = 1;
}
