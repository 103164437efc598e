/** A check that is about both contracts finds a problem in either of them alone. */
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import type { Contract, Document } from "../../scripts/contract/document.js";
import { readContract } from "../../scripts/contract/read.js";
import { operationOf } from "./differences.js";
import { runSpecCheck, type specChecks } from "./spec-checks.js";

let contract: Contract;
beforeAll(async () => {
  contract = await readContract(join(__dirname, "../.."));
});

const idOf = ({ components }: Document): object => components.schemas.FineTuningJob?.properties.id;
const broken: [check: keyof typeof specChecks, breakIt: (document: Document) => unknown][] = [
  ["compiles", (document) => Object.assign(idOf(document), { type: "strnig" })],
  ["compiles", (document) => Object.assign(idOf(document), { maxLenght: 1 })],
  [
    "examples",
    ({ components }) => Object.assign(components.examples.cancelledDpo?.value as object, { created_at: "soon" }),
  ],
  ["responses", (document) => delete operationOf(document)?.responses.default],
  ["descriptions", (document) => delete (idOf(document) as { description?: string }).description],
];

describe.each(["documented", "accepted"] as const)("in the %s contract alone", (layer) => {
  test.each(broken)("%s finds a problem", async (check, breakIt) => {
    const changed = structuredClone(contract[layer]);
    breakIt(changed);
    expect(await runSpecCheck(check, { ...contract, [layer]: changed })).not.toEqual([]);
  });
});
