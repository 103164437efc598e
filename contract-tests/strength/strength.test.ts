import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import type { Contract } from "../../scripts/contract/document.js";
import { readContract } from "../../scripts/contract/read.js";
import { families, type Score } from "./families.js";

let contract: Contract;
beforeAll(async () => {
  contract = await readContract(join(__dirname, "../.."));
});

/** The least number of mutants, to notice a family that no longer makes them. */
const LEAST: Record<keyof typeof families, number> = {
  spec: 1_200,
  overlay: 150,
  responses: 1_500,
  service: 30,
  suite: 21,
};

test.each(Object.keys(families) as (keyof typeof families)[])("no mutant of the family %s survives", async (family) => {
  const { mutants, survivors }: Score = await families[family](contract);
  expect(survivors).toEqual([]);
  expect(mutants).toBeGreaterThanOrEqual(LEAST[family]);
});
