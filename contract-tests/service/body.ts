/** The body of a response: the bytes that were sent, their text, and what is wrong with the one as the other. */
import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  type InputType,
  inflateSync,
} from "node:zlib";
import { MOST_VIOLATIONS, toPointer } from "../../src/violations.js";

/** The longest body that is read, in bytes, before and after decompression. */
export const MOST_BYTES = 1_048_576;

/** Names in lower case. */
type Headers = Readonly<Record<string, string>>;

export interface Body {
  /** The body, decompressed and decoded. */
  readonly text: string;
  /** The bytes of the body in base64, where they are not simply `text` in UTF-8. */
  readonly base64?: string;
}

interface Sent extends Body {
  readonly headers: Headers;
}

const gzip = { unpack: gunzipSync, pack: (bytes: InputType) => gzipSync(bytes) };
const CODINGS = new Map([
  ["gzip", gzip],
  ["x-gzip", gzip],
  ["deflate", { unpack: inflateSync, pack: (bytes: InputType) => deflateSync(bytes) }],
  ["br", { unpack: brotliDecompressSync, pack: (bytes: InputType) => brotliCompressSync(bytes) }],
]);

const codingOf = (headers: Headers) => (headers["content-encoding"] ?? "").trim().toLowerCase() || "identity";

/** Whether the media type leaves it open that the body is JSON. */
export function mayBeJson({ "content-type": type = "" }: Headers): boolean {
  return type === "" || /^[^;]*\bjson\b/i.test(type);
}

/** The text of the bytes, and the bytes themselves where the text does not say everything about them. */
export function readBody(bytes: Buffer, headers: Headers): Body {
  if (bytes.length === 0) return { text: "" };
  const { text } = decode(bytes, headers);
  if (codingOf(headers) === "identity" && Buffer.from(text).equals(bytes)) return { text };
  return { text, base64: bytes.toString("base64") };
}

/** What keeps a client from reading the bytes as text. */
export function encodingProblems({ text, base64, headers }: Sent): string[] {
  if (base64 !== undefined) return decode(Buffer.from(base64, "base64"), headers).problems;
  return decode(Buffer.from(text), { ...headers, "content-encoding": "" }).problems;
}

/** Another text in the form of the body: as compressed, and with the same problems. */
export function inFormOf({ base64, headers }: Sent, text: string): Body {
  if (base64 === undefined) return { text };
  const { hasMark, isUtf8, isUnpacked } = decode(Buffer.from(base64, "base64"), headers);
  const parts = isUtf8 ? [text] : text.split(UNREADABLE);
  const encoded = parts.flatMap((part, index) => [Buffer.from(index > 0 ? [0xff] : []), Buffer.from(part)]);
  const plain = Buffer.concat([Buffer.from(hasMark ? [0xef, 0xbb, 0xbf] : []), ...encoded]);
  const pack = isUnpacked ? CODINGS.get(codingOf(headers))?.pack : undefined;
  return readBody(pack ? pack(plain) : plain, headers);
}

/** What stands in the text for bytes that are no UTF-8. */
export const UNREADABLE = "\ufffd";

function decode(bytes: Buffer, headers: Headers) {
  const problems: string[] = [];
  const plain = unpack(bytes, codingOf(headers));
  if (!plain) problems.push("is not compressed as content-encoding says, or is too long when decompressed");
  const type = headers["content-type"] ?? "";
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(type)?.[1];
  // In another media type, any charset is right, and no byte is wrong without one.
  if (!mayBeJson(headers))
    return { text: decodeAs(charset, plain ?? bytes), problems, hasMark: false, isUtf8: true, isUnpacked: !!plain };
  const text = new TextDecoder().decode(plain ?? bytes);
  const hasMark = (plain ?? bytes).subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]));
  const isUtf8 = Buffer.from(text).equals((plain ?? bytes).subarray(hasMark ? 3 : 0));
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) problems.push("is JSON, so its charset must be utf-8");
  if (hasMark) problems.push("begins with a byte order mark, which JSON must not have");
  if (!isUtf8 && plain) problems.push("is not valid UTF-8");
  return { text, problems, hasMark, isUtf8, isUnpacked: plain !== undefined };
}

/** The decompressed bytes; `undefined` when they are not what the coding says. */
function unpack(bytes: Buffer, coding: string): Buffer | undefined {
  if (coding === "identity") return bytes;
  try {
    return CODINGS.get(coding)?.unpack(bytes, { maxOutputLength: MOST_BYTES });
  } catch {
    return undefined;
  }
}

function decodeAs(charset: string | undefined, bytes: Buffer): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** No body of the contract is a tenth as deep. */
const MOST_LEVELS = 100;

/** A parsed body whose objects and lists below 100 levels are empty: a function that calls itself can walk it. */
export function shallow(value: unknown, levels = MOST_LEVELS): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return levels === 0 ? [] : value.map((each) => shallow(each, levels - 1));
  const members = levels === 0 ? [] : Object.entries(value);
  return Object.fromEntries(members.map(([name, each]) => [name, shallow(each, levels - 1)]));
}

/**
 * The pointers of the members of a JSON text that have the name of an earlier member of their object: the first 100. Of a
 * place below 100 levels, those 100 lead.
 */
export function repeatedMembers(text: string): string[] {
  const repeated: string[] = [];
  const open: { names: Set<string> | undefined; step: string | number }[] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\],]/g)) {
    const here = open.at(-1);
    if (token === "{") open.push({ names: new Set(), step: "" });
    else if (token === "[") open.push({ names: undefined, step: 0 });
    else if (token === "}" || token === "]") open.pop();
    else if (token === "," && typeof here?.step === "number") here.step++;
    else if (token.endsWith(":") && here?.names) {
      here.step = JSON.parse(token.slice(0, -1)) as string;
      if (here.names.has(here.step)) repeated.push(toPointer(open.slice(0, MOST_LEVELS).map(({ step }) => step)));
      if (repeated.length === MOST_VIOLATIONS) break;
      here.names.add(here.step);
    }
  }
  return repeated;
}
