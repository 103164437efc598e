/** What a change of the contract means for callers: Redocly's changes, rated, and what Redocly does not see. */
import { isDeepStrictEqual } from "node:util";
import type { Contract, Document } from "../../scripts/contract/document.js";
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
  const found = (await redoclyChanges(before, after, root)).map(rate);
  const breaking = found.filter(({ breaks }) => breaks.length > 0).map(({ pointer }) => pointer);
  const isKnown = (component: string) =>
    breaking.some((pointer) => `${pointer}/`.startsWith(`/components/schemas/${component}/`));
  const unseen = widerComponents(before, after)
    .filter(({ component }) => !isKnown(component))
    .map(({ component, message }): Change => {
      const pointer = `/components/schemas/${component}`;
      return { place: component, pointer, rule: "generated-bodies", message, breaks: ["readers"], level: "major" };
    });
  return [...found, ...unseen];
}

function rate(change: RedoclyChange): Change {
  const { path, kind, impact, property, verdicts, base, revision } = change;
  const own = ownRules.find(({ applies }) => applies(change));
  const [verdict] = verdicts;
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
  applies(change: RedoclyChange): boolean;
}[] = [
  {
    rule: "literals-removed",
    breaks: "switches",
    message: "Fewer literals are left, so a comparison with one that is gone does not compile.",
    applies: (change) =>
      isAnswer(change) && !change.path.endsWith("/not") && change.property === "enum" && losesLiterals(change),
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
    applies: ({ path, kind }) => kind === "removed" && /^#\/components\/schemas\/[^/]+$/.test(path),
  },
];

/** An enum that appears where there was none leaves fewer literals to compare with, too. */
function losesLiterals({ verdicts, base, revision }: RedoclyChange): boolean {
  const [older, newer] = [base?.value, revision?.value] as (readonly unknown[] | undefined)[];
  return verdicts.length === 0 && !(older?.every((value) => newer?.includes(value)) ?? false);
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
