/** What a service does differently since an older recording: statuses, members, types and headers, without values. */
import { jsonType, toPointer } from "../../src/violations.js";
import { shallow } from "../service/body.js";
import { printable } from "../service/describe.js";
import { bodyOf, type Exchange } from "../service/exchange.js";
import type { Words } from "../service/mask.js";

export interface ServiceDifference {
  /** What was tried. */
  readonly probe: string;
  /** The part of the answer: `status`, `header retry-after`, `body /seed`. */
  readonly part: string;
  readonly before: string;
  readonly after: string;
}

/** Every difference, in the order of the newer recording; then the probes that only the older one has. */
export function compareRecordings(
  before: readonly Exchange[],
  after: readonly Exchange[],
  words: Words,
): ServiceDifference[] {
  const [older, newer] = [byProbe(before, words), byProbe(after, words)];
  return [...new Set([...newer.keys(), ...older.keys()])].flatMap((probe) => {
    const [was, is] = [older.get(probe), newer.get(probe)];
    if (!was || !is)
      return [{ probe, part: "recording", before: was ? "there" : "absent", after: is ? "there" : "absent" }];
    return [...new Set([...was.keys(), ...is.keys()])]
      .map((part) => ({ probe, part, before: was.get(part) ?? "absent", after: is.get(part) ?? "absent" }))
      .filter((each) => each.before !== each.after);
  });
}

/** One line for each difference, for a person. */
export function describeDifferences(differences: readonly ServiceDifference[]): string {
  const lines = differences.map(
    ({ probe, part, before, after }) => `  ${printable(`${probe}, ${part}: ${before} → ${after}`)}`,
  );
  return [`differences since the older recording: ${differences.length}`, ...lines].join("\n");
}

/** What each probe got: its parts, by name. Ids differ from run to run, so the id of a job is not part of a probe's name. */
function byProbe(exchanges: readonly Exchange[], words: Words): Map<string, Map<string, string>> {
  const probes = new Map<string, Map<string, string>>();
  for (const exchange of exchanges) {
    const name = exchange.probe.name.replace(exchange.probe.jobId, "a job");
    let probe = name;
    for (let count = 2; probes.has(probe); count++) probe = `${name} (${count})`;
    probes.set(probe, partsOf(exchange, words));
  }
  return probes;
}

function partsOf(exchange: Exchange, words: Words): Map<string, string> {
  const { response } = exchange;
  if ("failure" in response) return new Map([["answer", response.failure]]);
  const { status, headers, text } = response;
  const parts = new Map([["status", String(status)]]);
  for (const [name, value] of Object.entries(headers)) parts.set(`header ${name}`, kindOf(name, value));
  const body = bodyOf(response);
  if (body === undefined)
    parts.set("body", text === "" ? "empty" : text.trimStart().startsWith("<") ? "a page" : "text");
  else for (const [place, types] of typesOf(body, words)) parts.set(`body${place}`, [...types].sort().join(" or "));
  return parts;
}

/** A media type and the form of a wait are structure; every other value is private. */
function kindOf(name: string, value: string): string {
  if (name === "content-type") return value;
  return name.startsWith("retry-after") && !/^\d+$/.test(value) ? "there, as a date" : "there";
}

/** The types at each place of a body. What a list holds has one place, whatever the number of its items. */
function typesOf(body: unknown, words: Words): Map<string, Set<string>> {
  const places = new Map<string, Set<string>>();
  const visit = (value: unknown, place: string) => {
    places.set(place, (places.get(place) ?? new Set()).add(jsonType(value)));
    if (typeof value !== "object" || value === null) return;
    const isList = Array.isArray(value);
    for (const [name, each] of Object.entries(value))
      visit(each, `${place}${isList ? "/*" : toPointer([nameOf(name, words)])}`);
  };
  visit(shallow(body), "");
  return new Map([...places].map(([place, types]) => [place === "" ? "" : ` ${place}`, types]));
}

/** A recording masks a member that the contract does not know as its number and its length; the number may differ. */
function nameOf(name: string, words: Words): string {
  return words.has(name) ? name : `unknown member of ${[...name].length} characters`;
}
