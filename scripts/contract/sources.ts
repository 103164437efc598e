/** The contract as plain functions: read, lint, overlay, compile. No file is written here. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lintFromString, loadConfig } from "@redocly/openapi-core";
import type { AnySchemaObject, Options } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import openapiFormat from "openapi-format";
import { LineCounter, parseDocument } from "yaml";
import { findViolations, type SchemaValidator, stepsOf, toStep } from "../../src/violations.js";
import { schemaArbitrary } from "./arbitrary.js";

export type Schema = AnySchemaObject;

/** An OpenAPI document, as far as it is read here. */
export interface Document {
  openapi: string;
  jsonSchemaDialect?: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; examples: Record<string, Example>; [part: string]: unknown };
  [part: string]: unknown;
}
export interface Operation {
  operationId: string;
  parameters: { name: string; in: string; required: boolean; schema: Schema }[];
  responses: Record<string, ResponseObject>;
  [part: string]: unknown;
}
export interface ResponseObject {
  headers?: Record<string, unknown>;
  content: Record<string, { schema: Schema; examples?: Record<string, { $ref: string }> }>;
}
export interface Example {
  summary?: string;
  "x-status"?: number;
  value: unknown;
}

/** An overlay action, as far as this project uses them: one that updates, or one that removes. */
export interface Action {
  target: string;
  description: string;
  update?: unknown;
  remove?: true;
}
export interface Overlay {
  overlay: string;
  info: { title: string; version: string };
  actions: Action[];
}

export interface Contract {
  /** What the page says: openapi.yaml. */
  documented: Document;
  overlay: Overlay;
  /** What services may send: openapi.yaml with the overlay applied. */
  accepted: Document;
}

/** What is wrong with a source, in one line that begins with its place. */
export class ContractError extends Error {
  override readonly name = "ContractError";

  constructor(place: string, problem: string) {
    super(`${place}: ${problem.replace(/\s*\n\s*/g, " ")}`);
  }
}

export const OPENAPI_FILE = "openapi.yaml";
export const OVERLAY_FILE = "observed.overlay.yaml";

/** Reads and checks both sources in a folder. Throws {@link ContractError}. */
export async function readContract(root: string): Promise<Contract> {
  const text = readText(root, OPENAPI_FILE);
  const { value: documented, lineOf: lineInDocument } = parseYaml<Document>(OPENAPI_FILE, text);
  await lint(root, OPENAPI_FILE, text);
  checkDocument(documented, lineInDocument);
  const { value: overlay, lineOf } = parseYaml<Overlay>(OVERLAY_FILE, readText(root, OVERLAY_FILE));
  checkOverlay(overlay, lineOf);
  const accepted = await applyOverlay(documented, overlay, lineOf);
  checkOnlyWidens(documented, accepted);
  await lint(root, `${OPENAPI_FILE} with ${OVERLAY_FILE}`, JSON.stringify(accepted));
  return { documented, overlay, accepted };
}

function readText(root: string, file: string): string {
  try {
    return readFileSync(join(root, file), "utf8");
  } catch (error) {
    throw new ContractError(file, `cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/** Where a part of a source stands: `file:line`. */
type LineOf = (path: readonly (string | number)[]) => string;

function parseYaml<T>(file: string, text: string): { value: T; lineOf: LineOf } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw new ContractError(`${file}:${lines.linePos(problem.pos[0]).line}`, problem.message);
  const value: unknown = document.toJS();
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ContractError(`${file}:1`, "is no mapping.");
  const lineOf: LineOf = (path) => {
    const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
    return `${file}:${node?.range ? lines.linePos(node.range[0]).line : 1}`;
  };
  return { value: value as T, lineOf };
}

async function lint(root: string, file: string, source: string): Promise<void> {
  const config = await loadConfig({ configPath: join(root, "redocly.yaml") });
  const [problem] = await lintFromString({ source, absoluteRef: join(root, OPENAPI_FILE), config });
  if (!problem) return;
  const [location] = problem.location;
  const place =
    location && "start" in location
      ? { line: (location.start as { line: number }).line }
      : { line: lineOfPointer(source, location?.pointer) };
  throw new ContractError(
    place.line && file === OPENAPI_FILE ? `${file}:${place.line}` : `${file}${location?.pointer ?? ""}`,
    `${problem.message} (${problem.ruleId})`,
  );
}

function lineOfPointer(text: string, pointer: string | undefined): number | undefined {
  const lines = new LineCounter();
  const node = parseDocument(text, { lineCounter: lines }).getIn(stepsOf(pointer ?? ""), true) as
    | { range?: [number, number, number] }
    | undefined;
  return node?.range ? lines.linePos(node.range[0]).line : undefined;
}

/** What tools get wrong in silence, and no linter reports. */
function checkDocument(document: Document, lineOf: LineOf): void {
  if (document.jsonSchemaDialect !== "https://json-schema.org/draft/2020-12/schema") {
    throw new ContractError(
      `${OPENAPI_FILE}#/jsonSchemaDialect`,
      "must be https://json-schema.org/draft/2020-12/schema.",
    );
  }
  for (const [pointer, node] of walk(document, "#")) {
    if (typeof node.$ref === "string" && Object.keys(node).length > 1) {
      throw new ContractError(`${OPENAPI_FILE}${pointer}`, "has siblings of $ref, which tools drop.");
    }
  }
  const compile = compileSchemas(document);
  for (const name of Object.keys(document.components.schemas)) {
    try {
      compile(name);
    } catch (error) {
      throw new ContractError(`${OPENAPI_FILE}#/components/schemas/${name}`, (error as Error).message);
    }
  }
  for (const { example, value, schema, pointer } of responseExamples(document)) {
    const [violation] = findViolations(compile(schema), value);
    if (violation) {
      throw new ContractError(
        lineOf(stepsOf(pointer)),
        `the example ${example} does not conform at ${violation.pointer}: expected ${violation.expected}, got ${violation.actual}.`,
      );
    }
  }
}

function* walk(node: unknown, pointer: string): Generator<[pointer: string, node: Record<string, unknown>]> {
  if (typeof node !== "object" || node === null) return;
  if (!Array.isArray(node)) yield [pointer, node as Record<string, unknown>];
  for (const [name, child] of Object.entries(node)) yield* walk(child, `${pointer}/${toStep(name)}`);
}

/** Every response of every operation, and the component that its JSON body has. */
export function* jsonResponses(document: Document) {
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      for (const [status, response] of Object.entries(operation.responses)) {
        const media = response.content["application/json"];
        if (media) yield { path, method, status, media, schema: String(media.schema.$ref).replace(/^.*\//, "") };
      }
    }
  }
}

/** Every named example of every response, with the component that it is an example of. */
export function* responseExamples(document: Document) {
  for (const { path, method, status, media, schema } of jsonResponses(document)) {
    for (const [example, { $ref }] of Object.entries(media.examples ?? {})) {
      const found = document.components.examples[$ref.replace(/^.*\//, "")];
      if (!found) throw new ContractError(`${OPENAPI_FILE}${$ref}`, "is not there.");
      yield {
        path,
        method,
        example,
        schema,
        pointer: `${$ref}/value`,
        status: found["x-status"] ?? Number(status),
        value: found.value,
      };
    }
  }
}

const ACTION_MEMBERS = new Set(["target", "description", "update", "remove"]);

function checkOverlay(overlay: Overlay, lineOf: LineOf): void {
  const fail = (path: (string | number)[], problem: string) => {
    throw new ContractError(lineOf(path), problem);
  };
  if (!/^1\.0\.\d+$/.test(String(overlay.overlay))) fail(["overlay"], "overlay must be 1.0.0.");
  if (typeof overlay.info?.title !== "string" || typeof overlay.info.version !== "string")
    fail(["info"], "info needs a title and a version.");
  if (!Array.isArray(overlay.actions) || overlay.actions.length === 0)
    fail(["actions"], "actions must be a list that is not empty.");
  for (const [index, action] of overlay.actions.entries()) {
    const at = ["actions", index];
    const unknown = Object.keys(action ?? {}).find((name) => !ACTION_MEMBERS.has(name));
    if (unknown) fail(at, `action ${index} has no member ${unknown}.`);
    if (typeof action?.target !== "string" || !action.target.startsWith("$"))
      fail(at, `action ${index} needs a target, a JSONPath that starts with $.`);
    if (typeof action.description !== "string" || action.description === "")
      fail(at, `action ${index} needs a description of what was seen.`);
    if ("remove" in action === "update" in action || (action.remove ?? true) !== true)
      fail(at, `action ${index} needs an update, or remove: true.`);
  }
}

/** The document with the overlay applied; the document itself stays as it is. Throws {@link ContractError}. */
export async function applyOverlay(
  document: Document,
  overlay: Overlay,
  lineOf: LineOf = (path) => `${OVERLAY_FILE}#/${path.join("/")}`,
): Promise<Document> {
  let result = structuredClone(document);
  let text = JSON.stringify(result);
  for (const [index, action] of overlay.actions.entries()) {
    const { applied, complaint } = await applyAction(result, action);
    const place = lineOf(["actions", index]);
    if (complaint) throw new ContractError(place, complaint);
    const before = text;
    text = JSON.stringify(applied);
    if (text === before) throw new ContractError(place, `action ${index} changes nothing: ${action.target}`);
    result = applied;
  }
  return result;
}

async function applyAction(document: Document, action: Action): Promise<{ applied: Document; complaint?: string }> {
  const said: string[] = [];
  const log = console.error;
  // openapi-format prints what it cannot read, a JSONPath with an error in it for instance, and goes on.
  console.error = (...words: unknown[]) => said.push(words.join(" "));
  try {
    const { data, resultData } = await openapiFormat.openapiOverlay(document as never, {
      overlaySet: { overlay: "1.0.0", info: { title: "", version: "" }, actions: [structuredClone(action)] } as never,
    });
    const unused = (resultData as { unusedActions: unknown[] }).unusedActions.length > 0;
    const complaint = said[0] ?? (unused ? `the action matches nothing: ${action.target}` : undefined);
    return { applied: data as unknown as Document, ...(complaint !== undefined && { complaint }) };
  } finally {
    console.error = log;
  }
}

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

const SAMPLES = 120;
const SEED = 20251123;

/** An overlay that narrows would make a body that the page admits a violation. Throws {@link ContractError}. */
export function checkOnlyWidens(documented: Document, accepted: Document): void {
  let compile: (name: string) => SchemaValidator;
  try {
    compile = compileSchemas(accepted);
    for (const name of Object.keys(accepted.components.schemas)) compile(name);
  } catch (error) {
    throw new ContractError(OVERLAY_FILE, `the accepted contract does not compile: ${(error as Error).message}`);
  }
  for (const { schema } of jsonResponses(documented)) {
    const examples = [...responseExamples(documented)]
      .filter((each) => each.schema === schema)
      .map((each) => each.value);
    const samples = fc.sample(schemaArbitrary(documented, schema, memberNames(accepted)), {
      numRuns: SAMPLES,
      seed: SEED,
    });
    for (const body of [...examples, ...samples]) {
      const [violation] = findViolations(compile(schema), body);
      if (!violation) continue;
      const { pointer, expected, actual } = violation;
      throw new ContractError(
        `${OVERLAY_FILE} (${schema}${pointer})`,
        `an action narrows the contract: the page admits a value of type ${actual} here, the accepted contract only ${expected}.`,
      );
    }
  }
}

/** The names of all members that a document declares. */
export function memberNames(document: Document): string[] {
  return [
    ...new Set(Object.values(document.components.schemas).flatMap((schema) => Object.keys(schema.properties ?? {}))),
  ];
}
