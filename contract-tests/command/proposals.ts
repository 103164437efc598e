/** Drafts overlay actions that would admit what was found, for a person to edit. */
import { stringify } from "yaml";
import {
  type Action,
  type Contract,
  componentName,
  type Document,
  type Schema,
} from "../../scripts/contract/document.js";
import { stepsOf, valueAt } from "../../scripts/contract/json-pointer.js";
import { bodyOf, isAnswered } from "../service/exchange.js";
import type { Result } from "../service/service-checks.js";
import { schemaOf } from "../service/validators.js";
import type { Finding } from "../spec/check.js";
import { proposeResponse } from "./proposed-response.js";

/** YAML for the end of the overlay's actions, and a comment for each violation that no action can admit. */
export function proposeActions(results: readonly Result[], contract: Contract): string {
  const proposals = results.flatMap(({ exchange, findings }) => {
    if (!exchange || !isAnswered(exchange)) return [];
    const { response } = exchange;
    const violations = findings.filter(({ verdict }) => verdict === "violation");
    const ofBody = violations
      .filter(({ check }) => check === "body")
      .map((finding) => proposeAction(finding, schemaOf(response), bodyOf(response), contract));
    const ofResponse = violations.some(({ check }) => check === "prism") && proposeResponse(response, contract);
    return ofResponse ? [...ofBody, ofResponse] : ofBody;
  });
  const actions = proposals.filter((each) => typeof each !== "string");
  const distinct = [...new Map(actions.map((each) => [JSON.stringify(each), each])).values()];
  const notes = new Set(proposals.filter((each) => typeof each === "string"));
  return [
    "",
    distinct.length === 0
      ? "No overlay action to propose."
      : `# Proposed for the end of observed.overlay.yaml:\n${stringify(distinct, { lineWidth: 0 })}`.trimEnd(),
    ...[...notes].map((note) => `# ${note}`),
  ].join("\n");
}

/** The action for one violation of a body, or why there is none. */
function proposeAction(
  { pointer, actual = "" }: Finding,
  root: string,
  body: unknown,
  { accepted }: Contract,
): Action | string {
  const place = locate(accepted, root, pointer);
  if (!place?.schema)
    return `${pointer || "the whole body"}: not the value of a member of the contract, so no action can admit it`;
  const { component, member, schema } = place;
  const described = (what: string) => `\`${member}\` of ${component} is ${what} (say where, and how often).`;
  const path = `$.components.schemas.${component}`;
  if (actual === "absent")
    return { target: `${path}.required[?(@ == '${member}')]`, description: described(actual), remove: true };
  if (!pointer.endsWith(`/${member}`)) return `${pointer}: a value in a list or a map must be admitted by hand`;
  const value = valueAt(body, pointer);
  const update = wideningOf(schema, actual, value);
  if (!update) return `${pointer}: must be admitted by hand`;
  const isNewLiteral = schema.enum && typeof value === "string";
  const description = described(isNewLiteral ? `\`${value}\`` : actual);
  return { target: `${path}.properties.${member}`, description, update };
}

/** The update with which a schema admits one value more. */
function wideningOf(schema: Schema, type: string, value: unknown): object | undefined {
  if (schema.enum && typeof value === "string") return { enum: [value] };
  if (schema.oneOf) return { oneOf: [{ type }] };
  if (Array.isArray(schema.type)) return { type: [type] };
  // Where there is an enum, it must admit the value as well.
  if (schema.type) return { type: [schema.type, type], ...(schema.enum && { enum: [value] }) };
  return undefined;
}

/** The last member that a pointer leads through. */
interface LocatedMember {
  readonly component: string;
  readonly member: string;
  readonly schema: Schema | undefined;
}

/** Follows a pointer into a body through the schemas, from the component `root`. */
function locate(document: Document, root: string, pointer: string): LocatedMember | undefined {
  let component = root;
  let place: LocatedMember | undefined;
  let schema: Schema | undefined = document.components.schemas[root];
  for (const name of stepsOf(pointer)) {
    while (schema?.$ref || schema?.oneOf) {
      const $ref: unknown = schema.$ref ?? schema.oneOf.find((branch: Schema) => branch.$ref)?.$ref;
      if (!$ref) return undefined;
      component = componentName($ref);
      schema = document.components.schemas[component];
    }
    if (/^\d+$/.test(name) && schema?.items) schema = schema.items;
    else {
      schema = schema?.properties?.[name];
      place = { component, member: name, schema };
    }
  }
  return place;
}
