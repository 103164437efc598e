/** Random bodies that a schema admits, for fast-check. */
import type { AnySchemaObject as Schema } from "ajv";
import fc, { type Arbitrary } from "fast-check";

const text = fc.oneof(
  fc.string({ unit: "binary-ascii", maxLength: 12 }),
  fc.constantFrom("", "é", "漢字", "𝒳", "\u2028", "__proto__"),
);
const anyValue = fc.jsonValue({ maxDepth: 2 });

type ArbitraryOf = (schema: Schema) => Arbitrary<unknown>;

/**
 * Bodies that the component `name` admits. Optional members are sometimes absent, and unknown members are added, some of
 * them with a name from `extras`.
 */
export function schemaArbitrary(
  { components: { schemas } }: { components: { schemas: Record<string, Schema> } },
  name: string,
  extras: readonly string[] = [],
): Arbitrary<unknown> {
  const made = new Map<string, Arbitrary<unknown>>();
  const ofComponent = (ref: string): Arbitrary<unknown> => {
    const arbitrary = made.get(ref) ?? of(schemas[ref.replace(/^.*\//, "")] as Schema);
    made.set(ref, arbitrary);
    return arbitrary;
  };
  const of: ArbitraryOf = (schema) => {
    if (schema.$ref) return ofComponent(schema.$ref);
    if (schema.oneOf) return fc.oneof(...schema.oneOf.map(of));
    if (schema.enum) return fc.constantFrom(...schema.enum);
    if (schema.type === undefined) return anyValue;
    return fc.oneof(...[schema.type].flat().map((type) => typeArbitrary(type, schema, of, extras)));
  };
  // A round trip through JSON, as for a service's body: it removes -0 and null prototypes.
  return of({ $ref: name }).map((body) => JSON.parse(JSON.stringify(body)));
}

function typeArbitrary(type: string, schema: Schema, of: ArbitraryOf, extras: readonly string[]): Arbitrary<unknown> {
  switch (type) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.oneof(fc.integer(), fc.constant(-1), fc.maxSafeInteger());
    case "number":
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case "string":
      return text;
    case "array":
      return fc.array(schema.items ? of(schema.items) : anyValue, { maxLength: 4 });
    case "object":
      return objectArbitrary(schema, of, extras);
    default:
      throw new Error(`No arbitrary for the type ${type}.`);
  }
}

function objectArbitrary(schema: Schema, of: ArbitraryOf, extras: readonly string[]): Arbitrary<unknown> {
  if (typeof schema.additionalProperties === "object")
    return fc.dictionary(text, of(schema.additionalProperties), { maxKeys: schema.maxProperties });
  const declared: Record<string, Schema> = schema.properties ?? {};
  const known = fc.record(Object.fromEntries(Object.entries(declared).map(([key, value]) => [key, of(value)])), {
    requiredKeys: schema.required ?? [],
  } as object);
  // Without the declared names, which would leave fewer of the others.
  const free = extras.filter((extra) => !Object.hasOwn(declared, extra));
  const unknownName = fc
    .oneof(fc.constantFrom("x_unknown", ...free), text)
    .filter((each) => !Object.hasOwn(declared, each));
  const unknown = fc.dictionary(unknownName, anyValue, { maxKeys: 2 });
  return fc.tuple(known, unknown).map(([members, more]) => ({ ...more, ...members }));
}
