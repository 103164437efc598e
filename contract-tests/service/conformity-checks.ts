/** Checks of a response against both contracts. What only the accepted contract admits is known drift. */
import { MOST_VIOLATIONS } from "../../src/violations.js";
import { bodyOf } from "./exchange.js";
import { type Layer, schemaOf } from "./validators.js";
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
      const onPage = new Map(byPage.map(({ pointer, expected }) => [pointer, expected]));
      for (const { pointer, expected, actual } of byAccepted) {
        const message = `expected ${expected}, got ${actual}`;
        const asked = onPage.get(pointer);
        yield { pointer, message, ...(asked && { documented: asked }), accepted: expected, actual };
      }
      const reportedBy = oncePerLayer((layer) => layer.violationsOf(response));
      for (const drift of without(byPage, byAccepted)) {
        const { pointer, expected, actual } = drift;
        const action = await admittingAction(async (layer) => (await reportedBy(layer)).has(keyOf(drift)));
        const message = `the page says ${expected}, got ${actual}`;
        yield { pointer, message, verdict: "known-drift", documented: expected, actual, action };
      }
    },
    witness: (good) => withResponse(good, { status: 400, text: '{"error":7}' }, [400]),
  },

  prism: {
    description: "The status, the media type and the body conform to the contract, by Prism.",
    // The check `body` reports a 2xx that is not JSON, whatever its media type.
    isAbout: ({ response }) => bodyOf(response) !== undefined || schemaOf(response) !== "FineTuningJob",
    async *find({ response }, { documented, accepted, admittingAction, alone }) {
      // The check `body` words it better, so what it reports at a place, above it or below it is left out here.
      const isKnown = isNear([...documented.violationsOf(response), ...accepted.violationsOf(response)]);
      const isNew = (each: Place) => alone || each.about === "response" || !isKnown(each);
      const byPage = (await documented.prismDiagnosticsOf(response)).filter(isNew);
      const byAccepted = (await accepted.prismDiagnosticsOf(response)).filter(isNew);
      // Each has words of its own, so a body with many thousand would take too long to report.
      const most = alone ? MOST_VIOLATIONS : undefined;
      for (const { pointer, message } of byAccepted.slice(0, most)) yield { pointer, message };
      const reportedBy = oncePerLayer((layer) => layer.prismDiagnosticsOf(response));
      // What admits the media type, for another body, admits nothing here.
      const isRefused = byAccepted.some(({ about, pointer }) => about === "body" && pointer === "");
      for (const drift of without(byPage, byAccepted).slice(0, most)) {
        if (isRefused && drift.about === "response") continue;
        const action = await admittingAction(async (layer) => (await reportedBy(layer)).has(keyOf(drift)));
        yield { pointer: drift.pointer, message: drift.message, verdict: "known-drift", action };
      }
    },
    witness: (good) =>
      withResponse(
        good,
        { status: 404, headers: { ...good.response.headers, "content-type": "text/json" }, text: "{}" },
        [404],
      ),
  },
} satisfies Record<string, ServiceCheck>;

/** Where a problem is: in the body, unless it says otherwise. */
interface Place {
  readonly about?: "body" | "response";
  readonly pointer: string;
}

const keyOf = ({ about, pointer }: Place) => `${about} ${pointer}`;

/** The problems at whose place there is no other one. */
function without<Problem extends Place>(problems: readonly Problem[], others: readonly Place[]): Problem[] {
  const keys = new Set(others.map(keyOf));
  return problems.filter((each) => !keys.has(keyOf(each)));
}

/** The places of what a layer reports. It is asked once: a body can have many thousand places. */
function oncePerLayer(report: (layer: Layer) => readonly Place[] | Promise<readonly Place[]>) {
  const known = new Map<Layer, ReadonlySet<string>>();
  return async (layer: Layer): Promise<ReadonlySet<string>> => {
    const places = known.get(layer) ?? new Set((await report(layer)).map(keyOf));
    known.set(layer, places);
    return places;
  };
}

/** A function that says whether a place is that of one of these problems, above it or below it. */
function isNear(problems: readonly Place[]): (place: Place) => boolean {
  const places = new Set(problems.map(({ pointer }) => pointer));
  const above = new Set([...places].flatMap(withThoseAbove));
  return ({ pointer }) => above.has(pointer) || withThoseAbove(pointer).some((each) => places.has(each));
}

/** `/a/b`, `/a` and the whole body. */
function withThoseAbove(pointer: string): string[] {
  const steps = pointer.split("/");
  return steps.map((_, index) => steps.slice(0, index + 1).join("/"));
}
