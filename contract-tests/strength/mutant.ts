import type { Document } from "../../scripts/contract/document.js";

/** One deliberate fault. The suite must notice every one of them. */
export interface Mutant<T> {
  /** Where the fault is. */
  readonly place: string;
  /** What was changed there, in words. */
  readonly operator: string;
  /** Makes the faulty contract, overlay, response or service. */
  readonly make: () => T;
}

export type Path = readonly string[];
export type Node = Record<string, unknown>;

/** Makes the mutant of a document in which `change` was applied to the node at `path`. */
export type Edit = (path: Path, operator: string, change: (node: Node) => void) => Mutant<Document>;

/** Sets a member of a node. */
export const put = (name: string, value: unknown) => (node: Node) => {
  node[name] = value;
};

/** Removes a member of a node. */
export const remove = (name: string) => (node: Node) => {
  delete node[name];
};

/** Renames a member of a node. */
export const rename = (from: string, to: string) => (node: Node) => {
  node[to] = node[from];
  delete node[from];
};
