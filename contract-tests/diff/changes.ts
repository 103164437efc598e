/** Changes of the contract, each made and rated by hand: whom it breaks, and whom taking it back breaks. */
import type { Document, Schema } from "../../scripts/contract/document.js";
import type { Caller } from "./compare.js";

export interface Change {
  readonly what: string;
  /** Whom it breaks. */
  readonly breaks: readonly Caller[];
  /** Whom taking it back breaks. */
  readonly breaksBack: readonly Caller[];
  /** Where there has to be something first, for the change to change it. */
  prepare?(document: Document): void;
  make(document: Document): void;
}

const CALLERS = { Q: "requests", R: "readers", S: "switches" } as const;
const callersOf = (letters: string) => [...letters].map((letter) => CALLERS[letter as keyof typeof CALLERS]);

/** The letters name whom the change breaks and, after the slash, whom taking it back breaks. */
const change = (
  what: string,
  letters: `${string}/${string}`,
  make: Change["make"],
  prepare?: Change["make"],
): Change => {
  const [breaks, breaksBack] = letters.split("/").map(callersOf) as [Caller[], Caller[]];
  return { what, breaks, breaksBack, make, ...(prepare && { prepare }) };
};

// biome-ignore lint/suspicious/noExplicitAny: a change may be anything
type Loose = any;
const schema = (document: Document, name: string): Schema => document.components.schemas[name] as Schema;
const member = (document: Document, name: string, of = "FineTuningJob"): Schema =>
  schema(document, of).properties[name];
const operation = (document: Document): Loose => Object.values(document.paths)[0]?.post;
const optional =
  (name: string, of = "FineTuningJob") =>
  (document: Document) => {
    schema(document, of).required = schema(document, of).required.filter((each: string) => each !== name);
  };
const removed =
  (name: string, of = "FineTuningJob") =>
  (document: Document) => {
    delete schema(document, of).properties[name];
    if (schema(document, of).required) optional(name, of)(document);
  };
const withMember =
  (name: string, value: Schema, of = "FineTuningJob") =>
  (document: Document) =>
    Object.assign(member(document, name, of), value);
const literalAdded = (value: string, name: string, of?: string) => (document: Document) =>
  void member(document, name, of).enum.push(value);
const parameter = (name: string, required: boolean) => (document: Document) =>
  void operation(document).parameters.push({ name, in: "query", required, schema: { type: "string" } });

export const changes: readonly Change[] = [
  // The literals of an answer
  change("a status more", "S/S", literalAdded("paused", "status")),
  change("a kind of grader more", "S/S", literalAdded("human", "type", "FineTuneGrader")),
  change(
    "an effort more, four levels down",
    "S/S",
    literalAdded("none", "reasoning_effort", "FineTuneReinforcementHyperparameters"),
  ),
  change("status is any string", "S/S", (document) => void delete member(document, "status").enum),
  change("status may be null", "RS/S", (document) => {
    Object.assign(member(document, "status"), { type: ["string", "null"] });
    member(document, "status").enum.push(null);
  }),
  change("a model that is always the same", "S/S", withMember("model", { const: "gpt-4o" })),
  change("a union without its literal, in three places", "S/R", (document) => {
    schema(document, "AutoOrInteger").oneOf.shift();
  }),
  change(
    "a union without its literal, which is a component",
    "S/R",
    (document) => void member(document, "seed").oneOf.pop(),
    (document) => {
      document.components.schemas.Auto = { const: "auto" };
      for (const name of ["seed", "trained_tokens"])
        schema(document, "FineTuningJob").properties[name] = {
          oneOf: [{ type: "integer" }, { $ref: "#/components/schemas/Auto" }],
        };
    },
  ),

  // The types of an answer
  change("seed may be null", "R/", withMember("seed", { type: ["integer", "null"] })),
  change("created_at may be a fraction", "R/", withMember("created_at", { type: "number" })),
  change("id is an integer", "R/R", withMember("id", { type: "integer" })),
  change(
    "the code of an error may be an integer too",
    "R/",
    withMember("code", { type: ["string", "integer"] }, "ErrorDetail"),
  ),
  change("result_files lists objects", "R/R", withMember("result_files", { items: { type: "object" } })),
  change(
    "hyperparameters may be null",
    "R/",
    (document) => void member(document, "hyperparameters").oneOf.push({ type: "null" }),
  ),
  change("integrations lists anything", "R/", (document) => void delete member(document, "integrations").items),
  change("metadata has values of any type", "R/", (document) => {
    schema(document, "Metadata").additionalProperties = true;
  }),
  change("metadata has names twice as long", "R/", (document) => {
    schema(document, "Metadata").propertyNames.maxLength = 128;
  }),
  change("result_files is never empty", "/R", withMember("result_files", { minItems: 1 })),
  change("a union of one type more, in three places", "R/", (document) => {
    schema(document, "AutoOrInteger").oneOf.push({ type: "boolean" });
  }),
  change("const in place of an enum of one", "/", (document) => {
    delete member(document, "object").enum;
    member(document, "object").const = "fine_tuning.job";
  }),
  change("anyOf in place of oneOf", "/", (document) => {
    member(document, "error").anyOf = member(document, "error").oneOf;
    delete member(document, "error").oneOf;
  }),
  change(
    "seed may be null, by an exception less",
    "R/",
    withMember("seed", { not: { enum: [0] } }),
    withMember("seed", { type: ["integer", "null"], not: { enum: [0, null] } }),
  ),
  change(
    "the branches of a method depend less on each other",
    "R/",
    (document) => void schema(document, "FineTuneMethod").dependentRequired.dpo.pop(),
    (document) => {
      schema(document, "FineTuneMethod").dependentRequired = { dpo: ["supervised", "reinforcement"] };
    },
  ),

  // The members of an answer
  change("seed may be absent", "R/", optional("seed")),
  change("a required member less", "R/", removed("organization_id")),
  change("a member has another name", "R/R", (document) => {
    schema(document, "FineTuningJob").properties.training_file_id = member(document, "training_file");
    removed("training_file")(document);
    schema(document, "FineTuningJob").required.push("training_file_id");
  }),

  change("an optional member more, of a known type", "/R", (document) => {
    schema(document, "FineTuningJob").properties.eval_id = { type: "string" };
  }),
  change("a component has another name", "R/R", (document) => {
    document.components.schemas.JobError = schema(document, "FineTuningJobError");
    delete document.components.schemas.FineTuningJobError;
    member(document, "error").oneOf[0].$ref = "#/components/schemas/JobError";
  }),

  // The rest of an answer
  change("a job has no error but null", "R/R", (document) => {
    member(document, "error").oneOf = [{ type: "null" }];
  }),
  change("a header component has another name", "R/R", (document: Loose) => {
    const { RequestId, ...others } = document.components.headers;
    document.components.headers = { ...others, CallId: RequestId };
    for (const { headers } of Object.values(operation(document).responses) as Loose[])
      headers["x-request-id"].$ref = "#/components/headers/CallId";
  }),
  change("the body of a failure has another form", "R/R", (document) => {
    operation(document).responses.default.content["application/json"].schema.$ref = "#/components/schemas/ErrorDetail";
  }),
  change("a failure may be a page", "R/", (document) => {
    operation(document).responses.default.content["text/html"] = { schema: { type: "string" } };
  }),
  change("a success may have no body", "R/", (document) => {
    operation(document).responses[204] = { description: "Cancelled." };
  }),
  change("409 is described, with the body of every failure", "/", (document) => {
    operation(document).responses[409] = structuredClone(operation(document).responses.default);
  }),
  change("an answer has no apim-request-id", "R/", (document) => {
    delete operation(document).responses[200].headers["apim-request-id"];
  }),
  change("x-request-id is always there", "/R", (document: Loose) => {
    document.components.headers.RequestId.required = true;
  }),
  change("success is 201", "R/R", (document) => {
    const { 200: success, ...others } = operation(document).responses;
    operation(document).responses = { 201: success, ...others };
  }),
  change("retry-after is an integer", "R/R", (document: Loose) => {
    document.components.headers.RetryAfter.schema.type = "integer";
  }),

  // The request
  change("another path", "Q/Q", (document) => {
    document.paths = { "/openai/v2/jobs/{fine_tuning_job_id}/cancel": Object.values(document.paths)[0] as Loose };
  }),
  change("the parameter in the path has another name", "Q/Q", (document) => {
    operation(document).parameters[0].name = "job_id";
    document.paths = { "/openai/v1/fine_tuning/jobs/{job_id}/cancel": Object.values(document.paths)[0] as Loose };
  }),
  change("another method", "Q/Q", (document) => {
    for (const item of Object.values(document.paths) as Loose[]) [item.put, item.post] = [item.post, undefined];
  }),
  change("a required parameter more", "Q/Q", parameter("api-version", true)),
  change("an optional parameter more", "/Q", parameter("reason", false)),
  change("ids have at most 32 characters", "Q/", (document) => {
    operation(document).parameters[0].schema.maxLength = 32;
  }),
  change("a token is refused", "Q/", (document: Loose) => void document.security.pop()),
  change("a key needs a token too", "Q/", (document: Loose) => {
    document.security = [{ apiKey: [], entraToken: [] }];
  }),
  change("the key has another header", "Q/Q", (document: Loose) => {
    document.components.securitySchemes.apiKey.name = "x-api-key";
  }),
  change("another server", "Q/Q", (document: Loose) => {
    document.servers[0].url = "https://{resource}.cognitiveservices.azure.com";
  }),
  change("another server, for the operation alone", "Q/Q", (document) => {
    operation(document).servers = [{ url: "https://other.example" }];
  }),
  change("a call without a credential is accepted", "/Q", (document) => {
    operation(document).security = [];
  }),
  change("a required request body", "Q/Q", (document) => {
    operation(document).requestBody = {
      required: true,
      content: { "application/json": { schema: { type: "object" } } },
    };
  }),

  // Words
  change("another description", "/", withMember("seed", { description: "A number." })),
  change("a member is deprecated", "/", withMember("organization_id", { deprecated: true })),
  change("another example", "/", (document: Loose) => {
    document.components.examples.cancelledDpo.value.seed = 8;
  }),
  change("the branches of a union in another order", "/", (document) => void member(document, "error").oneOf.reverse()),
  change("a list of one type in place of the type", "/", withMember("model", { type: ["string"] })),
];

/** Changes that are rated as breaking and break nobody: taken `there`, or `back`. */
export const tooStrict: readonly string[] = [
  "const in place of an enum of one, there",
  "const in place of an enum of one, back",
  "anyOf in place of oneOf, there",
  "anyOf in place of oneOf, back",
  "a failure may be a page, back",
  "a success may have no body, back",
  "409 is described, with the body of every failure, back",
  "seed may be null, by an exception less, back",
];

/** Changes that break somebody, and are not breaking for Redocly; the rule beside each notices it. */
export const missedByRedocly: Readonly<Record<string, string>> = {
  "a status more, back": "literals-removed",
  "a kind of grader more, back": "literals-removed",
  "an effort more, four levels down, back": "literals-removed",
  "status is any string, back": "literals-removed",
  "status may be null, back": "literals-removed",
  "a model that is always the same, there": "literals-removed",
  "a union without its literal, in three places, there": "literals-removed",
  "a union without its literal, which is a component, there": "literals-removed",
  "seed may be null, by an exception less, there": "generated-bodies",
  "the branches of a method depend less on each other, there": "generated-bodies",
  "a component has another name, there": "type-name-removed",
  "a component has another name, back": "type-name-removed",
  "a job has no error but null, there": "branch-removed",
  "a header component has another name, there": "type-name-removed",
  "a header component has another name, back": "type-name-removed",
  "a failure may be a page, there": "media-type-added",
  "a success may have no body, there": "success-added",
  "x-request-id is always there, back": "header-optional",
  "the parameter in the path has another name, there": "path-renamed, parameter-renamed",
  "the parameter in the path has another name, back": "path-renamed, parameter-renamed",
  "another server, for the operation alone, there": "operation-servers",
  "another server, for the operation alone, back": "operation-servers",
  "a call without a credential is accepted, back": "operation-security",
  "a required request body, there": "request-body-added",
};
