/** Checks an overlay and applies it to a document. */
import openapiFormat from "openapi-format";
import { type Action, ContractError, type Document, OVERLAY_FILE, type Overlay } from "./document.js";
import type { LineOf } from "./source.js";

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
    if (typeof action.description !== "string" || action.description === "")
      fail(at, `action ${index} needs a description of what was seen.`);
    if ("remove" in action === "update" in action || (action.remove ?? true) !== true)
      fail(at, `action ${index} needs an update, or remove: true.`);
  }
}

/**
 * A copy of the document with the actions of the overlay applied.
 * Throws {@link ContractError} for an action that matches nothing or changes nothing.
 */
export async function applyOverlay(
  document: Document,
  overlay: Overlay,
  lineOf: LineOf = (path) => `${OVERLAY_FILE}#/${path.join("/")}`,
): Promise<Document> {
  let result = structuredClone(document);
  let text = JSON.stringify(result);
  for (const [index, action] of overlay.actions.entries()) {
    const { applied, complaint } = await applyAction(result, action);
    const place = lineOf(["actions", index]);
    if (complaint) throw new ContractError(place, complaint);
    const before = text;
    text = JSON.stringify(applied);
    if (text === before) throw new ContractError(place, `action ${index} changes nothing: ${action.target}`);
    result = applied;
  }
  return result;
}

async function applyAction(document: Document, action: Action): Promise<{ applied: Document; complaint?: string }> {
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
