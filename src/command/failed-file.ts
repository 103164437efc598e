/** `--output-failed`: the ids that are not shown to be cancelled, in a file that `--file` reads. */
import { randomUUID } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { messageOf, oneLine } from "../text.js";
import { UsageError } from "./arguments.js";

/** Checks that the file can be written, by making one beside it for a moment. Resolves links. Throws {@link UsageError}. */
export function checkFailedFile(file: string): string {
  if (file === "" || file === "-")
    throw new UsageError("--output-failed needs the name of a file; results are on stdout.");
  try {
    const target = targetOf(file);
    withFileBeside(target, "", () => {});
    return target;
  } catch (error) {
    throw notWritable(file, error);
  }
}

/**
 * Replaces the file in one step, so that it is never half-written. Throws {@link UsageError}.
 * Synchronous, because the command also writes it when it is ended at once.
 */
export function writeFailedFile(file: string, ids: readonly string[]): void {
  try {
    withFileBeside(file, ids.map((id) => `${lineOf(id)}\n`).join(""), (temporary) => renameSync(temporary, file));
  } catch (error) {
    throw notWritable(file, error);
  }
}

/** The file itself: a rename would replace a link, or a device such as /dev/null, by a file. */
function targetOf(file: string): string {
  if (!lstatSync(file, { throwIfNoEntry: false })) return file;
  const target = realpathSync(file);
  if (!statSync(target).isFile()) throw new Error("it is not a regular file");
  accessSync(target, constants.W_OK);
  return target;
}

/** Makes a file beside another, with the permissions of that one, and removes it unless `use` has renamed it. */
function withFileBeside(file: string, text: string, use: (temporary: string) => void): void {
  const temporary = `${file}.${randomUUID().slice(0, 8)}.tmp`;
  const mode = statSync(file, { throwIfNoEntry: false })?.mode;
  try {
    writeFileSync(temporary, text, { flag: "wx", flush: true, mode });
    // A new file has no more than the umask leaves.
    if (mode !== undefined) chmodSync(temporary, mode);
    use(temporary);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** `--file` takes a line that begins with one of these for a comment or for JSON. */
function lineOf(id: string): string {
  return /^[#{["]/.test(id) ? JSON.stringify({ id }) : id;
}

function notWritable(file: string, error: unknown): UsageError {
  return new UsageError(`--output-failed ${oneLine(file)} can't be written: ${oneLine(messageOf(error))}`);
}
