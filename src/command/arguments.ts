/** The command line: what it may say, and what it says. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { oneLine, sentence } from "../text.js";

/** The command can't begin: exit code 2, and nothing was sent. The message speaks of flags and variables. */
export class UsageError extends Error {}

export const USAGE = `Usage: cancel-fine-tuning-job [options] <job id> ...
       cancel-fine-tuning-job [options] --file <file>

Cancels fine-tuning jobs of an Azure OpenAI resource. This cannot be undone.

Which jobs
  <job id> ...             ids as arguments
  --file <file>            ids from a file, or from stdin with "-": one id, or
                           one JSON object with an "id", a line; blank lines and
                           lines that begin with # are skipped; may be given
                           more than once

Where, and as whom (a credential is never an argument)
  --endpoint <url>         for instance https://my-resource.openai.azure.com;
                           default: the variable AZURE_OPENAI_ENDPOINT
  AZURE_OPENAI_API_KEY     variable of the environment: a key of the resource
  AZURE_OPENAI_AD_TOKEN    variable of the environment: a Microsoft Entra token,
                           used when there is no key
  --auth entra             Microsoft Entra through @azure/identity, which has to
                           be installed beside this package

How
  --concurrency <number>   jobs at a time, 1 to 100; default 4
  --timeout <seconds>      deadline of one attempt, 0.001 to 300; default 30
  --max-retries <number>   attempts after the first, 0 to 100; default 2
  --dry-run                check everything, print what would be sent and where,
                           send nothing
  --yes                    do not ask; needed for more than one job where there
                           is no terminal to ask at

Output (results on stdout, all else on stderr)
  --json                   one JSON object a line for each job, nothing else
  --verbose                print each attempt
  --output-failed <file>   write the ids that are not shown to be cancelled, for
                           another call with --file
  --color, --no-color      colour always, or never; default: at a terminal,
                           unless NO_COLOR is set
  --version
  --help, -h

Exit codes
  0    every job is shown to be cancelled (--dry-run: everything is usable)
  1    at least one job is not
  2    usage or configuration error; nothing was sent
  129  interrupted by SIGHUP (the terminal or the connection is gone)
  130  interrupted by SIGINT (Ctrl-C)
  143  interrupted by SIGTERM

Examples
  cancel-fine-tuning-job ftjob-abc123
  cancel-fine-tuning-job --dry-run --file ids.txt
  cancel-fine-tuning-job --file ids.txt --output-failed failed.txt
  cancel-fine-tuning-job --file failed.txt --yes --json > results.jsonl`;

const OPTIONS = {
  file: { type: "string", multiple: true },
  endpoint: { type: "string" },
  auth: { type: "string" },
  concurrency: { type: "string", default: "4" },
  timeout: { type: "string", default: "30" },
  "max-retries": { type: "string", default: "2" },
  "dry-run": { type: "boolean", default: false },
  yes: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  verbose: { type: "boolean", default: false },
  "output-failed": { type: "string" },
  color: { type: "boolean", default: false },
  "no-color": { type: "boolean", default: false },
  version: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const satisfies ParseArgsConfig["options"];

export type Arguments = ReturnType<typeof parseArguments>;

/** Reads the arguments, and checks those that need nothing else. Throws {@link UsageError}. */
export function parseArguments(args: readonly string[]) {
  const { values, positionals } = parse(args);
  if (values.auth !== undefined && values.auth !== "entra") throw new UsageError('--auth must be "entra".');
  if (values.color && values["no-color"]) throw new UsageError("Give --color or --no-color, not both.");
  return {
    ...values,
    ids: positionals,
    file: values.file ?? [],
    color: values.color || values["no-color"] ? values.color : undefined,
    concurrency: readNumber("--concurrency", values.concurrency, /^\d+$/, 1, 100),
    timeoutMs: Math.round(1000 * readNumber("--timeout", values.timeout, /^\d*\.?\d+$/, 0.001, 300, "seconds")),
    maxRetries: readNumber("--max-retries", values["max-retries"], /^\d+$/, 0, 100),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    // The rest is advice on how to pass such an argument as an id.
    const [problem = ""] = (error as Error).message.split(/\. |\n/);
    throw new UsageError(
      /^Unknown option.*(key|token|secret|password)/i.test(problem)
        ? NO_CREDENTIAL
        : `${sentence(oneLine(problem, 300))} See --help.`,
    );
  }
}

/** Without the option's name, which the credential may be a part of. */
const NO_CREDENTIAL =
  "A credential is never an argument: set AZURE_OPENAI_API_KEY or AZURE_OPENAI_AD_TOKEN, or use --auth entra. See --help.";

function readNumber(flag: string, text: string, form: RegExp, least: number, most: number, unit = "") {
  const value = Number(text);
  if (form.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${flag} must be a ${unit ? `number of ${unit}` : "whole number"} from ${least} to ${most}.`);
}
