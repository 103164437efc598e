/** One request and its answer: how it is made, masked, kept and read again. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { join } from "node:path";

/** What is sent, and what the answer to it has to be. */
export interface Probe {
  /** What it tries, in a word or two: `no key`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** The credential among them, in the clear. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the answer has to be: a job, or a refusal with one of these statuses. */
  readonly expect: "job" | "any" | readonly number[];
  /** The job that is asked for. */
  readonly jobId: string;
}

export interface Exchange {
  readonly probe: Omit<Probe, "headers">;
  /** The request's headers, credentials masked. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly origin: string;
  /** What came back; `failure` says why nothing whole did. */
  readonly answer: Answered | { readonly failure: string };
}

export interface Answered {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The credential came back in it. */
  readonly echoesCredential: boolean;
}

/** How long one exchange may take, in ms. */
const DEADLINE_MS = 30_000;
const MOST_BYTES = 1_048_576;
const CREDENTIALS = ["api-key", "authorization"];

/**
 * Makes one exchange. Redirects are not followed, so a credential goes to `origin` alone; nothing is retried. A failure is
 * part of what comes back, not thrown.
 */
export async function makeExchange(origin: string, probe: Probe): Promise<Exchange> {
  const { headers, ...rest } = probe;
  const secrets = CREDENTIALS.flatMap((name) => headers[name] ?? []).map((value) => value.replace(/^Bearer /, ""));
  const requestHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, CREDENTIALS.includes(name) ? "***" : value]),
  );
  return { probe: rest, requestHeaders, origin, answer: await send(origin, probe, secrets) };
}

function send(
  origin: string,
  { method, path, headers }: Probe,
  secrets: readonly string[],
): Promise<Exchange["answer"]> {
  return new Promise((resolve) => {
    const send = origin.startsWith("https:") ? requestHttps : requestHttp;
    const fail = (failure: string) => resolve({ failure });
    const request = send(
      `${origin}${path}`,
      { method, headers: { ...headers, "content-length": "0" }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size > MOST_BYTES) request.destroy(new Error(`the body is longer than ${MOST_BYTES} bytes`));
        });
        response.on("error", (error) => fail(`the body broke off (${error.message})`));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const named = Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(", ")]);
          const all = text + JSON.stringify(named);
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(named),
            text,
            echoesCredential: secrets.some((secret) => all.includes(secret)),
          });
        });
      },
    );
    request.setTimeout(DEADLINE_MS);
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${DEADLINE_MS} ms`)), DEADLINE_MS);
    request.on("close", () => clearTimeout(timer));
    request.on("error", (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    request.end();
  });
}

/** The body: parsed when it is JSON, `undefined` when it is not. */
export function bodyOf({ text }: Answered): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The exchange as a command; the credential is a variable of the shell's. */
export function toCurl({ probe, origin, requestHeaders }: Exchange): string {
  const quote = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const credentials: Record<string, string> = {
    "api-key": '"api-key: $AZURE_OPENAI_API_KEY"',
    authorization: '"authorization: Bearer $AZURE_OPENAI_AD_TOKEN"',
  };
  const headers = Object.entries(requestHeaders).map(
    ([name, value]) => `-H ${credentials[name] ?? quote(`${name}: ${value}`)}`,
  );
  return ["curl -i", `-X ${probe.method}`, ...headers, quote(`${origin}${probe.path}`)].join(" ");
}

/** Words that decide whether a body conforms, so that masking leaves them: the contract's literals and member names. */
export type Words = ReadonlySet<string>;

/**
 * The exchange without what is private, and with the same verdict: a text becomes as many x, a number one of its kind; the
 * contract's own words, and the id that was asked for, stay.
 */
export function maskExchange(exchange: Exchange, words: Words): Exchange {
  const { answer, probe } = exchange;
  if ("failure" in answer) return exchange;
  const keep = (text: string) => text === probe.jobId || words.has(text) || /^\d{3}$/.test(text);
  const maskText = (text: string) => (keep(text) ? text : "x".repeat([...text].length));
  const mask = (value: unknown): unknown => {
    if (typeof value === "string") return maskText(value);
    if (typeof value === "number") return Number.isInteger(value) ? Math.sign(value) : 0.5;
    if (Array.isArray(value)) return value.map(mask);
    if (typeof value !== "object" || value === null) return value;
    // Two private names of one length must stay two.
    return Object.fromEntries(
      Object.entries(value).map(([name, each], index) => [
        words.has(name) ? name : `${index}`.padEnd([...name].length, "x"),
        mask(each),
      ]),
    );
  };
  const body = bodyOf(answer);
  const headers = Object.fromEntries(
    Object.entries(answer.headers)
      .filter(([name]) => KEPT_HEADERS.has(name))
      .map(([name, value]) => [name, name.endsWith("request-id") ? maskText(value) : value]),
  );
  const text = body === undefined ? maskMarkup(answer.text) : JSON.stringify(mask(body));
  return { ...exchange, answer: { ...answer, headers, text } };
}

/** What is no JSON keeps its first character, which tells a page from words. */
function maskMarkup(text: string): string {
  return text === "" ? "" : `${text.trim().slice(0, 1)}${"x".repeat(Math.max(0, text.length - 1))}`;
}

const KEPT_HEADERS = new Set([
  "content-type",
  "apim-request-id",
  "x-request-id",
  "retry-after",
  "retry-after-ms",
  "x-ms-retry-after-ms",
]);

/** Writes each exchange, masked already, into a file of its own. */
export function writeRecordings(folder: string, exchanges: readonly Exchange[]): void {
  mkdirSync(folder, { recursive: true });
  for (const [index, { probe, requestHeaders, answer }] of exchanges.entries()) {
    const request = { method: probe.method, path: probe.path, headers: requestHeaders };
    const response =
      "failure" in answer
        ? answer
        : { status: answer.status, headers: answer.headers, body: bodyOf(answer) ?? answer.text };
    const recording = { probe: probe.name, jobId: probe.jobId, expect: probe.expect, request, response };
    const name = `${String(index + 1).padStart(2, "0")}-${probe.name.replace(/[^a-z0-9]+/gi, "-")}.json`;
    writeFileSync(join(folder, name), `${JSON.stringify(recording, undefined, 2)}\n`);
  }
}

/** Reads every recording of a folder, as docs/recordings.md describes them. Throws where one cannot be read. */
export function readRecordings(folder: string): Exchange[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort();
  return names.map((name) => {
    const fail = (problem: string): never => {
      throw new Error(`${join(folder, name)}: ${problem}`);
    };
    let recording: Record<string, unknown> = {};
    try {
      recording = JSON.parse(readFileSync(join(folder, name), "utf8"));
    } catch (error) {
      fail((error as Error).message);
    }
    const {
      response,
      request = {},
      jobId = "ftjob-unknown",
    } = recording as { response?: Record<string, unknown>; request?: Record<string, unknown>; jobId?: string };
    if (typeof response !== "object" || response === null) fail("has no response.");
    const { status, headers, body, failure } = response as Record<string, unknown>;
    if (failure === undefined && !Number.isInteger(status)) fail("response.status must be an integer.");
    return {
      probe: {
        name: String(recording.probe ?? name.replace(/\.json$/, "")),
        method: String(request.method ?? "POST"),
        path: String(request.path ?? `/openai/v1/fine_tuning/jobs/${encodeURIComponent(jobId)}/cancel`),
        expect: (recording.expect ?? "any") as Probe["expect"],
        jobId,
      },
      requestHeaders: (request.headers ?? { "api-key": "***" }) as Record<string, string>,
      origin: "https://my-resource.openai.azure.com",
      answer:
        failure === undefined
          ? {
              status: status as number,
              headers: (headers ?? {
                "content-type": typeof body === "string" ? "text/html" : "application/json",
              }) as Record<string, string>,
              text: typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body),
              echoesCredential: false,
            }
          : { failure: String(failure) },
    };
  });
}
