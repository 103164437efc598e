/** Reads what `fetch` resolved with: a Response, or what a custom `fetch` takes for one. */
import { sleep } from "./abort.js";
import { memberOf } from "./text.js";

/** Status and headers of an answer. */
export interface Head {
  /** 0 for a redirect that a browser hides. */
  readonly status: number;
  /** The value of a header, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  /** What `fetch` resolved with. */
  readonly source: object;
}

/** An answer, with as much of its body as was read. */
export interface Answer extends Head {
  readonly body: Uint8Array;
  /** Why `body` is not all of it, when it is not: it passed `maxResponseBytes`, or it broke off. */
  readonly cut: "too-large" | "broken" | undefined;
}

/** Whether a status is 2xx. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The head of an answer; `undefined` for a value that isn't one, and for `Response.error()`. Doesn't throw. */
export function readHead(value: unknown): Head | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const type = memberOf(value, "type");
  const status = memberOf(value, "status");
  if (type === "error" || typeof status !== "number" || !Number.isInteger(status)) return undefined;
  if (status === 0 && type !== "opaqueredirect") return undefined;
  const headers = memberOf(value, "headers");
  return { status, header: (name) => readHeader(headers, name), source: value };
}

function readHeader(headers: unknown, name: string): string | undefined {
  try {
    if (typeof memberOf(headers, "get") === "function") {
      const value: unknown = (headers as Headers).get(name);
      return typeof value === "string" ? value : undefined;
    }
    const found = Object.entries(headers ?? {}).find(([each]) => each.toLowerCase() === name)?.[1];
    return found === undefined ? undefined : String(found);
  } catch {
    return undefined;
  }
}

/** Chunks that are there already come without a break, so timers are let run after so many. */
const MOST_AT_ONCE = 1_000;

/**
 * Reads a body chunk by chunk, so that what has arrived is known when the attempt ends early.
 * Resolves with whether it was longer than `limit` bytes; rejects when it breaks off, or can't be read.
 */
export async function readBody({ source }: Head, body: BodyBuffer, signal: AbortSignal): Promise<boolean> {
  const stream = memberOf(source, "body");
  if (typeof memberOf(stream, "getReader") === "function") return readStream(stream as ReadableStream, body, signal);
  let count = 0;
  for await (const chunk of chunksOf(source, stream)) {
    if (!body.add(toBytes(chunk))) return true;
    if (++count % MOST_AT_ONCE === 0) await sleep(0, undefined);
    if (signal.aborted) return false;
  }
  return false;
}

async function readStream(stream: ReadableStream, body: BodyBuffer, signal: AbortSignal): Promise<boolean> {
  const reader = stream.getReader();
  body.reader = reader;
  if (signal.aborted) closeStream(reader);
  for (let count = 1; ; count++) {
    const { done, value } = await reader.read();
    if (done) return false;
    const fits = body.add(toBytes(value));
    if (count % MOST_AT_ONCE === 0) await sleep(0, undefined);
    if (fits && !signal.aborted) continue;
    closeStream(reader);
    return !fits;
  }
}

/** Closes a stream, if there is one. */
export async function closeStream(reader: ReadableStreamDefaultReader | undefined): Promise<void> {
  try {
    await reader?.cancel();
  } catch {
    // We are done with this body, whatever becomes of it.
  }
}

/** Whatever a source without a web stream has: a stream of Node's or a generator, else all at once. */
async function* chunksOf(source: object, body: unknown): AsyncIterable<unknown> {
  if (typeof body === "string" || body instanceof ArrayBuffer || ArrayBuffer.isView(body)) yield body;
  else if (typeof memberOf(body, Symbol.asyncIterator) === "function") yield* body as AsyncIterable<unknown>;
  else {
    const read = (["arrayBuffer", "text", "json"] as const).find(
      (name) => typeof memberOf(source, name) === "function",
    );
    if (read === "json") yield JSON.stringify(await (source as Response).json());
    else if (read) yield await (source as Response)[read]();
  }
}

function toBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === "string") return new TextEncoder().encode(chunk);
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  // Not `instanceof`: a buffer may come from another realm, as it does in Jest.
  if (Object.prototype.toString.call(chunk) === "[object ArrayBuffer]") return new Uint8Array(chunk as ArrayBuffer);
  throw new TypeError("the body has a chunk that is neither bytes nor text");
}

/** What has arrived of a body, up to a limit in bytes. */
export class BodyBuffer {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** The stream that it is read from, to be closed by an attempt that ends early. */
  reader: ReadableStreamDefaultReader | undefined;

  constructor(readonly limit: number) {}

  /** Whether the chunk fitted in whole. */
  add(chunk: Uint8Array): boolean {
    // Nothing arrived; a `fetch` of the caller's may give bytes whose length is no number.
    if (!(chunk.byteLength > 0)) return true;
    const room = this.limit - this.#length;
    const kept = chunk.byteLength > room ? chunk.subarray(0, room) : chunk;
    this.#chunks.push(kept);
    this.#length += kept.byteLength;
    return kept === chunk;
  }

  /** Doesn't throw, whatever a `fetch` of the caller's has done with the chunks since. */
  bytes(): Uint8Array {
    const chunks = this.#chunks.filter(({ byteLength }) => byteLength > 0);
    if (chunks.length === 1) return chunks[0] as Uint8Array;
    try {
      const whole = new Uint8Array(this.#length);
      let offset = 0;
      for (const chunk of chunks) {
        whole.set(chunk, offset);
        offset += chunk.byteLength;
      }
      return whole.subarray(0, offset);
    } catch {
      return new Uint8Array(0);
    }
  }
}

/** Statuses with which `Response` allows no body. */
const NULL_BODY = new Set([204, 205, 304]);

/** Stands in for a Response that no one reads: openapi-fetch reads no body of a 204. */
export const UNREAD = { ok: true, status: 204, url: "", headers: { get: () => null } } as unknown as Response;

/** The answer as a Response with its body buffered. `Response` refuses some statuses and reason phrases: doesn't throw. */
export function bufferedResponse({ status, body, source }: Answer): Response {
  // Copied, because a Response takes no bytes of shared memory.
  const content = NULL_BODY.has(status) ? null : new Uint8Array(body);
  const headers = readHeaders(memberOf(source, "headers"));
  const url = textMember(source, "url");
  const statusText = textMember(source, "statusText");
  try {
    return withMembers(new Response(content, { status, statusText, headers }), { url });
  } catch {
    return withMembers(new Response(content, { headers }), { status, statusText, ok: isSuccess(status), url });
  }
}

function textMember(source: object, name: string): string {
  const value = memberOf(source, name);
  return typeof value === "string" ? value : "";
}

/** A Response has getters for these members. */
function withMembers(response: Response, members: Partial<Response>): Response {
  const properties = Object.entries(members).map(([name, value]) => [name, { value }]);
  return Object.defineProperties(response, Object.fromEntries(properties));
}

function readHeaders(headers: unknown): Headers {
  try {
    return new Headers(headers as HeadersInit);
  } catch {
    return new Headers();
  }
}
