/** A report as text for a person at a terminal. */
import { styleText } from "node:util";
import { exampleOf, type Report, type ReportedExchange, type ReportedFinding, titleOf } from "./report.js";

const MOST_FINDINGS = 12;
const WIDTH = 120;

export interface Look {
  /** Colour for a terminal that shows it. */
  readonly colour: boolean;
  /** Names what was not seen. */
  readonly coverage: boolean;
}

type Paint = (style: "red" | "yellow" | "green" | "bold" | "dim", text: string) => string;

/** The verdict, each violation and known drift once, and what was covered. */
export function summarize(report: Report, { colour, coverage }: Look): string {
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const { kind, sentence } = report.verdict;
  return [
    paint(COLOURS[kind], sentence),
    ...sectionOf("violation", "Violations", report, paint),
    ...sectionOf("not-verified", "Not verified", report, paint),
    ...sectionOf("known-drift", "Known drift", report, paint),
    ...repeatLines(report, paint),
    "",
    ...report.coverage.flatMap((place) => placeLines(place, coverage)),
  ].join("\n");
}

const COLOURS = { good: "green", "known-drift": "yellow", "not-verified": "yellow", violation: "red" } as const;

function sectionOf(verdict: ReportedFinding["verdict"], title: string, report: Report, paint: Paint): string[] {
  const findings = report.findings.filter((each) => each.verdict === verdict);
  if (findings.length === 0) return [];
  const more = findings.length - MOST_FINDINGS;
  return [
    "",
    paint("bold", `${title}: ${findings.length}`),
    ...findings.slice(0, MOST_FINDINGS).flatMap((finding) => findingLines(finding, report, paint)),
    ...(more > 0 ? [`  and ${more} more; --report has them all`] : []),
  ];
}

function findingLines(finding: ReportedFinding, report: Report, paint: Paint): string[] {
  const { verdict, documented, accepted, excerpt } = finding;
  const example = exampleOf(finding, report);
  const place = example && (report.coverage.length > 1 ? `${example.where}, ${example.name}` : example.name);
  const isDrift = verdict === "known-drift";
  return [
    `  ${paint(COLOURS[verdict], titleOf(finding))} [${finding.check}]`,
    ...(!isDrift && documented !== undefined && documented !== accepted ? [`    documented: ${documented}`] : []),
    ...(place === undefined ? [] : [paint("dim", `    ${timesOf(finding)}${place}`)]),
    ...(!isDrift && excerpt !== null ? [`    came back: ${excerpt}`] : []),
  ];
}

function timesOf({ seenIn }: ReportedFinding): string {
  return seenIn.length === 1 ? "in " : `in ${seenIn.length}, first in `;
}

/** A curl line for each exchange that is the example of a finding, known drift apart: once, however many it has. */
function repeatLines({ findings, exchanges }: Report, paint: Paint): string[] {
  const examples = new Set(
    findings
      .slice(0, MOST_FINDINGS)
      .flatMap(({ verdict, seenIn }) => (verdict === "known-drift" ? [] : seenIn.slice(0, 1))),
  );
  const lines = exchanges.flatMap(({ id, name, curl, response }: ReportedExchange) => {
    if (!examples.has(id) || curl === null) return [];
    const answer = "failure" in response ? response.failure : response.status;
    return [paint("dim", `  # ${name}: ${answer}`), `  ${curl}`];
  });
  return lines.length > 0 ? ["", paint("bold", "To repeat:"), ...lines] : [];
}

function placeLines({ where, checked, withViolations, parts }: Report["coverage"][number], named: boolean): string[] {
  const bad = withViolations > 0 ? `, ${withViolations} with violations` : "";
  const hidden = parts.filter(({ needCancel }) => needCancel > 0);
  return [
    `${where}: ${checked} checked, ${checked - withViolations} good${bad}`,
    ...(parts.length > 0
      ? [`  ${parts.map(({ what, attained, attainable }) => `${what} ${attained}/${attainable}`).join("  ")}`]
      : []),
    ...(hidden.length > 0
      ? [
          `  not attainable without cancelling a job (--cancel <id>): ${hidden.map(({ what, needCancel }) => `${needCancel} ${what}`).join(", ")}`,
        ]
      : []),
    ...(named ? parts.flatMap(missingLines) : []),
  ];
}

/** The names of what was not seen, by response: `members not seen in 200: /seed, …`. */
function missingLines({ what, missing }: Report["coverage"][number]["parts"][number]): string[] {
  const byStatus = new Map<string, string[]>();
  for (const each of missing) {
    const [, status = "", name = each] = /^(200|default) (.*)$/.exec(each) ?? [];
    byStatus.set(status, [...(byStatus.get(status) ?? []), name]);
  }
  return [...byStatus].flatMap(([status, names]) => {
    const heading = `  ${what} not seen${status === "" ? "" : ` in ${status}`} (${names.length}):`;
    return wrapped([heading, ...names.map((name, index) => (index < names.length - 1 ? `${name},` : name))]);
  });
}

/** The words in lines of at most {@link WIDTH} characters, indented after the first. */
function wrapped([first = "", ...others]: readonly string[]): string[] {
  const lines = [first];
  for (const word of others) {
    const last = lines.at(-1) as string;
    if (last.length + 1 + word.length > WIDTH) lines.push(`    ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
