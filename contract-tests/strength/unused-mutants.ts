/** Members of OpenAPI that the contract does without, each put where OpenAPI allows it. */
import type { Document, Operation } from "../../scripts/contract/document.js";
import type { Edit, Mutant, Node, Path } from "./mutant.js";
import { put } from "./mutant.js";

const SERVERS = [{ url: "https://example.com" }];
const SCHEMA = { type: "string" };

/** For each kind of object, members that OpenAPI 3.1 knows and the contract does not use. */
const UNUSED = {
  document: { webhooks: { cancelled: {} }, externalDocs: { url: "https://example.com" } },
  info: { termsOfService: "https://example.com", contact: { name: "Someone" } },
  license: { url: "https://example.com" },
  server: { "x-region": "eu" },
  variable: { enum: ["my-resource"], description: "A resource." },
  tag: { externalDocs: { url: "https://example.com" } },
  path: { servers: SERVERS, parameters: [{ name: "a", in: "query", schema: SCHEMA }], summary: "A job", get: {} },
  operation: {
    servers: SERVERS,
    callbacks: { done: {} },
    deprecated: true,
    externalDocs: { url: "https://example.com" },
    security: [{ apiKey: [] }],
    requestBody: { content: {} },
  },
  parameter: { allowReserved: true, deprecated: true, allowEmptyValue: true, style: "label", explode: true },
  response: { links: { again: { operationId: "cancelFineTuningJob" } } },
  mediaType: { encoding: {}, example: {} },
  headerReference: { description: "An id.", required: true },
  header: { required: true, deprecated: true, style: "simple", explode: true },
  example: { externalValue: "https://example.com", description: "A job." },
  securityScheme: { bearerFormat: "JWT", flows: {}, openIdConnectUrl: "https://example.com" },
  components: { parameters: {}, responses: {}, requestBodies: {}, links: {}, callbacks: {}, pathItems: {} },
} satisfies Record<string, Node>;

export function* unusedMutants(edit: Edit, document: Document): Generator<Mutant<Document>> {
  for (const [kind, path] of placesOf(document))
    for (const [member, value] of Object.entries({ ...UNUSED[kind], "x-other": true }))
      yield edit(path, `${kind}: ${member}`, put(member, value));
}

/** Every object of the document that is no schema: its kind and its place. */
function* placesOf({ paths, components }: Document): Generator<[kind: keyof typeof UNUSED, path: Path]> {
  yield ["document", []];
  yield ["info", ["info"]];
  yield ["license", ["info", "license"]];
  yield ["server", ["servers", "0"]];
  yield ["variable", ["servers", "0", "variables", "resource"]];
  yield ["tag", ["tags", "0"]];
  yield ["components", ["components"]];
  for (const [part, kind] of [
    ["headers", "header"],
    ["examples", "example"],
    ["securitySchemes", "securityScheme"],
  ] as const)
    for (const name of Object.keys(components[part] as Node)) yield [kind, ["components", part, name]];
  for (const [path, item] of Object.entries(paths)) {
    yield ["path", ["paths", path]];
    for (const [method, operation] of Object.entries(item)) yield* placesIn(operation, ["paths", path, method]);
  }
}

function* placesIn(operation: Operation, path: Path): Generator<[kind: keyof typeof UNUSED, path: Path]> {
  yield ["operation", path];
  for (const index of operation.parameters.keys()) yield ["parameter", [...path, "parameters", String(index)]];
  for (const [status, { headers, content }] of Object.entries(operation.responses)) {
    const response = [...path, "responses", status];
    yield ["response", response];
    for (const name of Object.keys(headers ?? {})) yield ["headerReference", [...response, "headers", name]];
    for (const type of Object.keys(content)) yield ["mediaType", [...response, "content", type]];
  }
}
