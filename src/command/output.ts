/** stdout, stderr and the progress line. */
import { fstatSync } from "node:fs";
import { createLogUpdate } from "log-update";
import colors from "picocolors";
import type { Colors } from "./render.js";

type Process = Pick<NodeJS.Process, "stdout" | "stderr" | "env">;

/** How often the progress line is drawn, in ms. */
const REDRAW_MS = 100;

/**
 * Writes lines. A stream that breaks never ends the command: what stdout does not take goes to stderr, and what stderr
 * does not take is lost.
 */
export class Output {
  readonly #process: Process;
  readonly #draw: ReturnType<typeof createLogUpdate>;
  #timer: NodeJS.Timeout | undefined;
  #progress: (() => string) | undefined;

  constructor(process: Process) {
    this.#process = process;
    this.#draw = createLogUpdate(process.stderr, { showCursor: true });
    // Each write is called back with its error.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  }

  out(text: string): void {
    this.#write(this.#process.stdout, text, () => this.err(text));
  }

  err(text: string): void {
    this.#write(this.#process.stderr, text, () => {});
  }

  /** Resolves when everything is printed, as far as the streams take it. */
  async drain(): Promise<void> {
    // In this order: what stdout does not take goes to stderr.
    for (const stream of [this.#process.stdout, this.#process.stderr])
      await new Promise<unknown>((resolve) => stream.write("", resolve));
  }

  /** Whether stderr is a terminal that nothing else is written to while a progress line is there. */
  get canShowProgress(): boolean {
    const { stdout, stderr, env } = this.#process;
    // Where the terminal does not say how wide it is, nothing of the line is shown.
    if (!(stderr.isTTY && stderr.columns > 0) || env.TERM === "dumb") return false;
    // Behind a pipe, a program such as `tee` may write to the same terminal.
    return stdout.isTTY === true || isFile(stdout as { fd?: unknown });
  }

  /** Colours for a stream: as `always` says, else where it is a terminal that has them. */
  colorsFor(name: "stdout" | "stderr", always: boolean | undefined): Colors {
    const { [name]: stream, env } = this.#process;
    return colors.createColors(always ?? (stream.isTTY === true && !env.NO_COLOR && stream.hasColors(env)));
  }

  /** Keeps a line below all else, until {@link Output.endProgress}. */
  startProgress(text: () => string): void {
    this.#progress = text;
    this.#draw(text());
    this.#timer = setInterval(() => this.#draw(text()), REDRAW_MS);
  }

  endProgress(): void {
    clearInterval(this.#timer);
    if (this.#progress) this.#draw.clear();
    this.#progress = undefined;
  }

  #write(stream: NodeJS.WriteStream, text: string, onError: () => void): void {
    if (this.#progress) this.#draw.clear();
    stream.write(`${text}\n`, (error) => error && onError());
    if (this.#progress) this.#draw(this.#progress());
  }
}

function isFile({ fd }: { fd?: unknown }): boolean {
  try {
    return fstatSync(fd as number).isFile();
  } catch {
    return false;
  }
}
