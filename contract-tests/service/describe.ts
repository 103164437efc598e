/** Describes what came back for a person: values in words, with their type and length; structure and codes as they are. */
import { stepsOf } from "../../scripts/contract/json-pointer.js";
import { oneLine } from "../../src/text.js";
import { shallow } from "./body.js";
import { type AnsweredExchange, bodyOf } from "./exchange.js";
import { maskExchange, type Words } from "./mask.js";

const MOST_PRINTED = 2_000;

/**
 * Text from a service, a recording or an option, for a line of its own or a part of one: without control characters, and
 * without what a CI server takes for a command (`::error::`, `##[error]`, `##vso[…]`).
 */
export function printable(text: string): string {
  return oneLine(text, MOST_PRINTED)
    .replace(/^::/, ": :")
    .replace(/##(?=\w*\[)/g, "# #");
}

/** A response as a report shows it. */
export interface Shown {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON in which `<string, 12 characters>` and the like stand for private values. */
  readonly body: unknown;
}

/** The response without private values. */
export function describeResponse(exchange: AnsweredExchange, words: Words): Shown {
  const { status, text } = exchange.response;
  const body = bodyOf(exchange.response);
  const headers = describeHeaders(exchange, words);
  if (body !== undefined) return { status, headers, body: describe(body, exchange.probe.jobId, words) };
  const kind = text.trimStart().startsWith("<") ? "HTML" : "text";
  return { status, headers, body: text === "" ? "<empty>" : `<${kind}, ${lengthOf(text)}>` };
}

/** The headers that a recording keeps. A value that it masks is described. */
function describeHeaders(exchange: AnsweredExchange, words: Words): Record<string, string> {
  const { headers } = exchange.response;
  const masked = (maskExchange(exchange, words) as AnsweredExchange).response.headers;
  return Object.fromEntries(
    Object.entries(masked).map(([name, value]) => {
      const sent = headers[name] as string;
      return [name, sent === value && !/^x+$/.test(sent) ? sent : `<string, ${lengthOf(sent)}>`];
    }),
  );
}

/** A code of an error, such as `DeploymentNotFound`: words without digits, so no id and no key. */
const CODE = /^(?=.{1,40}$)[A-Za-z]+([._-][A-Za-z]+)*$/;
const STATUS = /^[1-5]\d\d$/;
const CODE_MEMBERS = new Set(["code", "statusCode", "status"]);

/** The member that decides whether a value is a code. What the creator of a job calls a code, in its metadata, is private. */
const memberIn = (parent: string, name: string) => (parent === "metadata" ? parent : name);

/** A value in words. The contract's own words, codes and the requested id are kept, and so are true, false, null and 0. */
function describe(body: unknown, jobId: string, words: Words, member = ""): unknown {
  const visit = (value: unknown, member: string): unknown => {
    if (typeof value === "string") {
      const isCode = STATUS.test(value) || (member === "code" && CODE.test(value));
      return isCode || value === jobId || words.has(value) ? value : `<string, ${lengthOf(value)}>`;
    }
    if (typeof value === "number") return CODE_MEMBERS.has(member) && STATUS.test(`${value}`) ? value : inWords(value);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((each) => visit(each, member));
    return Object.fromEntries(
      Object.entries(value).map(([name, each], index) => [
        words.has(name) ? name : nameInWords(name, index),
        visit(each, memberIn(member, name)),
      ]),
    );
  };
  return visit(shallow(body), member);
}

function inWords(value: number): string | 0 {
  if (value === 0) return 0;
  if (!Number.isInteger(value)) return "<number>";
  const digits = BigInt(Math.abs(value)).toString().length;
  return `<${value < 0 ? "negative " : ""}integer, ${digits} digit${digits === 1 ? "" : "s"}>`;
}

/** With its position: two private names of the same length stay different. */
const nameInWords = (name: string, index: number) => `<name ${index + 1}, ${lengthOf(name)}>`;

function lengthOf(text: string): string {
  const length = [...text].length;
  return `${length} character${length === 1 ? "" : "s"}`;
}

/** A described body as text: JSON, with what stands for a private value outside of quotes. */
export function toOutline(body: unknown, indent = 2): string {
  const text = JSON.stringify(body, undefined, indent) ?? "";
  return text.replace(/"(<(?:string|name|negative|integer|number|text|HTML|empty)[^"<>\\]*>)"/g, "$1");
}

const MOST_CHARACTERS = 160;

/** The part of a body that a pointer leads to, on one line: `{ …, "seed": null, … }`. */
export function excerptOf(exchange: AnsweredExchange, pointer: string, words: Words): string {
  const around = (value: unknown, member: string, [step, ...rest]: readonly string[]): string => {
    if (step === undefined || typeof value !== "object" || value === null)
      return onOneLine(describe(value, exchange.probe.jobId, words, member));
    const names = value as Record<string, unknown>;
    const at = Object.keys(names).indexOf(step);
    const name = words.has(step) ? JSON.stringify(step) : nameInWords(step, Math.max(at, 0));
    const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{ ", " }"];
    if (at < 0) return `${open}…${close} without ${name}`;
    const inner = around(names[step], memberIn(member, step), rest);
    const isLast = at === Object.keys(names).length - 1;
    return `${open}${at > 0 ? "…, " : ""}${Array.isArray(value) ? inner : `${name}: ${inner}`}${isLast ? "" : ", …"}${close}`;
  };
  const body = bodyOf(exchange.response);
  return body === undefined ? String(describeResponse(exchange, words).body) : around(body, "", stepsOf(pointer));
}

function onOneLine(body: unknown): string {
  const text = toOutline(body, 0);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}

/** A pointer into a body, with private names in words. */
export function describePointer(pointer: string, words: Words): string {
  const describeStep = (step: string) => (words.has(step) || /^\d*$/.test(step) ? step : `<name, ${lengthOf(step)}>`);
  return ["", ...stepsOf(pointer).map(describeStep)].join("/");
}
