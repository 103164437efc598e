import { describe, expect, test } from "@jest/globals";
import type { Document, Schema } from "../../scripts/contract/document.js";
import { widerComponents } from "./bodies.js";

/** The components that admit more in `after`. */
function wider(before: Record<string, Schema>, after: Record<string, Schema>): string[] {
  const documentOf = (schemas: Record<string, Schema>) => ({ components: { schemas } }) as unknown as Document;
  return widerComponents(documentOf(before), documentOf(after)).map(
    ({ component, message }) => `${component}: ${message}`,
  );
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const object = (properties: Record<string, Schema>, required = Object.keys(properties)) => ({
  ...{ type: "object", required, properties },
});
const NULL = "An answer was refused until now: the whole had to be string, and may be null.";

test("what a component admits is said, and what it no longer admits is nothing new", () => {
  const [text, textOrNull] = [{ A: { type: "string" } }, { A: { type: ["string", "null"] } }];
  expect(wider(text, textOrNull)).toEqual([`A: ${NULL}`]);
  expect(wider(textOrNull, text)).toEqual([]);
});

test("the place in the body is said", () => {
  expect(wider({ A: object({ a: { type: "string" } }) }, { A: object({ a: { type: "null" } }) })).toEqual([
    "A: An answer was refused until now: /a had to be string, and may be null.",
  ]);
});

test("a body that neither document admits says nothing", () => {
  expect(wider({ A: { type: "string", minLength: 50 } }, { A: { type: "string", minLength: 40 } })).toEqual([]);
});

test("a member that is not described any more may be anything", () => {
  expect(wider({ A: object({ a: { type: "string" } }, []) }, { A: object({}) })).toEqual([
    expect.stringMatching(/^A: An answer was refused until now: \/a had to be string, /),
  ]);
});

describe("of components inside others", () => {
  const text = { type: "string" };
  test("the one that changed is said, not those that contain it", () => {
    const outer = object({ inner: ref("Inner") });
    expect(wider({ Inner: text, Outer: outer }, { Inner: { type: ["string", "null"] }, Outer: outer })).toEqual([
      `Inner: ${NULL}`,
    ]);
  });

  test("one that changed is said, although it contains others", () => {
    const [before, after] = [object({ inner: ref("Inner") }), object({ inner: ref("Inner") }, [])];
    expect(wider({ Inner: text, Outer: before }, { Inner: text, Outer: after })).toEqual([
      "Outer: An answer was refused until now: /inner had to be present, and may be absent.",
    ]);
  });

  test("one that came or went is no answer that was refused", () => {
    expect(wider({ A: text }, { B: text })).toEqual([]);
  });
});
