/** `--output-failed`: the ids that are not shown to be cancelled, in a file that `--file` reads. */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { messageOf, oneLine } from "../text.js";
import { UsageError } from "./arguments.js";

/** Checks that the file can be written, and changes nothing. Resolves links. Throws {@link UsageError}. */
export function checkFailedFile(file: string): string {
  try {
    // A rename would replace a link, or a device such as /dev/null, by a file.
    const target = existsSync(file) ? realpathSync(file) : file;
    if (existsSync(target)) {
      if (!statSync(target).isFile()) throw new Error("it is not a regular file");
      accessSync(target, constants.W_OK);
    }
    accessSync(dirname(target), constants.W_OK);
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
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const descriptor = openSync(temporary, "wx");
    try {
      writeFileSync(descriptor, ids.map((id) => `${lineOf(id)}\n`).join(""));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw notWritable(file, error);
  }
}

/** `--file` takes a line that begins with one of these for a comment or for JSON. */
function lineOf(id: string): string {
  return /^[#{["]/.test(id) ? JSON.stringify({ id }) : id;
}

function notWritable(file: string, error: unknown): UsageError {
  return new UsageError(`--output-failed ${oneLine(file)} can't be written: ${oneLine(messageOf(error))}`);
}
