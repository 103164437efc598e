/** `npm run build`: dist/ from src/ and generated/. */
import { execFileSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
execFileSync("node_modules/.bin/tsc", ["--project", "tsconfig.build.json"], { stdio: "inherit" });
// tsc reads a .js with its .d.ts beside it, and copies neither.
for (const file of ["validate-job.js", "validate-job.d.ts"])
  copyFileSync(`generated/${file}`, `dist/generated/${file}`);
