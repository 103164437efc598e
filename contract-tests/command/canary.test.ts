/** A run asks its validators about a response that is wrong before it trusts their silence. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import type { Contract } from "../../scripts/contract/document.js";

const root = join(__dirname, "../..");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "canary-"));
  writeFileSync(join(folder, "one.json"), JSON.stringify({ response: { status: 404, body: { error: {} } } }));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("with validators that report nothing, there is no verdict", async () => {
  const actual = jest.requireActual("../service/validators.js") as typeof import("../service/validators.js");
  const silent = { violationsOf: () => [], prismDiagnosticsOf: async () => [] };
  const createValidators = (contract: Contract) => ({
    ...actual.createValidators(contract),
    ...{ documented: silent, accepted: silent },
  });
  jest.doMock("../service/validators.js", () => ({ ...actual, createValidators }));
  const { main } = await import("./contract.js");
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  expect(await main(["--replay", folder], {}, { out: print, err: print }, root)).toBe(2);
  expect(printed).toEqual([
    "Prism, with openapi.yaml: it reports nothing for a response that is wrong, so it cannot be trusted.",
  ]);
});
