/** The older contract: at a git ref, or in the folder of a file. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import {
  type Contract,
  type Document,
  OPENAPI_FILE,
  OVERLAY_FILE,
  type Overlay,
} from "../../scripts/contract/document.js";
import { applyOverlay } from "../../scripts/contract/overlay.js";
import { refProblems, schemaProblems } from "../../scripts/contract/schemas.js";
import { shapeProblems } from "../../scripts/contract/shape.js";
import { parseSource } from "../../scripts/contract/source.js";
import { printable } from "../service/describe.js";

export const TYPES_FILE = "generated/types.ts";

/** There is nothing to compare, or it cannot be compared: exit code 2. */
export class CannotCompare extends Error {}

export interface Before extends Pick<Contract, "documented" | "accepted"> {
  /** What it is, for a person: `v0.1.0`. */
  readonly name: string;
  /** The generated types; `undefined` where there are none. */
  readonly types: string | undefined;
}

/** The text of a file of the older project; `undefined` when it has none. */
type Read = (file: string) => string | undefined;

/**
 * Reads the older contract from `from`: a file, with the overlay and the generated types that lie beside it (without an overlay,
 * today's), or a git ref; by default the last release tag, else the main branch. Throws {@link CannotCompare}.
 */
export async function readBefore(from: string | undefined, root: string): Promise<Before> {
  const file = from === undefined ? undefined : resolve(from);
  const isFile = file !== undefined && statSync(file, { throwIfNoEntry: false })?.isFile();
  if (!isFile) return readRef(from ?? defaultRef(root), root);
  const [beside, today] = [readFrom(dirname(file)), readFrom(root)];
  return readAs(
    from as string,
    basename(file),
    (name) => beside(name) ?? (name === OVERLAY_FILE ? today(name) : undefined),
  );
}

function readRef(ref: string, root: string): Promise<Before> {
  const commit = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`)?.trim();
  if (!commit) throw new CannotCompare(`${printable(ref)} is neither a file nor a git ref.`);
  return readAs(ref, OPENAPI_FILE, (file) => git(root, "show", `${commit}:./${file}`));
}

/** The last release tag before the checked-out commit, else the main branch. */
function defaultRef(root: string): string {
  const tag = git(root, "describe", "--tags", "--abbrev=0", "--match=v[0-9]*", "--exclude=*-*")?.trim();
  const branch = ["main", "origin/main"].find((name) => git(root, "rev-parse", "--verify", "--quiet", name));
  const ref = tag ?? branch;
  if (!ref) throw new CannotCompare("There is no release tag and no branch main. Give a git ref or a file.");
  return ref;
}

async function readAs(from: string, openapi: string, read: Read): Promise<Before> {
  const name = printable(from);
  try {
    const [text, overlay] = [read(openapi), read(OVERLAY_FILE)];
    if (text === undefined) throw new Error(`it has no ${openapi}.`);
    const documented = parseSource<Document>(text, openapi).value;
    const accepted = overlay === undefined ? documented : await withOverlay(documented, overlay);
    for (const document of [documented, accepted]) {
      for (const problems of [shapeProblems, refProblems, schemaProblems])
        for (const { pointer, message } of problems(document)) throw new Error(`${openapi}#${pointer}: ${message}`);
    }
    return { name, documented, accepted, types: read(TYPES_FILE) };
  } catch (error) {
    throw new CannotCompare(`The contract of ${name} cannot be read: ${(error as Error).message}`);
  }
}

function withOverlay(documented: Document, text: string): Promise<Document> {
  const overlay = parseSource<Overlay>(text, OVERLAY_FILE).value;
  if (!Array.isArray(overlay.actions)) throw new Error(`${OVERLAY_FILE} has no list of actions.`);
  return applyOverlay(documented, overlay);
}

function readFrom(folder: string): Read {
  return (file) => {
    try {
      return readFileSync(join(folder, file), "utf8");
    } catch {
      return undefined;
    }
  };
}

/** What git prints; `undefined` when it fails. */
function git(root: string, ...args: string[]): string | undefined {
  try {
    return execFileSync("git", args, {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 1e8,
    });
  } catch {
    return undefined;
  }
}

/** The lines that differ between two texts, each with `-` or `+` before it. Throws {@link CannotCompare} without git. */
export function changedLines(before: string, after: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "contract-diff-"));
  try {
    writeFileSync(join(folder, "before"), before);
    writeFileSync(join(folder, "after"), after);
    // A person may have set another program for `git diff`.
    const options = ["--no-index", "--no-ext-diff", "--no-color", "--unified=0"];
    const { stdout, error } = spawnSync("git", ["diff", ...options, "before", "after"], {
      cwd: folder,
      encoding: "utf8",
    });
    if (error) throw new CannotCompare(`git cannot be run: ${error.message}`);
    return stdout
      .split("\n")
      .filter((line) => /^[-+](?!--|\+\+)/.test(line))
      .map(printable);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
