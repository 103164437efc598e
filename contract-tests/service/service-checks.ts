/** Checks of a service: each is a plain function from one exchange to findings; none for an answer that conforms. */

import type { Contract } from "../../scripts/contract/document.js";
import { applyOverlay } from "../../scripts/contract/overlay.js";
import { type Diagnostic, makeJudge } from "../../scripts/contract/prism.js";
import { compileSchemas } from "../../scripts/contract/schemas.js";
import { findViolations, jsonType, type SchemaValidator, type Violation } from "../../src/violations.js";
import type { Finding } from "../spec/finding.js";
import { type Answered, bodyOf, type Exchange } from "./exchange.js";

/** Both contracts, compiled afresh, by both judges. */
export interface Judges {
  readonly contract: Contract;
  readonly documented: (name: string) => SchemaValidator;
  readonly accepted: (name: string) => SchemaValidator;
  readonly prismDocumented: (answered: Answered) => Diagnostic[];
  readonly prismAccepted: (answered: Answered) => Diagnostic[];
  /** The accepted contract without one action; made when it is asked for. */
  readonly without: (action: number) => Promise<(name: string) => SchemaValidator>;
}

/** A check, and the findings of it on one exchange that was answered. */
type Check = (exchange: Exchange, answered: Answered, judges: Judges) => Finding[] | Promise<Finding[]>;

export async function makeJudges(contract: Contract): Promise<Judges> {
  const [documented, accepted] = await Promise.all([makeJudge(contract.documented), makeJudge(contract.accepted)]);
  const ofPrism = (judge: typeof documented) => (answered: Answered) =>
    judge({ status: answered.status, headers: { ...answered.headers }, body: bodyOf(answered) ?? answered.text });
  const cache = new Map<number, Promise<(name: string) => SchemaValidator>>();
  const without = (action: number) => {
    const actions = contract.overlay.actions.filter((_, index) => index !== action);
    const made =
      cache.get(action) ?? applyOverlay(contract.documented, { ...contract.overlay, actions }).then(compileSchemas);
    cache.set(action, made);
    return made;
  };
  return {
    contract,
    documented: compileSchemas(contract.documented),
    accepted: compileSchemas(contract.accepted),
    prismDocumented: ofPrism(documented),
    prismAccepted: ofPrism(accepted),
    without,
  };
}

/** Prism, and our own validator, have to notice one deliberately broken answer; else their silence means nothing. */
export function checkCanary(judges: Judges): void {
  // A number in place of the job: no overlay can make that good.
  const canary = { status: 200, headers: { "content-type": "application/json" }, text: "7", echoesCredential: false };
  const silent = Object.entries({
    "Prism on openapi.yaml": judges.prismDocumented(canary).length > 0,
    "Prism on the accepted contract": judges.prismAccepted(canary).length > 0,
    "the validator": findViolations(judges.accepted("FineTuningJob"), bodyOf(canary)).length > 0,
  }).find(([, bites]) => !bites);
  if (silent)
    throw new Error(`${silent[0]} finds nothing wrong with an answer that is: no verdict of it can be trusted.`);
}

const violation = (check: string, message: string, more: Partial<Finding> = {}): Finding => ({
  check,
  verdict: "violation",
  pointer: "",
  message,
  ...more,
});

/** The component that the body of an answer has to be. */
export function schemaOf({ status }: Answered): string {
  return status >= 200 && status < 300 ? "FineTuningJob" : "ErrorResponse";
}

export const serviceChecks: Record<string, Check> = {
  /** A probe that has to be refused is refused, and with a status that says why; a job that is asked for comes back. */
  "expected-status": ({ probe }, { status }) => {
    if (probe.expect === "any") return [];
    if (probe.expect === "job") {
      // Whether a finished job is refused, and how, is not documented; any 4xx is an answer. So is a failure, sadly.
      if (status === 200 || status >= 400) return [];
      return [violation("expected-status", `answered ${status} where a job with 200, or a refusal, belongs`)];
    }
    if (probe.expect.includes(status)) return [];
    return [
      violation("expected-status", `${probe.name}: answered ${status}, where ${probe.expect.join(" or ")} belongs`),
    ];
  },

  /** No probe, which can only be refused, makes the service fail, whatever the body says. */
  "server-error": ({ probe }, { status }) =>
    Array.isArray(probe.expect) && status >= 500
      ? [violation("server-error", `answered ${status} to a request that it should be able to refuse`)]
      : [],

  /** The operation is where the page says; nobody is sent elsewhere with a credential. */
  redirect: (_, { status }) =>
    status >= 300 && status < 400 ? [violation("redirect", `answered ${status}, a redirect`)] : [],

  /** Our validator's verdict on the body, by the page and by what is accepted. */
  body: async (_, answered, judges) => {
    const schema = schemaOf(answered);
    const body = bodyOf(answered);
    if (body === undefined) {
      // What a front end answers is known; Prism looks at its media type. A job has to be JSON.
      return schema === "FineTuningJob" ? [violation("body", "answered 2xx with a body that is not JSON")] : [];
    }
    const accepted = findViolations(judges.accepted(schema), body);
    const findings: Finding[] = [];
    for (const { pointer, expected, actual } of findViolations(judges.documented(schema), body)) {
      const worse = accepted.find((each) => each.pointer === pointer);
      findings.push(
        worse
          ? violation("body", `expected ${worse.expected}, got ${actual}`, {
              pointer,
              documented: expected,
              accepted: worse.expected,
              actual,
            })
          : await drift({ pointer, expected, actual }, schema, body, judges),
      );
    }
    // A wider contract finds nothing new, unless it finds it elsewhere: inside a branch that the page does not have.
    const places = new Set(findings.map(({ pointer }) => pointer));
    for (const { pointer, expected, actual } of accepted) {
      if (!places.has(pointer))
        findings.push(
          violation("body", `expected ${expected}, got ${actual}`, { pointer, accepted: expected, actual }),
        );
    }
    return findings;
  },

  /** Prism's verdict on the whole answer: status, media type, headers, body. */
  prism: (_, answered, judges) => {
    const schema = schemaOf(answered);
    const body = bodyOf(answered);
    const ours = body === undefined ? [] : findViolations(judges.documented(schema), body);
    const told = new Set(ours.map(({ pointer }) => pointer));
    const accepted = judges.prismAccepted(answered);
    return (
      judges
        .prismDocumented(answered)
        // What our validator says too, at a place or beneath it, it says better.
        .filter(({ pointer }) =>
          pointer === ""
            ? told.size === 0
            : ![...told].some((place) => place.startsWith(pointer) || pointer.startsWith(place)),
        )
        .map(({ pointer, message }) =>
          accepted.some((each) => each.pointer === pointer && each.message === message) || accepted.length > 0
            ? violation("prism", message, { pointer })
            : {
                check: "prism",
                verdict: "known-drift" as const,
                pointer,
                message,
                action: mediaTypeAction(judges.contract),
              },
        )
    );
  },

  /** The job in the answer is the one that was asked for. */
  "same-job": ({ probe }, answered) => {
    const id = (bodyOf(answered) as { id?: unknown } | null | undefined)?.id;
    if (probe.expect !== "job" || schemaOf(answered) !== "FineTuningJob" || id === probe.jobId) return [];
    return [
      violation("same-job", "the job in the answer is not the one that was asked for", {
        pointer: "/id",
        actual: jsonType(id),
      }),
    ];
  },

  /** Headers that steer a client have a value that it can read, and ids name something. */
  headers: (_, { headers }) => {
    const forms: Record<string, RegExp> = {
      "retry-after": /^(\d+|\w{3,9}, \d\d[ -]\w{3}[ -]\d{2,4} \d\d:\d\d:\d\d GMT)$/,
      "retry-after-ms": /^\d+$/,
      "apim-request-id": /\S/,
      "x-request-id": /\S/,
    };
    return Object.entries(forms)
      .filter(([name, form]) => headers[name] !== undefined && !form.test(headers[name] as string))
      .map(([name]) => violation("headers", `${name} has a value that no client can read`));
  },

  /** No answer repeats the credential. */
  "credential-echo": (_, { echoesCredential }) =>
    echoesCredential ? [violation("credential-echo", "the answer repeats the credential")] : [],
};

function mediaTypeAction({ overlay }: Contract): string {
  return overlay.actions.find(({ update }) => JSON.stringify(update ?? "").includes("text/html"))?.description ?? "";
}

/** A difference that is accepted, with the action that admits it: the one without which it is refused. */
async function drift(
  { pointer, expected, actual }: Violation,
  schema: string,
  body: unknown,
  judges: Judges,
): Promise<Finding> {
  const finding: Finding = {
    check: "body",
    verdict: "known-drift",
    pointer,
    documented: expected,
    actual,
    message: `the page says ${expected}, got ${actual}`,
  };
  const names = pointer.split("/").filter((name) => name !== "");
  for (const [index, { target, update, description }] of judges.contract.overlay.actions.entries()) {
    // Only an action that speaks of a member on the way can be the one.
    const text = `${target}${JSON.stringify(update ?? "")}${description}`;
    if (!names.some((name) => text.includes(name))) continue;
    const refused = findViolations((await judges.without(index))(schema), body);
    if (refused.some((each) => each.pointer === pointer)) return { ...finding, action: description };
  }
  return finding;
}

/** The names of all checks, in the order in which they are made. */
export const serviceCheckNames = ["answered", ...Object.keys(serviceChecks)];

/** Every check on one exchange. An exchange that failed is a finding of its own. */
export async function judgeExchange(
  exchange: Exchange,
  judges: Judges,
  checks = Object.keys(serviceChecks),
): Promise<Finding[]> {
  if ("failure" in exchange.answer) return [violation("answered", `no whole answer: ${exchange.answer.failure}`)];
  const findings: Finding[] = [];
  for (const name of checks) findings.push(...((await serviceChecks[name]?.(exchange, exchange.answer, judges)) ?? []));
  return findings;
}
