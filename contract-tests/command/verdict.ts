/** What the findings of a run come to. */
import type { Result } from "../service/service-checks.js";

/** 1 for a violation, or with `strict` for known drift; else 2 for what could not be verified; else 0. */
export function exitCodeOf(results: readonly Result[], strict: boolean): 0 | 1 | 2 {
  const verdicts = new Set(results.flatMap(({ findings }) => findings.map(({ verdict }) => verdict)));
  if (verdicts.has("violation") || (strict && verdicts.has("known-drift"))) return 1;
  return verdicts.has("not-verified") ? 2 : 0;
}

/** What could not be verified, and why; nothing when everything was. */
export function notVerifiedLines(results: readonly Result[]): string[] {
  const lines = results.flatMap(({ name, where, findings }) =>
    findings
      .filter(({ verdict }) => verdict === "not-verified")
      .map(({ message, check }) => `  ${where}, ${name}: ${message} [${check}]`),
  );
  return lines.length === 0 ? [] : ["", `not verified: ${lines.length}`, ...lines];
}
