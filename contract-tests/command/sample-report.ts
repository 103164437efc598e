/** A small report of everything that a report can hold, for the tests of what is made from one. */
import type { Report, ReportedExchange, ReportedFinding } from "./report.js";

const finding = (number: number, change: Partial<ReportedFinding>): ReportedFinding => ({
  id: `finding-${number}`,
  check: "body",
  verdict: "violation",
  pointers: ["/status"],
  message: "is wrong",
  seenIn: ["exchange-1"],
  excerpt: null,
  ...change,
});

const exchange = (number: number, change: Partial<ReportedExchange>): ReportedExchange => ({
  id: `exchange-${number}`,
  where: "https://a.example",
  name: "no key",
  durationMs: 12,
  findings: [],
  request: { method: "POST", path: "/cancel", headers: { "api-key": "***" } },
  curl: "curl -i 'https://a.example/cancel'",
  response: { status: 200, headers: { "retry-after": "5" }, body: { id: "<string, 2 characters>" } },
  ...change,
});

const members = [
  { pointer: "/id", documented: "string", accepted: "string", seen: { string: 2 }, drift: [], violations: [] },
  {
    pointer: "/status",
    documented: "a",
    accepted: "a | b",
    seen: { string: 1, null: 1 },
    drift: ["finding-3"],
    violations: ["finding-1"],
  },
  { pointer: "/error", documented: null, accepted: "object", seen: {}, drift: [], violations: [] },
  { pointer: "/error/code", documented: null, accepted: "string", seen: {}, drift: [], violations: ["finding-4"] },
];

const coverage = (what: string, attained: number, missing: readonly string[], needCancel = 0) => ({
  what,
  attained,
  attainable: attained + missing.length,
  needCancel,
  missing,
});

export function sampleReport(change: Partial<Report> = {}): Report {
  return {
    format: 1,
    target: { kind: "service", name: "https://a.example" },
    time: { started: "2026-11-25T10:00:00.123Z", durationMs: 1_234 },
    options: { cancel: [], strict: false, only: null },
    verdict: { kind: "violation", exitCode: 1, sentence: "Violation: 2 violations." },
    coverage: [
      {
        where: "https://a.example",
        checked: 3,
        withViolations: 1,
        parts: [coverage("operations", 1, []), coverage("members", 1, ["200 /seed", "default /error/code"], 2)],
      },
      { where: "contract", checked: 1, withViolations: 0, parts: [] },
    ],
    findings: [
      finding(1, {
        pointers: ["/status", "/metadata/a"],
        documented: "a",
        accepted: "b",
        excerpt: '{ "status": 7 }',
        seenIn: ["exchange-1", "exchange-2"],
      }),
      finding(4, { pointers: [""], message: "must compile", check: "compiles", seenIn: ["check-1"] }),
      finding(2, { verdict: "not-verified", pointers: [""], message: "returned 429", seenIn: ["exchange-3"] }),
      finding(3, { verdict: "known-drift", action: "`status` is b (Azure).", documented: "a", excerpt: "{}" }),
    ],
    members: [
      { status: "200", members },
      { status: "default", members: [] },
    ],
    exchanges: [
      exchange(1, { findings: ["finding-1", "finding-3"] }),
      exchange(2, { name: "cancel ftjob-1", findings: ["finding-1"], response: { failure: "ECONNRESET" } }),
      exchange(3, { findings: ["finding-2"], durationMs: null, curl: null }),
      exchange(4, {}),
    ],
    checks: [
      {
        id: "check-1",
        where: "contract",
        name: "compiles",
        durationMs: 3,
        findings: ["finding-4"],
        description: "Schemas compile.",
      },
    ],
    ...change,
  };
}

/** Text that ends, opens or hides something in each of the formats. */
export const HOSTILE = `<b>&"']]>|\`*_@#\\ %0A\u0000\u0007\u001b\u007f\u202e\ud800\ufffe`;
