/** Where the progress line is shown, and that it stays below what is printed. */
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Output } from "../../src/command/output.js";

let folder: string;
let file: number;
let device: number;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "output-"));
  file = openSync(join(folder, "out.txt"), "w");
  device = openSync("/dev/null", "w");
});
afterAll(() => {
  for (const each of [file, device]) closeSync(each);
  rmSync(folder, { recursive: true });
});

/** An output on two streams, and what was written to each, in order. */
function outputOn(stdout: object = {}, stderr: object = {}, env: NodeJS.ProcessEnv = {}) {
  const written: [name: string, text: string][] = [];
  const stream = (name: string, more: object) => {
    const writable = new Writable({
      write: (chunk, _, done) => {
        written.push([name, String(chunk)]);
        done();
      },
    });
    return Object.assign(writable, { isTTY: true, columns: 80, rows: 24 }, more);
  };
  const streams = { stdout: stream("out", stdout), stderr: stream("err", stderr), env };
  return { written, output: new Output(streams as unknown as NodeJS.Process) };
}

test.each<[what: string, stdout: () => object, stderr: object, env: NodeJS.ProcessEnv, shown: boolean]>([
  ["both streams are the terminal", () => ({}), {}, {}, true],
  ["stdout is a file", () => ({ isTTY: false, fd: file }), {}, {}, true],
  ["stdout is a device or a pipe", () => ({ isTTY: false, fd: device }), {}, {}, false],
  ["stdout is not known", () => ({ isTTY: undefined }), {}, {}, false],
  ["stdout is closed", () => ({ isTTY: false, fd: 9_999 }), {}, {}, false],
  ["stderr is no terminal", () => ({}), { isTTY: undefined }, {}, false],
  ["the terminal has no width", () => ({}), { columns: 0 }, {}, false],
  ["the terminal is dumb", () => ({}), {}, { TERM: "dumb" }, false],
])("whether there is a progress line, where %s", (_, stdout, stderr, env, shown) => {
  expect(outputOn(stdout(), stderr, env).output.canShowProgress).toBe(shown);
});

test("the progress line is removed before a line is printed, and is there again after it", () => {
  const { output, written } = outputOn();
  output.startProgress(() => "progress");
  const before = written.length;
  output.out("a line");
  output.endProgress();
  const line = written.findIndex(([name]) => name === "out");
  expect(written[line]).toEqual(["out", "a line\n"]);
  const textOf = (from: number, to: number) =>
    written
      .slice(from, to)
      .map(([, text]) => text)
      .join("");
  expect(textOf(0, before)).toContain("progress");
  const [removed, shown] = [textOf(before, line), textOf(line + 1, written.length)];
  expect(removed).toContain("\u001b[2K");
  expect(removed).not.toContain("progress");
  expect(shown).toContain("progress");
  expect(shown.endsWith("progress\n")).toBe(false);
  // A process that is killed leaves the cursor visible.
  expect(textOf(0, written.length)).not.toContain("\u001b[?25l");
  const ended = written.length;
  output.err("the last line");
  expect(written.slice(ended)).toEqual([["err", "the last line\n"]]);
});
