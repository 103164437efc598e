/** Compiles the schemas of a document, and checks what linters do not. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { toPointer } from "../../src/violations.js";
import { ContractError, type Document, type Problem, responseExamples, type Schema } from "./document.js";
import { stepsOf, valueAt } from "./json-pointer.js";
import { type SchemaValidator, violationsOf } from "./reference.js";
import { remembered } from "./remembered.js";
import { shapeProblems } from "./shape.js";
import type { Source } from "./source.js";

/** Keywords that cannot change a verdict. */
const ANNOTATIONS = "title description example examples default deprecated readOnly writeOnly $comment".split(" ");

/**
 * The component `name` as a self-contained JSON Schema. What cannot change a verdict is left out, so that the validator is
 * small and its messages are short: annotations, unions of one branch, a type beside an enum, `additionalProperties: true`.
 */
export function toJsonSchema(document: Document, name: string): Schema {
  const decisive = (node: unknown, isMap = false): unknown => {
    if (Array.isArray(node)) return node.map((each) => decisive(each));
    if (typeof node !== "object" || node === null) return node;
    const { oneOf, $ref, enum: values } = node as Schema;
    if (!isMap && Array.isArray(oneOf) && oneOf.length === 1) return decisive(oneOf[0]);
    if (!isMap && typeof $ref === "string") return { $ref: $ref.replace("#/components/schemas/", "#/$defs/") };
    const decides = ([key, value]: [string, unknown]) =>
      !ANNOTATIONS.includes(key) &&
      !(key === "type" && Array.isArray(values)) &&
      !(key === "additionalProperties" && value === true);
    const kept = Object.entries(node).filter((each) => isMap || decides(each));
    return Object.fromEntries(kept.map(([key, value]) => [key, decisive(value, !isMap && key === "properties")]));
  };
  return { $ref: `#/$defs/${name}`, $defs: decisive(document.components.schemas, true) };
}

/**
 * Returns a function that makes the validator of a component: Ajv 2020's, which reports every error, not only the first.
 * It throws for a schema that Ajv rejects in strict mode.
 */
export function compileSchemas(document: Document): (name: string) => SchemaValidator {
  return compilerOf(toJsonSchema(document, "").$defs);
}

const compilerOf = remembered(($defs: unknown) => {
  // Skip Ajv's optimizer: here, compiling costs more than validating.
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, code: { optimize: false } });
  ajv.addSchema({ $id: "contract", $defs });
  const compiled = new Map<string, SchemaValidator>();
  return (name: string) => {
    const validate = compiled.get(name) ?? (ajv.compile({ $ref: `contract#/$defs/${name}` }) as SchemaValidator);
    compiled.set(name, validate);
    return validate;
  };
});

/**
 * Checks what no linter does: the document has the shape that is read here, the dialect is pinned, no `$ref` has siblings,
 * schemas compile, and examples conform.
 * Throws {@link ContractError} for the first problem.
 */
export function checkDocument({ value: document, lineOf }: Source<Document>): void {
  for (const problems of [shapeProblems, dialectProblems, refProblems, schemaProblems, exampleProblems]) {
    for (const { pointer, message } of problems(document)) throw new ContractError(lineOf(stepsOf(pointer)), message);
  }
}

export const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/** The dialect must be pinned: without it, Prism and other tools read the schemas as draft-07. */
export function* dialectProblems({ jsonSchemaDialect }: Document): Generator<Problem> {
  if (jsonSchemaDialect !== DIALECT) yield { pointer: "/jsonSchemaDialect", message: `must be ${DIALECT}.` };
}

const COMPONENT = /^#(\/components\/(\w+)\/[\w.-]+)$/;
const IN_SCHEMA = /^\/components\/schemas\/|\/schema$/;

/** Members beside a `$ref`, which tools ignore; and a `$ref` to anything but a component, which this project does not read. */
export function* refProblems(document: Document): Generator<Problem> {
  for (const [pointer, { $ref, ...siblings }] of walk(document, "")) {
    if (typeof $ref !== "string") continue;
    if (Object.keys(siblings).length > 0) yield { pointer, message: "has siblings of $ref, which tools ignore." };
    const [, target = "/", part] = COMPONENT.exec($ref) ?? [];
    if (valueAt(document, target) === undefined || (part !== "schemas" && IN_SCHEMA.test(pointer)))
      yield { pointer, message: `$ref must name a component, such as #/components/schemas/Name: ${$ref}` };
  }
}

const metaschema = new Ajv2020();

/** Each component that is no schema, or that Ajv 2020 does not compile in strict mode. Prism silently ignores such a schema. */
export function* schemaProblems(document: Document): Generator<Problem> {
  const attempt = function* <T>(pointer: string, run: () => T): Generator<Problem, T | undefined> {
    try {
      return run();
    } catch (error) {
      yield { pointer, message: (error as Error).message };
      return undefined;
    }
  };
  const compile = yield* attempt("/components/schemas", () => compileSchemas(document));
  if (!compile) return;
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    const pointer = `/components/schemas/${name}`;
    yield* attempt(pointer, () => compile(name));
    // As it is written: what is compiled leaves out what cannot change a verdict, and Prism does not.
    yield* attempt(pointer, () => metaschema.validateSchema(schema, true));
  }
}

/** Named examples that do not conform to the schema of their response. */
export function* exampleProblems(document: Document): Generator<Problem> {
  const compile = compileSchemas(document);
  for (const { example, value, schema, pointer } of responseExamples(document)) {
    for (const { pointer: inside, expected, actual } of violationsOf(compile(schema), value)) {
      const message = `the example ${example} does not conform at ${inside}: expected ${expected}, got ${actual}.`;
      yield { pointer, message };
    }
  }
}

function* walk(node: unknown, pointer: string): Generator<[pointer: string, node: Record<string, unknown>]> {
  if (typeof node !== "object" || node === null) return;
  if (!Array.isArray(node)) yield [pointer, node as Record<string, unknown>];
  for (const [name, child] of Object.entries(node)) yield* walk(child, pointer + toPointer([name]));
}
