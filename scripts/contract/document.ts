/** The parts of an OpenAPI document and of an overlay that this project reads. */
import type { AnySchemaObject } from "ajv";

export type Schema = AnySchemaObject;

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

/** An overlay action: it has either `update` or `remove`. */
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
  /** openapi.yaml: what the reference page says. */
  documented: Document;
  overlay: Overlay;
  /** openapi.yaml with the overlay applied: what services may send. */
  accepted: Document;
}

/** A problem in one of the YAML files, or in writing what is made of them. The message is one line: the place, then the problem. */
export class ContractError extends Error {
  override readonly name = "ContractError";

  constructor(place: string, problem: string) {
    super(`${place}: ${problem.replace(/\s*\n\s*/g, " ")}`);
  }
}

export const OPENAPI_FILE = "openapi.yaml";
export const OVERLAY_FILE = "observed.overlay.yaml";

/** One problem in a document or in a response. */
export interface Problem {
  /** Where, as a JSON pointer (RFC 6901); empty for the whole. */
  readonly pointer: string;
  readonly message: string;
}

/** The component's name: the last step of `$ref`. */
export function componentName($ref: unknown): string {
  return String($ref).replace(/^.*\//, "");
}

/** Every response with a JSON body, and the name of the component that describes the body. */
export function* jsonResponses(document: Document) {
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      for (const [status, response] of Object.entries(operation.responses)) {
        const media = response.content["application/json"];
        if (media) yield { path, method, status, media, schema: componentName(media.schema.$ref) };
      }
    }
  }
}

/** Every named example of every response, and the name of the component that it illustrates. */
export function* responseExamples(document: Document) {
  for (const { path, method, status, media, schema } of jsonResponses(document)) {
    for (const [example, { $ref }] of Object.entries(media.examples ?? {})) {
      const found = document.components.examples[componentName($ref)];
      if (!found) throw new ContractError(`${OPENAPI_FILE}${$ref}`, "does not exist.");
      yield {
        path,
        method,
        example,
        schema,
        pointer: `${$ref.replace("#", "")}/value`,
        status: found["x-status"] ?? Number(status),
        value: found.value,
      };
    }
  }
}

/** The names of all members that the document declares, without duplicates. */
export function memberNames(document: Document): string[] {
  return [
    ...new Set(Object.values(document.components.schemas).flatMap((schema) => Object.keys(schema.properties ?? {}))),
  ];
}
