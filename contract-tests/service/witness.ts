/** An exchange that conforms, and what the witnesses of the service checks change in it. */
import type { Check } from "../spec/check.js";
import { fullValue } from "../tables/bodies.js";
import { schemas } from "../tables/page.js";
import type { AnsweredExchange, Exchange, Probe, RecordedResponse } from "./exchange.js";
import { cancelProbe, keyCredential } from "./probes.js";
import type { Validators } from "./validators.js";

export type ServiceCheck = Check<AnsweredExchange, Validators, Exchange>;

const job = { ...(fullValue(schemas, "FineTuningJob") as { id: string }), status: "cancelled" };
const { headers: requestHeaders, secret: _, ...probe } = cancelProbe(job.id, keyCredential("***"));

/** A cancelled job, as the page describes it. */
export const goodExchange: AnsweredExchange = {
  probe,
  requestHeaders,
  endpoint: "http://127.0.0.1",
  response: {
    status: 200,
    headers: { "content-type": "application/json", "apim-request-id": "apim-1", "x-request-id": "request-1" },
    text: JSON.stringify(job),
    echoesCredential: false,
  },
};

/** The same exchange with a changed response, and perhaps another one expected. */
export function withResponse(
  exchange: AnsweredExchange,
  change: Partial<RecordedResponse>,
  expect: Probe["expect"] = exchange.probe.expect,
): AnsweredExchange {
  return {
    ...exchange,
    probe: { ...exchange.probe, expect },
    response: { ...exchange.response, ...change },
  };
}
