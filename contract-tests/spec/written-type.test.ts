import { expect, test } from "@jest/globals";
import type { Document, Schema } from "../../scripts/contract/document.js";
import { metadata } from "../tables/page.js";
import { writtenType } from "./written-type.js";

const $ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const document = { components: { schemas: { Count: { type: "integer" } } } } as unknown as Document;

test.each<[schema: Schema, type: string]>([
  [{}, "unknown"],
  [{ type: "string", description: "a" }, "string"],
  [{ type: ["string", "null"] }, "string | null"],
  [{ type: "object" }, "an object without additionalProperties: true"],
  [{ type: ["object", "null"] }, "an object without additionalProperties: true"],
  [{ type: ["object", "null"], additionalProperties: true }, "object | null"],
  [{ type: "object", additionalProperties: false }, "a schema with additionalProperties,type"],
  [{ type: "string", enum: ["a", "b"] }, '"a" | "b"'],
  [{ type: "integer", enum: [1] }, "a schema with enum,type"],
  [{ type: ["array", "null"], items: { type: "string" } }, "string[] | null"],
  [{ oneOf: [{ type: "string" }, $ref("Known")] }, "string | Known"],
  [$ref("Known"), "Known"],
  [$ref(metadata.name), metadata.name],
  [$ref("Count"), "integer"],
  [$ref("Nothing"), "a schema with missing"],
  [{ type: "string", minLength: 1 }, "a schema with minLength,type"],
])("%j is written as %s", (schema, type) => {
  expect(writtenType(document, schema, { Known: [{ name: "a", type: "string", required: true }] })).toBe(type);
});
