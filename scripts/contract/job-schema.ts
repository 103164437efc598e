/** The accepted schemas in the form that the client's validator, src/violations.ts, interprets. */
import { jsonType } from "../../src/violations.js";
import { ContractError, componentName, type Document, OPENAPI_FILE, OVERLAY_FILE, type Schema } from "./document.js";
import { toJsonSchema } from "./schemas.js";

type Components = Readonly<Record<string, Schema>>;

/**
 * TypeScript with a constant for each component that `root` is made of, each before those that use it. `root` comes last, and
 * is exported. The document must have passed {@link checkSchemas}.
 */
export function writeSchemas(document: Document, root: string): string {
  const components: Components = toJsonSchema(document, root).$defs;
  const constants = new Map<string, string>();
  const constantOf = (component: string): string => {
    const name = component.replaceAll(/\W/g, "_");
    if (!constants.has(name)) {
      const text = layOut(JSON.stringify(components[component], typeAsList, 2));
      const linked = text.replaceAll(/\{\s*"\$ref": "([^"]*)"\s*\}/g, (_, ref) => constantOf(componentName(ref)));
      constants.set(name, `const ${name} = ${linked} as const;\n`);
    }
    return name;
  };
  const exported = constants.get(constantOf(root)) as string;
  const others = [...constants.values()].slice(0, -1);
  // `@internal` keeps the constants out of the package's types, which would repeat all that they hold.
  return [...others, `/** @internal */\nexport ${exported}`].join("\n");
}

/** JSON with what is innermost on one line. No string in JSON has a line break in it. */
function layOut(json: string): string {
  return json.replaceAll(/\{[^{}]*\}|\[[^[\]{}]*\]/g, (inner) => inner.replaceAll(/\n\s*/g, " "));
}

function typeAsList(keyword: string, value: unknown): unknown {
  return keyword === "type" && typeof value === "string" ? [value] : value;
}

/** Throws {@link ContractError} for a schema that the client's validator would not read as Ajv does. */
export function checkSchemas(document: Document): void {
  const components: Components = toJsonSchema(document, "").$defs;
  const check = (schema: Schema, place: string, within: readonly string[]): void => {
    const refuse = (problem: string) => {
      throw new ContractError(`${OPENAPI_FILE} with ${OVERLAY_FILE} (${place})`, problem);
    };
    const { $ref, oneOf, properties, items, additionalProperties } = schema;
    if ($ref) {
      const name = componentName($ref);
      if (within.includes(name)) refuse(`${name} contains itself, and src/violations.ts would follow it without end.`);
      check(components[name] as Schema, name, [...within, name]);
    }
    for (const inside of [oneOf, properties, { items, additionalProperties }]) {
      for (const [step, each] of Object.entries<Schema>(inside ?? {}))
        if (each !== undefined) check(each, `${place}/${step}`, within);
    }
    const unknown = unknownIn(schema, components);
    if (unknown) refuse(`src/violations.ts does not know ${unknown}: add it there, or leave it out here.`);
  };
  for (const [name, schema] of Object.entries(components)) check(schema, name, [name]);
}

/** What the validator knows: each of these keywords by itself, and the others together. */
const ALONE = ["$ref", "oneOf", "enum"];
const TOGETHER = "type maxLength items maxProperties required propertyNames additionalProperties properties".split(" ");

function unknownIn(schema: Schema | boolean, components: Components): string | undefined {
  if (typeof schema === "boolean") return `the schema ${schema}`;
  const keywords = Object.keys(schema);
  const unknown = keywords.find((keyword) => !ALONE.includes(keyword) && !TOGETHER.includes(keyword));
  if (unknown) return `the keyword ${unknown}`;
  const alone = keywords.find((keyword) => ALONE.includes(keyword));
  if (alone && keywords.length > 1) return `${alone} beside ${keywords.filter((keyword) => keyword !== alone).join()}`;
  if (!alone && keywords.length > 0 && schema.type === undefined) return `${keywords.join()} without a type`;
  const { oneOf = [], enum: values = [], propertyNames = { maxLength: 0 } } = schema;
  if (Object.keys(propertyNames).join() !== "maxLength") return "propertyNames with anything but maxLength";
  if (values.some((value: unknown) => typeof value === "object" && value !== null)) return "enum with objects or lists";
  const types = oneOf.flatMap((branch: Schema) => [...typesOf(branch, components)]);
  if (new Set(types).size < types.length) return "oneOf with two branches that admit the same JSON type";
  return undefined;
}

/** The JSON types that a schema admits; an integer is a number. */
function typesOf({ $ref, oneOf, enum: values, type }: Schema, components: Components): Set<string> {
  if ($ref) return typesOf(components[componentName($ref)] as Schema, components);
  if (oneOf) return new Set(oneOf.flatMap((branch: Schema) => [...typesOf(branch, components)]));
  const types: string[] = values?.map(jsonType) ?? [type ?? ALL_TYPES].flat();
  return new Set(types.map((each) => (each === "integer" ? "number" : each)));
}

const ALL_TYPES = ["null", "boolean", "number", "string", "array", "object"];
