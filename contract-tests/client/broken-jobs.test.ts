import { describe, expect, test } from "@jest/globals";
import { ConnectionError, createFineTuningClient } from "../../src/index.js";

/** A 200 whose body breaks off: how much of a job there must be for the outcome to be `accepted`. */

async function outcomeOf(text: string, jobId = "ftjob-1"): Promise<string> {
  const body = () =>
    new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
      pull: (controller) => controller.error(new Error("the connection broke")),
    });
  const client = createFineTuningClient({
    endpoint: "http://127.0.0.1:1",
    apiKey: "a-key-for-broken-jobs",
    maxRetries: 0,
    fetch: async () => new Response(body(), { headers: { "content-type": "application/json" } }),
  });
  const error = await client.cancel(jobId).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConnectionError);
  return (error as ConnectionError).outcome;
}

describe("accepted", () => {
  test.each([
    '{"id":"ftjob-1"',
    '{"id":"ftjob-1',
    '{"id":"ftj',
    '{"id":"',
    '{"id":',
    '{"id"  : \n "ftjob-1","status":"cancelled"}',
    ' \n{"status":"running", "id" : "ftjob-1", "model',
    '{"error":null,"id":"ftjob-1"',
    '{"error" : null,"id":"ftjob-1"',
    '{"error":  null,"id":"ftjob-1"',
    '{ "errors":{},"id":"ftjob-1"',
    '{"method":{"error":{}},"id":"ftjob-1"',
  ])("%j", async (text) => {
    expect(await outcomeOf(text)).toBe("accepted");
  });

  test("with an id that JSON escapes", async () => {
    expect(await outcomeOf(String.raw`{"id":"a\"b\\c","status`, String.raw`a"b\c`)).toBe("accepted");
  });
});

describe("unknown", () => {
  test.each([
    "",
    "{",
    '{"i',
    '[{"id":"ftjob-1"',
    '"id":"ftjob-1"',
    'x{"id":"ftjob-1"',
    '{"id":"ftjob-2"',
    '{"id":"other',
    '{"id":"ftjob-1x',
    '{"id":"ftj","status":"cancelled"',
    '{"id":7',
    '{"id": {"id":"ftjob-1"',
    '{"error":{"message":"no","id":"ftjob-1"',
    '{ "error":{},"id":"ftjob-1"',
    '{  "error":"no","id":"ftjob-1"',
    '{"error" :{},"id":"ftjob-1"',
    '{"error"  :{},"id":"ftjob-1"',
    '{"error": {},"id":"ftjob-1"',
    '{"error":  {},"id":"ftjob-1"',
  ])("%j", async (text) => {
    expect(await outcomeOf(text)).toBe("unknown");
  });
});
