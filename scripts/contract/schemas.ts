/** The schemas of a document, compiled, and checked where linters do not look. */
import type { Options } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { findViolations, type SchemaValidator, stepsOf, toStep } from "../../src/violations.js";
import { ContractError, type Document, type Problem, responseExamples, type Schema } from "./document.js";
import type { Source } from "./source.js";

const ANNOTATIONS = ["description", "title", "example", "examples"];

/**
 * A component as a schema of its own, with the components that it refers to. Only what decides is kept, so that the
 * validator is small and its findings are short: no annotations, no union of one branch, no type beside an enum.
 */
export function toJsonSchema(document: Document, name: string): Schema {
  const decisive = (node: unknown, isMap = false): unknown => {
    if (Array.isArray(node)) return node.map((each) => decisive(each));
    if (typeof node !== "object" || node === null) return node;
    const { oneOf, $ref, enum: values } = node as Schema;
    if (!isMap && Array.isArray(oneOf) && oneOf.length === 1) return decisive(oneOf[0]);
    if (!isMap && typeof $ref === "string") return { $ref: $ref.replace("#/components/schemas/", "#/$defs/") };
    const kept = Object.entries(node).filter(
      ([key]) => isMap || !(ANNOTATIONS.includes(key) || (key === "type" && Array.isArray(values))),
    );
    return Object.fromEntries(kept.map(([key, value]) => [key, decisive(value, !isMap && key === "properties")]));
  };
  return { $ref: `#/$defs/${name}`, $defs: decisive(document.components.schemas, true) };
}

/** Ajv 2020 in strict mode, reporting every error. */
export function makeAjv(options?: Options) {
  return new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, ...options });
}

/** Validators by the text of the schemas that they are made of: the suite compiles the same ones over and over. */
const compilers = new Map<string, (name: string) => SchemaValidator>();
const MOST_COMPILERS = 8;

/** A validator of each component. Throws for a schema that Ajv does not take whole. */
export function compileSchemas(document: Document): (name: string) => SchemaValidator {
  const { $defs } = toJsonSchema(document, "");
  const text = JSON.stringify($defs);
  const known = compilers.get(text);
  if (known) return known;
  // Code that runs a few thousand times at most is not worth the time that optimizing it takes.
  const ajv = makeAjv({ code: { optimize: false } });
  ajv.addSchema({ $id: "contract", $defs });
  const compiled = new Map<string, SchemaValidator>();
  const compile = (name: string) => {
    const validate = compiled.get(name) ?? (ajv.compile({ $ref: `contract#/$defs/${name}` }) as SchemaValidator);
    compiled.set(name, validate);
    return validate;
  };
  if (compilers.size >= MOST_COMPILERS) compilers.clear();
  compilers.set(text, compile);
  return compile;
}

/** What no linter checks. Throws {@link ContractError} for the first problem. */
export function checkDocument({ value: document, lineOf }: Source<Document>): void {
  for (const problems of [dialectProblems, refProblems, schemaProblems, exampleProblems]) {
    for (const [pointer, message] of problems(document)) throw new ContractError(lineOf(stepsOf(pointer)), message);
  }
}

export const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/** Without the dialect, Prism and others read the schemas as draft-07. */
export function* dialectProblems({ jsonSchemaDialect }: Document): Generator<Problem> {
  if (jsonSchemaDialect !== DIALECT) yield ["/jsonSchemaDialect", `must be ${DIALECT}.`];
}

/** Siblings of `$ref`, which tools drop. */
export function* refProblems(document: Document): Generator<Problem> {
  for (const [pointer, node] of walk(document, "")) {
    if (typeof node.$ref === "string" && Object.keys(node).length > 1)
      yield [pointer, "has siblings of $ref, which tools drop."];
  }
}

/** Components that Ajv 2020 does not compile in strict mode. Prism ignores what it can't compile. */
export function* schemaProblems(document: Document): Generator<Problem> {
  const compile = compileSchemas(document);
  for (const name of Object.keys(document.components.schemas)) {
    try {
      compile(name);
    } catch (error) {
      yield [`/components/schemas/${name}`, (error as Error).message];
    }
  }
}

/** Named examples that do not conform to their response's schema. */
export function* exampleProblems(document: Document): Generator<Problem> {
  const compile = compileSchemas(document);
  for (const { example, value, schema, pointer } of responseExamples(document)) {
    for (const violation of findViolations(compile(schema), value)) {
      const { pointer: inside, expected, actual } = violation;
      yield [pointer, `the example ${example} does not conform at ${inside}: expected ${expected}, got ${actual}.`];
    }
  }
}

function* walk(node: unknown, pointer: string): Generator<[pointer: string, node: Record<string, unknown>]> {
  if (typeof node !== "object" || node === null) return;
  if (!Array.isArray(node)) yield [pointer, node as Record<string, unknown>];
  for (const [name, child] of Object.entries(node)) yield* walk(child, `${pointer}/${toStep(name)}`);
}
