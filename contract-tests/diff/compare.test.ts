/** How changes are rated, with changes as Redocly reports them. compare.deep.ts rates real ones. */
import { beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Document, Schema } from "../../scripts/contract/document.js";
import type { Change, Difference } from "./compare.js";
import type { RedoclyChange } from "./redocly.js";

/** What Redocly reports, by the older document. */
let changes: Map<Document, RedoclyChange[]>;
let comparison: typeof import("./compare.js");
beforeAll(async () => {
  const redoclyChanges = async (before: Document) => changes.get(before) ?? [];
  jest.doMock("./redocly.js", () => ({ LEVELS: ["patch", "minor", "major"], redoclyChanges }));
  comparison = await import("./compare.js");
});

let made = 0;
/** Another document each time: equal ones are not compared. */
const documentOf = (schemas: Record<string, Schema> = {}) =>
  ({ info: { version: `${++made}` }, components: { schemas } }) as unknown as Document;

/** What a change may refer to. */
const SCHEMAS = {
  Literal: { enum: ["a"] },
  Members: { properties: {} },
  Circle: { items: { $ref: "#/components/schemas/Circle" } },
};
const PATH = "#/paths/~1a/post";
const change = (more: Partial<RedoclyChange>): RedoclyChange => ({
  path: `${PATH}/responses/200/content/application~1json/schema/properties/status`,
  kind: "modified",
  impact: "patch",
  verdicts: [],
  ...more,
});
async function rate(more: Partial<RedoclyChange>): Promise<Change> {
  const [before, after] = [documentOf(SCHEMAS), documentOf()];
  changes = new Map([[before, [change(more)]]]);
  const [rated] = await comparison.compareDocuments(before, after, "root");
  return rated as Change;
}
const side = (value?: unknown, pointer = "#/a") => ({ pointer, value });
const verdicts = [{ ruleId: "their-rule", message: "Their message." }];

describe("a change is rated by what it breaks:", () => {
  const BREAKING = { rule: "their-rule", message: "Their message.", level: "major" };
  test.each<[string, Partial<RedoclyChange>, object]>([
    ["a request, by Redocly", { path: `${PATH}/parameters/0`, verdicts }, { ...BREAKING, breaks: ["requests"] }],
    ["an answer, by Redocly", { verdicts }, { ...BREAKING, breaks: ["readers"] }],
    ["literals, by Redocly", { verdicts, property: "enum" }, { ...BREAKING, breaks: ["switches"] }],
    ["one literal, by Redocly", { verdicts, property: "const" }, { ...BREAKING, breaks: ["switches"] }],
    [
      "nothing, in a property",
      { property: "title" },
      { rule: "no-rule", message: "title was changed.", breaks: [], level: "patch" },
    ],
    [
      "nothing, and came",
      { kind: "added", impact: "minor" },
      { rule: "no-rule", message: "was added.", breaks: [], level: "minor" },
    ],
    [
      "nothing, and went",
      { kind: "removed", impact: "major" },
      { rule: "no-rule", message: "was removed.", breaks: [], level: "minor" },
    ],
  ])("%s", async (_, more, expected) => {
    expect(await rate(more)).toMatchObject(expected);
  });

  const responses = `${PATH}/responses`;
  const branch = (value: object, union = "oneOf") => ({
    ...({ kind: "removed", base: side(value) } as const),
    path: `${responses}/200/content/application~1json/schema/${union}/1`,
  });
  test.each<[rule: string | undefined, Partial<RedoclyChange>]>([
    ["literals-removed", { property: "enum", base: side(["a", "b"]), revision: side(["a"]) }],
    ["literals-removed", { property: "enum", revision: side(["a"]) }],
    [undefined, { property: "enum", base: side(["a"]), revision: side(["a", "b"]) }],
    ["literals-removed", { property: "enum", base: side(["a"]) }],
    [undefined, { property: "type", base: side(["a", "b"]), revision: side(["a"]) }],
    [undefined, { property: "enum", path: `${responses}/200/not`, base: side(["a", "b"]), revision: side(["a"]) }],
    [undefined, { property: "enum", path: `${PATH}/parameters/0`, base: side(["a", "b"]), revision: side(["a"]) }],
    ["literals-removed", { property: "const", revision: side("a") }],
    [undefined, { property: "const", path: `${PATH}/parameters/0`, revision: side("a") }],
    ["literals-removed", branch({ type: "string", enum: ["auto"] })],
    ["literals-removed", branch({ const: "auto" }, "anyOf")],
    ["literals-removed", branch({ items: { oneOf: [{ enum: ["a"] }] } })],
    ["literals-removed", branch({ $ref: "#/components/schemas/Literal" })],
    ["branch-removed", branch({ $ref: "#/components/schemas/Members" })],
    ["branch-removed", branch({ type: "object", properties: { a: { enum: ["a"] } } })],
    [undefined, branch({ type: "integer" })],
    [undefined, branch({ type: "array", items: { $ref: "#/components/schemas/Circle" } })],
    [undefined, branch({ $ref: "#/components/schemas/None" })],
    [undefined, { ...branch({ enum: ["a"] }), kind: "added" }],
    [undefined, branch({ enum: ["a"] }, "allOf")],
    [undefined, branch({ enum: ["a"] }, "not/oneOf")],
    [undefined, { ...branch({ enum: ["a"] }), path: `${PATH}/parameters/0/schema/oneOf/0` }],
    ["path-renamed", { property: "key", path: "#/paths/~1a~1{b}" }],
    [undefined, { property: "key", path: PATH }],
    ["parameter-renamed", { property: "name", path: `${PATH}/parameters/0` }],
    ["parameter-renamed", { property: "name", path: "#/paths/~1a/parameters/12" }],
    [undefined, { property: "description", path: `${PATH}/parameters/0` }],
    [undefined, { property: "name", path: `${PATH}/parameters/0/schema` }],
    ["success-added", { kind: "added", path: `${responses}/202` }],
    ["success-added", { kind: "added", path: `${responses}/2XX` }],
    [undefined, { kind: "removed", path: `${responses}/202` }],
    [undefined, { kind: "added", path: `${responses}/404` }],
    [undefined, { kind: "added", path: `${responses}/202/headers` }],
    ["media-type-added", { kind: "added", path: `${responses}/200/content/text~1html` }],
    [undefined, { kind: "removed", path: `${responses}/200/content/text~1html` }],
    [undefined, { kind: "added", path: `${responses}/200/content/text~1html/schema` }],
    ["header-optional", { path: `${responses}/200/headers/a`, property: "required", revision: side(false) }],
    ["header-optional", { path: `${responses}/default/headers/retry-after`, property: "required" }],
    [undefined, { path: `${responses}/200/headers/a`, property: "required", revision: side(true) }],
    [undefined, { path: `${responses}/200/headers/a`, property: "description" }],
    [undefined, { path: `${responses}/200/headers/a/schema`, property: "required" }],
    ["request-body-added", { kind: "added", path: `${PATH}/requestBody`, revision: side({ required: true }) }],
    [undefined, { kind: "added", path: `${PATH}/requestBody`, revision: side({}) }],
    [undefined, { kind: "added", path: `${PATH}/requestBody` }],
    [undefined, { kind: "removed", path: `${PATH}/requestBody`, revision: side({ required: true }) }],
    [undefined, { kind: "added", path: `${PATH}/requestBody/content`, revision: side({ required: true }) }],
    ["operation-servers", { path: `${PATH}/servers` }],
    ["operation-servers", { path: "#/paths/~1a/servers", kind: "removed" }],
    [undefined, { path: "#/servers" }],
    [undefined, { path: `${PATH}/servers/0` }],
    ["operation-security", { kind: "removed", path: `${PATH}/security` }],
    [undefined, { kind: "added", path: `${PATH}/security` }],
    [undefined, { kind: "removed", path: "#/security" }],
    [undefined, { kind: "removed", path: `${PATH}/security/0` }],
    ["type-name-removed", { kind: "removed", path: "#/components/schemas/Job" }],
    ["type-name-removed", { kind: "removed", path: "#/components/headers/RequestId" }],
    ["type-name-removed", { kind: "removed", path: "#/components/parameters" }],
    [undefined, { kind: "removed", path: "#/components/examples/job" }],
    [undefined, { kind: "removed", path: "#/components" }],
    [undefined, { kind: "added", path: "#/components/schemas/Job" }],
    [undefined, { kind: "removed", path: "#/components/schemas/Job/properties" }],
    [undefined, { kind: "removed", path: "#/components/headers/schemas/Job" }],
  ])("%s: %j", async (rule, more) => {
    const { ownRules } = comparison;
    const own = ownRules.find((each) => each.rule === rule);
    expect(await rate(more)).toMatchObject(
      own ? { rule, message: own.message, breaks: [own.breaks], level: "major" } : { rule: "no-rule", breaks: [] },
    );
  });

  test.each<Partial<RedoclyChange>>([
    { property: "enum", base: side(["a", "b"]), revision: side(["a"]) },
    { property: "key", path: "#/paths/~1a" },
    { kind: "removed", path: "#/components/schemas/Job" },
  ])("what Redocly finds wrong is its own: %j", async (more) => {
    expect(await rate({ ...more, verdicts })).toMatchObject({ rule: "their-rule" });
  });

  test("each rule of ours says whom it breaks, and why, in a sentence", async () => {
    const { ownRules } = comparison;
    expect(ownRules.map(({ rule, breaks }) => [rule, breaks])).toEqual([
      ["branch-removed", "readers"],
      ["literals-removed", "switches"],
      ["success-added", "readers"],
      ["media-type-added", "readers"],
      ["header-optional", "readers"],
      ["path-renamed", "requests"],
      ["parameter-renamed", "requests"],
      ["request-body-added", "requests"],
      ["operation-servers", "requests"],
      ["operation-security", "requests"],
      ["type-name-removed", "readers"],
    ]);
    for (const { message } of ownRules) expect(message).toMatch(/^[A-Z].*\.$/);
  });
});

test.each([
  [`${PATH}/responses/200/content/application~1json/schema/properties/error/oneOf/0/properties/code`, "200 error.code"],
  [`${PATH}/responses/200/content/application~1json/schema/properties/list/items/properties/a`, "200 list[].a"],
  [`${PATH}/responses/200/content/application~1json/schema/anyOf/10/allOf/2/properties/a/properties`, "200 a"],
  [`${PATH}/responses/default/content/text~1html`, "default content.text/html"],
  [`${PATH}/responses/404`, "404 answer"],
  ["#/paths/~1a~1b/post/parameters/0", "paths//a/b/post/parameters/0"],
])("the place of %s is %s", async (path, place) => {
  expect((await rate({ path })).place).toBe(place);
});

test("a change is written where it is now, or where it was", async () => {
  expect((await rate({ base: side(1, "#/old"), revision: side(2, "#/new") })).pointer).toBe("/new");
  expect((await rate({ base: side(1, "#/old") })).pointer).toBe("/old");
  expect((await rate({})).pointer).toBe("");
});

describe("what Redocly does not see is seen by bodies", () => {
  const one = documentOf({ Job: { type: "object", properties: { a: { type: "string" } } }, Other: { type: "string" } });
  const two = documentOf({
    Job: { type: "object", properties: { a: { type: ["string", "null"] } } },
    Other: { type: "string" },
  });
  const of = async (found: RedoclyChange[]) => {
    changes = new Map([[one, found]]);
    return comparison.compareDocuments(one, two, "root");
  };
  const unseen = {
    place: "Job",
    pointer: "/components/schemas/Job",
    rule: "generated-bodies",
    message: expect.stringContaining("/a had to be string"),
    breaks: ["readers"],
    level: "major",
  };

  test("unless Redocly finds a breaking change in the same component", async () => {
    expect(await of([])).toEqual([unseen]);
    const at = (pointer: string, breaking: boolean) =>
      change({ revision: side(1, pointer), ...(breaking && { verdicts }) });
    expect(await of([at("#/components/schemas/Job/properties/a", true)])).toHaveLength(1);
    expect(await of([at("#/components/schemas/Job", true)])).toHaveLength(1);
    expect(await of([at("#/components/schemas/Job/properties/a", false)])).toHaveLength(2);
    expect(await of([at("#/components/schemas/Job2/properties/a", true)])).toHaveLength(2);
    expect(await of([at("#/components/schemas/Other", true)])).toEqual([expect.anything(), unseen]);
  });
});

describe("both layers together", () => {
  async function both(inDocumented: Partial<RedoclyChange>[], inAccepted: Partial<RedoclyChange>[]) {
    const [documented, accepted] = [documentOf(), documentOf()];
    changes = new Map([
      [documented, inDocumented.map(change)],
      [accepted, inAccepted.map(change)],
    ]);
    const after = { documented: documentOf(), accepted: documentOf() };
    const found = await comparison.compareContracts({ documented, accepted }, after, "root");
    return found.map(({ layers, level, breaks }) => [layers.join(), level, breaks.join()]);
  }
  const request = { path: `${PATH}/parameters/0`, verdicts };
  const other = [{ ruleId: "their-rule", message: "Another message." }];

  test.each<[string, Partial<RedoclyChange>[], Partial<RedoclyChange>[], string[][]]>([
    ["the same change is one", [{ verdicts }], [{ verdicts }], [["documented,accepted", "major", "readers"]]],
    ["what was seen in services is minor", [], [{ verdicts }], [["accepted", "minor", "readers"]]],
    ["what was seen and breaks nobody is what it is", [], [{}], [["accepted", "patch", ""]]],
    ["what a service asks of a request is major", [], [request], [["accepted", "major", "requests"]]],
    ["a change of the page alone breaks nobody", [{ verdicts }], [], [["documented", "patch", ""]]],
    [
      "the same rule at the same place, in other words, was not only seen",
      [{ verdicts }],
      [{ verdicts: other }],
      [
        ["accepted", "major", "readers"],
        ["documented", "patch", ""],
      ],
    ],
    [
      "the same rule at another place was seen",
      [{ verdicts, path: `${PATH}/responses/404` }],
      [{ verdicts }],
      [
        ["accepted", "minor", "readers"],
        ["documented", "patch", ""],
      ],
    ],
    [
      "another rule at the same place was seen",
      [{}],
      [{ verdicts }],
      [
        ["accepted", "minor", "readers"],
        ["documented", "patch", ""],
      ],
    ],
  ])("%s", async (_, documented, accepted, expected) => {
    expect(await both(documented, accepted)).toEqual(expected);
  });

  test("the version grows by the greatest", async () => {
    const { bumpOf } = comparison;
    const of = (...levels: Change["level"][]) => bumpOf(levels.map((level) => ({ level }) as Difference));
    expect([of(), of("patch"), of("minor", "patch"), of("patch", "major", "minor")]).toEqual([
      "none",
      "patch",
      "minor",
      "major",
    ]);
  });
});
