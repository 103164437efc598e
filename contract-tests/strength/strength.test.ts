import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import type { Contract } from "../../scripts/contract/document.js";
import { readContract } from "../../scripts/contract/read.js";
import { specCheckNames, specChecks } from "../spec/spec-checks.js";
import { families, redundantChecks, type Score } from "./families.js";
import { changedParts, noticing } from "./noticing.js";

type Family = keyof typeof families;

let contract: Contract;
const scores = new Map<string, Score>();
const alone = new Set<string>();
beforeAll(async () => {
  contract = await readContract(join(__dirname, "../.."));
  for (const [family, score] of Object.entries(families)) scores.set(family, await score(contract, alone));
}, 300_000);

/** The least number of mutants, to notice a family that no longer makes them. */
const LEAST: Record<Family, number> = {
  spec: 1_400,
  unused: 130,
  examples: 250,
  overlay: 880,
  scope: 300,
  generator: 25,
  responses: 1_700,
  service: 34,
  suite: 28,
};

test.each(Object.keys(families) as Family[])("no mutant of the family %s survives", (family) => {
  expect(scores.get(family)?.survivors).toEqual([]);
  expect(scores.get(family)?.mutants).toBeGreaterThanOrEqual(LEAST[family]);
});

test("every check notices something that no other check does", () => {
  expect(redundantChecks(alone)).toEqual([]);
});

test("a check without which as much would be noticed is named", () => {
  expect(redundantChecks(new Set([...alone].filter((name) => name !== "server")))).toEqual(["server"]);
});

test("a check is credited with a fault only for a finding about the part that is faulty", async () => {
  const mutant = specChecks["documented-members"].witness(contract);
  const changed = changedParts(contract, mutant);
  expect(changed).toContain("/components/schemas/FineTuningJob");
  expect(await noticing(["documented-members"], mutant, changed, new Set())).toEqual(["documented-members"]);
  expect(await noticing(["documented-members"], mutant, ["/info"], new Set())).toEqual([]);
});

test("a check that cannot read the contract is not credited with the fault", async () => {
  const mutant = structuredClone(contract);
  Object.assign(mutant.documented, { components: undefined });
  expect(await noticing(["documented-members"], mutant, ["/components/schemas/FineTuningJob"], new Set())).toEqual([]);
});

test("a fault in a component is a fault of the parts that refer to it", () => {
  const mutant = structuredClone(contract);
  Object.assign(mutant.documented.components.schemas.Metadata as object, { maxProperties: 17 });
  expect(changedParts(contract, mutant)).toEqual(
    expect.arrayContaining(["/components/schemas/Metadata", "/components/schemas/FineTuningJob"]),
  );
});

test("of the checks that notice a fault, enough are tried to know whether one does so alone", async () => {
  const mutant = structuredClone(contract);
  for (const document of [mutant.documented, mutant.accepted])
    Object.assign(document.components.schemas.FineTuningJob?.properties.id as object, { type: "strnig" });
  const changed = changedParts(contract, mutant);
  const both = await noticing(specCheckNames, mutant, changed, new Set());
  expect(both).toEqual(["documented-members", "accepted-members"]);
  expect(await noticing(specCheckNames, mutant, changed, new Set(["documented-members"]))).toEqual([
    "documented-members",
  ]);
});
