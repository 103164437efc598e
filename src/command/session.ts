/** One run of the command, once everything that needs no request is checked. */
import { type Arguments, UsageError } from "./arguments.js";
import { Batch } from "./batch.js";
import { confirm } from "./confirm.js";
import { writeFailedFile } from "./failed-file.js";
import type { Ids } from "./ids.js";
import type { Output } from "./output.js";
import { attemptLine, idWidth, jobs, listed, progressLine, resultLine, retryLine, seconds, summary } from "./render.js";
import { asciiJson, type JobResult, noRequest } from "./result.js";
import { type Service, urlOf } from "./service.js";

/** What the command uses of its process. */
export type Process = Pick<NodeJS.Process, "stdin" | "stdout" | "stderr" | "env" | "on" | "off">;

/** What is to be done. */
export interface Plan extends Ids, Service {
  readonly failedFile: string | undefined;
}

const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof EXIT_CODES;
const SIGNALS = Object.keys(EXIT_CODES) as Signal[];

export class Session {
  readonly #started = performance.now();
  readonly #stop = new AbortController();
  readonly #batch: Batch;
  #signal: Signal | undefined;
  /** Whether a second signal came. */
  endsAtOnce = false;

  constructor(
    readonly plan: Plan,
    readonly options: Arguments,
    readonly process: Process,
    readonly output: Output,
  ) {
    const { verbose } = options;
    const showsWaits = verbose || !output.canShowProgress;
    this.#batch = new Batch(plan.ids, {
      client: { ...plan.client, timeoutMs: options.timeoutMs, maxRetries: options.maxRetries },
      concurrency: options.concurrency,
      onResult: this.#resultPrinter(),
      onAttempt: (event) => verbose && output.err(attemptLine(event)),
      onRetry: (event) => showsWaits && output.err(retryLine(event, verbose)),
      onPause: (ms) => showsWaits && output.err(`The service asks to slow down: no further job for ${seconds(ms)}.`),
    });
  }

  /** Resolves with the exit code. Throws {@link UsageError} before anything is sent. */
  async run(): Promise<number> {
    const { plan, options, process, output } = this;
    output.err(plan.where);
    for (const [id, count] of plan.repeated) output.err(`${id} was given ${count} times. It is cancelled once.`);
    if (options["dry-run"]) return this.#dryRun();
    this.#refuseToGuess();
    for (const signal of SIGNALS) process.on(signal, this.#interrupt);
    try {
      if (!(await this.#isConfirmed())) {
        output.err("Nothing was sent.");
        return this.#signal ? EXIT_CODES[this.#signal] : 1;
      }
      // None is shown to be cancelled yet. If this fails, nothing is sent; if the process is killed, the file is right.
      if (plan.failedFile !== undefined) writeFailedFile(plan.failedFile, plan.ids);
      const paint = output.colorsFor("stderr", options.color);
      if (output.canShowProgress) output.startProgress(() => progressLine(this.#batch, plan.ids.length, paint));
      await this.#batch.run();
      return this.#finish();
    } finally {
      for (const signal of SIGNALS) process.off(signal, this.#interrupt);
    }
  }

  #resultPrinter() {
    const { plan, options, output } = this;
    const width = idWidth(plan.ids);
    const paint = output.colorsFor("stdout", options.color);
    return (result: JobResult) => {
      if (options.json) output.out(asciiJson(result));
      // The summary lists those that were not started.
      else if (result.outcome !== "not-started") output.out(resultLine(result, width, paint));
    };
  }

  #dryRun(): number {
    const { plan, options, output } = this;
    for (const id of plan.ids) {
      const request = `POST ${urlOf(plan.client.endpoint, id)}`;
      const result = noRequest(id, "not-started", `Dry run. Would send ${request}`);
      output.out(options.json ? asciiJson(result) : request);
    }
    output.err(`Dry run: ${jobs(plan.ids.length)}. Nothing was sent.`);
    return 0;
  }

  get #needsAnswer(): boolean {
    return this.plan.isReal && this.plan.ids.length > 1 && !this.options.yes;
  }

  /** Throws {@link UsageError} where there is nobody to ask. */
  #refuseToGuess(): void {
    const { stdin, stderr } = this.process;
    const canAsk = stdin.isTTY === true && stderr.isTTY === true && !this.options.file.includes("-");
    if (this.#needsAnswer && !canAsk)
      throw new UsageError(
        `To cancel ${jobs(this.plan.ids.length)} without a terminal to ask at, give --yes. Nothing was sent.`,
      );
  }

  #isConfirmed(): Promise<boolean> | boolean {
    if (!this.#needsAnswer) return true;
    const { ids } = this.plan;
    const { stdin, stderr } = this.process;
    const question = `Cancel ${jobs(ids.length)} (${listed(ids, 3)})? [y/N] `;
    return confirm(question, stdin, stderr, this.#stop.signal, () => this.#interrupt("SIGINT"));
  }

  /** The first signal lets what is in flight end; the second ends at once. */
  readonly #interrupt = (signal: Signal): void => {
    const { output, options } = this;
    if (this.#signal) {
      this.endsAtOnce = true;
      this.#batch.abandon(`ended at once by ${signal}`);
      return;
    }
    this.#signal = signal;
    this.#stop.abort();
    this.#batch.stop(`interrupted by ${signal}`);
    const { sending } = this.#batch;
    if (sending > 0)
      output.err(
        `${signal}: no further request is sent. Waiting for ${jobs(sending)} in flight, at most ${seconds(options.timeoutMs)}; a second signal ends at once.`,
      );
  };

  /** Prints the summary and writes the file. Returns the exit code. */
  #finish(): number {
    const { plan, options, output } = this;
    output.endProgress();
    const byId = new Map(this.#batch.results.map((result) => [result.id, result]));
    const results = plan.ids.map((id) => byId.get(id) as JobResult);
    const stream = options.json ? "err" : "out";
    const paint = output.colorsFor(`std${stream}`, options.color);
    output[stream](summary(results, performance.now() - this.#started, paint));
    const failed = results.filter(({ cancelled }) => !cancelled).map(({ id }) => id);
    const isWritten = plan.failedFile === undefined || this.#writeFailed(plan.failedFile, failed);
    if (this.#signal) return EXIT_CODES[this.#signal];
    return failed.length === 0 && isWritten ? 0 : 1;
  }

  #writeFailed(file: string, ids: readonly string[]): boolean {
    try {
      writeFailedFile(file, ids);
      this.output.err(
        `${file}: ${ids.length === 0 ? "empty, every job is cancelled" : `the ids of ${jobs(ids.length)}`}.`,
      );
      return true;
    } catch (error) {
      this.output.err((error as UsageError).message);
      return false;
    }
  }
}
