/** What the checks of the contract share: where things are in a document, and how two lists are compared. */
import type { Contract, Document, Operation } from "../../scripts/contract/document.js";
import { page } from "../tables/page.js";
import type { Check, UnnamedFinding } from "./check.js";

export type SpecCheck = Check<Contract>;

export function operationOf(document: Document): Operation | undefined {
  return document.paths[page.path]?.[page.method];
}

/** The JSON pointer of a part of the operation. */
export function operationPointer(part: string): string {
  return `/paths/${page.path.replaceAll("/", "~1")}/${page.method}/${part}`;
}

/** Reports what is missing, extra, or listed twice. The order does not count. */
export function* differences(
  pointer: string,
  what: string,
  found: readonly unknown[],
  expected: readonly unknown[],
): Iterable<UnnamedFinding> {
  const finding = (problem: string): UnnamedFinding => ({ pointer, message: `${what}: ${problem}` });
  for (const each of expected) if (!found.includes(each)) yield finding(`${String(each)} is missing`);
  for (const each of found) if (!expected.includes(each)) yield finding(`${String(each)} is not in the table`);
  if (new Set(found).size !== found.length) yield finding("an entry is listed twice");
}

/** The witness that `change` makes in a copy of a good contract. */
export function broken(change: (draft: Contract) => void): (good: Contract) => Contract {
  return (good) => {
    const draft = structuredClone(good);
    change(draft);
    return draft;
  };
}
