import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import validateJob from "../../generated/validate-job.js";
import { type Contract, memberNames } from "../../scripts/contract/document.js";
import { createPrismValidator } from "../../scripts/contract/prism.js";
import { readContract } from "../../scripts/contract/read.js";
import { schemaArbitrary } from "../../scripts/contract/samples.js";
import { admits, bodyCases } from "../tables/bodies.js";
import { observedSchemas } from "../tables/observed.js";
import { schemas } from "../tables/page.js";

/**
 * The compiled validator, Ajv on the unchanged document, Prism and the tables give the same verdict on every body. A body
 * on which they differ is printed; for a generated body, with its seed.
 */

let contract: Contract;
let verdicts: Record<string, (body: unknown) => boolean>;
beforeAll(async () => {
  contract = await readContract(join(__dirname, "../.."));
  // The whole document under one id: unlike for the compiled validator, nothing is left out or rewritten.
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictSchema: false });
  ajv.addSchema(contract.accepted, "accepted");
  const prism = await createPrismValidator(contract.accepted);
  verdicts = {
    compiled: (body) => validateJob(body),
    ajv: ajv.compile({ $ref: "accepted#/components/schemas/FineTuningJob" }),
    prism: (body) => prism({ status: 200, headers: { "content-type": "application/json" }, body }).length === 0,
    tables: (body) => admits(observedSchemas, "FineTuningJob", body),
  };
});

/** The verdict that all four agree on. */
function agreedVerdict(body: unknown): boolean {
  const found = Object.fromEntries(Object.entries(verdicts).map(([name, admitsBody]) => [name, admitsBody(body)]));
  const distinct = [...new Set(Object.values(found))];
  if (distinct.length !== 1) throw new Error(`${JSON.stringify(found)} for ${JSON.stringify(body)}`);
  return distinct[0] as boolean;
}

test("on every good and bad body of the tables", () => {
  const bodies = [schemas, observedSchemas].flatMap((table) =>
    bodyCases(table, "FineTuningJob", [schemas, observedSchemas]),
  );
  const admitted = bodies.filter(({ body }) => agreedVerdict(body)).length;
  expect(bodies.length).toBeGreaterThan(2_500);
  expect(admitted).toBeGreaterThan(300);
  expect(bodies.length - admitted).toBeGreaterThan(1_000);
});

test("on generated jobs, and on generated jobs with a random change", () => {
  const job = schemaArbitrary(contract.accepted, "FineTuningJob", memberNames(contract.accepted));
  const changed = fc
    .tuple(job, fc.nat(), fc.jsonValue({ maxDepth: 2 }), fc.boolean())
    .map(([body, where, value, removed]) => {
      const places: [parent: Record<string, unknown>, name: string][] = [];
      const visit = (node: unknown) => {
        if (typeof node !== "object" || node === null) return;
        for (const name of Object.keys(node)) {
          places.push([node as Record<string, unknown>, name]);
          visit((node as Record<string, unknown>)[name]);
        }
      };
      visit(body);
      const [parent, name] = places[where % places.length] as (typeof places)[number];
      if (removed && !Array.isArray(parent)) delete parent[name];
      else Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true });
      return body;
    });
  fc.assert(
    fc.property(fc.oneof(job, changed, changed), (body) => void agreedVerdict(body)),
    { numRuns: 3_000 },
  );
});
