/** Overlay actions that change what no overlay may: anything but schemas, added responses and added media types. */
import type { Action, Document } from "../../scripts/contract/document.js";
import { toPointer } from "../../src/violations.js";
import type { Mutant, Node, Path } from "./mutant.js";

export function* scopeMutants(document: Document): Generator<Mutant<Action>> {
  for (const [path, node] of objectsOf(document, [])) {
    const [target, place] = [targetOf(path), toPointer(path)];
    const mutant = (operator: string, action: Omit<Action, "description">): Mutant<Action> => ({
      place,
      operator,
      make: () => ({ description: "A change.", ...action }),
    });
    if (!TAKES_ADDITIONS.test(place)) yield mutant("member added", { target, update: { "x-added": true } });
    for (const [name, value] of Object.entries(node)) {
      if (isAllowed([...path, name])) continue;
      yield mutant(`member removed: ${name}`, { target: targetOf([...path, name]), remove: true });
      if (Array.isArray(value))
        yield mutant(`list made longer: ${name}`, { target, update: { [name]: [added(value[0])] } });
      else if (typeof value !== "object" || value === null)
        yield mutant(`value changed: ${name}`, { target, update: { [name]: `${value}_` } });
    }
  }
}

/** Objects to which an overlay may add a member: a response, or a media type. */
const TAKES_ADDITIONS = /\/responses$|\/content$/;

const isAllowed = (path: Path) => path[0] === "components" && path[1] === "schemas";
const added = (item: unknown) => (typeof item === "object" ? { "x-added": [] } : "added");

/** The objects that no overlay may change, without the bodies of examples. */
function* objectsOf(node: unknown, path: Path): Generator<[path: Path, node: Node]> {
  if (typeof node !== "object" || node === null || Array.isArray(node) || isAllowed(path)) return;
  if (path.at(-1) === "value") return;
  yield [path, node as Node];
  for (const [name, child] of Object.entries(node)) yield* objectsOf(child, [...path, name]);
}

const targetOf = (path: Path) => `$${path.map((step) => `['${step}']`).join("")}`;
