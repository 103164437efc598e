/** What is read from the YAML files, and what is checked in each of the two documents, in small. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  ContractError,
  componentName,
  type Document,
  jsonResponses,
  memberNames,
  responseExamples,
  type Schema,
} from "../../scripts/contract/document.js";
import { checkSchemas, writeSchemas } from "../../scripts/contract/job-schema.js";
import { stepsOf, valueAt } from "../../scripts/contract/json-pointer.js";
import { violationsOf } from "../../scripts/contract/reference.js";
import {
  checkDocument,
  compileSchemas,
  DIALECT,
  dialectProblems,
  exampleProblems,
  refProblems,
  schemaProblems,
  toJsonSchema,
} from "../../scripts/contract/schemas.js";
import { readSource } from "../../scripts/contract/source.js";

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const documentOf = (schemas: Record<string, Schema>, more: object = {}) =>
  ({ components: { schemas, examples: {} }, paths: {}, jsonSchemaDialect: DIALECT, ...more }) as unknown as Document;

describe("readSource", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "source-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const read = (text: string) => {
    writeFileSync(join(folder, "a.yaml"), text);
    return readSource<Record<string, unknown>>(folder, "a.yaml");
  };

  test("gives the text, the value, and the line of each part or of the nearest around it", () => {
    const text = "a: 1\nb:\n  - c: 2\n  - d: 3\n";
    const { text: read_, value, lineOf } = read(text);
    expect({ read_, value }).toEqual({ read_: text, value: { a: 1, b: [{ c: 2 }, { d: 3 }] } });
    expect([[], ["a"], ["b", 1, "d"], ["b", 0, "x", "y"], ["z"]].map((path) => lineOf(path))).toEqual([
      "a.yaml:1",
      "a.yaml:1",
      "a.yaml:4",
      "a.yaml:3",
      "a.yaml:1",
    ]);
  });

  test.each([
    ["an error", "a: 1\nb: [", /^a\.yaml:2: /],
    ["a warning: a tag that nothing knows", "a: 1\nb: !unknown 2\n", /^a\.yaml:2: Unresolved tag: !unknown$/],
    ["a name that comes twice", "a: 1\na: 2\n", /^a\.yaml:2: Map keys must be unique/],
    ["a list", "- 1\n", /^a\.yaml:1: must be a mapping\.$/],
    ["text", "a\n", /^a\.yaml:1: must be a mapping\.$/],
    ["nothing", "", /^a\.yaml:1: must be a mapping\.$/],
  ])("refuses %s", (_, text, message) => {
    expect(() => read(text)).toThrow(ContractError);
    expect(() => read(text)).toThrow(message);
  });

  test("refuses a file that is not there", () => {
    expect(() => readSource(folder, "b.yaml")).toThrow(new ContractError("b.yaml", "cannot be read (ENOENT)."));
  });
});

test("a problem is one line", () => {
  expect(new ContractError("a", "b \n\n  c\nd").message).toBe("a: b c d");
  expect(new ContractError("a", "b").name).toBe("ContractError");
});

describe("a document", () => {
  const media = (name: string, examples = {}) => ({ "application/json": { schema: ref(name), examples } });
  const document = documentOf(
    {
      Job: { type: "object", properties: { id: {}, a: {} } },
      Fault: { type: "object", properties: { a: {}, b: {} } },
      Text: { type: "string" },
    },
    {
      paths: {
        "/jobs": {
          post: {
            responses: {
              200: { content: media("Job", { one: { $ref: "#/components/examples/One" } }) },
              204: { content: {} },
              default: { content: media("Fault", { two: { $ref: "#/components/examples/Two" } }) },
            },
          },
        },
      },
    },
  );
  document.components.examples = { One: { value: { id: 1 } }, Two: { value: { a: 2 }, "x-status": 404 } };

  test("has responses with JSON, and named examples with the status that they are for", () => {
    expect([...jsonResponses(document)].map(({ media: _, ...each }) => each)).toEqual([
      { path: "/jobs", method: "post", status: "200", schema: "Job" },
      { path: "/jobs", method: "post", status: "default", schema: "Fault" },
    ]);
    expect([...responseExamples(document)].map(({ path: _, method: __, ...each }) => each)).toEqual([
      { example: "one", schema: "Job", pointer: "/components/examples/One/value", status: 200, value: { id: 1 } },
      { example: "two", schema: "Fault", pointer: "/components/examples/Two/value", status: 404, value: { a: 2 } },
    ]);
    expect(memberNames(document)).toEqual(["id", "a", "b"]);
    expect(componentName("#/components/schemas/A.b")).toBe("A.b");
  });

  test("is refused when an example is missing", () => {
    const without = { ...document, components: { ...document.components, examples: {} } };
    expect(() => [...responseExamples(without)]).toThrow("openapi.yaml#/components/examples/One: does not exist.");
  });

  test("is checked for examples that do not conform", () => {
    const strict = structuredClone(document);
    Object.assign(strict.components.schemas.Job as object, { properties: { id: { type: "string" } } });
    expect([...exampleProblems(strict)]).toEqual([
      {
        pointer: "/components/examples/One/value",
        message: "the example one does not conform at /id: expected string, got integer.",
      },
    ]);
    const lineOf = (path: readonly (string | number)[]) => `a.yaml:${path.join("/")}`;
    expect(() => checkDocument({ text: "", value: strict, lineOf })).toThrow(
      /^a\.yaml:components\/examples\/One\/value: the example one/,
    );
    expect(() => checkDocument({ text: "", value: document, lineOf })).not.toThrow();
    const undialected = { ...strict, jsonSchemaDialect: "" };
    expect(() => checkDocument({ text: "", value: undialected, lineOf })).toThrow(
      /^a\.yaml:jsonSchemaDialect: must be /,
    );
  });
});

test("the dialect must be pinned", () => {
  const of = (jsonSchemaDialect?: string) => [...dialectProblems({ jsonSchemaDialect } as Document)];
  expect(of(DIALECT)).toEqual([]);
  const problem = { pointer: "/jsonSchemaDialect", message: `must be ${DIALECT}.` };
  expect(of()).toEqual([problem]);
  expect(of("https://json-schema.org/draft/2019-09/schema")).toEqual([problem]);
});

test("members beside a $ref are reported, wherever they are", () => {
  const document = documentOf(
    {
      A: { oneOf: [ref("B"), { ...ref("B"), description: "lost" }], properties: { $ref: { type: "string" }, b: {} } },
      B: {},
    },
    { none: null },
  );
  expect([...refProblems(document)]).toEqual([
    { pointer: "/components/schemas/A/oneOf/1", message: "has siblings of $ref, which tools ignore." },
  ]);
});

test.each([
  ["#/components/schemas/B"],
  ["#/components/schemas/None", "A"],
  ["#/components/schemas/%42", "A"],
  ["#/components/schemas/B/items", "A"],
  ["#/components/schemas", "A"],
  ["#", "A"],
  ["other.yaml#/components/schemas/B", "A"],
  ["#/components/examples/B", "A"],
])("a schema that refers to %s is reported at %s", (target, ...names) => {
  const document = documentOf({ A: { items: { $ref: target } }, B: { items: {} } }, { B: {} });
  expect([...refProblems(document)]).toEqual(
    names.map((name) => ({
      pointer: `/components/schemas/${name}/items`,
      message: `$ref must name a component, such as #/components/schemas/Name: ${target}`,
    })),
  );
});

describe("schemas compile in strict mode", () => {
  test.each([
    ["an unknown keyword", { type: "string", maxLenght: 1 }, /strict mode: unknown keyword: "maxLenght"/],
    [
      "a keyword of another type",
      { type: "string", items: {} },
      /strict mode: missing type "array" for keyword "items"/,
    ],
    ["a type that does not exist", { type: "strnig" }, /type must be/],
    ["a reference to nothing", ref("None"), /can't resolve reference/],
  ])("%s is reported", (_, schema, message) => {
    const [problem] = schemaProblems(documentOf({ Good: { type: "string" }, Wrong: schema }));
    expect(problem?.message).toMatch(message);
    expect(problem?.pointer).toMatch(/^\/components\/schemas(\/Wrong)?$/);
  });

  test("a good one is not, nor is a union of types", () => {
    expect([...schemaProblems(documentOf({ A: { type: ["string", "integer"] }, B: ref("A") }))]).toEqual([]);
  });

  test("a validator is made once, and reports every error", () => {
    const document = documentOf({ A: { type: "object", properties: { a: {}, b: {} }, required: ["a", "b"] } });
    const compile = compileSchemas(document);
    expect(compileSchemas(structuredClone(document))).toBe(compile);
    expect(compile("A")).toBe(compile("A"));
    expect(violationsOf(compile("A"), {}).map(({ pointer }) => pointer)).toEqual(["/a", "/b"]);
    expect(compileSchemas(documentOf({ A: { type: "string" } }))).not.toBe(compile);
  });
});

test("a self-contained schema has only what decides", () => {
  const document = documentOf({
    A: {
      ...{ type: "object", title: "a", description: "b", default: 1, deprecated: true, additionalProperties: true },
      properties: { title: { type: "string" }, only: { oneOf: [ref("B")] }, enum: { type: "string", enum: ["a"] } },
      required: ["title"],
    },
    title: { type: "object", additionalProperties: { type: "string" } },
    B: { oneOf: [{ type: "array", items: ref("A") }, { type: "null" }] },
  });
  expect(toJsonSchema(document, "A")).toEqual({
    $ref: "#/$defs/A",
    $defs: {
      A: {
        type: "object",
        properties: { title: { type: "string" }, only: { $ref: "#/$defs/B" }, enum: { enum: ["a"] } },
        required: ["title"],
      },
      title: { type: "object", additionalProperties: { type: "string" } },
      B: { oneOf: [{ type: "array", items: { $ref: "#/$defs/A" } }, { type: "null" }] },
    },
  });
});

describe("schemas for the client's validator", () => {
  test("are constants, each before those that use it; the root is last and exported", () => {
    const document = documentOf({
      Job: {
        type: "object",
        properties: { a: ref("B.c"), b: ref("B.c"), d: { type: ["string", "null"], maxLength: 2 } },
      },
      "B.c": { enum: ["a", "b"] },
      Other: { type: "string" },
    });
    expect(writeSchemas(document, "Job").split("\n")).toEqual([
      'const B_c = { "enum": [ "a", "b" ] } as const;',
      "",
      "/** @internal */",
      "export const Job = {",
      '  "type": [ "object" ],',
      '  "properties": {',
      '    "a": B_c,',
      '    "b": B_c,',
      '    "d": { "type": [ "string", "null" ], "maxLength": 2 }',
      "  }",
      "} as const;",
      "",
    ]);
  });

  test("what it knows passes", () => {
    const known = {
      type: "object",
      maxProperties: 1,
      required: ["a"],
      properties: { a: {}, b: { oneOf: [{ enum: ["a", null] }, { type: "integer" }] } },
      propertyNames: { maxLength: 1 },
      additionalProperties: { type: ["array"], items: ref("Text") },
    };
    expect(() => checkSchemas(documentOf({ Any: known, Text: { type: "string", maxLength: 1 } }))).not.toThrow();
    expect(() => checkSchemas(documentOf({ Any: { type: "array", items: { format: "a" } } }))).toThrow(
      "(Any/items): src/violations.ts does not know the keyword format",
    );
    expect(() => checkSchemas(documentOf({ A: ref("B"), B: { type: "array", items: ref("A") } }))).toThrow(
      "contains itself, and src/violations.ts would follow it without end.",
    );
  });
});

test.each([
  ["", []],
  ["/a/0", ["a", "0"]],
  ["/a~1b/c~0d/~01", ["a/b", "c~d", "~1"]],
  ["/", [""]],
])("the pointer %j leads through %j", (pointer, steps) => {
  expect(stepsOf(pointer)).toEqual(steps);
});

test("what stands at a pointer", () => {
  const body = { a: [{ b: null }], "": 1 };
  expect(
    ["", "/a/0/b", "/", "/a/1", "/a/0/b/c", "/toString", "/a/length/x"].map((each) => valueAt(body, each)),
  ).toEqual([body, null, 1, undefined, undefined, undefined, undefined]);
});

describe("what Ajv finds, as violations", () => {
  const of = (schema: Schema, body: unknown) =>
    violationsOf(compileSchemas(documentOf({ A: schema, Text: { type: "string" } }))("A"), body).map(
      ({ pointer, expected, actual }) => `${pointer}: ${expected}, not ${actual}`,
    );
  const object = (properties: object) => ({ type: "object", properties, required: Object.keys(properties) });
  const member = (schema: Schema) => object({ a: schema });
  const union = member({
    oneOf: [member({ type: "string" }), { type: "null" }, { type: "array", items: { type: "integer" } }],
  });

  test.each<[string, Schema, unknown, string[]]>([
    ["nothing", member({ type: "string" }), { a: "b" }, []],
    ["a type", member({ type: "string" }), { a: 1 }, ["/a: string, not integer"]],
    ["one of several types", member({ type: ["string", "null"] }), { a: 1 }, ["/a: string or null, not integer"]],
    ["a literal", member({ type: "string", enum: ["b", "c"] }), { a: "d" }, ['/a: "b" or "c", not string']],
    ["a member that is absent", member({ type: "string" }), {}, ["/a: present, not absent"]],
    ["a name with a slash", object({ "b/c": {} }), {}, ["/b~1c: present, not absent"]],
    ["a limit", member({ type: "string", maxLength: 1 }), { a: "bc" }, ["/a: maxLength 1, not string"]],
    [
      "a name that is too long",
      { type: "object", propertyNames: { maxLength: 1 } },
      { bc: 1 },
      [": member names with maxLength 1, not object"],
    ],
    ["a value that belongs to no branch", union, { a: 1 }, ["/a: object or null or array, not integer"]],
    ["what is wrong inside the branch that a value belongs to", union, { a: { a: 1 } }, ["/a/a: string, not integer"]],
    ["what is wrong in a list", union, { a: [1, "b"] }, ["/a/1: integer, not string"]],
    [
      "a union beside others",
      object({ a: { type: "string" }, ab: { oneOf: [{ type: "string" }, { type: "null" }] } }),
      { a: 1, ab: 1 },
      ["/a: string, not integer", "/ab: string or null, not integer"],
    ],
    [
      "a union in a union",
      member({ oneOf: [{ type: "null" }, { oneOf: [{ type: "string" }, { type: "boolean" }] }] }),
      { a: 1 },
      ["/a: null or string or boolean, not integer"],
    ],
  ])("%s", (_, schema, body, violations) => {
    expect(of(schema, body)).toEqual(violations);
  });
});

describe("a schema that the client's validator would not read as Ajv does is refused", () => {
  const check = (Any: object) => {
    const Text = { type: "string" };
    checkSchemas({ components: { schemas: { Any, Text } } } as unknown as Document);
  };

  test.each<[unknown: string, schema: object]>([
    ["the keyword minLength", { type: "string", minLength: 1 }],
    ["the keyword format", { type: "array", items: { type: "string", format: "uri" } }],
    ["the keyword anyOf", { type: "object", properties: { a: { anyOf: [{ type: "string" }, { type: "null" }] } } }],
    ["the schema false", { type: "object", additionalProperties: false }],
    ["maxLength without a type", { maxLength: 1 }],
    ["oneOf beside type", { type: ["string", "null"], oneOf: [{ type: "string" }, { type: "null" }] }],
    ["enum beside maxLength", { type: "string", enum: ["a"], maxLength: 1 }],
    ["propertyNames with anything but maxLength", { type: "object", propertyNames: { type: "string", maxLength: 1 } }],
    ["enum with objects or lists", { enum: ["a", []] }],
    ["oneOf with two branches that admit the same JSON type", { oneOf: [{ type: "number" }, { enum: ["auto", 1] }] }],
    ["oneOf with two branches that admit the same JSON type", { oneOf: [{ type: "integer" }, { type: "number" }] }],
    ["oneOf with two branches that admit the same JSON type", { oneOf: [{}, { type: "null" }] }],
    [
      "oneOf with two branches that admit the same JSON type",
      { oneOf: [{ oneOf: [{ $ref: "#/components/schemas/Text" }, { type: "null" }] }, { enum: ["auto"] }] },
    ],
  ])("%s: %j", (unknown, schema) => {
    expect(() => check(schema)).toThrow(ContractError);
    expect(() => check(schema)).toThrow(
      new RegExp(
        `^openapi\\.yaml with observed\\.overlay\\.yaml \\(Any[\\w/]*\\): src/violations\\.ts does not know ${unknown}: add it there, or leave it out here\\.$`,
      ),
    );
  });

  test("what admits and refuses nothing is left out", () => {
    const annotations = { title: "a", description: "b", default: "c", deprecated: true, examples: ["d"] };
    const document = {
      components: { schemas: { "A.b": { type: "object", additionalProperties: true, ...annotations } } },
    };
    checkSchemas(document as unknown as Document);
    expect(writeSchemas(document as unknown as Document, "A.b")).toBe(
      '/** @internal */\nexport const A_b = { "type": [ "object" ] } as const;\n',
    );
  });
});
