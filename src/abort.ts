/** Waiting on an AbortSignal, this realm's or a polyfill's, without a listener for each wait. */
import { memberOf } from "./text.js";

const listeners = new WeakMap<AbortSignal, { callbacks: Set<() => void>; runAll: () => void }>();

/**
 * Runs `callback` when the signal aborts; returns a function that unsubscribes it. One listener per signal, however many
 * calls share it: Node warns at the eleventh.
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (!signal) return nothing;
  let listener = listeners.get(signal);
  if (!listener) {
    const callbacks = new Set<() => void>();
    const runAll = () => {
      for (const each of callbacks) each();
    };
    listener = { callbacks, runAll };
    listeners.set(signal, listener);
    attempt(() => signal.addEventListener("abort", runAll));
  }
  const { callbacks, runAll } = listener;
  callbacks.add(callback);
  return () => {
    if (!callbacks.delete(callback) || callbacks.size > 0) return;
    attempt(() => signal.removeEventListener("abort", runAll));
    listeners.delete(signal);
  };
}

function nothing(): void {}

/** A polyfill that throws is one that does not abort. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {}
}

/** Whether a signal is there, and is aborted. */
export function isAborted(signal: AbortSignal | undefined): boolean {
  return memberOf(signal, "aborted") === true;
}

/** Resolves after `ms`, or as soon as the signal aborts. */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const timer = setTimeout(end, ms);
    const unsubscribe = onAbort(signal, end);
    if (isAborted(signal)) end();
  });
}

/** Whether a value is a signal that works, this realm's, a polyfill's or a TaskSignal: what only looks like one has no tag. */
export function isAbortSignal(value: unknown): value is AbortSignal {
  try {
    return (
      /^\[object (Abort|Task)Signal\]$/.test(Object.prototype.toString.call(value)) &&
      typeof memberOf(value, "aborted") === "boolean" &&
      typeof memberOf(value, "addEventListener") === "function" &&
      typeof memberOf(value, "removeEventListener") === "function"
    );
  } catch {
    return false;
  }
}
