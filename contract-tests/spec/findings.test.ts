import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import type { Action, Contract, Document, Operation, Schema } from "../../scripts/contract/document.js";
import { readContract } from "../../scripts/contract/read.js";
import { page } from "../tables/page.js";
import { broken, operationPointer } from "./differences.js";
import { runSpecCheck, type SpecCheckName, specChecks } from "./spec-checks.js";

/** What each check says of a contract that is wrong in one way, and where. */

let contract: Contract;
beforeAll(async () => {
  contract = await readContract(join(__dirname, "../.."));
});

type Change = (draft: Contract) => void;
const findingsOf = async (check: SpecCheckName, change: Change) =>
  (await runSpecCheck(check, broken(change)(contract))).map(
    ({ pointer, message }) => `${pointer.replace(operationPointer(""), "…/")} ${message}`,
  );

const operation = ({ paths }: Document) => paths[page.path]?.[page.method] as Operation;
const schema = ({ components }: Document, name: string) => components.schemas[name] as Schema;
const member = (document: Document, name: string) => schema(document, "FineTuningJob").properties[name] as Schema;
const response = (document: Document, status: string) =>
  operation(document).responses[status] as never as Record<string, Record<string, unknown>>;
const both =
  (change: (document: Document) => void): Change =>
  ({ documented, accepted }) => {
    change(documented);
    change(accepted);
  };
const documented =
  (change: (document: Document) => void): Change =>
  (draft) =>
    change(draft.documented);
const accepted =
  (change: (document: Document) => void): Change =>
  (draft) =>
    change(draft.accepted);

/** Gives an example's value other members. */
const exampleWith = (name: string, members: object): Change =>
  documented(({ components }) => Object.assign((components.examples[name] as { value: object }).value, members));

/** Gives an overlay action other members. */
const describing =
  (index: number, members: Partial<Action>): Change =>
  ({ overlay }) =>
    void Object.assign(overlay.actions[index] as Action, members);
/** Gives the response that an overlay action adds other members. */
const changingResponse =
  (index: number, members: object): Change =>
  ({ overlay }) => {
    const [added] = Object.values(overlay.actions[index]?.update as object);
    Object.assign(added, members);
  };

const rows: [check: SpecCheckName, what: string, change: Change, findings: string[]][] = [
  [
    "operation",
    "another operation",
    documented(({ paths }) => Object.assign(paths, { "/x": { get: {} } })),
    ["/paths operations: get /x is not in the table"],
  ],
  [
    "operation",
    "another method",
    documented(({ paths }) => Object.assign(paths[page.path] as object, { get: {} })),
    ["/paths operations: get /openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel is not in the table"],
  ],
  [
    "operation",
    "no operation",
    documented((each) => {
      each.paths = {};
    }),
    ["/paths operations: post /openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel is missing"],
  ],
  [
    "operation",
    "another version",
    documented((each) => Object.assign(each, { openapi: "3.1.0" })),
    ["/openapi version: 3.1.1 is missing", "/openapi version: 3.1.0 is not in the table"],
  ],
  [
    "operation",
    "another dialect",
    documented((each) => Object.assign(each, { jsonSchemaDialect: "https://json-schema.org/draft-07/schema" })),
    ["/jsonSchemaDialect must be https://json-schema.org/draft/2020-12/schema."],
  ],
  [
    "operation",
    "another name",
    documented((each) => Object.assign(operation(each), { operationId: "cancel" })),
    [
      "…/operationId operationId: cancelFineTuningJob is missing",
      "…/operationId operationId: cancel is not in the table",
    ],
  ],
  [
    "operation",
    "another summary",
    documented((each) => Object.assign(operation(each), { summary: "Cancel" })),
    ["…/summary summary: Cancel a fine-tuning job is missing", "…/summary summary: Cancel is not in the table"],
  ],
  [
    "operation",
    "another tag",
    documented((each) => Object.assign(operation(each), { tags: ["Jobs"] })),
    ["…/tags tags: Fine-tuning is missing", "…/tags tags: Jobs is not in the table"],
  ],
  [
    "operation",
    "a tag twice",
    documented((each) => Object.assign(operation(each), { tags: [page.tag, page.tag] })),
    ["…/tags tags: an entry is listed twice"],
  ],
  [
    "parameters",
    "an optional one",
    documented((each) => Object.assign(operation(each).parameters[0] as object, { required: false })),
    [
      "…/parameters parameters: path fine_tuning_job_id: string, required is missing",
      "…/parameters parameters: path fine_tuning_job_id: string is not in the table",
    ],
  ],
  [
    "parameters",
    "one in the query",
    documented((each) => Object.assign(operation(each).parameters[0] as object, { in: "query" })),
    [
      "…/parameters parameters: path fine_tuning_job_id: string, required is missing",
      "…/parameters parameters: query fine_tuning_job_id: string, required is not in the table",
    ],
  ],
  [
    "parameters",
    "another type",
    documented((each) => Object.assign(operation(each).parameters[0] as object, { schema: { type: "integer" } })),
    [
      "…/parameters parameters: path fine_tuning_job_id: string, required is missing",
      "…/parameters parameters: path fine_tuning_job_id: integer, required is not in the table",
    ],
  ],
  [
    "parameters",
    "none",
    documented((each) => Reflect.deleteProperty(operation(each), "parameters")),
    ["…/parameters parameters: path fine_tuning_job_id: string, required is missing"],
  ],
  [
    "server",
    "another",
    documented((each) => Object.assign(each, { servers: [{ url: "https://example.com" }] })),
    [
      "/servers servers: https://{resource}.openai.azure.com is missing",
      "/servers servers: https://example.com is not in the table",
      "/servers/0/variables variables: resource is missing",
    ],
  ],
  [
    "server",
    "none",
    documented((each) => Reflect.deleteProperty(each, "servers")),
    [
      "/servers servers: https://{resource}.openai.azure.com is missing",
      "/servers/0/variables variables: resource is missing",
    ],
  ],
  [
    "server",
    "one more",
    documented((each) => (each.servers as object[]).push({ url: "https://example.com" })),
    ["/servers servers: https://example.com is not in the table"],
  ],
  [
    "security",
    "both at once",
    documented((each) => Object.assign(each, { security: [{ apiKey: [], entraToken: [] }] })),
    [
      "/security alternatives: apiKey header api-key is missing",
      "/security alternatives: http  bearer is missing",
      "/security alternatives: apiKey header api-key and http  bearer is not in the table",
    ],
  ],
  [
    "security",
    "a scope",
    documented((each) => Object.assign(each, { security: [{ apiKey: [] }, { entraToken: ["a", "b"] }] })),
    [
      "/security alternatives: http  bearer is missing",
      "/security alternatives: http  bearer with scope a with scope b is not in the table",
    ],
  ],
  [
    "security",
    "none",
    documented((each) => Reflect.deleteProperty(each, "security")),
    ["/security alternatives: apiKey header api-key is missing", "/security alternatives: http  bearer is missing"],
  ],
  [
    "security",
    "no schemes",
    documented((each) => Reflect.deleteProperty(each.components, "securitySchemes")),
    [
      "/security alternatives: apiKey header api-key is missing",
      "/security alternatives: http  bearer is missing",
      "/security alternatives:    is not in the table",
      "/security alternatives:    is not in the table",
      "/security alternatives: an entry is listed twice",
      "/components/securitySchemes schemes: apiKey header api-key is missing",
      "/components/securitySchemes schemes: http  bearer is missing",
    ],
  ],
  [
    "security",
    "a key in the query",
    documented((each) =>
      Object.assign((each.components.securitySchemes as { apiKey: object }).apiKey, { in: "query" }),
    ),
    [
      "/security alternatives: apiKey header api-key is missing",
      "/security alternatives: apiKey query api-key is not in the table",
      "/components/securitySchemes schemes: apiKey header api-key is missing",
      "/components/securitySchemes schemes: apiKey query api-key is not in the table",
    ],
  ],
  [
    "closed-objects",
    "callbacks",
    documented((each) => Object.assign(operation(each), { callbacks: {} })),
    ["…/callbacks must not be there: only operationId, tags, summary, description, parameters, responses may be"],
  ],
  [
    "closed-objects",
    "a server of the path, in both layers",
    both(({ paths }) => Object.assign(paths[page.path] as object, { servers: [] })),
    [
      "/paths/~1openai~1v1~1fine_tuning~1jobs~1{fine_tuning_job_id}~1cancel/servers must not be there: only post may be",
    ],
  ],
  [
    "closed-objects",
    "links of an accepted response",
    accepted((each) => Object.assign(response(each, "200"), { links: {} })),
    ["…/responses/200/links must not be there: only description, headers, content may be"],
  ],
  [
    "closed-objects",
    "a parameter's explode",
    documented((each) => Object.assign(operation(each).parameters[0] as object, { explode: true })),
    ["…/parameters/0/explode must not be there: only name, in, required, description, schema, example may be"],
  ],
  [
    "responses",
    "a status less",
    documented((each) => Reflect.deleteProperty(operation(each).responses, "default")),
    ["…/responses responses: default is missing"],
  ],
  [
    "responses",
    "a status more",
    accepted((each) => Object.assign(operation(each).responses, { 418: operation(each).responses["401"] })),
    ["…/responses responses: 418 is not in the table"],
  ],
  [
    "responses",
    "no headers",
    documented((each) => Reflect.deleteProperty(response(each, "200"), "headers")),
    [
      "…/responses/200 members: headers is missing",
      "…/responses/200/headers headers: apim-request-id is missing",
      "…/responses/200/headers headers: x-request-id is missing",
    ],
  ],
  [
    "responses",
    "a member more",
    documented((each) => Object.assign(response(each, "200"), { links: {} })),
    ["…/responses/200 members: links is not in the table"],
  ],
  [
    "responses",
    "another header's component",
    documented((each) =>
      Object.assign(response(each, "200").headers as object, {
        "x-request-id": { $ref: "#/components/headers/RetryAfter" },
      }),
    ),
    [
      "…/responses/200/headers headers: x-request-id is missing",
      "…/responses/200/headers headers: x-request-id as #/components/headers/RetryAfter is not in the table",
    ],
  ],
  [
    "responses",
    "a media type more",
    documented((each) =>
      Object.assign(response(each, "default").content as object, { "text/plain": { schema: { type: "string" } } }),
    ),
    ["…/responses/default/content media types: text/plain is not in the table"],
  ],
  [
    "responses",
    "another body",
    documented((each) =>
      Object.assign(response(each, "default").content as object, {
        "application/json": { schema: { $ref: "#/components/schemas/FineTuningJob" } },
      }),
    ),
    [
      "…/responses/default/content/application~1json/schema body: ErrorResponse is missing",
      "…/responses/default/content/application~1json/schema body: FineTuningJob is not in the table",
    ],
  ],
  [
    "responses",
    "another text",
    accepted((each) =>
      Object.assign(response(each, "401").content as object, {
        "text/plain": { schema: { type: "string", maxLength: 7 } },
      }),
    ),
    ['…/responses/401/content text/plain must be {"schema":{"type":"string"}}'],
  ],
  [
    "responses",
    "a header that is no text",
    documented(({ components }) =>
      Object.assign(components.headers as object, { RequestId: { schema: { type: "integer" } } }),
    ),
    ["/components/headers/RequestId is not a plain string"],
  ],
  [
    "documented-members",
    "a member less",
    documented((each) => Reflect.deleteProperty(schema(each, "FineTuningJob").properties, "seed")),
    ["/components/schemas/FineTuningJob/properties/seed is missing"],
  ],
  [
    "documented-members",
    "a member more",
    documented((each) => Object.assign(schema(each, "FineTuningJob").properties, { extra: { type: "string" } })),
    ["/components/schemas/FineTuningJob/properties/extra is not in the table"],
  ],
  [
    "documented-members",
    "a required name more",
    documented((each) => schema(each, "FineTuningJob").required.push("extra")),
    ["/components/schemas/FineTuningJob/properties/extra is not in the table"],
  ],
  [
    "documented-members",
    "a required name twice",
    documented((each) => schema(each, "FineTuningJob").required.push("id")),
    ["/components/schemas/FineTuningJob/properties/id is listed twice in required"],
  ],
  [
    "documented-members",
    "an optional member that is required",
    documented((each) => schema(each, "FineTuningJob").required.push("metadata")),
    ["/components/schemas/FineTuningJob/properties/metadata must be optional"],
  ],
  [
    "documented-members",
    "a required member that is optional",
    documented((each) => {
      schema(each, "FineTuningJob").required.shift();
    }),
    ["/components/schemas/FineTuningJob/properties/id must be required"],
  ],
  [
    "documented-members",
    "another type",
    documented((each) => Object.assign(member(each, "id"), { type: "integer" })),
    [
      "/components/schemas/FineTuningJob/properties/id type: string is missing",
      "/components/schemas/FineTuningJob/properties/id type: integer is not in the table",
    ],
  ],
  [
    "documented-members",
    "a schema less",
    documented(({ components }) => Reflect.deleteProperty(components.schemas, "FineTuningJobError")),
    ["/components/schemas/FineTuningJobError is missing"],
  ],
  [
    "documented-members",
    "a schema more",
    documented(({ components }) => Object.assign(components.schemas, { Extra: { type: "object" } })),
    ["/components/schemas/Extra is not in the table"],
  ],
  [
    "documented-members",
    "a union more, which may be shared",
    documented(({ components }) => Object.assign(components.schemas, { Extra: { oneOf: [] } })),
    [],
  ],
  [
    "documented-members",
    "another kind of schema",
    documented((each) => Object.assign(schema(each, "FineTuningJobError"), { type: "array" })),
    ["/components/schemas/FineTuningJobError/type is array, not object"],
  ],
  [
    "documented-members",
    "a keyword more",
    documented((each) => Object.assign(schema(each, "FineTuningJobError"), { additionalProperties: false })),
    ["/components/schemas/FineTuningJobError/additionalProperties must not be there"],
  ],
  [
    "documented-members",
    "no members",
    documented((each) => Reflect.deleteProperty(schema(each, "FineTuningJobError"), "properties")),
    [
      "/components/schemas/FineTuningJobError/properties/code is missing",
      "/components/schemas/FineTuningJobError/properties/message is missing",
      "/components/schemas/FineTuningJobError/properties/param is missing",
    ],
  ],
  [
    "documented-members",
    "another metadata",
    documented((each) => Object.assign(schema(each, "Metadata"), { maxProperties: 17 })),
    [
      '/components/schemas/Metadata must be {"type":"object","maxProperties":16,"propertyNames":{"maxLength":64},"additionalProperties":{"type":"string","maxLength":512}}',
    ],
  ],
  [
    "accepted-members",
    "a difference less",
    accepted((each) => Reflect.deleteProperty(schema(each, "FineTuningJob").properties, "eval_id")),
    ["/components/schemas/FineTuningJob/properties/eval_id is missing"],
  ],
  [
    "compiles",
    "a wrong type in the documented layer",
    documented((each) => Object.assign(member(each, "id"), { type: "strnig" })),
    [
      "/components/schemas schema is invalid: data/$defs/FineTuningJob/properties/id/type must be equal to one of the allowed values, data/$defs/FineTuningJob/properties/id/type must be array, data/$defs/FineTuningJob/properties/id/type must match a schema in anyOf",
    ],
  ],
  [
    "compiles",
    "a wrong type in the accepted layer",
    accepted((each) => Object.assign(member(each, "id"), { type: "strnig" })),
    [
      "/components/schemas schema is invalid: data/$defs/FineTuningJob/properties/id/type must be equal to one of the allowed values, data/$defs/FineTuningJob/properties/id/type must be array, data/$defs/FineTuningJob/properties/id/type must match a schema in anyOf",
    ],
  ],
  [
    "examples",
    "one less",
    documented(({ components }) => Reflect.deleteProperty(components.examples, "cancelledDpo")),
    [
      "/components/examples examples: cancelledDpo is missing",
      "/paths examples in use: cancelledDpo is not in the table",
    ],
  ],
  [
    "examples",
    "one that is not used",
    documented(({ components }) => Object.assign(components.examples, { extra: components.examples.cancelledDpo })),
    ["/components/examples examples: extra is not in the table", "/paths examples in use: extra is missing"],
  ],
  [
    "examples",
    "one that does not conform in the accepted layer",
    accepted(({ components }) =>
      Object.assign((components.examples.cancelledDpo as { value: object }).value, { seed: "x" }),
    ),
    [
      "/components/examples/cancelledDpo/value the example cancelledDpo does not conform at /seed: expected integer or null, got string.",
    ],
  ],
  [
    "examples",
    "one under another's name",
    documented((each) => {
      const examples = (response(each, "200").content as { "application/json": { examples: Record<string, unknown> } })[
        "application/json"
      ].examples;
      [examples.cancelledDpo, examples.alreadyFailed] = [examples.alreadyFailed, examples.cancelledDpo];
    }),
    [
      "/components/examples/alreadyFailed the example cancelledDpo must be cancelled",
      "/components/examples/alreadyFailed the example cancelledDpo must have the method dpo",
      "/paths /components/examples/alreadyFailed has the name of another example, cancelledDpo",
      "/components/examples/cancelledDpo the example alreadyFailed must be failed",
      "/paths /components/examples/cancelledDpo has the name of another example, alreadyFailed",
    ],
  ],
  [
    "descriptions",
    "none of a schema",
    documented((each) => Reflect.deleteProperty(schema(each, "FineTuningJob"), "description")),
    ["/components/schemas/FineTuningJob has no description"],
  ],
  [
    "descriptions",
    "a blank of a member",
    accepted((each) => Object.assign(member(each, "id"), { description: " " })),
    ["/components/schemas/FineTuningJob/properties/id has no description"],
  ],
  [
    "overlay-scope",
    "a value less",
    accepted((each) => Reflect.deleteProperty(operation(each), "summary")),
    ["…/summary is not in the accepted contract as it is in openapi.yaml"],
  ],
  [
    "overlay-scope",
    "another value",
    accepted((each) => Object.assign(operation(each), { summary: "Cancel" })),
    ["…/summary is not in the accepted contract as it is in openapi.yaml"],
  ],
  [
    "overlay-scope",
    "null",
    accepted((each) => Object.assign(operation(each), { summary: null })),
    ["…/summary is not in the accepted contract as it is in openapi.yaml"],
  ],
  [
    "overlay-scope",
    "a member more",
    accepted((each) => Object.assign(operation(each), { deprecated: true })),
    ["…/deprecated is in the accepted contract, but not in openapi.yaml"],
  ],
  [
    "overlay-scope",
    "an empty list more",
    accepted((each) => Object.assign(operation(each), { servers: [] })),
    ["…/servers is in the accepted contract, but not in openapi.yaml"],
  ],
  [
    "overlay-scope",
    "a response more, which it may have",
    accepted((each) => Object.assign(operation(each).responses, { 418: { description: "x" } })),
    [],
  ],
  [
    "overlay-scope",
    "a media type more, which it may have",
    accepted((each) => Object.assign(response(each, "200").content as object, { "text/x": { schema: {} } })),
    [],
  ],
  [
    "overlay-scope",
    "a header more of a response that was there",
    accepted((each) => Object.assign(response(each, "200").headers as object, { x: { $ref: "y" } })),
    ["…/responses/200/headers/x/$ref is in the accepted contract, but not in openapi.yaml"],
  ],
  [
    "overlay-actions",
    "a wildcard",
    ({ overlay }) => {
      (overlay.actions[0] as { target: string }).target = "$.components.schemas.*.properties";
    },
    ["/actions/0 the target $.components.schemas.*.properties may match places that it does not name"],
  ],
  [
    "overlay-actions",
    "the first at the end",
    ({ overlay }) => {
      overlay.actions.push(overlay.actions.shift() as Action);
    },
    ["/actions/41 comes after an action that follows it in the table: An error answer with status 502 is an HTML page"],
  ],
  [
    "overlay-actions",
    "the third at the start",
    ({ overlay }) => {
      overlay.actions.unshift(...overlay.actions.splice(2, 1));
    },
    [
      "/actions/1 comes after an action that follows it in the table: `finished_at` is absent",
      "/actions/2 comes after an action that follows it in the table: `finished_at` is absent",
    ],
  ],
  [
    "overlay-actions",
    "two in the wrong order, and more after them",
    ({ overlay }) => {
      const [a, b] = overlay.actions as [Action, Action];
      overlay.actions.splice(0, 2, b, a);
    },
    ["/actions/1 comes after an action that follows it in the table: `estimated_finish` is an integer"],
  ],
  [
    "overlay-descriptions",
    "a blank one",
    ({ overlay }) => {
      Object.assign(overlay.actions[0] as Action, { description: " " });
    },
    [
      "/actions/0 the description must be: `finished_at` is an integer in Unix seconds (Azure and OpenAI, in every body that has a time; no string in any of 50).",
    ],
  ],
  [
    "overlay-descriptions",
    "another action's",
    ({ overlay }) => {
      Object.assign(overlay.actions[0] as Action, { description: overlay.actions[1]?.description });
    },
    [
      "/actions/0 the description must be: `finished_at` is an integer in Unix seconds (Azure and OpenAI, in every body that has a time; no string in any of 50).",
    ],
  ],
  [
    "overlay-actions",
    "a member by its index",
    describing(0, { target: "$.tags[0]" }),
    ["/actions/0 the target $.tags[0] may match places that it does not name"],
  ],
  [
    "overlay-actions",
    "a name with a quotation mark",
    describing(0, { target: "$.tags['a'b']" }),
    ["/actions/0 the target $.tags['a'b'] may match places that it does not name"],
  ],
  [
    "overlay-descriptions",
    "its own of another kind",
    describing(0, { update: { title: "a" } }),
    ["/actions/0 is no difference of the kinds that the table has"],
  ],
  [
    "overlay-descriptions",
    "two types at once",
    describing(0, { update: { type: ["integer", "boolean"] } }),
    ["/actions/0 is no difference of the kinds that the table has"],
  ],
  [
    "overlay-descriptions",
    "nothing is updated",
    describing(0, { update: undefined }),
    ["/actions/0 is no difference of the kinds that the table has"],
  ],
  [
    "overlay-descriptions",
    "a target above the schemas",
    describing(0, { target: "$.components", update: { schemas: {} } }),
    ["/actions/0 is no difference of the kinds that the table has"],
  ],
  [
    "overlay-descriptions",
    "a target outside of the schemas, which another check reports",
    describing(0, { target: "$.info", update: { title: "a" } }),
    [],
  ],
  [
    "overlay-descriptions",
    "all names of required",
    describing(2, { target: "$.components.schemas.FineTuneMethod.required" }),
    ["/actions/2 the description must be: `type` of `method` is absent …"],
  ],
  [
    "overlay-descriptions",
    "a name of required that is not removed",
    ({ overlay }) => void Reflect.deleteProperty(overlay.actions[2] as Action, "remove"),
    ["/actions/2 is no difference of the kinds that the table has"],
  ],
  [
    "overlay-descriptions",
    "a difference that the table does not have",
    describing(3, { target: "$.components.schemas.FineTuningJob.properties.id", update: { type: ["integer"] } }),
    ["/actions/3 the description must be: `id` is an integer …"],
  ],
  [
    "overlay-descriptions",
    "a difference that the table does not have, in its words",
    describing(3, {
      target: "$.components.schemas.FineTuningJob.properties.id",
      update: { type: ["integer"] },
      description: "`id` is an integer, as it seems.",
    }),
    [],
  ],
  [
    "overlay-descriptions",
    "a description of the type that is not its",
    describing(0, { update: { type: ["integer"], description: "When the job finished." } }),
    ["/actions/0 the member's description must end with: as an integer; the page says string."],
  ],
  [
    "overlay-descriptions",
    "a member that does not begin as it must",
    describing(27, { update: { user_provided_suffix: { description: "Seen." } } }),
    ["/actions/27 the description of user_provided_suffix must begin with: Not documented; …"],
  ],
  [
    "overlay-descriptions",
    "a member without a description",
    describing(27, { update: { user_provided_suffix: {} } }),
    ["/actions/27 the description of user_provided_suffix must begin with: Not documented; …"],
  ],
  [
    "overlay-descriptions",
    "a response in other words",
    changingResponse(39, { description: "No credential." }),
    ["/actions/39 the response's description must end with: answer in plain text, or without a body."],
  ],
  [
    "overlay-descriptions",
    "a response with another kind of body",
    changingResponse(39, { content: { "text/html": {} } }),
    [
      "/actions/39 the description must be: An error answer with status 401 is an HTML page …",
      "/actions/39 the response's description must end with: answer with an HTML page.",
    ],
  ],
  [
    "overlay-descriptions",
    "a response with a kind of body that nobody has seen",
    changingResponse(39, { content: { "text/css": {} } }),
    ["/actions/39 is no difference of the kinds that the table has"],
  ],
  [
    "overlay-descriptions",
    "a response with JSON alone",
    changingResponse(39, { content: { "application/json": {} } }),
    ["/actions/39 is no difference of the kinds that the table has"],
  ],
  [
    "overlay-descriptions",
    "a response without content",
    changingResponse(39, { content: undefined }),
    ["/actions/39 is no difference of the kinds that the table has"],
  ],
  [
    "overlay-descriptions",
    "the members of the error in another order",
    describing(24, { target: "$.components.schemas.FineTuneMethod.properties['dpo','supervised','reinforcement']" }),
    ["/actions/24 the description must be: `dpo`, `supervised` and `reinforcement` of `method` are null …"],
  ],
  [
    "operation",
    "no paths at all",
    documented((each) => Object.assign(each, { paths: null })),
    [" Cannot convert undefined or null to object"],
  ],
  [
    "parameters",
    "no operation",
    documented((each) => {
      each.paths = {};
    }),
    ["…/parameters parameters: path fine_tuning_job_id: string, required is missing"],
  ],
  [
    "responses",
    "no operation",
    documented((each) => {
      each.paths = {};
    }),
    ["…/responses responses: 200 is missing", "…/responses responses: default is missing"],
  ],
  [
    "responses",
    "no JSON",
    documented((each) => {
      response(each, "200").content = {};
    }),
    [
      "…/responses/200/content media types: application/json is missing",
      "…/responses/200/content/application~1json/schema body: FineTuningJob is missing",
      "…/responses/200/content/application~1json/schema body: undefined is not in the table",
    ],
  ],
  [
    "closed-objects",
    "a path that is null, which another check reports",
    documented((each) => Object.assign(each.paths, { "/x": null })),
    [],
  ],
  [
    "closed-objects",
    "a server that is a text, which Redocly reports",
    documented((each) => Object.assign(each, { servers: ["abc"] })),
    [],
  ],
  [
    "descriptions",
    "a blank of a schema",
    documented((each) => {
      schema(each, "FineTuningJob").description = " ";
    }),
    ["/components/schemas/FineTuningJob has no description"],
  ],
  [
    "descriptions",
    "none of a member",
    documented((each) => Reflect.deleteProperty(member(each, "id"), "description")),
    ["/components/schemas/FineTuningJob/properties/id has no description"],
  ],
  [
    "examples",
    "an error with another code",
    exampleWith("unauthorized", { error: { code: "403", message: "No." } }),
    ["/components/examples/unauthorized the example unauthorized must have the code 401"],
  ],
  [
    "examples",
    "an error without an error",
    exampleWith("unauthorized", { error: undefined }),
    ["/components/examples/unauthorized the example unauthorized must have the code 401"],
  ],
  [
    "examples",
    "an error of another status",
    ({ documented: { components } }) =>
      void Object.assign(components.examples.unauthorized as object, { "x-status": 403 }),
    ["/components/examples/unauthorized the example unauthorized must have the status 401"],
  ],
  [
    "examples",
    "a job of another status",
    exampleWith("cancelledWhileQueued", { status: "running" }),
    ["/components/examples/cancelledWhileQueued the example cancelledWhileQueued must be cancelled"],
  ],
  [
    "examples",
    "a cancelled job with an error",
    exampleWith("cancelledWhileQueued", { error: { code: "a", message: "b", param: null } }),
    [
      "/components/examples/cancelledWhileQueued the example cancelledWhileQueued must have an error if it failed, and else none",
    ],
  ],
  [
    "examples",
    "a failed job without an error",
    exampleWith("alreadyFailed", { error: null }),
    ["/components/examples/alreadyFailed the example alreadyFailed must have an error if it failed, and else none"],
  ],
  [
    "examples",
    "a cancelled job with a model",
    exampleWith("cancelledWhileQueued", { fine_tuned_model: "a" }),
    [
      "/components/examples/cancelledWhileQueued the example cancelledWhileQueued must have no model, as no example succeeded",
    ],
  ],
  [
    "examples",
    "a job with the branch of another method",
    exampleWith("cancelledDpo", { method: { type: "dpo", supervised: {} } }),
    ["/components/examples/cancelledDpo the example cancelledDpo must have only the branch of its method"],
  ],
  [
    "examples",
    "a job of another method",
    exampleWith("cancelledDpo", { method: { type: "supervised", supervised: {} } }),
    ["/components/examples/cancelledDpo the example cancelledDpo must have the method dpo"],
  ],
  [
    "examples",
    "hyperparameters of its own for another method",
    exampleWith("cancelledDpo", { hyperparameters: { n_epochs: 3 } }),
    [
      "/components/examples/cancelledDpo the example cancelledDpo must choose hyperparameters of its own only if it is supervised",
    ],
  ],
  [
    "examples",
    "hyperparameters that are null for another method",
    exampleWith("cancelledDpo", { hyperparameters: { n_epochs: null } }),
    [
      '/components/examples/cancelledDpo/value the example cancelledDpo does not conform at /hyperparameters/n_epochs: expected "auto" or integer, got null.',
    ],
  ],
  [
    "examples",
    "a queued job with trained tokens",
    exampleWith("cancelledWhileQueued", { trained_tokens: 1 }),
    ["/components/examples/cancelledWhileQueued the example cancelledWhileQueued must have no trained tokens"],
  ],
  [
    "examples",
    "a job that ran without trained tokens",
    exampleWith("cancelledWhileRunning", { trained_tokens: null }),
    ["/components/examples/cancelledWhileRunning the example cancelledWhileRunning must have trained tokens"],
  ],
  [
    "examples",
    "a queued job with result files",
    exampleWith("cancelledWhileQueued", { result_files: ["a"] }),
    ["/components/examples/cancelledWhileQueued the example cancelledWhileQueued must have no result files"],
  ],
  [
    "examples",
    "a job that ran without result files",
    exampleWith("cancelledWhileRunning", { result_files: [] }),
    ["/components/examples/cancelledWhileRunning the example cancelledWhileRunning must have result files"],
  ],
  [
    "examples",
    "a queued job with integrations",
    exampleWith("cancelledWhileQueued", { integrations: [{ type: "wandb", wandb: { project: "a" } }] }),
    [
      "/components/examples/cancelledWhileQueued the example cancelledWhileQueued must have an integration if its name says so, and else none",
    ],
  ],
  [
    "examples",
    "a job with integrations without one",
    exampleWith("cancelledWithIntegration", { integrations: [] }),
    [
      "/components/examples/cancelledWithIntegration the example cancelledWithIntegration must have an integration if its name says so, and else none",
    ],
  ],
  [
    "overlay-scope",
    "another header",
    accepted(({ components }) =>
      Object.assign(components.headers as object, { RequestId: { schema: { type: "string" } } }),
    ),
    [
      "/components/headers/RequestId/description is not in the accepted contract as it is in openapi.yaml",
      "/components/headers/RequestId/example is not in the accepted contract as it is in openapi.yaml",
    ],
  ],
  [
    "overlay-actions",
    "a step after a filter",
    describing(17, { target: "$.components.schemas.FineTuningJob.required[?(@ == 'seed')].x" }),
    [
      "/actions/17 the target $.components.schemas.FineTuningJob.required[?(@ == 'seed')].x may match places that it does not name",
    ],
  ],
  [
    "overlay-descriptions",
    "a step after a filter",
    describing(17, { target: "$.components.schemas.FineTuningJob.required[?(@ == 'seed')].x" }),
    ["/actions/17 is no difference of the kinds that the table has"],
  ],
  [
    "overlay-descriptions",
    "a part of a member",
    describing(16, { target: "$.components.schemas.FineTuningJob.properties.seed.type" }),
    ["/actions/16 is no difference of the kinds that the table has"],
  ],
  [
    "overlay-descriptions",
    "a keyword more",
    describing(0, { update: { type: ["integer"], format: "int32" } }),
    ["/actions/0 is no difference of the kinds that the table has"],
  ],
  [
    "overlay-descriptions",
    "null for an update",
    describing(0, { update: null }),
    ["/actions/0 is no difference of the kinds that the table has"],
  ],
  [
    "overlay-descriptions",
    "null for a response",
    describing(39, { update: { 401: null } }),
    ["/actions/39 is no difference of the kinds that the table has"],
  ],
  [
    "overlay-descriptions",
    "a response by others than front ends",
    describing(39, { description: "An error answer with status 401 is plain text, or has no body (Azure)." }),
    [
      "/actions/39 the description must be: An error answer with status 401 is plain text, or has no body (front ends).",
    ],
  ],
  [
    "overlay-descriptions",
    "a target in brackets",
    describing(0, { target: "$['components']['schemas'].FineTuningJob", update: { title: "a" } }),
    ["/actions/0 is no difference of the kinds that the table has"],
  ],
  [
    "overlay-descriptions",
    "a member whose words stand later",
    describing(27, { update: { user_provided_suffix: { description: "Azure: Not documented; seen." } } }),
    ["/actions/27 the description of user_provided_suffix must begin with: Not documented; …"],
  ],
];

test.each(rows)("%s: %s", async (check, _, change, findings) => {
  expect(await findingsOf(check, change)).toEqual(findings);
});

test.each(Object.entries(specChecks))("%s is described in a sentence", (_, { description }) => {
  expect(description).toMatch(/^\w.{30,}\.$/);
});
