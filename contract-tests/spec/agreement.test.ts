import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { FineTuningJob as jobSchema } from "../../generated/job-schema.js";
import { type Contract, type Document, memberNames } from "../../scripts/contract/document.js";
import { checkSchemas } from "../../scripts/contract/job-schema.js";
import { createPrismValidator } from "../../scripts/contract/prism.js";
import { readContract } from "../../scripts/contract/read.js";
import { type SchemaValidator, violationsOf } from "../../scripts/contract/reference.js";
import { schemaArbitrary } from "../../scripts/contract/samples.js";
import { compileSchemas } from "../../scripts/contract/schemas.js";
import { findViolations, MOST_VIOLATIONS, type Schema } from "../../src/violations.js";
import { admits, bodyCases } from "../tables/bodies.js";
import { observedSchemas } from "../tables/observed.js";
import { schemas } from "../tables/page.js";

let contract: Contract;
let jobs: fc.Arbitrary<unknown>;
beforeAll(async () => {
  contract = await readContract(join(__dirname, "../.."));
  jobs = schemaArbitrary(contract.accepted, "FineTuningJob", memberNames(contract.accepted));
});

const tableBodies = [schemas, observedSchemas].flatMap((table) =>
  bodyCases(table, "FineTuningJob", [schemas, observedSchemas]),
);

/** Something done to a body: a member or an item replaced, a member taken out, or a member with a declared name added. */
interface Change {
  readonly where: number;
  readonly how: "replace" | "remove" | "add";
  readonly name: string;
  readonly value: unknown;
}

/** Values at the edges of what the schemas admit. Infinity is what `JSON.parse` makes of 1e400. */
const EDGES = [
  ...[null, true, 0, -0, 1.5, Number.POSITIVE_INFINITY, "", "auto", [], {}, [{}], [0], { wandb: {} }],
  ...[512, 513].flatMap((length) => ["v".repeat(length), "𝒳".repeat(length), "\ud835".repeat(length)]),
  ...[64, 65].map((length) => ({ ["𝒳".repeat(length)]: 0, "a/b~c": "" })),
  ...[16, 17].map((count) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, ""]))),
  JSON.parse('{"__proto__": 0, "constructor": "", "toString": {}}'),
];

function changes(): fc.Arbitrary<Change> {
  return fc.record({
    where: fc.nat(),
    how: fc.constantFrom("replace", "replace", "remove", "add"),
    name: fc.constantFrom("__proto__", "constructor", ...memberNames(contract.accepted)),
    value: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...EDGES) }, fc.jsonValue({ maxDepth: 2 })),
  });
}

function apply(body: unknown, { where, how, name, value }: Change): void {
  const places: [parent: object, name: string][] = [];
  const visit = (node: unknown) => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, child] of Object.entries(node)) {
      places.push([node, key]);
      visit(child);
    }
  };
  visit(body);
  const [parent, place] = places[where % places.length] ?? [body as object, name];
  const written = { value: structuredClone(value), enumerable: true, configurable: true, writable: true };
  if (Array.isArray(parent) || how === "replace") Object.defineProperty(parent, place, written);
  else if (how === "add") Object.defineProperty(parent, name, written);
  else Reflect.deleteProperty(parent, place);
}

/**
 * The client, Ajv on the unchanged document, Prism and the tables give the same verdict on every body. A body on which they
 * differ is printed; for a generated body, with its seed.
 */
describe("the verdict is the same", () => {
  let verdicts: Record<string, (body: unknown) => boolean>;
  beforeAll(async () => {
    // The whole document under one id: unlike for the client, nothing is left out or rewritten.
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictSchema: false });
    ajv.addSchema(contract.accepted, "accepted");
    const prism = await createPrismValidator(contract.accepted);
    verdicts = {
      client: (body) => findViolations(jobSchema, body).violationCount === 0,
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
    const admitted = tableBodies.filter(({ body }) => agreedVerdict(body)).length;
    expect(tableBodies.length).toBeGreaterThan(2_500);
    expect(admitted).toBeGreaterThan(300);
    expect(tableBodies.length - admitted).toBeGreaterThan(1_000);
  });

  test("on generated jobs, and on generated jobs with a random change", () => {
    const changed = fc.tuple(jobs, changes()).map(([body, change]) => {
      apply(body, change);
      return JSON.parse(JSON.stringify(body));
    });
    fc.assert(
      fc.property(fc.oneof(jobs, changed, changed), (body) => void agreedVerdict(body)),
      { numRuns: 3_000 },
    );
  });
});

/** Ajv is the reference: the client describes the first 100 of Ajv's violations, in Ajv's order, and counts them all. */
describe("the violations are Ajv's", () => {
  let reference: SchemaValidator;
  beforeAll(() => {
    reference = compileSchemas(contract.accepted)("FineTuningJob");
  });

  function expectSameViolations(schema: Schema, validate: SchemaValidator, body: unknown) {
    const all = violationsOf(validate, body);
    const wanted = { violations: all.slice(0, MOST_VIOLATIONS), violationCount: all.length };
    const found = findViolations(schema, body);
    // `toEqual` takes ten times as long as what it compares.
    if (JSON.stringify(found) !== JSON.stringify(wanted)) expect([body, found]).toEqual([body, wanted]);
    return all;
  }

  test("on every body of the tables", () => {
    for (const { body } of tableBodies) expectSameViolations(jobSchema, reference, body);
  });

  test("on more than 20,000 generated bodies", () => {
    let bodies = 0;
    const kinds = new Set<string>();
    fc.assert(
      fc.property(jobs, fc.array(changes(), { minLength: 16, maxLength: 16 }), (job, some) => {
        const body = structuredClone(job);
        for (const change of some) {
          apply(body, change);
          for (const { expected } of expectSameViolations(jobSchema, reference, body)) kinds.add(expected);
          bodies++;
        }
      }),
      { numRuns: 1_300 },
    );
    expect(bodies).toBeGreaterThan(20_000);
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        ...["string", "object", "object or null", "integer or null", "array or null", "string or null or integer"],
        ...["present", '"wandb"', '"auto" or number', '"auto" or integer or null'],
        ...["maxProperties 16", "maxLength 512", "member names with maxLength 64"],
      ]),
    );
  });

  test("by any other schema that the client could be given", () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true, code: { optimize: false } });
    fc.assert(
      fc.property(anySchema(), fc.array(anyBody(), { minLength: 20, maxLength: 20 }), (schema, bodies) => {
        const document = { components: { schemas: { Any: schema } } } as unknown as Document;
        checkSchemas(document);
        const validate = ajv.compile(schema) as SchemaValidator;
        for (const body of bodies) expectSameViolations(schema, validate, body);
      }),
      { numRuns: 200 },
    );
  });
});

const NAMES = ["a", "b", "~/", ""];

/** Schemas with everything that the client's validator knows, in every combination that it knows. */
function anySchema(): fc.Arbitrary<Schema> {
  const typed = <T>(type: string, keywords: { [Key in keyof T]: fc.Arbitrary<T[Key]> }) =>
    fc
      .tuple(fc.constantFrom([type], [type, "null"]), fc.record(keywords, { requiredKeys: [] }))
      .map(([types, others]): Schema => ({ type: types, ...others }));
  return fc.letrec<{ schema: Schema; union: Schema }>((tie) => {
    const schema = tie("schema");
    const branches = [
      typed("number", {}),
      typed("string", { maxLength: fc.nat(3) }),
      typed("array", { items: schema }),
      typed("object", {
        required: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 3 }),
        properties: fc.dictionary(fc.constantFrom(...NAMES), schema, { maxKeys: 3 }),
        additionalProperties: schema,
        propertyNames: fc.record({ maxLength: fc.nat(3) }),
        maxProperties: fc.nat(3),
      }),
    ];
    const others = [{}, { type: ["integer"] }, { type: ["null", "boolean"] }, { enum: [null, 1, "a", false] }];
    return {
      schema: fc.oneof({ maxDepth: 3 }, fc.constantFrom<Schema[]>(...others), ...branches, tie("union")),
      // Only the first branch may admit null.
      union: fc
        .subarray(branches, { minLength: 2 })
        .chain((chosen) => fc.tuple(...chosen))
        .map(([first, ...rest]) => ({
          oneOf: [
            first as Schema,
            ...rest.map((branch) => ({ ...branch, type: branch.type?.slice(0, 1) as string[] })),
          ],
        })),
    };
  }).schema;
}

function anyBody(): fc.Arbitrary<unknown> {
  const name = fc.constantFrom(...NAMES, "__proto__", "constructor", "𝒳𝒳");
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, 0, 1, 0.5, "", "a", "abcd", "𝒳𝒳𝒳", "𝒳𝒳𝒳𝒳"),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(name, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).value;
}
