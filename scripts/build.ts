/** `npm run build`: writes dist/ from src/ and generated/, the code in few files, because each file delays the start of Node. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { bundle } from "./tools/bundle.js";

rmSync("dist", { recursive: true, force: true });
execFileSync("node_modules/.bin/tsc", ["--project", "tsconfig.build.json"], { stdio: "inherit" });
await bundle("dist");

/**
 * As Node does, esbuild takes the default import of a CommonJS module for the whole module. That of openapi-fetch has its
 * function in `default`.
 */
const defaultExport: Plugin = {
  name: "default-export",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^openapi-fetch$/ }, ({ path, kind }) =>
      kind === "import-statement" ? { path, namespace: "default-export" } : { path, external: true },
    );
    onLoad({ filter: /.*/, namespace: "default-export" }, ({ path }) => ({
      contents: `module.exports = require("${path}").default;`,
    }));
  },
};
const entry: BuildOptions = { outdir: "dist", bundle: true, platform: "neutral", target: "es2022", sourcemap: true };
await build({ ...entry, entryPoints: ["src/testing.ts"], format: "esm" });
await build({
  ...entry,
  entryPoints: ["src/index.ts", "src/testing.ts"],
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  plugins: [defaultExport],
});
// The same types for CommonJS, where each file has to say by its name which of the two it describes.
for (const name of readdirSync("dist", { recursive: true, encoding: "utf8" })) {
  if (!name.endsWith(".d.ts")) continue;
  const types = readFileSync(join("dist", name), "utf8").replace(/(from "\.[^"]*)\.js"/g, '$1.cjs"');
  writeFileSync(join("dist", name.replace(/\.d\.ts$/, ".d.cts")), types);
}
