/** Checks of the overlay: where its actions may reach, their order, and what their descriptions say. */
import type { Action, Document } from "../../scripts/contract/document.js";
import { toPointer } from "../../src/violations.js";
import { broken, type SpecCheck } from "./differences.js";
import { isAimedInside, said, saidBy, sentences, wordsMissing } from "./overlay-words.js";

export const overlayChecks = {
  "overlay-scope": {
    description:
      "The accepted contract differs from openapi.yaml in schemas, and in responses and media types that it adds.",
    *find({ documented, accepted }) {
      const [before, after] = [leavesOf(documented), leavesOf(accepted)];
      for (const [pointer, value] of before)
        if (after.get(pointer) !== value)
          yield { pointer, message: "is not in the accepted contract as it is in openapi.yaml" };
      for (const pointer of after.keys()) {
        const added = ADDABLE.exec(pointer)?.slice(1) ?? [];
        const isNew = added.some((part) => ![...before.keys()].some((each) => each.startsWith(`${part}/`)));
        if (!before.has(pointer) && !isNew)
          yield { pointer, message: "is in the accepted contract, but not in openapi.yaml" };
      }
    },
    witness: broken(({ accepted }) => Object.assign(accepted, { security: [{}] })),
  },

  "overlay-actions": {
    description: "Each overlay action names the one place that it changes, and they are in the order of the table.",
    *find({ documented, overlay }) {
      let last = 0;
      for (const [index, action] of overlay.actions.entries()) {
        const pointer = `/actions/${index}`;
        if (action.target.replace(NAMED_STEPS, "") !== "$")
          yield { pointer, message: `the target ${action.target} may match places that it does not name` };
        const row = said.indexOf(saidBy(action, documented) ?? "");
        if (row < 0) continue;
        if (row < last) yield { pointer, message: `comes after an action that follows it in the table: ${said[last]}` };
        last = Math.max(last, row);
      }
    },
    witness: broken(({ overlay }) => overlay.actions.reverse()),
  },

  "overlay-descriptions": {
    description: "Each overlay action is described by what it does, and by when, where and how often that was seen.",
    *find({ documented, overlay }) {
      for (const [index, action] of overlay.actions.entries()) {
        const pointer = `/actions/${index}`;
        const what = saidBy(action, documented);
        if (what === undefined && isAimedInside(action))
          yield { pointer, message: "is no difference of the kinds that the table has" };
        const expected = sentences[said.indexOf(what ?? "")];
        if (expected ? action.description !== expected : !action.description.startsWith(what ?? ""))
          yield { pointer, message: `the description must be: ${expected ?? `${what} …`}` };
        for (const message of wordsMissing(action, documented)) yield { pointer, message };
      }
    },
    witness: broken(({ overlay }) => Object.assign(overlay.actions[0] as Action, { description: "A change." })),
  },
} satisfies Record<string, SpecCheck>;

/** A response, and a media type in it. */
const ADDABLE = /^((\/paths\/[^/]+\/[^/]+\/responses\/[^/]+)(?:\/content\/[^/]+)?)\//;

/** Every value outside of the schemas that is no object and no list, or an empty one, as JSON by its pointer. */
function leavesOf(document: Document): Map<string, string> {
  const leaves = new Map<string, string>();
  const visit = (node: unknown, pointer: string) => {
    const members = typeof node === "object" && node !== null ? Object.entries(node) : [];
    for (const [name, value] of members) visit(value, pointer + toPointer([name]));
    if (members.length === 0) leaves.set(pointer, JSON.stringify(node));
  };
  visit({ ...document, components: { ...document.components, schemas: {} } }, "");
  return leaves;
}

/** The steps of a JSONPath that names each of them. */
const NAMED_STEPS = /\.\w+|\['[^']+'(,'[^']+')*\]|\[\?\(@ == '\w+'\)\]$/g;
