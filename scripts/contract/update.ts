/** Writes generated files, all or none. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ContractError } from "./document.js";

/** What became of a folder. `message` is one line, for the terminal; empty when there is nothing to say. */
interface Updated {
  readonly isGood: boolean;
  readonly message: string;
}

/**
 * Writes into `folder` the files that differ from `files`, or with `isCheck` names them and writes nothing. A file is
 * replaced only once all of them are written beside the old ones, so a full disk leaves the old ones as they are.
 * Throws {@link ContractError} when they cannot be written.
 */
export function update(folder: string, files: ReadonlyMap<string, string>, isCheck: boolean): Updated {
  const stale = [...files].filter(([name, text]) => readIfThere(join(folder, name)) !== text);
  const names = stale.map(([name]) => name);
  if (isCheck && stale.length > 0) {
    const message = `generated/ is stale: ${names.join(", ")}. Run \`npm run generate\` and commit what it writes.`;
    return { isGood: false, message };
  }
  if (isCheck) return { isGood: true, message: "" };
  try {
    replace(folder, stale);
  } catch (error) {
    throw new ContractError("generated/", `cannot be written: ${(error as Error).message}`);
  }
  const wrote = `Wrote ${names.map((name) => `generated/${name}`).join(", ")}.`;
  return { isGood: true, message: stale.length === 0 ? "generated/ is up to date." : wrote };
}

function replace(folder: string, files: readonly [name: string, text: string][]): void {
  mkdirSync(folder, { recursive: true });
  const written: string[] = [];
  try {
    for (const [name, text] of files) {
      written.push(join(folder, `.${name}`));
      writeFileSync(join(folder, `.${name}`), text);
    }
    for (const [name] of files) renameSync(join(folder, `.${name}`), join(folder, name));
  } finally {
    for (const file of written) rmSync(file, { force: true, recursive: true });
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
