/** What a report says of a run, value by value, from results that are made up. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import type { Contract, Document, Overlay } from "../../scripts/contract/document.js";
import { applyOverlay } from "../../scripts/contract/overlay.js";
import { type Result, serviceChecks } from "../service/service-checks.js";
import { goodExchange, withResponse } from "../service/witness.js";
import type { Finding } from "../spec/check.js";
import { parseOptions } from "./options.js";
import { descriptionOf, exampleOf, titleOf, toReport } from "./report.js";

let contract: Contract;
beforeAll(async () => {
  const read = (file: string) => parse(readFileSync(join(__dirname, "../..", file), "utf8"));
  const [documented, overlay] = [read("openapi.yaml") as Document, read("observed.overlay.yaml") as Overlay];
  contract = { documented, overlay, accepted: await applyOverlay(documented, overlay) };
});

const reportOf = (results: readonly Result[], ...args: string[]) =>
  toReport({
    started: new Date("2026-11-25T10:00:00Z"),
    durationMs: 7,
    options: parseOptions(args),
    contract,
    results,
  });
const finding = (change: Partial<Finding> = {}): Finding => ({
  check: "body",
  verdict: "violation",
  pointer: "/status",
  message: "is wrong",
  ...change,
});
const result = (change: Partial<Result> = {}): Result => ({
  name: "no key",
  where: "here",
  exchange: goodExchange,
  findings: [],
  ...change,
});
const LONG = `a\u0007b\n${"c".repeat(3_000)}`;
const isPrintable = (text: string) => !/\p{Cc}/u.test(text) && text.length <= 2_001;

test("it says what was run, when, and with which options", () => {
  expect(reportOf([result()], "--target", "a", "--cancel", "b", "--strict", "--only", "body")).toMatchObject({
    format: 1,
    target: { kind: "service", name: "a" },
    time: { started: "2026-11-25T10:00:00.000Z", durationMs: 7 },
    options: { cancel: ["b"], strict: true, only: "body" },
    verdict: { kind: "good", exitCode: 0 },
  });
  expect(reportOf([], "--replay", "a").target).toEqual({ kind: "recordings", name: "a" });
  const embedded = reportOf([]);
  expect(embedded.target).toEqual({ kind: "embedded", name: "the contract and its embedded services" });
  expect(embedded.options).toEqual({ cancel: [], strict: false, only: null });
});

test("exchanges and checks have ids, times and the ids of their findings", () => {
  const report = reportOf([
    result({ exchange: { ...goodExchange, durationMs: 5 }, findings: [finding(), finding({ message: "is new" })] }),
    result({ name: "compiles", where: "contract", exchange: undefined as never, durationMs: 3 }),
    result({ findings: [finding({ verdict: "known-drift", action: "b" }), finding()] }),
    result({ name: "no such check", where: "contract", exchange: undefined as never }),
  ]);
  expect(report.exchanges.map(({ id, durationMs, findings }) => [id, durationMs, findings])).toEqual([
    ["exchange-1", 5, ["finding-1", "finding-2"]],
    ["exchange-2", null, ["finding-1", "finding-3"]],
  ]);
  expect(report.checks.map(({ id, name, durationMs, description }) => [id, name, durationMs, description])).toEqual([
    ["check-1", "compiles", 3, descriptionOf("compiles")],
    ["check-2", "no such check", null, ""],
  ]);
  expect(report.findings.map(({ id, seenIn, pointers }) => [id, seenIn, pointers])).toEqual([
    ["finding-1", ["exchange-1", "exchange-2"], ["/status"]],
    ["finding-2", ["exchange-1"], ["/status"]],
    ["finding-3", ["exchange-2"], ["/status"]],
  ]);
  expect(report.coverage.map(({ where, checked, withViolations }) => [where, checked, withViolations])).toEqual([
    ["here", 2, 2],
    ["contract", 2, 0],
  ]);
  expect(report.coverage[1]?.parts).toEqual([]);
  expect(exampleOf(report.findings[0] as never, report)?.id).toBe("exchange-1");
  expect(exampleOf(report.findings[2] as never, report)?.id).toBe("exchange-2");
  const drift = result({ findings: [finding({ verdict: "known-drift", action: "b" })] });
  expect(reportOf([drift]).coverage[0]?.withViolations).toBe(0);
  expect(descriptionOf("body")).toBe(serviceChecks.body.description);
});

test("the title of a finding is its action, or its place and what is wrong", () => {
  expect(titleOf({ pointers: ["/a"], message: "is b" })).toBe("/a is b");
  expect(titleOf({ pointers: [""], message: "is b" })).toBe("is b");
  expect(titleOf({ pointers: ["/a", "/b"], message: "is c" })).toBe("/a and 1 more place is c");
  expect(titleOf({ pointers: ["/a", "/b", "/c"], message: "is c" })).toBe("/a and 2 more places is c");
  expect(titleOf({ pointers: ["/a"], message: "is b", action: "An action." })).toBe("An action.");
});

describe("text from outside has no control character, and an end", () => {
  test("in an exchange", () => {
    const probe = { ...goodExchange.probe, method: LONG, path: LONG };
    const response = { ...goodExchange.response, headers: { date: LONG } };
    const exchange = { ...goodExchange, probe, requestHeaders: { [LONG]: LONG }, response };
    const [reported] = reportOf([result({ name: LONG, exchange })], "--replay", "a").exchanges;
    const { request, curl, name } = reported as NonNullable<typeof reported>;
    const texts = [request.method, request.path, curl as string, name, ...Object.entries(request.headers).flat()];
    expect(texts.filter((text) => !isPrintable(text))).toEqual([]);
    expect(texts.filter((text) => text.length < 1_900)).toEqual([]);
  });

  test("in a failure, and in the message of a finding", () => {
    const exchange = { ...goodExchange, response: { failure: LONG } };
    const report = reportOf([result({ exchange, findings: [finding({ message: LONG })] })]);
    const texts = [...report.exchanges.map(({ response }) => Object.values(response)[0]), report.findings[0]?.message];
    expect(texts.filter((text) => !isPrintable(text) || text.length < 1_900)).toEqual([]);
    expect(texts).toHaveLength(2);
  });
});

test("a response is shown in words, with the headers that a recording keeps", () => {
  const text = '{"id":"ab"}';
  const headers = { "retry-after": "5", "set-cookie": "a=1" };
  expect(
    reportOf([result({ exchange: withResponse(goodExchange, { headers, text }) })]).exchanges[0]?.response,
  ).toEqual({
    status: 200,
    headers: { "retry-after": "5" },
    body: { id: "<string, 2 characters>" },
  });
});

test("a request can be repeated at a service and after a recording, and not at an embedded service", () => {
  const curl = (...args: string[]) => reportOf([result()], ...args).exchanges[0]?.curl;
  expect(curl("--target", "a")).toMatch(/^curl -i -X POST -H "api-key: \$AZURE_OPENAI_API_KEY"/);
  expect(curl("--replay", "a")).toMatch(/^curl /);
  expect(curl()).toBeNull();
});

test("a finding has an excerpt of what came back, and places without private names", () => {
  const text = '{"metadata":{"private":1}}';
  const exchange = withResponse(goodExchange, { text });
  const [found] = reportOf([
    result({
      exchange,
      findings: [finding({ pointer: "/metadata/private" }), finding({ pointer: "/metadata/privacy" })],
    }),
  ]).findings;
  expect(found).toMatchObject({
    pointers: ["/metadata/<name, 7 characters>"],
    excerpt: '{ "metadata": { <name 1, 7 characters>: <integer, 1 digit> } }',
  });
  const failed = { ...goodExchange, response: { failure: "a" } };
  expect(reportOf([result({ exchange: failed, findings: [finding()] })]).findings[0]?.excerpt).toBeNull();
  const ofContract = result({ exchange: undefined as never, findings: [finding({ pointer: "/private/a" })] });
  expect(reportOf([ofContract]).findings[0]).toMatchObject({ pointers: ["/private/a"], excerpt: null });
});

describe("the tree of members", () => {
  const members = (status: "200" | "default", results: readonly Result[]) =>
    new Map(
      reportOf(results)
        .members.find((each) => each.status === status)
        ?.members.map(({ pointer, ...member }) => [pointer, member]),
    );

  test("counts the types of the values that came, by response", () => {
    const job = (seed: unknown) =>
      withResponse(goodExchange, { text: JSON.stringify({ seed, result_files: ["a", "b"] }) });
    const refused = withResponse(goodExchange, { status: 404, text: '{"error":{"code":"404"},"seed":1}' });
    const results = [job(1), job(null), refused].map((exchange) => result({ exchange }));
    expect(members("200", results).get("/seed")).toEqual({
      documented: "integer",
      accepted: "integer | null, or absent",
      seen: { integer: 1, null: 1 },
      drift: [],
      violations: [],
    });
    expect(members("200", results).get("/result_files")).toMatchObject({ seen: { array: 2 } });
    expect(members("200", results).get("/eval_id")).toMatchObject({ documented: null, seen: {} });
    expect(members("default", results).get("/error/code")).toMatchObject({ seen: { string: 1 } });
    expect(members("default", results).has("/seed")).toBe(false);
  });

  test("names the findings at a member, or in it", () => {
    const refused = withResponse(goodExchange, { status: 404 });
    const results = [
      result({
        findings: [
          finding({ pointer: "/result_files/0" }),
          finding({ pointer: "/metadata/a/b", message: "c" }),
          finding({ pointer: "/none", message: "d" }),
          finding({ pointer: "/seed", verdict: "known-drift", action: "e" }),
        ],
      }),
      result({ exchange: refused, findings: [finding({ pointer: "/error/code", message: "f" })] }),
    ];
    const [job, fault] = [members("200", results), members("default", results)];
    expect(job.get("/result_files")).toMatchObject({ violations: ["finding-1"], drift: [] });
    expect(job.get("/metadata")).toMatchObject({ violations: ["finding-2"] });
    expect(job.get("/seed")).toMatchObject({ violations: [], drift: ["finding-5"] });
    expect([...job.values()].filter(({ violations }) => violations.length > 0)).toHaveLength(2);
    expect(fault.get("/error/code")).toMatchObject({ violations: ["finding-4"] });
    expect(fault.get("/error")).toMatchObject({ violations: [] });
    expect(job.get("/error/code")).toMatchObject({ violations: [] });
  });
});

describe("coverage", () => {
  const parts = (...exchanges: Result["exchange"][]) => {
    const results = exchanges.map((exchange) => result({ exchange: exchange as NonNullable<typeof exchange> }));
    return new Map(reportOf(results).coverage[0]?.parts.map(({ what, ...part }) => [what, part]));
  };
  const named = (name: string) => ({ ...goodExchange, probe: { ...goodExchange.probe, name } });

  test("says what was attained, and what a cancelled job would add", () => {
    const refused = withResponse(goodExchange, { status: 404, text: '{"error":{"code":"404"}}' });
    const without = parts(refused);
    expect(without.get("operations")).toEqual({ attained: 1, attainable: 1, needCancel: 0, missing: [] });
    expect(without.get("responses")).toEqual({ attained: 1, attainable: 2, needCancel: 1, missing: ["200 body"] });
    expect(without.get("members")).toMatchObject({ attained: 2, attainable: 61 });
    expect(without.get("members")?.needCancel).toBeGreaterThan(50);
    expect(without.get("headers")?.needCancel).toBe(2);
    expect(without.get("headers")?.missing).toContain("default retry-after");
    expect(parts(goodExchange).get("members")?.needCancel).toBe(0);
    expect(parts(goodExchange).get("headers")?.missing).not.toContain("200 apim-request-id");
    for (const status of [101, 199, 300]) {
      const neither = withResponse(goodExchange, { status });
      expect(parts(neither).get("responses")?.missing).toEqual(["200 body"]);
    }
  });

  test("of the security: a request without a key, and one with a wrong key", () => {
    expect(parts(named("no key"), named("wrong key")).get("security")).toMatchObject({ attained: 2, missing: [] });
    expect(parts(named("no key at all")).get("security")).toMatchObject({ attained: 1, missing: ["wrong key"] });
    expect(parts(named("key")).get("security")).toMatchObject({ attained: 0 });
  });

  test("of no response there is none", () => {
    expect(parts({ ...named("no key"), response: { failure: "a" } }).get("operations")).toMatchObject({ attained: 0 });
    expect(parts({ ...named("no key"), response: { failure: "a" } }).get("security")).toMatchObject({ attained: 0 });
  });

  test("a member whose name looks like a place in the contract is none of it", () => {
    const seen = (text: string) => parts(withResponse(goodExchange, { status: 404, text })).get("members")?.attained;
    expect(seen('{"error/code":"a"}')).toBe(0);
    expect(seen('{"error":{"code":"a"}}')).toBe(2);
  });

  test("does not look deeper than a body of the contract is", () => {
    const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });
    const text = JSON.stringify({ error: deep(2_000) });
    expect(parts(withResponse(goodExchange, { text })).get("operations")).toMatchObject({ attained: 1 });
  });
});
