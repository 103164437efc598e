import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { SpanStatusCode, trace } from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import * as swc from "@swc/core";
import * as client from "../../src/index.js";
import { JOB } from "../client/job.js";

/** Runs the recipes of docs/observability.md as they stand there, against a service that fails once. */

const [logger = "", openTelemetry = ""] = [
  ...readFileSync(join(__dirname, "../../docs/observability.md"), "utf8").matchAll(/```ts\n(.*?)```/gs),
].map(([, code]) => code);

let requests = 0;
let server: Server;
const environment = { ...process.env };
beforeAll(async () => {
  server = createServer((_, response) => {
    const failed = requests++ === 0;
    response.writeHead(failed ? 503 : 200, {
      "content-type": "application/json",
      "retry-after-ms": "0",
      "apim-request-id": `apim-${requests}`,
    });
    response.end(JSON.stringify(failed ? {} : JOB));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.env.AZURE_OPENAI_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.AZURE_OPENAI_API_KEY = "a-key-for-recipes";
});
beforeEach(() => {
  requests = 0;
});
afterAll(() => {
  process.env = environment;
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

/** Runs a recipe with the client of this checkout, and with `modules` in place of what it imports beside it. */
async function run(recipe: string, modules: Record<string, unknown> = {}): Promise<void> {
  const { code } = swc.transformSync(recipe.replace("await client", "module.done = client"), {
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
    module: { type: "commonjs" },
  });
  const module: { done?: Promise<unknown> } = {};
  const load = (name: string) =>
    ({ "fine-tuning-client": client, ...modules })[name] ?? jest.requireActual<object>(name);
  new Function("require", "module", "exports", code)(load, module, {});
  await module.done;
}

test("the logger's recipe logs each attempt and the wait between, without the credential", async () => {
  const lines: string[] = [];
  const { pino } = jest.requireActual<typeof import("pino")>("pino");
  await run(logger, { pino: { pino: () => pino({ base: null }, { write: (line) => void lines.push(line) }) } });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 40, msg: "cancel failed", jobId: JOB.id, attempt: 1, status: 503, error: "ApiError", requestId: "apim-1" },
    { level: 30, msg: "cancel waits for a retry", attempt: 1, delayMs: 0 },
    { level: 30, msg: "cancel answered", attempt: 2, status: 200, outcome: "accepted", requestId: "apim-2" },
  ]);
  expect(lines.join("")).not.toContain("a-key-for-recipes");
});

test("the OpenTelemetry recipe makes a span for each attempt", async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  trace.setGlobalTracerProvider(provider);
  try {
    await run(openTelemetry);
    const spans = exporter.getFinishedSpans();
    expect(spans.map(({ status, attributes }) => ({ status: status.code, attributes }))).toMatchObject([
      {
        status: SpanStatusCode.ERROR,
        attributes: { "http.response.status_code": 503, "error.type": "ApiError", "http.request.resend_count": 0 },
      },
      {
        status: SpanStatusCode.UNSET,
        attributes: { "http.response.status_code": 200, "fine_tuning.job.id": JOB.id, "http.request.resend_count": 1 },
      },
    ]);
    expect(JSON.stringify(spans.map(({ attributes }) => attributes))).not.toContain("a-key-for-recipes");
  } finally {
    trace.disable();
    await provider.shutdown();
  }
});
