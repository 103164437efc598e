import { describe, expect, test } from "@jest/globals";
import type { Report, ReportedFinding } from "./report.js";
import { sampleReport } from "./sample-report.js";
import { summarize } from "./summary.js";

const linesOf = (change: Partial<Report> = {}, coverage = false) =>
  summarize(sampleReport(change), { colour: false, coverage }).split("\n");

test("the text of a small report", () => {
  expect(linesOf()).toEqual([
    "Violation: 2 violations.",
    "",
    "Violations: 2",
    "  /status and 1 more place is wrong [body]",
    "    documented: a",
    "    in 2, first in https://a.example, no key",
    '    came back: { "status": 7 }',
    "  must compile [compiles]",
    "    in contract, compiles",
    "",
    "Not verified: 1",
    "  returned 429 [body]",
    "    in https://a.example, no key",
    "",
    "Known drift: 1",
    "  `status` is b (Azure). [body]",
    "    in https://a.example, no key",
    "",
    "To repeat:",
    "  # no key: 200",
    "  curl -i 'https://a.example/cancel'",
    "",
    "https://a.example: 3 checked, 2 good, 1 with violations",
    "  operations 1/1  members 1/3",
    "  not attainable without cancelling a job (--cancel <id>): 2 members",
    "contract: 1 checked, 1 good",
  ]);
});

test("with nothing found, and one place, there is no more than the verdict and the coverage", () => {
  const { coverage } = sampleReport();
  expect(linesOf({ findings: [], coverage: coverage.slice(1) })).toEqual([
    "Violation: 2 violations.",
    "",
    "contract: 1 checked, 1 good",
  ]);
});

test("what was sent to one place alone is not told with its name", () => {
  const { coverage } = sampleReport();
  expect(linesOf({ coverage: coverage.slice(0, 1) })).toContain("    in 2, first in no key");
});

test("what needs a cancelled job is counted, part by part", () => {
  const part = (what: string, needCancel: number) => ({ what, attained: 0, attainable: 9, needCancel, missing: [] });
  const parts = [part("members", 5), part("operations", 0), part("headers", 2)];
  expect(linesOf({ coverage: [{ where: "here", checked: 1, withViolations: 0, parts }] }).at(-1)).toBe(
    "  not attainable without cancelling a job (--cancel <id>): 5 members, 2 headers",
  );
});

const some = (count: number, change: Partial<ReportedFinding> = {}) =>
  Array.from({ length: count }, (_, index) => ({
    ...(sampleReport().findings[0] as ReportedFinding),
    message: `is wrong, ${index}`,
    documented: undefined as never,
    ...change,
  }));

test("twelve findings of a kind are shown, and the number of the others", () => {
  const shown = (count: number) => linesOf({ findings: some(count) }).filter((line) => line.includes("is wrong"));
  expect(shown(12)).toHaveLength(12);
  expect(linesOf({ findings: some(12) }).join("\n")).not.toContain("--report has them all");
  expect(shown(14)).toHaveLength(12);
  expect(linesOf({ findings: some(14) })).toContain("  and 2 more; --report has them all");
});

test("what is documented is left out where it is what is accepted", () => {
  const documented = (change: Partial<ReportedFinding>) =>
    linesOf({ findings: some(1, change) }).filter((line) => line.includes("documented"));
  expect(documented({ documented: "a", accepted: "b" })).toEqual(["    documented: a"]);
  expect(documented({ documented: "a", accepted: "a" })).toEqual([]);
  expect(documented({ accepted: "b" })).toEqual([]);
  expect(documented({ verdict: "known-drift", documented: "a", accepted: "b" })).toEqual([]);
});

test("a curl line is there once for each example, with how it ended", () => {
  const repeat = (findings: readonly ReportedFinding[]) => {
    const lines = linesOf({ findings });
    return lines.slice(lines.indexOf("To repeat:") + 1, lines.indexOf("", lines.indexOf("To repeat:")));
  };
  const examples = [...some(3), ...some(1, { seenIn: ["exchange-2", "exchange-4"] })];
  expect(repeat(examples)).toEqual([
    "  # no key: 200",
    "  curl -i 'https://a.example/cancel'",
    "  # cancel ftjob-1: ECONNRESET",
    "  curl -i 'https://a.example/cancel'",
  ]);
  expect(repeat([...some(12, { seenIn: ["exchange-2"] }), ...some(1, { seenIn: ["exchange-4"] })])).toHaveLength(2);
  // An embedded service is gone.
  expect(linesOf({ findings: some(1, { seenIn: ["exchange-3"] }) })).not.toContain("To repeat:");
  expect(linesOf({ findings: some(1, { verdict: "known-drift" }) })).not.toContain("To repeat:");
});

test("colours: the verdict and each finding by its kind", () => {
  const report = sampleReport();
  const coloured = (kind: Report["verdict"]["kind"], findings = report.findings) =>
    summarize({ ...report, findings, verdict: { ...report.verdict, kind } }, { colour: true, coverage: false }).split(
      "\n",
    );
  const paint = (code: number, end: number, text: string) => `\u001b[${code}m${text}\u001b[${end}m`;
  const [red, yellow, green] = [31, 33, 32].map((code) => paint(code, 39, "Violation: 2 violations."));
  expect(coloured("violation")[0]).toBe(red);
  expect(coloured("not-verified")[0]).toBe(yellow);
  expect(coloured("known-drift")[0]).toBe(yellow);
  expect(coloured("good")[0]).toBe(green);
  const lines = coloured("violation");
  expect(lines[2]).toBe(paint(1, 22, "Violations: 2"));
  expect(lines[3]).toBe(`  ${paint(31, 39, "/status and 1 more place is wrong")} [body]`);
  expect(lines[5]).toBe(paint(2, 22, "    in 2, first in https://a.example, no key"));
  expect(lines).toContain(`  ${paint(33, 39, "returned 429")} [body]`);
  expect(lines).toContain(`  ${paint(33, 39, "`status` is b (Azure).")} [body]`);
  expect(lines).toContain(paint(1, 22, "To repeat:"));
  expect(lines).toContain(paint(2, 22, "  # no key: 200"));
});

describe("what was not seen", () => {
  const missingIn = (missing: readonly string[]) => {
    const part = { what: "members", attained: 0, attainable: missing.length, needCancel: 0, missing };
    const place = { where: "here", checked: 1, withViolations: 0, parts: [part] };
    return linesOf({ findings: [], coverage: [place] }, true).slice(4);
  };

  test("is named by response", () => {
    expect(missingIn(["200 /a", "default /b", "200 /c", "no key", "2000 /d", "a 200 b"])).toEqual([
      "  members not seen in 200 (2): /a, /c",
      "  members not seen in default (1): /b",
      "  members not seen (3): no key, 2000 /d, a 200 b",
    ]);
    expect(missingIn([])).toEqual([]);
  });

  test("is wrapped at 120 characters", () => {
    const heading = "  members not seen (2): ";
    const fits = "a".repeat(120 - heading.length - 1 - 1 - 1);
    expect(missingIn([fits, "b"])).toEqual([`${heading}${fits}, b`]);
    expect(missingIn([`${fits}a`, "b"])).toEqual([`${heading}${fits}a,`, "    b"]);
  });
});
