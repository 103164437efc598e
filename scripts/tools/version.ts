/** Whether a version says enough: the contract may have changed more since the last release than the version shows. */
import { execFileSync } from "node:child_process";
import { tooSmall } from "./release-rules.js";

/**
 * Why `version` is too small for what changed since the last release tag; `undefined` when it is not. `root` is a clone with
 * its whole history.
 */
export function versionProblem(version: string, root: string): string | undefined {
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  try {
    if (run("git", "rev-parse", "--is-shallow-repository") === "true")
      return "The clone is shallow, so the last release is not known. Fetch the whole history.";
    const tags = run("git", "tag", "--merged=HEAD", "--list", "v[0-9]*", "--sort=-version:refname").split("\n");
    // Git sorts v1.0.0-rc.1 after v1.0.0.
    const last = tags.find((tag) => /^v\d+\.\d+\.\d+$/.test(tag) && tag !== `v${version}`);
    if (last === undefined) return undefined;
    const report = run("npm", "run", "--silent", "contract:diff", "--", last, "--format=json");
    const { bump } = JSON.parse(report) as { bump: string };
    return tooSmall(last.slice(1), version, bump)
      ? `The contract changed since ${last}: the next version is at least a ${bump} one. See npm run contract:diff -- ${last}.`
      : undefined;
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    return `The contract cannot be compared with the last release. ${stderr || message}`;
  }
}
