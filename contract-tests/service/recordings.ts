/** Writes exchanges to files, and reads them back. docs/recordings.md describes the files. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { page, pathOf } from "../tables/page.js";
import { bodyOf, type Exchange, isAnswered, type Probe } from "./exchange.js";

/** Writes each exchange to a file of its own. The exchanges must be masked already. */
export function writeRecordings(folder: string, exchanges: readonly Exchange[]): void {
  mkdirSync(folder, { recursive: true });
  for (const [index, exchange] of exchanges.entries()) {
    const { name, jobId, expect, method, path } = exchange.probe;
    const request = { method, path, headers: exchange.requestHeaders };
    const file = `${String(index + 1).padStart(2, "0")}-${name.replace(/[^a-z0-9]+/gi, "-")}.json`;
    const recording = { probe: name, jobId, expect, request, response: recordedResponse(exchange) };
    writeFileSync(join(folder, file), `${JSON.stringify(recording, undefined, 2)}\n`);
  }
}

function recordedResponse(exchange: Exchange) {
  if (!isAnswered(exchange)) return exchange.response;
  const { status, headers, text } = exchange.response;
  return { status, headers, body: bodyOf(exchange.response) ?? text };
}

/** Reads every recording in the folder, in the order of their names. Throws an error that names the file. */
export function readRecordings(folder: string): Exchange[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort();
  return names.map((name) => {
    const file = join(folder, name);
    try {
      return toExchange(JSON.parse(readFileSync(file, "utf8")), name.replace(/\.json$/, ""));
    } catch (error) {
      throw new Error(`${file}: ${(error as Error).message}`);
    }
  });
}

/** A recording; only `response` has to be there. */
interface Recording {
  readonly probe?: string;
  readonly jobId?: string;
  readonly expect?: Probe["expect"];
  readonly request?: { method?: string; path?: string; headers?: Record<string, string> };
  readonly response?: { status?: number; headers?: Record<string, string>; body?: unknown; failure?: string };
}

function toExchange({ response, request = {}, ...recording }: Recording, name: string): Exchange {
  if (typeof response !== "object" || response === null) throw new Error("has no response.");
  const jobId = recording.jobId ?? "ftjob-unknown";
  return {
    probe: {
      name: String(recording.probe ?? name),
      method: String(request.method ?? "POST"),
      path: String(request.path ?? pathOf(jobId)),
      expect: recording.expect ?? "any",
      jobId,
    },
    requestHeaders: request.headers ?? { "api-key": "***" },
    endpoint: page.server.replace("{resource}", "my-resource"),
    response: response.failure === undefined ? toResponse(response) : { failure: String(response.failure) },
  };
}

function toResponse({ status, headers, body }: NonNullable<Recording["response"]>) {
  if (status === undefined || !Number.isInteger(status)) throw new Error("response.status must be an integer.");
  const isText = typeof body === "string";
  return {
    status,
    headers: headers ?? { "content-type": isText ? "text/html" : "application/json" },
    text: isText ? body : body === undefined ? "" : JSON.stringify(body),
    echoesCredential: false,
  };
}
