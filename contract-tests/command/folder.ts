/** Writes files to a folder so that none of them is ever half-written. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { printable } from "../service/describe.js";
import { CannotCheck } from "./options.js";

export interface OutputFolder {
  /**
   * Lets `writer` write files to an empty folder, then moves them all. They take the place of the files that are there, of the
   * same names or of names that match `older`. Throws {@link CannotCheck}.
   */
  write(writer: (folder: string) => void, older?: RegExp): void;
  /** Removes what is left when nothing more is written, and folders that were made and stayed empty. */
  close(): void;
}

/** Makes the folder, and shows that it can be written to. Throws {@link CannotCheck}. */
export function openFolder(option: string, path: string): OutputFolder {
  const folder = resolve(path);
  const made: string[] = [];
  const orFail = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      close();
      throw new CannotCheck(printable(`${option} ${path} cannot be written to (${(error as Error).message}).`));
    }
  };
  let temporary: string | undefined;
  const close = () => {
    process.off("exit", close);
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
    for (const each of made.toReversed()) if (existsSync(each) && readdirSync(each).length === 0) rmdirSync(each);
  };
  orFail(() => {
    makeFolder(folder, made);
    temporary = mkdtempSync(join(folder, ".contract-"));
  });
  // A signal ends the process before anyone closes the folder.
  process.once("exit", close);
  return {
    write: (writer, older) =>
      orFail(() => {
        writer(temporary as string);
        const names = readdirSync(temporary as string);
        // No file can be moved to where a folder is, so that only some of them would be there.
        const inTheWay = names.find((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory());
        if (inTheWay !== undefined) throw new Error(`${inTheWay} is a folder`);
        for (const name of names) renameSync(join(temporary as string, name), join(folder, name));
        for (const name of readdirSync(folder))
          if (older?.test(name) && !names.includes(name)) rmSync(join(folder, name));
      }),
    close,
  };
}

/** `mkdirSync` with `recursive` does not return for some paths below /proc. */
function makeFolder(folder: string, made: string[]): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder), made);
  mkdirSync(folder);
  made.push(folder);
}
