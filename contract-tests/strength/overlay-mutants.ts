/** Faulty variants of the overlay: each action left out, narrowed, and widened. */
import type { Action, Overlay } from "../../scripts/contract/document.js";
import type { Mutant } from "./mutant.js";

export function* overlayMutants(overlay: Overlay): Generator<Mutant<Overlay>> {
  for (const [index, action] of overlay.actions.entries()) {
    for (const [operator, instead] of actionFaults(action)) {
      yield {
        place: `/actions/${index}`,
        operator,
        make: () => {
          const copy = structuredClone(overlay);
          copy.actions.splice(index, 1, ...instead);
          return copy;
        },
      };
    }
  }
}

/** What may stand in place of an action, with the fault in words. */
function* actionFaults(action: Action): Generator<[operator: string, instead: Action[]]> {
  yield [`removed: ${action.description}`, []];
  yield ["description emptied", [{ ...action, description: "" }]];
  if (action.remove) {
    // It removes the whole list instead of one name.
    const target = action.target.replace(/\[\?.*$/, "");
    if (target !== action.target) yield ["widened to all of required", [{ ...action, target }]];
    return;
  }
  for (const [operator, update] of updateFaults(action.update as Record<string, unknown>))
    yield [operator, [{ ...action, update }]];
  const names = /\['(\w+)'(?:,'\w+')+\]$/.exec(action.target);
  if (names) {
    const target = action.target.replace(/\[[^[]*\]$/, `.${names[1]}`);
    yield ["narrowed to one of its members", [{ ...action, target }]];
  }
}

function* updateFaults(update: Record<string, unknown>): Generator<[operator: string, update: unknown]> {
  for (const [member, value] of Object.entries(update)) {
    if (member === "description") continue;
    if (Array.isArray(value)) {
      const extra = { oneOf: { type: "boolean" }, type: "boolean" }[member] ?? "another";
      yield [`${member} narrowed to nothing`, { ...update, [member]: [] }];
      yield [`${member} widened`, { ...update, [member]: [...value, extra] }];
    } else {
      yield [`${member} narrowed to a number`, { ...update, [member]: { ...(value as object), type: "number" } }];
      yield [`${member} declared under another name`, { [`${member}_`]: value }];
    }
  }
}
