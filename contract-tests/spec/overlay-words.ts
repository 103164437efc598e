/** What overlay actions say, in words: derived from the action, and from the table of what was observed. */
import type { Action, Document, Schema } from "../../scripts/contract/document.js";
import { type Difference, differences, observedErrorBodies } from "../tables/observed.js";
import { page } from "../tables/page.js";

/** Whose members they are, in words. */
const OWNERS: Record<string, string> = {
  FineTuningJobError: "`error`",
  FineTuneMethod: "`method`",
  FineTuningIntegrationWandb: "a wandb integration",
  ErrorResponse: "an error answer",
  ErrorDetail: "the error in an answer",
};
const VALUES: Record<string, string> = { integer: "an integer", string: "a string" };
const BODIES = { "text/plain": "plain text, or has no body", "text/html": "an HTML page", empty: "no body" };
/** The same after "Front ends answer". */
const ANSWERS = {
  "text/plain": "in plain text, or without a body",
  "text/html": "with an HTML page",
  empty: "without a body",
};

/** What services send, in words: the beginning of a description. */
function say({ schema, members, seen }: Pick<Difference, "schema" | "members" | "seen">): string {
  const names = members.map((name) => `\`${name}\``);
  const list = [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");
  const owner = OWNERS[schema] ?? "the job";
  if (seen === "unknown") {
    const has = `${owner} has ${names.length > 1 ? "the extra members" : "an extra member"} ${list}`;
    return has.charAt(0).toUpperCase() + has.slice(1);
  }
  const value = seen.startsWith('"') ? `\`${JSON.parse(seen)}\`` : (VALUES[seen] ?? seen);
  return `${list}${OWNERS[schema] ? ` of ${owner}` : ""} ${names.length > 1 ? "are" : "is"} ${value}`;
}

function sayResponse(status: string, kind: keyof typeof BODIES): string {
  return `An error answer with status ${status} ${kind === "empty" ? "has" : "is"} ${BODIES[kind]}`;
}

const responses = Object.entries(observedErrorBodies);
/** What each action of the table says, and its whole description. */
export const said = [...differences.map(say), ...responses.map(([status, kind]) => sayResponse(status, kind))];
export const sentences = [
  ...differences.map((row) => `${say(row)}${row.when ? ` ${row.when}` : ""}${row.by ? ` (${row.by})` : ""}.`),
  ...responses.map(([status, kind]) => `${sayResponse(status, kind)} (front ends).`),
];

const MEMBERS = /^\$\.components\.schemas\.(\w+)\.properties(?:\.(\w+)|\['([\w',]+)'\])?$/;
const REQUIRED = /^\$\.components\.schemas\.(\w+)\.required(?:\[\?\(@ == '(\w+)'\)\])?$/;
const RESPONSES = `$.paths['${page.path}'].${page.method}.responses`;

/** What an action makes of members of a schema, as a row of the table; `undefined` for anything else. */
function differenceOf({ target, update, remove }: Action, documented: Document): Difference | undefined {
  const schemaOf = (name: string): Schema => documented.components.schemas[name] ?? {};
  const [, of, required] = REQUIRED.exec(target) ?? [];
  if (of && remove)
    return { schema: of, members: required ? [required] : (schemaOf(of).required ?? []), seen: "absent" };
  const [, schema, member, members = member] = MEMBERS.exec(target) ?? [];
  if (!schema || !isNode(update)) return undefined;
  if (!members) return { schema, members: Object.keys(update), seen: "unknown" };
  const names = members.split("','");
  const seen = addedBy(update, schemaOf(schema).properties?.[names[0] as string] ?? {});
  return seen === undefined ? undefined : { schema, members: names, seen };
}

/** The one type or value that an update adds to a member; `undefined` when it is not one. */
function addedBy({ description: _, ...update }: Record<string, unknown>, before: Schema): string | undefined {
  const [keyword = "", ...others] = Object.keys(update);
  const values = [update[keyword]].flat();
  const types = keyword === "oneOf" ? values.map((each) => (each as Schema | undefined)?.type) : values;
  const added = types.filter((type) => keyword !== "type" || ![before.type].flat().includes(type));
  if (!["type", "enum", "oneOf"].includes(keyword) || others.length > 0 || added.length !== 1) return undefined;
  return keyword === "enum" ? JSON.stringify(added[0]) : String(added[0]);
}

/** The status and the kind of body that an action adds. */
function responseOf({
  target,
  update,
}: Action): [status: string, kind: keyof typeof BODIES, text: unknown] | undefined {
  const [[status, response] = []] = target === RESPONSES && isNode(update) ? Object.entries(update) : [];
  if (!status || !isNode(response) || !isNode(response.content)) return undefined;
  const [mediaType, media] = Object.entries(response.content).find(([type]) => type !== "application/json") ?? [];
  const isEmpty = (media as { schema?: Schema } | undefined)?.schema?.maxLength === 0;
  const kind = isEmpty ? "empty" : mediaType;
  return kind && kind in BODIES ? [status, kind as keyof typeof BODIES, response.description] : undefined;
}

/** Whether a target is at, inside or above what an overlay may change; for other targets there is `overlay-scope`. */
export function isAimedInside({ target }: Action): boolean {
  const dotted = target.replace(/\['(\w+)'\]/g, ".$1");
  return ["$.components.schemas", RESPONSES].some((area) => area.startsWith(dotted) || dotted.startsWith(area));
}

/** What an action says that services send; `undefined` when the table has nothing of the kind. */
export function saidBy(action: Action, documented: Document): string | undefined {
  const difference = differenceOf(action, documented);
  if (difference) return say(difference);
  const [status, kind] = responseOf(action) ?? [];
  return status && kind && sayResponse(status, kind);
}

/** What the descriptions inside an update, which callers read in the types, leave out. */
export function* wordsMissing(action: Action, documented: Document): Iterable<string> {
  const [, kind, text] = responseOf(action) ?? [];
  if (kind && !new RegExp(` answers? ${ANSWERS[kind]}\\.$`).test(String(text)))
    yield `the response's description must end with: answer ${ANSWERS[kind]}.`;
  const { schema = "", members = [], seen = "" } = differenceOf(action, documented) ?? {};
  const update = (isNode(action.update) ? action.update : {}) as Record<string, { description?: string } | string>;
  if (seen === "unknown")
    for (const name of members)
      if (!/^Not documented; \w/.test((update[name] as { description?: string })?.description ?? ""))
        yield `the description of ${name} must begin with: Not documented; …`;
  if (typeof update.description !== "string" || seen === "unknown") return;
  const { type }: Schema = documented.components.schemas[schema]?.properties[members[0] as string] ?? {};
  const words = `as ${VALUES[seen] ?? seen}; the page says ${[type].flat().filter((each) => each !== "null")}.`;
  if (!update.description.endsWith(words)) yield `the member's description must end with: ${words}`;
}

function isNode(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
