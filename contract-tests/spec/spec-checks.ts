/** Every named check of the contract. */
import type { Contract } from "../../scripts/contract/document.js";
import { type Finding, runCheck } from "./check.js";
import { operationChecks } from "./operation-checks.js";
import { overlayChecks } from "./overlay-checks.js";
import { schemaChecks } from "./schema-checks.js";
import { textChecks } from "./text-checks.js";

export const specChecks = { ...operationChecks, ...schemaChecks, ...textChecks, ...overlayChecks };

export type SpecCheckName = keyof typeof specChecks;
export const specCheckNames = Object.keys(specChecks) as SpecCheckName[];

/** Runs one check. A document that is too broken to be read is a finding too. */
export async function runSpecCheck(name: SpecCheckName, contract: Contract): Promise<Finding[]> {
  try {
    return await runCheck(name, specChecks[name], contract, undefined);
  } catch (error) {
    return [{ check: name, verdict: "violation", pointer: "", message: (error as Error).message }];
  }
}
