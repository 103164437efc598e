import { describe, expect, test } from "@jest/globals";
import { toHtml } from "./html.js";
import type { Report, ReportedExchange, ReportedFinding } from "./report.js";
import { HOSTILE, sampleReport } from "./sample-report.js";

const pageOf = (change: Partial<Report> = {}) =>
  toHtml(sampleReport(change)).replace(/<style>[\s\S]*<\/style>/, "<style></style>");
const withExchange = (change: Partial<ReportedExchange>) => {
  const [first] = sampleReport().exchanges as [ReportedExchange];
  return pageOf({ exchanges: [{ ...first, ...change }] });
};

test("the page of a small report", () => {
  expect(pageOf()).toMatchSnapshot();
});

test("the page of a report with nothing in it", () => {
  const page = pageOf({
    verdict: { kind: "good", exitCode: 0, sentence: "Good." },
    findings: [],
    coverage: [],
    members: [],
    exchanges: [],
    checks: [],
  });
  expect(page).toMatchSnapshot();
});

test("what is documented is left out where it is what is accepted, or is not known", () => {
  const documented = (change: Partial<ReportedFinding>) => {
    const [first] = sampleReport().findings as [ReportedFinding];
    return pageOf({ findings: [{ ...first, ...change }] }).includes("<dt>documented</dt>");
  };
  expect(documented({ documented: "a", accepted: "b" })).toBe(true);
  expect(documented({ documented: "a", accepted: "a" })).toBe(false);
  expect(documented({ documented: undefined as never, accepted: "b" })).toBe(false);
});

test("the options are named", () => {
  const options = (change: Partial<Report["options"]>) =>
    / ms\.(.*)<\/p>/.exec(pageOf({ options: { cancel: [], strict: false, only: null, ...change } }))?.[1];
  expect(options({})).toBe("");
  expect(options({ strict: true })).toBe(" Options: strict.");
  expect(options({ cancel: ["a", "<b>"], strict: true, only: "body" })).toBe(
    " Options: cancelled a, &lt;b&gt;; strict; only the check body.",
  );
});

describe("text is text in every place", () => {
  test("of the report", () => {
    const text = HOSTILE;
    const { exchanges, checks, findings, members, coverage } = sampleReport();
    const page = pageOf({
      target: { kind: "service", name: text },
      verdict: { kind: "violation", exitCode: 1, sentence: text },
      findings: findings.map(({ action: _, ...each }) => ({
        ...each,
        ...{ check: text, message: text, pointers: [text, text], documented: text, accepted: "a", excerpt: text },
      })),
      coverage: coverage.map((place) => ({
        ...place,
        where: text,
        parts: place.parts.map((part) => ({ ...part, what: text, missing: [text] })),
      })),
      members: members.map((each) => ({
        ...each,
        members: each.members.map((member) => ({ ...member, documented: text, accepted: "a", seen: { [text]: 1 } })),
      })),
      exchanges: exchanges.map((each) => ({
        ...each,
        ...{ where: text, name: text, curl: text, request: { method: text, path: text, headers: { [text]: text } } },
        response: { status: 200, headers: { [text]: text }, body: { [text]: text } },
      })),
      checks: checks.map((each) => ({ ...each, name: text, description: text })),
      options: { cancel: [text], strict: false, only: text },
    });
    expect(page).not.toContain(`<b>&"`);
    expect(page).not.toContain(`&"'`);
    for (const each of "\u0000\u0007\u001b\u007f\u202e\ud800") expect(page).not.toContain(each);
    const shown = "&lt;b&gt;&amp;&quot;&#39;]]&gt;|`*_@#\\ %0A\\u{0}\\u{7}\\u{1b}\\u{7f}\\u{202e}\\u{d800}\ufffe";
    expect(page.split(shown).length).toBeGreaterThan(60);
  });

  test.each([
    ["a\nb", "a\nb"],
    ["a\tb\rc", "a\\u{9}b\\u{d}c"],
    ["\u200b\u2066é𝒳\u{e0001}", "\\u{200b}\\u{2066}é𝒳\\u{e0001}"],
    ["&amp;", "&amp;amp;"],
  ])("%j is written as %j", (text, written) => {
    expect(withExchange({ response: { failure: text } })).toContain(`<h4>Response</h4><p>${written}</p>`);
  });

  test("a name in a link is encoded as in a URL", () => {
    const member = { pointer: '/a b"é', documented: "a", accepted: "a", seen: {}, drift: [], violations: [] };
    const page = pageOf({ members: [{ status: "200", members: [member] }] });
    expect(page).toContain('<div class="member" id="member-200/a b&quot;é">');
    expect(page).toContain('<a class="name" href="#member-200/a%20b%22%C3%A9"><code>a b&quot;é</code></a>');
  });
});

test("a body is cut after 1,000 lines", () => {
  const lines = (count: number) => {
    const body = Array(count - 2).fill(true);
    return /<pre>200\n[\s\S]*?<\/pre>/.exec(
      withExchange({ response: { status: 200, headers: {}, body } }),
    )?.[0] as string;
  };
  expect(lines(1_000).split("\n")).toHaveLength(1_002);
  expect(lines(1_000)).not.toContain("more lines");
  expect(lines(1_001).split("\n").slice(-2)).toEqual(["  true", "and 1 more lines</pre>"]);
});
