/** One place where a body differs from the accepted contract. It never holds the value that arrived, only its type. */
export interface Violation {
  /** Where, as a JSON pointer (RFC 6901) into the body. */
  readonly pointer: string;
  /** What the contract admits there, in words. */
  readonly expected: string;
  /** The JSON type that arrived: `null`, `boolean`, `integer`, `number`, `string`, `array`, `object`, or `absent`. */
  readonly actual: string;
}

/** The part of Ajv's error object that is read here. */
export interface SchemaError {
  instancePath: string;
  keyword: string;
  params: Record<string, unknown>;
}

/** A validator as Ajv makes it, with `allErrors` on. */
export interface SchemaValidator {
  (body: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

/** The JSON type of a value; `absent` for `undefined`. */
export function jsonType(value: unknown): string {
  if (value === undefined) return "absent";
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** Every violation of `body`, in the order in which the validator met them; empty when there is none. */
export function findViolations(validate: SchemaValidator, body: unknown): Violation[] {
  if (validate(body)) return [];
  return foldUnions(validate.errors ?? []).map(({ pointer, expected }) => ({
    pointer,
    expected,
    actual: jsonType(valueAt(body, pointer)),
  }));
}

interface Finding {
  pointer: string;
  expected: string;
  /** The value is of the wrong kind altogether, not wrong somewhere inside. */
  shallow: boolean;
}

/**
 * Ajv reports a union that failed as the errors of each branch, then one for the union. A reader wants one of two
 * things: what is wrong inside the branch that the value belongs to, or that it belongs to none.
 */
function foldUnions(errors: readonly SchemaError[]): Finding[] {
  const findings: Finding[] = [];
  for (const { instancePath, keyword, params } of errors) {
    const add = (expected: string, pointer = instancePath, shallow = false) =>
      findings.push({ pointer, expected, shallow });
    if (keyword === "oneOf") {
      let first = findings.length;
      while (first > 0 && isWithin((findings[first - 1] as Finding).pointer, instancePath)) first--;
      const branches = findings.splice(first);
      const inside = branches.filter((branch) => !branch.shallow || branch.pointer !== instancePath);
      if (inside.length > 0) findings.push(...inside);
      else add(branches.map((branch) => branch.expected).join(" or "), instancePath, true);
    } else if (keyword === "type") add([params.type].flat().join(" or "), instancePath, true);
    else if (keyword === "enum")
      add((params.allowedValues as unknown[]).map((value) => JSON.stringify(value)).join(" or "), instancePath, true);
    else if (keyword === "required") add("present", `${instancePath}/${toStep(String(params.missingProperty))}`);
    // Ajv reports what is wrong with the name first, at the same place.
    else if (keyword === "propertyNames") add(`member names with ${findings.pop()?.expected}`);
    else add(`${keyword} ${params.limit}`);
  }
  return findings;
}

function isWithin(pointer: string, ancestor: string): boolean {
  return pointer === ancestor || pointer.startsWith(`${ancestor}/`);
}

/** A member's name as a step of a JSON pointer. */
export function toStep(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The names that a JSON pointer leads through. */
export function stepsOf(pointer: string): string[] {
  const [, ...steps] = pointer.split("/");
  return steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** What stands where a JSON pointer leads; `undefined` where nothing does. */
export function valueAt(body: unknown, pointer: string): unknown {
  let value = body;
  for (const key of stepsOf(pointer)) {
    value =
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined;
  }
  return value;
}
