import { describe, expect, test } from "@jest/globals";
import { type ApiError, createFineTuningClient, type FineTuningError } from "../../src/index.js";
import { JOB } from "./job.js";

/** What each status leads to, written down from the documents and not taken from the code. */

/** Retried: 408, 429, and 5xx other than 501 and 505. */
const isRetried = (status: number) =>
  status === 408 || status === 429 || (status >= 500 && ![501, 505].includes(status));

/** Rejected: 3xx other than 303, 4xx other than 408 and 499. */
const isRejected = (status: number) => status >= 300 && status < 500 && ![303, 408, 499].includes(status);

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** What a call comes to when every attempt gets one answer. */
async function callWith(answer: () => unknown) {
  let attempts = 0;
  const client = createFineTuningClient({
    endpoint: "http://127.0.0.1:1",
    apiKey: "a-key-for-statuses",
    maxRetries: 1,
    maxRetryDelayMs: 0,
    fetch: async () => {
      attempts++;
      return answer() as Response;
    },
  });
  const error = await client.cancel(JOB.id).then(
    () => undefined,
    (thrown: FineTuningError) => thrown,
  );
  return { attempts, error };
}

test.each(range(200, 599))("%d", async (status) => {
  const hasBody = ![204, 205, 304].includes(status);
  const { attempts, error } = await callWith(() => new Response(hasBody ? JSON.stringify(JOB) : null, { status }));
  expect(attempts).toBe(isRetried(status) ? 2 : 1);
  if (status < 300) expect(error?.name).toBe(hasBody ? undefined : "ResponseError");
  else {
    expect(error).toMatchObject({ name: "ApiError", status, outcome: isRejected(status) ? "rejected" : "unknown" });
    expect(error?.message.includes("may have been cancelled")).toBe(!isRejected(status));
  }
});

test.each([...range(100, 199), 600, 700, 999, 1_000, -1])("%d, which no HTTP service sends", async (status) => {
  const { attempts, error } = await callWith(() => ({ status, text: async () => JSON.stringify(JOB) }));
  expect({ attempts, error }).toMatchObject({ attempts: 1, error: { name: "ApiError", outcome: "unknown" } });
});

describe("a front end that says the status twice is quoted once", () => {
  test.each<[status: number, body: string, message: string]>([
    [404, "404 Not Found Not Found", "The service answered 404: Not Found."],
    [404, "404 page not found", "The service answered 404: page not found."],
    [
      404,
      "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center><hr>nginx</body>",
      "The service answered 404: Not Found.",
    ],
    [
      404,
      JSON.stringify({ error: { code: "404", message: "Not Found. Not Found." } }),
      "The service answered 404: Not Found.",
    ],
    [404, "404", "The service answered 404: 404."],
    [400, "Bad id: 404 Not Found", "The service answered 400: Bad id: 404 Not Found."],
    [
      429,
      JSON.stringify({ error: "Internal Server Error", message: "429 Rate limit is exceeded." }),
      "The service answered 429: Rate limit is exceeded.",
    ],
    [429, JSON.stringify({ error: "Too many" }), "The service answered 429: Too many."],
  ])("%d %s", async (status, body, message) => {
    const { error } = await callWith(() => new Response(body, { status }));
    expect((error as ApiError).message).toBe(message);
  });
});
