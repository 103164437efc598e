/** Checks of the schemas: their members, and that they compile. What bodies they admit is tested with Ajv and Prism. */
import type { Document, Schema } from "../../scripts/contract/document.js";
import { schemaProblems } from "../../scripts/contract/schemas.js";
import type { Table } from "../tables/bodies.js";
import { observedSchemas } from "../tables/observed.js";
import { branches, type Member, metadata, schemas } from "../tables/page.js";
import type { UnnamedFinding } from "./check.js";
import { broken, differences, type SpecCheck } from "./differences.js";
import { writtenType } from "./written-type.js";

export const schemaChecks = {
  "documented-members": {
    description: "openapi.yaml has every member of the page, with the page's type, and no other.",
    find: ({ documented }) => compareMembers(documented, schemas),
    witness: broken(({ documented }) => delete membersIn(documented, "FineTuningJob").seed),
  },

  "accepted-members": {
    description: "The accepted contract has every difference that was observed, and no other.",
    find: ({ accepted }) => compareMembers(accepted, observedSchemas),
    witness: broken(({ accepted }) => delete membersIn(accepted, "FineTuningJob").eval_id),
  },

  compiles: {
    description: "Every schema of both contracts compiles with Ajv 2020 in strict mode.",
    *find({ documented, accepted }) {
      for (const document of [documented, accepted]) yield* schemaProblems(document);
    },
    witness: broken(({ documented }) =>
      Object.assign(membersIn(documented, "FineTuningJob").id as object, { type: "strnig" }),
    ),
  },
} satisfies Record<string, SpecCheck>;

const membersIn = (document: Document, schema: string): Record<string, object> =>
  document.components.schemas[schema]?.properties;

const OBJECT_KEYWORDS = new Set(["type", "description", "required", "properties"]);

/** Compares every schema with the table, keyword by keyword. */
function* compareMembers(document: Document, table: Table): Iterable<UnnamedFinding> {
  for (const [schema, members] of Object.entries(table)) {
    const pointer = `/components/schemas/${schema}`;
    const found = document.components.schemas[schema];
    if (!found) {
      yield { pointer, message: "is missing" };
      continue;
    }
    if (found.type !== "object") yield { pointer: `${pointer}/type`, message: `is ${found.type}, not object` };
    for (const keyword of Object.keys(found))
      if (!OBJECT_KEYWORDS.has(keyword)) yield { pointer: `${pointer}/${keyword}`, message: "must not be there" };
    const names = members.map(({ name }) => name);
    const extra = [...Object.keys(found.properties ?? {}), ...(found.required ?? [])];
    for (const name of new Set(extra.filter((each) => !names.includes(each))))
      yield { pointer: `${pointer}/properties/${name}`, message: "is not in the table" };
    for (const member of members) yield* compareMember(document, table, schema, member);
  }
  yield* compareMetadata(document);
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    // A schema that the page does not name may be a union that several members share; it has no members of its own.
    if (!table[name] && name !== metadata.name && !schema.oneOf)
      yield { pointer: `/components/schemas/${name}`, message: "is not in the table" };
  }
}

/** Compares one member of a schema with its row of the table: present, required, and of the same type. */
export function* compareMember(
  document: Document,
  table: Table,
  schema: string,
  row: Member,
): Iterable<UnnamedFinding> {
  const { properties = {}, required = [] }: Schema = document.components.schemas[schema] ?? {};
  const pointer = `/components/schemas/${schema}/properties/${row.name}`;
  const times = required.filter((name: string) => name === row.name).length;
  if (times > 1) yield { pointer, message: "is listed twice in required" };
  if (times > 0 !== row.required) yield { pointer, message: row.required ? "must be required" : "must be optional" };
  const found = properties[row.name];
  if (!found) yield { pointer, message: "is missing" };
  else yield* differences(pointer, "type", branches(writtenType(document, found, table)), branches(row.type));
}

function* compareMetadata(document: Document): Iterable<UnnamedFinding> {
  const { description: _, ...found } = document.components.schemas[metadata.name] ?? {};
  const expected = {
    type: "object",
    maxProperties: metadata.pairs,
    propertyNames: { maxLength: metadata.keyLength },
    additionalProperties: { type: "string", maxLength: metadata.valueLength },
  };
  if (JSON.stringify(found) !== JSON.stringify(expected))
    yield { pointer: `/components/schemas/${metadata.name}`, message: `must be ${JSON.stringify(expected)}` };
}
