/** The options of `npm run contract`. */
import { parseArgs } from "node:util";

export const USAGE = `Usage: npm run contract [-- options]

  without --target or --replay: checks the contract itself, the embedded Prism mock, and the reference service
  --target <url>       checks a running service; its key is AZURE_OPENAI_API_KEY, or its token AZURE_OPENAI_AD_TOKEN
  --auth entra         with --target: a token from @azure/identity, which has to be installed, in place of both
  --cancel <id>        with --target: also cancels this job, once, for real; may be repeated. The run is good only if
                       the job comes back cancelled
  --replay <folder>    checks recorded responses, without a network; with an older folder before it, also says what the
                       service does differently since then: --replay <older> <newer>
  --record <folder>    writes each exchange to a file there, masked
  --report <folder>    writes contract.html, contract.json and contract.xml (JUnit) there
  --coverage           names the parts of the contract that were not seen
  --only <check>       judges by this check alone
  --strict             fails for known drift too
  --propose-overlay    prints overlay actions that would admit the violations
  --list               lists the checks, with what each demands

Exit codes: 0 no violation, 1 a violation (with --strict, also known drift), 2 no verdict: a usage error, a contract or a
folder that cannot be read or written, an unreachable target, one without the operation, a refused key, or something
not verified.`;

/** Nothing could be checked, or what came of it could not be written: exit code 2. */
export class CannotCheck extends Error {}

/** Throws {@link CannotCheck}. */
export function parseOptions(args: readonly string[]) {
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...args],
      tokens: true,
      allowPositionals: true,
      options: {
        target: { type: "string" },
        auth: { type: "string" },
        cancel: { type: "string", multiple: true, default: [] },
        replay: { type: "string" },
        record: { type: "string" },
        report: { type: "string" },
        coverage: { type: "boolean", default: false },
        only: { type: "string" },
        strict: { type: "boolean", default: false },
        "propose-overlay": { type: "boolean", default: false },
        list: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    checkTokens(tokens);
    values.cancel = [...new Set(values.cancel.map((id) => id.trim()))];
    if (values.target !== undefined && values.replay !== undefined)
      throw new Error("Give --target or --replay, not both.");
    if (values.auth !== undefined && values.auth !== "entra") throw new Error('--auth must be "entra".');
    if (values.auth !== undefined && values.target === undefined) throw new Error("--auth needs --target.");
    if (values.cancel.length > 0 && values.target === undefined) throw new Error("--cancel needs --target.");
    if (values.cancel.some((id) => ["", ".", ".."].includes(id))) throw new Error("--cancel needs the id of a job.");
    if (positionals.length > (values.replay === undefined ? 0 : 1))
      throw new Error(`Unexpected argument '${positionals.at(-1)}'.`);
    const [newer] = positionals;
    return newer === undefined ? values : { ...values, replay: newer, older: values.replay };
  } catch (error) {
    throw new CannotCheck(`${(error as Error).message}\n\n${USAGE}`);
  }
}

/** Throws for an option that is given twice, where one would be left out in silence, and for an empty value. */
function checkTokens(tokens: readonly Token[]): void {
  const given = new Set<string>();
  for (const { kind, name = "", value } of tokens) {
    if (name === "cancel") continue;
    if (given.has(name)) throw new Error(`--${name} is given twice.`);
    if (kind === "option") given.add(name);
    if (value?.trim() === "") throw new Error(kind === "option" ? `--${name} needs a value.` : "An argument is empty.");
  }
}

/** What is read of a token of `parseArgs`. */
interface Token {
  readonly kind: string;
  readonly name?: string;
  readonly value?: string | undefined;
}

export type Options = ReturnType<typeof parseOptions> & { readonly older?: string | undefined };
