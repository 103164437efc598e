/** The ids of the jobs: from arguments, files and stdin, checked before anything is sent. */
import { readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { text as readAll } from "node:stream/consumers";
import { memberOf, messageOf, oneLine } from "../text.js";
import { UsageError } from "./arguments.js";

export interface Ids {
  /** Each id once, in the order in which they were given. */
  readonly ids: readonly string[];
  /** How often an id was given, for those that were given more than once. */
  readonly repeated: ReadonlyMap<string, number>;
}

interface Given {
  readonly id: string;
  /** Where it comes from, in words. */
  readonly place: string;
  readonly problem?: string | undefined;
}

/** How many problems one message names. */
const MOST_PROBLEMS = 10;

/** Reads and checks all ids. Throws {@link UsageError}, which names each id that is not usable. */
export async function readIds(args: readonly string[], files: readonly string[], stdin: Readable): Promise<Ids> {
  const lists = [args.map((id, index) => check({ id: id.trim(), place: `argument ${index + 1}` }))];
  for (const file of files) lists.push(idsOf(await readSource(file, stdin), file === "-" ? "stdin" : oneLine(file)));
  const given = lists.flat();
  refuse(given.filter(({ problem }) => problem !== undefined));
  const counts = new Map<string, number>();
  for (const { id } of given) counts.set(id, (counts.get(id) ?? 0) + 1);
  return { ids: [...counts.keys()], repeated: new Map([...counts].filter(([, count]) => count > 1)) };
}

async function readSource(file: string, stdin: Readable): Promise<string> {
  try {
    return file === "-" ? await readAll(stdin) : readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`--file ${oneLine(file)} can't be read: ${oneLine(messageOf(error))}`);
  }
}

function idsOf(text: string, source: string): Given[] {
  return text.split(/\r\n|\r|\n/).flatMap((raw, index) => {
    // What a file from Windows has around an id goes with it: `\r`, and a byte order mark.
    const line = raw.trim();
    const place = `${source}, line ${index + 1}`;
    if (line === "" || line.startsWith("#")) return [];
    return /^[{["]/.test(line) ? idOfJson(line, place) : check({ id: line, place });
  });
}

function idOfJson(line: string, place: string): Given {
  try {
    const id = memberOf(JSON.parse(line), "id");
    if (typeof id === "string") return check({ id: id.trim(), place });
    return { id: line, place, problem: PROBLEMS_OF_JSON[line[0] as keyof typeof PROBLEMS_OF_JSON] };
  } catch {
    const problem =
      'begins as JSON, but is not JSON of one line (jq has -c for that): give an id that begins so as {"id": "…"}';
    return { id: line, place, problem };
  }
}

/** What is wrong with JSON that has no id, by how it begins. */
const PROBLEMS_OF_JSON = {
  "{": 'is a JSON object without a string "id"',
  "[": 'is a JSON array: give one id, or one JSON object with an "id", a line',
  '"': "is a JSON string: give the id without quotation marks (jq has -r for that)",
};

function check(given: Given): Given {
  return { ...given, problem: problemOf(given.id) };
}

function problemOf(id: string): string | undefined {
  if (id === "") return "is empty";
  if (id === "." || id === "..") return "would change the path of the request";
  if (id.includes("\0")) return "has a NUL character, as text in UTF-16 has: save the file as UTF-8";
  if (/\p{Surrogate}|\ufffd/u.test(id)) return "has half a surrogate pair, or bytes that are not UTF-8";
  if (/\s/.test(id) || oneLine(id, id.length) !== id)
    return "has a space or an invisible character inside: give one id an argument, and one id a line";
  return undefined;
}

function refuse(problems: readonly Given[]): void {
  if (problems.length === 0) return;
  const lines = problems.slice(0, MOST_PROBLEMS).map(({ id, place, problem }) => {
    const shown = id === "" ? "" : ` ${JSON.stringify(oneLine(id, 60))}`;
    return `  ${place}:${shown} ${problem}`;
  });
  const more = problems.length > MOST_PROBLEMS ? [`  and ${problems.length - MOST_PROBLEMS} more`] : [];
  throw new UsageError(["Not usable as the id of a job:", ...lines, ...more, "Nothing was sent."].join("\n"));
}
