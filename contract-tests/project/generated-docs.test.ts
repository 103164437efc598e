import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { replaceBlock } from "../../scripts/tools/markdown-blocks.js";
import { tableOfErrors, tableOfOptions } from "./api-tables.js";
import { textOf, written } from "./generated-docs.js";

// faults.test.ts checks docs/faults.md: it plays the faults anyway.
test.each(written.filter(({ file }) => file !== "docs/faults.md"))(
  "$file $block is up to date, else run `npm run docs`",
  async (each) => expect(readFileSync(each.file, "utf8")).toBe(await textOf(each)),
);

test("a block is replaced, and one that is missing is an error", () => {
  const document = "a\n<!-- b: made -->\nold\n<!-- /b -->\nc";
  expect(replaceBlock(document, "b", "$1 new")).toBe("a\n<!-- b: made -->\n$1 new\n<!-- /b -->\nc");
  expect(() => replaceBlock(document, "d", "")).toThrow("no block <!-- d: … -->");
});

test("a member without a docstring is an error, and so is an interface that is gone", () => {
  expect(() => tableOfOptions("interface A { b: string }", "A")).toThrow("b has no docstring");
  expect(() => tableOfOptions("interface A {}", "B")).toThrow("no interface B");
  expect(() => tableOfErrors("class A {}")).toThrow("A has no docstring");
});
