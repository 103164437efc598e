/** What Ajv finds wrong with a body, as violations: the reference that the client's own search is compared with. */
import { jsonType, toPointer, type Violation } from "../../src/violations.js";
import { valueAt } from "./json-pointer.js";

/** The part of Ajv's error object that is read here. */
interface SchemaError {
  instancePath: string;
  keyword: string;
  params: Record<string, unknown>;
}

/** A validator as Ajv makes it, with `allErrors` on. */
export interface SchemaValidator {
  (body: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

/** Every violation of `body`, in the order in which Ajv met them; empty when there is none. */
export function violationsOf(validate: SchemaValidator, body: unknown): Violation[] {
  if (validate(body)) return [];
  return foldUnions(validate.errors ?? []).map(({ pointer, expected }) => ({
    pointer,
    expected,
    actual: jsonType(valueAt(body, pointer)),
  }));
}

interface Fault {
  pointer: string;
  expected: string;
  /** The error is about the value's own type or enum, not about a member of it, so the value may belong to another branch. */
  shallow: boolean;
}

/**
 * Ajv reports a union that failed as the errors of each branch, then one for the union. A reader wants one of two
 * things: what is wrong inside the branch that the value belongs to, or that it belongs to none.
 */
function foldUnions(errors: readonly SchemaError[]): Fault[] {
  const faults: Fault[] = [];
  for (const { instancePath, keyword, params } of errors) {
    const add = (expected: string, pointer = instancePath, shallow = false) =>
      faults.push({ pointer, expected, shallow });
    if (keyword === "oneOf") {
      let first = faults.length;
      while (first > 0 && isWithin((faults[first - 1] as Fault).pointer, instancePath)) first--;
      const branches = faults.splice(first);
      const inside = branches.filter((branch) => !branch.shallow || branch.pointer !== instancePath);
      if (inside.length > 0) for (const each of inside) faults.push(each);
      else add(branches.map((branch) => branch.expected).join(" or "), instancePath, true);
    } else if (keyword === "type") add([params.type].flat().join(" or "), instancePath, true);
    else if (keyword === "enum")
      add((params.allowedValues as unknown[]).map((value) => JSON.stringify(value)).join(" or "), instancePath, true);
    else if (keyword === "required") add("present", instancePath + toPointer([String(params.missingProperty)]));
    // Ajv reports what is wrong with the name first, at the same place.
    else if (keyword === "propertyNames") add(`member names with ${faults.pop()?.expected}`);
    else add(`${keyword} ${params.limit}`);
  }
  return faults;
}

function isWithin(pointer: string, ancestor: string): boolean {
  return pointer === ancestor || pointer.startsWith(`${ancestor}/`);
}
