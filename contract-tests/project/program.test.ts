/** How a command ends as a process of its own. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

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
