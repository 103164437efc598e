/** Waiting on an AbortSignal without a listener for each wait. */

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
    signal.addEventListener("abort", runAll);
  }
  const { callbacks, runAll } = listener;
  callbacks.add(callback);
  return () => {
    if (!callbacks.delete(callback) || callbacks.size > 0) return;
    signal.removeEventListener("abort", runAll);
    listeners.delete(signal);
  };
}

function nothing(): void {}

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
    if (signal?.aborted) end();
  });
}

/** Whether a value is a signal that works, this realm's or a polyfill's: one that only looks like it has no tag. */
export function isAbortSignal(value: unknown): value is AbortSignal {
  try {
    const { aborted, addEventListener, removeEventListener } = value as AbortSignal;
    return (
      Object.prototype.toString.call(value) === "[object AbortSignal]" &&
      typeof aborted === "boolean" &&
      typeof addEventListener === "function" &&
      typeof removeEventListener === "function"
    );
  } catch {
    return false;
  }
}
