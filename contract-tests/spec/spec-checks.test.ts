import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Contract, type Document, memberNames } from "../../scripts/contract/document.js";
import { applyOverlay } from "../../scripts/contract/overlay.js";
import { readContract } from "../../scripts/contract/read.js";
import { schemaArbitrary } from "../../scripts/contract/samples.js";
import { compileSchemas } from "../../scripts/contract/schemas.js";
import { admits, cases, type Table } from "../tables/bodies.js";
import { observedSchemas } from "../tables/observed.js";
import { page, schemas } from "../tables/page.js";
import type { Finding } from "./finding.js";
import { specChecks } from "./spec-checks.js";
import { witnesses } from "./witnesses.js";

let contract: Contract;
let found: Record<string, Finding[]>;
beforeAll(async () => {
  contract = await readContract(join(__dirname, "../.."));
  found = Object.fromEntries(Object.entries(specChecks).map(([name, check]) => [name, check(contract)]));
});

const rowsOf = (table: Table) =>
  Object.entries(table).flatMap(([schema, members]) => members.map((member) => ({ schema, ...member })));

describe.each([
  ["openapi.yaml, as the page has it", "documented-members", schemas],
  ["the accepted contract, as services were seen", "accepted-members", observedSchemas],
])("%s", (_, check, table) => {
  test.each(rowsOf(table))("$schema.$name: $type, required: $required", ({ schema, name }) => {
    const here = `/components/schemas/${schema}`;
    const ofRow = (found[check] as Finding[]).filter(
      ({ pointer, message }) =>
        pointer === here ||
        pointer === `${here}/properties/${name}` ||
        (pointer.startsWith(here) && message.includes(`: ${name} `)),
    );
    expect(ofRow).toEqual([]);
  });
});

test.each(Object.keys(specChecks))("the check %s finds nothing", (name) => {
  expect(found[name]).toEqual([]);
});

test.each(Object.keys(specChecks))("the check %s notices what it is for", (name) => {
  const broken = structuredClone(contract);
  witnesses[name]?.(broken.documented, broken);
  expect(specChecks[name]?.(broken)).not.toEqual([]);
});

describe("each overlay action", () => {
  test("is needed: without it a body is refused that was seen and that the page does not admit, or a member is undeclared", async () => {
    const { documented, accepted, overlay } = contract;
    const [pages, seen] = [compileSchemas(documented), compileSchemas(accepted)];
    const onlySeen = ["FineTuningJob", "ErrorResponse"].flatMap((root) =>
      cases(observedSchemas, root, [schemas, observedSchemas])
        .filter(({ body }) => !pages(root)(body) && seen(root)(body))
        .map((each) => ({ root, ...each })),
    );
    const shown: Record<string, string> = {};
    for (const [index, action] of overlay.actions.entries()) {
      const others = { ...overlay, actions: overlay.actions.filter((_, each) => each !== index) };
      const without = await applyOverlay(documented, others);
      const rest = compileSchemas(without);
      const witness = onlySeen.find(({ root, body }) => !rest(root)(body));
      if (witness) shown[action.description] ??= `body: ${witness.label}`;
      // A member that the page does not know conforms to the page, so no body can show the action that declares it.
      const undeclared = memberNames(accepted).filter((name) => !memberNames(without).includes(name));
      if (undeclared.length > 0) shown[action.description] ??= `declares: ${undeclared.join()}`;
      const declares = JSON.stringify(action.update ?? {}).match(/"description":"Not documented/g);
      if (declares) shown[action.description] ??= "declares a member that another schema has too";
      const mediaTypes = (document: Document) =>
        Object.keys(document.paths[page.path]?.post?.responses.default?.content ?? {}).join();
      if (mediaTypes(without) !== mediaTypes(accepted)) shown[action.description] ??= "media type";
    }
    expect(Object.keys(shown)).toEqual(overlay.actions.map(({ description }) => description));
    expect(Object.values(shown).filter((how) => how.startsWith("body: "))).toHaveLength(29);
  });

  test("only widens: generated bodies that openapi.yaml admits, the accepted contract admits too", () => {
    for (const root of ["FineTuningJob", "ErrorResponse"]) {
      const [documented, accepted] = [contract.documented, contract.accepted].map((each) => compileSchemas(each)(root));
      fc.assert(
        fc.property(schemaArbitrary(contract.documented, root, memberNames(contract.accepted)), (body) => {
          expect(documented?.(body)).toBe(true);
          expect(accepted?.(body)).toBe(true);
          expect(admits(schemas, root, body)).toBe(true);
        }),
        { numRuns: 300 },
      );
    }
  });
});
