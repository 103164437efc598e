/** JSON pointers (RFC 6901), read. They are written by `toPointer` of the client. */

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
