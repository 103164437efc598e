import { expect, test } from "@jest/globals";
import { runCheck } from "./check.js";

const find = () => [
  { pointer: "/a", message: "wrong" },
  { pointer: "/b", message: "not seen", verdict: "not-verified" as const },
];

test("a finding has the name of its check, and is a violation unless it says otherwise", async () => {
  expect(await runCheck("demand", { find }, {}, undefined)).toEqual([
    { check: "demand", verdict: "violation", pointer: "/a", message: "wrong" },
    { check: "demand", verdict: "not-verified", pointer: "/b", message: "not seen" },
  ]);
});

test.each([
  [true, 2],
  [false, 0],
])("whether it is about the subject: %s, so it finds %i", async (about, count) => {
  expect(await runCheck("demand", { find, isAbout: () => about }, {}, undefined)).toHaveLength(count);
});
