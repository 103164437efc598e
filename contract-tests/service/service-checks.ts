/** Every named check of an exchange with a service. */
import { type FineTuningJob, isCancelled } from "../../src/index.js";
import { type Finding, runCheck } from "../spec/check.js";
import { repeatedMembers } from "./body.js";
import { bodyChecks } from "./body-checks.js";
import { conformityChecks } from "./conformity-checks.js";
import {
  type AnsweredExchange,
  bodyOf,
  type Exchange,
  isAnswered,
  type RecordedResponse,
  UNFINISHED,
} from "./exchange.js";
import { headerChecks } from "./header-checks.js";
import { type Layer, schemaOf, type Validators } from "./validators.js";
import { type ServiceCheck, withResponse } from "./witness.js";

const mustBeRefused = ({ probe }: Exchange) => Array.isArray(probe.expect);
const mustBeCancelled = ({ probe }: Exchange) => probe.expect === "job";

const idOf = ({ response }: AnsweredExchange) => (bodyOf(response) as { id?: unknown } | null | undefined)?.id;

export const serviceChecks = {
  answered: {
    description: "The request gets a complete response.",
    *find({ response }: Exchange) {
      if (!("failure" in response)) return;
      const verdict = response.failure === UNFINISHED ? "not-verified" : "violation";
      yield { pointer: "", verdict, message: `no complete response: ${response.failure}` };
    },
    witness: (good) => ({ ...good, response: { failure: "ECONNRESET" } }),
  },

  "expected-status": {
    description: "A request that must be refused gets a 4xx that says why; 429 leaves that open.",
    isAbout: mustBeRefused,
    *find({ probe: { expect }, response: { status } }, { alone }) {
      const expected = [expect].flat() as readonly unknown[];
      // The check `server-error` reports a 5xx.
      if (expected.includes(status) || (status >= 500 && !alone)) return;
      if (status === 429)
        yield { pointer: "", verdict: "not-verified", message: "returned 429, too many requests: ask again later" };
      else yield { pointer: "", message: `returned ${status}; ${expected.join(" or ")} was expected` };
    },
    witness: (good) => withResponse(good, { status: 404, text: "{}" }, [401, 403]),
  },

  cancelled: {
    description:
      "A job that was to be cancelled comes back cancelled; 400 or 409, which a finished job gets, leaves it open.",
    isAbout: mustBeCancelled,
    *find({ probe, response }, { accepted, alone }) {
      const { status } = response;
      if (status === 400 || status === 409) {
        const message = `returned ${status}: a finished job may be refused, so whether a job can be cancelled is not known`;
        yield { pointer: "", verdict: "not-verified", message };
      } else if (status !== 200)
        yield { pointer: "", message: `returned ${status}; 200 with the cancelled job was expected` };
      else {
        const state = stateOf(probe.jobId, response, accepted);
        // Other checks report a body that is no job, another job, and a status that is none.
        if (state === undefined && alone)
          yield { pointer: "", message: "does not show the status of the job; a cancelled job was expected" };
        if (state !== undefined && !isCancelled({ status: state }))
          yield { pointer: "/status", message: `the job is ${state}, not cancelled` };
      }
    },
    witness: (good) => withResponse(good, { text: good.response.text.replace('"cancelled"', '"running"') }),
  },

  "server-error": {
    description: "A request that must be refused does not make the service fail with a 5xx.",
    isAbout: mustBeRefused,
    *find({ response: { status } }) {
      if (status >= 500) yield { pointer: "", message: `returned ${status}; a 4xx was expected` };
    },
    witness: (good) => withResponse(good, { status: 503, text: "{}" }, [401, 403]),
  },

  redirect: {
    description: "The service does not redirect, so that no credential is sent elsewhere.",
    *find({ response: { status } }) {
      if (status >= 300 && status < 400) yield { pointer: "", message: `returned ${status}, a redirect` };
    },
    witness: (good) => withResponse(good, { status: 302, text: "{}" }, [302]),
  },

  ...bodyChecks,
  ...conformityChecks,

  "same-job": {
    description: "The job in the response is the one that was to be cancelled.",
    // The check `body` reports an id that is missing or of another type.
    isAbout: (exchange) =>
      mustBeCancelled(exchange) &&
      schemaOf(exchange.response) === "FineTuningJob" &&
      typeof idOf(exchange) === "string",
    *find(exchange) {
      if (idOf(exchange) !== exchange.probe.jobId)
        yield { pointer: "/id", message: "the job in the response is not the requested one", actual: "string" };
    },
    witness: (good) => withResponse(good, { text: good.response.text.replace(/"id":"\w+"/, '"id":"other"') }),
  },

  ...headerChecks,

  "credential-echo": {
    description: "The response does not contain the credential.",
    *find({ response }) {
      if (response.echoesCredential) yield { pointer: "", message: "the response contains the credential" };
    },
    witness: (good) => withResponse(good, { echoesCredential: true }),
  },
} satisfies Record<string, ServiceCheck>;

/** The status of the job `id` in a response; `undefined` where it is another job, which one is open, or it is no status. */
export function stateOf(id: string, response: RecordedResponse, accepted: Layer): FineTuningJob["status"] | undefined {
  const job = bodyOf(response) as Partial<FineTuningJob> | null | undefined;
  if (job?.id !== id || repeatedMembers(response.text).some((each) => each === "/id" || each === "/status"))
    return undefined;
  return accepted.violationsOf(response).some(({ pointer }) => pointer === "/status") ? undefined : job.status;
}

export type ServiceCheckName = keyof typeof serviceChecks;
export const serviceCheckNames = Object.keys(serviceChecks) as ServiceCheckName[];

/** Whether a check has something to judge in an exchange. One without a complete response is never good. */
export function judges(name: ServiceCheckName, exchange: Exchange): boolean {
  const { isAbout }: ServiceCheck = serviceChecks[name];
  return !isAnswered(exchange) || (isAbout?.(exchange) ?? true);
}

/** Runs every check on one exchange; only `answered` on one without a complete response. */
export async function checkExchange(exchange: Exchange, validators: Validators): Promise<Finding[]> {
  if (!isAnswered(exchange)) return runCheck("answered", serviceChecks.answered, exchange, validators);
  const findings: Finding[][] = [];
  for (const name of serviceCheckNames) findings.push(await runCheck(name, serviceChecks[name], exchange, validators));
  return findings.flat();
}

/** What one exchange, or one check of the contract, came to. */
export interface Result {
  readonly name: string;
  /** What was checked: `contract`, `prism`, `reference service`, the target's endpoint, or the folder of the recordings. */
  readonly where: string;
  readonly exchange?: Exchange;
  readonly findings: readonly Finding[];
  /** How long a check of the contract took, in ms; an exchange has its own. */
  readonly durationMs?: number;
}

/** Runs every check on each exchange. */
export async function checkExchanges(
  where: string,
  exchanges: readonly Exchange[],
  validators: Validators,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const exchange of exchanges)
    results.push({ name: exchange.probe.name, where, exchange, findings: await checkExchange(exchange, validators) });
  return results;
}
