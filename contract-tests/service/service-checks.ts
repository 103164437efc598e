/** Every named check of an exchange with a service. */
import { jsonType } from "../../src/violations.js";
import { type Finding, runCheck } from "../spec/check.js";
import { conformityChecks } from "./conformity-checks.js";
import { bodyOf, type Exchange, isAnswered } from "./exchange.js";
import { schemaOf, type Validators } from "./validators.js";
import { type ServiceCheck, withResponse } from "./witness.js";

/** Headers that clients read, each with the form that it must have. */
const HEADER_FORMS: Record<string, readonly [form: RegExp, words: string]> = {
  "retry-after": [
    /^(\d+|\w{3,9}, \d\d[ -]\w{3}[ -]\d{2,4} \d\d:\d\d:\d\d GMT)$/,
    "a number of seconds or an HTTP date",
  ],
  "retry-after-ms": [/^\d+$/, "a number of milliseconds"],
  "apim-request-id": [/\S/, "non-empty"],
  "x-request-id": [/\S/, "non-empty"],
};

export const serviceChecks = {
  answered: {
    description: "The request gets a complete response.",
    *find({ response }: Exchange) {
      if ("failure" in response) yield { pointer: "", message: `no complete response: ${response.failure}` };
    },
    witness: (good) => ({ ...good, response: { failure: "ECONNRESET" } }),
  },

  "expected-status": {
    description: "A request that must be refused gets a status that says why; a cancel gets 200 or an error.",
    *find({ probe, response: { status } }) {
      if (probe.expect === "any") return;
      // How a finished job is refused is undocumented, so any 4xx or 5xx passes.
      const isExpected = probe.expect === "job" ? status === 200 || status >= 400 : probe.expect.includes(status);
      const expected = probe.expect === "job" ? "200 with the job, or an error," : probe.expect.join(" or ");
      if (!isExpected) yield { pointer: "", message: `returned ${status}; ${expected} was expected` };
    },
    witness: (good) => withResponse(good, { status: 404, text: "{}" }, [401, 403]),
  },

  "server-error": {
    description: "A request that must be refused does not make the service fail with a 5xx.",
    *find({ probe, response: { status } }) {
      if (Array.isArray(probe.expect) && status >= 500)
        yield { pointer: "", message: `returned ${status}; a 4xx was expected` };
    },
    witness: (good) => withResponse(good, { status: 503, text: "{}" }, [503]),
  },

  redirect: {
    description: "The service does not redirect, so that no credential is sent elsewhere.",
    *find({ response: { status } }) {
      if (status >= 300 && status < 400) yield { pointer: "", message: `returned ${status}, a redirect` };
    },
    witness: (good) => withResponse(good, { status: 302, text: "{}" }, [302]),
  },

  ...conformityChecks,

  "same-job": {
    description: "The job in the response is the one that was to be cancelled.",
    *find({ probe, response }) {
      if (probe.expect !== "job" || schemaOf(response) !== "FineTuningJob") return;
      const id = (bodyOf(response) as { id?: unknown } | null | undefined)?.id;
      if (id !== probe.jobId)
        yield { pointer: "/id", message: "the job in the response is not the requested one", actual: jsonType(id) };
    },
    witness: (good) => withResponse(good, { text: good.response.text.replace(/"id":"\w+"/, '"id":"other"') }),
  },

  headers: {
    description: "Headers that clients read have a value in the form that they need.",
    *find({ response: { headers } }) {
      for (const [name, [form, words]] of Object.entries(HEADER_FORMS)) {
        const value = headers[name];
        if (value !== undefined && !form.test(value)) yield { pointer: "", message: `${name} must be ${words}` };
      }
    },
    witness: (good) => withResponse(good, { headers: { ...good.response.headers, "retry-after": "soon" } }),
  },

  "credential-echo": {
    description: "The response does not contain the credential.",
    *find({ response }) {
      if (response.echoesCredential) yield { pointer: "", message: "the response contains the credential" };
    },
    witness: (good) => withResponse(good, { echoesCredential: true }),
  },
} satisfies Record<string, ServiceCheck>;

export type ServiceCheckName = keyof typeof serviceChecks;
export const serviceCheckNames = Object.keys(serviceChecks) as ServiceCheckName[];

/** Runs every check on one exchange; only `answered` on one without a complete response. */
export async function checkExchange(exchange: Exchange, validators: Validators): Promise<Finding[]> {
  if (!isAnswered(exchange)) return runCheck("answered", serviceChecks.answered, exchange, validators);
  const findings: Finding[] = [];
  for (const name of serviceCheckNames)
    findings.push(...(await runCheck(name, serviceChecks[name], exchange, validators)));
  return findings;
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
