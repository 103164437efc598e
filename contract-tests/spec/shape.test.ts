import { expect, test } from "@jest/globals";
import { shapeProblems } from "../../scripts/contract/shape.js";

/** A document with all that has to be there, and what may be there. */
const good = {
  openapi: "3.1.1",
  paths: {
    "/jobs": {
      post: {
        responses: {
          200: {
            content: { "application/json": { schema: { $ref: "#/components/schemas/Job" } }, "a/b": { schema: {} } },
          },
          default: { content: {} },
        },
      },
    },
  },
  components: { schemas: { Job: {} }, examples: { job: {} } },
};

test("nothing is wrong with a document that has all parts, or no path", () => {
  expect([...shapeProblems(good)]).toEqual([]);
  expect([...shapeProblems({ paths: {}, components: { schemas: {}, examples: {} } })]).toEqual([]);
});

const response = "/paths/~1jobs/post/responses/200";
test.each<[pointer: string, value: unknown, expected: string, actual: string]>([
  ["", null, "object", "null"],
  ["/paths", undefined, "present", "absent"],
  ["/paths", [], "object", "array"],
  ["/paths/~1jobs", null, "object", "null"],
  ["/paths/~1jobs/post", "a", "object", "string"],
  ["/paths/~1jobs/post/responses", undefined, "present", "absent"],
  ["/paths/~1jobs/post/responses", 1, "object", "integer"],
  [response, null, "object", "null"],
  [`${response}/content`, undefined, "present", "absent"],
  [`${response}/content`, "a", "object", "string"],
  [`${response}/content/application~1json`, true, "object", "boolean"],
  [`${response}/content/application~1json/schema`, undefined, "present", "absent"],
  [`${response}/content/application~1json/schema`, null, "object", "null"],
  [`${response}/content/application~1json/schema/$ref`, undefined, "present", "absent"],
  [`${response}/content/application~1json/schema/$ref`, 1, "string", "integer"],
  [`${response}/content/a~1b`, null, "object", "null"],
  [`${response}/content/a~1b/schema`, undefined, "present", "absent"],
  [`${response}/content/a~1b/schema`, [], "object", "array"],
  ["/components", undefined, "present", "absent"],
  ["/components", null, "object", "null"],
  ["/components/schemas", undefined, "present", "absent"],
  ["/components/schemas", [], "object", "array"],
  ["/components/schemas/Job", null, "object", "null"],
  ["/components/examples", undefined, "present", "absent"],
  ["/components/examples", "a", "object", "string"],
  ["/components/examples/job", null, "object", "null"],
])("%s must not be %j", (pointer, value, expected, actual) => {
  const holder = structuredClone({ document: good });
  const steps = ["document", ...pointer.split("/").slice(1)].map((step) => step.replaceAll("~1", "/"));
  const last = steps.pop() as string;
  const parent = steps.reduce((node, step) => node[step] as Record<string, unknown>, holder as Record<string, unknown>);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  expect([...shapeProblems(holder.document)]).toContainEqual({
    pointer,
    message: `expected ${expected} here, got ${actual}.`,
  });
});
