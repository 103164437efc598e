/** Writes exchanges to files, and reads them back. docs/recordings.md describes the files. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import { page, pathOf } from "../tables/page.js";
import { readBody, shallow } from "./body.js";
import {
  bodyOf,
  type Exchange,
  isAnswered,
  maskCredentials,
  maskParameters,
  type Probe,
  type RecordedResponse,
} from "./exchange.js";

/** The names of the files that {@link writeRecordings} writes. */
export const RECORDING_FILE = /^\d\d+-[a-z\d-]{1,80}\.json$/i;
/** The report, which may be in the same folder. */
export const REPORT_FILE = "contract.json";

/** Writes each exchange to a file of its own in an existing folder. The exchanges must be masked already. */
export function writeRecordings(folder: string, exchanges: readonly Exchange[]): void {
  for (const [index, exchange] of exchanges.entries()) {
    const { name, jobId, expect, method, path } = exchange.probe;
    const request = { method, path, headers: exchange.requestHeaders };
    const file = `${String(index + 1).padStart(2, "0")}-${name.replace(/[^a-z0-9]+/gi, "-").slice(0, 80)}.json`;
    const recording: Recording = { probe: name, jobId, expect, request, response: recordedResponse(exchange) };
    writeFileSync(join(folder, file), `${JSON.stringify(recording, undefined, 2)}\n`);
  }
}

function recordedResponse(exchange: Exchange): Recording["response"] {
  if (!isAnswered(exchange)) return exchange.response;
  const { status, headers, repeatedHeaders, echoesCredential } = exchange.response;
  return {
    status,
    headers: { ...headers, ...repeatedHeaders },
    ...recordedBody(exchange.response),
    ...(echoesCredential && { echoesCredential }),
  };
}

/** The body so that a person can read it, if reading it back gives the same bytes but for white space; else in base64. */
function recordedBody(response: RecordedResponse): { body?: unknown; bodyBase64?: string } {
  const { text, base64 } = response;
  if (base64 !== undefined) return { bodyBase64: base64 };
  const body = bodyOf(response);
  if (body === undefined) return { body: text };
  const compact = text.replace(/("(?:[^"\\]|\\.)*")|\s/g, "$1");
  const isSame = typeof body !== "string" && JSON.stringify(shallow(body)) === compact;
  return isSame ? { body } : { bodyBase64: Buffer.from(text).toString("base64") };
}

/** Reads every recording in the folder, {@link REPORT_FILE} apart, in the order of their names. Throws an error that names the file. */
export function readRecordings(folder: string): Exchange[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".json") && name !== REPORT_FILE)
    .sort();
  return names.map((name) => {
    const file = join(folder, name);
    try {
      // Some editors begin a file with a byte order mark.
      const recording: unknown = JSON.parse(readFileSync(file, "utf8").replace(/^\ufeff/, ""));
      return toExchange(checkRecording(recording), name.replace(/\.json$/, ""));
    } catch (error) {
      throw new Error(`${file}: ${reasonOf(error as Error)}`);
    }
  });
}

function reasonOf({ message, name }: Error): string {
  if (name === "RangeError")
    return "response.body is nested too deeply. Give the bytes of the body as response.bodyBase64.";
  return message.replace(/\s+/g, " ");
}

/** A recording; only `response` has to be there. */
interface Recording {
  readonly probe?: string;
  readonly jobId?: string;
  readonly expect?: Probe["expect"];
  readonly request?: { method?: string; path?: string; headers?: Record<string, string> };
  readonly response: {
    readonly status?: number;
    readonly headers?: Record<string, string | readonly string[]>;
    readonly body?: unknown;
    readonly bodyBase64?: string;
    readonly echoesCredential?: boolean;
    readonly failure?: string;
  };
}

const text = { type: "string" };
const isRecording = new Ajv2020().compile<Recording>({
  type: "object",
  required: ["response"],
  properties: {
    probe: text,
    jobId: text,
    expect: { oneOf: [{ enum: ["job", "any"] }, { type: "array", items: { type: "integer" } }] },
    request: {
      type: "object",
      properties: { method: text, path: text, headers: { type: "object", additionalProperties: text } },
    },
    response: {
      type: "object",
      anyOf: [{ required: ["status"] }, { required: ["failure"] }],
      properties: {
        status: { type: "integer", minimum: 100, maximum: 999 },
        headers: {
          type: "object",
          additionalProperties: { oneOf: [text, { type: "array", items: text, minItems: 1 }] },
        },
        bodyBase64: text,
        echoesCredential: { type: "boolean" },
        failure: text,
      },
    },
  },
});

/** Throws an error that names the first member that is wrong. */
function checkRecording(recording: unknown): Recording {
  if (isRecording(recording)) return recording;
  const [{ instancePath, message }] = isRecording.errors as [ErrorObject];
  throw new Error(`${instancePath.slice(1).replaceAll("/", ".") || "the recording"} ${message}.`);
}

function toExchange({ response, request = {}, ...recording }: Recording, name: string): Exchange {
  const jobId = recording.jobId ?? "ftjob-unknown";
  return {
    probe: {
      name: recording.probe ?? name,
      method: request.method ?? "POST",
      path: maskParameters(request.path ?? pathOf(jobId)),
      expect: recording.expect ?? "any",
      jobId,
    },
    requestHeaders: maskCredentials(request.headers ?? { "api-key": "***" }),
    endpoint: page.server.replace("{resource}", "my-resource"),
    response: response.failure === undefined ? toResponse(response) : { failure: response.failure },
  };
}

function toResponse({ status = 0, body, bodyBase64, echoesCredential = false, ...response }: Recording["response"]) {
  const isText = typeof body === "string";
  const recorded = response.headers ?? { "content-type": isText ? "text/html" : "application/json" };
  const lists = Object.entries(recorded).map(([name, value]) => [name.toLowerCase(), [value].flat()] as const);
  const headers = Object.fromEntries(lists.map(([name, values]) => [name, values.join(", ")]));
  const repeatedHeaders = Object.fromEntries(lists.filter(([, values]) => values.length > 1));
  const written = isText ? body : body === undefined ? "" : JSON.stringify(body);
  return {
    status,
    headers,
    ...(Object.keys(repeatedHeaders).length > 0 && { repeatedHeaders }),
    ...(bodyBase64 === undefined ? { text: written } : readBody(fromBase64(bodyBase64), headers)),
    echoesCredential,
  };
}

/** Throws for what `Buffer.from` would leave out in silence: what is not base64, and the rest of what is cut off. */
function fromBase64(base64: string): Buffer {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("base64") !== base64) throw new Error("response.bodyBase64 is not base64, or is cut off.");
  return bytes;
}
