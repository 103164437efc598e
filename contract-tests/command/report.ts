/** What a run found, as a person, a CI server and a program want to read it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Contract, Document, Schema } from "../../scripts/contract/document.js";
import { type Answered, bodyOf, type Exchange, maskExchange, toCurl, type Words } from "../service/exchange.js";
import type { Finding } from "../spec/finding.js";
import { page } from "../tables/page.js";

/** One exchange, or one side of the suite without an exchange, with what was found in it. */
export interface Judged {
  readonly name: string;
  /** Which service: `prism`, `reference`, or the target's origin. */
  readonly where: string;
  readonly exchange?: Exchange;
  readonly findings: readonly Finding[];
}

/** The words of the contract, which no mask takes away. */
export function wordsOf({ documented, accepted }: Contract): Words {
  const words = new Set<string>();
  const visit = (schema: Schema) => {
    for (const value of schema.enum ?? []) words.add(value);
    for (const branch of schema.oneOf ?? []) visit(branch);
    for (const [name, member] of Object.entries<Schema>(schema.properties ?? {})) {
      words.add(name);
      visit(member);
    }
    if (schema.items) visit(schema.items);
  };
  for (const document of [documented, accepted])
    for (const schema of Object.values(document.components.schemas)) visit(schema);
  return words;
}

/** Members of a schema and of all beneath it, as pointers without the indexes of lists. */
function membersOf(document: Document, schema: Schema, path = "", seen: readonly string[] = []): string[] {
  const name = schema.$ref?.replace(/^.*\//, "");
  if (name)
    return seen.includes(name)
      ? []
      : membersOf(document, document.components.schemas[name] as Schema, path, [...seen, name]);
  return [
    ...(schema.oneOf ?? []).flatMap((branch: Schema) => membersOf(document, branch, path, seen)),
    ...(schema.items ? membersOf(document, schema.items, path, seen) : []),
    ...Object.entries<Schema>(schema.properties ?? {}).flatMap(([member, each]) => [
      `${path}/${member}`,
      ...membersOf(document, each, `${path}/${member}`, seen),
    ]),
  ];
}

/** The members that a body has, written alike. */
function presentIn(body: unknown, path = ""): string[] {
  if (Array.isArray(body)) return body.flatMap((each) => presentIn(each, path));
  if (typeof body !== "object" || body === null) return [];
  return Object.entries(body).flatMap(([name, value]) => [`${path}/${name}`, ...presentIn(value, `${path}/${name}`)]);
}

export interface Coverage {
  readonly what: string;
  readonly attained: number;
  readonly attainable: number;
  /** How many of them need a job to be cancelled, and none was. */
  readonly needCancel: number;
}

/** What of the contract the exchanges have shown. */
export function coverageOf(exchanges: readonly Exchange[], { documented }: Contract): Coverage[] {
  const answers = exchanges.flatMap(({ probe, answer }) =>
    "failure" in answer
      ? []
      : [{ probe, ...answer, side: answer.status < 300 ? ("200" as const) : ("default" as const) }],
  );
  const sides = ["200", "default"] as const;
  const cancelled = answers.some(({ side }) => side === "200");
  const count = (
    what: string,
    ofSide: (side: (typeof sides)[number]) => { attained: number; attainable: number },
  ): Coverage => {
    const [job, failure] = sides.map(ofSide) as [ReturnType<typeof ofSide>, ReturnType<typeof ofSide>];
    return {
      what,
      attained: job.attained + failure.attained,
      attainable: job.attainable + failure.attainable,
      needCancel: cancelled ? 0 : job.attainable,
    };
  };
  const of = (side: string) => answers.filter((each) => each.side === side);
  const tried = (name: string) => answers.some(({ probe }) => probe.name.startsWith(name));
  return [
    { what: "operations", attained: answers.length > 0 ? 1 : 0, attainable: 1, needCancel: 0 },
    count("responses", (side) => ({ attained: of(side).length > 0 ? 1 : 0, attainable: 1 })),
    count("members", (side) => {
      const members = membersOf(documented, documented.components.schemas[page.responses[side].body] as Schema);
      const present = new Set(of(side).flatMap((answer) => presentIn(bodyOf(answer))));
      return { attained: members.filter((member) => present.has(member)).length, attainable: members.length };
    }),
    { what: "security", attained: ["no key", "wrong key"].filter(tried).length, attainable: 2, needCancel: 0 },
    count("headers", (side) => {
      const { headers } = page.responses[side];
      return {
        attained: headers.filter((name) => of(side).some((answer) => name in answer.headers)).length,
        attainable: headers.length,
      };
    }),
  ];
}

const MOST_LINES = 12;

/** The summary: what was attained, the drift, the violations. */
export function summarize(judged: readonly Judged[], contract: Contract): string {
  const all = judged.flatMap(({ name, where, exchange, findings }) =>
    findings.map((finding) => ({ name, where, exchange, finding })),
  );
  const violations = all.filter(({ finding }) => finding.verdict === "violation");
  const drift = countBy(
    all
      .filter(({ finding }) => finding.verdict === "known-drift")
      .map(({ finding }) => finding.action ?? finding.message),
  );
  const words = wordsOf(contract);
  const lines: string[] = [];
  for (const where of new Set(judged.map((each) => each.where))) {
    const here = judged.filter((each) => each.where === where);
    const bad = here.filter(({ findings }) => findings.some(({ verdict }) => verdict === "violation")).length;
    lines.push(`${where}: ${here.length} checked, ${here.length - bad} good${bad ? `, ${bad} with violations` : ""}`);
    const exchanges = here.flatMap(({ exchange }) => exchange ?? []);
    if (exchanges.length === 0) continue;
    const coverage = coverageOf(exchanges, contract);
    lines.push(`  ${coverage.map(({ what, attained, attainable }) => `${what} ${attained}/${attainable}`).join("  ")}`);
    const hidden = coverage
      .filter(({ needCancel }) => needCancel > 0)
      .map(({ what, needCancel }) => `${needCancel} ${what}`);
    if (hidden.length > 0)
      lines.push(`  not attainable without cancelling a job (--cancel <id>): ${hidden.join(", ")}`);
  }
  lines.push("", `known drift: ${drift.size}`);
  for (const [text, count] of [...drift].slice(0, MOST_LINES))
    lines.push(`  ${text}${count > 1 ? ` (${count} times)` : ""}`);
  if (drift.size > MOST_LINES) lines.push(`  and ${drift.size - MOST_LINES} more; --report has them all`);
  lines.push("", `violations: ${violations.length}`);
  for (const { name, where, exchange, finding } of violations.slice(0, MOST_LINES)) {
    lines.push(
      `  ${where}, ${name}: ${finding.pointer ? `${finding.pointer} ` : ""}${finding.message} [${finding.check}]`,
    );
    if (finding.documented !== undefined && finding.documented !== finding.accepted)
      lines.push(`    documented: ${finding.documented}`);
    if (!exchange) continue;
    lines.push(`    ${toCurl(exchange)}`);
    if (!("failure" in exchange.answer)) {
      const { status, text } = maskExchange(exchange, words).answer as Answered;
      lines.push(`    answered ${status} ${text.slice(0, 160)}`);
    }
  }
  if (violations.length > MOST_LINES) lines.push(`  and ${violations.length - MOST_LINES} more; --report has them all`);
  return lines.join("\n");
}

function countBy(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** Text that XML 1.0 can hold. */
function xml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\p{Cs}\ufffe\uffff]/gu, "?");
  return clean.replace(/[&<>"]/g, (each) => entities[each] as string);
}

/** One test case for each exchange; a violation is a failure, drift is told in its output. */
export function toJUnit(judged: readonly Judged[]): string {
  const cases = judged.map(({ name, where, findings }) => {
    const tell = ({ check, pointer, message }: Finding) => `${check}: ${pointer} ${message}`;
    const violations = findings.filter(({ verdict }) => verdict === "violation");
    const drift = findings.filter(({ verdict }) => verdict === "known-drift");
    return [
      `  <testcase classname="${xml(where)}" name="${xml(name)}">`,
      ...(violations.length > 0
        ? [
            `    <failure message="${xml(tell(violations[0] as Finding))}">${xml(violations.map(tell).join("\n"))}</failure>`,
          ]
        : []),
      ...(drift.length > 0 ? [`    <system-out>${xml(drift.map(tell).join("\n"))}</system-out>`] : []),
      "  </testcase>",
    ].join("\n");
  });
  const failures = judged.filter(({ findings }) => findings.some(({ verdict }) => verdict === "violation")).length;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="contract" tests="${judged.length}" failures="${failures}">\n${cases.join("\n")}\n</testsuite>\n`;
}

/** Writes `contract.xml` (JUnit) and `contract.json` into a folder. Bodies are masked. */
export function writeReport(folder: string, judged: readonly Judged[], contract: Contract): void {
  const words = wordsOf(contract);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "contract.xml"), toJUnit(judged));
  const told = judged.map(({ exchange, ...rest }) => ({
    ...rest,
    ...(exchange && { curl: toCurl(exchange), exchange: maskExchange(exchange, words) }),
  }));
  writeFileSync(join(folder, "contract.json"), `${JSON.stringify(told, undefined, 2)}\n`);
}

/** GitHub's annotations: an error for each violation, a notice for each drift. */
export function toAnnotations(judged: readonly Judged[]): string[] {
  const line = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  return judged.flatMap(({ name, where, findings }) =>
    findings.map(({ verdict, pointer, message, action }) =>
      verdict === "violation"
        ? `::error title=contract violation::${line(`${where}, ${name}: ${pointer} ${message}`)}`
        : `::notice title=known drift::${line(`${where}, ${name}: ${pointer} ${action ?? message}`)}`,
    ),
  );
}
