import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import ts from "typescript";
import { programOf, textOf } from "./type-checker.js";

const promises = readFileSync(join(__dirname, "types.ts"), "utf8");
const broken = promises
  .replace("toEqualTypeOf<string | number | null | undefined>", "toEqualTypeOf<string | null>")
  .replace("client.cancel(7)", 'client.cancel("7")');

test("the types keep every promise, and a promise that they do not keep is noticed", () => {
  const texts = new Map([
    [join(__dirname, "types.kept.ts"), promises],
    [join(__dirname, "types.broken.ts"), broken],
  ]);
  const program = programOf(texts);
  const found = [...texts.keys()].map((name) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(name)).map(textOf),
  );
  expect(found).toEqual([
    [],
    [
      expect.stringContaining("does not satisfy the constraint"),
      expect.stringContaining("Unused '@ts-expect-error' directive"),
    ],
  ]);
});
