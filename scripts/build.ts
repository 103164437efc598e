/** `npm run build`: writes dist/ from src/ and generated/, the code in few files, because each file delays the start of Node. */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist", { recursive: true, force: true });
execFileSync("node_modules/.bin/tsc", ["--project", "tsconfig.build.json"], { stdio: "inherit" });
await build({
  entryPoints: { index: "src/index.ts", bin: "src/command/bin.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  // The file that both entries share.
  chunkNames: "client",
  external: ["openapi-fetch", "node:*"],
  format: "esm",
  platform: "neutral",
  target: "es2022",
  sourcemap: true,
});
