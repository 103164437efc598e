/** The parts of a recorded response that are compared, and the words for them, without values. */
import { expect, test } from "@jest/globals";
import type { Exchange, RecordedResponse } from "../service/exchange.js";
import { goodExchange, withResponse } from "../service/witness.js";
import { compareRecordings, describeDifferences } from "./recordings.js";

const WORDS = new Set(["id", "a/b"]);
const bare = { status: 200, headers: {}, text: "{}" };
const lines = (before: readonly Exchange[], after: readonly Exchange[]) =>
  compareRecordings(before, after, WORDS).map((each) => `${each.probe}, ${each.part}: ${each.before} → ${each.after}`);
const changed = (change: Partial<RecordedResponse>) =>
  lines([withResponse(goodExchange, bare)], [withResponse(goodExchange, { ...bare, ...change })]);

test.each([
  ["", "empty"],
  ["Secret <p>", "text"],
  [" <p>Secret</p>", "a page"],
  ["[]", "array"],
])("the body %j", (text, kind) => {
  expect(changed({ text })).toEqual([`cancel a job, body: object → ${kind}`]);
});

test.each([
  ["content-type", "text/html", "text/html"],
  ["retry-after", "5", "there"],
  ["retry-after", "5 s", "there, as a date"],
  ["retry-after", "in 5", "there, as a date"],
  ["retry-after-ms", "soon", "there, as a date"],
  ["x-ms-retry-after", "soon", "there"],
  ["date", "Wed, 25 Nov 2026 05:00:00 GMT", "there"],
])("the header %s: %s", (name, value, words) => {
  expect(changed({ headers: { [name]: value } })).toEqual([`cancel a job, header ${name}: absent → ${words}`]);
});

test.each([
  ["0xx", "/unknown member of 3 characters"],
  ["12", "/unknown member of 2 characters"],
  ["id", "/id"],
  ["secret", "/unknown member of 6 characters"],
  ["a/b", "/a~1b"],
])("the member %s", (name, place) => {
  expect(changed({ text: JSON.stringify({ [name]: 1 }) })).toEqual([`cancel a job, body ${place}: absent → integer`]);
});

test("a deep body is compared down to 100 levels", () => {
  const text = `{"id":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
  expect(changed({ text })).toHaveLength(100);
});

test("probes of the same name are counted", () => {
  const exchange = withResponse(goodExchange, bare);
  const names = lines([], [exchange, exchange, exchange]).map((line) => line.split(",")[0]);
  expect(names).toEqual(["cancel a job", "cancel a job (2)", "cancel a job (3)"]);
});

test("whatever a recording has is one line that no CI server takes for a command", () => {
  const named = (name: string) => ({ ...goodExchange, probe: { ...goodExchange.probe, name } });
  const hostile = "::error::a\n::error::b\u001b[2J##[error]c##vso[d]";
  const failed = { ...named(hostile), response: { failure: hostile } };
  const typed = withResponse(named("b"), { ...bare, headers: { "content-type": hostile, [hostile]: "" } });
  const text = describeDifferences(compareRecordings([named(hostile), named("b")], [failed, typed], WORDS));
  expect(text).toContain("error::a ::error::b");
  for (const line of text.split("\n")) expect(line).not.toMatch(/^\s*::|##\w*\[|(?!\n)\p{Cc}/u);
  expect(text.split("\n")[0]).toBe(`differences since the older recording: ${text.split("\n").length - 1}`);
});
