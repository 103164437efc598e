import { describe, expect, test } from "@jest/globals";
import { describePointer, describeResponse, excerptOf, toOutline } from "./describe.js";
import type { RecordedResponse } from "./exchange.js";
import { goodExchange, withResponse } from "./witness.js";

const WORDS = new Set(["id", "status", "code", "message", "metadata", "seed", "error", "queued"]);
const { jobId } = goodExchange.probe;

const shown = (response: Partial<RecordedResponse>) => describeResponse(withResponse(goodExchange, response), WORDS);
const bodyOf = (body: unknown) => shown({ text: JSON.stringify(body) }).body;
const excerpt = (body: unknown, pointer: string) =>
  excerptOf(
    withResponse(goodExchange, { text: typeof body === "string" ? body : JSON.stringify(body) }),
    pointer,
    WORDS,
  );

describe("a body in words", () => {
  test.each([
    ["a private text", { id: "secret" }, { id: "<string, 6 characters>" }],
    ["one character of two units", { id: "𝒳" }, { id: "<string, 1 character>" }],
    ["no character", { id: "" }, { id: "<string, 0 characters>" }],
    ["a word of the contract", { id: "queued" }, { id: "queued" }],
    ["the requested id", { id: jobId }, { id: jobId }],
    ["literals", [true, false, null, 0], [true, false, null, 0]],
    [
      "numbers",
      [7, 17, -17, 1.5],
      ["<integer, 1 digit>", "<integer, 2 digits>", "<negative integer, 2 digits>", "<number>"],
    ],
    ["a great number", 1e21, "<integer, 22 digits>"],
    [
      "private names",
      { secret: 1, hidden: 2 },
      { "<name 1, 6 characters>": "<integer, 1 digit>", "<name 2, 6 characters>": "<integer, 1 digit>" },
    ],
    ["a list in a member", { seed: [{ id: "ab" }] }, { seed: [{ id: "<string, 2 characters>" }] }],
  ])("%s", (_, body, words) => {
    expect(bodyOf(body)).toEqual(words);
  });

  test.each([
    ["code", "DeploymentNotFound"],
    ["code", "invalid_request.not-found"],
    ["code", "a".repeat(40)],
    ["id", "404"],
    ["code", 404],
    ["statusCode", 500],
    ["status", 199],
  ])("%s keeps the code %j", (name, value) => {
    expect(bodyOf({ error: { [name]: value } })).toEqual({
      error: { [WORDS.has(name) ? name : "<name 1, 10 characters>"]: value },
    });
  });

  test.each([
    ["code", "a".repeat(41)],
    ["code", "ab12"],
    ["code", "_ab"],
    ["code", "ab_"],
    ["code", "two words"],
    ["code", "a\nb"],
    ["message", "DeploymentNotFound"],
    ["id", "4040"],
    ["id", "099"],
    ["id", "600"],
    ["id", "a404"],
    ["code", 4040],
    ["code", 99],
    ["code", 600],
    ["id", 404],
  ])("%s does not keep %j", (name, value) => {
    expect(JSON.stringify(bodyOf({ [name]: value }))).not.toContain(String(value));
  });

  test("what somebody calls a code in the metadata of a job is private", () => {
    expect(bodyOf({ metadata: { code: "Secret" } })).toEqual({ metadata: { code: "<string, 6 characters>" } });
    expect(bodyOf({ metadata: { error: { code: "NotFound" } } })).toEqual({
      metadata: { error: { code: "<string, 8 characters>" } },
    });
  });

  test("levels below the hundredth are left out", () => {
    const nested = (levels: number, inner: unknown): unknown => (levels === 0 ? inner : [nested(levels - 1, inner)]);
    expect(bodyOf(nested(100, "secret"))).toEqual(nested(100, "<string, 6 characters>"));
    expect(bodyOf(nested(101, "secret"))).toEqual(nested(100, []));
    const objects = (levels: number): unknown => (levels === 0 ? {} : { id: objects(levels - 1) });
    expect(bodyOf(objects(102))).toEqual(objects(100));
  });
});

describe("a body that is no JSON", () => {
  test.each([
    ["", "<empty>"],
    [" <p>", "<HTML, 4 characters>"],
    ["secret <", "<text, 8 characters>"],
  ])("%j is shown as %s", (text, body) => {
    expect(shown({ text, status: 502 })).toMatchObject({ status: 502, body });
  });
});

test("of the headers, those that a recording keeps, and a length in place of a private value", () => {
  const headers = { "x-request-id": "secret", "apim-request-id": "xxx", "retry-after": "5", "set-cookie": "a=1" };
  const described = {
    "x-request-id": "<string, 6 characters>",
    "apim-request-id": "<string, 3 characters>",
    "retry-after": "5",
  };
  expect(shown({ headers }).headers).toEqual(described);
  for (const type of ["text/x", "x/text"])
    expect(shown({ headers: { "content-type": type } }).headers).toEqual({ "content-type": type });
  expect(shown({ headers, text: "a" }).headers).toEqual(described);
});

test("an outline has no quotes around words, and keeps them around values", () => {
  const body = bodyOf({ id: "secret", seed: -5, status: "queued", error: [1.5, ""], metadata: { x: 7 } });
  expect(toOutline(body, 0)).toBe(
    '{"id":<string, 6 characters>,"seed":<negative integer, 1 digit>,"status":"queued","error":[<number>,<string, 0 characters>],"metadata":{<name 1, 1 character>:<integer, 1 digit>}}',
  );
  expect(toOutline("<empty>")).toBe("<empty>");
  expect(toOutline("<HTML, 4 characters>")).toBe("<HTML, 4 characters>");
  expect(toOutline("<text, 1 character>")).toBe("<text, 1 character>");
  expect(toOutline({ id: "<other>" })).toBe('{\n  "id": "<other>"\n}');
  expect(toOutline(undefined)).toBe("");
});

describe("an excerpt", () => {
  test.each([
    ["the first member", { id: "ab", seed: 1 }, "/id", '{ "id": <string, 2 characters>, … }'],
    ["the last member", { id: "ab", seed: 1 }, "/seed", '{ …, "seed": <integer, 1 digit> }'],
    ["one between", { id: "ab", seed: null, status: 1 }, "/seed", '{ …, "seed": null, … }'],
    ["the only one", { seed: null }, "/seed", '{ "seed": null }'],
    ["one that is absent", { id: "ab" }, "/seed", '{ … } without "seed"'],
    ["a private one that is absent", { id: "ab" }, "/ab", "{ … } without <name 1, 2 characters>"],
    ["a private one", { id: 1, ab: true }, "/ab", "{ …, <name 2, 2 characters>: true }"],
    ["inside", { error: { code: "NotFound" }, id: 1 }, "/error/code", '{ "error": { "code": "NotFound" }, … }'],
    [
      "inside metadata",
      { metadata: { code: "NotFound" } },
      "/metadata/code",
      '{ "metadata": { "code": <string, 8 characters> } }',
    ],
    ["an item", { seed: [1, "ab", 2] }, "/seed/1", '{ "seed": […, <string, 2 characters>, …] }'],
    ["an item that is absent", [1], "/7", "[…] without <name 1, 1 character>"],
    ["below a value", { seed: 7 }, "/seed/id", '{ "seed": <integer, 1 digit> }'],
    ["below null", { seed: null }, "/seed/id", '{ "seed": null }'],
    ["the whole", { id: "ab" }, "", '{"id":<string, 2 characters>}'],
  ])("of %s", (_, body, pointer, text) => {
    expect(excerpt(body, pointer)).toBe(text);
  });

  test("is cut after 160 characters", () => {
    const list = (count: number) => [...Array(31 - count).fill(true), ...Array(count).fill(false)];
    expect(excerpt({ seed: list(4) }, "/seed")).toBe(`{ "seed": [${list(4)}] }`);
    expect(excerpt({ seed: list(5) }, "/seed")).toBe(`{ "seed": [${list(5)}… }`);
  });

  test("of a body that is no JSON names its kind", () => {
    expect(excerpt("<p>", "/id")).toBe("<HTML, 3 characters>");
  });
});

test.each([
  ["", ""],
  ["/id/0/secret", "/id/0/<name, 6 characters>"],
  ["/a~1b", "/<name, 3 characters>"],
  ["/10/", "/10/"],
  ["/12a", "/<name, 3 characters>"],
  ["/a12", "/<name, 3 characters>"],
])("the pointer %j is shown as %j", (pointer, words) => {
  expect(describePointer(pointer, WORDS)).toBe(words);
});
