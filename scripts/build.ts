/** `npm run build`: dist/ from src/ and generated/, the code in few files, because Node takes its time for each. */
import { execFileSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { bundle } from "./tools/bundle.js";

rmSync("dist", { recursive: true, force: true });
execFileSync("node_modules/.bin/tsc", ["--project", "tsconfig.build.json"], { stdio: "inherit" });
// tsc reads a .d.ts that stands beside a .js, and does not copy it.
copyFileSync("generated/validate-job.d.ts", "dist/generated/validate-job.d.ts");
await bundle("dist");
