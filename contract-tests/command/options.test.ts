import { expect, test } from "@jest/globals";
import { CannotCheck, parseOptions, USAGE } from "./options.js";

const NONE = { cancel: [], coverage: false, strict: false, "propose-overlay": false, list: false, help: false };

test.each<[string[], object]>([
  [[], {}],
  [["--target", "a", "--auth", "entra"], { target: "a", auth: "entra" }],
  [["--target=a", "--cancel", "b", "--cancel=c"], { target: "a", cancel: ["b", "c"] }],
  [["--target=a", "--cancel", " b\r", "--cancel=c", "--cancel", "b"], { target: "a", cancel: ["b", "c"] }],
  [["--replay", "a"], { replay: "a" }],
  [["--replay", "a", "--", "-b"], { replay: "-b", older: "a" }],
  [["--replay", "a", "b"], { replay: "b", older: "a" }],
  [["b", "--replay", "a"], { replay: "b", older: "a" }],
  [["--record", "a", "--report", "b"], { record: "a", report: "b" }],
  [["--coverage", "--strict"], { coverage: true, strict: true }],
  [["--only", "body", "--propose-overlay"], { only: "body", "propose-overlay": true }],
  [["--list"], { list: true }],
  [["--help"], { help: true }],
  [["-h"], { help: true }],
])("%j", (args, options) => {
  expect(parseOptions(args)).toEqual({ ...NONE, ...options });
});

test.each([
  [["--taget", "a"], "Unknown option '--taget'"],
  [["--target"], "Option '--target <value>' argument missing"],
  [["--auth", "entra", "--target"], "argument missing"],
  [["--strict=1"], "does not take an argument"],
  [["--target", "a", "--replay", "b"], "Give --target or --replay, not both."],
  [["--target", "a", "--auth", "key"], '--auth must be "entra".'],
  [["--auth", "entra"], "--auth needs --target."],
  [["--cancel", "a"], "--cancel needs --target."],
  [["--target", "a", "--cancel", ""], "--cancel needs the id of a job."],
  [["--target", "a", "--cancel", "\r"], "--cancel needs the id of a job."],
  [["--target", "a", "--cancel", "b", "--cancel", " . "], "--cancel needs the id of a job."],
  [["--target", "a", "--cancel", ".."], "--cancel needs the id of a job."],
  [["--target", "a", "--target", "b"], "--target is given twice."],
  [["--replay", "a", "--replay=b"], "--replay is given twice."],
  [["--record", "a", "--record", "a"], "--record is given twice."],
  [["--report", "a", "--report", "b"], "--report is given twice."],
  [["--only", "body", "--only", "prism"], "--only is given twice."],
  [["--report", ""], "--report needs a value."],
  [["--record="], "--record needs a value."],
  [["--replay", "a", ""], "An argument is empty."],
  [["a"], "Unexpected argument 'a'."],
  [["--target", "a", "b"], "Unexpected argument 'b'."],
  [["--replay", "a", "b", "c"], "Unexpected argument 'c'."],
])("%j is refused, with the usage", (args, message) => {
  const thrown = (() => {
    try {
      return parseOptions(args);
    } catch (error) {
      return error;
    }
  })();
  expect(thrown).toBeInstanceOf(CannotCheck);
  const [problem = "", ...usage] = (thrown as Error).message.split("\n\n");
  expect(problem).toContain(message);
  expect(usage.join("\n\n")).toBe(USAGE);
});

test("the usage names every option and every exit code", () => {
  for (const name of Object.keys(parseOptions(["--replay", "a"])).filter((each) => each !== "help"))
    expect(USAGE).toContain(`--${name} `);
  expect(USAGE).toMatch(/Exit codes: 0 no violation, 1 a violation .*, 2 no verdict: /);
});
