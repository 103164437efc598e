import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import type { Contract, Document } from "../../scripts/contract/document.js";
import { startPrism } from "../../scripts/contract/prism.js";
import { readContract } from "../../scripts/contract/read.js";
import { compileSchemas } from "../../scripts/contract/schemas.js";

/** Prism says nothing of a schema that it cannot compile. These tests are here so that its silence means something. */

let contract: Contract;
beforeAll(async () => {
  contract = await readContract(join(__dirname, "../.."));
});

test("every schema of both contracts compiles with Ajv 2020 in strict mode", () => {
  for (const document of [contract.documented, contract.accepted]) {
    const compile = compileSchemas(document);
    for (const name of Object.keys(document.components.schemas)) expect(compile(name)).toBeInstanceOf(Function);
  }
});

/** What Prism finds wrong with the answer it makes of an example. */
async function violationsOf(document: Document): Promise<string[]> {
  const prism = await startPrism(document);
  try {
    const response = await fetch(`${prism.url}/openai/v1/fine_tuning/jobs/ftjob-abc123/cancel`, {
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

test.each([
  ["a member of a wrong type", { created_at: "yesterday" }, "response.body.created_at"],
  ["a status out of the enum", { status: "stopped" }, "response.body.status"],
  ["an error inside a union", { error: { code: 1, message: "", param: null } }, "response.body.error.code"],
])("Prism bites at %s", async (_, change, place) => {
  expect(await violationsOf(contract.documented)).toEqual([]);
  expect(await violationsOf(withFirstJob(change))).toContain(place);
});

test("the trap is real: Prism finds nothing wrong beneath a schema that does not compile, and Ajv refuses it", async () => {
  const document = withFirstJob({ created_at: "yesterday" });
  Object.assign(document.components.schemas.FineTuningJob?.properties.id as object, { type: "strnig" });
  expect(await violationsOf(document)).toEqual([]);
  expect(() => compileSchemas(document)("FineTuningJob")).toThrow("type must be");
});
