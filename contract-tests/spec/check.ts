/** The shape of a check, and of what it finds. Checks of the contract and checks of a service have the same shape. */
import type { Problem } from "../../scripts/contract/document.js";

export interface Finding extends Problem {
  /** The name of the check that made it. */
  readonly check: string;
  /**
   * `known-drift`: the accepted contract admits it, the page does not. `violation`: neither does. `not-verified`: what was
   * to be checked did not come to pass, for a reason that is no fault.
   */
  readonly verdict: "violation" | "known-drift" | "not-verified";
  /** What the page admits there. */
  readonly documented?: string;
  /** What the accepted contract admits there. */
  readonly accepted?: string;
  /** The JSON type that arrived. */
  readonly actual?: string;
  /** For known drift: the description of the overlay action that admits it. */
  readonly action?: string;
}

/** A finding before it gets the name of its check: a violation, unless it says otherwise. */
export type UnnamedFinding = Omit<Finding, "check" | "verdict"> & Partial<Pick<Finding, "verdict">>;

/** A named check. Its name is its key in the table that holds it. */
export interface Check<Subject, Context = undefined, Broken = Subject> {
  /** What it demands, in one sentence; `npm run contract -- --list` prints it. */
  readonly description: string;
  /** Whether it has something to judge in the subject. Default: in every one. */
  isAbout?(subject: Subject): boolean;
  /** Reports each problem of a subject that it is about; nothing for a good one. */
  find(subject: Subject, context: Context): Iterable<UnnamedFinding> | AsyncIterable<UnnamedFinding>;
  /** A good subject, broken so that this check has to report it: proof that the check can fail. */
  witness(good: Subject): Broken;
}

/** Runs one check; it finds nothing where it has nothing to judge. */
export async function runCheck<Subject, Context>(
  name: string,
  check: Pick<Check<Subject, Context>, "isAbout" | "find">,
  subject: Subject,
  context: Context,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  if (check.isAbout?.(subject) === false) return findings;
  for await (const report of check.find(subject, context))
    findings.push({ check: name, verdict: "violation", ...report });
  return findings;
}
