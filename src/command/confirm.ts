/** The question before more than one real job is cancelled. */
import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";

/** Resolves with whether the answer is yes. An input that ends and an aborted signal are no. */
export async function confirm(
  question: string,
  input: Readable,
  output: Writable,
  signal: AbortSignal,
  onInterrupt: () => void,
): Promise<boolean> {
  const reader = createInterface({ input, output });
  // While it reads from a terminal, Ctrl-C is a key, not a signal.
  reader.once("SIGINT", onInterrupt);
  const answer = await reader.question(question, { signal }).catch(() => undefined);
  reader.close();
  // An aborted question ends its line itself.
  if (answer === undefined && !signal.aborted) output.write("\n");
  return /^\s*y(es)?\s*$/i.test(answer ?? "");
}
