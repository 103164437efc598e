import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import type { Contract } from "../../scripts/contract/document.js";
import { readContract } from "../../scripts/contract/read.js";
import type { Table } from "../tables/bodies.js";
import { observedSchemas } from "../tables/observed.js";
import { schemas } from "../tables/page.js";
import { compareMember } from "./schema-checks.js";
import { runSpecCheck, specCheckNames, specChecks } from "./spec-checks.js";

let contract: Contract;
beforeAll(async () => {
  contract = await readContract(join(__dirname, "../.."));
});

describe.each(specCheckNames)("the check %s", (name) => {
  test("finds nothing", async () => {
    expect(await runSpecCheck(name, contract)).toEqual([]);
  });

  test("finds its witness", async () => {
    expect(await runSpecCheck(name, specChecks[name].witness(contract))).not.toEqual([]);
  });
});

const rowsOf = (table: Table) =>
  Object.entries(table).flatMap(([schema, rows]) =>
    rows.map((row) => ({
      title: `${schema}.${row.name}: ${row.type}, ${row.required ? "required" : "optional"}`,
      schema,
      row,
    })),
  );

describe("openapi.yaml has each row of page.ts", () => {
  test.each(rowsOf(schemas))("$title", ({ schema, row }) => {
    expect([...compareMember(contract.documented, schemas, schema, row)]).toEqual([]);
  });
});

describe("the accepted contract has each row of observed.ts", () => {
  test.each(rowsOf(observedSchemas))("$title", ({ schema, row }) => {
    expect([...compareMember(contract.accepted, observedSchemas, schema, row)]).toEqual([]);
  });
});
