/** Masks what is private in an exchange, so that it can be kept and shown. */
import type { Contract, Schema } from "../../scripts/contract/document.js";
import { inFormOf } from "./body.js";
import { bodyOf, type Exchange, isAnswered } from "./exchange.js";

/** Words that decide whether a body conforms, so masking keeps them: the contract's literals and member names. */
export type Words = ReadonlySet<string>;

/** The words of both contracts. */
export function wordsOf({ documented, accepted }: Contract): Words {
  const words = new Set<string>();
  const visit = (schema: Schema) => {
    for (const value of schema.enum ?? []) words.add(value);
    for (const branch of schema.oneOf ?? []) visit(branch);
    for (const [name, member] of Object.entries<Schema>(schema.properties ?? {})) {
      words.add(name);
      visit(member);
    }
    if (schema.items) visit(schema.items);
  };
  for (const document of [documented, accepted])
    for (const schema of Object.values(document.components.schemas)) visit(schema);
  return words;
}

/**
 * The exchange without private values, and with the same verdict: a text becomes as many `x`, an integer becomes its sign
 * (a very large one 10¹²), and any other number 0.5. The contract's own words, codes of three digits and the requested id
 * are kept.
 */
export function maskExchange(exchange: Exchange, words: Words): Exchange {
  if (!isAnswered(exchange)) return exchange;
  const { probe, response } = exchange;
  const keep = (text: string) => text === probe.jobId || words.has(text) || /^\d{3}$/.test(text);
  const maskText = (text: string) => (keep(text) ? text : hidden(text));
  const body = bodyOf(response) === undefined ? maskMarkup(response.text) : maskJson(response.text, words, maskText);
  const maskHeader = (name: string, value: string) => {
    if (name.endsWith("request-id")) return maskText(value);
    if (name === "content-type") return maskMediaType(value);
    return SHOWN_VALUE.test(value) ? value : hidden(value);
  };
  const kept = <T>(headers: Readonly<Record<string, T>>, mask: (name: string, value: T) => T) =>
    Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) => (KEPT_HEADERS.has(name) ? [[name, mask(name, value)]] : [])),
    );
  const { base64: _, repeatedHeaders, ...others } = response;
  const repeated = repeatedHeaders && {
    repeatedHeaders: kept(repeatedHeaders, (name, values) => values.map((value) => maskHeader(name, value))),
  };
  const headers = kept(response.headers, maskHeader);
  return { ...exchange, response: { ...others, headers, ...repeated, ...inFormOf(response, body) } };
}

const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Masks a JSON text token by token, because a parsed value has lost members with the same name. */
function maskJson(text: string, words: Words, maskText: (text: string) => string): string {
  const names = new Map<string, string>();
  const maskName = (name: string) => {
    if (words.has(name)) return name;
    // Two private names must stay different, and a name that comes twice must stay the same.
    const masked = names.get(name) ?? `${names.size}`.padEnd([...name].length, "x");
    names.set(name, masked);
    return masked;
  };
  return text.replace(TOKENS, (token, string?: string, colon?: string) => {
    if (string === undefined) return maskNumber(token);
    const value = JSON.parse(string) as string;
    return `${JSON.stringify(colon === undefined ? maskText(value) : maskName(value))}${colon ?? ""}`;
  });
}

/** Beyond this an integer is no time in Unix seconds. */
const LARGE = 1e11;

function maskNumber(token: string): string {
  const value = Number(token);
  if (!Number.isFinite(value)) return token;
  if (!Number.isInteger(value)) return "0.5";
  return String(Math.sign(value) * (Math.abs(value) >= LARGE ? 1e12 : 1));
}

/** Text that is not JSON keeps its first character, so that `<` still marks HTML, and the white space before it. */
function maskMarkup(text: string): string {
  const [start] = /^\s*\S?/.exec(text) as RegExpExecArray;
  return start + hidden(text.slice(start.length));
}

/** As many `x`. What could not be decoded stays, and so does a text of white space alone, which some checks refuse. */
function hidden(text: string): string {
  return /\S/.test(text) ? text.replace(/[^\ufffd]/gu, "x") : text;
}

/**
 * Keeps what decides how a body is read: the media type, `charset`, and in the other parameters everything but letters and
 * digits, so that what cannot be parsed still cannot.
 */
function maskMediaType(value: string): string {
  const kept = /^[\w.+-]{1,80}\/[\w.+-]{1,80}(?=\s*(?:;|$))|;\s*charset\s*=\s*"?[\w.:-]{0,40}|\bjson\b/;
  return value.replace(new RegExp(`(${kept.source})|[a-z\\d]`, "gi"), (_, shown?: string) => shown ?? "x");
}

/** A coding, a number or a date: nothing private. */
const SHOWN_VALUE = /^(?:\d*|[\w ,.:;=+/"-]{0,80})$/;

const KEPT_HEADERS = new Set([
  "content-type",
  "content-encoding",
  "date",
  "apim-request-id",
  "x-request-id",
  "retry-after",
  "retry-after-ms",
  "x-ms-retry-after-ms",
]);
