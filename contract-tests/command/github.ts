/** A report for GitHub: annotations of the run, and Markdown for its summary. */
import { toOutline } from "../service/describe.js";
import { exampleOf, type Report, type ReportedExchange, type ReportedFinding, titleOf } from "./report.js";
import { counted, VERDICTS } from "./run.js";

const LEVELS = {
  violation: "error title=contract violation",
  "not-verified": "warning title=not verified",
  "known-drift": "notice title=known drift",
};

/** Annotations: an error for each violation, a warning for what is not verified, a notice for each known drift. */
export function toAnnotations(report: Report): string[] {
  const escaped = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  return report.findings.map((finding) => {
    const example = exampleOf(finding, report);
    const text = escaped(
      `${example?.where}, ${example?.name}: ${titleOf(finding)} (${counted(finding.seenIn.length, "time")})`,
    );
    return `::${LEVELS[finding.verdict]}::${text}`;
  });
}

/** The report as GitHub's Markdown. What came back is shown for the exchanges with violations alone, to stay below 1 MiB. */
export function toMarkdown(report: Report): string {
  const { verdict, findings, exchanges, coverage, time } = report;
  const isBad = ({ findings: ids }: ReportedExchange) =>
    findings.some(({ id, verdict }) => verdict === "violation" && ids.includes(id));
  return [
    `## ${text(verdict.sentence)}`,
    ...section("Findings", findingsTable(report)),
    ...section("Coverage", table(["where", "what", "seen", "not seen"], coverage.flatMap(coverageRows))),
    ...section("Members with a finding", table(["member", "documented", "accepted", "findings"], memberRows(report))),
    ...exchanges.filter(isBad).slice(0, MOST_EXCHANGES).flatMap(exchangeLines),
    details(`${exchanges.length} exchanges`, table(["exchange", "answer", "findings"], exchanges.map(exchangeRow))),
    "",
    `Started ${time.started}, took ${time.durationMs} ms.`,
    "",
  ].join("\n");
}

const MOST_EXCHANGES = 10;
const MOST_CHARACTERS = 10_000;

function section(title: string, content: string): string[] {
  return content === "" ? [] : ["", `### ${title}`, "", content];
}

function findingsTable(report: Report): string {
  return table(
    ["", "finding", "check", "exchanges", "example"],
    report.findings.map((finding: ReportedFinding) => [
      VERDICTS[finding.verdict],
      text(titleOf(finding)),
      finding.check,
      `${finding.seenIn.length}`,
      text(exampleOf(finding, report)?.name ?? "") + (finding.excerpt === null ? "" : `: ${code(finding.excerpt)}`),
    ]),
  );
}

function coverageRows({ where, parts }: Report["coverage"][number]): string[][] {
  return parts.map(({ what, attained, attainable, missing }) => [
    text(where),
    what,
    `${attained} of ${attainable}`,
    missing.map(code).join(", "),
  ]);
}

function memberRows({ members }: Report): string[][] {
  return members.flatMap(({ status, members: all }) =>
    all
      .filter(({ drift, violations }) => drift.length + violations.length > 0)
      .map(({ pointer, documented, accepted, drift, violations }) => [
        code(`${status} ${pointer}`),
        documented === null ? "not documented" : code(documented),
        code(accepted),
        [...violations, ...drift].join(", "),
      ]),
  );
}

function exchangeRow({ name, where, response, findings }: ReportedExchange): string[] {
  return [
    `${text(name)} (${text(where)})`,
    "failure" in response ? text(response.failure) : `${response.status}`,
    findings.join(", "),
  ];
}

function exchangeLines({ name, curl, response }: ReportedExchange): string[] {
  if ("failure" in response) return [];
  const body = toOutline(response.body).slice(0, MOST_CHARACTERS);
  const lines = [...(curl === null ? [] : [fenced(curl, "sh"), ""]), fenced(body, "text")];
  return [details(`What came back: ${text(name)}, ${response.status}`, lines.join("\n")), ""];
}

function details(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(headings), line(headings.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Plain text: no Markdown, no HTML, no mention of a person, no end of a table's cell. */
function text(value: string): string {
  return value
    .replace(/\s+/g, " ")
    .replace(/[^\p{L}\p{N}\p{M} ,;:.?%/()'"…-]/gu, (each) => `&#${each.codePointAt(0)};`);
}

/** Text as code, in a table too. */
function code(value: string): string {
  return `<code>${text(value)}</code>`;
}

/** A block of code that its content cannot end. */
function fenced(content: string, language: string): string {
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${content}\n${fence}`;
}
