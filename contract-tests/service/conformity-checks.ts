/** Checks of a response against both contracts. What only the accepted contract admits is known drift. */
import { bodyOf } from "./exchange.js";
import { schemaOf } from "./validators.js";
import { type ServiceCheck, withResponse } from "./witness.js";

export const conformityChecks = {
  body: {
    description: "The body conforms to the contract, by Ajv.",
    isAbout: ({ response }) => bodyOf(response) !== undefined || schemaOf(response) === "FineTuningJob",
    async *find({ response }, { documented, accepted, admittingAction }) {
      // An error may come from a front end and not be JSON; Prism then checks its media type.
      if (bodyOf(response) === undefined && schemaOf(response) === "FineTuningJob")
        yield { pointer: "", message: "the body of a 2xx response is not JSON" };
      const [byPage, byAccepted] = [documented.violationsOf(response), accepted.violationsOf(response)];
      for (const violation of byAccepted) {
        const { pointer, expected, actual } = violation;
        const onPage = byPage.find(at(violation))?.expected;
        const message = `expected ${expected}, got ${actual}`;
        yield { pointer, message, ...(onPage && { documented: onPage }), accepted: expected, actual };
      }
      for (const drift of byPage.filter((each) => !byAccepted.some(at(each)))) {
        const { pointer, expected, actual } = drift;
        const action = await admittingAction((layer) => layer.violationsOf(response).some(at(drift)));
        const message = `the page says ${expected}, got ${actual}`;
        yield { pointer, message, verdict: "known-drift", documented: expected, actual, action };
      }
    },
    witness: (good) => withResponse(good, { status: 400, text: '{"error":7}' }, [400]),
  },

  prism: {
    description: "The status, the media type and the body conform to the contract, by Prism.",
    async *find({ response }, { documented, accepted, admittingAction }) {
      // The check `body` words it better, so what it reports at a place, above it or below it is left out here.
      const byAjv = [...documented.violationsOf(response), ...accepted.violationsOf(response)];
      const isNew = ({ about, pointer }: Place) =>
        about === "response" ||
        !byAjv.some((each) => isWithin(each.pointer, pointer) || isWithin(pointer, each.pointer));
      const byPage = (await documented.prismDiagnosticsOf(response)).filter(isNew);
      const byAccepted = (await accepted.prismDiagnosticsOf(response)).filter(isNew);
      for (const { pointer, message } of byAccepted) yield { pointer, message };
      for (const drift of byPage.filter((each) => !byAccepted.some(at(each)))) {
        const action = await admittingAction(async (layer) =>
          (await layer.prismDiagnosticsOf(response)).some(at(drift)),
        );
        yield { pointer: drift.pointer, message: drift.message, verdict: "known-drift", action };
      }
    },
    witness: (good) =>
      withResponse(
        good,
        { status: 404, headers: { ...good.response.headers, "content-type": "text/plain" }, text: "{}" },
        [404],
      ),
  },
} satisfies Record<string, ServiceCheck>;

/** Where a problem is: in the body, unless it says otherwise. */
interface Place {
  readonly about?: "body" | "response";
  readonly pointer: string;
}

/** Whether another problem is at the same place. */
const at = (place: Place) => (other: Place) => other.pointer === place.pointer && other.about === place.about;

function isWithin(pointer: string, ancestor: string): boolean {
  return pointer === ancestor || pointer.startsWith(`${ancestor}/`);
}
