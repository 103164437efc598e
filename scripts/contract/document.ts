/** An OpenAPI document and an overlay, as far as this project reads them. */
import type { AnySchemaObject } from "ajv";

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

/** What is wrong with a document: where, as a JSON pointer, and what, in words. */
export type Problem = [pointer: string, message: string];

/** The name of the component that `$ref` names; the pointer's last step. */
export function componentName($ref: unknown): string {
  return String($ref).replace(/^.*\//, "");
}

/** Every response of every operation, and the component that its JSON body has. */
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

/** Every named example of every response, with the component that it is an example of. */
export function* responseExamples(document: Document) {
  for (const { path, method, status, media, schema } of jsonResponses(document)) {
    for (const [example, { $ref }] of Object.entries(media.examples ?? {})) {
      const found = document.components.examples[componentName($ref)];
      if (!found) throw new ContractError(`${OPENAPI_FILE}${$ref}`, "is not there.");
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

/** The names of all members that a document declares. */
export function memberNames(document: Document): string[] {
  return [
    ...new Set(Object.values(document.components.schemas).flatMap((schema) => Object.keys(schema.properties ?? {}))),
  ];
}
