/** Responses of a service, each with the verdict that the checks must give. */
import type { Exchange, RecordedResponse } from "../service/exchange.js";
import { goodExchange, withResponse } from "../service/witness.js";
import type { Finding } from "../spec/check.js";
import { bodyCases } from "../tables/bodies.js";
import { observedSchemas } from "../tables/observed.js";
import { schemas } from "../tables/page.js";
import type { Mutant } from "./mutant.js";

export interface ExpectedVerdict {
  readonly exchange: Exchange;
  /** Nothing for a response that conforms. */
  readonly verdict: Finding["verdict"] | undefined;
}

export function* responseMutants(): Generator<Mutant<ExpectedVerdict>> {
  yield* bodyMutants("FineTuningJob", 200);
  yield* bodyMutants("ErrorResponse", 400);
  for (const [operator, change] of responseFaults()) yield violation(operator, withResponse(goodExchange, change));
  for (const [operator, change] of errorFaults())
    yield violation(operator, withResponse(goodExchange, { status: 404, text: "{}", ...change }));
  yield violation("connection reset", { ...goodExchange, response: { failure: "ECONNRESET" } });
}

/** Every body of the tables: some conform, some are known drift, the others are violations. */
function* bodyMutants(schema: string, status: number): Generator<Mutant<ExpectedVerdict>> {
  const tables = [schemas, observedSchemas];
  const documented = bodyCases(schemas, schema, tables);
  for (const [index, { label, body, good }] of bodyCases(observedSchemas, schema, tables).entries()) {
    const isOtherJob = schema === "FineTuningJob" && (body as { id?: unknown } | null)?.id !== goodExchange.probe.jobId;
    const admitted = documented[index]?.good ? undefined : "known-drift";
    yield {
      place: schema,
      operator: label,
      make: () => ({
        exchange: withResponse(goodExchange, { status, text: JSON.stringify(body) }),
        verdict: !good || isOtherJob ? "violation" : admitted,
      }),
    };
  }
}

function violation(operator: string, exchange: Exchange): Mutant<ExpectedVerdict> {
  return { place: "response", operator, make: () => ({ exchange, verdict: "violation" }) };
}

type FaultyResponse = [operator: string, change: Partial<RecordedResponse>];

const { headers, text: job } = goodExchange.response;
const MEDIA_TYPES = ["text/plain", "application/xml", "garbage", ";;", ""];

/** Faults of the response to a cancel, whose body is otherwise a good job. */
function* responseFaults(): Generator<FaultyResponse> {
  yield ["201", { status: 201 }];
  yield ["202", { status: 202 }];
  yield ["204", { status: 204, text: "" }];
  for (const status of [300, 301, 302, 303, 307, 308]) yield [`${status}`, { status, text: "{}" }];
  yield ["empty", { text: "" }];
  yield ["cut short", { text: job.slice(0, -1) }];
  yield ["an HTML page", { text: "<html></html>", headers: { "content-type": "text/html" } }];
  const drifting = JSON.stringify({ ...JSON.parse(job), seed: null });
  for (const type of MEDIA_TYPES) {
    const typed = { ...headers, "content-type": type };
    yield [`content type ${JSON.stringify(type)}`, { headers: typed }];
    yield [`content type ${JSON.stringify(type)} of a job with known drift`, { headers: typed, text: drifting }];
  }
  const { "content-type": _, ...untyped } = headers as Record<string, string>;
  yield ["no content type", { headers: untyped }];
  yield ["the credential in the response", { echoesCredential: true }];
}

/** Faults of an error response. */
function* errorFaults(): Generator<FaultyResponse> {
  for (const type of MEDIA_TYPES)
    yield [`content type ${JSON.stringify(type)} of an error`, { headers: { ...headers, "content-type": type } }];
  const values = { "retry-after": "soon", "retry-after-ms": "1.5", "apim-request-id": " ", "x-request-id": "" };
  for (const [name, value] of Object.entries(values))
    yield [`${name}: ${value}`, { status: 429, headers: { ...headers, [name]: value } }];
}
