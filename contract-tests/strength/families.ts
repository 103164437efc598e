/** The mutation score of the suite: five families of deliberate faults, and which check notices each fault. */
import type { Contract } from "../../scripts/contract/document.js";
import { applyOverlay } from "../../scripts/contract/overlay.js";
import { makeExchange } from "../service/exchange.js";
import { cancelProbe, createProbes } from "../service/probes.js";
import { startReferenceService } from "../service/reference-service.js";
import { checkExchange, checkExchanges, serviceCheckNames, serviceChecks } from "../service/service-checks.js";
import { createValidators } from "../service/validators.js";
import { goodExchange } from "../service/witness.js";
import type { Finding } from "../spec/check.js";
import { runSpecCheck, type SpecCheckName, specCheckNames, specChecks } from "../spec/spec-checks.js";
import type { Mutant } from "./mutant.js";
import { overlayMutants } from "./overlay-mutants.js";
import { responseMutants } from "./response-mutants.js";
import { CREDENTIAL, serviceMutants } from "./service-mutants.js";
import { specMutants } from "./spec-mutants.js";

export interface Score {
  readonly mutants: number;
  /** Each mutant that nothing noticed: its place, its operator, and what was found instead. */
  readonly survivors: readonly string[];
  /** How many mutants each check noticed first. */
  readonly noticedBy: Readonly<Record<string, number>>;
}

/** What noticed a mutant; or what was found when nothing noticed it. */
type Notice = { readonly noticedBy: string } | { readonly found: readonly Finding[] };

async function score<T>(mutants: Iterable<Mutant<T>>, judge: (mutant: T) => Promise<Notice>): Promise<Score> {
  const survivors: string[] = [];
  const noticedBy: Record<string, number> = {};
  let count = 0;
  for (const { place, operator, make } of mutants) {
    count++;
    const notice = await judge(make());
    if ("noticedBy" in notice) noticedBy[notice.noticedBy] = (noticedBy[notice.noticedBy] ?? 0) + 1;
    else survivors.push(`${place}: ${operator}; found ${JSON.stringify(notice.found)}`);
  }
  return { mutants: count, survivors, noticedBy };
}

/** The first check that finds something. */
async function firstNoticing(contract: Contract, names: readonly SpecCheckName[] = specCheckNames): Promise<Notice> {
  for (const name of names) if ((await runSpecCheck(name, contract)).length > 0) return { noticedBy: name };
  return { found: [] };
}

function scoreSpec({ documented, overlay, accepted }: Contract): Promise<Score> {
  return score(specMutants(documented), async (mutant) => {
    // Applying the overlay is slow, so it is done only for a fault that openapi.yaml alone does not show.
    const notice = await firstNoticing({ documented: mutant, overlay, accepted });
    if ("noticedBy" in notice) return notice;
    return scoreApplied({ documented: mutant, overlay }, specCheckNames);
  });
}

/** The checks that read the overlay or the accepted contract. */
const ACCEPTED_CHECKS: SpecCheckName[] = [
  "accepted-members",
  "responses",
  "descriptions",
  "accepted-bodies",
  "compiles",
];

function scoreOverlay({ documented, overlay }: Contract): Promise<Score> {
  return score(overlayMutants(overlay), (mutant) => scoreApplied({ documented, overlay: mutant }, ACCEPTED_CHECKS));
}

/** `npm run generate` notices an overlay that cannot be applied. */
async function scoreApplied(
  { documented, overlay }: Omit<Contract, "accepted">,
  names: readonly SpecCheckName[],
): Promise<Notice> {
  const accepted = await applyOverlay(documented, overlay).catch(() => undefined);
  return accepted ? firstNoticing({ documented, overlay, accepted }, names) : { noticedBy: "generate" };
}

function scoreResponses(contract: Contract): Promise<Score> {
  const validators = createValidators(contract);
  return score(responseMutants(), async ({ exchange, verdict }) => {
    const found = await checkExchange(exchange, validators);
    const worst = found.find((each) => each.verdict === "violation") ?? found[0];
    const isCredited = worst?.verdict !== "known-drift" || found.every(({ action }) => action);
    if (worst?.verdict !== verdict || !isCredited) return { found };
    return { noticedBy: worst?.check ?? "no check, as it must be" };
  });
}

function scoreService(contract: Contract): Promise<Score> {
  const validators = createValidators(contract);
  return score(serviceMutants(), async (misbehaviour) => {
    const service = await startReferenceService(misbehaviour);
    try {
      const probes = [...createProbes(CREDENTIAL), cancelProbe(service.jobs.queued as string, CREDENTIAL)];
      const exchanges = await Promise.all(probes.map((probe) => makeExchange(service.url, probe)));
      const results = await checkExchanges("reference service", exchanges, validators);
      const found = results.flatMap(({ findings }) => findings);
      const violation = found.find(({ verdict }) => verdict === "violation");
      return violation ? { noticedBy: violation.check } : { found };
    } finally {
      await service.close();
    }
  });
}

/** Each check switched off: its test fails, because nothing else has the same finding about its witness. */
function scoreSuite(contract: Contract): Promise<Score> {
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
  return score([...specCheckNames.map(specMutant), ...serviceCheckNames.map(serviceMutant)], async (runWitness) => {
    const { found, isNoticed } = await runWitness();
    return isNoticed ? { noticedBy: "its witness" } : { found };
  });
}

export const families = {
  spec: scoreSpec,
  overlay: scoreOverlay,
  responses: scoreResponses,
  service: scoreService,
  suite: scoreSuite,
};
