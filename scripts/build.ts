/** `npm run build`: dist/ from src/ and generated/, the code in few files, because Node takes its time for each. */
import { execFileSync } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Metafile } from "esbuild";

/** Writes the client and the command, with the libraries of the command in it, to a folder. */
export async function bundle(outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: { index: "src/index.ts", bin: "src/command/bin.ts" },
    outdir,
    bundle: true,
    splitting: true,
    // What both need.
    chunkNames: "client",
    external: ["openapi-fetch", "node:*"],
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    sourcemap: true,
    metafile: true,
  });
  writeFileSync(join(outdir, "bin.licenses.txt"), licensesOf(metafile));
  return metafile;
}

/** The licences of the libraries in a bundle, which ask to go along. */
function licensesOf({ inputs }: Metafile): string {
  const folders = Object.keys(inputs).map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? "");
  return [...new Set(folders)]
    .filter((folder) => folder !== "")
    .sort()
    .map((folder) => {
      const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
      if (file === undefined) throw new Error(`${folder} has no licence.`);
      return `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
    })
    .join("\n---\n\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  rmSync("dist", { recursive: true, force: true });
  execFileSync("node_modules/.bin/tsc", ["--project", "tsconfig.build.json"], { stdio: "inherit" });
  // tsc reads a .d.ts that stands beside a .js, and does not copy it.
  copyFileSync("generated/validate-job.d.ts", "dist/generated/validate-job.d.ts");
  await bundle("dist");
}
