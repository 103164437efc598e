/** The checks of a status and of a body, each by itself, with validators that say what a row wants. */
import { describe, expect, test } from "@jest/globals";
import type { Diagnostic } from "../../scripts/contract/prism.js";
import type { Violation } from "../../src/violations.js";
import type { Exchange, Probe, RecordedResponse } from "./exchange.js";
import { checkExchange, checkExchanges, serviceChecks } from "./service-checks.js";
import { type Layer, schemaOf, type Validators } from "./validators.js";
import { goodExchange, type ServiceCheck, withResponse } from "./witness.js";

const layer = (violations: readonly Violation[] = [], diagnostics: readonly Diagnostic[] = []): Layer => ({
  violationsOf: () => violations,
  prismDiagnosticsOf: async () => diagnostics,
});
/** The action is named after the layers, page and accepted, that refuse what it is about. */
const validators = (documented = layer(), accepted = layer()): Validators => ({
  documented,
  accepted,
  admittingAction: async (refuses) => `${await refuses(documented)}, ${await refuses(accepted)}`,
});

async function find(
  check: ServiceCheck,
  response: Partial<RecordedResponse>,
  expected: Probe["expect"] = "job",
  using = validators(),
) {
  const found: unknown[] = [];
  const exchange = withResponse(goodExchange, response, expected);
  if (check.isAbout?.(exchange) !== false) for await (const each of check.find(exchange, using)) found.push(each);
  return found;
}
const job = (status: unknown) => ({ status: 200, text: JSON.stringify({ id: goodExchange.probe.jobId, status }) });

describe("every check", () => {
  const { body, prism, ...others } = serviceChecks;

  test.each(Object.entries<ServiceCheck>({ ...others, body, prism }))("%s says what it demands", (_, check) => {
    expect(check.description).toMatch(/^[A-Z].*\.$/);
  });

  test.each(Object.entries<ServiceCheck>(others))(
    "%s finds its witness, and nothing in a good exchange",
    async (name, check) => {
      const findings = (exchange: Exchange) => checkExchange(exchange, validators());
      expect(await findings(goodExchange)).toEqual([]);
      expect(await findings(check.witness(goodExchange))).toEqual([
        expect.objectContaining({ check: name, verdict: "violation" }),
      ]);
    },
  );

  test("body and prism have a witness that only their validators can find", () => {
    const { headers } = goodExchange.response;
    expect(body.witness(goodExchange)).toEqual(withResponse(goodExchange, { status: 400, text: '{"error":7}' }, [400]));
    expect(prism.witness(goodExchange)).toEqual(
      withResponse(
        goodExchange,
        { status: 404, headers: { ...headers, "content-type": "text/json" }, text: "{}" },
        [404],
      ),
    );
  });
});

describe("expected-status", () => {
  const check = (status: number, expected: Probe["expect"]) =>
    find(serviceChecks["expected-status"], { status }, expected);

  test.each<[number, Probe["expect"]]>([
    [401, [401, 403]],
    [403, [401, 403]],
    [500, "any"],
    [500, "job"],
    [429, [429]],
  ])("%i is right where %j is expected", async (status, expected) => {
    expect(await check(status, expected)).toEqual([]);
  });

  test.each([200, 400, 404, 499])("%i is wrong where a refusal is expected", async (status) => {
    expect(await check(status, [401, 403])).toEqual([
      { pointer: "", message: `returned ${status}; 401 or 403 was expected` },
    ]);
  });

  test.each([500, 501, 999])("%i is left to the check server-error", async (status) => {
    expect(await check(status, [401, 403])).toEqual([]);
    expect(await find(serviceChecks["server-error"], { status }, [401, 403])).toHaveLength(1);
  });

  test("429 leaves it open", async () => {
    expect(await check(429, [401])).toEqual([
      { pointer: "", verdict: "not-verified", message: "returned 429, too many requests: ask again later" },
    ]);
  });
});

describe("cancelled", () => {
  const check = serviceChecks.cancelled;

  test.each([400, 409])("%i may be a finished job", async (status) => {
    expect(await find(check, { status, text: "{}" })).toEqual([
      {
        pointer: "",
        verdict: "not-verified",
        message: `returned ${status}: a finished job may be refused, so whether a job can be cancelled is not known`,
      },
    ]);
    expect(await find(check, { status, text: "{}" }, "any")).toEqual([]);
  });

  test.each([201, 204, 401, 404, 405, 411, 429, 500, 999])("%i is wrong", async (status) => {
    expect(await find(check, { ...job("cancelled"), status })).toEqual([
      { pointer: "", message: `returned ${status}; 200 with the cancelled job was expected` },
    ]);
  });

  test.each(["cancelled", "canceled", undefined])("a job that is %s is right, or another check's", async (status) => {
    expect(await find(check, job(status))).toEqual([]);
  });

  test("a job in another state is wrong, unless it is no state", async () => {
    const wrong = [{ pointer: "/status", message: "the job is running, not cancelled" }];
    const violation = (pointer: string) => layer([{ pointer, expected: "a", actual: "b" }]);
    expect(await find(check, job("running"))).toEqual(wrong);
    expect(await find(check, job("running"), "job", validators(layer(), violation("/id")))).toEqual(wrong);
    expect(await find(check, job("running"), "job", validators(violation("/status")))).toEqual(wrong);
    expect(await find(check, job("running"), "job", validators(layer(), violation("/status")))).toEqual([]);
    expect(await find(check, { text: "<p>" })).toEqual([]);
    expect(await find(check, { text: "null" })).toEqual([]);
  });
});

test.each<[number, Probe["expect"], boolean]>([
  [499, [401], false],
  [500, [401], true],
  [503, [503], true],
  [999, [401], true],
  [500, "any", false],
  [500, "job", false],
])("server-error: %i where %j is expected", async (status, expected, isWrong) => {
  const wrong = { pointer: "", message: `returned ${status}; a 4xx was expected` };
  expect(await find(serviceChecks["server-error"], { status }, expected)).toEqual(isWrong ? [wrong] : []);
});

test.each([
  [299, false],
  [300, true],
  [307, true],
  [399, true],
  [400, false],
])("redirect: %i", async (status, isWrong) => {
  const wrong = { pointer: "", message: `returned ${status}, a redirect` };
  expect(await find(serviceChecks.redirect, { status }, "any")).toEqual(isWrong ? [wrong] : []);
});

describe("same-job", () => {
  const check = serviceChecks["same-job"];
  test.each([200, 299])("another id is wrong with %i", async (status) => {
    expect(await find(check, { text: '{"id":"other"}', status })).toEqual([
      { pointer: "/id", message: "the job in the response is not the requested one", actual: "string" },
    ]);
  });

  test.each(['{"id":7}', "{}", "null", "[]", "<p>"])("%s is what the check `body` reports", async (text) => {
    expect(await find(check, { text })).toEqual([]);
  });

  test("it is about the answer to a cancel, and not about a refusal", async () => {
    expect(await find(check, job("running"))).toEqual([]);
    expect(await find(check, { text: '{"id":"other"}' }, "any")).toEqual([]);
    expect(await find(check, { text: '{"id":"other"}', status: 404 })).toEqual([]);
  });
});

test("the job is what 2xx answers with", () => {
  const statuses = [199, 200, 299, 300];
  expect(statuses.map((status) => schemaOf({ ...goodExchange.response, status }))).toEqual([
    "ErrorResponse",
    "FineTuningJob",
    "FineTuningJob",
    "ErrorResponse",
  ]);
});

test("credential-echo and answered", async () => {
  const echo = serviceChecks["credential-echo"];
  expect(await find(echo, { echoesCredential: true })).toEqual([
    { pointer: "", message: "the response contains the credential" },
  ]);
  expect(await find(echo, {})).toEqual([]);
  const failed = { ...goodExchange, response: { failure: "ECONNRESET" } };
  const missing = { pointer: "", message: "no complete response: ECONNRESET", check: "answered", verdict: "violation" };
  expect(await checkExchange(failed, validators())).toEqual([missing]);
  expect(await checkExchanges("here", [goodExchange, failed], validators())).toEqual([
    { name: goodExchange.probe.name, where: "here", exchange: goodExchange, findings: [] },
    { name: goodExchange.probe.name, where: "here", exchange: failed, findings: [missing] },
  ]);
});

describe("body", () => {
  const check = serviceChecks.body;
  const at = (pointer: string, expected = "string") => ({ pointer, expected, actual: "integer" });

  test("of a 2xx must be JSON; that of an error may come from a front end", async () => {
    expect(await find(check, { text: "<p>" })).toEqual([
      { pointer: "", message: "the body of a 2xx response is not JSON" },
    ]);
    expect(await find(check, { text: "<p>", status: 404 })).toEqual([]);
  });

  test("what neither contract admits is a violation, with what each of them admits", async () => {
    const using = validators(layer([at("/a", "null")]), layer([at("/a"), at("/b")]));
    expect(await find(check, {}, "job", using)).toEqual([
      {
        pointer: "/a",
        message: "expected string, got integer",
        documented: "null",
        accepted: "string",
        actual: "integer",
      },
      { pointer: "/b", message: "expected string, got integer", accepted: "string", actual: "integer" },
    ]);
  });

  test("what the page alone refuses is known drift, by the action that admits it", async () => {
    const using = validators(layer([at("/a"), at("/b")]), layer([at("/b")]));
    expect(await find(check, {}, "job", using)).toEqual([
      expect.objectContaining({ pointer: "/b", documented: "string" }),
      {
        pointer: "/a",
        message: "the page says string, got integer",
        verdict: "known-drift",
        documented: "string",
        actual: "integer",
        action: "true, false",
      },
    ]);
  });
});

describe("prism", () => {
  const check = serviceChecks.prism;
  const found = (pointer: string, about: Diagnostic["about"] = "body") => ({
    about,
    pointer,
    message: `at ${pointer}`,
  });
  const ajv = [{ pointer: "/a/b", expected: "string", actual: "integer" }];

  test("leaves out what Ajv reports there, above or below, by either contract", async () => {
    const diagnostics = [found("/a/b"), found("/a"), found(""), found("/a/b/c"), found("/a/bc"), found("", "response")];
    const kept = [
      { pointer: "/a/bc", message: "at /a/bc" },
      { pointer: "", message: "at " },
    ];
    const accepted = layer([], diagnostics);
    expect(await find(check, {}, "job", validators(layer(ajv), accepted))).toEqual(kept);
    expect(await find(check, {}, "job", validators(layer(), layer(ajv, diagnostics)))).toEqual(kept);
  });

  test("what the page alone refuses is known drift, unless it is about another part", async () => {
    const using = validators(
      layer([], [found("/a"), found("/b"), found("", "response")]),
      layer([], [found("/b"), found("/c", "body")]),
    );
    const drift = (pointer: string) => ({
      pointer,
      message: `at ${pointer}`,
      verdict: "known-drift",
      action: "true, false",
    });
    expect(await find(check, {}, "job", using)).toEqual([
      { pointer: "/b", message: "at /b" },
      { pointer: "/c", message: "at /c" },
      drift("/a"),
      drift(""),
    ]);
  });

  test("a media type is no drift when the whole body is refused as well", async () => {
    const using = (pointer: string) =>
      validators(layer([], [found("", "response")]), layer([], [found(pointer, "body")]));
    expect(await find(check, {}, "job", using(""))).toEqual([{ pointer: "", message: "at " }]);
    expect(await find(check, {}, "job", using("/b"))).toHaveLength(2);
  });

  test("it leaves a 2xx that is not JSON to the check `body`", async () => {
    const using = validators(layer([], [found("", "response")]), layer([], [found("", "response")]));
    expect(await find(check, { text: "<p>" }, "job", using)).toEqual([]);
    expect(await find(check, { text: "<p>", status: 404 }, "job", using)).toHaveLength(1);
  });

  test("what Ajv reports is no drift by Prism", async () => {
    expect(await find(check, {}, "job", validators(layer(ajv, [found("/a/b")])))).toEqual([]);
  });
});
