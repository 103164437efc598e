import { describe, expect, jest, test } from "@jest/globals";
import { createFineTuningClient, type Violation } from "../../src/index.js";
import { findViolations, MOST_VIOLATIONS, type Schema } from "../../src/violations.js";
import { JOB } from "./job.js";

/** What validation does with bodies that were made to harm; agreement.test.ts has what it finds. */

const jobWith = (members: string) => JSON.stringify(JOB).replace(/}$/, `,${members}}`);

const clientOf = (text: string, options: object = {}) =>
  createFineTuningClient({
    endpoint: "http://127.0.0.1:1",
    apiKey: "a-key-for-validation",
    fetch: async () => new Response(text, { headers: { "content-type": "application/json" } }),
    onViolation: () => {},
    ...options,
  });

describe("a body with 80,000 violations, 120 kB", () => {
  const text = jobWith(`"integrations":[${Array(40_000).fill("{}").join()}]`);
  const first: Violation = { pointer: "/integrations/0/type", expected: "present", actual: "absent" };

  test("the first hundred are reported", async () => {
    const onViolation = jest.fn();
    const { violations } = await clientOf(text, { onViolation }).cancelWithResponse("ftjob-abc123");
    expect(violations).toHaveLength(MOST_VIOLATIONS);
    expect(violations[0]).toEqual(first);
    expect(violations.at(-1)).toEqual({ ...first, pointer: "/integrations/49/wandb" });
    expect(onViolation.mock.calls).toEqual(violations.map((violation) => [violation]));
  });

  test("strict says how many more there are", async () => {
    const error = await clientOf(text, { validation: "strict" })
      .cancel("ftjob-abc123")
      .catch((thrown) => thrown);
    expect(error.name).toBe("ContractViolationError");
    expect(error.message).toContain("; and 79997 more.");
    expect(error.violationCount).toBe(80_000);
    expect(error.violations).toHaveLength(MOST_VIOLATIONS);
  });
});

describe("a body that is nested 100,000 levels deep", () => {
  const lists = "[".repeat(100_000) + "]".repeat(100_000);
  const objects = `${'{"x":'.repeat(100_000)}0${"}".repeat(100_000)}`;

  test.each<[where: string, members: string, violations: readonly Violation[]]>([
    ["in an unknown member", `"x":${objects}`, []],
    ["in a member without a schema", `"usage_metrics":${lists}`, []],
    [
      "in an object that the contract leaves open",
      `"method":{"type":"reinforcement","reinforcement":{"grader":{"type":"multi"},"response_format":${objects}}}`,
      [],
    ],
    ["where a text belongs", `"model":${lists}`, [{ pointer: "/model", expected: "string", actual: "array" }]],
    ["in a list", `"integrations":[${lists}]`, [{ pointer: "/integrations/0", expected: "object", actual: "array" }]],
    ["in a map", `"metadata":{"x":${objects}}`, [{ pointer: "/metadata/x", expected: "string", actual: "object" }]],
    ["in a union", `"error":${lists}`, [{ pointer: "/error", expected: "object or null", actual: "array" }]],
  ])("%s", async (_, members, violations) => {
    const client = clientOf(jobWith(members), { maxResponseBytes: 2 ** 21 });
    // A deep value in an assertion would be printed, which takes a stack that no one has.
    expect((await client.cancelWithResponse("ftjob-abc123")).violations).toEqual(violations);
  });
});

describe("names", () => {
  const violationsOf = async (text: string) =>
    (await clientOf(text, { maxResponseBytes: 2 ** 21 }).cancelWithResponse("ftjob-abc123")).violations;

  test("one of 900 kB is an error like any other", async () => {
    const name = "k".repeat(900_000);
    const found = await violationsOf(jobWith(`"${name}":0,"metadata":{"${name}":0}`));
    // Without their pointers, which an assertion would print.
    expect(found.map(({ expected, actual }) => [expected, actual])).toEqual([
      ["member names with maxLength 64", "object"],
      ["string", "integer"],
    ]);
    expect(found[1]?.pointer === `/metadata/${name}`).toBe(true);
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", "length"])(
    "%s is the name of a member, and of nothing else",
    async (name) => {
      expect(await violationsOf(jobWith(`"${name}":{"id":7},"metadata":{"${name}":"text"}`))).toEqual([]);
      expect(await violationsOf(jobWith(`"metadata":{"${name}":7}`))).toEqual([
        { pointer: `/metadata/${name}`, expected: "string", actual: "integer" },
      ]);
    },
  );

  test("an empty one, and one with what a JSON pointer escapes", async () => {
    expect(await violationsOf(jobWith('"metadata":{"":7,"~1/":7}'))).toEqual([
      { pointer: "/metadata/", expected: "string", actual: "integer" },
      { pointer: "/metadata/~01~1", expected: "string", actual: "integer" },
    ]);
  });

  // Ajv reads a member as `data.constructor`, and finds what every object inherits.
  test("a member counts only where the body has it itself, unlike in Ajv", () => {
    const required = ["constructor", "toString", "hasOwnProperty", "__proto__"];
    const schema: Schema = { type: ["object"], required, properties: { toString: { type: ["null"] } } };
    expect(findViolations(schema, {})).toEqual({
      violations: required.map((name) => ({ pointer: `/${name}`, expected: "present", actual: "absent" })),
      violationCount: required.length,
    });
    expect(findViolations(schema, JSON.parse(`{${required.map((name) => `"${name}":null`)}}`)).violations).toEqual([]);
  });
});

describe("values", () => {
  test.each<[what: string, value: string, violations: readonly Violation[]]>([
    ["a text of 512 characters outside the BMP", JSON.stringify({ k: "𝒳".repeat(512) }), []],
    [
      "a text of 513 of them",
      JSON.stringify({ k: "𝒳".repeat(513) }),
      [{ pointer: "/metadata/k", expected: "maxLength 512", actual: "string" }],
    ],
    ["a text of 512 halves of surrogate pairs", JSON.stringify({ k: "\ud835".repeat(512) }), []],
    ["a name of 64 characters outside the BMP", JSON.stringify({ ["𝒳".repeat(64)]: "" }), []],
    [
      "a name of 65 of them",
      JSON.stringify({ ["𝒳".repeat(65)]: "" }),
      [{ pointer: "/metadata", expected: "member names with maxLength 64", actual: "object" }],
    ],
  ])("%s", async (_, metadata, violations) => {
    const result = await clientOf(jobWith(`"metadata":${metadata}`)).cancelWithResponse("ftjob-abc123");
    expect(result.violations).toEqual(violations);
  });

  test.each([
    ["created_at", "1e400", "integer", "number out of range"],
    ["created_at", "1.5", "integer", "number"],
    ["created_at", "1.0", "", ""],
    ["seed", "true", "integer or null", "boolean"],
    ["object", '"job"', '"fine_tuning.job"', "string"],
  ])("%s is %s", async (name, value, expected, actual) => {
    const text = JSON.stringify({ ...JOB, [name]: "?" }).replace('"?"', value);
    const { violations } = await clientOf(text).cancelWithResponse("ftjob-abc123");
    expect(violations).toEqual(expected === "" ? [] : [{ pointer: `/${name}`, expected, actual }]);
  });
});

test.each<[schema: Schema, good: unknown[], bad: unknown[]]>([
  [{}, [null, 1, "a", [1], { a: 1 }], []],
  [{ type: ["null", "object"], required: ["a"] }, [null, { a: 1 }], [{}, [], 1]],
  [{ type: ["array"] }, [[], [1]], [{}, null]],
  [{ type: ["object"], maxProperties: 1 }, [{}, { a: 1 }], [{ a: 1, b: 2 }]],
  [
    {
      type: ["object"],
      properties: { a: { type: ["integer"] } },
      additionalProperties: { type: ["string"] },
    },
    [{}, { a: 1 }, { a: 1, b: "b" }],
    [{ a: "a" }, { b: 1 }],
  ],
  [{ type: ["number"] }, [1, 1.5], ["1", Number.POSITIVE_INFINITY]],
  [{ type: ["integer"] }, [1], [1.5]],
  [{ type: ["string"], maxLength: 1 }, ["", "a", "\u{1f600}", "\uffff"], ["ab", "\uffffa", "\u{1f600}a"]],
  [{ type: ["string"], maxLength: 0 }, [""], ["a"]],
])("%j admits %j, not %j", (schema, good, bad) => {
  for (const body of good) expect(findViolations(schema, body)).toEqual({ violations: [], violationCount: 0 });
  for (const body of bad) expect(findViolations(schema, body).violationCount).toBe(1);
});

test("what onViolation does with a violation changes nothing of the result", async () => {
  const onViolation = (violation: object) => void Object.assign(violation, { pointer: "/changed" });
  const { violations } = await clientOf(JSON.stringify({ ...JOB, seed: "x" }), { onViolation }).cancelWithResponse(
    "ftjob-abc123",
  );
  expect(violations).toMatchObject([{ pointer: "/seed" }]);
});
