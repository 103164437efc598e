/** What a change of the contract means for callers: Redocly's changes, rated, and what Redocly does not see. */
import { isDeepStrictEqual } from "node:util";
import { type Contract, componentName, type Document, type Schema } from "../../scripts/contract/document.js";
import { printable } from "../service/describe.js";
import { widerComponents } from "./bodies.js";
import { LEVELS, type Level, type RedoclyChange, redoclyChanges } from "./redocly.js";

/** Whom a change can break: who sends requests, who reads answers, who lists every literal of an answer. */
export type Caller = "requests" | "readers" | "switches";

/** A change of one layer. */
export interface Change {
  /** Where, in a few words: `200 status`. */
  readonly place: string;
  /** Where it is written, as a JSON pointer into the newer document, or into the older one when it is gone. */
  readonly pointer: string;
  /** Redocly's rule, or one of ours; `no-rule` for a change that no rule names. */
  readonly rule: string;
  readonly message: string;
  /** Whom it breaks; empty for nobody. */
  readonly breaks: readonly Caller[];
  /** The part of the version that it asks for; `major` exactly when it breaks somebody. */
  readonly level: Level;
}

/** A change, and what it asks of the version now that both layers are known. */
export interface Difference extends Change {
  readonly layers: readonly Layer[];
}

type Layer = "documented" | "accepted";

/**
 * Every difference of both layers; one that both layers have is one difference. Callers' types are the accepted ones, so what
 * changes in the documented layer alone breaks nobody. What changes in answers of the accepted layer alone was seen in
 * services: it is minor, whomever it breaks.
 */
export async function compareContracts(
  before: Pick<Contract, Layer>,
  after: Pick<Contract, Layer>,
  root: string,
): Promise<Difference[]> {
  const [documented, accepted] = await Promise.all([
    compareDocuments(before.documented, after.documented, root),
    compareDocuments(before.accepted, after.accepted, root),
  ]);
  const same = (a: Change) => (b: Change) => a.place === b.place && a.rule === b.rule && a.message === b.message;
  const related = (a: Change) => (b: Change) => a.place === b.place && a.rule === b.rule;
  return [
    ...accepted.map((each): Difference => {
      if (documented.some(same(each))) return { ...each, layers: ["documented", "accepted"] };
      const wasSeen = each.level === "major" && !documented.some(related(each)) && !each.breaks.includes("requests");
      return { ...each, layers: ["accepted"], level: wasSeen ? "minor" : each.level };
    }),
    ...documented
      .filter((each) => !accepted.some(same(each)))
      .map((each): Difference => ({ ...each, layers: ["documented"], breaks: [], level: "patch" })),
  ];
}

/** The changes between two documents. */
export async function compareDocuments(before: Document, after: Document, root: string): Promise<Change[]> {
  if (isDeepStrictEqual(before, after)) return [];
  const found = (await redoclyChanges(before, after, root)).map((change) => rate(change, before));
  const breaking = found.filter(({ breaks }) => breaks.length > 0).map(({ pointer }) => pointer);
  const isKnown = (component: string) =>
    breaking.some((pointer) => `${pointer}/`.startsWith(`/components/schemas/${component}/`));
  const unseen = widerComponents(before, after)
    .filter(({ component }) => !isKnown(component))
    .map(({ component, message }): Change => {
      const pointer = `/components/schemas/${component}`;
      return { place: component, pointer, rule: "generated-bodies", message, breaks: ["readers"], level: "major" };
    });
  return [...found, ...unseen].map((each) => ({
    ...each,
    place: printable(each.place),
    message: printable(each.message),
  }));
}

function rate(change: RedoclyChange, before: Document): Change {
  const { path, kind, impact, property, verdicts, base, revision } = change;
  const [verdict] = verdicts;
  const own = verdict ? undefined : ownRules.find(({ applies }) => applies(change, before));
  const breaks = own ? [own.breaks] : verdict ? [callerOf(change)] : [];
  const what = property === undefined ? "" : `${property} `;
  return {
    place: placeOf(path),
    pointer: (revision ?? base)?.pointer.slice(1) ?? "",
    rule: own?.rule ?? verdict?.ruleId ?? "no-rule",
    message: own?.message ?? verdict?.message ?? `${what}was ${kind === "modified" ? "changed" : kind}.`,
    breaks,
    level: breaks.length > 0 ? "major" : impact === "major" ? "minor" : impact,
  };
}

const isAnswer = ({ path }: RedoclyChange) => path.includes("/responses/");

/** Whom a change breaks that Redocly finds breaking. */
function callerOf(change: RedoclyChange): Caller {
  if (!isAnswer(change)) return "requests";
  return change.property === "enum" || change.property === "const" ? "switches" : "readers";
}

/** What breaks callers, and is not breaking for Redocly. */
export const ownRules: readonly {
  readonly rule: string;
  readonly breaks: Caller;
  readonly message: string;
  applies(change: RedoclyChange, before: Document): boolean;
}[] = [
  {
    rule: "branch-removed",
    breaks: "readers",
    message: "A branch with members is gone, so code that reads them does not compile.",
    applies: (change, before) => isBranchRemoved(change) && hasKeyword(["properties"], change.base?.value, before),
  },
  {
    rule: "literals-removed",
    breaks: "switches",
    message: "Fewer literals are left, so a comparison with one that is gone does not compile.",
    applies: (change, before) =>
      losesLiterals(change) || (isBranchRemoved(change) && hasKeyword(["enum", "const"], change.base?.value, before)),
  },
  {
    rule: "success-added",
    breaks: "readers",
    message: "A call may succeed with another answer.",
    applies: ({ path, kind }) => kind === "added" && /\/responses\/2\w\w$/.test(path),
  },
  {
    rule: "media-type-added",
    breaks: "readers",
    message: "An answer may have another media type.",
    applies: ({ path, kind }) => kind === "added" && /\/responses\/\w+\/content\/[^/]+$/.test(path),
  },
  {
    rule: "header-optional",
    breaks: "readers",
    message: "The header may be absent.",
    applies: ({ path, property, revision }) =>
      /\/responses\/\w+\/headers\/[^/]+$/.test(path) && property === "required" && revision?.value !== true,
  },
  {
    rule: "path-renamed",
    breaks: "requests",
    message: "The path is written differently, so a request that names it as before does not compile.",
    applies: ({ path, property }) => property === "key" && /^#\/paths\/[^/]+$/.test(path),
  },
  {
    rule: "parameter-renamed",
    breaks: "requests",
    message: "A parameter has another name, so a request with the name of before does not compile.",
    applies: ({ path, property }) => property === "name" && /^#\/paths\/.*\/parameters\/\d+$/.test(path),
  },
  {
    rule: "request-body-added",
    breaks: "requests",
    message: "A request needs a body.",
    applies: ({ path, kind, revision }) =>
      kind === "added" &&
      path.endsWith("/requestBody") &&
      (revision?.value as { required?: boolean } | undefined)?.required === true,
  },
  {
    rule: "operation-servers",
    breaks: "requests",
    message: "The operation is at another server.",
    applies: ({ path }) => /^#\/paths\/.*\/servers$/.test(path),
  },
  {
    rule: "operation-security",
    breaks: "requests",
    message: "The operation no longer has its own security: the document's applies.",
    applies: ({ path, kind }) => kind === "removed" && /^#\/paths\/.*\/security$/.test(path),
  },
  {
    rule: "type-name-removed",
    breaks: "readers",
    message: "The types have no component of this name any more.",
    applies: ({ path, kind }) => kind === "removed" && TYPES.test(path),
  },
];

/** The components that the generated types have. */
const TYPES = /^#\/components\/(schemas|responses|parameters|requestBodies|headers)(\/[^/]+)?$/;

/** An enum or a constant that appears where there was none leaves fewer literals to compare with, too. */
function losesLiterals(change: RedoclyChange): boolean {
  const { path, property, base, revision } = change;
  if (!isAnswer(change) || path.endsWith("/not")) return false;
  if (property === "const") return base?.value === undefined;
  if (property !== "enum") return false;
  const [older, newer] = [base?.value, revision?.value] as (readonly unknown[] | undefined)[];
  return !(older?.every((value) => newer?.includes(value)) ?? false);
}

/** Redocly rates it as safe: whatever arrives was admitted before. */
function isBranchRemoved(change: RedoclyChange): boolean {
  const { path, kind } = change;
  return isAnswer(change) && kind === "removed" && /\/(oneOf|anyOf)\/\d+$/.test(path) && !path.includes("/not/");
}

/** Whether a schema has one of the keywords, in itself or in a schema that it refers to. */
function hasKeyword(
  keywords: readonly string[],
  schema: unknown,
  document: Document,
  seen = new Set<unknown>(),
): boolean {
  if (typeof schema !== "object" || schema === null || seen.has(schema)) return false;
  seen.add(schema);
  const { $ref } = schema as Schema;
  const inside = $ref ? [document.components.schemas[componentName($ref)]] : Object.values(schema);
  return (
    keywords.some((keyword) => keyword in schema) || inside.some((each) => hasKeyword(keywords, each, document, seen))
  );
}

/** `200 status` for the member of an answer, else the pointer. */
function placeOf(path: string): string {
  const [, answer] = path.split("/responses/");
  if (answer === undefined) return path.slice(2).replaceAll("~1", "/");
  const [status, ...steps] = answer
    .replace(/\/content\/application~1json\/schema|\/(oneOf|anyOf|allOf)\/\d+/g, "")
    .split("/");
  const place = steps
    .join(".")
    .replaceAll("~1", "/")
    .replace(/\bproperties\.|\.properties$/g, "")
    .replaceAll(".items", "[]");
  return `${status} ${place || "answer"}`;
}

/** The part of the version that the differences ask for together. */
export function bumpOf(differences: readonly Difference[]): Level | "none" {
  return LEVELS.findLast((level) => differences.some((each) => each.level === level)) ?? "none";
}
