/** What a run found, for a CI server (JUnit), for GitHub (annotations), and for a program (JSON). */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Contract } from "../../scripts/contract/document.js";
import { toCurl } from "../service/exchange.js";
import { maskExchange, wordsOf } from "../service/mask.js";
import type { Result } from "../service/service-checks.js";
import type { Finding } from "../spec/check.js";

/** Writes `contract.xml` (JUnit) and `contract.json` to the folder. Bodies are masked. */
export function writeReport(folder: string, results: readonly Result[], contract: Contract): void {
  const words = wordsOf(contract);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "contract.xml"), toJUnit(results));
  const masked = results.map(({ exchange, ...rest }) => ({
    ...rest,
    ...(exchange && { curl: toCurl(exchange), exchange: maskExchange(exchange, words) }),
  }));
  writeFileSync(join(folder, "contract.json"), `${JSON.stringify(masked, undefined, 2)}\n`);
}

/** One test case for each result. A violation is a failure; known drift is output. */
export function toJUnit(results: readonly Result[]): string {
  const isFailure = ({ findings }: Result) => findings.some(({ verdict }) => verdict === "violation");
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="contract" tests="${results.length}" failures="${results.filter(isFailure).length}">`,
    ...results.flatMap(testCaseOf),
    "</testsuite>",
    "",
  ].join("\n");
}

function testCaseOf({ name, where, findings }: Result): string[] {
  const linesOf = (wanted: Finding["verdict"]) =>
    findings
      .filter(({ verdict }) => verdict === wanted)
      .map(({ check, pointer, message }) => xml(`${check}: ${pointer} ${message}`));
  const [violations, drift] = [linesOf("violation"), linesOf("known-drift")];
  return [
    `  <testcase classname="${xml(where)}" name="${xml(name)}">`,
    ...(violations.length > 0 ? [`    <failure message="${violations[0]}">${violations.join("\n")}</failure>`] : []),
    ...(drift.length > 0 ? [`    <system-out>${drift.join("\n")}</system-out>`] : []),
    "  </testcase>",
  ];
}

/** Escapes text for XML 1.0, and replaces the characters that it cannot contain. */
function xml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML cannot contain these
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\p{Cs}\ufffe\uffff]/gu, "?");
  return clean.replace(/[&<>"]/g, (each) => entities[each] as string);
}

/** GitHub annotations: an error for each violation, a notice for each drift. */
export function toAnnotations(results: readonly Result[]): string[] {
  const escaped = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  return results.flatMap(({ name, where, findings }) =>
    findings.map(({ verdict, pointer, message, action }) =>
      verdict === "violation"
        ? `::error title=contract violation::${escaped(`${where}, ${name}: ${pointer} ${message}`)}`
        : `::notice title=known drift::${escaped(`${where}, ${name}: ${pointer} ${action ?? message}`)}`,
    ),
  );
}
