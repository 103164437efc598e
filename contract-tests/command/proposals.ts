/** Drafts overlay actions that admit what was found, for a person to edit. */
import { stringify } from "yaml";
import {
  type Action,
  type Contract,
  ContractError,
  componentName,
  type Document,
  type Schema,
} from "../../scripts/contract/document.js";
import { stepsOf, valueAt } from "../../scripts/contract/json-pointer.js";
import { acceptedBy } from "../../scripts/contract/read.js";
import { describePointer, printable } from "../service/describe.js";
import { bodyOf, isAnswered, type RecordedResponse } from "../service/exchange.js";
import { wordsOf } from "../service/mask.js";
import type { Result } from "../service/service-checks.js";
import { createValidators, schemaOf } from "../service/validators.js";
import type { Finding } from "../spec/check.js";
import { BY_HAND, proposeResponse } from "./proposed-response.js";
import { withoutIndexes } from "./run.js";

/**
 * YAML for the end of the overlay's actions, and a comment for each violation that no action can admit. Each action was tried:
 * with it and those before it the contract is good, as `npm run generate` checks it, and the violation is none.
 */
export async function proposeActions(results: readonly Result[], contract: Contract, root: string): Promise<string> {
  const words = wordsOf(contract);
  const notes = new Set<string>();
  let admitting = contract;
  const violations = contractViolations(results);
  if (violations.length > MOST_VIOLATIONS)
    notes.add(
      `Only the first ${MOST_VIOLATIONS} of ${violations.length} violations were tried: admit these, then run again.`,
    );
  for (const { finding, response } of violations.slice(0, MOST_VIOLATIONS)) {
    if (!(await isViolation(finding, response, admitting))) continue;
    const admitted = await admit(finding, response, admitting, root);
    if (typeof admitted === "string") {
      const whole = finding.check === "body" ? "the body" : "the answer";
      const place = describePointer(withoutIndexes(finding.pointer), words) || whole;
      notes.add(`${response.status} ${place}: ${admitted}`);
    } else admitting = admitted;
  }
  const actions = admitting.overlay.actions.slice(contract.overlay.actions.length);
  return [
    "",
    actions.length === 0
      ? "No overlay action to propose."
      : `# Proposed for the end of observed.overlay.yaml:\n${stringify(actions, { lineWidth: 0 })}`.trimEnd(),
    ...[...notes].map((note) => `# ${note}`),
  ].join("\n");
}

interface Violation {
  readonly finding: Finding;
  readonly response: RecordedResponse;
}

/** Trying one takes about 0.1 s. */
const MOST_VIOLATIONS = 100;

/** What no contract admits yet. The same at several places of a list, or in several responses, is one. */
function contractViolations(results: readonly Result[]): Violation[] {
  const found = new Map<string, Violation>();
  for (const { exchange, findings } of results) {
    if (!exchange || !isAnswered(exchange)) continue;
    const { response } = exchange;
    const body = bodyOf(response);
    for (const finding of findings) {
      const { check, verdict, pointer, message } = finding;
      if (verdict !== "violation" || (check !== "body" && check !== "prism")) continue;
      const value = valueAt(body, pointer);
      const literal = typeof value === "string" ? value : "";
      const key = JSON.stringify([check, response.status, withoutIndexes(pointer), message, literal]);
      found.set(key, found.get(key) ?? { finding, response });
    }
  }
  return [...found.values()];
}

async function isViolation(
  { check, pointer }: Finding,
  response: RecordedResponse,
  contract: Contract,
): Promise<boolean> {
  const { accepted } = createValidators(contract);
  if (check === "body" && bodyOf(response) === undefined) return true;
  const problems = check === "body" ? accepted.violationsOf(response) : await accepted.prismDiagnosticsOf(response);
  return problems.some((problem) => problem.pointer === pointer);
}

/** The contract with an action more, which admits a violation; or why there is none. */
async function admit(
  finding: Finding,
  response: RecordedResponse,
  contract: Contract,
  root: string,
): Promise<Contract | string> {
  const action =
    finding.check === "body" ? proposeAction(finding, response, contract) : proposeResponse(response, contract);
  if (typeof action === "string") return action;
  const overlay = { ...contract.overlay, actions: [...contract.overlay.actions, action] };
  try {
    const admitting = { ...contract, overlay, accepted: await acceptedBy(contract.documented, overlay, root) };
    return (await isViolation(finding, response, admitting)) ? BY_HAND : admitting;
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return `${BY_HAND} (${error.message})`;
  }
}

/** The action for one violation of a body, or why there is none. */
function proposeAction(
  { pointer, actual = "" }: Finding,
  response: RecordedResponse,
  { accepted }: Contract,
): Action | string {
  const place = locate(accepted, schemaOf(response), pointer);
  if (!place?.schema) return "is not the value of a member of the contract, so no action can admit it";
  const { component, member, schema } = place;
  const described = (what: string) => `\`${member}\` of ${component} is ${what} (say where, and how often).`;
  const path = `$.components.schemas.${component}`;
  if (actual === "absent")
    return { target: `${path}.required[?(@ == '${member}')]`, description: described(actual), remove: true };
  if (!pointer.endsWith(`/${member}`)) return `a value in a list or a map ${BY_HAND}`;
  const value = valueAt(bodyOf(response), pointer);
  if (schema.enum && isMasked(value)) return `a recording may mask this value, so it ${BY_HAND}`;
  const isNewLiteral = schema.enum && typeof value === "string";
  // A line break or a command of a CI server would be printed with the action.
  if (isNewLiteral && printable(value) !== value) return `a text that is not printable ${BY_HAND}`;
  const update = wideningOf(schema, actual, value);
  if (!update) return BY_HAND;
  const description = described(isNewLiteral ? `\`${value}\`` : actual);
  return { target: `${path}.properties.${member}`, description, update };
}

/** A recording has `x` for each character of a text, and other numbers. */
function isMasked(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && /^x+$/.test(value));
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
