/**
 * What a run found, without private values: the one thing that the texts, pages and files for people and programs are made
 * from. `contract.json` is this object; docs/contract.schema.json describes it.
 */

import { describePointer, describeResponse, excerptOf, printable, type Shown } from "../service/describe.js";
import { type Exchange, isAnswered, toCurl } from "../service/exchange.js";
import { type Words, wordsOf } from "../service/mask.js";
import { type Result, serviceChecks } from "../service/service-checks.js";
import type { Finding } from "../spec/check.js";
import { specChecks } from "../spec/spec-checks.js";
import { type Coverage, coverageOf, memberCoverage, STATUSES, type Status, statusOf } from "./coverage.js";
import type { Options } from "./options.js";
import { counted, type FindingGroup, groupFindings, type Run, type Verdict, verdictOf, withoutIndexes } from "./run.js";

export interface Report {
  /** The version of this format. It goes up whenever docs/contract.schema.json changes. */
  readonly format: 1;
  readonly target: { readonly kind: "embedded" | "service" | "recordings"; readonly name: string };
  readonly time: { readonly started: string; readonly durationMs: number };
  readonly options: Pick<Options, "cancel" | "strict"> & { readonly only: string | null };
  readonly verdict: Verdict;
  readonly coverage: readonly PlaceCoverage[];
  readonly findings: readonly ReportedFinding[];
  readonly members: readonly { readonly status: Status; readonly members: readonly ReportedMember[] }[];
  readonly exchanges: readonly ReportedExchange[];
  /** The checks of the contract itself. */
  readonly checks: readonly ReportedCheck[];
}

/** What one place, a service for instance, has shown. */
export interface PlaceCoverage {
  readonly where: string;
  readonly checked: number;
  readonly withViolations: number;
  /** Empty for the contract itself. */
  readonly parts: readonly Coverage[];
}

export interface ReportedFinding extends Omit<Finding, "pointer"> {
  readonly id: string;
  readonly pointers: readonly string[];
  /** The exchanges and checks that have it, by id; the first is the example. */
  readonly seenIn: readonly string[];
  /** What came back there, in the example. */
  readonly excerpt: string | null;
}

export interface ReportedMember {
  readonly pointer: string;
  /** The type on the page; null when the page does not have the member. */
  readonly documented: string | null;
  readonly accepted: string;
  /** How many values were seen of each JSON type. Empty: not attained in this run. */
  readonly seen: Readonly<Record<string, number>>;
  /** The findings about this member, by id. */
  readonly drift: readonly string[];
  readonly violations: readonly string[];
}

interface Reported {
  readonly id: string;
  readonly where: string;
  readonly name: string;
  readonly durationMs: number | null;
  /** By id. */
  readonly findings: readonly string[];
}

export interface ReportedExchange extends Reported {
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
  };
  /** A command that repeats the request; null for an embedded service, which is gone. */
  readonly curl: string | null;
  readonly response: Shown | { readonly failure: string };
}

export interface ReportedCheck extends Reported {
  readonly description: string;
}

export function toReport(run: Run): Report {
  const { started, durationMs, options, results, contract } = run;
  const words = wordsOf(contract);
  const ids = idsOf(results);
  const groups = groupFindings(results, contract).map((group, index) => ({ id: `finding-${index + 1}`, group }));
  const reported = (result: Result): Reported => ({
    id: ids.get(result) as string,
    where: result.where,
    name: printable(result.name),
    durationMs: result.exchange?.durationMs ?? result.durationMs ?? null,
    findings: groups.filter(({ group }) => group.results.includes(result)).map(({ id }) => id),
  });
  return {
    format: 1,
    target: targetOf(options),
    time: { started: started.toISOString(), durationMs },
    options: { cancel: options.cancel, strict: options.strict, only: options.only ?? null },
    verdict: verdictOf(run),
    coverage: [...new Set(results.map(({ where }) => where))].map((where) => placeCoverage(where, run)),
    findings: groups.map(({ id, group }) => ({ id, ...reportFinding(group, ids, words) })),
    members: STATUSES.map((status) => ({ status, members: reportMembers(status, run, groups) })),
    exchanges: results.flatMap((result) =>
      result.exchange ? [{ ...reported(result), ...reportExchange(result.exchange, options, words) }] : [],
    ),
    checks: results
      .filter(({ exchange }) => !exchange)
      .map((result) => ({ ...reported(result), description: descriptionOf(result.name) })),
  };
}

function idsOf(results: readonly Result[]): Map<Result, string> {
  const counts = { exchange: 0, check: 0 };
  return new Map(
    results.map((result) => {
      const kind = result.exchange ? "exchange" : "check";
      return [result, `${kind}-${++counts[kind]}`];
    }),
  );
}

function targetOf({ target, replay }: Options): Report["target"] {
  if (target !== undefined) return { kind: "service", name: target };
  if (replay !== undefined) return { kind: "recordings", name: printable(replay) };
  return { kind: "embedded", name: "the contract and its embedded services" };
}

/** The finding in a line. */
export function titleOf({
  pointers,
  message,
  action,
}: Pick<ReportedFinding, "pointers" | "message" | "action">): string {
  const [first = "", ...others] = pointers;
  const place = others.length > 0 ? `${first} and ${counted(others.length, "more place")}` : first;
  return action ?? `${place === "" ? "" : `${place} `}${message}`;
}

/** The exchange or the check that serves as the example of a finding. */
export function exampleOf({ seenIn: [first] }: ReportedFinding, { exchanges, checks }: Report) {
  return [...exchanges, ...checks].find(({ id }) => id === first);
}

/** What a check demands. */
export function descriptionOf(check: string): string {
  const checks: Record<string, { description: string }> = { ...specChecks, ...serviceChecks };
  return checks[check]?.description ?? "";
}

function placeCoverage(where: string, { results, contract }: Run): PlaceCoverage {
  const here = results.filter((each) => each.where === where);
  const exchanges = here.flatMap(({ exchange }) => exchange ?? []);
  return {
    where,
    checked: here.length,
    withViolations: here.filter(({ findings }) => findings.some(({ verdict }) => verdict === "violation")).length,
    parts: exchanges.length === 0 ? [] : coverageOf(exchanges, contract),
  };
}

function reportFinding(group: FindingGroup, ids: ReadonlyMap<Result, string>, words: Words) {
  const { results, pointers, pointer, message, ...finding } = group;
  const example = results[0]?.exchange;
  const inBody = (each: string) => (example ? describePointer(each, words) : each);
  return {
    ...finding,
    // Prism's messages quote the media type that arrived.
    message: printable(message),
    pointers: [...new Set(pointers.map(inBody))],
    seenIn: results.map((each) => ids.get(each) as string),
    excerpt: example && isAnswered(example) ? printable(excerptOf(example, pointer, words)) : null,
  };
}

function reportExchange(exchange: Exchange, { target, replay }: Options, words: Words) {
  const { probe, requestHeaders } = exchange;
  const isThere = target !== undefined || replay !== undefined;
  return {
    request: {
      method: printable(probe.method),
      path: printable(probe.path),
      headers: printableHeaders(requestHeaders),
    },
    curl: isThere ? printable(toCurl(exchange)) : null,
    response: reportResponse(exchange, words),
  };
}

function reportResponse(exchange: Exchange, words: Words): ReportedExchange["response"] {
  const { response } = exchange;
  if ("failure" in response) return { failure: printable(response.failure) };
  const shown = describeResponse({ ...exchange, response }, words);
  return { ...shown, headers: printableHeaders(shown.headers) };
}

const printableHeaders = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [printable(name), printable(value)]));

type Groups = readonly { readonly id: string; readonly group: FindingGroup }[];

function reportMembers(status: Status, { results, contract }: Run, groups: Groups): ReportedMember[] {
  const exchanges = results.flatMap(({ exchange }) => exchange ?? []);
  const members = memberCoverage(status, exchanges, contract);
  const pointers = new Set(members.map(({ pointer }) => pointer));
  const about = groups
    .filter(({ group }) =>
      group.results.some(({ exchange }) => exchange && isAnswered(exchange) && statusOf(exchange) === status),
    )
    .map(({ id, group }) => ({ id, group, places: new Set(group.pointers.map((each) => nearest(each, pointers))) }));
  return members.map(({ pointer, documented, accepted, seen }) => {
    const here = about.filter(({ places }) => places.has(pointer));
    const idsWith = (verdict: Finding["verdict"]) =>
      here.filter(({ group }) => group.verdict === verdict).map(({ id }) => id);
    return {
      pointer,
      documented: documented ?? null,
      accepted,
      seen: Object.fromEntries(seen),
      drift: idsWith("known-drift"),
      violations: idsWith("violation"),
    };
  });
}

/** The member of the contract at a pointer, or the one that contains it; empty for the whole body. */
function nearest(pointer: string, members: ReadonlySet<string>): string {
  let place = withoutIndexes(pointer);
  while (place !== "" && !members.has(place)) place = place.slice(0, place.lastIndexOf("/"));
  return place;
}
