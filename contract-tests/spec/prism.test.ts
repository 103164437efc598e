import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import type { Contract, Document } from "../../scripts/contract/document.js";
import { createPrismValidator, startPrism } from "../../scripts/contract/prism.js";
import { readContract } from "../../scripts/contract/read.js";
import { page, pathOf } from "../tables/page.js";
import { operationOf } from "./differences.js";
import { runSpecCheck } from "./spec-checks.js";

/** Prism silently ignores a schema that it cannot compile, so these tests make sure that it does report violations. */

let contract: Contract;
beforeAll(async () => {
  contract = await readContract(join(__dirname, "../.."));
});

/** Where Prism reports violations in the response that it makes from the document's first example. */
async function violationsOf(document: Document): Promise<string[]> {
  const prism = await startPrism(document);
  try {
    const response = await fetch(`${prism.url}${pathOf("ftjob-abc123")}`, {
      method: "POST",
      headers: { "api-key": "a-key-for-prism" },
    });
    const found = JSON.parse(response.headers.get("sl-violations") ?? "[]") as { location: string[] }[];
    return found.map(({ location }) => location.join("."));
  } finally {
    await prism.close();
  }
}

const withFirstJob = (change: object): Document => {
  const document = structuredClone(contract.documented);
  Object.assign(document.components.examples.cancelledWhileQueued?.value as object, change);
  return document;
};

test("Prism reports nothing for the examples as they are", async () => {
  expect(await violationsOf(contract.documented)).toEqual([]);
});

test("a mock that was closed does not answer", async () => {
  const prism = await startPrism(contract.documented);
  await prism.close();
  await expect(fetch(prism.url)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
});

test.each([
  ["a member of a wrong type", { created_at: "yesterday" }, "response.body.created_at"],
  ["a status that the enum does not have", { status: "stopped" }, "response.body.status"],
  ["an error inside a union", { error: { code: 1, message: "", param: null } }, "response.body.error.code"],
])("Prism reports %s", async (_, change, place) => {
  expect(await violationsOf(withFirstJob(change))).toContain(place);
});

describe("of a recorded response, Prism reports", () => {
  const good = { "content-type": "application/json", "apim-request-id": "a", "retry-after-ms": "10" };
  const job = () => contract.documented.components.examples.cancelledDpo?.value as object;
  /** What it reports for a response with this job and these headers. */
  const reported = async (headers: object, change: object = {}, { documented } = contract) =>
    (await createPrismValidator(documented))({
      status: 200,
      headers: JSON.parse(JSON.stringify({ ...good, ...headers })),
      body: { ...job(), ...change },
    });

  test.each<[type: string]>([
    ["application/json"],
    ["application/json;"],
    ["application/json; ; charset=utf-8; "],
    ['application/json ; charset="utf-8"'],
    ["application/json; profile=a+json"],
  ])("nothing for a job as %j", async (type) => {
    expect(await reported({ "content-type": type })).toEqual([]);
  });

  const notInContract = (type: string) => `The media type ${type} is not in the contract`;
  test.each<[type: string | undefined, message: string | RegExp]>([
    ["application/problem+json", notInContract("application/problem+json")],
    ["Application/Problem+JSON ; charset=utf-8", notInContract("application/problem+json")],
    ["application/problem+json;a=b", notInContract("application/problem+json")],
    ["text/html; a=b+json;", /^The received media type "text\/html; a=b\+json" does not match/],
    ["a/b+jsonx", /^The received media type "a\/b\+jsonx" does not match/],
    [undefined, /^The received media type "" does not match/],
    ["no media type", "invalid media type"],
  ])("about the response, for a job as %j: %s", async (type, message) => {
    expect(await reported({ "content-type": type })).toEqual([
      {
        about: "response",
        pointer: "",
        message: typeof message === "string" ? message : expect.stringMatching(message),
      },
    ]);
  });

  test("nothing for a media type that ends in +json and is in the contract", async () => {
    const changed = structuredClone(contract);
    const { content } = operationOf(changed.documented)?.responses[200] ?? { content: {} };
    Object.assign(content, { "application/problem+json": content["application/json"] });
    expect(await reported({ "content-type": "application/problem+json" }, {}, changed)).toEqual([]);
  });

  test("about the body, where in it", async () => {
    expect(await reported({}, { created_at: "soon", "a/b": 1, result_files: ["a", 2] })).toEqual([
      { about: "body", pointer: "/created_at", message: "Response body property created_at must be integer" },
      { about: "body", pointer: "/result_files/1", message: "Response body property result_files.1 must be string" },
    ]);
  });

  test("about the response, a header that is wrong", async () => {
    const changed = structuredClone(contract);
    const headers = { "retry-after-ms": { schema: { type: "integer" } } };
    Object.assign(operationOf(changed.documented)?.responses[200] ?? {}, { headers });
    expect(await reported({ "retry-after-ms": "soon" }, {}, changed)).toEqual([
      { about: "response", pointer: "", message: expect.stringContaining("retry-after-ms") },
    ]);
  });

  test("and the contract is the same afterwards", async () => {
    const { documented } = structuredClone(contract);
    await createPrismValidator(documented);
    expect(documented).toEqual(contract.documented);
  });
});

test("what Prism throws for a contract that it cannot carry out is an answer", async () => {
  const document = structuredClone(contract.documented);
  Object.assign(document.paths[page.path]?.[page.method]?.parameters[0] as object, { style: "label" });
  const prism = await startPrism(document);
  try {
    const headers = { "api-key": "a-key-for-prism" };
    const response = await fetch(`${prism.url}${pathOf("ftjob-abc123")}`, { method: "POST", headers });
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ title: expect.stringContaining("Label") });
  } finally {
    await prism.close();
  }
});

test("Prism reports nothing for a schema that does not compile, but the check compiles does", async () => {
  const document = withFirstJob({ created_at: "yesterday" });
  Object.assign(document.components.schemas.FineTuningJob?.properties.id as object, { type: "strnig" });
  expect(await violationsOf(document)).toEqual([]);
  expect(await runSpecCheck("compiles", { ...contract, documented: document })).toEqual([
    expect.objectContaining({
      pointer: "/components/schemas",
      message: expect.stringContaining("FineTuningJob/properties/id/type must be"),
    }),
  ]);
});
