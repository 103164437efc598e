/** Files that a script writes together, so that a reader never finds half of them. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The names of the files that are missing from the folder, or have another text there. */
export function staleFiles(folder: string, files: ReadonlyMap<string, string>): string[] {
  return [...files].filter(([name, text]) => readIfThere(join(folder, name)) !== text).map(([name]) => name);
}

/** Writes the files, each under another name first: when one cannot be written, the folder stays as it was. */
export function replaceFiles(folder: string, files: ReadonlyMap<string, string>): void {
  mkdirSync(folder, { recursive: true });
  const temporary = (name: string) => join(folder, `.${name}`);
  const written: string[] = [];
  try {
    for (const [name, text] of files) {
      written.push(temporary(name));
      writeFileSync(temporary(name), text);
    }
    for (const name of files.keys()) renameSync(temporary(name), join(folder, name));
  } finally {
    for (const each of written) rmSync(each, { force: true });
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
