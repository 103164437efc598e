/** Judging takes time that grows like the answer, whatever is wrong in it, and no answer is too large for a report. */
import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import type { Contract } from "../../scripts/contract/document.js";
import { readContract } from "../../scripts/contract/read.js";
import { type SchemaValidator, violationsOf } from "../../scripts/contract/reference.js";
import { checkExchange } from "../service/service-checks.js";
import { createValidators, type Layer, type Validators } from "../service/validators.js";
import { goodExchange, withResponse } from "../service/witness.js";
import { toHtml } from "./html.js";
import { parseOptions } from "./options.js";
import { toReport } from "./report.js";

let contract: Contract;
let validators: Validators;
beforeAll(async () => {
  contract = await readContract(join(__dirname, "../.."));
  validators = createValidators(contract);
});

/** A job with so many integrations. */
function exchangeWith(integration: object, count: number) {
  const job = { ...JSON.parse(goodExchange.response.text), integrations: Array(count).fill(integration) };
  return withResponse(goodExchange, { text: JSON.stringify(job) });
}

const MANY = 200_000;

test.each([
  ["known drift", { type: "wandb", wandb: { project: "p", tags: null } }],
  ["known drift and violations", { type: "wandb", wandb: { project: 7, tags: null } }],
])("%s at many places: each layer validates the body as often as for one", async (_, integration) => {
  let asked = 0;
  const counting = ({ violationsOf, prismDiagnosticsOf }: Layer): Layer => ({
    violationsOf: (response) => {
      asked++;
      return violationsOf(response);
    },
    prismDiagnosticsOf,
  });
  const { documented, accepted, admittingAction } = validators;
  const layers = new Map<Layer, Layer>();
  const counted = (layer: Layer) => layers.get(layer) ?? (layers.set(layer, counting(layer)).get(layer) as Layer);
  const using: Validators = {
    ...{ documented: counted(documented), accepted: counted(accepted) },
    admittingAction: (refuses) => admittingAction((layer) => refuses(counted(layer))),
  };
  await checkExchange(exchangeWith(integration, 1), using);
  const once = asked;
  await checkExchange(exchangeWith(integration, 500), using);
  expect(asked).toBe(2 * once);
});

test("thousands of wrong items are validated in a time that a person waits", () => {
  const { response } = exchangeWith({}, 60_000);
  const began = performance.now();
  expect(validators.accepted.violationsOf(response).length).toBeGreaterThan(30_000);
  // At every item Ajv would copy the errors of all items before: 20 s and more.
  expect(performance.now() - began).toBeLessThan(8_000);
});

test("as many errors as an answer can have are no problem", async () => {
  const errors = [
    ...Array.from({ length: MANY }, (_, index) => ({ instancePath: `/a/${index}`, keyword: "minLength", params: {} })),
    { instancePath: "", keyword: "oneOf", params: {} },
  ];
  const refuse: SchemaValidator = Object.assign(() => false, { errors });
  const violations = violationsOf(refuse, {});
  expect(violations).toHaveLength(MANY);

  const layer: Layer = { violationsOf: () => violations, prismDiagnosticsOf: async () => [] };
  const using: Validators = { documented: layer, accepted: layer, admittingAction: async () => "" };
  const findings = await checkExchange(goodExchange, using);
  expect(findings).toHaveLength(MANY);

  const results = [{ name: "a", where: "b", exchange: goodExchange, findings }];
  const page = toHtml(toReport({ started: new Date(), durationMs: 1, options: parseOptions([]), results, contract }));
  expect(page).toContain(`<dd>and ${MANY - 100} more; contract.json has them all</dd>`);
  expect(page.match(/<dd><code>\/&lt;/g)).toHaveLength(100);
});
