/** How many lies the suite notices, family by family. */
import { applyOverlay, type Contract } from "../scripts/sources.js";
import { type Mutant, overlayMutants, specMutants } from "./mutants.js";
import { specChecks } from "./spec-checks.js";
import { witnesses } from "./witnesses.js";

export interface Score {
  readonly family: string;
  readonly mutants: number;
  /** Place and operator of each mutant that nothing noticed. */
  readonly survivors: readonly string[];
  /** What noticed the others, and how many each. */
  readonly noticedBy: Readonly<Record<string, number>>;
}

/** Mutants that mean what the original means: place and operator, with the reason. */
export const equivalents: Readonly<Record<string, string>> = {};

type Notice<T> = (mutant: T) => Promise<string | undefined>;

/** Plays every mutant of a family to the suite. */
async function score<T>(family: string, mutants: Iterable<Mutant<T>>, notice: Notice<T>): Promise<Score> {
  const survivors: string[] = [];
  const noticedBy: Record<string, number> = {};
  let count = 0;
  for (const { place, operator, make } of mutants) {
    const name = `${place}: ${operator}`;
    if (name in equivalents) continue;
    count++;
    const by = await notice(make());
    if (by === undefined) survivors.push(name);
    else noticedBy[by] = (noticedBy[by] ?? 0) + 1;
  }
  return { family, mutants: count, survivors, noticedBy };
}

/** The first check that finds something. */
function noticing(contract: Contract, checks = Object.keys(specChecks)): string | undefined {
  return checks.find((name) => specChecks[name]?.(contract).length);
}

function scoreSpec({ documented, overlay, accepted }: Contract): Promise<Score> {
  return score("spec", specMutants(documented), async (mutant) => {
    // The overlay is applied anew only where the document alone gives nothing away: it is the slow part.
    const by = noticing({ documented: mutant, overlay, accepted });
    if (by) return by;
    try {
      return noticing({ documented: mutant, overlay, accepted: await applyOverlay(mutant, overlay) });
    } catch {
      return "generate";
    }
  });
}

function scoreOverlay({ documented, overlay }: Contract): Promise<Score> {
  return score("overlay", overlayMutants(overlay), async (mutant) => {
    try {
      return noticing({ documented, overlay: mutant, accepted: await applyOverlay(documented, mutant) }, [
        "accepted-members",
        "responses",
        "descriptions",
        "accepted-bodies",
        "compiles",
      ]);
    } catch {
      return "generate";
    }
  });
}

/** Each named check switched off: what it alone was there for goes unnoticed by it, and the suite's test of it fails. */
function scoreSuite(contract: Contract): Promise<Score> {
  const off = Object.keys(specChecks).map(
    (name): Mutant<string> => ({ place: name, operator: "switched off", make: () => name }),
  );
  return score("suite", off, async (name) => {
    const broken = structuredClone(contract);
    witnesses[name]?.(broken.documented, broken);
    return specChecks[name]?.(broken).length ? "its witness" : undefined;
  });
}

/** Every family that is scored without running the tests anew. */
export const families = { spec: scoreSpec, overlay: scoreOverlay, suite: scoreSuite };
