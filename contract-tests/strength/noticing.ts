/** Which checks notice a faulty contract, by a finding that is about the fault. */
import type { Contract, Document } from "../../scripts/contract/document.js";
import { toPointer } from "../../src/violations.js";
import type { Finding } from "../spec/check.js";
import { runSpecCheck, type SpecCheckName } from "../spec/spec-checks.js";

/**
 * Tries checks until two notice the fault, or one that is known to notice some fault alone: more would say nothing new.
 * A check that fails to read the contract has noticed nothing, and neither has one whose findings are about other parts.
 */
export async function noticing(
  names: readonly SpecCheckName[],
  mutant: Contract,
  changed: readonly string[],
  alone: ReadonlySet<string>,
  before: readonly string[] = [],
): Promise<string[]> {
  const noticed = [...before];
  for (const name of names) {
    if (noticed.length > 1 || alone.has(noticed[0] ?? "")) break;
    if (noticed.includes(name)) continue;
    const findings = await runSpecCheck(name, mutant);
    if (findings.some((finding) => isAbout(finding, changed))) noticed.push(name);
  }
  return noticed;
}

function isAbout({ pointer }: Finding, changed: readonly string[]): boolean {
  return (
    pointer !== "" && changed.some((part) => `${pointer}/`.startsWith(`${part}/`) || part.startsWith(`${pointer}/`))
  );
}

/** How many steps lead to a part of a contract, by the first step; one for the others. */
const DEPTHS: Record<string, number> = { components: 3, paths: 5, actions: 2 };

/** The parts in which two contracts differ, and the parts that refer to these, as JSON pointers. */
export function changedParts(good: Contract, mutant: Contract): string[] {
  const changed: string[] = [];
  for (const layer of ["documented", "accepted", "overlay"] as const) {
    if (good[layer] === mutant[layer]) continue;
    const [before, after] = [partsOf(good[layer] as never), partsOf(mutant[layer] as never)];
    const differing = [...new Set([...before.keys(), ...after.keys()])].filter(
      (part) => before.get(part) !== after.get(part),
    );
    const refersTo = (text: string) => differing.some((part) => text.includes(`"#${part}"`));
    const referring = [...before].filter(([, text]) => refersTo(text)).map(([part]) => part);
    changed.push(...differing, ...referring);
  }
  return changed;
}

const parts = new WeakMap<object, Map<string, string>>();

/** Each part of a document or an overlay as JSON, by its pointer. */
function partsOf(document: Document): Map<string, string> {
  const known = parts.get(document);
  if (known) return known;
  const found = new Map<string, string>();
  const visit = (node: unknown, path: readonly string[]) => {
    const isWhole = path.length > 0 && path.length >= (DEPTHS[path[0] as string] ?? 1);
    const members = isWhole || typeof node !== "object" || node === null ? [] : Object.entries(node);
    for (const [name, child] of members) visit(child, [...path, name]);
    if (members.length === 0) found.set(toPointer(path), JSON.stringify(node));
  };
  visit(document, []);
  parts.set(document, found);
  return found;
}
