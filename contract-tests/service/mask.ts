/** Masks what is private in an exchange, so that it can be kept and shown. */
import type { Contract, Schema } from "../../scripts/contract/document.js";
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
 * The exchange without private values, and with the same verdict: a text becomes as many `x`, an integer becomes its sign,
 * and any other number 0.5. The contract's own words, codes of three digits and the requested id are kept.
 */
export function maskExchange(exchange: Exchange, words: Words): Exchange {
  if (!isAnswered(exchange)) return exchange;
  const { probe, response } = exchange;
  const keep = (text: string) => text === probe.jobId || words.has(text) || /^\d{3}$/.test(text);
  const maskText = (text: string) => (keep(text) ? text : "x".repeat([...text].length));
  const mask = (value: unknown): unknown => {
    if (typeof value === "string") return maskText(value);
    if (typeof value === "number") return Number.isInteger(value) ? Math.sign(value) : 0.5;
    if (Array.isArray(value)) return value.map(mask);
    if (typeof value !== "object" || value === null) return value;
    // Two private names of the same length must stay different.
    return Object.fromEntries(
      Object.entries(value).map(([name, each], index) => [
        words.has(name) ? name : `${index}`.padEnd([...name].length, "x"),
        mask(each),
      ]),
    );
  };
  const body = bodyOf(response);
  const headers = Object.fromEntries(
    Object.entries(response.headers)
      .filter(([name]) => KEPT_HEADERS.has(name))
      .map(([name, value]) => [name, name.endsWith("request-id") ? maskText(value) : value]),
  );
  const text = body === undefined ? maskMarkup(response.text) : JSON.stringify(mask(body));
  return { ...exchange, response: { ...response, headers, text } };
}

/** Text that is not JSON keeps its first character, so that `<` still marks HTML. */
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
