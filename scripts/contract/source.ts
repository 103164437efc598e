/** A YAML file as a value, with the line of each of its parts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { ContractError } from "./document.js";

/** Where a part of a source stands: `file:line`. */
export type LineOf = (path: readonly (string | number)[]) => string;

export interface Source<T> {
  readonly text: string;
  readonly value: T;
  readonly lineOf: LineOf;
}

/** Reads a YAML file of a folder. Its shape is the caller's to check. Throws {@link ContractError}. */
export function readSource<T>(root: string, file: string): Source<T> {
  const text = readText(root, file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw new ContractError(`${file}:${lines.linePos(problem.pos[0]).line}`, problem.message);
  const value: unknown = document.toJS();
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ContractError(`${file}:1`, "must be a mapping.");
  const lineOf: LineOf = (path) => {
    const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
    return `${file}:${node?.range ? lines.linePos(node.range[0]).line : 1}`;
  };
  return { text, value: value as T, lineOf };
}

function readText(root: string, file: string): string {
  try {
    return readFileSync(join(root, file), "utf8");
  } catch (error) {
    throw new ContractError(file, `cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
