import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { schemaArbitrary } from "../../scripts/contract/samples.js";

/** Many bodies that a schema admits, always the same ones. */
const samplesOf = (schema: object, components: Record<string, object> = {}, extras?: string[]) =>
  fc.sample(schemaArbitrary({ components: { schemas: { ...components, It: schema } } }, "It", extras), {
    numRuns: 2_000,
    seed: 1,
  });

const typeOf = (value: unknown) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);
const typesOf = (values: readonly unknown[]) => [...new Set(values.map(typeOf))].sort();

test.each<[schema: object, types: string[]]>([
  [{ type: "null" }, ["null"]],
  [{ type: "boolean" }, ["boolean"]],
  [{ type: "integer" }, ["number"]],
  [{ type: "number" }, ["number"]],
  [{ type: "string" }, ["string"]],
  [{ type: "array" }, ["array"]],
  [{ type: "object" }, ["object"]],
  [{ type: ["null", "string", "boolean"] }, ["boolean", "null", "string"]],
  [{ oneOf: [{ type: "null" }, { type: "array" }] }, ["array", "null"]],
  [{ $ref: "#/components/schemas/Other" }, ["boolean"]],
  [{}, ["array", "boolean", "null", "number", "object", "string"]],
])("%j is given values of each type that it admits", (schema, types) => {
  expect(typesOf(samplesOf(schema, { Other: { type: "boolean" } }))).toEqual(types);
});

test("an enum is given each of its values, whatever its type is", () => {
  expect(new Set(samplesOf({ type: "string", enum: ["a", "b"] }))).toEqual(new Set(["a", "b"]));
});

test("integers are whole, negative, and as large as they can be", () => {
  const values = samplesOf({ type: "integer" }) as number[];
  expect(values.filter((each) => !Number.isSafeInteger(each))).toEqual([]);
  expect(values).toContain(-1);
  expect(Math.max(...values)).toBeGreaterThan(2 ** 32);
});

test("numbers have fractions, and are what JSON can carry", () => {
  const values = samplesOf({ type: "number" }) as number[];
  expect(values.some((each) => !Number.isInteger(each))).toBe(true);
  expect(values.filter((each) => !Number.isFinite(each) || Object.is(each, -0))).toEqual([]);
});

test("texts are short, and some are empty, not ASCII, or the name of a prototype", () => {
  const values = samplesOf({ type: "string" }) as string[];
  expect(values).toEqual(expect.arrayContaining(["", "é", "漢字", "𝒳", "\u2028", "__proto__"]));
  expect(values.some((each) => /^[a-z]/.test(each))).toBe(true);
  expect(Math.max(...values.map((each) => each.length))).toBeLessThan(13);
});

test.each<[items: object | undefined, types: string[]]>([
  [{ type: "boolean" }, ["boolean"]],
  [undefined, ["array", "boolean", "null", "number", "object", "string"]],
])("lists of %j have up to four of them", (items, types) => {
  const values = samplesOf({ type: "array", items }) as unknown[][];
  expect(typesOf(values.flat())).toEqual(types);
  expect(new Set(values.map((each) => each.length))).toEqual(new Set([0, 1, 2, 3, 4]));
});

test("a map has up to as many members as it may, each of the type that it asks for", () => {
  const map = { type: "object", additionalProperties: { type: "boolean" }, maxProperties: 3 };
  const values = samplesOf(map) as object[];
  expect(new Set(values.map((each) => Object.keys(each).length))).toEqual(new Set([0, 1, 2, 3]));
  expect(typesOf(values.flatMap(Object.values))).toEqual(["boolean"]);
});

const object = {
  type: "object",
  required: ["needed"],
  properties: { needed: { type: "boolean" }, optional: { type: "null" } },
};

test("an object has its required members always, and its optional ones sometimes", () => {
  const values = samplesOf(object) as Record<string, unknown>[];
  expect(typesOf(values.map(({ needed }) => needed))).toEqual(["boolean"]);
  expect(typesOf(values.map(({ optional }) => optional))).toEqual(["null", "undefined"]);
});

test("an object without required members is sometimes empty", () => {
  const values = samplesOf({ ...object, required: undefined });
  expect(values).toContainEqual({});
});

test("an object has up to two unknown members, some with the names that were asked for", () => {
  const values = samplesOf(object, {}, ["optional", "asked_for"]) as object[];
  const unknown = values.map((each) => Object.keys(each).filter((name) => !["needed", "optional"].includes(name)));
  expect(new Set(unknown.map((each) => each.length))).toEqual(new Set([0, 1, 2]));
  expect(unknown.flat()).toEqual(expect.arrayContaining(["asked_for", "x_unknown", "", "é"]));
  expect(typesOf(values.map((each) => (each as { asked_for?: unknown }).asked_for)).length).toBeGreaterThan(5);
});

test("an unknown type is an error, which names it", () => {
  expect(() => samplesOf({ type: "file" })).toThrow(new Error("No arbitrary for the type file."));
});
