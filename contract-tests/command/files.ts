/** Writes the reports to files. */
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { REPORT_FILE } from "../service/recordings.js";
import { toMarkdown } from "./github.js";
import { toHtml } from "./html.js";
import { toJUnit } from "./junit.js";
import { CannotCheck } from "./options.js";
import type { Report } from "./report.js";

/** Writes `contract.html`, `contract.json` and `contract.xml` (JUnit) to an existing folder. */
export function writeReport(folder: string, report: Report): void {
  writeFileSync(join(folder, "contract.html"), toHtml(report));
  writeFileSync(join(folder, REPORT_FILE), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(join(folder, "contract.xml"), toJUnit(report));
}

/** Adds the report to the summary of a GitHub job. Throws {@link CannotCheck}. */
export function appendSummary(file: string, report: Report): void {
  try {
    appendFileSync(file, toMarkdown(report));
  } catch (error) {
    throw new CannotCheck(`GITHUB_STEP_SUMMARY cannot be written to: ${(error as Error).message}`);
  }
}
