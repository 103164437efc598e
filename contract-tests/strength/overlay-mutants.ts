/** Faulty variants of the overlay: each action left out, narrowed, widened, aimed or described in a wrong way, or moved. */
import type { Action, Overlay } from "../../scripts/contract/document.js";
import type { Mutant } from "./mutant.js";

export function* overlayMutants(overlay: Overlay): Generator<Mutant<Overlay>> {
  const { actions } = overlay;
  const withActions = (place: string, operator: string, changed: Action[]): Mutant<Overlay> => ({
    place,
    operator,
    make: () => structuredClone({ ...overlay, actions: changed }),
  });
  for (const [index, action] of actions.entries()) {
    const place = `/actions/${index}`;
    const faults = [...actionFaults(action), ...targetFaults(action), ...descriptionFaults(action, actions)];
    for (const [operator, instead] of faults)
      yield withActions(place, operator, actions.toSpliced(index, 1, ...(instead ? [instead] : [])));
    if (index > 0)
      yield withActions(place, "earlier", actions.toSpliced(index - 1, 2, action, actions[index - 1] as Action));
    if (index < actions.length - 1) yield withActions(place, "at the end", [...actions.toSpliced(index, 1), action]);
  }
  yield withActions("/actions", "in reverse", actions.toReversed());
}

/** What may stand in place of an action: the fault in words, then no action or another one. */
type ActionFault = [operator: string, instead?: Action];

function* actionFaults(action: Action): Generator<ActionFault> {
  yield ["removed"];
  if (action.remove) {
    // It removes the whole list instead of one name.
    const target = action.target.replace(/\[\?.*$/, "");
    if (target !== action.target) yield ["widened to all of required", { ...action, target }];
    return;
  }
  const update = action.update as Record<string, unknown>;
  const faults = action.target.startsWith("$.paths") ? responseFaults(update) : updateFaults(update);
  for (const [operator, faulty] of faults) yield [operator, { ...action, update: faulty }];
  const names = /\['(\w+)'(?:,'\w+')+\]$/.exec(action.target);
  if (names) {
    const target = action.target.replace(/\[[^[]*\]$/, `.${names[1]}`);
    yield ["narrowed to one of its members", { ...action, target }];
  }
}

/** Targets that match the same place today, without naming it. */
function* targetFaults(action: Action): Generator<ActionFault> {
  const { target, update } = action;
  const as = (operator: string, changed: string): ActionFault => [operator, { ...action, target: changed }];
  if (target.startsWith("$.paths")) {
    yield as("wildcard for the path", target.replace(/\['.*?'\]/, ".*"));
    yield as("wildcard for the path: in brackets", target.replace(/\['.*?'\]/, "[*]"));
    yield as("wildcard for the method", target.replace(".post", ".*"));
    yield as("any depth: responses", "$..responses");
    return;
  }
  const [schema = "", part = ""] = target.split(".").slice(3);
  const [, ...inside] = target.split(".").slice(2);
  if (update && !target.includes("["))
    for (const above of [1, inside.length]) {
      const nested = inside.slice(-above).reduceRight<unknown>((inner, step) => ({ [step]: inner }), update);
      yield [
        "aimed from above",
        {
          ...action,
          target: `$.components.schemas.${inside.slice(0, -above).join(".")}`.replace(/\.$/, ""),
          update: nested,
        },
      ];
    }
  yield as("any depth: the schema", target.replace("$.components.schemas", "$."));
  yield as("a filter for the schema", target.replace(`.${schema}`, `[?(@property == '${schema}')]`));
  yield as("a filter for the component", target.replace(".schemas", "[?(@.FineTuningJob)]"));
  if (part.startsWith("required[")) {
    yield as("a filter that admits more", target.replace(/ == '(\w+)'/, ".match(/^$1/)"));
    yield as("a filter with a condition", target.replace(")]", " && true)]"));
  }
}

/** Descriptions that do not say what the action does, or say it falsely. */
function* descriptionFaults(action: Action, actions: readonly Action[]): Generator<ActionFault> {
  const { description } = action;
  const as = (operator: string, changed: string): ActionFault => [operator, { ...action, description: changed }];
  for (const blank of ["", " ", "\t\n", "."]) yield as(`description blank: ${JSON.stringify(blank)}`, blank);
  for (const [pattern, opposite] of OPPOSITES)
    if (pattern.test(description))
      yield as(`description of the opposite: ${opposite}`, description.replace(pattern, opposite));
  for (const { 0: number, index } of description.matchAll(/\d+/g)) {
    const changed = [description.slice(0, index), Number(number) + 1, description.slice(index + number.length)].join(
      "",
    );
    yield as(`description with a wrong number: ${number}`, changed);
  }
  const at = actions.indexOf(action);
  for (const other of [actions[(at + 1) % actions.length], actions.at(at - 1)])
    yield as("description of another action", other?.description ?? "");
  const shorter = description.replace(/ \(.*\)\.$/, ".");
  if (shorter !== description) yield as("description without where it was seen", shorter);
  yield* innerFaults(action);
}

const OPPOSITES: [RegExp, string][] = [
  [/ (is|are) /, " $1 not "],
  [/ has /, " never has "],
  [/ absent/, " present"],
  [/ null/, " a string"],
  [/ integer/, " string"],
  [/ until /, " after "],
  [/ while /, " after "],
  [/ when /, " unless "],
  [/ with /, " without "],
  [/Azure/, "OpenAI"],
  [/OpenAI/, "Azure"],
  [/front ends/, "Azure"],
];

/** The same for the descriptions inside an update, which callers read in the types. */
function* innerFaults(action: Action): Generator<ActionFault> {
  const text = JSON.stringify(action.update ?? {});
  for (const { 1: words = "" } of text.matchAll(/"description":"(.*?)"/g))
    for (const [operator, changed] of [
      ["blank", " "],
      [
        "of the opposite",
        words.replace("Not documented", "Documented").replace(/(an integer|in plain text|without a|with an)/, "not $1"),
      ],
    ])
      yield [
        `inner description ${operator}`,
        { ...action, update: JSON.parse(text.replace(words, changed as string)) },
      ];
}

function* updateFaults(update: Record<string, unknown>): Generator<[operator: string, update: unknown]> {
  for (const [member, value] of Object.entries(update)) {
    if (member === "description") continue;
    if (Array.isArray(value)) {
      const extra = { oneOf: { type: "boolean" }, type: "boolean" }[member] ?? "another";
      yield [`narrowed to nothing: ${member}`, { ...update, [member]: [] }];
      yield [`widened: ${member}`, { ...update, [member]: [...value, extra] }];
    } else {
      yield [`narrowed to a number: ${member}`, { ...update, [member]: { ...(value as object), type: "number" } }];
      yield [`declared under another name: ${member}`, { [`${member}_`]: value }];
    }
  }
}

const OTHER_HEADERS = {
  "x-request-id": { $ref: "#/components/headers/ApimRequestId" },
  "retry-after": { $ref: "#/components/headers/RetryAfterMs" },
};

/** Faults of the responses that an action adds: each with another status, header or body. */
function* responseFaults(responses: Record<string, unknown>): Generator<[operator: string, update: unknown]> {
  for (const [status, response] of Object.entries(responses)) {
    const { content, headers, ...others } = response as Record<string, Record<string, unknown>>;
    const put = (members: object) => ({ [status]: { ...others, headers, content, ...members } });
    yield [`given for 404: ${status}`, { 404: response }];
    yield [`given for any failure: ${status}`, { "4XX": response, "5XX": response }];
    yield [`without headers: ${status}`, put({ headers: {} })];
    yield [`with another body: ${status}`, put({ content: { ...content, "application/xml": {} } })];
    yield [`with links: ${status}`, put({ links: { again: { operationId: "cancelFineTuningJob" } } })];
    for (const [name, other] of Object.entries(OTHER_HEADERS))
      yield [`another header's $ref: ${status}`, put({ headers: { ...headers, [name]: other } })];
    for (const [type, media] of Object.entries(content as object)) {
      yield [`with an example: ${type}`, put({ content: { ...content, [type]: { ...media, example: "{}" } } })];
      const { [type]: _, ...left } = content as Record<string, unknown>;
      yield [`without a media type: ${type}`, put({ content: left })];
      yield [`given for any media type: ${type}`, put({ content: { ...left, "*/*": media } })];
      yield [`with any schema: ${type}`, put({ content: { ...left, [type]: { schema: {} } } })];
    }
  }
}
