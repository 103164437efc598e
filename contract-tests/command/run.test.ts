import { describe, expect, test } from "@jest/globals";
import type { Contract } from "../../scripts/contract/document.js";
import type { Result } from "../service/service-checks.js";
import { goodExchange, withResponse } from "../service/witness.js";
import type { Finding } from "../spec/check.js";
import { CannotCheck, parseOptions } from "./options.js";
import { checkOnly, counted, groupFindings, resultsOf, verdictOf, withoutIndexes } from "./run.js";

const finding = (verdict: Finding["verdict"], change: Partial<Finding> = {}): Finding => ({
  check: "body",
  verdict,
  pointer: "/status",
  message: "is wrong",
  ...change,
});
const result = (findings: readonly Finding[], change: Partial<Result> = {}): Result => ({
  name: "no key",
  where: "here",
  exchange: goodExchange,
  findings,
  ...change,
});
const [violation, unverified, drift] = [finding("violation"), finding("not-verified"), finding("known-drift")];
const members = { status: {}, seed: {}, a: {}, b: {} };
const document = { components: { schemas: { Job: { properties: members } } } };
const contract = { documented: document, accepted: document } as unknown as Contract;
const verdict = (results: readonly Result[], ...args: string[]) =>
  verdictOf({ results, options: parseOptions(args), contract });

test.each<[Finding[], string[], string, number, string]>([
  [[], [], "good", 0, "Good: no violation, no known drift at here (1 checked)."],
  [[], ["--strict"], "good", 0, "Good: no violation, no known drift at here (1 checked)."],
  [[drift], [], "known-drift", 0, "Known drift: no violation, 1 known drift at here (1 checked)."],
  [
    [drift],
    ["--strict"],
    "known-drift",
    1,
    "Known drift: no violation, 1 known drift at here (1 checked). --strict refuses known drift.",
  ],
  [
    [unverified],
    [],
    "not-verified",
    2,
    "Not verified: no violation, 1 not verified, no known drift at here (1 checked).",
  ],
  [
    [drift, unverified],
    [],
    "not-verified",
    2,
    "Not verified: no violation, 1 not verified, 1 known drift at here (1 checked).",
  ],
  [
    [unverified, drift],
    ["--strict"],
    "known-drift",
    1,
    "Known drift: no violation, 1 not verified, 1 known drift at here (1 checked). --strict refuses known drift.",
  ],
  [
    [unverified],
    ["--strict"],
    "not-verified",
    2,
    "Not verified: no violation, 1 not verified, no known drift at here (1 checked).",
  ],
  [
    [drift, unverified, violation],
    [],
    "violation",
    1,
    "Violation: 1 violation, 1 not verified, 1 known drift at here (1 checked).",
  ],
  [[drift, violation], ["--strict"], "violation", 1, "Violation: 1 violation, 1 known drift at here (1 checked)."],
  [[], ["--only", "body"], "good", 0, "Good: no violation, no known drift at here, by body alone (1 checked)."],
])("%j with %j", (findings, args, kind, exitCode, sentence) => {
  expect(verdict([result(findings)], ...args)).toEqual({ kind, exitCode, sentence });
});

test("the verdict counts each finding once, and names each place once", () => {
  const results = [
    result([violation]),
    result([violation, finding("violation", { pointer: "/seed" })]),
    result([], { where: "there" }),
  ];
  expect(verdict(results).sentence).toBe("Violation: 2 violations, no known drift at here, there (3 checked).");
});

test("a count is in words", () => {
  expect([0, 1, 2].map((count) => counted(count, "violation"))).toEqual([
    "no violation",
    "1 violation",
    "2 violations",
  ]);
});

describe("findings are the same", () => {
  const failed = { ...goodExchange, response: { failure: "ECONNRESET" } };
  const refusal = withResponse(goodExchange, { status: 404 });
  const groups = (...results: Result[]) =>
    groupFindings(results, contract).map(({ results, pointers }) => [results.length, pointers]);
  const of = (change: Partial<Finding>, more: Partial<Result> = {}) => result([finding("violation", change)], more);

  test("in several results, and several times in one", () => {
    expect(groups(of({}), of({}))).toEqual([[2, ["/status"]]]);
    expect(groups(result([violation, violation]))).toEqual([[1, ["/status"]]]);
  });

  test("at several places of a list", () => {
    expect(groups(of({ pointer: "/a/0/b" }), of({ pointer: "/a/11/b" }))).toEqual([[2, ["/a/0/b", "/a/11/b"]]]);
  });

  test("at members that the contract does not name, and not at others of the same name elsewhere", () => {
    expect(groups(of({ pointer: "/a/private" }), of({ pointer: "/a/other" }))).toEqual([
      [2, ["/a/private", "/a/other"]],
    ]);
    const inContract = { exchange: undefined as never };
    expect(groups(of({ pointer: "/x/1" }, inContract), of({ pointer: "/y/2" }, inContract))).toHaveLength(2);
  });

  test("at several places of a list in the contract", () => {
    const inContract = { exchange: undefined as never };
    expect(groups(of({ pointer: "/x/1" }, inContract), of({ pointer: "/x/2" }, inContract))).toEqual([
      [2, ["/x/1", "/x/2"]],
    ]);
  });

  test("as drift that one action admits, wherever it is", () => {
    const drifts = [{ action: "a" }, { action: "a", pointer: "/b", message: "c" }, { action: "d" }];
    expect(groups(...drifts.map((each) => result([finding("known-drift", each)])))).toEqual([
      [2, ["/status", "/b"]],
      [1, ["/status"]],
    ]);
  });

  test.each<[string, Result, Result]>([
    ["in the job and in an error", of({}), of({}, { exchange: refusal })],
    ["in a body and in the contract", of({}), of({}, { exchange: undefined as never })],
    ["at another place", of({}), of({ pointer: "/seed" })],
    ["with another message", of({}), of({ message: "b" })],
    ["by another check", of({}), of({ check: "prism" })],
    ["with another verdict", of({}), result([unverified])],
  ])("not %s", (_, one, other) => {
    expect(groups(one, other)).toHaveLength(2);
  });

  test.each<[string, Result, Result]>([
    ["of the whole response, whatever its status", of({ pointer: "" }), of({ pointer: "" }, { exchange: refusal })],
    ["without a response", of({}, { exchange: failed }), of({}, { exchange: failed })],
  ])("%s", (_, one, other) => {
    expect(groups(one, other)).toHaveLength(1);
  });

  test("the worst come first", () => {
    expect(groupFindings([result([drift, unverified, violation])], contract).map((each) => each.verdict)).toEqual([
      "violation",
      "not-verified",
      "known-drift",
    ]);
  });
});

test.each([
  ["/a/0", "/a"],
  ["/a/10/b/2", "/a/b"],
  ["/a0/0b", "/a0/0b"],
  ["", ""],
])("%j without places in lists is %j", (pointer, expected) => {
  expect(withoutIndexes(pointer)).toBe(expected);
});

describe("--only", () => {
  test.each([[[]], [["--only", "body", "--target", "a"]], [["--only", "compiles"]]])(
    "%j has something to judge",
    (args) => {
      expect(() => checkOnly(parseOptions(args))).not.toThrow();
    },
  );

  test.each([
    [["--only", "bodies"], "--only bodies: no such check. --list lists them."],
    [["--only", "constructor"], "--only constructor: no such check. --list lists them."],
    [
      ["--only", "compiles", "--target", "a"],
      "--only compiles checks the contract itself. Leave out --target and --replay.",
    ],
    [
      ["--only", "compiles", "--replay", "a"],
      "--only compiles checks the contract itself. Leave out --target and --replay.",
    ],
  ])("%j has not", (args, message) => {
    expect(() => checkOnly(parseOptions(args))).toThrow(new CannotCheck(message));
  });

  test("keeps what the check is about, and its findings", () => {
    const exchange = result([violation, finding("violation", { check: "redirect" })]);
    const compiles: Result = {
      name: "compiles",
      where: "contract",
      findings: [finding("violation", { check: "compiles" })],
    };
    const others: Result = { name: "dialect", where: "contract", findings: [] };
    const results = [exchange, compiles, others];
    expect(resultsOf(results, {})).toBe(results);
    expect(resultsOf(results, { only: "body" })).toEqual([{ ...exchange, findings: [violation] }]);
    expect(resultsOf(results, { only: "compiles" })).toEqual([compiles]);
  });

  test("keeps what has no complete response, and leaves out what the check has nothing to judge in", () => {
    const lost = result([finding("violation", { check: "answered" })], {
      exchange: { ...goodExchange, response: { failure: "ECONNRESET" } },
    });
    const refusal = result([], { exchange: withResponse(goodExchange, { status: 404, text: "" }, [404]) });
    expect(resultsOf([lost, refusal], { only: "body" })).toEqual([lost]);
    expect(resultsOf([lost, refusal], { only: "server-error" })).toEqual([lost, refusal]);
  });

  test.each([
    ["cancelled", 200, "{}", [404]],
    ["same-job", 404, "{}", "job"],
    ["expected-status", 404, "{}", "job"],
    ["server-error", 404, "{}", "any"],
    ["unique-members", 404, "", [404]],
    ["times", 200, '{"created_at":null}', "job"],
    ["body", 404, "<p>", [404]],
    ["headers", 404, "{}", [404]],
  ] as const)("%s judges nothing in %i %s, so there is no verdict", (only, status, text, expected) => {
    const exchange = withResponse(goodExchange, { status, text, headers: {} }, expected);
    const results = resultsOf([result([], { exchange })], { only });
    expect(verdict(results, "--only", only)).toEqual({
      ...{ kind: "not-verified", exitCode: 2, sentence: `Not verified: ${only} had nothing to judge.` },
    });
  });
});
