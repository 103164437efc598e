import { describe, expect, test } from "@jest/globals";
import { toAnnotations, toMarkdown } from "./github.js";
import type { Report } from "./report.js";
import { HOSTILE, sampleReport } from "./sample-report.js";

/** The report with another text in every place that can come from a service or a command line. */
function saying(text: string): Report {
  const report = sampleReport({ verdict: { kind: "violation", exitCode: 1, sentence: text } });
  return {
    ...report,
    coverage: report.coverage.map((place) => ({
      ...place,
      where: text,
      parts: place.parts.map((part) => ({ ...part, missing: [text] })),
    })),
    findings: report.findings.map((each) => ({ ...each, message: text, excerpt: text, pointers: [text] })),
    members: report.members.map((each) => ({
      ...each,
      members: each.members.map((member) => ({ ...member, pointer: text, documented: text, accepted: text })),
    })),
    exchanges: report.exchanges.map((each) => ({
      ...each,
      where: text,
      name: text,
      response: "failure" in each.response ? { failure: text } : each.response,
    })),
  };
}

describe("annotations", () => {
  test("are a line for each finding, at the level of its verdict", () => {
    expect(toAnnotations(sampleReport())).toEqual([
      "::error title=contract violation::https://a.example, no key: /status and 1 more place is wrong (2 times)",
      "::error title=contract violation::contract, compiles: must compile (1 time)",
      "::warning title=not verified::https://a.example, no key: returned 429 (1 time)",
      "::notice title=known drift::https://a.example, no key: `status` is b (Azure). (1 time)",
    ]);
  });

  test("stay one line each, whatever text is in them", () => {
    const [line] = toAnnotations(saying("a%0Ab\r\nc\n::error::d%"));
    expect(line).toBe(
      "::error title=contract violation::a%250Ab%0D%0Ac%0A::error::d%25, a%250Ab%0D%0Ac%0A::error::d%25: a%250Ab%0D%0Ac%0A::error::d%25 a%250Ab%0D%0Ac%0A::error::d%25 (2 times)",
    );
  });
});

describe("Markdown", () => {
  const lines = toMarkdown(sampleReport()).split("\n");
  const block = (heading: string) => {
    const from = lines.indexOf(heading);
    return lines.slice(from, lines.indexOf("", from + 2));
  };

  test("begins with the verdict and ends with the time", () => {
    expect(lines.slice(0, 4)).toEqual(["## Violation: 2 violations.", "", "### Findings", ""]);
    expect(lines.slice(-4)).toEqual(["</details>", "", "Started 2026-11-25T10:00:00.123Z, took 1234 ms.", ""]);
  });

  test("has a table of findings", () => {
    expect(block("### Findings")).toEqual([
      "### Findings",
      "",
      "|  | finding | check | exchanges | example |",
      "| --- | --- | --- | --- | --- |",
      "| violation | /status and 1 more place is wrong | body | 2 | no key: <code>&#123; &#34;status&#34;: 7 &#125;</code> |".replaceAll(
        "&#34;",
        '"',
      ),
      "| violation | must compile | compiles | 1 | compiles |",
      "| not verified | returned 429 | body | 1 | no key |",
      "| known drift | &#96;status&#96; is b (Azure). | body | 1 | no key: <code>&#123;&#125;</code> |",
    ]);
  });

  test("has a table of coverage", () => {
    expect(block("### Coverage").slice(2)).toEqual([
      "| where | what | seen | not seen |",
      "| --- | --- | --- | --- |",
      "| https://a.example | operations | 1 of 1 |  |",
      "| https://a.example | members | 1 of 3 | <code>200 /seed</code>, <code>default /error/code</code> |",
    ]);
  });

  test("has a table of the members with a finding", () => {
    expect(block("### Members with a finding").slice(2, 6)).toEqual([
      "| member | documented | accepted | findings |",
      "| --- | --- | --- | --- |",
      "| <code>200 /status</code> | <code>a</code> | <code>a &#124; b</code> | finding-1, finding-3 |",
      "| <code>200 /error/code</code> | not documented | <code>string</code> | finding-4 |",
    ]);
  });

  test("shows what came back where there is a violation and a response, and every exchange in a table", () => {
    const from = lines.indexOf("<details><summary>What came back: no key, 200</summary>");
    expect(lines.slice(from, -3)).toEqual([
      "<details><summary>What came back: no key, 200</summary>",
      "",
      "```sh",
      "curl -i 'https://a.example/cancel'",
      "```",
      "",
      "```text",
      "{",
      '  "id": <string, 2 characters>',
      "}",
      "```",
      "",
      "</details>",
      "",
      "<details><summary>4 exchanges</summary>",
      "",
      "| exchange | answer | findings |",
      "| --- | --- | --- |",
      "| no key (https://a.example) | 200 | finding-1, finding-3 |",
      "| cancel ftjob-1 (https://a.example) | ECONNRESET | finding-1 |",
      "| no key (https://a.example) | 200 | finding-2 |",
      "| no key (https://a.example) | 200 |  |",
      "",
      "</details>",
    ]);
    expect(lines.filter((line) => line.startsWith("<details>"))).toHaveLength(2);
  });

  test("leaves out a table without rows, and a curl line that there is not", () => {
    const bare = sampleReport({ findings: [], coverage: [], members: [] });
    expect(toMarkdown(bare)).toMatch(/^## Violation: 2 violations\.\n<details><summary>4 exchanges/);
    const [first, ...others] = sampleReport().exchanges;
    const text = toMarkdown(sampleReport({ exchanges: [{ ...(first as (typeof others)[0]), curl: null }, ...others] }));
    expect(text).toContain("<details><summary>What came back: no key, 200</summary>\n\n```text\n");
  });

  test("text is no Markdown, no HTML and no mention, and ends no cell", () => {
    const text = toMarkdown(saying(HOSTILE));
    const outsideOfBlocks = text.replace(/```[\s\S]*?```/g, "");
    expect(outsideOfBlocks).not.toContain("<b>");
    for (const each of "*_@`\\\u0000\u0007\u001b\u007f\u202e") expect(outsideOfBlocks).not.toContain(each);
    expect(outsideOfBlocks.replace(/<\/?(details|summary|code)>/g, "")).not.toMatch(/[<>]/);
    const cells = outsideOfBlocks.split("\n").filter((line) => line.startsWith("|"));
    expect(new Set(cells.map((line) => line.split("|").length))).toEqual(new Set([5, 6, 7]));
    expect(toMarkdown(saying("a \n\t b"))).toContain("## a b\n");
    expect(toMarkdown(saying("é1 ,;:.?%/()'\"…-漢"))).toContain("## é1 ,;:.?%/()'\"…-漢\n");
    expect(toMarkdown(saying("𝒳<é"))).toContain("## 𝒳&#60;é\n");
    expect(toMarkdown(saying("😀"))).toContain("## &#128512;\n");
  });

  test("a block of code cannot be ended by its content", () => {
    const [first, ...others] = sampleReport().exchanges;
    const withBody = (body: unknown, curl: string) =>
      toMarkdown(
        sampleReport({
          exchanges: [{ ...(first as (typeof others)[0]), curl, response: { status: 200, headers: {}, body } }],
        }),
      );
    expect(withBody("`````", "a ``` b ` c")).toContain('\n````sh\na ``` b ` c\n````\n\n``````text\n"`````"\n``````\n');
    expect(withBody("a", "b")).toContain("\n```sh\nb\n```\n\n```text\n");
  });

  test("is limited: ten exchanges, and 10,000 characters of a body", () => {
    const [first] = sampleReport().exchanges;
    const long = { status: 200, headers: {}, body: "a".repeat(20_000) };
    const exchanges = Array.from({ length: 12 }, () => ({ ...(first as NonNullable<typeof first>), response: long }));
    const text = toMarkdown(sampleReport({ exchanges }));
    expect(text.match(/What came back/g)).toHaveLength(10);
    expect(text.match(/a+\n```/g)?.map((each) => each.length)).toEqual(Array(10).fill(9_999 + 4));
    expect(text).toContain("<summary>12 exchanges</summary>");
  });
});
