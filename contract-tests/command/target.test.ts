import { afterEach, expect, jest, test } from "@jest/globals";
import { keyCredential, tokenCredential } from "../service/probes.js";
import { CannotCheck } from "./options.js";
import { targetOf } from "./target.js";

const KEY = { AZURE_OPENAI_API_KEY: "the-key" };
const TOKEN = { AZURE_OPENAI_AD_TOKEN: "the-token" };
afterEach(() => {
  jest.resetModules();
});

async function refusal(url: string, env: NodeJS.ProcessEnv = KEY): Promise<string> {
  const thrown = await targetOf(url, undefined, env).catch((error) => error);
  expect(thrown).toBeInstanceOf(CannotCheck);
  return thrown.message;
}

test.each([
  ["https://a.example/", "https://a.example"],
  ["https://a.example/team/openai/v1/", "https://a.example/team"],
  ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
  ["http://localhost", "http://localhost"],
  ["http://[::1]:1", "http://[::1]:1"],
])("%s is an endpoint", async (url, endpoint) => {
  expect(await targetOf(url, undefined, KEY)).toEqual({ endpoint, credential: keyCredential("the-key") });
});

test.each([
  ["http://127.evil.com", "--target must start with https://"],
  ["http://127.0.0.1.evil.com", "--target must start with https://"],
  ["http://localhost.evil.com", "--target must start with https://"],
  ["http://evillocalhost", "--target must start with https://"],
  ["http://a@127.0.0.1", "--target must have no user name"],
  ["https://user@a.example", "--target must have no user name"],
  ["https://:password@a.example", "--target must have no user name"],
  ["file:///etc/passwd", "--target must start with https://."],
  ["", "--target is not a URL"],
])("%s is none", async (url, message) => {
  expect(await refusal(url)).toContain(message);
});

test("a key goes before a token, and an empty variable is none", async () => {
  const credential = async (env: NodeJS.ProcessEnv) => (await targetOf("https://a.example", undefined, env)).credential;
  expect(await credential({ ...KEY, ...TOKEN })).toEqual(keyCredential("the-key"));
  expect(await credential({ ...TOKEN, AZURE_OPENAI_API_KEY: "" })).toEqual(tokenCredential("the-token"));
  const none = "No credential. Set AZURE_OPENAI_API_KEY or AZURE_OPENAI_AD_TOKEN, or give --auth entra.";
  expect(await refusal("https://a.example", { AZURE_OPENAI_API_KEY: "", AZURE_OPENAI_AD_TOKEN: "" })).toBe(none);
  expect(await refusal("https://a.example", {})).toBe(none);
});

test.each([
  ["AZURE_OPENAI_API_KEY", { AZURE_OPENAI_API_KEY: "a-key\n" }],
  ["AZURE_OPENAI_AD_TOKEN", { AZURE_OPENAI_AD_TOKEN: "a token" }],
])("%s that cannot be a header's value is named, and not shown", async (name, env) => {
  const message = await refusal("https://a.example", env);
  expect(message).toContain(`${name} holds a space, a line break`);
  expect(message).not.toMatch(/a-key|a token/);
});

test("--auth entra sends the token of @azure/identity, whatever the environment has", async () => {
  const getToken = jest.fn(async () => "entra-token" as string | undefined);
  const identity = { DefaultAzureCredential: class {}, getBearerTokenProvider: () => getToken };
  jest.doMock("@azure/identity", () => identity, { virtual: true });
  const target = await targetOf("http://localhost", "entra", KEY);
  expect(target).toEqual({ endpoint: "http://localhost", credential: tokenCredential("entra-token") });
  expect(getToken).toHaveBeenCalledTimes(1);
  getToken.mockResolvedValue(undefined);
  await expect(targetOf("http://localhost", "entra", KEY)).rejects.toThrow(
    new CannotCheck("--auth entra must be a non-empty string, got undefined."),
  );
});
