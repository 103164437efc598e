/** Texts for the type checker, as if each stood in a file of the project. */
import { join } from "node:path";
import ts from "typescript";

const root = join(__dirname, "../..");

/** A program of the texts, by the names of their files, under the project's own compiler options. */
export function programOf(texts: ReadonlyMap<string, string>, more: ts.CompilerOptions = {}): ts.Program {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const options = { ...ts.parseJsonConfigFileContent(config, ts.sys, root).options, ...more };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.getSourceFile = (name, version, ...rest) => {
    const text = texts.get(name);
    return text === undefined
      ? getSourceFile.call(host, name, version, ...rest)
      : ts.createSourceFile(name, text, version);
  };
  return ts.createProgram([...texts.keys()], options, host);
}

/** What a diagnostic says, on one line. */
export function textOf({ messageText }: ts.Diagnostic): string {
  return ts.flattenDiagnosticMessageText(messageText, " ");
}
