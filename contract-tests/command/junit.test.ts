import { describe, expect, test } from "@jest/globals";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { toJUnit } from "./junit.js";
import { HOSTILE, sampleReport } from "./sample-report.js";

test("a test case for each check and exchange: failed, skipped, or passed", () => {
  expect(toJUnit(sampleReport()).split("\n")).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuite name="contract" timestamp="2026-11-25T10:00:00" hostname="localhost" tests="5" failures="3" errors="0" skipped="1" time="1.234">',
    "  <properties/>",
    '  <testcase classname="contract" name="compiles" time="0.003">',
    '    <failure type="violation" message="compiles: must compile">compiles: must compile</failure>',
    "  </testcase>",
    '  <testcase classname="https://a.example" name="no key" time="0.012">',
    '    <failure type="violation" message="body: /status and 1 more place is wrong">body: /status and 1 more place is wrong</failure>',
    "  </testcase>",
    '  <testcase classname="https://a.example" name="cancel ftjob-1" time="0.012">',
    '    <failure type="violation" message="body: /status and 1 more place is wrong">body: /status and 1 more place is wrong</failure>',
    "  </testcase>",
    '  <testcase classname="https://a.example" name="no key" time="0.000">',
    '    <skipped message="body: returned 429"/>',
    "  </testcase>",
    '  <testcase classname="https://a.example" name="no key" time="0.012">',
    "  </testcase>",
    "  <system-out>known drift: `status` is b (Azure). (exchange-1)</system-out>",
    "  <system-err/>",
    "</testsuite>",
    "",
  ]);
});

test("all violations of an exchange are in its failure, the first as its message", () => {
  const report = sampleReport();
  const [first, second, ...others] = report.exchanges;
  const both = { ...(first as NonNullable<typeof first>), findings: ["finding-1", "finding-4", "finding-2"] };
  const xml = toJUnit({ ...report, exchanges: [both, second as typeof both, ...others] });
  expect(xml).toContain(
    '    <failure type="violation" message="body: /status and 1 more place is wrong">body: /status and 1 more place is wrong\ncompiles: must compile</failure>',
  );
  const drift = report.findings.slice(-1).map((each) => ({ ...each, seenIn: ["exchange-1", "exchange-4"] }));
  expect(toJUnit({ ...report, findings: [...drift, ...drift] })).toContain(
    "  <system-out>known drift: `status` is b (Azure). (exchange-1, exchange-4)\nknown drift: `status` is b (Azure). (exchange-1, exchange-4)</system-out>",
  );
});

describe("hostile text", () => {
  const report = sampleReport();
  const named = (text: string) =>
    toJUnit({
      ...report,
      findings: report.findings.map(({ action: _, ...each }) => ({ ...each, message: text, pointers: [""] })),
      exchanges: report.exchanges.map((each) => ({ ...each, name: text, where: text })),
      checks: [],
    });

  test("is text in every place", () => {
    const xml = named(HOSTILE);
    expect(XMLValidator.validate(xml)).toBe(true);
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "@" });
    const { testcase, "system-out": output } = parser.parse(xml).testsuite;
    const shown = HOSTILE.replace("\u0000\u0007\u001b", "???").replace("\ud800\ufffe", "??");
    expect(testcase[0]["@name"]).toBe(shown);
    expect(testcase[0]["@classname"]).toBe(shown);
    expect(testcase[0].failure["@message"]).toBe(`body: ${shown}`);
    expect(output).toBe(`known drift: ${shown} (exchange-1)`);
  });

  test.each([
    ["&", "&amp;"],
    ["<", "&lt;"],
    [">", "&gt;"],
    ['"', "&quot;"],
    ["a\tb\nc\rd", "a\tb\nc\rd"],
    ["\u0000\u0008\u000b\u000c\u000e\u001f", "??????"],
    ["\ud800a\udc00", "?a?"],
    ["\ufffe\uffff", "??"],
    ["é𝒳\u007f\ufffd", "é𝒳\u007f\ufffd"],
  ])("%j is written as %j", (text, written) => {
    expect(named(text)).toContain(`<system-out>known drift: ${written} (exchange-1)</system-out>`);
  });
});
