/** Overlay actions that would admit what was found: a first draft, for a person to word. */
import type { Action, Contract, Document, Schema } from "../../scripts/contract/document.js";
import { stepsOf, valueAt } from "../../src/violations.js";
import type { Finding } from "../spec/finding.js";

/** Where a pointer leads in a component: its schema, the component's name, and the member's name. */
interface Place {
  readonly component: string;
  readonly member: string;
  readonly schema: Schema | undefined;
}

function locate(document: Document, root: string, pointer: string): Place | undefined {
  let component = root;
  let place: Place | undefined;
  let schema: Schema = document.components.schemas[root] as Schema;
  for (const name of stepsOf(pointer)) {
    while (schema?.$ref || schema?.oneOf) {
      const ref: string | undefined = schema.$ref ?? schema.oneOf.find((branch: Schema) => branch.$ref)?.$ref;
      if (!ref) return undefined;
      component = ref.replace(/^.*\//, "");
      schema = document.components.schemas[component] as Schema;
    }
    if (/^\d+$/.test(name) && schema?.items) schema = schema.items;
    else {
      schema = schema?.properties?.[name];
      place = { component, member: name, schema };
    }
  }
  return place;
}

/**
 * An action for a violation of a body, or why there is none. It is made for the accepted contract, so it goes to the end of
 * the overlay's actions.
 */
export function proposeAction(
  { pointer, actual }: Finding,
  root: string,
  body: unknown,
  { accepted }: Contract,
): Action | string {
  const place = locate(accepted, root, pointer);
  if (!place?.schema) return `${pointer}: no member of the contract is at fault, so no action can admit it`;
  const { component, member, schema } = place;
  const description = `\`${member}\` of ${component} is ${actual} (say where, and how often).`;
  const target = `$.components.schemas.${component}.properties.${member}`;
  if (actual === "absent")
    return { target: `$.components.schemas.${component}.required[?(@ == '${member}')]`, description, remove: true };
  const value = valueAt(body, pointer);
  const isMember = pointer.endsWith(`/${member}`);
  if (!isMember) return `${pointer}: what stands in a list or a map has to be admitted by hand`;
  if (schema.enum && typeof value === "string")
    return {
      target,
      description: `\`${member}\` of ${component} is \`${value}\` (say where, and how often).`,
      update: { enum: [value] },
    };
  if (schema.oneOf) return { target, description, update: { oneOf: [{ type: actual }] } };
  if (Array.isArray(schema.type)) return { target, description, update: { type: [actual] } };
  // An enum decides beside the type, so it has to admit the value as well.
  if (schema.type)
    return { target, description, update: { type: [schema.type, actual], ...(schema.enum && { enum: [value] }) } };
  return `${pointer}: has to be admitted by hand`;
}
