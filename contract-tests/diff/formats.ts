/** The report of `npm run contract:diff`: for a person, a page, a program, and GitHub. */
import { stepsOf } from "../../scripts/contract/json-pointer.js";
import type { LineOf } from "../../scripts/contract/source.js";
import type { Caller, Difference } from "./compare.js";
import { LEVELS, type Level } from "./redocly.js";

export interface Report {
  /** What the contract is compared with. */
  readonly since: string;
  /** The part of the version that must grow. */
  readonly bump: Level | "none";
  readonly differences: readonly Difference[];
  /** The lines of the generated types that changed. */
  readonly types: readonly string[];
}

const MEANINGS: Record<Caller, string> = {
  requests: "a request that works today is refused, or does not compile",
  readers: "code that reads it may meet what its types exclude, or does not compile",
  switches: "an exhaustive switch or a comparison does not compile, or meets a literal that it does not know",
};

function meaningOf({ breaks, layers }: Difference): string {
  if (!layers.includes("accepted")) return "breaks nobody: the types come from the accepted contract";
  if (breaks.length === 0) return "breaks nobody";
  return breaks.map((caller) => `breaks ${caller}: ${MEANINGS[caller]}`).join("; ");
}

function headOf({ since, bump, differences }: Report): string {
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? "" : "s"}`;
  const breaking = differences.filter(({ breaks }) => breaks.length > 0).length;
  return differences.length === 0
    ? `Nothing changed since ${since}.`
    : `${count(differences.length, "change")} since ${since}, ${breaking} breaking: the next version is at least a ${bump} one.`;
}

/** The breaking ones first. */
const sorted = ({ differences }: Report) =>
  [...differences].sort((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level));

function toText(report: Report): string {
  return [
    headOf(report),
    ...sorted(report).flatMap((each) => [
      "",
      `${each.level}  ${each.place}: ${each.message} [${each.rule}; ${each.layers.join(" and ")}]`,
      `       ${meaningOf(each)}`,
    ]),
    ...(report.types.length > 0 ? ["", "The generated types:", ...report.types] : []),
  ].join("\n");
}

const COLUMNS = ["level", "where", "what changed", "for callers", "layer", "rule"];
const cellsOf = (each: Difference) => [
  each.level,
  each.place,
  each.message,
  meaningOf(each),
  each.layers.join(" and "),
  each.rule,
];

function toMarkdown(report: Report): string {
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("<", "&lt;").replace(/\s+/g, " ")).join(" | ")} |`;
  const rows = sorted(report).map((each) => row(cellsOf(each)));
  const table = rows.length > 0 ? ["", row(COLUMNS), row(COLUMNS.map(() => "---")), ...rows] : [];
  const types = report.types.length > 0 ? ["", "````diff", ...report.types, "````"] : [];
  return ["### The contract", "", headOf(report), ...table, ...types].join("\n");
}

function toHtml(report: Report): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  const escaped = (text: string) => text.replace(/[&<>"]/g, (each) => entities[each] as string);
  const row = (cells: readonly string[]) => `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>The contract since ${escaped(report.since)}</title>
<h1>${escaped(headOf(report))}</h1>
<table>
<thead><tr>${COLUMNS.map((name) => `<th scope="col">${name}</th>`).join("")}</tr></thead>
<tbody>
${sorted(report)
  .map((each) => row(cellsOf(each)))
  .join("\n")}
</tbody>
</table>
<h2>The generated types</h2>
<pre>${escaped(report.types.join("\n"))}</pre>
</html>`;
}

/** GitHub annotations: a warning for each breaking change, a notice for each addition. */
function toAnnotations(report: Report, lineOf: LineOf): string {
  const escaped = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const inProperty = (text: string) => escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
  return sorted(report)
    .filter(({ level }) => level !== "patch")
    .map((each) => {
      const [file = "", line = ""] = lineOf(stepsOf(each.pointer)).split(":");
      const kind = each.breaks.length > 0 ? "warning" : "notice";
      const title = inProperty(`${each.level}: ${each.place}`);
      return `::${kind} file=${file},line=${line},title=${title}::${escaped(`${each.message} ${meaningOf(each)}`)}`;
    })
    .join("\n");
}

export const formats = {
  text: toText,
  markdown: toMarkdown,
  json: (report: Report) => JSON.stringify(report, undefined, 2),
  html: toHtml,
  github: toAnnotations,
} satisfies Record<string, (report: Report, lineOf: LineOf) => string>;
