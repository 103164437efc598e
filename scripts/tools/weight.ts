/** How heavy a program is: its bytes, and the time that it adds to the start of Node. */
import { spawnSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What a program, with all that it imports, is made of. */
export interface Weight {
  /** Minified and gzipped, in bytes. */
  readonly bytes: number;
  /** For each file in it, by its path, what it is minified, in bytes. */
  readonly modules: Readonly<Record<string, number>>;
}

export async function weigh(program: string): Promise<Weight> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    mainFields: ["module", "main"],
    write: false,
    metafile: true,
    logLevel: "error",
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  return {
    bytes: gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length,
    modules: Object.fromEntries(inputs.map(([path, { bytesInOutput }]) => [path, bytesInOutput])),
  };
}

/** The size of a program with all that it imports, minified and gzipped, in bytes. */
export async function bundledBytes(program: string): Promise<number> {
  return (await weigh(program)).bytes;
}

/**
 * The time that a program adds to the start of a Node binary, in ms: the lower quartile of 31 runs with the program, less
 * that of 31 runs without, in turn. Lower, because other work on the machine only ever adds time.
 */
export function addedStartMs(node: string, program: string): number {
  const run = (text: string) => {
    const began = performance.now();
    const { status, stderr } = spawnSync(node, ["--input-type=module", "--eval", text], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return performance.now() - began;
  };
  const pairs = Array.from({ length: 31 }, () => [run(program), run("")] as const);
  const lowerQuartile = (which: 0 | 1) => pairs.map((pair) => pair[which]).sort((a, b) => a - b)[7] as number;
  return lowerQuartile(0) - lowerQuartile(1);
}

/** Bytes as the documents show them. */
export const inKilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
