/** `npm run test:diff`: the changes of the contract in changes.ts, in both directions. */
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import type { Document } from "../../scripts/contract/document.js";
import { readContract } from "../../scripts/contract/read.js";
import { changes, missedByRedocly, tooStrict } from "./changes.js";
import { compareDocuments, ownRules } from "./compare.js";

const root = join(__dirname, "../..");
const ours = new Set([...ownRules.map(({ rule }) => rule), "generated-bodies"]);
let documented: Document;
beforeAll(async () => {
  ({ documented } = await readContract(root));
});

/** Whom the change breaks, and the rules that only we have, when Redocly alone finds nothing breaking. */
async function rate(before: Document, after: Document) {
  const breaking = (await compareDocuments(before, after, root)).filter(({ breaks }) => breaks.length > 0);
  const rules = breaking.map(({ rule }) => rule);
  return {
    breaks: [...new Set(breaking.flatMap(({ breaks }) => breaks))].sort(),
    missedByRedocly: rules.every((rule) => ours.has(rule)) ? [...new Set(rules)].join(", ") || undefined : undefined,
  };
}

describe("a change is rated as a caller would:", () => {
  test.each(changes)("$what", async ({ what, prepare, make, breaks, breaksBack }) => {
    const [before, after] = [structuredClone(documented), structuredClone(documented)];
    prepare?.(before);
    prepare?.(after);
    make(after);
    const rated = await Promise.all([rate(before, after), rate(after, before)]);
    const expected = ([breaks, breaksBack] as const).map((callers, index) => {
      const name = `${what}, ${["there", "back"][index]}`;
      const strict = tooStrict.includes(name);
      return {
        breaks: strict ? expect.arrayContaining([expect.any(String)]) : [...callers].sort(),
        missedByRedocly: missedByRedocly[name],
      };
    });
    expect(rated).toEqual(expected);
  });
});

test("the lists name changes of the table that break nobody, and that break somebody", () => {
  const rated = changes.flatMap(({ what, breaks, breaksBack }) => [
    [`${what}, there`, breaks] as const,
    [`${what}, back`, breaksBack] as const,
  ]);
  const callersOf = new Map<string, readonly string[]>(rated);
  expect(tooStrict.map((name) => callersOf.get(name))).toEqual(tooStrict.map(() => []));
  for (const name of Object.keys(missedByRedocly)) expect(callersOf.get(name)).not.toHaveLength(0);
  expect(changes.length).toBeGreaterThanOrEqual(40);
});
