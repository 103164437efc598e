/** One request to a service, and its response. */
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

/** A request, and the response that it must get. */
export interface Probe {
  /** What it tries, in a word or two: `no key`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Includes the credential, unmasked. */
  readonly headers: Readonly<Record<string, string>>;
  /** The job, a refusal with one of these statuses, or any response. */
  readonly expect: "job" | "any" | readonly number[];
  /** The id of the job in the path. */
  readonly jobId: string;
}

export interface Exchange {
  readonly probe: Omit<Probe, "headers">;
  /** The request's headers, with the credential masked. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly endpoint: string;
  /** The response, or why there is no complete one. */
  readonly response: RecordedResponse | { readonly failure: string };
  /** How long the exchange took, in ms; a recording does not say. */
  readonly durationMs?: number;
}

export interface RecordedResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Whether the credential occurs in the headers or in the body. */
  readonly echoesCredential: boolean;
}

export type AnsweredExchange = Exchange & { readonly response: RecordedResponse };

export function isAnswered(exchange: Exchange): exchange is AnsweredExchange {
  return !("failure" in exchange.response);
}

/** The time limit for one exchange, in ms. */
const DEADLINE_MS = 30_000;
const MOST_BYTES = 1_048_576;
const CREDENTIALS = ["api-key", "authorization"];
/** What is sent in place of a credential, by the header that has it. Not secret, so it is kept and shown. */
export const WRONG_CREDENTIALS = { "api-key": "not-the-key", authorization: "Bearer not-the-token" };

function isSecret(header: string, value: string): boolean {
  return CREDENTIALS.includes(header) && !Object.values(WRONG_CREDENTIALS).includes(value);
}

/**
 * Sends one request. Redirects are not followed, so that only `endpoint` gets the credential, and nothing is retried.
 * A network failure is part of the result; it is not thrown.
 */
export async function makeExchange(endpoint: string, probe: Probe): Promise<Exchange> {
  const { headers, ...rest } = probe;
  const secrets = CREDENTIALS.flatMap((name) => headers[name] ?? []).map((value) => value.replace(/^Bearer /, ""));
  const requestHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isSecret(name, value) ? "***" : value]),
  );
  const began = performance.now();
  const response = await send(endpoint, probe, secrets);
  return { probe: rest, requestHeaders, endpoint, response, durationMs: Math.round(performance.now() - began) };
}

function send(
  endpoint: string,
  { method, path, headers }: Probe,
  secrets: readonly string[],
): Promise<Exchange["response"]> {
  return new Promise((resolve) => {
    const open = endpoint.startsWith("https:") ? requestHttps : requestHttp;
    const fail = (failure: string) => resolve({ failure });
    const request = open(
      `${endpoint}${path}`,
      { method, headers: { ...headers, "content-length": "0" }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size > MOST_BYTES) request.destroy(new Error(`the body is longer than ${MOST_BYTES} bytes`));
        });
        response.on("error", (error) => fail(`the body was cut off (${error.message})`));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const headers = Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(", ")]),
          );
          const all = text + JSON.stringify(headers);
          const echoesCredential = secrets.some((secret) => all.includes(secret));
          resolve({ status: response.statusCode ?? 0, headers, text, echoesCredential });
        });
      },
    );
    request.setTimeout(DEADLINE_MS);
    const timer = setTimeout(() => request.destroy(new Error(`no response within ${DEADLINE_MS} ms`)), DEADLINE_MS);
    request.on("close", () => clearTimeout(timer));
    request.on("error", (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    request.end();
  });
}

/** The parsed body; `undefined` when it is not JSON. */
export function bodyOf({ text }: RecordedResponse): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A curl command that repeats the request, to be pasted. It takes the credential from a shell variable. */
export function toCurl({ probe, endpoint, requestHeaders }: Exchange): string {
  const quote = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const credentials: Record<string, string> = {
    "api-key": '"api-key: $AZURE_OPENAI_API_KEY"',
    authorization: '"authorization: Bearer $AZURE_OPENAI_AD_TOKEN"',
  };
  const headers = Object.entries(requestHeaders).map(([name, value]) => {
    const credential = value === "***" ? credentials[name] : undefined;
    return `-H ${credential ?? quote(`${name}: ${value}`)}`;
  });
  // Without it, curl sends a POST without a length, which some services refuse with 411.
  if (probe.method === "POST") headers.push("-H 'content-length: 0'");
  return ["curl -i", `-X ${probe.method}`, ...headers, quote(`${endpoint}${probe.path}`)].join(" ");
}
