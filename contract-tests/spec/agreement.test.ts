import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import validateJob from "../../generated/validate-job.js";
import { type Contract, memberNames } from "../../scripts/contract/document.js";
import { type Answer, makeJudge } from "../../scripts/contract/prism.js";
import { readContract } from "../../scripts/contract/read.js";
import { schemaArbitrary } from "../../scripts/contract/samples.js";
import { admits, cases } from "../tables/bodies.js";
import { observedSchemas } from "../tables/observed.js";
import { schemas } from "../tables/page.js";

/**
 * Four judges of one contract: the compiled validator, Ajv on the document as it stands, Prism, and the tables. No body was
 * found on which they differ; one on which they do is printed, with the seed.
 */

let contract: Contract;
let judges: Record<string, (body: unknown) => boolean>;
beforeAll(async () => {
  contract = await readContract(join(__dirname, "../.."));
  // The whole document under one id: nothing is left out or rewritten, as it is for the compiled validator.
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictSchema: false });
  ajv.addSchema(contract.accepted, "accepted");
  const prism = await makeJudge(contract.accepted);
  judges = {
    compiled: (body) => validateJob(body),
    ajv: ajv.compile({ $ref: "accepted#/components/schemas/FineTuningJob" }),
    prism: (body) =>
      prism({ status: 200, headers: { "content-type": "application/json" }, body } as Answer).length === 0,
    tables: (body) => admits(observedSchemas, "FineTuningJob", body),
  };
});

function expectAgreement(body: unknown) {
  const verdicts = Object.entries(judges).map(([judge, admitsIt]) => [judge, admitsIt(body)] as const);
  const [first] = verdicts;
  const same = verdicts.every(([, verdict]) => verdict === first?.[1]);
  if (!same) throw new Error(`${JSON.stringify(Object.fromEntries(verdicts))} on ${JSON.stringify(body)}`);
  return first?.[1] as boolean;
}

test("on every good and bad body of the tables", () => {
  const bodies = [schemas, observedSchemas].flatMap((table) =>
    cases(table, "FineTuningJob", [schemas, observedSchemas]),
  );
  const admitted = bodies.filter(({ body }) => expectAgreement(body)).length;
  expect(bodies.length).toBeGreaterThan(2_500);
  expect(admitted).toBeGreaterThan(300);
  expect(bodies.length - admitted).toBeGreaterThan(1_000);
});

test("on generated jobs, good ones and ones broken in a random place", () => {
  const job = schemaArbitrary(contract.accepted, "FineTuningJob", memberNames(contract.accepted));
  const broken = fc
    .tuple(job, fc.nat(), fc.jsonValue({ maxDepth: 2 }), fc.boolean())
    .map(([body, where, value, gone]) => {
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
      if (gone && !Array.isArray(parent)) delete parent[name];
      else Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true });
      return body;
    });
  fc.assert(
    fc.property(fc.oneof(job, broken, broken), (body) => void expectAgreement(body)),
    { numRuns: 3_000 },
  );
});
