/** Where a command's project is, and where the command was called. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Makes the folder of the call the working folder, so that the paths in options are relative to it, and returns the folder of
 * the project. `program` is the command's file, two folders below the project's. npm runs a script in the project's folder
 * and says where it was called in INIT_CWD.
 */
export function enterFolderOfCall(program: string, { INIT_CWD: called }: NodeJS.ProcessEnv): string {
  const root = resolve(program, "../../..");
  if (called && process.cwd() === root) process.chdir(called);
  return root;
}

/**
 * Whether the process runs the file whose path ends like this, and is not a test that imports it. A file may be run by its name
 * without `.ts`.
 */
export function isProgram(program: string | undefined, end: string): program is string {
  return program !== undefined && pathToFileURL(program.replace(/(\.ts)?$/, ".ts")).href.endsWith(end);
}
