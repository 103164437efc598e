/** The options of `npm run contract`. */
import { parseArgs } from "node:util";

export const USAGE = `Usage: npm run contract [-- options]

  without --target or --replay: checks the contract itself, the embedded Prism mock, and the reference service
  --target <url>       checks a running service; its key is AZURE_OPENAI_API_KEY, or its token AZURE_OPENAI_AD_TOKEN
  --cancel <id>        with --target: also cancels this job, once, for real; may be repeated. The run is good only if
                       the job comes back cancelled
  --replay <folder>    checks recorded responses, without a network
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
    const { values } = parseArgs({
      args: [...args],
      options: {
        target: { type: "string" },
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
    if (values.target !== undefined && values.replay !== undefined)
      throw new Error("Give --target or --replay, not both.");
    if (values.cancel.length > 0 && values.target === undefined) throw new Error("--cancel needs --target.");
    if (values.cancel.some((id) => ["", ".", ".."].includes(id))) throw new Error("--cancel needs the id of a job.");
    return values;
  } catch (error) {
    throw new CannotCheck(`${(error as Error).message}\n\n${USAGE}`);
  }
}

export type Options = ReturnType<typeof parseOptions>;
