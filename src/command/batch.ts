/** Cancels many jobs, a few at a time. A service that asks one call to slow down slows all of them. */
import PQueue from "p-queue";
import { createFineTuningClient, type FineTuningClient } from "../client.js";
import type { FineTuningError } from "../errors.js";
import { type AttemptEvent, type FineTuningClientOptions, type RetryEvent, secretsIn } from "../options.js";
import { Redactor } from "../redact.js";
import { type JobResult, noRequest, resultOfError, resultOfJob } from "./result.js";

export interface BatchOptions {
  readonly client: FineTuningClientOptions;
  /** Jobs at a time. */
  readonly concurrency: number;
  /** Called as each job ends, with what became of it. */
  readonly onResult: (result: JobResult) => void;
  readonly onAttempt: (event: AttemptEvent) => void;
  readonly onRetry: (event: RetryEvent) => void;
  /** Called when no further job is started for a while, in ms. */
  readonly onPause: (ms: number) => void;
}

/** A job whose cancel is under way. */
export interface Running {
  readonly abort: AbortController;
  /** Whether a request is in flight. A credential that is being fetched is none. */
  isSending: boolean;
  /** Knows the credentials that its requests had. */
  redactor: Redactor;
  /** The error of the newest attempt, where another attempt is to follow and has not been sent yet. */
  cause?: FineTuningError | undefined;
  /** When the wait for the next attempt ends, by `performance.now()`. */
  waitsUntil?: number;
}

/** Longest time without a new job, and the one where a 429 doesn't say how long, in ms. */
const MAX_PAUSE_MS = 60_000;
const DEFAULT_PAUSE_MS = 1_000;

export class Batch {
  /** What became of the jobs that have ended, in the order in which they did. */
  readonly results: JobResult[] = [];
  /** The jobs under way, by id. */
  readonly running = new Map<string, Running>();
  /** Until when no further job is started, by `performance.now()`. */
  pausedUntil = 0;
  readonly #ids: readonly string[];
  readonly #options: BatchOptions;
  readonly #queue: PQueue;
  #timer: NodeJS.Timeout | undefined;
  /** Why no further request is to be sent. */
  #stopped: string | undefined;

  constructor(ids: readonly string[], options: BatchOptions) {
    this.#ids = ids;
    this.#options = options;
    this.#queue = new PQueue({ concurrency: options.concurrency });
  }

  /** How many requests are in flight. */
  get sending(): number {
    return [...this.running.values()].filter(({ isSending }) => isSending).length;
  }

  /** Resolves when every job has a result. */
  async run(): Promise<void> {
    await Promise.all(this.#ids.map((id) => this.#queue.add(() => this.#cancel(id))));
    clearTimeout(this.#timer);
  }

  /** Sends no further request. Those that are in flight end by themselves. */
  stop(reason: string): void {
    this.#stopped = reason;
    for (const { abort, isSending } of this.running.values()) if (!isSending) abort.abort();
    this.#resume();
  }

  /** After {@link Batch.stop}: ends the requests that are in flight, too. */
  abandon(reason: string): void {
    for (const { abort } of this.running.values()) abort.abort(new Error(reason));
  }

  async #cancel(id: string): Promise<void> {
    if (this.#stopped) return this.#end(this.#notStarted(id));
    const running: Running = { abort: new AbortController(), isSending: false, redactor: new Redactor([]) };
    this.running.set(id, running);
    const started = performance.now();
    const client = this.#clientFor(running);
    const result = await client.cancelWithResponse(id, { signal: running.abort.signal }).then(
      (answer) => resultOfJob(answer, running.redactor, performance.now() - started),
      (error: FineTuningError) => this.#failed(id, error, running, performance.now() - started),
    );
    this.running.delete(id);
    this.#end(result);
  }

  /** A client of one job's own, which sees when a request of the job begins and ends, and its credential. */
  #clientFor(running: Running): FineTuningClient {
    const { client, onAttempt } = this.#options;
    return createFineTuningClient({
      ...client,
      fetch: (url, init) => {
        running.isSending = true;
        running.cause = undefined;
        running.redactor = running.redactor.with(...secretsIn(Object.fromEntries(new Headers(init.headers))));
        return (client.fetch ?? globalThis.fetch)(url, init);
      },
      // They are in the result.
      onViolation: () => {},
      onAttempt: (event) => {
        running.isSending = false;
        onAttempt(event);
      },
      onRetry: (event) => this.#beforeRetry(event, running),
    });
  }

  #notStarted(id: string): JobResult {
    return noRequest(id, "not-started", `Not started: ${this.#stopped}.`);
  }

  #end(result: JobResult): void {
    this.results.push(result);
    this.#options.onResult(result);
  }

  #failed(id: string, error: FineTuningError, { cause }: Running, durationMs: number): JobResult {
    if (asksToSlowDown(error)) this.#pause(error.retryAfterMs ?? DEFAULT_PAUSE_MS);
    if (error.name === "AbortError" && error.attempts === 0) return this.#notStarted(id);
    if (error.name !== "AbortError" || !cause) return resultOfError(id, error, durationMs);
    // Ended by stop() before a retry: the last attempt says what happened.
    const result = resultOfError(id, cause, durationMs);
    return { ...result, message: `${result.message} Not tried again: ${this.#stopped}.` };
  }

  #beforeRetry(event: RetryEvent, running: Running): void {
    running.cause = event.cause;
    if (this.#stopped) {
      running.abort.abort();
      return;
    }
    running.waitsUntil = performance.now() + event.delayMs;
    this.#options.onRetry(event);
    if (asksToSlowDown(event.cause)) this.#pause(event.delayMs);
  }

  #pause(ms: number): void {
    const now = performance.now();
    const until = now + Math.min(ms, MAX_PAUSE_MS);
    if (this.#stopped || this.#queue.size === 0 || until <= this.pausedUntil) return;
    this.pausedUntil = until;
    this.#queue.pause();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#resume(), until - now);
    this.#options.onPause(until - now);
  }

  #resume(): void {
    clearTimeout(this.#timer);
    this.pausedUntil = 0;
    this.#queue.start();
  }
}

/** A rate limit, or any other answer that says when to come back. */
function asksToSlowDown(error: FineTuningError): error is Extract<FineTuningError, { name: "ApiError" }> {
  return error.name === "ApiError" && (error.status === 429 || error.retryAfterMs !== undefined);
}
