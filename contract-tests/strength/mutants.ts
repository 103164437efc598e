/** Wrong contracts, made from the right one: every operator on every place. The suite has to notice each. */
import type { Action, Document, Overlay, Schema } from "../../scripts/contract/document.js";

/** One lie: where it is told, what was done, and the document that tells it. */
export interface Mutant<T> {
  readonly place: string;
  readonly operator: string;
  readonly make: () => T;
}

type Node = Record<string, unknown>;

const TYPES = ["string", "integer", "number", "boolean", "object", "array"];

const put = (name: string, value: unknown) => (node: Node) => {
  node[name] = value;
};

/** Every applicable operator on every place of openapi.yaml. */
export function* specMutants(document: Document): Generator<Mutant<Document>> {
  /** A mutant in which the node at `path` was changed. */
  const at = (path: readonly string[], operator: string, change: (node: Node) => void): Mutant<Document> => ({
    place: `/${path.map((step) => step.replaceAll("/", "~1")).join("/")}`,
    operator,
    make: () => {
      const copy = structuredClone(document);
      change(path.reduce<Node>((node, step) => node[step] as Node, copy as never));
      return copy;
    },
  });
  const without = (path: readonly string[], name: string, what: string) =>
    at(path, `${what} ${name} removed`, (node) => void delete node[name]);

  for (const [name, schema] of Object.entries(document.components.schemas)) {
    const path = ["components", "schemas", name];
    yield without(["components", "schemas"], name, "schema");
    yield* schemaMutants(at, path, schema);
    const required: string[] = schema.required ?? [];
    for (const member of Object.keys(schema.properties ?? {})) {
      yield at([...path, "properties"], `member ${member} removed`, (node) => void delete node[member]);
      yield at([...path, "properties"], `member ${member} renamed`, (node) => {
        node[`${member}_`] = node[member];
        delete node[member];
      });
      const isRequired = required.includes(member);
      yield at(path, `${member} ${isRequired ? "no longer" : "now"} required`, (node) => {
        node.required = isRequired ? required.filter((each) => each !== member) : [...required, member];
      });
      yield* schemaMutants(at, [...path, "properties", member], schema.properties[member]);
    }
    if (schema.properties) {
      yield at([...path, "properties"], "member x_new added", put("x_new", { description: "New.", type: "string" }));
      if (schema.required) yield at(path, "required dropped whole", (node) => void delete node.required);
    }
  }
  yield* operationMutants(at, without, document);
}

type At = (path: readonly string[], operator: string, change: (node: Node) => void) => Mutant<Document>;

/** What can be wrong with one schema. */
function* schemaMutants(at: At, path: readonly string[], schema: Schema): Generator<Mutant<Document>> {
  const set = (keyword: string, value: unknown) =>
    at(path, `${keyword}: ${JSON.stringify(value)}`, put(keyword, value));
  const drop = (keyword: string) => at(path, `${keyword} dropped`, (node) => void delete node[keyword]);
  if (schema.type !== undefined) {
    const types: string[] = [schema.type].flat();
    const other = TYPES.filter((type) => !types.includes(type));
    for (const type of other) yield set("type", types.length === 1 ? type : [type, ...types.slice(1)]);
    for (const type of [...other, ...(types.includes("null") ? [] : ["null"])]) yield set("type", [...types, type]);
    if (types.length > 1)
      for (const type of types)
        yield set(
          "type",
          types.filter((each) => each !== type),
        );
    yield drop("type");
  }
  if (schema.enum) {
    for (const value of schema.enum) {
      if (schema.enum.length > 1)
        yield set(
          "enum",
          schema.enum.filter((each: unknown) => each !== value),
        );
      yield set(
        "enum",
        schema.enum.map((each: unknown) => (each === value ? `${value}_` : each)),
      );
    }
    yield set("enum", [...schema.enum, "another"]);
    yield drop("enum");
  }
  if (schema.oneOf) {
    for (const index of schema.oneOf.keys()) {
      if (schema.oneOf.length > 1)
        yield set(
          "oneOf",
          schema.oneOf.filter((_: unknown, each: number) => each !== index),
        );
      yield* schemaMutants(at, [...path, "oneOf", String(index)], schema.oneOf[index]);
    }
    yield set("oneOf", [...schema.oneOf, { type: "boolean" }]);
    if (!schema.oneOf.some((branch: Schema) => branch.type === "null"))
      yield set("oneOf", [...schema.oneOf, { type: "null" }]);
    yield drop("oneOf");
  }
  if (schema.$ref)
    yield set(
      "$ref",
      "#/components/schemas/Metadata".replace(
        "Metadata",
        schema.$ref.endsWith("/Metadata") ? "ErrorDetail" : "Metadata",
      ),
    );
  if (schema.items) {
    yield drop("items");
    yield* schemaMutants(at, [...path, "items"], schema.items);
  }
  if (schema.properties) yield set("additionalProperties", false);
  for (const limit of ["maxProperties", "maxLength"]) {
    if (schema[limit] === undefined) continue;
    yield set(limit, schema[limit] - 1);
    yield set(limit, schema[limit] + 1);
    yield drop(limit);
  }
  for (const keyword of ["propertyNames", "additionalProperties"]) {
    if (schema[keyword] === undefined) continue;
    yield drop(keyword);
    if (typeof schema[keyword] === "object") yield* schemaMutants(at, [...path, keyword], schema[keyword]);
  }
  const types = [schema.type].flat();
  if (types.includes("string") && !schema.enum && !schema.maxLength) {
    yield set("minLength", 1);
    yield set("pattern", "^[a-z]");
  }
  if (types.includes("integer") || types.includes("number")) yield set("minimum", 0);
}

/** What can be wrong around the schemas. */
function* operationMutants(
  at: At,
  without: (path: readonly string[], name: string, what: string) => Mutant<Document>,
  document: Document,
): Generator<Mutant<Document>> {
  yield without([], "jsonSchemaDialect", "member");
  yield without([], "security", "member");
  for (const index of (document.security as unknown[]).keys()) {
    yield at(
      [],
      `alternative ${index} of security dropped`,
      (node) => void (node.security as unknown[]).splice(index, 1),
    );
  }
  yield at([], "both credentials demanded", (node) => {
    node.security = [Object.assign({}, ...(node.security as object[]))];
  });
  yield at([], "no credential allowed too", (node) => void (node.security as unknown[]).push({}));
  yield at(["servers", "0"], "server changed", put("url", "https://api.example.com"));
  yield without(["servers", "0"], "variables", "member");
  for (const [name, scheme] of Object.entries(document.components.securitySchemes as Record<string, Node>)) {
    const path = ["components", "securitySchemes"];
    yield without(path, name, "security scheme");
    for (const member of ["in", "name", "scheme"]) {
      if (scheme[member])
        yield at([...path, name], `${member} changed`, put(member, member === "in" ? "query" : "other"));
    }
  }
  for (const [url, item] of Object.entries(document.paths)) {
    yield at(["paths"], "path changed", (node) => {
      node[url.replace("/v1", "/v2")] = node[url];
      delete node[url];
    });
    yield at(["paths"], "another path added", (node) => {
      node["/openai/v1/other"] = node[url];
    });
    for (const [method, operation] of Object.entries(item)) {
      const path = ["paths", url, method];
      yield at(["paths", url], "method changed", (node) => {
        node.put = node[method];
        delete node[method];
      });
      yield at(["paths", url], "another method added", (node) => {
        node.delete = node[method];
      });
      for (const member of ["operationId", "summary"]) yield at(path, `${member} changed`, put(member, "other"));
      yield at(path, "tag changed", put("tags", ["other"]));
      yield at(path, "request body added", put("requestBody", { content: { "application/json": { schema: {} } } }));
      yield at(path, "no credential demanded", put("security", []));
      for (const index of operation.parameters.keys()) {
        yield at(path, `parameter ${index} removed`, (node) => void (node.parameters as unknown[]).splice(index, 1));
        const parameter = [...path, "parameters", String(index)];
        yield at(parameter, "parameter renamed", put("name", "job_id"));
        yield at(parameter, "parameter moved", put("in", "query"));
        yield at(parameter, "parameter not required", put("required", false));
        yield* schemaMutants(at, [...parameter, "schema"], operation.parameters[index]?.schema as Schema);
      }
      yield at(
        path,
        "parameter added",
        (node) =>
          void (node.parameters as unknown[]).push({ name: "api-version", in: "query", schema: { type: "string" } }),
      );
      for (const [status, response] of Object.entries(operation.responses)) {
        const here = [...path, "responses"];
        yield without(here, status, "response");
        yield at(here, `response ${status} moved`, (node) => {
          node["202"] = node[status];
          delete node[status];
        });
        for (const header of Object.keys(response.headers ?? {}))
          yield without([...here, status, "headers"], header, "header");
        yield at([...here, status, "headers"], "header added", put("x-new", { schema: { type: "string" } }));
        for (const [mediaType, media] of Object.entries(response.content)) {
          yield at([...here, status, "content"], "media type changed", (node) => {
            node["application/xml"] = node[mediaType];
            delete node[mediaType];
          });
          yield at(
            [...here, status, "content", mediaType],
            "another body",
            put("schema", { $ref: "#/components/schemas/Metadata" }),
          );
          for (const example of Object.keys(media.examples ?? {}))
            yield without([...here, status, "content", mediaType, "examples"], example, "example");
        }
      }
    }
  }
  for (const header of Object.keys(document.components.headers as object)) {
    yield at(["components", "headers", header], "type changed", put("schema", { type: "integer" }));
  }
  for (const [name, { value }] of Object.entries(document.components.examples)) {
    const path = ["components", "examples"];
    yield without(path, name, "example");
    if (typeof (value as Node).id === "string") yield at([...path, name, "value"], "id is a number", put("id", 7));
    else {
      yield at([...path, name], "status changed", put("x-status", 418));
      yield at([...path, name, "value"], "error is a list", put("error", []));
    }
  }
}

/** Each action of the overlay left out, cut down, and gone too far. */
export function* overlayMutants(overlay: Overlay): Generator<Mutant<Overlay>> {
  for (const [index, action] of overlay.actions.entries()) {
    const place = `/actions/${index}`;
    const changed = (operator: string, ...instead: Action[]): Mutant<Overlay> => ({
      place,
      operator,
      make: () => {
        const copy = structuredClone(overlay);
        copy.actions.splice(index, 1, ...instead);
        return copy;
      },
    });
    yield changed(`removed: ${action.description}`);
    yield changed("description emptied", { ...action, description: "" });
    if (action.remove) {
      // The whole list goes, where one name should.
      const target = action.target.replace(/\[\?.*$/, "");
      if (target !== action.target) yield changed("widened to all of required", { ...action, target });
      continue;
    }
    for (const [member, value] of Object.entries(action.update as Node)) {
      if (member === "description") continue;
      const update = (instead: unknown) => ({ ...action, update: { ...(action.update as Node), [member]: instead } });
      if (!Array.isArray(value)) {
        yield changed(`${member} narrowed to a number`, update({ ...(value as Node), type: "number" }));
        yield changed(`${member} declared under another name`, { ...action, update: { [`${member}_`]: value } });
        continue;
      }
      yield changed(`${member} narrowed to nothing`, update([]));
      yield changed(
        `${member} widened`,
        update([...value, member === "oneOf" ? { type: "boolean" } : member === "type" ? "boolean" : "another"]),
      );
    }
    const names = /\['(\w+)'(?:,'\w+')+\]$/.exec(action.target);
    if (names)
      yield changed("narrowed to one of its members", {
        ...action,
        target: action.target.replace(/\[[^[]*\]$/, `.${names[1]}`),
      });
  }
}
