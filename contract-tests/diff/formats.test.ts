import { describe, expect, test } from "@jest/globals";
import type { Difference } from "./compare.js";
import { formats, type Report } from "./formats.js";

const change = (more: Partial<Difference> = {}): Difference => ({
  place: "200 status",
  pointer: "/components/schemas/A~1b/enum",
  rule: "enum-grew",
  message: "Enum grew.",
  breaks: [],
  level: "patch",
  layers: ["accepted"],
  ...more,
});
const report = (differences: readonly Difference[], types: readonly string[] = []): Report => ({
  since: "v1.0.0",
  bump: "minor",
  differences,
  types,
});
const lineOf = (path: readonly (string | number)[]) => `openapi.yaml:${path.join().length}`;
const print = (format: keyof typeof formats, of: Report) => formats[format](of, lineOf);

const READERS = "code that reads it may meet what its types exclude, or does not compile";
const SWITCHES = "an exhaustive switch or a comparison does not compile, or meets a literal that it does not know";
const all = report(
  [
    change({ layers: ["documented"], breaks: [] }),
    change({ level: "minor", message: "Header came.", layers: ["documented", "accepted"] }),
    change({ level: "major", breaks: ["readers", "switches"], place: "404 answer" }),
  ],
  ["- a", "+ b"],
);

test("as text, the breaking ones first", () => {
  expect(print("text", all).split("\n")).toEqual([
    "3 changes since v1.0.0, 1 breaking: the next version is at least a minor one.",
    "",
    "major  404 answer: Enum grew. [enum-grew; accepted]",
    `       breaks readers: ${READERS}; breaks switches: ${SWITCHES}`,
    "",
    "minor  200 status: Header came. [enum-grew; documented and accepted]",
    "       breaks nobody",
    "",
    "patch  200 status: Enum grew. [enum-grew; documented]",
    "       breaks nobody: the types come from the accepted contract",
    "",
    "The generated types:",
    "- a",
    "+ b",
  ]);
  expect(print("text", report([]))).toBe("Nothing changed since v1.0.0.");
  expect(print("text", report([change({ breaks: ["requests"] })])).split("\n")).toEqual([
    "1 change since v1.0.0, 1 breaking: the next version is at least a minor one.",
    "",
    "patch  200 status: Enum grew. [enum-grew; accepted]",
    "       breaks requests: a request that works today is refused, or does not compile",
  ]);
});

test("as JSON, the report itself", () => {
  const text = print("json", all);
  expect(JSON.parse(text)).toEqual(all);
  expect(text.startsWith('{\n  "since": "v1.0.0"')).toBe(true);
});

describe("as Markdown", () => {
  test("a table, and the types as a diff", () => {
    expect(print("markdown", all).split("\n")).toEqual([
      "### The contract",
      "",
      "3 changes since v1.0.0, 1 breaking: the next version is at least a minor one.",
      "",
      "| level | where | what changed | for callers | layer | rule |",
      "| --- | --- | --- | --- | --- | --- |",
      `| major | 404 answer | Enum grew. | breaks readers: ${READERS}; breaks switches: ${SWITCHES} | accepted | enum-grew |`,
      "| minor | 200 status | Header came. | breaks nobody | documented and accepted | enum-grew |",
      "| patch | 200 status | Enum grew. | breaks nobody: the types come from the accepted contract | documented | enum-grew |",
      "",
      "````diff",
      "- a",
      "+ b",
      "````",
    ]);
    expect(print("markdown", report([])).split("\n")).toEqual([
      "### The contract",
      "",
      "Nothing changed since v1.0.0.",
    ]);
  });

  test("text ends no cell and is no HTML", () => {
    const text = print("markdown", report([change({ message: "a|b||\n\n <i>c <b>", place: "d|", rule: "e|" })]));
    expect(text.split("\n").at(-1)).toBe(
      "| patch | d\\| | a\\|b\\|\\| &lt;i>c &lt;b> | breaks nobody | accepted | e\\| |",
    );
  });
});

test("as HTML, with every text as text", () => {
  const hostile = `<i>&"`;
  const shown = "&lt;i&gt;&amp;&quot;";
  const of = {
    ...report([change({ message: hostile, place: "a", level: "minor" }), change()], [hostile, "b"]),
    since: hostile,
  };
  expect(print("html", of).split("\n")).toEqual([
    "<!doctype html>",
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="color-scheme" content="light dark">',
    `<title>The contract since ${shown}</title>`,
    `<h1>2 changes since ${shown}, 0 breaking: the next version is at least a minor one.</h1>`,
    "<table>",
    '<thead><tr><th scope="col">level</th><th scope="col">where</th><th scope="col">what changed</th><th scope="col">for callers</th><th scope="col">layer</th><th scope="col">rule</th></tr></thead>',
    "<tbody>",
    `<tr><td>minor</td><td>a</td><td>${shown}</td><td>breaks nobody</td><td>accepted</td><td>enum-grew</td></tr>`,
    "<tr><td>patch</td><td>200 status</td><td>Enum grew.</td><td>breaks nobody</td><td>accepted</td><td>enum-grew</td></tr>",
    "</tbody>",
    "</table>",
    "<h2>The generated types</h2>",
    `<pre>${shown}`,
    "b</pre>",
    "</html>",
  ]);
});

describe("as GitHub's annotations", () => {
  test("a warning for what breaks, a notice for an addition, nothing else", () => {
    expect(print("github", all).split("\n")).toEqual([
      `::warning file=openapi.yaml,line=27,title=major%3A 404 answer::Enum grew. breaks readers: ${READERS}; breaks switches: ${SWITCHES}`,
      "::notice file=openapi.yaml,line=27,title=minor%3A 200 status::Header came. breaks nobody",
    ]);
    expect(print("github", report([change()]))).toBe("");
  });

  test("each on one line, whatever its text", () => {
    const hostile = "a%,b:\r\n::error::c%\n";
    const text = print("github", report([change({ level: "minor", place: hostile, message: hostile })]));
    expect(text).toBe(
      "::notice file=openapi.yaml,line=27,title=minor%3A a%25%2Cb%3A%0D%0A%3A%3Aerror%3A%3Ac%25%0A::a%25,b:%0D%0A::error::c%25%0A breaks nobody",
    );
  });
});
