import { expect, test } from "@jest/globals";
import { changelogProblem, tagProblem, tooSmall } from "../../scripts/tools/release-rules.js";

test.each([["# Changes\n\n## 1.2.3, 2026-11-25\n\n## 1.2.2, 2026-01-01\n"], ["## 1.2.3, 2026-11-25"]])(
  "%j begins with 1.2.3 and its date",
  (changelog) => {
    expect(changelogProblem("1.2.3", changelog)).toBeUndefined();
  },
);

test.each([
  ["an older version", "## 1.2.2, 2026-11-25\n## 1.2.3, 2026-11-25", "1.2.2, 2026-11-25"],
  ["a version that begins like it", "## 1.2.34, 2026-11-25", "1.2.34, 2026-11-25"],
  ["no date", "## 1.2.3", "1.2.3"],
  ["a date that is not out yet", "## 1.2.3, unreleased", "1.2.3, unreleased"],
  ["a date in another form", "## 1.2.3, 25-11-2026", "1.2.3, 25-11-2026"],
  ["more after the date", "## 1.2.3, 2026-11-25 (beta)", "1.2.3, 2026-11-25 (beta)"],
  ["a heading of another level", "### 1.2.3, 2026-11-25", "undefined"],
  ["a heading in a line", "see ## 1.2.3, 2026-11-25", "undefined"],
])("a changelog with %s does not", (_, changelog, newest) => {
  expect(changelogProblem("1.2.3", changelog)).toBe(
    `Its newest heading is "${newest}". It must be "## 1.2.3, <year-month-day>".`,
  );
});

test("a tag names the version with a v before it", () => {
  expect(tagProblem("1.2.3", "v1.2.3")).toBeUndefined();
  for (const tag of ["1.2.3", "v1.2.2", "v1.2.3-rc"]) expect(tagProblem("1.2.3", tag)).toBe("It must be v1.2.3.");
});

test.each([
  ["1.4.2", "1.4.3", "none", false],
  ["1.4.2", "1.4.3", "patch", false],
  ["1.4.2", "1.4.3", "minor", true],
  ["1.4.2", "1.5.0", "minor", false],
  ["1.4.2", "1.5.0", "major", true],
  ["1.4.2", "2.0.0", "major", false],
  ["1.9.0", "1.10.0", "minor", false],
  ["0.1.0", "0.1.1", "patch", false],
  ["0.1.0", "0.1.1", "minor", true],
  ["0.1.0", "0.1.1", "major", true],
  ["0.1.0", "0.2.0", "major", false],
  ["0.9.0", "1.0.0", "major", false],
  ["1.4.2", "1.4.2", "none", true],
  ["1.4.2", "1.3.9", "none", true],
])("after %s, %s for a change that is %s: too small is %s", (from, to, bump, expected) => {
  expect(tooSmall(from, to, bump)).toBe(expected);
});
