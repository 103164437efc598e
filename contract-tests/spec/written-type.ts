import { componentName, type Document, type Schema } from "../../scripts/contract/document.js";
import type { Table } from "../tables/bodies.js";
import { metadata } from "../tables/page.js";

/** A schema in the notation of page.ts. What the notation lacks is rendered as prose, and so never equals a table's type. */
export function writtenType(document: Document, schema: Schema, table: Table): string {
  const { description: _, ...rest } = schema;
  const types = [rest.type].flat() as string[];
  const keywords = Object.keys(rest).sort().join();
  switch (keywords) {
    case "":
      return "unknown";
    case "$ref": {
      const name = componentName(rest.$ref);
      if (table[name] || name === metadata.name) return name;
      return writtenType(document, document.components.schemas[name] ?? { missing: name }, table);
    }
    case "oneOf":
      return (rest.oneOf as Schema[]).map((branch) => writtenType(document, branch, table)).join(" | ");
    case "enum,type":
      if (rest.type !== "string") break;
      return (rest.enum as unknown[]).map((value) => JSON.stringify(value)).join(" | ");
    case "items,type":
      return types
        .map((type) => (type === "array" ? `${writtenType(document, rest.items, table)}[]` : type))
        .join(" | ");
    case "additionalProperties,type":
      if (rest.additionalProperties !== true) break;
      return types.join(" | ");
    case "type":
      // JSON Schema admits the same bodies without additionalProperties, but generators then make a type without members.
      if (types.includes("object")) return "an object without additionalProperties: true";
      return types.join(" | ");
  }
  return `a schema with ${keywords}`;
}
