/** How much of the contract the exchanges have shown: in numbers, and member by member. */
import { type Contract, componentName, type Document, type Schema } from "../../scripts/contract/document.js";
import { jsonType, toPointer } from "../../src/violations.js";
import { shallow } from "../service/body.js";
import {
  type AnsweredExchange,
  bodyOf,
  type Exchange,
  isAnswered,
  isSuccess,
  type RecordedResponse,
} from "../service/exchange.js";
import { writtenType } from "../spec/written-type.js";
import { observedSchemas } from "../tables/observed.js";
import { page, schemas } from "../tables/page.js";

export interface Coverage {
  readonly what: string;
  readonly attained: number;
  readonly attainable: number;
  /** How many of the attainable ones need `--cancel`, when no job was cancelled. */
  readonly needCancel: number;
  /** The names of those that were not attained. */
  readonly missing: readonly string[];
}

export const STATUSES = ["200", "default"] as const;
export type Status = (typeof STATUSES)[number];
/** What was seen of one response, and all that it could show. */
type Seen = readonly [seen: readonly string[], all: readonly string[]];

/** Coverage of the operation, its responses, their members and headers, and its security. */
export function coverageOf(exchanges: readonly Exchange[], { documented }: Contract): Coverage[] {
  const answered = exchanges.filter(isAnswered);
  const answeredWith = (status: Status) => answered.filter((each) => statusOf(each) === status);
  const hasCancelled = answeredWith("200").length > 0;

  const simply = (what: string, seen: readonly string[], all: readonly string[]): Coverage => {
    const missing = all.filter((each) => !seen.includes(each));
    return { what, attained: all.length - missing.length, attainable: all.length, needCancel: 0, missing };
  };
  const count = (what: string, seenIn: (status: Status) => Seen): Coverage => {
    const named = (status: Status, which: 0 | 1) => seenIn(status)[which].map((each) => `${status} ${each}`);
    const all = STATUSES.flatMap((status) => named(status, 1));
    const seen = STATUSES.flatMap((status) => named(status, 0));
    return { ...simply(what, seen, all), needCancel: hasCancelled ? 0 : seenIn("200")[1].length };
  };
  const tried = ["no key", "wrong key"];
  return [
    simply("operations", answered.length > 0 ? ["cancel"] : [], ["cancel"]),
    count("responses", (status) => [answeredWith(status).map(() => "body"), ["body"]]),
    count("members", (status) => {
      const members = membersOf(documented, rootOf(status)).map(({ pointer }) => pointer);
      const seen = answeredWith(status).flatMap(({ response }) => valuesIn(response, new Set(members)));
      return [seen.map(([pointer]) => pointer), members];
    }),
    simply(
      "security",
      tried.filter((name) => answered.some(({ probe }) => probe.name.startsWith(name))),
      tried,
    ),
    count("headers", (status) => [
      answeredWith(status).flatMap(({ response }) => Object.keys(response.headers)),
      page.responses[status].headers,
    ]),
  ];
}

/** The response of the contract that an answer is. */
export function statusOf({ response }: AnsweredExchange): Status {
  return isSuccess(response) ? "200" : "default";
}

const rootOf = (status: Status): Schema => ({ $ref: `#/components/schemas/${page.responses[status].body}` });

/** A member of the contract, and the exchanges that showed it. */
export interface MemberCoverage {
  /** Its place in the body, without places in lists. */
  readonly pointer: string;
  /** Its type on the page; `undefined` for one that only the accepted contract has. */
  readonly documented: string | undefined;
  readonly accepted: string;
  /** How many values were seen of each JSON type. */
  readonly seen: ReadonlyMap<string, number>;
}

/** Every member of a response, parents before children, as both contracts describe it and as the exchanges showed it. */
export function memberCoverage(status: Status, exchanges: readonly Exchange[], contract: Contract): MemberCoverage[] {
  const documented = new Map(membersOf(contract.documented, rootOf(status)).map((each) => [each.pointer, each]));
  const members = membersOf(contract.accepted, rootOf(status));
  const pointers = new Set(members.map(({ pointer }) => pointer));
  const counts = new Map<string, Map<string, number>>();
  for (const exchange of exchanges.filter(isAnswered).filter((each) => statusOf(each) === status)) {
    for (const [pointer, type] of valuesIn(exchange.response, pointers)) {
      const types = counts.get(pointer) ?? new Map<string, number>();
      counts.set(pointer, types.set(type, (types.get(type) ?? 0) + 1));
    }
  }
  return members.map(({ pointer, schema, required }) => {
    const onPage = documented.get(pointer);
    return {
      pointer,
      documented: onPage && typeText(contract.documented, onPage.schema, schemas, onPage.required),
      accepted: typeText(contract.accepted, schema, observedSchemas, required),
      seen: counts.get(pointer) ?? new Map(),
    };
  });
}

function typeText(document: Document, schema: Schema, table: typeof schemas, required: boolean): string {
  return `${writtenType(document, schema, table)
    .replaceAll('"', "")
    .replace(/^unknown$/, "any value")}${required ? "" : ", or absent"}`;
}

interface MemberSchema {
  readonly pointer: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** The members of a schema, at any depth, each once. */
function membersOf(document: Document, root: Schema): MemberSchema[] {
  const members = new Map<string, MemberSchema>();
  const visit = (schema: Schema, path: string, inside: readonly string[]): void => {
    if (schema.$ref) {
      const name = componentName(schema.$ref);
      // A schema inside itself has no end.
      if (!inside.includes(name)) visit(document.components.schemas[name] as Schema, path, [...inside, name]);
      return;
    }
    for (const branch of (schema.oneOf ?? []) as Schema[]) visit(branch, path, inside);
    if (schema.items) visit(schema.items, path, inside);
    for (const [name, each] of Object.entries<Schema>(schema.properties ?? {})) {
      const pointer = `${path}/${name}`;
      members.set(pointer, { pointer, schema: each, required: (schema.required ?? []).includes(name) });
      visit(each, pointer, inside);
    }
  };
  visit(root, "", []);
  return [...members.values()];
}

/** The members of the contract that a body has, in the same notation: each with the JSON type of its value. */
function valuesIn(response: RecordedResponse, members: ReadonlySet<string>): [pointer: string, type: string][] {
  const found: [string, string][] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    const isList = Array.isArray(value);
    for (const [name, each] of Object.entries(value)) {
      const pointer = isList ? path : path + toPointer([name]);
      if (!isList && !members.has(pointer)) continue;
      if (!isList) found.push([pointer, jsonType(each)]);
      visit(each, pointer);
    }
  };
  visit(shallow(bodyOf(response)), "");
  return found;
}
