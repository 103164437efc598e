/** Good and bad bodies made from the transcribed tables alone, each with the verdict that the tables give. */
import { branches, type Member, metadata, type schemas } from "./page.js";

export type Table = typeof schemas;

/** One body, and whether the table admits it. */
export interface Case {
  /** What was done to a good body, for a person. */
  readonly label: string;
  readonly body: unknown;
  readonly good: boolean;
}

/** Whether a written type admits a value. */
export function admits(table: Table, type: string, value: unknown): boolean {
  return branches(type).some((branch) => admitsBranch(table, branch, value));
}

function admitsBranch(table: Table, branch: string, value: unknown): boolean {
  if (branch.endsWith("[]")) {
    return Array.isArray(value) && value.every((each) => admitsBranch(table, branch.slice(0, -2), each));
  }
  if (branch.startsWith('"')) return value === JSON.parse(branch);
  switch (branch) {
    case "unknown":
      return true;
    case "null":
      return value === null;
    case "string":
      return typeof value === "string";
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number";
    case "object":
      return isObject(value);
    case metadata.name:
      return admitsMetadata(value);
    default:
      return admitsMembers(table, branch, value);
  }
}

function admitsMembers(table: Table, schema: string, value: unknown): boolean {
  const members = table[schema];
  if (!members) throw new Error(`The table has no schema ${schema}.`);
  return (
    isObject(value) &&
    members.every(({ name, type, required }) => (name in value ? admits(table, type, value[name]) : !required))
  );
}

function admitsMetadata(value: unknown): boolean {
  if (!isObject(value)) return false;
  const pairs = Object.entries(value);
  const length = (text: string) => [...text].length;
  return (
    pairs.length <= metadata.pairs &&
    pairs.every(
      ([key, text]) =>
        length(key) <= metadata.keyLength && typeof text === "string" && length(text) <= metadata.valueLength,
    )
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value of a written type: its first branch, with every member of an object that the table gives it. */
export function fullValue(table: Table, type: string): unknown {
  const [first = "null"] = branches(type);
  if (first.endsWith("[]")) return [fullValue(table, first.slice(0, -2))];
  if (first.startsWith('"')) return JSON.parse(first);
  if (first === metadata.name) return { key: "value" };
  const simple = { null: null, string: "text", integer: 7, number: 0.5, object: {}, unknown: "anything" };
  if (first in simple) return simple[first as keyof typeof simple];
  return Object.fromEntries((table[first] ?? []).map((member) => [member.name, fullValue(table, member.type)]));
}

/** Values of every JSON type, with those at the edges: whole and broken numbers, empty and filled lists and objects. */
const PROBES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  7.5,
  "",
  "text",
  "auto",
  [],
  ["text"],
  [7],
  [null],
  [{}],
  {},
  { key: "value" },
  { key: 7 },
  { ["k".repeat(metadata.keyLength)]: "v".repeat(metadata.valueLength) },
  { ["k".repeat(metadata.keyLength + 1)]: "" },
  { key: "v".repeat(metadata.valueLength + 1) },
  pairs(metadata.pairs),
  pairs(metadata.pairs + 1),
];

function pairs(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, ""]));
}

/**
 * Every member of every schema beneath `root`: absent, and with every probe in its place, and with every literal that one
 * of `tables` gives it. The verdict is that of `table`; the bodies are the same for every table of one list.
 */
export function cases(table: Table, root: string, tables: readonly Table[] = [table]): Case[] {
  const found: Case[] = [];
  const add = (label: string, body: unknown) => found.push({ label, body, good: admits(table, root, body) });
  const full = fullValue(tables[0] as Table, root);
  add(`${root} with every member`, full);
  add(
    `${root} with its required members alone`,
    Object.fromEntries(
      (tables[0]?.[root] ?? []).filter((each) => each.required).map((each) => [each.name, fullValue(table, each.type)]),
    ),
  );
  for (const probe of PROBES) add(`${JSON.stringify(probe)} in place of ${root}`, probe);

  const visit = (schema: string, path: readonly (string | number)[]) => {
    const here = `/${path.join("/")}`;
    add(`an unknown member in ${here}`, changed(full, [...path, "x_unknown"], "new"));
    for (const member of membersOf(tables, schema)) {
      const at = [...path, member.name];
      add(`no ${member.name} in ${here}`, changed(full, at));
      const literals = tables.flatMap((each) => each[schema]?.find(({ name }) => name === member.name)?.type ?? []);
      const values = literals
        .flatMap(branches)
        .filter((branch) => branch.startsWith('"'))
        .map((text) => JSON.parse(text));
      for (const value of new Set([...PROBES, ...values])) {
        add(`${member.name} in ${here} is ${JSON.stringify(value).slice(0, 40)}`, changed(full, at, value));
      }
      const [first = ""] = branches(member.type);
      if (tables[0]?.[first]) visit(first, at);
      if (tables[0]?.[first.slice(0, -2)]) visit(first.slice(0, -2), [...at, 0]);
    }
  };
  visit(root, []);
  return found;
}

function membersOf(tables: readonly Table[], schema: string): Member[] {
  const members = tables.flatMap((table) => table[schema] ?? []);
  return [...new Map(members.map((member) => [member.name, member])).values()];
}

/** A copy of `body` with the value at `path` replaced, or taken out when there is none. */
function changed(body: unknown, path: readonly (string | number)[], ...value: [unknown?]): unknown {
  const copy = structuredClone(body);
  const parent = path.slice(0, -1).reduce((node, step) => (node as Record<string | number, unknown>)[step], copy);
  const last = path.at(-1) as string | number;
  if (value.length === 0) delete (parent as Record<string | number, unknown>)[last];
  else (parent as Record<string | number, unknown>)[last] = structuredClone(value[0]);
  return copy;
}
