/** The mutation score of the suite: families of deliberate faults, and which checks notice each fault. */
import type { Action, Contract, Document, Overlay } from "../../scripts/contract/document.js";
import { applyAction } from "../../scripts/contract/overlay.js";
import { makeExchange } from "../service/exchange.js";
import { cancelProbe, createProbes } from "../service/probes.js";
import { startReferenceService } from "../service/reference-service.js";
import { checkExchange, checkExchanges, serviceCheckNames, serviceChecks } from "../service/service-checks.js";
import { createValidators } from "../service/validators.js";
import { goodExchange } from "../service/witness.js";
import type { Finding } from "../spec/check.js";
import { runSpecCheck, type SpecCheckName, specCheckNames, specChecks } from "../spec/spec-checks.js";
import { exampleMutants } from "./example-mutants.js";
import { generatorMutants } from "./generator-mutants.js";
import type { Mutant } from "./mutant.js";
import { changedParts, noticing } from "./noticing.js";
import { overlayMutants } from "./overlay-mutants.js";
import { responseMutants } from "./response-mutants.js";
import { scopeMutants } from "./scope-mutants.js";
import { CREDENTIAL, serviceMutants } from "./service-mutants.js";
import { editOf, specMutants } from "./spec-mutants.js";
import { unusedMutants } from "./unused-mutants.js";

export interface Score {
  readonly mutants: number;
  /** Each mutant that nothing noticed: its place, its operator, and what was found instead. */
  readonly survivors: readonly string[];
  /** For each class of mutants, how many each check noticed first. */
  readonly classes: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The checks that noticed a mutant, the first one first; or what was found when none did. */
type Notice = { readonly by: readonly [string, ...string[]] } | { readonly found: unknown };

/** Scores one family; adds to `alone` the checks that noticed a mutant which no other check did. */
type Family = (contract: Contract, alone: Set<string>) => Promise<Score>;

async function score<T>(
  mutants: Iterable<Mutant<T>>,
  alone: Set<string>,
  judge: (mutant: T) => Promise<Notice>,
): Promise<Score> {
  const survivors: string[] = [];
  const classes: Record<string, Record<string, number>> = {};
  let count = 0;
  for (const { place, operator, make } of mutants) {
    count++;
    const notice = await judge(make());
    if ("found" in notice) {
      survivors.push(`${place}: ${operator}; found ${JSON.stringify(notice.found)}`);
      continue;
    }
    const [first] = notice.by;
    if (notice.by.length === 1) alone.add(first);
    const [kind = ""] = operator.split(":");
    classes[kind] = { ...classes[kind], [first]: (classes[kind]?.[first] ?? 0) + 1 };
  }
  return { mutants: count, survivors, classes };
}

function noticeOf(by: readonly string[], found: unknown = []): Notice {
  const [first, ...others] = by;
  return first === undefined ? { found } : { by: [first, ...others] };
}

/** The checks that compare the accepted contract or the overlay, so they need both to be made from the mutant. */
const overlayCheckNames = specCheckNames.filter((name) => name.startsWith("overlay-"));
const otherCheckNames = specCheckNames.filter((name) => !overlayCheckNames.includes(name));

/** The quick checks of the overlay first. */
const overlayFirst = [...overlayCheckNames.toReversed(), ...otherCheckNames];

/** A family of faulty documents. */
function scoreDocuments(mutants: (contract: Contract) => Iterable<Mutant<Document>>): Family {
  return (good, alone) =>
    score(mutants(good), alone, async (documented) => {
      // Applying the overlay is slow, so it is done only when openapi.yaml alone leaves open who notices the fault.
      const mutant = { ...good, documented };
      const by = await noticing(otherCheckNames, mutant, changedParts(good, mutant), alone);
      if (by.length > 1 || alone.has(by[0] ?? "")) return noticeOf(by);
      const accepted = await applied(documented, good.overlay);
      if (!accepted) return noticeOf(by.length > 0 ? by : ["generate"]);
      const whole = { ...mutant, accepted };
      return noticeOf(await noticing(specCheckNames, whole, changedParts(good, whole), alone, by));
    });
}

/**
 * The overlay applied, even where it changes what no overlay may; `undefined` when an action cannot be applied, which
 * `npm run generate` reports.
 */
async function applied(document: Document, { actions }: Overlay): Promise<Document | undefined> {
  let accepted = structuredClone(document);
  let text = JSON.stringify(accepted);
  for (const action of actions) {
    const { applied, complaint } = await applyAction(accepted, action);
    const before = text;
    text = JSON.stringify(applied);
    if (complaint || text === before) return undefined;
    accepted = applied;
  }
  return accepted;
}

/** What an action does, without what is said of it. */
const effectOf = ({ target, update, remove }: Action) => JSON.stringify([target, update, remove]);

/** A family of faulty overlays. The actions before the first one that differs are applied once for all of them. */
const scoreOverlay: Family = async (good, alone) => {
  const { documented, overlay } = good;
  const begun = [documented];
  for (const action of overlay.actions)
    begun.push((await applyAction(structuredClone(begun.at(-1) as Document), action)).applied);
  return score(overlayMutants(overlay), alone, async (faulty) => {
    const differing = overlay.actions.findIndex((action, index) => {
      const other = faulty.actions[index];
      return !other || effectOf(other) !== effectOf(action);
    });
    const from = differing < 0 ? overlay.actions.length : differing;
    const rest = { ...faulty, actions: faulty.actions.slice(from) };
    const accepted = await applied(begun[from] as Document, rest);
    if (!accepted) return noticeOf(["generate"]);
    const mutant = { ...good, overlay: faulty, accepted };
    return noticeOf(await noticing(overlayFirst, mutant, changedParts(good, mutant), alone));
  });
};

const scoreScope: Family = (good, alone) =>
  score(scopeMutants(good.documented), alone, async (action) => {
    const { applied, complaint } = await applyAction(structuredClone(good.accepted), action);
    const overlay = { ...good.overlay, actions: [...good.overlay.actions, action] };
    const mutant = { ...good, overlay, accepted: applied };
    const by = complaint ? [] : await noticing(specCheckNames, mutant, changedParts(good, mutant), alone);
    return noticeOf(by, complaint);
  });

const scoreResponses: Family = (contract, alone) => {
  const validators = createValidators(contract);
  return score(responseMutants(), alone, async ({ exchange, verdict }) => {
    const found = await checkExchange(exchange, validators);
    const worst = found.find((each) => each.verdict === "violation") ?? found[0];
    const isCredited = worst?.verdict !== "known-drift" || found.every(({ action }) => action);
    if (worst?.verdict !== verdict || !isCredited) return { found };
    if (!worst) return noticeOf(["no check, as it must be"]);
    return noticeOf(checksWith(found, worst.verdict));
  });
};

const checksWith = (found: readonly Finding[], verdict: Finding["verdict"]) => [
  ...new Set(found.filter((each) => each.verdict === verdict).map(({ check }) => check)),
];

const scoreService: Family = (contract, alone) => {
  const validators = createValidators(contract);
  return score(serviceMutants(), alone, async (misbehaviour) => {
    const service = await startReferenceService(misbehaviour);
    try {
      const probes = [...createProbes(CREDENTIAL), cancelProbe(service.jobs.queued as string, CREDENTIAL)];
      const exchanges = await Promise.all(probes.map((probe) => makeExchange(service.url, probe)));
      const results = await checkExchanges("reference service", exchanges, validators);
      const found = results.flatMap(({ findings }) => findings);
      return noticeOf(checksWith(found, "violation"), found);
    } finally {
      await service.close();
    }
  });
};

const scoreGenerator: Family = (_, alone) =>
  score(generatorMutants(), alone, async (findWrong) => {
    const wrong = findWrong();
    return wrong.length > 0 ? { found: wrong } : noticeOf(["generate"]);
  });

/** Each check switched off: its test fails, because nothing else has the same finding about its witness. */
const scoreSuite: Family = (contract) => {
  const validators = createValidators(contract);
  const specMutant = (name: SpecCheckName) => ({
    place: name,
    operator: "switched off",
    make: () => async () => {
      const found = await runSpecCheck(name, specChecks[name].witness(contract));
      return { found, isNoticed: found.length > 0 };
    },
  });
  const serviceMutant = (name: keyof typeof serviceChecks) => ({
    place: name,
    operator: "switched off",
    make: () => async () => {
      const found = await checkExchange(serviceChecks[name].witness(goodExchange), validators);
      return { found, isNoticed: found.length > 0 && found.every(({ check }) => check === name) };
    },
  });
  const mutants = [...specCheckNames.map(specMutant), ...serviceCheckNames.map(serviceMutant)];
  return score(mutants, new Set(), async (runWitness) => {
    const { found, isNoticed } = await runWitness();
    return isNoticed ? noticeOf(["its witness"]) : { found };
  });
};

export const families = {
  spec: scoreDocuments(({ documented }) => specMutants(editOf(documented), documented)),
  unused: scoreDocuments(({ documented }) => unusedMutants(editOf(documented), documented)),
  examples: scoreDocuments(({ documented }) => exampleMutants(editOf(documented), documented)),
  overlay: scoreOverlay,
  scope: scoreScope,
  generator: scoreGenerator,
  responses: scoreResponses,
  service: scoreService,
  suite: scoreSuite,
} satisfies Record<string, Family>;

/** The checks that notice nothing which no other check does, given those that did. */
export function redundantChecks(alone: ReadonlySet<string>): string[] {
  return [...specCheckNames, ...serviceCheckNames].filter((name) => !alone.has(name));
}
