/** Checks an overlay and applies it to a document. */
import openapiFormat from "openapi-format";
import { toPointer } from "../../src/violations.js";
import { type Action, ContractError, type Document, OVERLAY_FILE, type Overlay } from "./document.js";
import type { LineOf } from "./source.js";

/**
 * A target names each step, so that it means one place whatever the document has: `.name`, `['name']` or `['a','b']`, and at
 * the end perhaps the entry of a list, `[?(@ == 'name')]`.
 */
const TARGET = /^\$(?:\.\w+|\['[^']+'(?:,'[^']+')*\])+(?:\[\?\(@ == '[^']+'\)\])?$/;

const ACTION_MEMBERS = new Set(["target", "description", "update", "remove"]);

/** Throws {@link ContractError} unless the overlay has the form that this project supports. */
export function checkOverlay(overlay: Overlay, lineOf: LineOf): void {
  const fail = (path: (string | number)[], problem: string) => {
    throw new ContractError(lineOf(path), problem);
  };
  if (!/^1\.0\.\d+$/.test(String(overlay.overlay))) fail(["overlay"], "overlay must be 1.0.0.");
  if (typeof overlay.info?.title !== "string" || typeof overlay.info.version !== "string")
    fail(["info"], "info needs a title and a version.");
  if (!Array.isArray(overlay.actions) || overlay.actions.length === 0)
    fail(["actions"], "actions must be a non-empty list.");
  for (const [index, action] of overlay.actions.entries()) {
    const at = ["actions", index];
    const unknown = Object.keys(action ?? {}).find((name) => !ACTION_MEMBERS.has(name));
    if (unknown) fail(at, `action ${index} has an unknown member: ${unknown}.`);
    if (typeof action?.target !== "string" || !action.target.startsWith("$"))
      fail(at, `action ${index} needs a target, a JSONPath that starts with $.`);
    if (!TARGET.test(action.target))
      fail(at, `action ${index} needs a JSONPath that names each step, without * or ..: ${action.target}`);
    if (typeof action.description !== "string" || action.description.trim() === "")
      fail(at, `action ${index} needs a description of what was seen.`);
    if ("remove" in action === "update" in action || (action.remove ?? true) !== true)
      fail(at, `action ${index} needs an update, or remove: true.`);
  }
}

/** The place of a part of an overlay that was not read from a file. */
export const placeOf: LineOf = (path) => `${OVERLAY_FILE}#/${path.join("/")}`;

/**
 * A copy of the document with the actions of the overlay applied.
 * Throws {@link ContractError} for an action that matches nothing, changes nothing, or changes what no action may.
 */
export async function applyOverlay(document: Document, overlay: Overlay, lineOf: LineOf = placeOf): Promise<Document> {
  let result = structuredClone(document);
  let text = JSON.stringify(result);
  for (const [index, action] of overlay.actions.entries()) {
    const { applied, complaint } = await applyAction(result, action);
    const place = lineOf(["actions", index]);
    if (complaint) throw new ContractError(place, complaint);
    const before = text;
    text = JSON.stringify(applied);
    if (text === before) throw new ContractError(place, `action ${index} changes nothing: ${action.target}`);
    const outside = changedOutside(document, applied);
    if (outside !== undefined) throw new ContractError(place, `action ${index} changes ${outside}: ${ALLOWED}`);
    result = applied;
  }
  return result;
}

const ALLOWED = "an action may change schemas, add a response, or add a media type to one; nothing else.";

/** The first place where an overlay changed what no action may change, as a JSON pointer. */
function changedOutside(before: unknown, after: unknown, path: readonly string[] = []): string | undefined {
  if (isAllowed(path, before === undefined)) return undefined;
  if (!isNode(before) || !isNode(after)) return Object.is(before, after) ? undefined : toPointer(path);
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const found = changedOutside(before[name], after[name], [...path, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether an action may change what is at `path`: in `paths`, only to add it. */
function isAllowed(path: readonly string[], isNew: boolean): boolean {
  const [root, part, , responses, , content] = path;
  if (root === "components") return part === "schemas";
  const isResponse = path.length === 5;
  const isMediaType = path.length === 7 && content === "content";
  return root === "paths" && responses === "responses" && isNew && (isResponse || isMediaType);
}

function isNode(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** One action applied to the document itself, whatever it changes; `complaint` says why it could not be. */
export async function applyAction(
  document: Document,
  action: Action,
): Promise<{ applied: Document; complaint?: string }> {
  const said: string[] = [];
  const log = console.error;
  // openapi-format prints an error in a JSONPath and carries on.
  console.error = (...words: unknown[]) => said.push(words.join(" "));
  try {
    const { data, resultData } = await openapiFormat.openapiOverlay(document as never, {
      overlaySet: { overlay: "1.0.0", info: { title: "", version: "" }, actions: [structuredClone(action)] } as never,
    });
    const unused = (resultData as { unusedActions: unknown[] }).unusedActions.length > 0;
    const complaint = said[0] ?? (unused ? `the action matches nothing: ${action.target}` : undefined);
    return { applied: data as unknown as Document, ...(complaint !== undefined && { complaint }) };
  } finally {
    console.error = log;
  }
}
