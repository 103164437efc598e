import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import ts from "typescript";

const root = join(__dirname, "..");
const file = join(__dirname, "types.ts");

/** What the compiler finds wrong with types.ts, or with another text in its place. */
function diagnose(text: string): string[] {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const host = ts.createCompilerHost(options);
  const { readFile } = host;
  host.readFile = (name) => (name === file ? text : readFile(name));
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
  return ts
    .getPreEmitDiagnostics(ts.createProgram([file], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

const promises = readFileSync(file, "utf8");

test("the types keep every promise", () => {
  expect(diagnose(promises)).toEqual([]);
});

test("a promise that they do not keep is noticed", () => {
  const broken = promises
    .replace("toEqualTypeOf<string | number | null | undefined>", "toEqualTypeOf<string | null>")
    .replace("client.cancel(7)", 'client.cancel("7")');
  expect(diagnose(broken)).toEqual([
    expect.stringContaining("does not satisfy the constraint"),
    expect.stringContaining("Unused '@ts-expect-error' directive"),
  ]);
});
