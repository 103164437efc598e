import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { versionProblem } from "../../scripts/tools/version.js";

const root = join(__dirname, "../..");

describe("the release check", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "release-"));
    const files = ["openapi.yaml", "observed.overlay.yaml", "redocly.yaml", "package.json", "tsconfig.json"];
    for (const file of [...files, "generated", "src", "scripts", "contract-tests"])
      cpSync(join(root, file), join(folder, file), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    git("init", "--quiet", "--initial-branch=main");
    git("add", "openapi.yaml", "observed.overlay.yaml", "generated/types.ts");
    git("commit", "--quiet", "--message=all");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function git(...args: string[]): void {
    const identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
    execFileSync("git", [...identity, ...args], { cwd: folder, stdio: "ignore" });
  }

  function admitStatus(): void {
    const file = join(folder, "observed.overlay.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("enum: [paused]", "enum: [paused, hibernating]"));
  }

  test("accepts any first release", () => expect(versionProblem("0.1.0", folder)).toBeUndefined());

  test("refuses a version that is too small for what changed since the last tag", () => {
    for (const tag of ["v0.9.0", "v0.10.11", "v0.10.12", "v0.10.12-rc.1", "v9-old", "app-v8.0.0"]) git("tag", tag);
    git("checkout", "--quiet", "-b", "other");
    git("commit", "--quiet", "--allow-empty", "--message=other");
    git("tag", "v7.0.0");
    git("checkout", "--quiet", "main");
    admitStatus();
    // The tag of the release itself is there already when the workflow runs.
    expect(versionProblem("0.10.12", folder)).toBe(
      "The contract changed since v0.10.11: the next version is at least a minor one. See npm run contract:diff -- v0.10.11.",
    );
    expect(versionProblem("0.11.0", folder)).toBeUndefined();
  });

  test("fails where the last release cannot be known, or cannot be compared", () => {
    git("tag", "v0.1.0");
    writeFileSync(join(folder, "openapi.yaml"), "openapi: 3.1.1\n");
    expect(versionProblem("0.2.0", folder)).toMatch(/^The contract cannot be compared with the last release\. openapi/);
    git("commit", "--quiet", "--allow-empty", "--message=one more");
    git("clone", "--quiet", "--depth=1", `file://${folder}`, "shallow");
    expect(versionProblem("0.2.0", join(folder, "shallow"))).toContain("Fetch the whole history.");
  });
});
