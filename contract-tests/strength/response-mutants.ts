/** Responses of a service, each with the verdict that the checks must give. */
import { gzipSync } from "node:zlib";
import { readBody } from "../service/body.js";
import { TIMES } from "../service/body-checks.js";
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
    yield violation(operator, withResponse(goodExchange, { status: 404, text: "{}", ...change }, "any"));
  yield violation("connection reset", { ...goodExchange, response: { failure: "ECONNRESET" } });
}

/** Every body of the tables: some conform, some are known drift, the others are violations. */
function* bodyMutants(schema: string, status: number): Generator<Mutant<ExpectedVerdict>> {
  const tables = [schemas, observedSchemas];
  const documented = bodyCases(schemas, schema, tables);
  for (const [index, { label, body, good }] of bodyCases(observedSchemas, schema, tables).entries()) {
    // A number that the table admits, and that is no time.
    const isNoTime =
      schema === "FineTuningJob" && TIMES.some((name) => (body as Record<string, number> | null)?.[name] === -1);
    const admitted = documented[index]?.good ? undefined : "known-drift";
    yield {
      place: schema,
      operator: `a body of the tables: ${label}`,
      make: () => ({
        exchange: withResponse(goodExchange, { status, text: JSON.stringify(body) }, "any"),
        verdict: !good || isNoTime ? "violation" : admitted,
      }),
    };
  }
}

function violation(operator: string, exchange: Exchange): Mutant<ExpectedVerdict> {
  return { place: "response", operator, make: () => ({ exchange, verdict: "violation" }) };
}

type FaultyResponse = [operator: string, change: Partial<RecordedResponse>];

const { headers, text: job } = goodExchange.response;
const MEDIA_TYPES = ["text/plain", "application/problem+json", "application/xml", "garbage", ";;", ""];

/** Faults of the response to a cancel, whose body is otherwise a good job. */
function* responseFaults(): Generator<FaultyResponse> {
  yield ["status: 201", { status: 201 }];
  yield ["status: 202", { status: 202 }];
  yield ["status: 204", { status: 204, text: "" }];
  for (const status of [300, 301, 302, 303, 307, 308]) yield [`status: ${status}`, { status, text: "{}" }];
  for (const status of [401, 403, 404, 405, 411, 415, 429, 500, 501, 502, 503, 999])
    yield [`the cancel is refused: ${status}`, { status, text: "{}" }];
  for (const state of ["validating_files", "queued", "running", "succeeded", "failed", "pending", "paused"])
    yield [`the job is not cancelled: ${state}`, { text: job.replace('"cancelled"', JSON.stringify(state)) }];
  yield ["another job", { text: job.replace(/"id":"\w+"/, '"id":"other"') }];
  yield* encodingFaults();
  yield ["empty", { text: "" }];
  yield ["cut short", { text: job.slice(0, -1) }];
  yield ["an HTML page", { text: "<html></html>", headers: { "content-type": "text/html" } }];
  const drifting = JSON.stringify({ ...JSON.parse(job), seed: null });
  for (const type of MEDIA_TYPES) {
    const typed = { ...headers, "content-type": type };
    yield [`content type: ${JSON.stringify(type)}`, { headers: typed }];
    yield [`content type of a job with known drift: ${JSON.stringify(type)}`, { headers: typed, text: drifting }];
  }
  const { "content-type": _, ...untyped } = headers as Record<string, string>;
  yield ["no content type", { headers: untyped }];
  yield ["the credential in the response", { echoesCredential: true }];
}

/** A good job, in bytes that a client may read in another way. */
function* encodingFaults(): Generator<FaultyResponse> {
  const typed = (type: string) => ({ ...headers, "content-type": type });
  const bytes = (body: Uint8Array, more: object = {}): Partial<RecordedResponse> => {
    const all = { ...headers, ...more };
    return { headers: all, ...readBody(Buffer.from(body), all) };
  };
  const latin1 = Buffer.from(job.replace('"model":"text"', '"model":"\u00e9"'), "latin1");
  yield ["a byte order mark", bytes(Buffer.from(`\ufeff${job}`))];
  yield ["invalid UTF-8", bytes(latin1)];
  yield ["invalid UTF-8, compressed", bytes(gzipSync(latin1), { "content-encoding": "gzip" })];
  yield ["not the compression that it says", bytes(gzipSync(job), { "content-encoding": "br" })];
  yield ["an unknown compression", bytes(Buffer.from(job), { "content-encoding": "zip" })];
  yield ["UTF-16", bytes(Buffer.from(job, "utf16le"))];
  for (const charset of ["iso-8859-1", "utf-16", '"windows-1252"'])
    yield [`charset: ${charset}`, { headers: typed(`application/json; charset=${charset}`) }];
  yield ["a member twice", { text: job.replace("{", '{"id":"other",') }];
  yield ["a member of a member twice", { text: job.replace('"wandb":{', '"wandb":{"project":"a",') }];
  for (const [name, value] of [
    ["created_at", 1_763_900_000_000],
    ["created_at", -1],
    ["finished_at", 1_763_900_000_000],
    ["estimated_finish", -1],
  ] as const)
    yield [`time: ${name}: ${value}`, { text: JSON.stringify({ ...JSON.parse(job), [name]: value }) }];
}

/** Faults of an error response, to a request of which no status is expected. */
function* errorFaults(): Generator<FaultyResponse> {
  for (const status of [300, 301, 302, 303, 307, 308]) yield [`redirect: ${status}`, { status }];
  for (const type of MEDIA_TYPES)
    yield [`content type of an error: ${JSON.stringify(type)}`, { headers: { ...headers, "content-type": type } }];
  for (const [name, value] of HEADER_FAULTS)
    yield [`header: ${name}: ${value}`, { status: 429, headers: { ...headers, [name]: value } }];
  for (const name of ["retry-after", "retry-after-ms", "apim-request-id", "x-request-id", "content-type"]) {
    const repeatedHeaders = { [name]: ["1", "1"] };
    yield [`header twice: ${name}`, { status: 429, headers: { ...headers, [name]: "1, 1" }, repeatedHeaders }];
  }
}

const HEADER_FAULTS = [
  ["retry-after", "soon"],
  ["retry-after", "-1"],
  ["retry-after", "1.5"],
  ["retry-after", "99999999999"],
  ["retry-after", "2026-11-25T00:00:00Z"],
  ["retry-after", "Wed, 32 Nov 2026 00:00:00 GMT"],
  ["retry-after", "Wed, 31 Nov 2026 00:00:00 GMT"],
  ["retry-after", "Wed, 25 Abc 2026 00:00:00 GMT"],
  ["retry-after", "Wed, 25 Nov 2026 25:00:00 GMT"],
  ["retry-after", "Fri, 31 Dec 9999 23:59:59 GMT"],
  ["retry-after-ms", "1.5"],
  ["retry-after-ms", "99999999999999"],
  ["x-ms-retry-after-ms", "soon"],
  ["x-ms-retry-after-ms", "-5"],
  ["apim-request-id", " "],
  ["x-request-id", ""],
  ["content-type", "application/json, application/json"],
] as const;
