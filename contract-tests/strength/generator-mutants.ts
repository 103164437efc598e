/** Faults of the files that `npm run generate` writes: stale ones, and ones that cannot be written. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { update } from "../../scripts/contract/update.js";
import type { Mutant } from "./mutant.js";

const NAMES = ["a.ts", "b.ts", "c.yaml", "d.ts", "e.ts"];
const files = new Map(NAMES.map((name) => [name, `the new text of ${name}`]));

/** What the generator gets wrong when a fault has been made in its folder; nothing for one that it handles. */
export type GeneratorFault = () => string[];

export function* generatorMutants(): Generator<Mutant<GeneratorFault>> {
  for (const name of NAMES) {
    const fault = (operator: string, judge: (folder: string) => string[]): Mutant<GeneratorFault> => ({
      place: name,
      operator,
      make: () => () => inFolder(judge),
    });
    yield fault("stale: changed", (folder) => checkStale(folder, name, () => writeFileSync(join(folder, name), "old")));
    yield fault("stale: empty", (folder) => checkStale(folder, name, () => writeFileSync(join(folder, name), "")));
    yield fault("stale: missing", (folder) => checkStale(folder, name, () => rmSync(join(folder, name))));
    yield fault("cannot be written", (folder) => {
      for (const each of NAMES) writeFileSync(join(folder, each), "old");
      symlinkSync(join(folder, "missing", name), join(folder, `.${name}`));
      return checkFailure(folder, (each) => read(folder, each) === "old");
    });
    yield fault("cannot be replaced", (folder) => {
      for (const each of NAMES) writeFileSync(join(folder, each), "old");
      rmSync(join(folder, name));
      mkdirSync(join(folder, name, "full"), { recursive: true });
      return checkFailure(folder, (each) => each === name || ["old", files.get(each)].includes(read(folder, each)));
    });
  }
}

function inFolder(judge: (folder: string) => string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "generated-"));
  try {
    update(folder, files, false);
    return judge(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `--check` must fail, name the file and no other, and leave it as it is. */
function checkStale(folder: string, name: string, makeStale: () => void): string[] {
  makeStale();
  const before = listing(folder);
  const { isGood, message } = update(folder, files, true);
  const named = NAMES.filter((each) => message.includes(each)).join();
  return [
    ...(isGood ? ["--check passes"] : []),
    ...(named === name ? [] : [`--check names ${named || "nothing"}`]),
    ...(listing(folder) === before ? [] : ["--check writes"]),
  ];
}

/** A failed write must be reported, and leave whole files alone behind. */
function checkFailure(folder: string, isWhole: (name: string) => boolean): string[] {
  let isReported = false;
  try {
    update(folder, files, false);
  } catch {
    isReported = true;
  }
  const left = readdirSync(folder).filter((each) => !NAMES.includes(each));
  return [
    ...(isReported ? [] : ["the failure is not reported"]),
    ...left.map((each) => `${each} is left behind`),
    ...NAMES.filter((each) => !isWhole(each)).map((each) => `${each} is half-written`),
  ];
}

const read = (folder: string, name: string) => readFileSync(join(folder, name), "utf8");
const listing = (folder: string) => JSON.stringify(readdirSync(folder).map((name) => [name, read(folder, name)]));
