/** What a run found, as text for a person. */
import type { Contract } from "../../scripts/contract/document.js";
import { type Exchange, isAnswered, toCurl } from "../service/exchange.js";
import { maskExchange, type Words, wordsOf } from "../service/mask.js";
import type { Result } from "../service/service-checks.js";
import type { Finding } from "../spec/check.js";
import { coverageOf } from "./coverage.js";

const MOST_ENTRIES = 12;

/** What was checked and covered, then the known drift, then the violations. */
export function summarize(results: readonly Result[], contract: Contract): string {
  const places = [...new Set(results.map(({ where }) => where))];
  return [
    ...places.flatMap((where) => placeLines(where, results, contract)),
    "",
    ...driftLines(results),
    "",
    ...violationLines(results, wordsOf(contract)),
  ].join("\n");
}

function placeLines(where: string, results: readonly Result[], contract: Contract): string[] {
  const here = results.filter((each) => each.where === where);
  const bad = here.filter(({ findings }) => findings.some(({ verdict }) => verdict === "violation")).length;
  const first = `${where}: ${here.length} checked, ${here.length - bad} good${bad ? `, ${bad} with violations` : ""}`;
  const exchanges = here.flatMap(({ exchange }) => exchange ?? []);
  if (exchanges.length === 0) return [first];
  const coverage = coverageOf(exchanges, contract);
  const hidden = coverage.filter(({ needCancel }) => needCancel > 0);
  return [
    first,
    `  ${coverage.map(({ what, attained, attainable }) => `${what} ${attained}/${attainable}`).join("  ")}`,
    ...(hidden.length > 0
      ? [
          `  not attainable without cancelling a job (--cancel <id>): ${hidden.map(({ what, needCancel }) => `${needCancel} ${what}`).join(", ")}`,
        ]
      : []),
  ];
}

function driftLines(results: readonly Result[]): string[] {
  const counts = new Map<string, number>();
  for (const { verdict, action, message } of results.flatMap(({ findings }) => findings)) {
    const text = action ?? message;
    if (verdict === "known-drift") counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const entries = [...counts].map(([text, count]) => [`  ${text}${count > 1 ? ` (${count} times)` : ""}`]);
  return [`known drift: ${entries.length}`, ...firstOf(entries)];
}

function violationLines(results: readonly Result[], words: Words): string[] {
  const entries = results.flatMap(({ name, where, exchange, findings }) =>
    findings
      .filter(({ verdict }) => verdict === "violation")
      .map((finding) => [`  ${where}, ${name}: ${lineOf(finding)}`, ...detailsOf(finding, exchange, words)]),
  );
  return [`violations: ${entries.length}`, ...firstOf(entries)];
}

function lineOf({ pointer, message, check }: Finding): string {
  return `${pointer ? `${pointer} ` : ""}${message} [${check}]`;
}

function detailsOf({ documented, accepted }: Finding, exchange: Exchange | undefined, words: Words): string[] {
  const lines: string[] = [];
  if (documented !== undefined && documented !== accepted) lines.push(`    documented: ${documented}`);
  if (!exchange) return lines;
  lines.push(`    ${toCurl(exchange)}`);
  const masked = maskExchange(exchange, words);
  if (isAnswered(masked)) lines.push(`    answered ${masked.response.status} ${masked.response.text.slice(0, 160)}`);
  return lines;
}

/** The lines of the first entries, and how many more there are. */
function firstOf(entries: readonly (readonly string[])[]): string[] {
  const more = entries.length - MOST_ENTRIES;
  const lines = entries.slice(0, MOST_ENTRIES).flat();
  return more > 0 ? [...lines, `  and ${more} more; --report has them all`] : lines;
}
