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
  const update = action.update as Record<string, unknown>;
  const faults = action.target.startsWith("$.paths") ? responseFaults(update) : updateFaults(update);
  for (const [operator, faulty] of faults) yield [operator, [{ ...action, update: faulty }]];
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

/** Faults of the responses that an action adds: each with another status, header or body. */
function* responseFaults(responses: Record<string, unknown>): Generator<[operator: string, update: unknown]> {
  for (const [status, response] of Object.entries(responses)) {
    const { content, headers, ...others } = response as Record<string, Record<string, unknown>>;
    const put = (members: object) => ({ [status]: { ...others, headers, content, ...members } });
    yield [`${status} given for 404`, { 404: response }];
    yield [`${status} given for any failure`, { "4XX": response, "5XX": response }];
    yield [`${status} without headers`, put({ headers: {} })];
    yield [`${status} with another body`, put({ content: { ...content, "application/xml": {} } })];
    for (const [type, media] of Object.entries(content as object)) {
      const { [type]: _, ...left } = content as Record<string, unknown>;
      yield [`${status} without ${type}`, put({ content: left })];
      yield [`${type} of ${status} given for anything`, put({ content: { ...left, "*/*": media } })];
      yield [`${type} of ${status} with any schema`, put({ content: { ...left, [type]: { schema: {} } } })];
    }
  }
}
