import { join } from "node:path";
import { beforeAll, describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import {
  type Action,
  type Contract,
  type Document,
  memberNames,
  OVERLAY_FILE,
  type Overlay,
} from "../../scripts/contract/document.js";
import { applyAction, applyOverlay, checkOverlay, placeOf } from "../../scripts/contract/overlay.js";
import { readContract } from "../../scripts/contract/read.js";
import { schemaArbitrary } from "../../scripts/contract/samples.js";
import { compileSchemas } from "../../scripts/contract/schemas.js";
import { readSource } from "../../scripts/contract/source.js";
import { admits, bodyCases } from "../tables/bodies.js";
import { observedSchemas } from "../tables/observed.js";
import { schemas } from "../tables/page.js";
import { operationOf } from "./differences.js";
import { runSpecCheck } from "./spec-checks.js";

const root = join(__dirname, "../..");
const roots = ["FineTuningJob", "ErrorResponse"];
// Read here too, because the test titles need it before any hook has run.
const { actions } = readSource<Overlay>(root, OVERLAY_FILE).value;

let contract: Contract;
beforeAll(async () => {
  contract = await readContract(root);
});

/** Bodies that were observed and that the page does not admit. */
const observedBodies = roots.flatMap((schema) =>
  bodyCases(observedSchemas, schema, [schemas, observedSchemas])
    .filter(({ body, good }) => good && !admits(schemas, schema, body))
    .map(({ body }) => ({ schema, body })),
);

const mediaTypesOf = (document: Document) =>
  Object.entries(operationOf(document)?.responses ?? {}).flatMap(([status, { content }]) =>
    Object.keys(content).map((type) => `${status} ${type}`),
  );
const membersOf = (document: Document) =>
  Object.entries(document.components.schemas).flatMap(([name, { properties }]) =>
    Object.keys(properties ?? {}).map((member) => `${name}.${member}`),
  );

/** Ways to see that a document lacks what an action adds: each gives what the accepted contract has, and `without` lacks. */
const lost = {
  "a body": (without: Document) => {
    const compile = compileSchemas(without);
    return observedBodies.filter(({ schema, body }) => !compile(schema)(body));
  },
  "a member": (without: Document) => {
    const left = membersOf(without);
    return membersOf(contract.accepted).filter((each) => !left.includes(each));
  },
  "a media type": (without: Document) => {
    const left = mediaTypesOf(without);
    return mediaTypesOf(contract.accepted).filter((each) => !left.includes(each));
  },
};

/**
 * What an action adds. Only `type`, `enum`, `oneOf` and `required` decide which bodies a schema admits. A member that is
 * declared without a type admits no new body, because the page allows unknown members.
 */
function additionOf({ target, update, remove }: Action): keyof typeof lost {
  if (target.startsWith("$.paths")) return "a media type";
  const declaresOnly = Object.values(update ?? {}).every((member) => Object.keys(member).join() === "description");
  return remove || !declaresOnly ? "a body" : "a member";
}

describe("without this overlay action, the accepted contract loses", () => {
  test.each(actions.map((action, index) => ({ title: `${additionOf(action)}: ${action.description}`, action, index })))(
    "$title",
    async ({ action, index }) => {
      const { documented, overlay } = contract;
      const others = overlay.actions.filter((_, each) => each !== index);
      const without = await applyOverlay(documented, { ...overlay, actions: others });
      expect(lost[additionOf(action)](without)).not.toEqual([]);
    },
  );
});

test.each(roots)("the overlay only widens %s: it admits generated bodies that openapi.yaml admits", (schema) => {
  const { documented, accepted } = contract;
  const [page, wider] = [compileSchemas(documented)(schema), compileSchemas(accepted)(schema)];
  fc.assert(
    fc.property(schemaArbitrary(documented, schema, memberNames(accepted)), (body) => {
      expect({ page: page(body), wider: wider(body), table: admits(schemas, schema, body) }).toEqual({
        page: true,
        wider: true,
        table: true,
      });
    }),
    { numRuns: 300 },
  );
});

const post = "$.paths['/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel'].post";

describe("an overlay may not", () => {
  test.each<[what: string, target: string, update: unknown]>([
    ["change the security", "$", { security: [{}] }],
    ["add a server", "$", { servers: [{ url: "https://example.com" }] }],
    ["change the dialect", "$", { jsonSchemaDialect: "https://json-schema.org/draft-07/schema" }],
    ["add a path", "$.paths", { "/other": {} }],
    ["add a member to a path", "$.paths['/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel']", { summary: "" }],
    ["change the operationId", post, { operationId: "other" }],
    ["add a query parameter", post, { parameters: [{ name: "a", in: "query", schema: {} }] }],
    ["add a request body", post, { requestBody: { content: {} } }],
    ["change the description of a response", `${post}.responses.default`, { description: "" }],
    ["add a header", `${post}.responses.default.headers`, { a: {} }],
    ["change an example", "$.components.examples.notFound", { "x-status": 500 }],
    ["change a header", "$.components.headers.RequestId.schema", { type: "integer" }],
    ["change a security scheme", "$.components.securitySchemes.apiKey", { name: "key" }],
    ["change a media type", `${post}.responses.default.content['application/json']`, { examples: { a: {} } }],
  ])("%s: applying it fails, and so does the check overlay-scope", async (_, target, update) => {
    const { documented, overlay } = contract;
    const action = { target, description: "A change.", update };
    await expect(applyOverlay(documented, { ...overlay, actions: [action] })).rejects.toThrow(
      /^observed\.overlay\.yaml#\/actions\/0: action 0 changes \/.+: an action may change schemas/,
    );
    const { applied } = await applyAction(contract.accepted, action);
    expect(await runSpecCheck("overlay-scope", { ...contract, accepted: applied })).not.toEqual([]);
  });
});

test.each<[what: string, target: string, update: object]>([
  ["a response", `${post}.responses`, { 418: { description: "A.", content: {} } }],
  ["a media type", `${post}.responses.default.content`, { "text/plain": { schema: { type: "string" } } }],
])("an overlay may add %s", async (_, target, update) => {
  const { documented, overlay } = contract;
  const action = { target, description: "A change.", update };
  const changed = operationOf(await applyOverlay(documented, { ...overlay, actions: [action] }));
  expect(target.endsWith("content") ? changed?.responses.default?.content : changed?.responses).toMatchObject(update);
});

describe("an action by itself", () => {
  const apply = (target: string, update: object) =>
    applyAction(structuredClone(contract.documented), { target, description: "A change.", update });

  test.each([
    ["$.nothing", /^the action matches nothing: \$\.nothing$/],
    ["$.paths[", /^Error resolving JSONPath: Expected .* but end of input found\.$/],
  ])("%s is not applied, which is said and not printed", async (target, complaint) => {
    const print = jest.spyOn(console, "error");
    try {
      expect((await apply(target, { a: 1 })).complaint).toMatch(complaint);
      expect(print).not.toHaveBeenCalled();
      expect(console.error).toBe(print);
    } finally {
      print.mockRestore();
    }
  });

  test("has no part in the document that it changed", async () => {
    const update = { info: { "x-list": [1] } };
    const { applied, complaint } = await apply("$", update);
    expect(complaint).toBeUndefined();
    const { info } = applied as unknown as typeof update;
    expect(info["x-list"]).toEqual([1]);
    info["x-list"].push(2);
    expect(update.info["x-list"]).toEqual([1]);
  });
});

describe("an overlay is refused, and the place is said, with", () => {
  const action = { target: "$.a", description: "A change.", update: {} };
  const good = { overlay: "1.0.0", info: { title: "a", version: "1" }, actions: [action] };
  const check = (change: object) => () => checkOverlay({ ...good, ...change } as Overlay, placeOf);
  const withAction = (change: object) => ({ actions: [action, { ...action, ...change }] });

  test.each([
    {},
    { overlay: "1.0.1" },
    { overlay: "1.0.10" },
    withAction({ target: "$.a['b c','d'][?(@ == 'e')]", update: undefined }),
  ])("nothing wrong in it, by contrast: %j", (change) => expect(check(change)).not.toThrow());

  const ONE = "actions/1: action 1 ";
  test.each<[change: object, message: string]>([
    [{ overlay: "11.0.0" }, "overlay: overlay must be 1.0.0."],
    [{ overlay: "1.0.0-rc" }, "overlay: overlay must be 1.0.0."],
    [{ overlay: undefined }, "overlay: overlay must be 1.0.0."],
    [{ info: undefined }, "info: info needs a title and a version."],
    [{ info: { title: "a" } }, "info: info needs a title and a version."],
    [{ info: { title: "a", version: 1 } }, "info: info needs a title and a version."],
    [{ info: { version: "1" } }, "info: info needs a title and a version."],
    [{ actions: undefined }, "actions: actions must be a non-empty list."],
    [{ actions: { a: action } }, "actions: actions must be a non-empty list."],
    [{ actions: [] }, "actions: actions must be a non-empty list."],
    [{ actions: [action, null] }, `${ONE}needs a target, a JSONPath that starts with $.`],
    [withAction({ target: undefined }), `${ONE}needs a target, a JSONPath that starts with $.`],
    [withAction({ target: "a.b" }), `${ONE}needs a target, a JSONPath that starts with $.`],
    [withAction({ target: "$" }), `${ONE}needs a JSONPath that names each step, without * or ..: $`],
    [withAction({ target: "$..a" }), `${ONE}needs a JSONPath that names each step, without * or ..: $..a`],
    [withAction({ target: "$.*$.a" }), `${ONE}needs a JSONPath that names each step, without * or ..: $.*$.a`],
    [withAction({ target: "$.a.*" }), `${ONE}needs a JSONPath that names each step, without * or ..: $.a.*`],
    [withAction({ targets: "$.a" }), `${ONE}has an unknown member: targets.`],
    [withAction({ description: undefined }), `${ONE}needs a description of what was seen.`],
    [withAction({ description: " " }), `${ONE}needs a description of what was seen.`],
    [withAction({ remove: true }), `${ONE}needs an update, or remove: true.`],
    [{ actions: [action, { target: "$.a", description: "A." }] }, `${ONE}needs an update, or remove: true.`],
    [
      { actions: [action, { target: "$.a", description: "A.", remove: false }] },
      `${ONE}needs an update, or remove: true.`,
    ],
  ])("%j", (change, message) => {
    expect(check(change)).toThrow(new Error(`observed.overlay.yaml#/${message}`));
  });
});
