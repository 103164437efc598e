/** The code of `dist/`, and what it is made of. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";

/** Writes the client and the command, with the libraries of the command in it, to a folder. */
export async function bundle(outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: { index: "src/index.ts", bin: "src/command/bin.ts" },
    outdir,
    bundle: true,
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
  const texts = [...new Set(folders)]
    .filter((folder) => folder !== "")
    .map((folder) => {
      const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
      if (file === undefined) throw new Error(`${folder} has no licence.`);
      return `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
    });
  // A version that is installed twice is in it once.
  return [...new Set(texts)].sort().join("\n---\n\n");
}
