/** How a command ends as a process of its own. */
import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

const root = join(__dirname, "../..");

/** Runs a command whose `main` is this expression. */
function run(main: string, stdio: readonly [stdout: "pipe" | number, stderr: "pipe" | number] = ["pipe", "pipe"]) {
  const program = `import { runProgram } from "./scripts/tools/program.ts"; runProgram(${main});`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", program];
  return spawnSync(process.execPath, args, { cwd: root, encoding: "utf8", stdio: ["ignore", ...stdio] });
}

test.each([0, 1, 2])("the exit code is that of the command: %i", (code) => {
  expect(run(`async ({ out }) => { out("a"); return ${code}; }`)).toMatchObject({ status: code, stdout: "a\n" });
});

test("a command that ends before it has an exit code has 2", () => {
  expect(run("() => new Promise(() => {})")).toMatchObject({ status: 2, stdout: "" });
});

test("an error that nobody expects is exit code 2, with its stack", () => {
  const { status, stderr } = run('async () => { throw new Error("oh"); }');
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/^Error: oh\n {4}at /) });
});

test.each([
  ["a terminal that has colours", "{ isTTY: true, hasColors: () => true }", "true"],
  ["a terminal without colours", "{ isTTY: true, hasColors: () => false }", "false"],
  ["a file or another program", "{}", "undefined"],
])("whether to print in colour is said: %s", (_, stdout, colour) => {
  const main = `(Object.assign(process.stdout, ${stdout}), async ({ out, colour }) => { out(String(colour)); return 0; })`;
  expect(run(main)).toMatchObject({ status: 0, stdout: `${colour}\n` });
});

describe("a full disk is exit code 2, and the command goes on to its end", () => {
  let full: number;
  beforeEach(() => {
    full = openSync("/dev/full", "w");
  });
  afterEach(() => closeSync(full));
  const PRINTING = `async ({ out, err }) => {
    for (const each of ["a", "b"]) await new Promise((resolve) => setImmediate(resolve, out(each), err(each)));
    return 0;
  }`;

  test("for what is found, in one line", () => {
    const { status, stderr } = run(PRINTING, [full, "pipe"]);
    const said = "a\nb\nWhat was found cannot be printed (ENOSPC: no space left on device, write).\n";
    expect({ status, stderr }).toEqual({ status: 2, stderr: said });
  });

  test("for all else", () => {
    expect(run(PRINTING, ["pipe", full])).toMatchObject({ status: 2, stdout: "a\nb\n" });
  });

  test.each(["command/contract.ts", "diff/diff.ts"])("%s", (file) => {
    const args = ["--import", "tsx", join(root, "contract-tests", file), "--help"];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", full, "pipe"] });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^What was found [^\n]*ENOSPC[^\n]*\n$/),
    });
  });
});
