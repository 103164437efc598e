/** Checks of the operation: path, parameters, server, security and responses. */
import {
  componentName,
  type Document,
  type Operation,
  type ResponseObject,
  type Schema,
} from "../../scripts/contract/document.js";
import { dialectProblems } from "../../scripts/contract/schemas.js";
import { toPointer } from "../../src/violations.js";
import { observedErrorBodies } from "../tables/observed.js";
import { page, schemas } from "../tables/page.js";
import type { UnnamedFinding } from "./check.js";
import { operationPointer as at, broken, differences, operationOf, type SpecCheck } from "./differences.js";
import { writtenType } from "./written-type.js";

export const operationChecks = {
  operation: {
    description: "openapi.yaml is OpenAPI 3.1.1 and has the page's one operation, with its path, method, name and tag.",
    *find({ documented }) {
      const found = Object.entries(documented.paths).flatMap(([path, item]) =>
        Object.keys(item).map((method) => `${method} ${path}`),
      );
      yield* differences("/paths", "operations", found, [`${page.method} ${page.path}`]);
      yield* differences("/openapi", "version", [documented.openapi], ["3.1.1"]);
      yield* dialectProblems(documented);
      const operation = operationOf(documented);
      if (!operation) return;
      yield* differences(at("operationId"), "operationId", [operation.operationId], ["cancelFineTuningJob"]);
      yield* differences(at("summary"), "summary", [operation.summary], [page.title]);
      yield* differences(at("tags"), "tags", operation.tags as string[], [page.tag]);
    },
    witness: broken(({ documented }) => Object.assign(operationIn(documented), { summary: "Cancel" })),
  },

  parameters: {
    description: "The operation has the page's parameters: name, place, type, and whether it is required.",
    *find({ documented }) {
      const found = operationOf(documented)?.parameters ?? [];
      const write = (each: { name: string; in: string; required: boolean }, type: string) =>
        `${each.in} ${each.name}: ${type}${each.required ? ", required" : ""}`;
      yield* differences(
        at("parameters"),
        "parameters",
        found.map((each) => write(each, writtenType(documented, each.schema, schemas))),
        page.parameters.map((each) => write(each, each.type)),
      );
    },
    witness: broken(({ documented }) =>
      Object.assign(operationIn(documented).parameters[0] as object, { required: false }),
    ),
  },

  server: {
    description: "The server is the page's, with the name of the resource as its one variable.",
    *find({ documented }) {
      const servers = (documented.servers ?? []) as { url: string; variables?: object }[];
      const urls = servers.map(({ url }) => url);
      yield* differences("/servers", "servers", urls, [page.server]);
      yield* differences("/servers/0/variables", "variables", Object.keys(servers[0]?.variables ?? {}), ["resource"]);
    },
    witness: broken(({ documented }) => Object.assign(documented, { servers: [{ url: "https://example.com" }] })),
  },

  security: {
    description: "The operation accepts an API key or a bearer token, needs only one of them, and no scope.",
    *find({ documented }) {
      const schemes = (documented.components.securitySchemes ?? {}) as Record<string, Record<string, string>>;
      const write = (scheme: Record<string, string> | undefined) =>
        [scheme?.type, scheme?.in ?? "", scheme?.name ?? scheme?.scheme].join(" ");
      const expected = page.security.map(write);
      const alternatives = (documented.security ?? []) as Record<string, string[]>[];
      const found = alternatives.map((each) =>
        Object.entries(each)
          .map(([name, scopes]) => [write(schemes[name]), ...scopes].join(" with scope "))
          .join(" and "),
      );
      yield* differences("/security", "alternatives", found, expected);
      yield* differences("/components/securitySchemes", "schemes", Object.values(schemes).map(write), expected);
    },
    witness: broken(({ documented }) => Object.assign(documented, { security: [{ apiKey: [], entraToken: [] }] })),
  },

  "closed-objects": {
    description: "No object of a contract has a member of OpenAPI that this contract does without, such as callbacks.",
    *find({ documented, accepted }) {
      const found = [...strangersIn(documented), ...strangersIn(accepted)];
      yield* new Map(found.map((each) => [each.pointer, each])).values();
    },
    witness: broken(({ documented }) => Object.assign(operationIn(documented), { deprecated: true })),
  },

  responses: {
    description: "Both contracts have the page's responses: statuses, bodies, headers and media types.",
    *find({ documented, accepted }) {
      yield* headerProblems(documented);
      yield* compareResponses(documented, {});
      yield* compareResponses(accepted, observedErrorBodies);
    },
    witness: broken(({ documented }) => delete operationIn(documented).responses.default),
  },
} satisfies Record<string, SpecCheck>;

const operationIn = (document: Document) => operationOf(document) as Operation;

const OPERATION = `/paths/*/${page.method}`;
/** The members that each kind of object may have, by its place; `*` stands for any name. Schemas have their own check. */
const MEMBERS: Record<string, string[]> = Object.fromEntries(
  Object.entries({
    "": "openapi jsonSchemaDialect info servers security tags paths components",
    "/info": "title version summary description license",
    "/info/license": "name identifier",
    "/servers/*": "url description variables",
    "/servers/*/variables/*": "default",
    "/tags/*": "name description",
    "/paths/*": page.method,
    [OPERATION]: "operationId tags summary description parameters responses",
    [`${OPERATION}/parameters/*`]: "name in required description schema example",
    [`${OPERATION}/responses/*`]: "description headers content",
    [`${OPERATION}/responses/*/headers/*`]: "$ref",
    [`${OPERATION}/responses/*/content/*`]: "schema examples",
    [`${OPERATION}/responses/*/content/*/examples/*`]: "$ref",
    "/components": "securitySchemes headers schemas examples",
    "/components/securitySchemes/*": "type in name scheme description",
    "/components/headers/*": "description schema example",
    "/components/examples/*": "summary x-status value",
  }).map(([place, names]) => [place, names.split(" ")]),
);

/** The members that {@link MEMBERS} does not allow. */
function* strangersIn(document: Document): Iterable<UnnamedFinding> {
  for (const [place, allowed] of Object.entries(MEMBERS))
    for (const [pointer, node] of nodesAt(document, place.split("/").slice(1)))
      for (const name of Object.keys(node))
        if (!allowed.includes(name))
          yield {
            pointer: pointer + toPointer([name]),
            message: `must not be there: only ${allowed.join(", ")} may be`,
          };
}

/** The objects at a place, each with its pointer. */
function nodesAt(node: unknown, [step, ...rest]: string[], pointer = ""): [pointer: string, node: object][] {
  if (typeof node !== "object" || node === null) return [];
  if (step === undefined) return [[pointer, node]];
  return Object.entries(node)
    .filter(([name]) => step === "*" || name === step)
    .flatMap(([name, child]) => nodesAt(child, rest, pointer + toPointer([name])));
}

/** A body that is not JSON, as the contract writes it: a response without a body is an empty text. */
const BODIES: Record<string, { mediaType: string; media: object }> = {
  "text/plain": { mediaType: "text/plain", media: { schema: { type: "string" } } },
  "text/html": { mediaType: "text/html", media: { schema: { type: "string" } } },
  empty: { mediaType: "text/plain", media: { schema: { type: "string", maxLength: 0 } } },
};

/** Compares the responses with the page's, and with those of the statuses that have been seen with another body. */
function* compareResponses(document: Document, observed: typeof observedErrorBodies): Iterable<UnnamedFinding> {
  const responses = operationOf(document)?.responses ?? {};
  const statuses = [...page.statuses, ...Object.keys(observed)];
  yield* differences(at("responses"), "responses", Object.keys(responses), statuses);
  for (const status of statuses) {
    const response = responses[status];
    if (!response) continue;
    const { body, headers } = page.responses[status === "200" ? status : "default"];
    const here = at(`responses/${status}`);
    const content = `${here}/content`;
    yield* differences(here, "members", Object.keys(response), ["description", "headers", "content"]);
    yield* differences(`${here}/headers`, "headers", headersOf(response), headers);
    const other = BODIES[observed[status] ?? ""];
    const mediaTypes = ["application/json", ...(other ? [other.mediaType] : [])];
    yield* differences(content, "media types", Object.keys(response.content), mediaTypes);
    const json = componentName(response.content["application/json"]?.schema.$ref);
    yield* differences(`${content}/application~1json/schema`, "body", [json], [body]);
    if (other && JSON.stringify(response.content[other.mediaType]) !== JSON.stringify(other.media))
      yield { pointer: content, message: `${other.mediaType} must be ${JSON.stringify(other.media)}` };
  }
}

/** Each header's name; the component that it refers to has the same, without `x-`. */
function headersOf(response: ResponseObject): string[] {
  return Object.entries(response.headers ?? {}).map(([name, header]) => {
    const { $ref } = header as Schema;
    const component = name.replace(/^x-/, "").replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
    return $ref === `#/components/headers/${component}` ? name : `${name} as ${$ref}`;
  });
}

function* headerProblems({ components }: Document): Iterable<UnnamedFinding> {
  for (const [name, { schema }] of Object.entries((components.headers ?? {}) as Record<string, { schema: Schema }>))
    if (JSON.stringify(schema) !== '{"type":"string"}')
      yield { pointer: `/components/headers/${name}`, message: "is not a plain string" };
}
