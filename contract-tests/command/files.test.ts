import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { appendSummary, writeReport } from "./files.js";
import { toMarkdown } from "./github.js";
import { toHtml } from "./html.js";
import { toJUnit } from "./junit.js";
import { CannotCheck } from "./options.js";
import { sampleReport } from "./sample-report.js";

let folder: string;
const report = sampleReport();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "files-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const textOf = (name: string) => readFileSync(join(folder, name), "utf8");

test("a report is a page, JSON and JUnit", () => {
  writeReport(folder, report);
  expect(readdirSync(folder)).toEqual(["contract.html", "contract.json", "contract.xml"]);
  expect(textOf("contract.html")).toBe(toHtml(report));
  expect(textOf("contract.json")).toBe(`${JSON.stringify(report, undefined, 2)}\n`);
  expect(textOf("contract.xml")).toBe(toJUnit(report));
});

test("a summary is added to what is there", () => {
  appendSummary(join(folder, "summary.md"), report);
  appendSummary(join(folder, "summary.md"), report);
  expect(textOf("summary.md")).toBe(toMarkdown(report).repeat(2));
});

test("a summary that cannot be written is said on one line", () => {
  const append = () => appendSummary(folder, report);
  expect(append).toThrow(CannotCheck);
  expect(append).toThrow(/^GITHUB_STEP_SUMMARY cannot be written to: EISDIR.*$/);
});
