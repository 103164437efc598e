/** Faulty variants of openapi.yaml: every operator on every place where it applies. */
import type { Document, Operation, ResponseObject } from "../../scripts/contract/document.js";
import { toPointer } from "../../src/violations.js";
import { type Edit, type Mutant, type Node, type Path, put, remove, rename } from "./mutant.js";
import { schemaMutants } from "./schema-mutants.js";

/** Makes mutants of a document. */
export function editOf(document: Document): Edit {
  return (path, operator, change) => ({
    place: toPointer(path),
    operator,
    make: () => {
      const copy = structuredClone(document);
      change(path.reduce<Node>((node, step) => node[step] as Node, copy as never));
      return copy;
    },
  });
}

export function* specMutants(edit: Edit, document: Document): Generator<Mutant<Document>> {
  yield* componentMutants(edit, document);
  yield* documentMutants(edit, document);
  for (const [path, item] of Object.entries(document.paths)) {
    yield edit(["paths"], "path changed", rename(path, path.replace("/v1", "/v2")));
    yield edit(["paths"], "another path added", (node) => put("/openai/v1/other", node[path])(node));
    for (const [method, operation] of Object.entries(item)) {
      yield edit(["paths", path], "method changed", rename(method, "put"));
      yield edit(["paths", path], "another method added", (node) => put("delete", node[method])(node));
      yield* operationMutants(edit, ["paths", path, method], operation);
    }
  }
}

const without = (edit: Edit, path: Path, name: string, what: string) =>
  edit(path, `${what} removed: ${name}`, remove(name));
const withoutItem = (edit: Edit, path: Path, name: string, index: number, what: string) =>
  edit(path, `${what} removed: ${index}`, (node) => void (node[name] as unknown[]).splice(index, 1));
const withItem = (edit: Edit, path: Path, name: string, item: unknown, operator: string) =>
  edit(path, operator, (node) => void (node[name] as unknown[]).push(item));

function* componentMutants(edit: Edit, { components }: Document): Generator<Mutant<Document>> {
  for (const [name, schema] of Object.entries(components.schemas)) {
    yield without(edit, ["components", "schemas"], name, "schema");
    yield* schemaMutants(edit, ["components", "schemas", name], schema);
  }
  for (const name of Object.keys(components.headers as Node))
    yield edit(["components", "headers", name], "header of another type", put("schema", { type: "integer" }));
  for (const [name, scheme] of Object.entries(components.securitySchemes as Record<string, Node>)) {
    const path = ["components", "securitySchemes"];
    yield without(edit, path, name, "security scheme");
    for (const member of ["in", "name", "scheme"].filter((each) => scheme[each]))
      yield edit([...path, name], `member changed: ${member}`, put(member, member === "in" ? "query" : "other"));
  }
  for (const [name, { value }] of Object.entries(components.examples)) {
    const path = ["components", "examples"];
    yield without(edit, path, name, "example");
    if (typeof (value as Node).id === "string") {
      yield edit([...path, name, "value"], "id is a number", put("id", 7));
    } else {
      yield edit([...path, name], "status changed", put("x-status", 418));
      yield edit([...path, name, "value"], "error is a list", put("error", []));
    }
  }
}

function* documentMutants(edit: Edit, document: Document): Generator<Mutant<Document>> {
  const security = document.security as object[];
  yield without(edit, [], "jsonSchemaDialect", "member");
  yield without(edit, [], "security", "member");
  for (const index of security.keys()) yield withoutItem(edit, [], "security", index, "alternative");
  for (const version of ["3.0.4", "3.1.0", "3.2.0", "2.0"])
    yield edit([], `version: ${version}`, put("openapi", version));
  for (const [index, name] of [
    [0, "apiKey"],
    [1, "entraToken"],
  ] as const)
    for (const scopes of [["jobs.cancel"], ["read", "write"]])
      yield edit(["security", String(index)], `scope: ${scopes}`, put(name, scopes));
  yield edit([], "both credentials required", put("security", [Object.assign({}, ...security)]));
  yield withItem(edit, [], "security", {}, "no credential allowed too");
  yield edit(["servers", "0"], "server changed", put("url", "https://api.example.com"));
  yield without(edit, ["servers", "0"], "variables", "member");
}

function* operationMutants(edit: Edit, path: Path, operation: Operation): Generator<Mutant<Document>> {
  for (const member of ["operationId", "summary"]) yield edit(path, `member changed: ${member}`, put(member, "other"));
  yield edit(path, "tag changed", put("tags", ["other"]));
  yield edit(path, "request body added", put("requestBody", { content: { "application/json": { schema: {} } } }));
  yield edit(path, "no credential required", put("security", []));
  const query = { name: "api-version", in: "query", schema: { type: "string" } };
  yield withItem(edit, path, "parameters", query, "parameter added");
  for (const [index, { schema }] of operation.parameters.entries()) {
    const parameter = [...path, "parameters", String(index)];
    yield withoutItem(edit, path, "parameters", index, "parameter");
    yield edit(parameter, "parameter renamed", put("name", "job_id"));
    yield edit(parameter, "parameter moved", put("in", "query"));
    yield edit(parameter, "parameter not required", put("required", false));
    yield* schemaMutants(edit, [...parameter, "schema"], schema);
  }
  for (const [status, response] of Object.entries(operation.responses)) {
    const responses = [...path, "responses"];
    yield without(edit, responses, status, "response");
    yield edit(responses, `response moved: ${status}`, rename(status, "202"));
    yield* responseMutants(edit, [...responses, status], response);
  }
}

function* responseMutants(edit: Edit, path: Path, response: ResponseObject): Generator<Mutant<Document>> {
  for (const header of Object.keys(response.headers ?? {})) yield without(edit, [...path, "headers"], header, "header");
  for (const header of Object.keys(response.headers ?? {}))
    for (const [other, reference] of Object.entries(response.headers ?? {}))
      if (other !== header)
        yield edit([...path, "headers"], `another header's $ref: ${header} as ${other}`, put(header, reference));
  yield edit([...path, "headers"], "header added", put("x-new", { schema: { type: "string" } }));
  for (const [mediaType, { examples }] of Object.entries(response.content)) {
    const media = [...path, "content", mediaType];
    yield edit([...path, "content"], "media type changed", rename(mediaType, "application/xml"));
    yield edit(media, "another body", put("schema", { $ref: "#/components/schemas/Metadata" }));
    for (const example of Object.keys(examples ?? {})) yield without(edit, [...media, "examples"], example, "example");
  }
}
