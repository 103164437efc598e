/** Good and bad bodies, made from the tables alone, each with the verdict of the tables. */
import { branches, type Member, metadata, type schemas } from "./page.js";

export type Table = typeof schemas;

export interface BodyCase {
  /** How the body differs from a complete one, in words. */
  readonly label: string;
  readonly body: unknown;
  /** Whether the table admits the body. */
  readonly good: boolean;
}

/** Whether a type, in the notation of the tables, admits a value. */
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

/** A value of the type: of its first branch, and with every member that the table gives an object. */
export function fullValue(table: Table, type: string): unknown {
  const [first = "null"] = branches(type);
  if (first.endsWith("[]")) return [fullValue(table, first.slice(0, -2))];
  if (first.startsWith('"')) return JSON.parse(first);
  if (first === metadata.name) return { key: "value" };
  const simple = { null: null, string: "text", integer: 7, number: 0.5, object: {}, unknown: "anything" };
  if (first in simple) return simple[first as keyof typeof simple];
  return Object.fromEntries((table[first] ?? []).map((member) => [member.name, fullValue(table, member.type)]));
}

/** Values of every JSON type, and edge cases: numbers with and without a fraction, empty and non-empty lists and objects. */
const SAMPLE_VALUES: readonly unknown[] = [
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
 * Bodies for the schema `root`: a complete one, and changed copies of it in which each member, at any depth, is absent, or
 * is each of the sample values and each literal that one of `tables` gives it. `good` is the verdict of `table`; the bodies
 * themselves depend on `tables` alone, so two lists for the same `tables` can be compared entry by entry.
 */
export function bodyCases(table: Table, root: string, tables: readonly Table[] = [table]): BodyCase[] {
  const [first = table] = tables;
  const full = fullValue(first, root);
  const minimal = Object.fromEntries(
    (first[root] ?? []).filter((each) => each.required).map((each) => [each.name, fullValue(first, each.type)]),
  );
  return [
    [`${root} with every member`, full] as const,
    [`${root} with its required members only`, minimal] as const,
    ...SAMPLE_VALUES.map((value) => [`${JSON.stringify(value)} in place of ${root}`, value] as const),
    ...changedBodies(tables, root, full, []),
  ].map(([label, body]) => ({ label, body, good: admits(table, root, body) }));
}

type Path = readonly (string | number)[];

/** Copies of `full`, each with one change inside the object at `path`, which is of the type `schema`. */
function* changedBodies(
  tables: readonly Table[],
  schema: string,
  full: unknown,
  path: Path,
): Generator<[label: string, body: unknown]> {
  const here = `/${path.join("/")}`;
  yield [`an unknown member in ${here}`, changed(full, [...path, "x_unknown"], "new")];
  for (const member of membersOf(tables, schema)) {
    const at = [...path, member.name];
    yield [`no ${member.name} in ${here}`, changed(full, at)];
    for (const value of new Set([...SAMPLE_VALUES, ...literalsOf(tables, schema, member.name)]))
      yield [`${member.name} in ${here} is ${JSON.stringify(value).slice(0, 40)}`, changed(full, at, value)];
    const [first = ""] = branches(member.type);
    if (tables[0]?.[first]) yield* changedBodies(tables, first, full, at);
    const item = first.slice(0, -2);
    if (tables[0]?.[item]) yield* changedBodies(tables, item, full, [...at, 0]);
  }
}

/** The string literals that any of the tables gives a member. */
function literalsOf(tables: readonly Table[], schema: string, member: string): string[] {
  return tables
    .flatMap((table) => table[schema]?.filter(({ name }) => name === member) ?? [])
    .flatMap(({ type }) => branches(type))
    .filter((branch) => branch.startsWith('"'))
    .map((branch) => JSON.parse(branch));
}

function membersOf(tables: readonly Table[], schema: string): Member[] {
  const members = tables.flatMap((table) => table[schema] ?? []);
  return [...new Map(members.map((member) => [member.name, member])).values()];
}

/** A copy of `body` with the value at `path` replaced, or removed when no value is given. */
function changed(body: unknown, path: Path, ...value: [unknown?]): unknown {
  const copy = structuredClone(body);
  const parent = path.slice(0, -1).reduce((node, step) => (node as Record<string | number, unknown>)[step], copy);
  const last = path.at(-1) as string | number;
  if (value.length === 0) delete (parent as Record<string | number, unknown>)[last];
  else (parent as Record<string | number, unknown>)[last] = structuredClone(value[0]);
  return copy;
}
