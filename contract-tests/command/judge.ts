/** Runs the checks on the contract, on the embedded services, or on recordings. */
import { type Contract, responseExamples } from "../../scripts/contract/document.js";
import { printable } from "../service/describe.js";
import { type Exchange, makeExchange, type Probe } from "../service/exchange.js";
import { cancelProbe, createProbes, keyCredential, tokenCredential } from "../service/probes.js";
import { readRecordings } from "../service/recordings.js";
import { startReferenceService } from "../service/reference-service.js";
import { checkExchanges, type Result } from "../service/service-checks.js";
import type { Validators } from "../service/validators.js";
import { runSpecCheck, specCheckNames } from "../spec/spec-checks.js";
import { pathOf } from "../tables/page.js";
import { CannotCheck } from "./options.js";

/** What needs no service: the contract itself, the embedded Prism, and the reference service. */
export async function judgeEmbedded(contract: Contract, validators: Validators): Promise<Result[]> {
  return [
    ...(await judgeContract(contract)),
    ...(await judgePrism(contract, validators)),
    ...(await judgeReference(validators)),
  ];
}

async function judgeContract(contract: Contract): Promise<Result[]> {
  const results: Result[] = [];
  // One after the other, so that each time is its own.
  for (const name of specCheckNames) {
    const began = performance.now();
    const findings = await runSpecCheck(name, contract);
    results.push({ name, where: "contract", findings, durationMs: Math.round(performance.now() - began) });
  }
  return results;
}

/** Prism knows no jobs and accepts any key, so it is asked for each example, and once without a key. */
async function judgePrism({ documented }: Contract, validators: Validators): Promise<Result[]> {
  // Loading Prism takes longer than all else that the other runs do.
  const { startPrism } = await import("../../scripts/contract/prism.js");
  const prism = await startPrism(documented);
  try {
    const jobId = "ftjob-abc123";
    const ask = (name: string, headers: Record<string, string>, expect: Probe["expect"]) =>
      makeExchange(prism.url, { name, method: "POST", path: pathOf(jobId), headers, secret: "", expect, jobId });
    const exchanges: Exchange[] = [];
    for (const { example, status } of responseExamples(documented)) {
      const prefer = `code=${status}, example=${example}`;
      exchanges.push(await ask(example, { "api-key": "no-real-key", prefer }, "any"));
    }
    exchanges.push(await ask("no key", {}, [401]));
    return await checkExchanges("prism", exchanges, validators);
  } finally {
    await prism.close();
  }
}

async function judgeReference(validators: Validators): Promise<Result[]> {
  const service = await startReferenceService();
  try {
    const exchanges: Exchange[] = [];
    for (const credential of [keyCredential(service.apiKey), tokenCredential(service.token)]) {
      const cancels = Object.entries(service.jobs).map(([state, id]) =>
        cancelProbe(id, credential, ["succeeded", "failed"].includes(state) ? [400] : "job"),
      );
      for (const probe of [...createProbes(credential), ...cancels])
        exchanges.push(await makeExchange(service.url, probe));
    }
    return await checkExchanges("reference service", exchanges, validators);
  } finally {
    await service.close();
  }
}

/** Throws {@link CannotCheck} when the folder has no readable recordings. */
export async function judgeRecordings(folder: string, validators: Validators): Promise<Result[]> {
  return checkExchanges(printable(folder), readFolder(folder), validators);
}

/** The recordings in a folder. Throws {@link CannotCheck} when it has none that can be read. */
export function readFolder(folder: string): Exchange[] {
  let exchanges: Exchange[];
  try {
    exchanges = readRecordings(folder);
  } catch (error) {
    throw new CannotCheck(printable((error as Error).message));
  }
  if (exchanges.length === 0) throw new CannotCheck(`${printable(folder)} contains no recording.`);
  return exchanges;
}
