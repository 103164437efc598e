/** Reads a YAML file into a value, and remembers the line of each part. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, LineCounter, parseDocument } from "yaml";
import { ContractError } from "./document.js";

/** The place of a part, as `file:line`; of the nearest part around it when it does not exist. */
export type LineOf = (path: readonly (string | number)[]) => string;

export interface Source<T> {
  readonly text: string;
  readonly value: T;
  readonly lineOf: LineOf;
}

/**
 * Reads the YAML file `file` in the folder `root`. The caller checks the shape of the value.
 * Throws {@link ContractError} when the file cannot be read or is not a YAML mapping.
 */
export function readSource<T>(root: string, file: string): Source<T> {
  return parseSource(readText(root, file), file);
}

/** Reads the text of a YAML file, as {@link readSource} does. */
export function parseSource<T>(text: string, file: string): Source<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true, stringKeys: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw new ContractError(`${file}:${lines.linePos(problem.pos[0]).line}`, problem.message);
  const value = toPlainData(document, file);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ContractError(`${file}:1`, "must be a mapping.");
  const lineOf: LineOf = (path) => {
    const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
    if (!node?.range && path.length > 0) return lineOf(path.slice(0, -1));
    return `${file}:${node?.range ? lines.linePos(node.range[0]).line : 1}`;
  };
  return { text, value: value as T, lineOf };
}

/** The value of a document, without what only YAML has, such as dates and two names for one part. */
function toPlainData(document: Document, file: string): unknown {
  try {
    return JSON.parse(JSON.stringify(document.toJS()));
  } catch (error) {
    // An alias may have no anchor, stand inside of its own anchor, or expand to a very large value.
    throw new ContractError(file, `cannot be read as plain data: ${(error as Error).message}`);
  }
}

/** Throws {@link ContractError}. */
export function readText(root: string, file: string): string {
  try {
    return readFileSync(join(root, file), "utf8");
  } catch (error) {
    throw new ContractError(file, `cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
