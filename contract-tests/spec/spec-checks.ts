/** Checks of the contract itself: each is a plain function from both documents to findings; none for a good contract. */
import {
  type Contract,
  componentName,
  type Document,
  type Operation,
  type Problem,
  type ResponseObject,
  responseExamples,
  type Schema,
} from "../../scripts/contract/document.js";
import { compileSchemas, dialectProblems, exampleProblems, schemaProblems } from "../../scripts/contract/schemas.js";
import { type SchemaValidator, stepsOf } from "../../src/violations.js";
import { admits, cases, type Table } from "../tables/bodies.js";
import { errorMediaTypes, observedSchemas } from "../tables/observed.js";
import { branches, exampleStatuses, metadata, page, schemas } from "../tables/page.js";
import type { Finding } from "./finding.js";

type Check = (contract: Contract) => Finding[];

const ROOTS = ["FineTuningJob", "ErrorResponse"];

const checks: Record<string, (contract: Contract) => Iterable<Problem>> = {
  /** Path, method, names and texts of the one operation, and that there is no other. */
  *operation({ documented }) {
    const found = Object.entries(documented.paths).flatMap(([path, item]) =>
      Object.keys(item).map((key) => `${key} ${path}`),
    );
    yield* differ("/paths", "operations", found, [`${page.method} ${page.path}`]);
    const operation = operationOf(documented);
    if (!operation) return;
    yield* differ(at("operationId"), "operationId", [operation.operationId], ["cancelFineTuningJob"]);
    yield* differ(at("summary"), "summary", [operation.summary], [page.title]);
    yield* differ(at("tags"), "tags", operation.tags as string[], [page.tag]);
    if ("requestBody" in operation) yield [at("requestBody"), "the page has no request body"];
    yield* dialectProblems(documented);
  },

  *parameters({ documented }) {
    const found = operationOf(documented)?.parameters ?? [];
    const write = (each: { name: string; in: string; required: boolean }, type: string) =>
      `${each.in} ${each.name}: ${type}${each.required ? ", required" : ""}`;
    yield* differ(
      at("parameters"),
      "parameters",
      found.map((each) => write(each, writtenType(documented, each.schema, schemas))),
      page.parameters.map((each) => write(each, each.type)),
    );
  },

  *server({ documented }) {
    const servers = documented.servers as { url: string; variables?: Record<string, unknown> }[] | undefined;
    yield* differ(
      "/servers",
      "servers",
      (servers ?? []).map(({ url }) => url),
      [page.server],
    );
    yield* differ("/servers/0/variables", "variables", Object.keys(servers?.[0]?.variables ?? {}), ["resource"]);
  },

  /** Both schemes, each enough by itself, for the operation. */
  *security({ documented }) {
    const schemes = (documented.components.securitySchemes ?? {}) as Record<string, Record<string, string>>;
    const write = (scheme: Record<string, string> | undefined) =>
      [scheme?.type, scheme?.in ?? "", scheme?.name ?? scheme?.scheme].join(" ");
    const alternatives = (operationOf(documented)?.security ?? documented.security ?? []) as Record<string, string[]>[];
    yield* differ(
      "/security",
      "alternatives",
      alternatives.map((each) =>
        Object.keys(each)
          .map((name) => write(schemes[name]))
          .join(" and "),
      ),
      page.security.map(write),
    );
    yield* differ(
      "/components/securitySchemes",
      "schemes",
      Object.values(schemes).map(write),
      page.security.map(write),
    );
  },

  /** The statuses, bodies, media types and headers of both contracts. */
  *responses({ documented, accepted }) {
    for (const [document, mediaTypes] of [
      [documented, ["application/json"]],
      [accepted, errorMediaTypes],
    ] as const) {
      const responses = operationOf(document)?.responses ?? {};
      yield* differ(at("responses"), "responses", Object.keys(responses), [...page.statuses]);
      for (const [status, { body, headers }] of Object.entries(page.responses)) {
        const response = responses[status];
        if (!response) continue;
        const here = at(`responses/${status}`);
        yield* differ(`${here}/headers`, "headers", headersOf(document, response), headers);
        const html = response.content["text/html"];
        if (html && JSON.stringify(html) !== '{"schema":{"type":"string"}}')
          yield [`${here}/content/text~1html`, "a page is a string"];
        yield* differ(
          `${here}/content`,
          "media types",
          Object.keys(response.content),
          status === "200" ? ["application/json"] : mediaTypes,
        );
        yield* differ(
          `${here}/content/application~1json/schema`,
          "body",
          [componentName(response.content["application/json"]?.schema.$ref)],
          [body],
        );
      }
    }
  },

  /** openapi.yaml has every member of the page, as the page has it, and no other. */
  *"documented-members"({ documented }) {
    yield* compareMembers(documented, schemas);
  },

  /** The accepted contract has every difference that was seen, and no other. */
  *"accepted-members"({ accepted }) {
    yield* compareMembers(accepted, observedSchemas);
  },

  /** openapi.yaml admits the bodies that the page admits, and refuses those that it does not. */
  *"documented-bodies"({ documented }) {
    yield* compareBodies(documented, schemas);
  },

  /** The accepted contract admits the bodies that were seen as well, and refuses all others. */
  *"accepted-bodies"({ accepted }) {
    yield* compareBodies(accepted, observedSchemas);
  },

  /** Every named example conforms to both contracts, and there is one for each status that a mock should answer with. */
  *examples({ documented, accepted }) {
    const found = [...responseExamples(documented)];
    for (const document of [documented, accepted]) yield* exampleProblems(document);
    for (const { example, schema, value, pointer } of found) {
      if (schema === "FineTuningJob" && !admits(schemas, schema, value))
        yield [pointer, `${example} is no job as the page has it`];
    }
    const statuses = found.filter(({ schema }) => schema === "ErrorResponse").map(({ status }) => String(status));
    yield* differ("/components/examples", "statuses with an example", statuses, exampleStatuses.map(String));
    const jobs = found.filter(({ schema }) => schema === "FineTuningJob").map(({ example }) => example);
    yield* differ("/components/examples", "examples of a job", jobs, EXAMPLES);
    yield* differ(
      "/components/examples",
      "examples in use",
      found.map(({ pointer }) => stepsOf(pointer)[2]),
      Object.keys(documented.components.examples),
    );
  },

  /** No tool may pass over a part of a schema in silence: every one compiles with Ajv 2020 in strict mode. */
  *compiles({ documented, accepted }) {
    for (const document of [documented, accepted]) yield* schemaProblems(document);
  },

  /** Each description says something, and says it of an object of this contract. */
  *descriptions({ documented, accepted, overlay }) {
    for (const document of [documented, accepted]) {
      for (const [name, schema] of Object.entries(document.components.schemas)) {
        if (!schema.description) yield [`/components/schemas/${name}`, "has no description"];
        for (const [member, { description }] of Object.entries<Schema>(schema.properties ?? {})) {
          if (!description) yield [`/components/schemas/${name}/properties/${member}`, "has no description"];
        }
      }
    }
    for (const [index, { description }] of overlay.actions.entries()) {
      if (!description) yield [`/actions/${index}`, "has no description"];
    }
  },
};

/** Every named check. */
export const specChecks: Record<string, Check> = Object.fromEntries(
  Object.entries(checks).map(([check, find]) => [
    check,
    (contract) => {
      try {
        return Array.from(
          find(contract),
          ([pointer, message]) => ({ check, verdict: "violation", pointer, message }) as const,
        );
      } catch (error) {
        // A document so broken that it cannot be looked at is no good contract either.
        return [{ check, verdict: "violation", pointer: "", message: (error as Error).message }];
      }
    },
  ]),
);

/** The kinds of job of which the contract shows one. */
const EXAMPLES = [
  "cancelledWhileQueued",
  "cancelledWhileRunning",
  "cancelledDpo",
  "cancelledReinforcement",
  "cancelledWithIntegration",
  "alreadyFailed",
];

function operationOf(document: Document): Operation | undefined {
  return document.paths[page.path]?.[page.method];
}

function at(part: string): string {
  return `/paths/${page.path.replaceAll("/", "~1")}/${page.method}/${part}`;
}

/** What is missing and what is too much, of two lists without order. */
function* differ(
  pointer: string,
  what: string,
  found: readonly unknown[],
  wanted: readonly unknown[],
): Iterable<Problem> {
  for (const each of wanted) if (!found.includes(each)) yield [pointer, `${what}: ${String(each)} is missing`];
  for (const each of found) if (!wanted.includes(each)) yield [pointer, `${what}: ${String(each)} is not documented`];
  if (new Set(found).size !== found.length) yield [pointer, `${what}: one stands twice`];
}

function headersOf(document: Document, response: ResponseObject): string[] {
  const components = (document.components.headers ?? {}) as Record<string, { schema: Schema }>;
  return Object.entries(response.headers ?? {}).map(([name, header]) => {
    const { schema } = components[componentName((header as Schema).$ref)] ?? {};
    return JSON.stringify(schema) === '{"type":"string"}' ? name : `${name}, not a plain string`;
  });
}

const OBJECT_KEYWORDS = new Set(["type", "description", "required", "properties"]);

/** Compares each schema with the table, both ways, down to the last keyword. */
function* compareMembers(document: Document, table: Table): Iterable<Problem> {
  for (const [schema, members] of Object.entries(table)) {
    const here = `/components/schemas/${schema}`;
    const found = document.components.schemas[schema];
    if (!found) {
      yield [here, "is missing"];
      continue;
    }
    if (found.type !== "object") yield [`${here}/type`, `is ${JSON.stringify(found.type)}, not object`];
    for (const keyword of Object.keys(found))
      if (!OBJECT_KEYWORDS.has(keyword)) yield [`${here}/${keyword}`, "is not documented"];
    const properties: Record<string, Schema> = found.properties ?? {};
    yield* differ(
      `${here}/properties`,
      "members",
      Object.keys(properties),
      members.map(({ name }) => name),
    );
    yield* differ(
      `${here}/required`,
      "required members",
      found.required ?? [],
      members.filter((each) => each.required).map(({ name }) => name),
    );
    for (const { name, type } of members) {
      const property = properties[name];
      if (property)
        yield* differ(
          `${here}/properties/${name}`,
          "types",
          branches(writtenType(document, property, table)),
          branches(type),
        );
    }
  }
  const { pairs, keyLength, valueLength } = metadata;
  const { description: _, ...limits } = document.components.schemas[metadata.name] ?? {};
  const wanted = {
    type: "object",
    maxProperties: pairs,
    propertyNames: { maxLength: keyLength },
    additionalProperties: { type: "string", maxLength: valueLength },
  };
  if (JSON.stringify(limits) !== JSON.stringify(wanted))
    yield [`/components/schemas/${metadata.name}`, "has other limits than documented"];
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    // A schema that the page does not name may stand for a union that members share; it has no members of its own.
    if (!table[name] && name !== metadata.name && !schema.oneOf)
      yield [`/components/schemas/${name}`, "is not documented"];
  }
}

/** A schema in the notation of the table. What the notation cannot say is said in words, and so differs from any table. */
function writtenType(document: Document, schema: Schema, table: Table): string {
  const { description: _, ...rest } = schema;
  const [keywords, values] = [Object.keys(rest).sort().join(), rest.enum as unknown[] | undefined];
  switch (keywords) {
    case "":
      return "unknown";
    case "$ref": {
      const name = componentName(rest.$ref);
      if (table[name] || name === metadata.name) return name;
      return writtenType(document, document.components.schemas[name] ?? { missing: name }, table);
    }
    case "oneOf":
      return (rest.oneOf as Schema[]).map((branch) => writtenType(document, branch, table)).join(" | ");
    case "enum,type":
      if (rest.type === "string") return (values ?? []).map((value) => JSON.stringify(value)).join(" | ");
      break;
    case "items,type":
      return [rest.type]
        .flat()
        .map((type: string) => (type === "array" ? `${writtenType(document, rest.items, table)}[]` : type))
        .join(" | ");
    // Without the keyword it would mean the same, but not to those who make types of it.
    case "additionalProperties,type":
      if (rest.additionalProperties !== true) break;
      return [rest.type].flat().join(" | ");
    case "type":
      if ([rest.type].flat().includes("object")) return "an object that makes closed types";
      return [rest.type].flat().join(" | ");
  }
  return `a schema with ${keywords}`;
}

const MOST_BODIES_TOLD = 5;

/** Holds a document to bodies that come from the table alone. */
function* compareBodies(document: Document, table: Table): Iterable<Problem> {
  const compile = compileSchemas(document);
  for (const root of ROOTS) {
    const validate: SchemaValidator = compile(root);
    const wrong = casesOf(table, root).filter(({ body, good }) => validate(body) !== good);
    for (const { label, good } of wrong.slice(0, MOST_BODIES_TOLD)) {
      yield [
        `/components/schemas/${root}`,
        `${good ? "refuses" : "admits"} what it must ${good ? "admit" : "refuse"}: ${label}`,
      ];
    }
  }
}

const made = new Map<string, ReturnType<typeof cases>>();

/** The bodies are the same for every document, so they are made once. */
function casesOf(table: Table, root: string): ReturnType<typeof cases> {
  const key = `${root} ${table === schemas}`;
  const found = made.get(key) ?? cases(table, root, [schemas, observedSchemas]);
  made.set(key, found);
  return found;
}
