import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import type { Action, Contract } from "../../scripts/contract/document.js";
import { applyOverlay } from "../../scripts/contract/overlay.js";
import { readContract } from "../../scripts/contract/read.js";
import { compileSchemas } from "../../scripts/contract/schemas.js";
import { runCheck } from "../spec/check.js";
import { bodyCases } from "../tables/bodies.js";
import { observedSchemas } from "../tables/observed.js";
import { schemas } from "../tables/page.js";
import { checkExchange, serviceCheckNames, serviceChecks } from "./service-checks.js";
import { createValidators, type Validators } from "./validators.js";
import { goodExchange, withResponse } from "./witness.js";

let contract: Contract;
let validators: Validators;
beforeAll(async () => {
  contract = await readContract(join(__dirname, "../.."));
  validators = createValidators(contract);
});

test("no check finds anything in a response that conforms", async () => {
  expect(await checkExchange(goodExchange, validators)).toEqual([]);
});

test.each(serviceCheckNames)("the check %s, and no other, finds its witness", async (name) => {
  const findings = await checkExchange(serviceChecks[name].witness(goodExchange), validators);
  expect(findings).toEqual([expect.objectContaining({ check: name, verdict: "violation" })]);
});

test.each([
  ["cancelled", withResponse(goodExchange, { headers: { "content-type": "text/html" }, text: "<p>" }), "violation"],
  [
    "cancelled",
    withResponse(goodExchange, { text: JSON.stringify({ id: "another", status: "cancelled" }) }),
    "violation",
  ],
  [
    "cancelled",
    withResponse(goodExchange, { text: goodExchange.response.text.replace('"cancelled"', '"gone"') }),
    "violation",
  ],
  ["expected-status", withResponse(goodExchange, { status: 500, text: "{}" }, [401]), "violation"],
  ["prism", withResponse(goodExchange, { status: 400, text: '{"error":{"message":7}}' }), "violation"],
  [
    "prism",
    withResponse(goodExchange, { text: goodExchange.response.text.replace(/"seed":\d+/, '"seed":null') }),
    "known-drift",
  ],
] as const)(
  "%s, when it judges alone, finds what it otherwise leaves to another check (%#)",
  async (name, exchange, verdict) => {
    const found = await runCheck(name, serviceChecks[name], exchange, validators);
    const alone = await runCheck(name, serviceChecks[name], exchange, { ...validators, alone: true });
    expect(found).toEqual([]);
    expect(new Set(alone.map((each) => each.verdict))).toEqual(new Set([verdict]));
  },
);

test("prism, when it judges alone, reports a hundred places of a body at most", async () => {
  const metadata = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`name ${index}`, 7]));
  const text = JSON.stringify({ ...JSON.parse(goodExchange.response.text), metadata });
  const exchange = withResponse(goodExchange, { text });
  expect(await runCheck("prism", serviceChecks.prism, exchange, { ...validators, alone: true })).toHaveLength(100);
});

describe("known drift is credited to the action without which it would be a violation", () => {
  const refusal = (status: number, text: string, headers: Record<string, string>) =>
    withResponse(goodExchange, { status, headers, text }, "any");
  const html = { "content-type": "text/html" };
  const page = refusal(502, "<html></html>", html);
  const text = refusal(401, "Unauthorized", { "content-type": "text/plain; charset=us-ascii" });
  const job = (change: object) =>
    withResponse(goodExchange, { text: JSON.stringify({ ...JSON.parse(goodExchange.response.text), ...change }) });
  /** The actions that the drift in an exchange is credited to. */
  const credited = async (exchange: typeof goodExchange, using: Validators) =>
    (await checkExchange(exchange, using)).map(({ verdict, action }) => `${verdict}: ${action}`);
  const withActions = async (actions: readonly Action[]) => {
    const overlay = { ...contract.overlay, actions: [...actions] };
    return createValidators({ ...contract, overlay, accepted: await applyOverlay(contract.documented, overlay) });
  };

  test("in the body", async () => {
    expect(await credited(job({ seed: null, status: "canceled" }), validators)).toEqual([
      "known-drift: `status` is `canceled` with one l (Azure).",
      "known-drift: `seed` is null (OpenAI's newest cancel example).",
    ]);
  });

  test("in every body of the tables", async () => {
    const { documented, overlay } = contract;
    const bodies = new Map<string | undefined, unknown>();
    for (const { body, good } of bodyCases(observedSchemas, "FineTuningJob", [schemas, observedSchemas])) {
      if (!good) continue;
      const exchange = withResponse(goodExchange, { text: JSON.stringify(body) });
      for (const { action } of await runCheck("body", serviceChecks.body, exchange, validators))
        bodies.set(action, body);
    }
    expect(bodies.size).toBeGreaterThan(20);
    for (const [action, body] of bodies) {
      const actions = overlay.actions.filter(({ description }) => description !== action);
      const without = compileSchemas(await applyOverlay(documented, { ...overlay, actions }));
      expect({ action, admitted: without("FineTuningJob")(body) }).toEqual({ action, admitted: false });
    }
  });

  test("in the media type, whatever other actions say about HTML", async () => {
    const target = "$.components.schemas.ErrorResponse";
    const mention: Action = { target, description: "Mentions text/html.", update: { description: "text/html" } };
    expect(new Set(await credited(page, await withActions([mention, ...contract.overlay.actions])))).toEqual(
      new Set(["known-drift: An error answer with status 502 is an HTML page (front ends)."]),
    );
  });

  test.each([
    ["text with 401", text, "401"],
    ["no body with 401", refusal(401, "", {}), "401"],
    ["no body with 405", refusal(405, "", { allow: "POST" }), "405"],
    ["no body with 405, whatever its type", refusal(405, "", { allow: "POST", ...html }), "405"],
    ["HTML with 502", page, "502"],
  ])("%s, by an action on its own", async (_, exchange, status) => {
    const action = contract.overlay.actions.find(({ description }) =>
      description.includes(`answer with status ${status}`),
    );
    expect(new Set(await credited(exchange, await withActions([action as Action])))).toEqual(
      new Set([`known-drift: ${action?.description}`]),
    );
  });

  test.each([
    ["text with 403", refusal(403, "Forbidden", { "content-type": "text/plain" })],
    ["text with 405", refusal(405, "No", { "content-type": "text/plain" })],
    ["no body with 404", refusal(404, "", {})],
    ["HTML with 404", refusal(404, "<html></html>", html)],
    ["HTML with 401", refusal(401, "<html></html>", html)],
    ["text with 502", refusal(502, "Bad Gateway", { "content-type": "text/plain" })],
  ])("%s is a violation: it was seen with another status only", async (_, exchange) => {
    expect(await checkExchange(exchange, validators)).toContainEqual(
      expect.objectContaining({ check: "prism", verdict: "violation" }),
    );
  });

  test.each(["401", "null", '"Unauthorized"', '{"message":"Unauthorized"}', '{"error":7}', "[]"])(
    "an error that says it is text is text: %s",
    async (text) => {
      const types = { 401: "text/plain", 502: "text/html; charset=utf-8" };
      for (const [status, type] of Object.entries(types)) {
        const found = await checkExchange(refusal(Number(status), text, { "content-type": type }), validators);
        expect(new Set(found.map(({ check, verdict }) => `${check}: ${verdict}`))).toEqual(
          new Set(["prism: known-drift"]),
        );
      }
    },
  );

  test.each(["application/json;", "application/json; ; charset=utf-8 ;"])("%s is JSON", async (type) => {
    const headers = { "content-type": type };
    expect(await checkExchange(withResponse(goodExchange, { headers }), validators)).toEqual([]);
    expect(await checkExchange(refusal(400, "{}", headers), validators)).toEqual([]);
  });

  test.each(["application/json; charset", "application/json;=", ";"])("%s is no media type", async (type) => {
    const exchange = withResponse(goodExchange, { headers: { "content-type": type } });
    expect(await checkExchange(exchange, validators)).toEqual([
      expect.objectContaining({ check: "prism", verdict: "violation" }),
    ]);
  });

  test("drift in the body does not hide a wrong media type", async () => {
    const exchange = withResponse(job({ seed: null }), { headers: { "content-type": "text/plain" } });
    expect(await checkExchange(exchange, validators)).toEqual([
      expect.objectContaining({ check: "body", verdict: "known-drift", pointer: "/seed" }),
      expect.objectContaining({ check: "prism", verdict: "violation" }),
    ]);
  });
});
