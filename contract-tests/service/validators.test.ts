import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import type { Contract, Document } from "../../scripts/contract/document.js";
import { readContract } from "../../scripts/contract/read.js";
import { operationOf } from "../spec/differences.js";
import type { RecordedResponse } from "./exchange.js";
import { checkValidatorsDetectViolations, createValidators, type Validators } from "./validators.js";

let contract: Contract;
let validators: Validators;
beforeAll(async () => {
  contract = await readContract(join(__dirname, "../.."));
  validators = createValidators(contract);
});

const response = (status: number, type: string | undefined, text: string): RecordedResponse => ({
  status,
  headers: { "retry-after-ms": "soon", ...(type !== undefined && { "content-type": type }) },
  text,
  echoesCredential: false,
});
const about = (message: unknown) => [{ about: "response", pointer: "", message }];
const FAULT = '{"error":{"code":"404","message":"No."}}';
const JSON_TYPE = "application/json";

describe("what Prism reports of a response is", () => {
  test.each<[what: string, response: RecordedResponse, documented: unknown, accepted: unknown]>([
    ["nothing, for a good one", response(404, JSON_TYPE, FAULT), [], []],
    [
      "that it has no body, where the contract asks for one",
      response(404, JSON_TYPE, ""),
      about("the response has no body"),
      about("the response has no body"),
    ],
    ["nothing, where it may have none", response(405, JSON_TYPE, ""), about("the response has no body"), []],
    [
      "that it has no media type",
      response(404, undefined, FAULT),
      about("the response has no media type"),
      about("the response has no media type"),
    ],
    [
      "that its media type is another",
      response(404, "text/html", "<p>"),
      about(expect.stringContaining('"text/html"')),
      about(expect.stringContaining('"text/html"')),
    ],
    [
      "where its body is wrong",
      response(200, JSON_TYPE, "7"),
      expect.arrayContaining([expect.objectContaining({ about: "body", pointer: "" })]),
      expect.arrayContaining([expect.objectContaining({ about: "body", pointer: "" })]),
    ],
  ])("%s", async (_, given, documented, accepted) => {
    expect(await validators.documented.prismDiagnosticsOf(given)).toEqual(documented);
    expect(await validators.accepted.prismDiagnosticsOf(given)).toEqual(accepted);
  });

  test("nothing about the body, where the rest of the response is wrong", async () => {
    const changed = structuredClone(contract);
    const headers = { "retry-after-ms": { schema: { type: "integer" } } };
    Object.assign(operationOf(changed.documented)?.responses[200] ?? {}, { headers });
    const found = await createValidators(changed).documented.prismDiagnosticsOf(response(200, JSON_TYPE, "7"));
    expect(found).toEqual(about(expect.stringContaining("retry-after-ms")));
  });
});

test("a component inside itself is judged at any depth", () => {
  const changed = structuredClone(contract);
  const circle = { type: "object", properties: { a: { $ref: "#/components/schemas/Circle" }, b: { type: "string" } } };
  for (const document of [changed.documented, changed.accepted]) {
    const { schemas } = document.components as Document["components"];
    schemas.Circle = structuredClone(circle);
    schemas.FineTuningJob = { $ref: "#/components/schemas/Circle" };
  }
  const { documented } = createValidators(changed);
  const deep = (b: unknown) => response(200, JSON_TYPE, JSON.stringify({ b: "", a: { a: { a: { b } } } }));
  expect(documented.violationsOf(deep("text"))).toEqual([]);
  expect(documented.violationsOf(deep(7))).toEqual([{ pointer: "/a/a/a/b", expected: "string", actual: "integer" }]);
});

test("without an overlay there is no action that admits a difference", async () => {
  const { documented, overlay } = contract;
  const without = createValidators({ documented, accepted: documented, overlay: { ...overlay, actions: [] } });
  expect(await without.admittingAction(() => true)).toBe("");
});

test("validators that detect violations are trusted", async () => {
  await expect(checkValidatorsDetectViolations(validators)).resolves.toBeUndefined();
});

const silentWithJson = ({ headers }: RecordedResponse) =>
  headers["content-type"] === JSON_TYPE ? [] : about("the response has no media type");
test.each([
  ["Prism, with openapi.yaml", "documented", "prismDiagnosticsOf"],
  ["Prism, with the accepted contract", "accepted", "prismDiagnosticsOf"],
  ["Ajv, with openapi.yaml", "documented", "violationsOf"],
  ["Ajv, with the accepted contract", "accepted", "violationsOf"],
] as const)("a validator that reports nothing of a wrong body is not trusted: %s", async (name, layer, method) => {
  const silent = { ...validators, [layer]: { ...validators[layer], [method]: silentWithJson } };
  await expect(checkValidatorsDetectViolations(silent)).rejects.toThrow(
    `${name}: it reports nothing for a response that is wrong`,
  );
});
