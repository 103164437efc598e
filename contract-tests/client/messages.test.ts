import { describe, expect, test } from "@jest/globals";
import { createFineTuningClient, type FineTuningClientError, type FineTuningClientOptions } from "../../src/index.js";
import { JOB } from "./job.js";

/** What errors say of an answer, and what they hide of it. */

const KEY = "a-key-for-messages";

async function errorOf(
  fetch: FineTuningClientOptions["fetch"],
  options: FineTuningClientOptions = {},
  headers: Record<string, string> = {},
): Promise<FineTuningClientError> {
  const client = createFineTuningClient({
    ...{ endpoint: "http://127.0.0.1:1", apiKey: KEY, maxRetries: 0, fetch },
    ...options,
  });
  return client.cancel(JOB.id, { headers }).then(
    () => Promise.reject(new Error("no error")),
    (error: FineTuningClientError) => error,
  );
}

const answering = (status: number, text: string) => async () => new Response(text, { status });

test.each([
  ["<html><head><title>Sign in</title></head><body>Hello</body></html>", "Sign in"],
  ['<title lang="en">Sign  in</title>', "Sign in"],
  ["<title> </title><p>Hello</p><p>world</p>", "Hello world"],
  ["<script>run()</script >Hello<style>b { }</style  ><b>world</b>", "Hello world"],
  ["Hello\nworld", "Hello world"],
])("400 with %j", async (text, reason) => {
  expect((await errorOf(answering(400, text))).message).toBe(`The service answered 400: ${reason}.`);
});

test.each([
  ["", "an empty body"],
  [" \n", "an empty body"],
  ["<html></html>", "an HTML page"],
  ["<p>Hello</p>", "an HTML page: Hello"],
  ["Hello", "a body that is not JSON: Hello"],
  ["[1]", "JSON of type array in place of a job: [1]"],
  ["null", "JSON of type null in place of a job: null"],
  ['{"id":7,"status":"queued"}', 'an object that has no id and status of a job: {"id":7,"status":"queued"}'],
  ['{"id":"a","status":7}', 'an object that has no id and status of a job: {"id":"a","status":7}'],
  ['{"error":{"message":"No"}}', 'an error body: {"error":{"message":"No"}}'],
])("200 with %j", async (text, problem) => {
  expect((await errorOf(answering(200, text))).message).toBe(
    `The service answered 200 with ${problem}. The job may have been cancelled.`,
  );
});

test("a long text is cut, and the white space before it is not counted", async () => {
  const { message } = await errorOf(answering(400, `${" ".repeat(300)}${"x".repeat(300)}`));
  expect(message).toBe(`The service answered 400: ${"x".repeat(200)}…`);
});

test("a 200 with the beginning of the job, and nothing after it, is accepted", async () => {
  const error = await errorOf(answering(200, `{"id":"${JOB.id}","status":"canc`));
  expect(error).toMatchObject({ name: "ResponseError", outcome: "accepted" });
});

test.each([
  ["innererror", { error: { message: "No", innererror: { code: "Inner" } } }],
  ["inner_error", { error: { message: "No", inner_error: { code: "Inner" } } }],
])("the code of %s", async (_, body) => {
  expect(await errorOf(answering(400, JSON.stringify(body)))).toMatchObject({ code: "Inner" });
});

test.each<[what: string, thrown: unknown]>([
  ["undefined", undefined],
  ["null", null],
  ["an object that is no text", { toString: () => ({}) }],
  [
    "an object that throws when it is read",
    new Proxy(
      {},
      {
        get: () => {
          throw new Error("read");
        },
      },
    ),
  ],
])("fetch throws %s: no reason is given", async (_, thrown) => {
  const error = await errorOf(() => Promise.reject(thrown));
  expect(error.message).toMatch(/: no reason given\. The job may have been cancelled\.$/);
});

describe("with strict validation", () => {
  const strict = (job: object) => errorOf(answering(200, JSON.stringify(job)), { validation: "strict" });

  test("a member that is missing is called missing", async () => {
    const { model: _, ...job } = JOB;
    expect((await strict(job)).message).toContain("the job violates the contract: /model: missing.");
  });

  test("another job with a hundred violations has a hundred and one", async () => {
    const job = { ...JOB, id: "other", result_files: Array(100).fill(0) };
    const error = await strict(job);
    expect(error).toMatchObject({ violationCount: 101 });
    expect((error as { violations?: unknown }).violations).toHaveLength(100);
  });
});

describe("hidden", () => {
  const echoing = (text: string) => answering(400, JSON.stringify({ error: { message: `got ${text}.` } }));

  test.each([
    ["another secret beside the key", { "x-a-key": KEY, "x-b-key": "another-secret" }, "another-secret"],
    ["a secret with a tab, percent-encoded", { "x-secret": "before\tafter" }, "before%09after"],
    ["a secret with a space, as a plus", { "x-secret": "Basic before after" }, "before+after"],
    ["a secret with a space, as a space", { "x-secret": "Basic before after" }, "before after"],
  ])("%s", async (_, headers, echo) => {
    const { message } = await errorOf(echoing(echo), {}, headers as Record<string, string>);
    expect(message).toBe("The service answered 400: got [redacted].");
  });

  test.each<[what: string, member: unknown]>([
    ["a request whose URL has the key", new Request(`http://127.0.0.1/?key=${KEY}`)],
    ["a request whose headers have the key", new Request("http://127.0.0.1/", { headers: { "api-key": KEY } })],
    ["a response whose headers have the key", new Response(null, { headers: { "x-echo": KEY } })],
    ["bytes with the key", new TextEncoder().encode(`é ${KEY}`)],
    ["a map with the key", new Map([["key", KEY]])],
  ])("%s, in what fetch throws", async (_, member) => {
    const { cause } = await errorOf(async () => {
      throw Object.assign(new Error("failed"), { member });
    });
    expect(cause).toEqual(new Error("failed"));
    expect(cause).not.toHaveProperty("member");
  });

  test("what has no credential stays as it is", async () => {
    const thrown = Object.assign(new Error("failed"), { member: new Request("http://127.0.0.1/") });
    const { cause } = await errorOf(async () => {
      throw thrown;
    });
    expect(cause).toBe(thrown);
  });
});
