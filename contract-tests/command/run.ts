/** One run of the command, and its verdict. */
import type { Contract } from "../../scripts/contract/document.js";
import { stepsOf } from "../../scripts/contract/json-pointer.js";
import { toPointer } from "../../src/violations.js";
import { isAnswered } from "../service/exchange.js";
import { type Words, wordsOf } from "../service/mask.js";
import { judges, type Result, type ServiceCheckName, serviceChecks } from "../service/service-checks.js";
import type { Finding } from "../spec/check.js";
import { specChecks } from "../spec/spec-checks.js";
import { statusOf } from "./coverage.js";
import { CannotCheck, type Options } from "./options.js";

export interface Run {
  readonly started: Date;
  readonly durationMs: number;
  readonly options: Options;
  readonly results: readonly Result[];
  readonly contract: Contract;
}

/** Throws {@link CannotCheck} when `--only` names no check, or one that has nothing to judge in this run. */
export function checkOnly({ only, target, replay }: Options): void {
  if (only === undefined || Object.hasOwn(serviceChecks, only)) return;
  if (!Object.hasOwn(specChecks, only)) throw new CannotCheck(`--only ${only}: no such check. --list lists them.`);
  if (target !== undefined || replay !== undefined)
    throw new CannotCheck(`--only ${only} checks the contract itself. Leave out --target and --replay.`);
}

/**
 * The results that count: with `--only`, those in which the check has something to judge, and its findings alone. Where no
 * complete response came, the check could not judge, so that is still found.
 */
export function resultsOf(results: readonly Result[], { only }: Pick<Options, "only">): readonly Result[] {
  if (only === undefined) return results;
  const isAbout = ({ exchange, name }: Result) => {
    if (!exchange) return name === only;
    return Object.hasOwn(serviceChecks, only) && judges(only as ServiceCheckName, exchange);
  };
  return results
    .filter(isAbout)
    .map((each) => ({ ...each, findings: each.findings.filter(({ check }) => [only, "answered"].includes(check)) }));
}

export interface Verdict {
  readonly kind: "good" | Finding["verdict"];
  readonly exitCode: 0 | 1 | 2;
  /** What was found, and where, in one sentence. */
  readonly sentence: string;
}

/** The verdicts of findings in words, the worst first. */
export const VERDICTS = {
  violation: "violation",
  "not-verified": "not verified",
  "known-drift": "known drift",
} as const;

/** The verdict on all results is the worst of their findings; with `--strict`, known drift fails too. */
export function verdictOf({ results, options, contract }: Omit<Run, "started" | "durationMs">): Verdict {
  if (results.length === 0 && options.only !== undefined)
    return { kind: "not-verified", exitCode: 2, sentence: `Not verified: ${options.only} had nothing to judge.` };
  const groups = groupFindings(results, contract);
  const countOf = (wanted: Finding["verdict"]) => groups.filter(({ verdict }) => verdict === wanted).length;
  const [violations, unverified, drift] = [countOf("violation"), countOf("not-verified"), countOf("known-drift")];
  const isRefused = options.strict && drift > 0 && violations === 0;
  const kind = groups.find(({ verdict }) => !isRefused || verdict === "known-drift")?.verdict ?? "good";
  const found = [
    counted(violations, "violation"),
    ...(unverified > 0 ? [`${unverified} not verified`] : []),
    counted(drift, "known drift"),
  ].join(", ");
  const about = options.only === undefined ? "" : `, by ${options.only} alone`;
  const places = [...new Set(results.map(({ where }) => where))].join(", ");
  const exitCodes = { violation: 1, "not-verified": 2, "known-drift": isRefused ? 1 : 0, good: 0 } as const;
  const [first = "", ...rest] = kind === "good" ? kind : VERDICTS[kind];
  return {
    kind,
    exitCode: exitCodes[kind],
    sentence: `${first.toUpperCase()}${rest.join("")}: ${found} at ${places}${about} (${results.length} checked).${isRefused ? " --strict refuses known drift." : ""}`,
  };
}

/** `no violation`, `1 violation`, `2 violations`. */
export function counted(count: number, noun: string): string {
  return `${count === 0 ? "no" : count} ${noun}${count > 1 ? "s" : ""}`;
}

/** The same finding in one result or in many. */
export interface FindingGroup extends Finding {
  /** The results that have it, in the order of the run; the first serves as the example. */
  readonly results: readonly Result[];
  /** Every place where it was found. */
  readonly pointers: readonly string[];
}

/** Each finding once, the worst first. Known drift is one finding for each overlay action that admits it. */
export function groupFindings(results: readonly Result[], contract: Contract): FindingGroup[] {
  const words = wordsOf(contract);
  const groups = new Map<string, { finding: Finding; results: Set<Result>; pointers: Set<string> }>();
  for (const result of results) {
    for (const finding of result.findings) {
      const key = keyOf(finding, result, words);
      const group = groups.get(key) ?? { finding, results: new Set(), pointers: new Set() };
      groups.set(key, group);
      group.results.add(result);
      group.pointers.add(finding.pointer);
    }
  }
  const all = [...groups.values()].map(({ finding, results, pointers }) => ({
    ...finding,
    results: [...results],
    pointers: [...pointers],
  }));
  return Object.keys(VERDICTS).flatMap((verdict) => all.filter((each) => each.verdict === verdict));
}

/** What makes two findings the same. The job and the error body have members of the same name, so the status counts. */
function keyOf({ check, verdict, pointer, message, action }: Finding, { exchange }: Result, words: Words): string {
  const status = pointer !== "" && exchange && isAnswered(exchange) ? statusOf(exchange) : "";
  const place = exchange ? withoutFreeNames(pointer, words) : withoutIndexes(pointer);
  return JSON.stringify([verdict, action ?? [check, status, place, message]]);
}

/** A pointer into a body with `*` for what the contract does not name: members of `metadata`, places in lists. */
function withoutFreeNames(pointer: string, words: Words): string {
  return toPointer(stepsOf(pointer).map((step) => (words.has(step) ? step : "*")));
}

/** A pointer into a body without the places in lists: where the contract describes the value. */
export function withoutIndexes(pointer: string): string {
  return pointer.replace(/\/\d+(?=\/|$)/g, "");
}
