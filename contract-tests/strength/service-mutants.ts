/** Services that treat a request in a way that they must not. */
import type { IncomingMessage } from "node:http";
import { type Credential, keyCredential } from "../service/probes.js";
import { API_KEY, type Misbehaviour, type ReferenceResponse } from "../service/reference-service.js";
import type { Mutant } from "./mutant.js";

/** The credential with which the mutants are asked. */
export const CREDENTIAL: Credential = keyCredential(API_KEY);

export function* serviceMutants(): Generator<Mutant<Misbehaviour>> {
  for (const [operator, misbehaviour] of misbehaviours())
    yield { place: "reference service", operator, make: () => misbehaviour };
}

/** Picks the requests that a misbehaviour is about. */
type Selector = (request: IncomingMessage, response: ReferenceResponse) => boolean;

const REFUSED: Record<string, Selector> = {
  "no key": ({ headers }) => !headers["api-key"],
  "a wrong key": ({ headers }) => headers["api-key"] === CREDENTIAL.wrong,
  "a wrong method": ({ method }) => method === "GET",
  "an unknown job": ({ headers, method }, { status }) =>
    method === "POST" && headers["api-key"] === CREDENTIAL.value && status === 404,
};

function* misbehaviours(): Generator<[operator: string, misbehaviour: Misbehaviour]> {
  yield ["accepts: no key", { acceptNoKey: true }];
  yield ["accepts: a wrong key", { acceptWrongKey: true }];
  yield ["accepts: any method", { acceptAnyMethod: true, acceptUnknownJob: true }];
  yield ["accepts: any job", { acceptUnknownJob: true }];
  for (const [kind, selects] of Object.entries(REFUSED)) {
    const to = (change: (response: ReferenceResponse) => Partial<ReferenceResponse>): Misbehaviour => ({
      change: (response, request) => (selects(request, response) ? { ...response, ...change(response) } : response),
    });
    for (const status of [500, 501, 503, 302, 200])
      yield [`another status: ${status} to ${kind}`, to(() => ({ status }))];
    yield [`error of another shape: to ${kind}`, to(() => ({ body: '{"error":7}' }))];
    yield [`body cut short: to ${kind}`, to(({ headers }) => ({ headers: { ...headers, "content-length": "9999" } }))];
  }
  yield [
    "answers with another job",
    { change: (response) => ({ ...response, body: response.body.replace('"ftjob-queued"', '"ftjob-other"') }) },
  ];
  yield [
    "repeats the key",
    {
      change: (response, { headers }) => ({
        ...response,
        headers: { ...response.headers, "x-request-id": String(headers["api-key"]) },
      }),
    },
  ];
}
