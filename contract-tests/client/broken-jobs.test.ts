import { describe, expect, test } from "@jest/globals";
import { ConnectionError, createFineTuningClient } from "../../src/index.js";

/** A 200 whose body breaks off: how much of a job there must be for the outcome to be `accepted`. */

async function outcomeOf(text: string, jobId = "ftjob-1", maxResponseBytes = 2 ** 20): Promise<string> {
  const body = () =>
    new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
      pull: (controller) => controller.error(new Error("the connection broke")),
    });
  const client = createFineTuningClient({
    endpoint: "http://127.0.0.1:1",
    apiKey: "a-key-for-broken-jobs",
    maxRetries: 0,
    maxResponseBytes,
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
    '{"method":{"id":"other","a":[{"id":"b"}],"c":"}"},"id":"ftjob-1"',
    '{"result_files":["a","b"],"id":"ftjob-1"',
    String.raw`{"model":"a\\","id":"ftjob-1"`,
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
    '{"code":"x","error":{"message":"no","id":"ftjob-1"',
    '{"statusCode":500,"error":{"id":"ftjob-1"',
    '{"code":"x","id":"ftjob-1"',
    '{"statusCode":500,"message":"no","id":"ftjob-1"',
    '{"title":"no","id":"ftjob-1"',
    '{"object":"list","data":[{"id":"ftjob-1"',
    '{"message":"cannot cancel","job":{"id":"ftjob-1"',
    '{"detail":[{"id":',
    '{"job":{"id":"ftjob-1"',
    '{"job":{},"x":"\\"id\\":","id"',
    String.raw`{"err\u006fr":{},"id":"ftjob-1"`,
    String.raw`{"model":"a\","id":"ftjob-1"`,
    '{"id" "ftjob-1"',
    '["id":"ftjob-1"',
    '{x":1,"id":"ftjob-1"',
    '{"id":,"status":"cancelled"',
  ])("%j", async (text) => {
    expect(await outcomeOf(text)).toBe("unknown");
  });
});

test("16 MB of an id are read in a moment, and no stack overflows", async () => {
  const id = `ftjob-${"1".repeat(2 ** 24)}`;
  expect(await outcomeOf(`{"id":"${id}`, "ftjob-1", 2 ** 25)).toBe("unknown");
});
