/** Faulty variants of one schema. */
import type { Document, Schema } from "../../scripts/contract/document.js";
import { type Edit, type Mutant, type Path, put, remove, rename } from "./mutant.js";

const TYPES = ["string", "integer", "number", "boolean", "object", "array"];

/** Every fault of the schema at `path`, and of the schemas inside it. */
export function* schemaMutants(edit: Edit, path: Path, schema: Schema): Generator<Mutant<Document>> {
  for (const [keyword, values] of keywordFaults(schema))
    for (const value of values) yield edit(path, `${keyword}: ${JSON.stringify(value)}`, put(keyword, value));
  if (schema.$ref)
    yield edit(path, "$ref to nothing", put("$ref", schema.$ref.replace("/schemas/", "/schemas/other/")));
  for (const keyword of REMOVABLE.filter((each) => schema[each] !== undefined))
    yield edit(path, `keyword removed: ${keyword}`, remove(keyword));
  yield* memberMutants(edit, path, schema);
  for (const [index, branch] of (schema.oneOf ?? []).entries())
    yield* schemaMutants(edit, [...path, "oneOf", String(index)], branch);
  for (const keyword of ["items", "propertyNames", "additionalProperties"])
    if (typeof schema[keyword] === "object") yield* schemaMutants(edit, [...path, keyword], schema[keyword]);
}

const REMOVABLE = [
  "type",
  "enum",
  "oneOf",
  "items",
  "maxProperties",
  "maxLength",
  "propertyNames",
  "additionalProperties",
];

/** Wrong values for each keyword that the schema has, and for some that it does not have. */
function* keywordFaults(schema: Schema): Generator<[keyword: string, values: readonly unknown[]]> {
  const types: string[] = [schema.type ?? []].flat();
  if (types.length > 0) yield ["type", typeFaults(types)];
  if (schema.enum) yield ["enum", enumFaults(schema.enum)];
  if (schema.oneOf) yield ["oneOf", unionFaults(schema.oneOf)];
  if (schema.$ref) {
    const other = schema.$ref.endsWith("/Metadata") ? "ErrorDetail" : "Metadata";
    yield ["$ref", [`#/components/schemas/${other}`]];
  }
  if (schema.properties) yield ["additionalProperties", [false]];
  if (schema.description) {
    yield ["deprecated", [true]];
    yield ["description", [" "]];
  }
  for (const limit of ["maxProperties", "maxLength"])
    if (schema[limit] !== undefined) yield [limit, [schema[limit] - 1, schema[limit] + 1]];
  if (types.includes("string") && !schema.enum && !schema.maxLength) {
    yield ["minLength", [1]];
    yield ["pattern", ["^[a-z]"]];
  }
  if (types.includes("integer") || types.includes("number")) yield ["minimum", [0]];
}

/** One type replaced, one added, and one left out. */
function typeFaults(types: readonly string[]): unknown[] {
  const others = TYPES.filter((type) => !types.includes(type));
  const added = types.includes("null") ? others : [...others, "null"];
  return [
    ...others.map((type) => (types.length === 1 ? type : [type, ...types.slice(1)])),
    ...added.map((type) => [...types, type]),
    ...withoutOne(types),
  ];
}

function enumFaults(values: readonly unknown[]): unknown[] {
  const changed = values.map((value) => values.map((each) => (each === value ? `${value}_` : each)));
  return [...withoutOne(values), ...changed, [...values, "another"]];
}

function unionFaults(branches: readonly Schema[]): unknown[] {
  const added = branches.some(({ type }) => type === "null") ? ["boolean"] : ["boolean", "null"];
  return [...withoutOne(branches), ...added.map((type) => [...branches, { type }])];
}

/** The list without each of its entries in turn; nothing for a list of one. */
function withoutOne<T>(list: readonly T[]): T[][] {
  return list.length > 1 ? list.map((_, index) => list.toSpliced(index, 1)) : [];
}

function* memberMutants(edit: Edit, path: Path, { properties, required = [] }: Schema): Generator<Mutant<Document>> {
  if (!properties) return;
  const inProperties = [...path, "properties"];
  for (const [member, schema] of Object.entries<Schema>(properties)) {
    yield edit(inProperties, `member removed: ${member}`, remove(member));
    yield edit(inProperties, `member renamed: ${member}`, rename(member, `${member}_`));
    const isRequired = required.includes(member);
    const others = required.filter((each: string) => each !== member);
    yield edit(
      path,
      `${isRequired ? "no longer" : "now"} required: ${member}`,
      put("required", isRequired ? others : [...required, member]),
    );
    yield* schemaMutants(edit, [...inProperties, member], schema);
  }
  yield edit(inProperties, "member x_new added", put("x_new", { description: "New.", type: "string" }));
  if (required.length > 0) yield edit(path, "required removed", remove("required"));
}
