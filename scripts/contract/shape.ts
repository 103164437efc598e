/** The shape that a document must have for the rest of this folder to read it. Redocly's rules admit more. */
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Problem } from "./document.js";
import { type SchemaValidator, violationsOf } from "./reference.js";

const each = (additionalProperties: object) => ({ type: "object", additionalProperties });
const having = (properties: Record<string, object>) => ({
  type: "object",
  required: Object.keys(properties),
  properties,
});

const JSON_MEDIA = having({ schema: having({ $ref: { type: "string" } }) });
const CONTENT = { ...each(having({ schema: { type: "object" } })), properties: { "application/json": JSON_MEDIA } };
const OPERATION = having({ responses: each(having({ content: CONTENT })) });
const DOCUMENT = having({
  paths: each(each(OPERATION)),
  components: having({ schemas: each({ type: "object" }), examples: each({ type: "object" }) }),
});

let validate: SchemaValidator | undefined;

/** What is missing, or of another type. A member of a path that is no operation, such as `servers`, has no responses. */
export function* shapeProblems(document: unknown): Generator<Problem> {
  validate ??= new Ajv2020({ strict: true, allErrors: true }).compile(DOCUMENT) as SchemaValidator;
  for (const { pointer, expected, actual } of violationsOf(validate, document))
    yield { pointer, message: `expected ${expected} here, got ${actual}.` };
}
