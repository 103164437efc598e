import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { enterFolderOfCall, isProgram } from "../../scripts/tools/folders.js";

const printed: string[] = [];
const exitCode = process.exitCode;
beforeEach(() => {
  jest.resetModules();
  printed.length = 0;
  jest.spyOn(console, "log").mockImplementation((text) => void printed.push(text));
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = exitCode;
});

const steps = async () => await import("../../scripts/tools/steps.js");

test("steps that all pass are exit code 0", async () => {
  const { finish, report } = await steps();
  report("one", undefined);
  report("two", undefined);
  finish();
  expect(printed).toEqual(["ok    one", "ok    two", "2 passed, 0 failed"]);
  expect(process.exitCode).toBe(0);
});

test("one that fails is exit code 1, with its reason below it", async () => {
  const { finish, report } = await steps();
  report("one", undefined);
  report("two", "a\nb\n");
  report("three", " ");
  finish();
  expect(printed).toEqual([
    "ok    one",
    "FAIL  two\n      a\n      b",
    "FAIL  three\n      no reason given",
    "1 passed, 2 failed",
  ]);
  expect(process.exitCode).toBe(1);
});

test("a command enters the folder of its call when npm has entered that of the project", () => {
  const chdir = jest.spyOn(process, "chdir").mockImplementation(() => {});
  const cwd = jest.spyOn(process, "cwd").mockReturnValue("/project");
  const program = "/project/contract-tests/command/contract.ts";
  expect(enterFolderOfCall(program, { INIT_CWD: "/called" })).toBe("/project");
  expect(chdir.mock.calls).toEqual([["/called"]]);
  enterFolderOfCall(program, {});
  enterFolderOfCall(program, { INIT_CWD: "" });
  cwd.mockReturnValue("/elsewhere");
  expect(enterFolderOfCall(program, { INIT_CWD: "/called" })).toBe("/project");
  expect(chdir).toHaveBeenCalledTimes(1);
});

test("a program is the file that the process runs", () => {
  expect(isProgram("/a/diff/diff.ts", "/diff/diff.ts")).toBe(true);
  expect(isProgram("/a/diff/diff", "/diff/diff.ts")).toBe(true);
  expect(isProgram("/a/jest.js", "/diff/diff.ts")).toBe(false);
  expect(isProgram("/diff/diff.ts/other.ts", "/diff/diff.ts")).toBe(false);
  expect(isProgram(undefined, "/diff/diff.ts")).toBe(false);
});
