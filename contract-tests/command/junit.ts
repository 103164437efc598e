/** A report as JUnit XML, for a CI server: in the form that Ant's and Jenkins' schemas share. */
import { type Report, type ReportedFinding, titleOf } from "./report.js";

/**
 * A test case for each exchange and each check of the contract. A violation is a failure, what is not verified is skipped, and
 * known drift is output.
 */
export function toJUnit({ exchanges, checks, findings, time }: Report): string {
  const cases = [...checks, ...exchanges].map((each) => ({ ...each, outcome: outcomeOf(each.findings, findings) }));
  const count = (element: string) => cases.filter(({ outcome }) => outcome.startsWith(`    <${element} `)).length;
  const drift = findings.filter(({ verdict }) => verdict === "known-drift");
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    // The schemas want the time without its zone. It is UTC.
    `<testsuite name="contract" timestamp="${time.started.slice(0, 19)}" hostname="localhost" tests="${cases.length}" failures="${count("failure")}" errors="0" skipped="${count("skipped")}" time="${seconds(time.durationMs)}">`,
    "  <properties/>",
    ...cases.flatMap(({ where, name, durationMs, outcome }) => [
      `  <testcase classname="${xml(where)}" name="${xml(name)}" time="${seconds(durationMs ?? 0)}">`,
      ...(outcome === "" ? [] : [outcome]),
      "  </testcase>",
    ]),
    `  <system-out>${drift.map((each) => xml(`known drift: ${titleOf(each)} (${each.seenIn.join(", ")})`)).join("\n")}</system-out>`,
    "  <system-err/>",
    "</testsuite>",
    "",
  ].join("\n");
}

/** The element that says how a test case ended; empty for one that passed. */
function outcomeOf(ids: readonly string[], findings: readonly ReportedFinding[]): string {
  const linesOf = (wanted: ReportedFinding["verdict"]) =>
    findings
      .filter(({ id, verdict }) => verdict === wanted && ids.includes(id))
      .map((each) => xml(`${each.check}: ${titleOf(each)}`));
  const [violations, unverified] = [linesOf("violation"), linesOf("not-verified")];
  if (violations[0] !== undefined)
    return `    <failure type="violation" message="${violations[0]}">${violations.join("\n")}</failure>`;
  return unverified[0] === undefined ? "" : `    <skipped message="${unverified[0]}"/>`;
}

const seconds = (ms: number) => (ms / 1000).toFixed(3);

/** Escapes text for XML 1.0, and replaces the characters that it cannot contain. */
function xml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML cannot contain these
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\p{Cs}\ufffe\uffff]/gu, "?");
  return clean.replace(/[&<>"]/g, (each) => entities[each] as string);
}
