/** The steps of a script: each is printed as it passes or fails, and the exit code is 1 when one failed. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const counts = { passed: 0, failed: 0 };

/** Prints how a step ended: `problem` is `undefined` for one that passed. */
export function report(what: string, problem: string | undefined): void {
  counts[problem === undefined ? "passed" : "failed"]++;
  console.log(
    problem === undefined
      ? `ok    ${what}`
      : `FAIL  ${what}\n${(problem.trim() || "no reason given").replace(/^/gm, "      ")}`,
  );
}

/** What a step expects beside exit code 0. */
export interface Expected {
  readonly env?: NodeJS.ProcessEnv;
  /** Its output must match. */
  readonly shows?: RegExp;
  /** Its output must not match. */
  readonly hides?: RegExp;
}

/** Runs a program as a step and resolves with its standard output. Services of this process can answer it meanwhile. */
export async function runStep(
  what: string,
  [command, ...args]: readonly [string, ...string[]],
  cwd: string,
  { env = {}, shows, hides }: Expected = {},
): Promise<string> {
  const { code, stdout, stderr } = await promisify(execFile)(command, args, {
    cwd,
    env: { ...process.env, ...env },
  }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: unknown; stdout?: string; stderr?: string; message: string }) => ({
      code: error.code,
      stdout: error.stdout ?? "",
      stderr: error.stderr || error.message,
    }),
  );
  const text = `${stdout}${stderr}`;
  report(what, code === 0 && (shows?.test(text) ?? true) && !hides?.test(text) ? undefined : text);
  return stdout;
}

/** Prints how many steps passed and failed, and sets the exit code. */
export function finish(): void {
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}
