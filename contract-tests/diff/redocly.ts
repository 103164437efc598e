/** Runs Redocly's `diff`, and reads its report. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Document } from "../../scripts/contract/document.js";

/** The part of a version that a change asks for, from the smallest. */
export const LEVELS = ["patch", "minor", "major"] as const;
export type Level = (typeof LEVELS)[number];

/** One change in Redocly's report. */
export interface RedoclyChange {
  /** Where, as a JSON pointer that starts at `#` and leads through each `$ref` to where the part is used first. */
  readonly path: string;
  readonly kind: "added" | "removed" | "modified";
  readonly impact: Level;
  readonly verdicts: readonly { readonly ruleId: string; readonly message: string }[];
  readonly property?: string;
  readonly base?: Side;
  readonly revision?: Side;
}

interface Side {
  /** Where it is written, as a JSON pointer that starts at `#`. */
  readonly pointer: string;
  readonly value?: unknown;
}

/**
 * Every change between two documents. `root` is the folder whose `node_modules` holds Redocly. Throws an error of one line for
 * what Redocly cannot compare.
 */
export async function redoclyChanges(before: Document, after: Document, root: string): Promise<RedoclyChange[]> {
  const program = createRequire(join(root, "package.json")).resolve("@redocly/cli/bin/cli.js");
  // A folder without redocly.yaml, so that every rule of `diff` applies.
  const folder = mkdtempSync(join(tmpdir(), "contract-diff-"));
  try {
    writeFileSync(join(folder, "before.json"), JSON.stringify(before));
    writeFileSync(join(folder, "after.json"), JSON.stringify(after));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [program, "diff", "before.json", "after.json", "--format=json", "--fail-on=none"],
      { cwd: folder, env: { ...process.env, ...QUIET }, maxBuffer: 64 * 1_048_576 },
    ).catch(({ stderr }: { stderr?: string }) => {
      throw new Error(/^\w*Error: .*$/m.exec(stderr ?? "")?.[0] ?? "Redocly failed.");
    });
    return (JSON.parse(stdout) as { changes: RedoclyChange[] }).changes;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Nothing is sent to Redocly, and nothing but the report is printed, without colours even where FORCE_COLOR is set. */
const QUIET = {
  NO_COLOR: "1",
  REDOCLY_TELEMETRY: "off",
  REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
  REDOCLY_SUPPRESS_NOTIFICATIONS: "true",
};
