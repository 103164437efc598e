/** Bodies that the newer document admits and the older one does not: a second opinion on what changed. */
import fc from "fast-check";
import { type Document, memberNames } from "../../scripts/contract/document.js";
import { violationsOf } from "../../scripts/contract/reference.js";
import { schemaArbitrary } from "../../scripts/contract/samples.js";
import { compileSchemas } from "../../scripts/contract/schemas.js";

const SAMPLES = 150;
const SEED = 20251124;

interface WiderComponent {
  readonly component: string;
  readonly message: string;
}

/**
 * The components of both documents that admit a body which the older document refuses. A component that only contains such
 * a component is left out. It tries 150 seeded random bodies for each, so a small difference can slip through.
 */
export function widerComponents(before: Document, after: Document): WiderComponent[] {
  const names = Object.keys(after.components.schemas).filter((name) => name in before.components.schemas);
  const found = new Map(names.map((name) => [name, newBody(before, after, name)]));
  return names.flatMap((component) => {
    const message = found.get(component);
    const references = JSON.stringify(after.components.schemas[component]).matchAll(/schemas\/(\w+)"/g);
    const isInside = [...references].some(([, name]) => found.get(name as string) !== undefined);
    return message === undefined || isInside ? [] : [{ component, message }];
  });
}

/** What is new in the first body that only the newer document admits. */
function newBody(before: Document, after: Document, name: string): string | undefined {
  const [older, newer] = [compileSchemas(before)(name), compileSchemas(after)(name)];
  const arbitrary = schemaArbitrary(after, name, memberNames(before));
  for (const body of fc.sample(arbitrary, { numRuns: SAMPLES, seed: SEED })) {
    // The arbitrary does not know every keyword, so it also makes bodies that no document admits.
    if (!newer(body)) continue;
    const [violation] = violationsOf(older, body);
    if (!violation) continue;
    const { pointer, expected, actual } = violation;
    return `An answer was refused until now: ${pointer || "the whole"} had to be ${expected}, and may be ${actual}.`;
  }
  return undefined;
}
