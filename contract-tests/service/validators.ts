/** Validates responses by the documented and by the accepted contract, with Ajv and with Prism. */
import {
  type Contract,
  ContractError,
  componentName,
  type Document,
  type Schema,
} from "../../scripts/contract/document.js";
import { applyOverlay } from "../../scripts/contract/overlay.js";
import type { Diagnostic, ParsedResponse } from "../../scripts/contract/prism.js";
import { violationsOf } from "../../scripts/contract/reference.js";
import { compileSchemas } from "../../scripts/contract/schemas.js";
import type { Violation } from "../../src/violations.js";
import { bodyOf, isSuccess, type RecordedResponse } from "./exchange.js";

/** The validators of one document. */
export interface Layer {
  /** What Ajv reports about the body; nothing for a body that is not JSON. */
  violationsOf(response: RecordedResponse): readonly Violation[];
  /** What Prism reports about the whole response. */
  prismDiagnosticsOf(response: RecordedResponse): Promise<readonly Diagnostic[]>;
}

export interface Validators {
  /** Whether one check judges by itself. It then reports also what it otherwise leaves to another check. */
  readonly alone?: boolean;
  readonly documented: Layer;
  readonly accepted: Layer;
  /**
   * The description of the overlay action without which known drift would be a violation. `refuses` says whether a layer
   * reports the drift as a violation; the documented layer must, and the accepted one must not.
   */
  admittingAction(refuses: (layer: Layer) => boolean | Promise<boolean>): Promise<string>;
}

/** The component that describes the body of a response. */
export function schemaOf(response: RecordedResponse): "FineTuningJob" | "ErrorResponse" {
  return isSuccess(response) ? "FineTuningJob" : "ErrorResponse";
}

export function createValidators({ documented, accepted, overlay }: Contract): Validators {
  const { actions } = overlay;
  const layers = new Map<number, Layer>([
    [0, createLayer(documented)],
    [actions.length, createLayer(accepted)],
  ]);
  /** The layer with only the first `count` actions. */
  const layerWith = async (count: number): Promise<Layer> => {
    const layer =
      layers.get(count) ??
      createLayer(await applyOverlay(documented, { ...overlay, actions: actions.slice(0, count) }));
    layers.set(count, layer);
    return layer;
  };
  return {
    documented: layers.get(0) as Layer,
    accepted: layers.get(actions.length) as Layer,
    // Actions only widen, so a binary search finds the action before which the violation is there, and after which not.
    async admittingAction(refuses) {
      let [refusing, admitting] = [0, actions.length];
      while (admitting - refusing > 1) {
        const middle = Math.floor((refusing + admitting) / 2);
        if (await refuses(await layerWith(middle))) refusing = middle;
        else admitting = middle;
      }
      return actions[refusing]?.description ?? "";
    },
  };
}

function createLayer(document: Document): Layer {
  const compile = compileSchemas(inlined(document));
  let prism: Promise<(response: ParsedResponse) => Diagnostic[]> | undefined;
  return {
    violationsOf(response) {
      const body = bodyOf(response);
      return body === undefined ? [] : violationsOf(compile(schemaOf(response)), body);
    },
    async prismDiagnosticsOf(response) {
      prism ??= createPrism(document);
      if (response.text === "") {
        // The contract writes a response without a body as an empty text, whatever its media type.
        const headers = { ...response.headers, "content-type": "text/plain" };
        const found = (await prism)({ ...response, headers, body: "" });
        return found.length > 0 ? [aboutResponse("the response has no body")] : [];
      }
      const found = (await prism)({ ...response, body: bodyOf(response) ?? response.text });
      // What has a media type of its own is described by nothing, so there is nothing more to say about the body.
      const ofResponse = found.filter(({ about }) => about === "response");
      if (ofResponse.length === 0) return found;
      // Prism lists what was expected instead, which differs from status to status.
      return response.headers["content-type"] ? ofResponse : [aboutResponse("the response has no media type")];
    },
  };
}

const aboutResponse = (message: string): Diagnostic => ({ about: "response", pointer: "", message });

/**
 * The document with components in place of references to them: at a reference, Ajv copies all errors that it has so far, which
 * takes too long for a list with many thousand wrong items. A component inside itself stays a reference.
 */
function inlined(document: Document): Document {
  const { schemas } = document.components;
  const inline = (node: unknown, inside: readonly string[]): unknown => {
    if (typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) return node.map((each) => inline(each, inside));
    const name = componentName((node as Schema).$ref);
    if (Object.hasOwn(schemas, name) && !inside.includes(name)) return inline(schemas[name], [...inside, name]);
    return Object.fromEntries(Object.entries(node).map(([member, each]) => [member, inline(each, inside)]));
  };
  const components = { ...document.components, schemas: inline(schemas, []) as typeof schemas };
  return { ...document, components };
}

/** Loading Prism takes longer than all else, and not every use of this module needs it. */
async function createPrism(document: Document) {
  const { createPrismValidator } = await import("../../scripts/contract/prism.js");
  return createPrismValidator(document);
}

/** Throws {@link ContractError} unless every validator reports a response that is plainly wrong: only then does its silence mean anything. */
export async function checkValidatorsDetectViolations({ documented, accepted }: Validators): Promise<void> {
  // A number in place of the job: no overlay can admit it.
  const wrong = { status: 200, headers: { "content-type": "application/json" }, text: "7", echoesCredential: false };
  const found = {
    "Prism, with openapi.yaml": await documented.prismDiagnosticsOf(wrong),
    "Prism, with the accepted contract": await accepted.prismDiagnosticsOf(wrong),
    "Ajv, with openapi.yaml": documented.violationsOf(wrong),
    "Ajv, with the accepted contract": accepted.violationsOf(wrong),
  };
  for (const [validator, findings] of Object.entries(found))
    if (findings.length === 0)
      throw new ContractError(validator, "it reports nothing for a response that is wrong, so it cannot be trusted.");
}
