import { parseArgs } from "node:util";
import { createFineTuningClient } from "../client.js";
import { type ConfigurationError, FineTuningClientError, type Outcome } from "../errors.js";
import type { FineTuningClientOptions } from "../options.js";
import type { Violation } from "../violations.js";

const USAGE = `Usage: cancel-fine-tuning-job <job id> ...

Cancels fine-tuning jobs of an Azure OpenAI resource. This cannot be undone.

  AZURE_OPENAI_ENDPOINT   the resource, for instance https://my-resource.openai.azure.com
  AZURE_OPENAI_API_KEY    a key of the resource

Exits with 0 when every job was cancelled, 1 when one was not, 2 when it was called in a wrong way.`;

const NEXT: Record<Outcome, string> = {
  "not-sent": "Nothing was sent. Mend what the message says, then try again.",
  rejected:
    "The service refused, and the job was not cancelled by this call. Mend what the message says, then try again.",
  unknown: "The job may have been cancelled. Look at its status before you try again.",
  accepted: "The service accepted the call, so take the job as cancelled. Look at its status to be sure.",
};

/** Where a command prints, and what can stop it. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** Aborts when the person at the terminal wants to stop. */
  signal?: AbortSignal;
}

/** A service that the command is given instead of the environment's. */
export interface Target {
  /** What kind of service it is, in words. */
  readonly label: string;
  readonly options: FineTuningClientOptions;
  /** What is cancelled when no id is given. A real service has none. */
  readonly defaultId: string;
}

/** The command `cancel-fine-tuning-job`. Resolves with its exit code. */
export async function run(args: readonly string[], terminal: Terminal, target?: Target): Promise<number> {
  const { out, err } = terminal;
  let ids: string[];
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: "boolean", short: "h" } },
    });
    if (values.help) {
      out(USAGE);
      return 0;
    }
    ids = positionals;
  } catch (error) {
    err(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }

  const violations: Violation[] = [];
  let client: ReturnType<typeof createFineTuningClient>;
  try {
    client = createFineTuningClient({ ...target?.options, onViolation: (violation) => violations.push(violation) });
  } catch (error) {
    err((error as ConfigurationError).message);
    return 2;
  }
  if (ids.length === 0 && target) ids = [target.defaultId];
  if (ids.length === 0) {
    err(`Which job? A real job is never cancelled by default: give its id.\n\n${USAGE}`);
    return 2;
  }

  const endpoint = target?.options.endpoint ?? new URL(process.env.AZURE_OPENAI_ENDPOINT as string).origin;
  out(`Service   ${endpoint} (${target?.label ?? "a real service: cancelling cannot be undone"})`);
  let failed = false;
  for (const id of ids) {
    out(`Job       ${printable(id)}: cancelling`);
    violations.length = 0;
    try {
      const { job, requestId, attempts } = await client.cancelWithResponse(id, { signal: terminal.signal });
      out(`Status    ${printable(String(job.status))}`);
      if (requestId !== undefined)
        out(`Request   ${printable(requestId)}${attempts > 1 ? `, after ${attempts} attempts` : ""}`);
      for (const { pointer, expected, actual } of violations) {
        out(`Differs   ${printable(pointer)}: expected ${expected}, got ${actual}`);
      }
      out(printable(JSON.stringify(job, undefined, 2), "\n"));
    } catch (error) {
      if (!(error instanceof FineTuningClientError)) throw error;
      failed = true;
      err(`Failed    ${error.name}: ${printable(error.message)}`);
      err(`Outcome   ${error.outcome}`);
      err(`Next      ${NEXT[error.outcome]}`);
    }
  }
  return failed ? 1 : 0;
}

/** Text from outside, without what a terminal would act on. */
function printable(text: string, allowed = ""): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) =>
    allowed.includes(character) ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A terminal of this process; Ctrl-C aborts what is under way, so that its outcome is still told. */
export function processTerminal(): Terminal {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort(new Error("interrupted")));
  return { out: (line) => console.log(line), err: (line) => console.error(line), signal: stop.signal };
}
