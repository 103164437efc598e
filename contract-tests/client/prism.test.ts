import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import { parse } from "yaml";
import { type Contract, type Document, responseExamples } from "../../scripts/contract/document.js";
import { type Prism, startPrism } from "../../scripts/contract/prism.js";
import { readContract } from "../../scripts/contract/read.js";
import { schemaArbitrary } from "../../scripts/contract/samples.js";
import { ApiError, ContractViolationError, createFineTuningClient, type Outcome } from "../../src/index.js";

const root = join(__dirname, "../..");
// Read at once, and not by readContract, because the names of the tests come from it.
const examples = [...responseExamples(parse(readFileSync(join(root, "openapi.yaml"), "utf8")) as Document)];
const jobs = examples.filter(({ schema }) => schema === "FineTuningJob");
const failures = examples.filter(({ schema }) => schema === "ErrorResponse");

/** The outcome of each status, transcribed by hand. */
const outcomes: Record<number, Outcome> = {
  400: "rejected",
  401: "rejected",
  403: "rejected",
  404: "rejected",
  408: "unknown",
  429: "rejected",
  500: "unknown",
  503: "unknown",
};

let contract: Contract;
let prism: Prism;
beforeAll(async () => {
  contract = await readContract(root);
  prism = await startPrism(contract.documented);
});
afterAll(() => prism?.close());

const connect = (options = {}) =>
  createFineTuningClient({
    endpoint: prism.url,
    apiKey: "a-key-for-prism",
    maxRetries: 0,
    validation: "strict",
    ...options,
  });
const prefer = (code: number, example: string) => ({ headers: { prefer: `code=${code}, example=${example}` } });

describe("against Prism, serving openapi.yaml", () => {
  test.each(jobs)("the example $example comes back as the job", async ({ example, status, value }) => {
    const { job, response, requestId, attempts, violations } = await connect().cancelWithResponse(
      "ftjob-abc123",
      prefer(status, example),
    );
    expect(job).toEqual(value);
    expect(await response.json()).toEqual(value);
    expect(response.headers.get("sl-violations")).toBeNull();
    expect({ status: response.status, requestId, attempts, violations }).toEqual({
      status: 200,
      requestId: "1f6b1c1e-6a52-4b0e-9a52-6d6a3c1c2f10",
      attempts: 1,
      violations: [],
    });
  });

  test.each(failures)(
    "the example $example comes back as an ApiError with status $status",
    async ({ example, status, value }) => {
      const error = await connect()
        .cancel("ftjob-abc123", prefer(status, example))
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ApiError);
      const { code, message } = (value as { error: { code: string; message: string } }).error;
      expect(error).toMatchObject({
        name: "ApiError",
        status,
        code,
        outcome: outcomes[status],
        attempts: 1,
        body: value,
        retryAfterMs: 1000,
      });
      expect((error as Error).message).toContain(message);
    },
  );

  test("the generic client gives the same answers as data and error", async () => {
    const path = "/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel";
    const params = { path: { fine_tuning_job_id: "ftjob-abc123" } };
    for (const { example, status, value } of examples) {
      const { data, error, response } = await connect().http.POST(path, { params, ...prefer(status, example) });
      expect({ body: data ?? error, status: response.status }).toEqual({ body: value, status });
    }
  });

  test("a request without a credential is Prism's 401", async () => {
    const fetch: typeof globalThis.fetch = (input, init) => {
      const headers = new Headers(init?.headers);
      headers.delete("api-key");
      return globalThis.fetch(input, { ...init, headers });
    };
    await expect(connect({ fetch }).cancel("ftjob-abc123")).rejects.toMatchObject({
      name: "ApiError",
      status: 401,
      outcome: "rejected",
    });
  });

  test("a token from a provider satisfies it as a key does", async () => {
    const tokenProvider = jest.fn(async () => "a-token-for-prism");
    await expect(connect({ apiKey: undefined, tokenProvider }).cancel("ftjob-abc123")).resolves.toMatchObject({
      status: "cancelled",
    });
    expect(tokenProvider).toHaveBeenCalledTimes(1);
  });
});

/** A `fetch` that answers every call with one body. */
const answering = (body: unknown) => async () => Response.json(body);

describe("against generated answers", () => {
  test("a job that the accepted contract admits is returned unchanged, without a violation", async () => {
    await fc.assert(
      fc.asyncProperty(schemaArbitrary(contract.accepted, "FineTuningJob"), async (body) => {
        const { id } = body as { id: string };
        if (["", ".", ".."].includes(id)) return;
        const { job, violations } = await connect({ fetch: answering(body) }).cancelWithResponse(id);
        expect(job).toEqual(body);
        expect(violations).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  const good = jobs[0]?.value as Record<string, unknown>;

  test("every violation is reported, with the type that arrived and never the value", async () => {
    const bad = {
      ...good,
      created_at: "secret-time",
      status: "secret-status",
      hyperparameters: { n_epochs: "secret-epochs", batch_size: 1.5 },
      method: { type: "supervised", supervised: { hyperparameters: [] } },
      result_files: ["file-1", { secret: true }],
      metadata: { "a/b~c": 1 },
      error: "secret-error",
      model: undefined,
    };
    const onViolation = jest.fn();
    const client = connect({ fetch: answering(bad), validation: "report", onViolation });
    const { job, violations } = await client.cancelWithResponse("ftjob-abc123");
    expect(job).toEqual(JSON.parse(JSON.stringify(bad)));
    const byPointer = [...violations].sort((a, b) => a.pointer.localeCompare(b.pointer));
    expect(byPointer).toEqual([
      { pointer: "/created_at", expected: "integer", actual: "string" },
      { pointer: "/error", expected: "object or null", actual: "string" },
      { pointer: "/hyperparameters/batch_size", expected: '"auto" or integer or null', actual: "number" },
      { pointer: "/hyperparameters/n_epochs", expected: '"auto" or integer', actual: "string" },
      { pointer: "/metadata/a~1b~0c", expected: "string", actual: "integer" },
      { pointer: "/method/supervised/hyperparameters", expected: "object", actual: "array" },
      { pointer: "/model", expected: "present", actual: "absent" },
      { pointer: "/result_files/1", expected: "string", actual: "object" },
      expect.objectContaining({ pointer: "/status", actual: "string" }),
    ]);
    expect(onViolation.mock.calls).toEqual(violations.map((violation) => [violation]));
    expect(JSON.stringify(violations)).not.toContain("secret");
  });

  test("strict throws them, and says that the service accepted", async () => {
    const error = await connect({ fetch: answering({ ...good, seed: "7" }) })
      .cancel("ftjob-abc123")
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ContractViolationError);
    expect(error).toMatchObject({
      name: "ContractViolationError",
      outcome: "accepted",
      attempts: 1,
      violations: [{ pointer: "/seed", expected: "integer or null", actual: "string" }],
    });
  });

  test("off does not look", async () => {
    const job = { id: "ftjob-other", status: "?" };
    const client = connect({ fetch: answering(job), validation: "off" });
    await expect(client.cancelWithResponse("ftjob-abc123")).resolves.toMatchObject({ job, violations: [] });
  });

  test("report warns once for each distinct violation without onViolation", async () => {
    const warn = jest.spyOn(console, "warn").mockImplementation(() => {});
    const client = connect({ fetch: answering({ ...good, seed: "7", result_files: [1, 2] }), validation: "report" });
    await client.cancel("ftjob-abc123");
    await client.cancel("ftjob-abc123");
    expect(warn.mock.calls.flat().sort()).toEqual([
      "fine-tuning-client: /result_files/*: expected string, got integer",
      "fine-tuning-client: /seed: expected integer or null, got string",
    ]);
    warn.mockRestore();
  });
});
