/** How much of the contract the exchanges have shown. */
import type { Contract, Document, Schema } from "../../scripts/contract/document.js";
import { componentName } from "../../scripts/contract/document.js";
import { type AnsweredExchange, bodyOf, type Exchange, isAnswered } from "../service/exchange.js";
import { page } from "../tables/page.js";

export interface Coverage {
  readonly what: string;
  readonly attained: number;
  readonly attainable: number;
  /** How many of the attainable ones need `--cancel`, when no job was cancelled. */
  readonly needCancel: number;
}

const STATUSES = ["200", "default"] as const;
type Status = (typeof STATUSES)[number];
/** What was seen of one response, and all that it could show. */
type Seen = readonly [seen: readonly string[], all: readonly string[]];

/** Coverage of the operation, its responses, their members and headers, and its security. */
export function coverageOf(exchanges: readonly Exchange[], { documented }: Contract): Coverage[] {
  const answered = exchanges.filter(isAnswered);
  const with200 = answered.filter(({ response }) => response.status < 300);
  const withDefault = answered.filter(({ response }) => response.status >= 300);
  const byStatus: Record<Status, AnsweredExchange[]> = { "200": with200, default: withDefault };

  const count = (what: string, seenIn: (status: Status) => Seen): Coverage => {
    const counts = STATUSES.map((status) => {
      const [seen, all] = seenIn(status);
      return { attained: all.filter((each) => seen.includes(each)).length, attainable: all.length };
    });
    const sum = (key: "attained" | "attainable") => counts.reduce((total, each) => total + each[key], 0);
    const needCancel = with200.length > 0 ? 0 : (counts[0]?.attainable ?? 0);
    return { what, attained: sum("attained"), attainable: sum("attainable"), needCancel };
  };
  const tried = ["no key", "wrong key"].filter((name) => answered.some(({ probe }) => probe.name.startsWith(name)));
  return [
    { what: "operations", attained: answered.length > 0 ? 1 : 0, attainable: 1, needCancel: 0 },
    count("responses", (status) => [byStatus[status].map(() => status), [status]]),
    count("members", (status) => {
      const schema = documented.components.schemas[page.responses[status].body] as Schema;
      return [byStatus[status].flatMap(({ response }) => presentIn(bodyOf(response))), membersOf(documented, schema)];
    }),
    { what: "security", attained: tried.length, attainable: 2, needCancel: 0 },
    count("headers", (status) => [
      byStatus[status].flatMap(({ response }) => Object.keys(response.headers)),
      page.responses[status].headers,
    ]),
  ];
}

/** The members of a schema, at any depth, as pointers without list indexes. */
function membersOf(document: Document, schema: Schema, path = "", seen: readonly string[] = []): string[] {
  if (schema.$ref) {
    const name = componentName(schema.$ref);
    if (seen.includes(name)) return [];
    return membersOf(document, document.components.schemas[name] as Schema, path, [...seen, name]);
  }
  return [
    ...(schema.oneOf ?? []).flatMap((branch: Schema) => membersOf(document, branch, path, seen)),
    ...(schema.items ? membersOf(document, schema.items, path, seen) : []),
    ...Object.entries<Schema>(schema.properties ?? {}).flatMap(([member, each]) => [
      `${path}/${member}`,
      ...membersOf(document, each, `${path}/${member}`, seen),
    ]),
  ];
}

/** The members that a body has, in the same notation. */
function presentIn(body: unknown, path = ""): string[] {
  if (Array.isArray(body)) return body.flatMap((each) => presentIn(each, path));
  if (typeof body !== "object" || body === null) return [];
  return Object.entries(body).flatMap(([name, value]) => [`${path}/${name}`, ...presentIn(value, `${path}/${name}`)]);
}
