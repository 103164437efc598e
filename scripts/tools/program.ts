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
 * printed with its stack, and when the process ends before. It is also 2 when stdout or stderr does not take what is
 * printed, of a full disk for instance; `main` goes on to its end.
 */
export function runProgram(main: (output: Output) => Promise<number>): void {
  process.exitCode = 2;
  for (const name of ["stdout", "stderr"] as const) failWith(name);
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

/** Makes the exit code 2 when the stream fails, and says so where that can be read. */
function failWith(name: "stdout" | "stderr"): void {
  process[name].once("error", ({ message }) => {
    // A stream can fail more than once.
    process[name].on("error", () => {});
    process.once("exit", () => {
      if (name === "stdout") console.error(`What was found cannot be printed (${message}).`);
      process.exitCode = 2;
    });
  });
}
