/** One request to a service, and its response. */
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { Redactor } from "../../src/redact.js";
import { type Body, MOST_BYTES, mayBeJson, readBody } from "./body.js";

/** A request, and the response that it must get. */
export interface Probe {
  /** What it tries, in a word or two: `no key`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Includes the credential, unmasked. */
  readonly headers: Readonly<Record<string, string>>;
  /** The credential of the run, whether or not this request has it: no response may contain it. Empty without one. */
  readonly secret: string;
  /** The cancelled job, a refusal with one of these statuses, or any response. */
  readonly expect: "job" | "any" | readonly number[];
  /** The id of the job in the path. */
  readonly jobId: string;
}

export interface Exchange {
  readonly probe: Omit<Probe, "headers" | "secret">;
  /** The request's headers, with the credential masked. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly endpoint: string;
  /** The response, or why there is no complete one. */
  readonly response: RecordedResponse | { readonly failure: string };
  /** How long the exchange took, in ms; a recording does not say. */
  readonly durationMs?: number;
}

export interface RecordedResponse extends Body {
  readonly status: number;
  /** Names in lower case. The values of a header that came more than once are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The values of each header that came more than once. */
  readonly repeatedHeaders?: Readonly<Record<string, readonly string[]>>;
  /** Whether the credential occurs in the reason phrase, a header, the body or a trailer, in any usual escaping. */
  readonly echoesCredential: boolean;
}

export type AnsweredExchange = Exchange & { readonly response: RecordedResponse };

export function isAnswered(exchange: Exchange): exchange is AnsweredExchange {
  return !("failure" in exchange.response);
}

/** The time limit for one exchange, in ms. */
const DEADLINE_MS = 30_000;
/** A shorter credential may occur in ordinary words. */
const SHORTEST_SECRET = 8;
/** Names of headers, and of parameters in a path, that have a credential. */
const CREDENTIALS = "auth|cookie|key|password|secret|sig|token";
/** What is sent in place of a credential, by the header that has it. Not secret, so it is kept and shown. */
export const WRONG_CREDENTIALS = { "api-key": "not-the-key", authorization: "Bearer not-the-token" };

/** The headers of a request, with names in lower case, and `***` for what may be a credential. */
export function maskCredentials(headers: Probe["headers"]): Probe["headers"] {
  const isSecret = (name: string, value: string) =>
    new RegExp(CREDENTIALS, "i").test(name) && !Object.values(WRONG_CREDENTIALS).includes(value);
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), isSecret(name, value) ? "***" : value]),
  );
}

/** A path with `***` for what may be a credential in its parameters. */
export function maskParameters(path: string): string {
  return path.replace(new RegExp(`([?&][^=&]*(?:${CREDENTIALS})[^=&]*=)[^&]*`, "gi"), "$1***");
}

/**
 * Sends one request. Redirects are not followed, so that only `endpoint` gets the credential, and nothing is retried.
 * A network failure is part of the result; it is not thrown.
 */
export async function makeExchange(endpoint: string, probe: Probe): Promise<Exchange> {
  const { secret } = probe;
  const redactor = new Redactor(secret.length >= SHORTEST_SECRET ? [secret] : []);
  const began = performance.now();
  const response = await send(endpoint, probe, redactor);
  return { ...unanswered(endpoint, probe), response, durationMs: Math.round(performance.now() - began) };
}

/** Why there is no response when a run ends before one comes. */
export const UNFINISHED = "the run ended before a response came";

/** The exchange for as long as there is no response. */
export function unanswered(endpoint: string, { headers, secret: _, ...probe }: Probe): Exchange {
  return { probe, requestHeaders: maskCredentials(headers), endpoint, response: { failure: UNFINISHED } };
}

function send(endpoint: string, { method, path, headers }: Probe, redactor: Redactor): Promise<Exchange["response"]> {
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
        const received = () => toResponse(response, Buffer.concat(chunks), redactor);
        response.on("error", ({ message }) => {
          const leak = received().echoesCredential ? ", after the credential" : "";
          fail(`the body was cut off (${message})${leak}`);
        });
        response.on("end", () => resolve(received()));
      },
    );
    // 101 Switching Protocols. What comes after its headers is no HTTP.
    request.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve(toResponse(response, Buffer.alloc(0), redactor));
    });
    const timer = setTimeout(() => request.destroy(new Error(`no response within ${DEADLINE_MS} ms`)), DEADLINE_MS);
    request.on("close", () => clearTimeout(timer));
    request.on("error", (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    request.end();
  });
}

/** The response without the credential: what is kept of it can be shown. */
function toResponse(message: IncomingMessage, bytes: Buffer, redactor: Redactor): RecordedResponse {
  const { statusCode = 0, statusMessage, rawHeaders, rawTrailers } = message;
  const values = new Map<string, string[]>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase();
    values.set(name, [...(values.get(name) ?? []), redactor.text(rawHeaders[index + 1] as string)]);
  }
  const headers = Object.fromEntries([...values].map(([name, each]) => [name, each.join(", ")]));
  const repeatedHeaders = Object.fromEntries([...values].filter(([, each]) => each.length > 1));
  const { text, ...body } = readBody(bytes, headers);
  const all = [text, statusMessage, ...rawHeaders, ...rawTrailers].join("\n");
  return {
    status: statusCode,
    headers,
    ...(Object.keys(repeatedHeaders).length > 0 && { repeatedHeaders }),
    text: redactor.text(text),
    ...body,
    echoesCredential: redactor.text(all) !== all,
  };
}

/** Whether the status says that the operation succeeded. */
export function isSuccess({ status }: Pick<RecordedResponse, "status">): boolean {
  return status >= 200 && status < 300;
}

/** The parsed body; `undefined` when it is not JSON. An error that says it is text is text, even where that is JSON as well. */
export function bodyOf(response: RecordedResponse): unknown {
  if (!isSuccess(response) && !mayBeJson(response.headers)) return undefined;
  try {
    return JSON.parse(response.text);
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
