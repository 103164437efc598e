import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import type { Contract, Document } from "../../scripts/contract/document.js";
import { startPrism } from "../../scripts/contract/prism.js";
import { readContract } from "../../scripts/contract/read.js";
import { page, pathOf } from "../tables/page.js";
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

test.each([
  ["a member of a wrong type", { created_at: "yesterday" }, "response.body.created_at"],
  ["a status that the enum does not have", { status: "stopped" }, "response.body.status"],
  ["an error inside a union", { error: { code: 1, message: "", param: null } }, "response.body.error.code"],
])("Prism reports %s", async (_, change, place) => {
  expect(await violationsOf(withFirstJob(change))).toContain(place);
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
