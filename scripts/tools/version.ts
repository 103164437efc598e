/** Whether a version says enough: the contract may have changed more since the last release than the version shows. */
import { execFileSync } from "node:child_process";

const PARTS = ["major", "minor", "patch"];

/** Why the newest heading of a changelog is not that of `version`; `undefined` when it is. */
export function changelogProblem(version: string, changelog: string): string | undefined {
  const [, newest] = /^## (.*)$/m.exec(changelog) ?? [];
  return newest?.startsWith(`${version}, `) && /, \d{4}-\d{2}-\d{2}$/.test(newest)
    ? undefined
    : `Its newest heading is "${newest}". It must be "## ${version}, <year-month-day>".`;
}

/** Why a tag does not name `version`; `undefined` when it does. */
export function tagProblem(version: string, tag: string): string | undefined {
  return tag === `v${version}` ? undefined : `It must be v${version}.`;
}

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
    const last = tags.find((tag) => tag !== "" && tag !== `v${version}`);
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

/**
 * Whether `to` does not follow `from` by the part of the version that `bump` names, or by a greater one. Below 1.0.0 there is
 * no major part to grow, so the minor one stands for it, as npm's `^` reads it.
 */
export function tooSmall(from: string, to: string, bump: string): boolean {
  const [older, newer] = [from, to].map((version) => version.split(".").map(Number)) as [number[], number[]];
  const grown = PARTS.findIndex((_, index) => older[index] !== newer[index]);
  if (grown < 0 || (newer[grown] as number) < (older[grown] as number)) return true;
  const needed = bump === "none" ? PARTS.length : PARTS.indexOf(bump);
  return grown > (older[0] === 0 ? Math.max(needed, 1) : needed);
}
