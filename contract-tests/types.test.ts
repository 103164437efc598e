import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import ts from "typescript";

const root = join(__dirname, "..");
const promises = readFileSync(join(__dirname, "types.ts"), "utf8");
const texts = {
  [join(__dirname, "types.kept.ts")]: promises,
  [join(__dirname, "types.broken.ts")]: promises
    .replace("toEqualTypeOf<string | number | null | undefined>", "toEqualTypeOf<string | null>")
    .replace("client.cancel(7)", 'client.cancel("7")'),
};

/** What the compiler finds wrong with each text, as if it stood in the suite's folder. */
function diagnose(): string[][] {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name in texts || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    texts[name] === undefined
      ? getSourceFile(name, ...rest)
      : ts.createSourceFile(name, texts[name], ts.ScriptTarget.ES2022);
  const program = ts.createProgram(Object.keys(texts), options, host);
  return Object.keys(texts).map((name) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(name))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " ")),
  );
}

test("the types keep every promise, and a promise that they do not keep is noticed", () => {
  expect(diagnose()).toEqual([
    [],
    [
      expect.stringContaining("does not satisfy the constraint"),
      expect.stringContaining("Unused '@ts-expect-error' directive"),
    ],
  ]);
});
