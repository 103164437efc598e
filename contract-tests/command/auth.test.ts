import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { type ReferenceService, startReferenceService } from "../service/reference-service.js";
import { main } from "./contract.js";

const root = join(__dirname, "../..");
let service: ReferenceService;
beforeEach(async () => {
  service = await startReferenceService();
});
afterEach(() => service.close());

async function contract(args: readonly string[]) {
  const [out, err] = [[] as string[], [] as string[]];
  // A key that the service refuses: `--auth entra` must not send it.
  const env = { AZURE_OPENAI_API_KEY: "no-such-key" };
  const code = await main(args, env, { out: (text) => out.push(text), err: (text) => err.push(text) }, root);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

/** What `@azure/identity` gives when it is asked for a token. */
function installIdentity(getToken: () => Promise<unknown>): void {
  const identity = { DefaultAzureCredential: class {}, getBearerTokenProvider: () => getToken };
  jest.doMock("@azure/identity", () => identity, { virtual: true });
}

test("--auth entra sends a token of @azure/identity", async () => {
  installIdentity(async () => service.token);
  const { code, out, err } = await contract(["--target", service.url, "--auth", "entra"]);
  expect(err).toBe("");
  expect(code).toBe(0);
  expect(out).not.toContain(service.token);
});

test.each([
  ["no token", async () => undefined, "--auth entra"],
  ["a refusal", () => Promise.reject(new Error("AADSTS700016: not found")), "AADSTS700016: not found"],
])("exit code 2, and nothing is sent: %s", async (_, getToken, message) => {
  jest.resetModules();
  installIdentity(getToken);
  const { code, err } = await contract(["--target", service.url, "--auth", "entra"]);
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(service.requests).toEqual([]);
});

test.each([
  ["another way", ["--target", "https://a.example", "--auth", "key"], '--auth must be "entra".'],
  ["no target", ["--auth", "entra"], "--auth needs --target."],
])("exit code 2: %s", async (_, args, message) => {
  const { code, err } = await contract(args);
  expect({ code, first: err.split("\n")[0] }).toEqual({ code: 2, first: message });
});
