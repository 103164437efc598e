/** A command as a process of its own. */

/** Where a command prints. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
  /** Whether `out` is a terminal that shows colours. Default: false. */
  readonly colour?: boolean;
}

/**
 * Runs `main`, which resolves with the exit code. The exit code is 2 when it does not resolve: when it throws, which is
 * printed with its stack, and when the process ends before.
 */
export function runProgram(main: (output: Output) => Promise<number>): void {
  process.exitCode = 2;
  const output = {
    out: (text: string) => console.log(text),
    err: (text: string) => console.error(text),
    colour: process.stdout.isTTY && process.stdout.hasColors(),
  };
  main(output).then(
    (code) => {
      process.exitCode = code;
    },
    (error) => console.error(error),
  );
}
