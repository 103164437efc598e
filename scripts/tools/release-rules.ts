/** What the version, the changelog and the tag of a release must be. */

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
