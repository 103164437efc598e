/** Finds where a body violates the accepted contract: an interpreter of the JSON Schema keywords that the contract uses. */

/** One place where a body differs from the accepted contract. It never contains the value that arrived, only its type. */
export interface Violation {
  /** Where, as a JSON pointer (RFC 6901) into the body. */
  readonly pointer: string;
  /** What the contract admits there, in words. */
  readonly expected: string;
  /**
   * The JSON type that arrived: `null`, `boolean`, `integer`, `number`, `string`, `array`, `object`, or `absent`; or
   * `number out of range` for one that JavaScript reads as infinite, such as `1e400`.
   */
  readonly actual: string;
}

/** How many violations of a body are described. Those beyond are only counted. */
export const MOST_VIOLATIONS = 100;

/** Where a job differs from the accepted contract, or has another id than the one that was asked for. */
export interface Violations {
  /** The first ones, at most 100. */
  readonly violations: readonly Violation[];
  /** How many there are. */
  readonly violationCount: number;
}

/**
 * A JSON Schema (2020-12) in the form in which scripts/contract/job-schema.ts writes it: a `oneOf` whose branches are of
 * different JSON types, or an `enum`, or a `type` with other keywords, or nothing. No schema contains itself.
 */
export interface Schema {
  readonly oneOf?: readonly Schema[];
  /** No objects or arrays. */
  readonly enum?: readonly unknown[];
  readonly type?: readonly string[];
  readonly maxLength?: number;
  readonly items?: Schema;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly propertyNames?: { readonly maxLength: number };
  readonly additionalProperties?: Schema;
  readonly properties?: { readonly [name: string]: Schema };
}

/**
 * Checks a body against a schema. The verdict and the violations are those of Ajv 2020, in its order, except that members
 * which every JavaScript object inherits, such as `constructor`, count only where the body has them itself.
 *
 * Takes time linear in the body, and stack by the depth of the schema: what the schema does not describe is not looked at.
 */
export function findViolations(schema: Schema, body: unknown): Violations {
  // No instance of a class: after a garbage collection that leaves no instance, V8 drops the code that it optimized for them.
  const walk: Walk = { path: [], violations: [], violationCount: 0 };
  check(walk, schema, body);
  const { violations, violationCount } = walk;
  return { violations, violationCount };
}

interface Walk {
  /** The names and indexes that lead from the body to the value that is being checked. */
  readonly path: (string | number)[];
  readonly violations: Violation[];
  violationCount: number;
}

/** Reports a value that the schema does not describe, or else what is wrong inside it. */
function check(walk: Walk, schema: Schema, value: unknown): void {
  if (!describes(walk, schema, value)) report(walk, inWords(schema), jsonType(value));
}

function describes(walk: Walk, schema: Schema, value: unknown): boolean {
  if (!schema.type) return schema.oneOf ? isInOneOf(walk, schema.oneOf, value) : (schema.enum?.includes(value) ?? true);
  if (!isOfType(schema.type, value)) return false;
  if (typeof value === "string") checkText(walk, schema, value);
  else if (Array.isArray(value)) checkList(walk, schema, value);
  else if (typeof value === "object" && value !== null) checkObject(walk, schema, value as JsonObject);
  return true;
}

function isInOneOf(walk: Walk, branches: readonly Schema[], value: unknown): boolean {
  return branches.some((branch) => describes(walk, branch, value));
}

function checkText(walk: Walk, { maxLength }: Schema, text: string): void {
  if (maxLength !== undefined && isLonger(text, maxLength)) report(walk, `maxLength ${maxLength}`, "string");
}

function checkList(walk: Walk, { items }: Schema, list: readonly unknown[]): void {
  if (items) for (let index = 0; index < list.length; index++) checkInside(walk, index, items, list[index]);
}

function checkObject(walk: Walk, schema: Schema, object: JsonObject): void {
  const { maxProperties, required, propertyNames, additionalProperties, properties } = schema;
  if (maxProperties !== undefined && Object.keys(object).length > maxProperties)
    report(walk, `maxProperties ${maxProperties}`, "object");
  if (required) for (const name of required) if (!Object.hasOwn(object, name)) report(walk, "present", "absent", name);
  if (propertyNames) {
    const { maxLength } = propertyNames;
    for (const name of Object.keys(object))
      if (isLonger(name, maxLength)) report(walk, `member names with maxLength ${maxLength}`, "object");
  }
  if (additionalProperties) {
    for (const name of Object.keys(object))
      if (!Object.hasOwn(properties ?? {}, name)) checkInside(walk, name, additionalProperties, object[name]);
  }
  for (const name in properties)
    if (Object.hasOwn(object, name)) checkInside(walk, name, properties[name] as Schema, object[name]);
}

function checkInside(walk: Walk, step: string | number, schema: Schema, value: unknown): void {
  walk.path.push(step);
  check(walk, schema, value);
  walk.path.pop();
}

function report(walk: Walk, expected: string, actual: string, ...inside: string[]): void {
  if (walk.violationCount++ >= MOST_VIOLATIONS) return;
  walk.violations.push({ pointer: toPointer([...walk.path, ...inside]), expected, actual });
}

type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON type of a value, in the words of {@link Violation.actual}. */
export function jsonType(value: unknown): string {
  if (typeof value === "string") return "string";
  if (value === undefined) return "absent";
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value !== "number") return typeof value;
  if (!Number.isFinite(value)) return "number out of range";
  return Number.isInteger(value) ? "integer" : "number";
}

function isOfType(types: readonly string[], value: unknown): boolean {
  const actual = jsonType(value);
  for (const type of types) if (type === actual || (type === "number" && actual === "integer")) return true;
  return false;
}

/** What a value must be for a schema to describe it. */
function inWords({ oneOf, enum: values, type = [] }: Schema): string {
  return (oneOf?.map(inWords) ?? values?.map((value) => JSON.stringify(value)) ?? type).join(" or ");
}

/** Whether something is left of a text after so many code points. */
function isLonger(text: string, maxLength: number): boolean {
  let units = 0;
  for (let points = 0; points < maxLength && units < text.length; points++)
    units += (text.codePointAt(units) as number) > 0xffff ? 2 : 1;
  return units < text.length;
}

/** The JSON pointer (RFC 6901) that leads through these names and indexes. */
export function toPointer(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).split("~").join("~0").split("/").join("~1")}`).join("");
}
