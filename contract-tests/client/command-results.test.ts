/** What the command makes of each answer: lines, JSON, the summary, the file of failed ids and the exit code. */
import { execFileSync } from "node:child_process";
import fs, {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { run } from "../../src/command/command.js";
import { Output } from "../../src/command/output.js";
import type { Process } from "../../src/command/session.js";
import { type Answer, command, job, jobOf, KEY, type Service, send, startService } from "./command-harness.js";

let service: Service;
let folder: string;
beforeEach(async () => {
  service = await startService();
  folder = mkdtempSync(join(tmpdir(), "command-"));
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

const isJsonLine = new Ajv2020({ allErrors: true }).compile(
  JSON.parse(readFileSync(join(__dirname, "../../docs/command.schema.json"), "utf8")),
);
/** The lines of `--json`, each held to the schema. */
function parse(out: string): Record<string, unknown>[] {
  return out
    .trimEnd()
    .split("\n")
    .map((line) => {
      const result = JSON.parse(line);
      isJsonLine(result);
      expect(isJsonLine.errors ?? []).toEqual([]);
      // Nothing in it can act on a terminal.
      expect(line).toMatch(/^[\x20-\x7e]*$/);
      return result;
    });
}

const deep = (open: string, close: string) => open.repeat(100_000) + close.repeat(100_000);
const CLIENT_REQUEST = expect.stringMatching(/^[\da-f-]{36}$/);

/** One job, and what the command says of it. */
const ANSWERS: Record<string, { answer: Answer; result: object; line: RegExp }> = {
  "a cancelled job": {
    answer: job(),
    result: { status: "cancelled", cancelled: true, outcome: "cancelled", message: null, violations: [] },
    line: /^ftjob-1 {2}cancelled {7,}\d\.\d s$/m,
  },
  "cancelled, as Azure also spells it": {
    answer: job({ status: "canceled" }),
    result: { status: "canceled", cancelled: true, outcome: "cancelled" },
    line: /^ftjob-1 {2}cancelled /m,
  },
  "a cancelled job that differs from the contract": {
    answer: job({ seed: "x", model: 1 }),
    result: {
      cancelled: true,
      violations: expect.arrayContaining([{ pointer: "/model", expected: "string", actual: "integer" }]),
    },
    line: /cancelled .* Differs from the contract at \/\w+: expected .*, got \w+, and 1 more\.$/m,
  },
  "a running job": {
    answer: job({ status: "running" }),
    result: { status: "running", cancelled: false, outcome: "not-cancelled", error: null },
    line: /not-cancelled .* The service answered with the job, whose status is "running"\. \(request request-of-ftjob-1\)$/m,
  },
  "a job that has ended": {
    answer: job({ status: "succeeded" }),
    result: { status: "succeeded", cancelled: false, outcome: "not-cancelled" },
    line: /whose status is "succeeded": it has ended, so there is nothing to cancel\./,
  },
  "a job that has failed": {
    answer: job({ status: "failed" }),
    result: { status: "failed", cancelled: false, outcome: "not-cancelled" },
    line: /whose status is "failed": it has ended, so there is nothing to cancel\./,
  },
  "a status that nobody knows, with what steers a terminal": {
    answer: job({ status: "stopped\u001b[2J\u009b" }),
    result: { status: "stopped\u001b[2J\u009b", outcome: "not-cancelled" },
    line: /whose status is "stopped\\u001b\[2J\\u009b"\. Differs from the contract at \/status: expected .*, got string\./,
  },
  "a status that only looks like cancelled": {
    answer: job({ status: "cancelled\u200b" }),
    result: { status: "cancelled\u200b", cancelled: false, outcome: "not-cancelled" },
    line: /whose status is "cancelled\\u200b"\./,
  },
  "another job, whose id and status steer a terminal": {
    answer: send(200, jobOf("a\u202eb\n", { status: "\u001b[2J\ud83d\ude00" })),
    result: { status: null, outcome: "unknown" },
    line: /another job: "a\\u202eb\\n", whose status is "\\u001b\[2J\\ud83d\\ude00"\. The job that was asked for/,
  },
  "another job, whose id is a megabyte": {
    answer: send(200, jobOf("x".repeat(1e6))),
    result: { outcome: "unknown" },
    line: /another job: "x{200}", whose status is "cancelled"\./,
  },
  "the credential as the status": {
    answer: job({ status: `cancelled ${KEY}` }),
    result: { status: "cancelled [redacted]", cancelled: false, outcome: "not-cancelled" },
    line: /whose status is "cancelled \[redacted\]"\./,
  },
  "half the credential, where the status is cut": {
    answer: job({ status: `${"y".repeat(190)}${KEY}` }),
    result: { status: `${"y".repeat(190)}[redacted]`, outcome: "not-cancelled" },
    line: /whose status is "y{190}\[redacted\]"\./,
  },
  "the credential as the id of another job": {
    answer: send(200, jobOf(KEY)),
    result: { status: null, outcome: "unknown" },
    line: /another job: "\[redacted\]", whose status is "cancelled"\./,
  },
  "another job, cancelled": {
    answer: send(200, jobOf("ftjob-2")),
    result: {
      status: null,
      cancelled: false,
      outcome: "unknown",
      violations: [{ pointer: "/id", expected: "the id that was asked for", actual: "string" }],
    },
    line: /unknown .* The service answered with another job: "ftjob-2", whose status is "cancelled"\. The job that was asked for may have been cancelled\. \(request /m,
  },
  "a job without a status": {
    answer: send(200, { id: "ftjob-1" }),
    result: { status: null, outcome: "unknown", error: "ResponseError" },
    line: /unknown .* The service answered 200 with an object that has no id and status of a job/m,
  },
  "half a job": {
    answer: send(200, '{"id":"ftjob-1","status":"canc'),
    result: { outcome: "accepted", error: "ResponseError", cancelled: false },
    line: /accepted .* treat the job as cancelled\./m,
  },
  "a page": {
    answer: send(200, "<title>Sign in</title>", { "content-type": "text/html" }),
    result: { outcome: "unknown", error: "ResponseError" },
    line: /an HTML page: Sign in/,
  },
  "no such job, in words that steer a terminal": {
    answer: send(404, {
      error: { code: "not\u001b[31mfound", message: "No \u001b[2Jsuch job for a-key-that-is-secret." },
    }),
    result: {
      outcome: "rejected",
      error: "ApiError",
      code: "not [31mfound",
      requestId: "request-of-ftjob-1",
      message: "The service answered 404 (not [31mfound): No [2Jsuch job for [redacted].",
    },
    line: /rejected .* The service answered 404 \(not \[31mfound\): No \[2Jsuch job for \[redacted\]\. \(request request-of-ftjob-1\)$/m,
  },
  "a redirect": {
    answer: send(307, "", { location: "/elsewhere" }),
    result: { outcome: "rejected", error: "ApiError", attempts: 1 },
    line: /Redirects are not followed: check the endpoint\./,
  },
  "an error without an id of the request": {
    answer: (response) => void response.writeHead(400).end("no"),
    result: { outcome: "rejected", requestId: null, clientRequestId: CLIENT_REQUEST },
    line: /\(client request [\da-f-]{36}\)$/m,
  },
  "an id of the request that steers a terminal": {
    answer: send(400, {}, { "apim-request-id": "a\u009b2Jb" }),
    result: { outcome: "rejected", requestId: "a 2Jb" },
    line: /\(request a 2Jb\)$/m,
  },
  "an id of the request that steers a terminal, with a job": {
    answer: send(200, jobOf("ftjob-1", { status: "running" }), { "apim-request-id": "a\u009b2Jb" }),
    result: { outcome: "not-cancelled", requestId: "a 2Jb" },
    line: /\(request a 2Jb\)$/m,
  },
  "a reset": {
    answer: (response) => void response.socket?.resetAndDestroy(),
    result: { outcome: "unknown", error: "ConnectionError", requestId: null },
    line: /unknown .* The job may have been cancelled\./m,
  },
  "a body that never ends": {
    answer: (response) =>
      void response
        .writeHead(200, { "apim-request-id": "request-7" })
        .write(`${JSON.stringify(jobOf("ftjob-1")).slice(0, -1)},`),
    result: { outcome: "accepted", error: "TimeoutError", requestId: "request-7" },
    line: /its body did not end within 200 ms.*\(request request-7\)$/m,
  },
  "no answer": {
    answer: () => {},
    result: { outcome: "unknown", error: "TimeoutError" },
    line: /did not answer within 200 ms\. The job may have been cancelled\./,
  },
  "a job that is 100,000 deep": {
    answer: send(200, `${JSON.stringify(jobOf("ftjob-1")).slice(0, -1)},"deep":${deep("[", "]")}}`),
    result: { outcome: "cancelled", cancelled: true },
    line: /^ftjob-1 {2}cancelled /m,
  },
  "an error that is 100,000 deep": {
    answer: send(400, `{"error":${deep('{"error":', "}").replace("}", "1}")}}`),
    result: { outcome: "rejected", error: "ApiError" },
    line: /rejected .* The service answered 400/m,
  },
  "a list that is 100,000 deep": {
    answer: send(200, deep("[", "]")),
    result: { outcome: "unknown", error: "ResponseError" },
    line: /JSON of type array in place of a job/,
  },
  "two megabytes": {
    answer: send(200, `{"id":"ftjob-1","status":"${"x".repeat(2e6)}"}`),
    result: { outcome: "accepted", error: "ResponseError" },
    line: /more than 1048576 bytes/,
  },
  "a status of a megabyte": {
    answer: job({ status: "y".repeat(1e6) }),
    result: { status: "y".repeat(200), outcome: "not-cancelled" },
    line: /whose status is "y{200}"\./,
  },
  "a job that violates the contract a thousand times": {
    answer: job({ result_files: Array.from({ length: 1000 }, () => 1) }),
    result: { cancelled: true, violations: { length: 100 }, violationCount: 1000 },
    line: /Differs from the contract at \/result_files\/0: expected string, got integer, and 999 more\.$/m,
  },
  "a violation at a long name": {
    answer: job({ metadata: { [`a\u009b${"b".repeat(500)}`]: 1 } }),
    result: {
      violations: expect.arrayContaining([
        { pointer: `/metadata/a ${"b".repeat(188)}…`, expected: "string", actual: "integer" },
      ]),
    },
    line: /Differs from the contract at \/metadata/,
  },
  "names of members that are those of objects": {
    answer: send(200, '{"__proto__":{"id":"ftjob-1","status":"cancelled"},"constructor":1}'),
    result: { outcome: "unknown", cancelled: false },
    line: /unknown /,
  },
};

describe("one job", () => {
  const FLAGS = ["--max-retries", "0"];
  test.each(Object.entries(ANSWERS))("%s", async (_, { answer, result, line }) => {
    // Short only where the deadline is what is tested: a busy machine takes its time for a megabyte.
    const flags = [...FLAGS, "--timeout", "error" in result && result.error === "TimeoutError" ? "0.2" : "20"];
    service.scripts["ftjob-1"] = [answer];
    const json = await command(service, ["--json", ...flags, "ftjob-1"]);
    const [found, ...others] = parse(json.out);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ id: "ftjob-1", attempts: 1, clientRequestId: CLIENT_REQUEST, ...result });
    expect(json.code).toBe(found?.cancelled ? 0 : 1);

    const text = await command(service, ["--verbose", ...flags, "ftjob-1"]);
    expect(text).toMatchObject({ code: json.code, out: expect.stringMatching(line) });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what is looked for
    expect(text.out + text.err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    for (const printed of [json.out, json.err, text.out, text.err]) expect(printed).not.toContain("-is-secret");
  });

  test("a token is masked too, in whatever the job has it", async () => {
    const token = "a-token-that-is-secret";
    const env = { AZURE_OPENAI_API_KEY: "", AZURE_OPENAI_AD_TOKEN: token };
    service.scripts["ftjob-1"] = [job({ status: `Bearer ${token}` }), send(200, jobOf(token, { status: token }))];
    const { out } = await command(service, ["--json", "ftjob-1"], { env });
    expect(parse(out)).toMatchObject([{ status: "[redacted]", outcome: "not-cancelled" }]);
    const other = await command(service, ["ftjob-1"], { env });
    expect(other.out).toContain('another job: "[redacted]", whose status is "[redacted]".');
    expect(out + other.out + other.err).not.toContain(token);
  });

  test("a mistake in the code is no usage error: it keeps its stack", async () => {
    const failing = Object.assign(new PassThrough(), {
      write: () => {
        throw new TypeError("a mistake in the code");
      },
    });
    const streams = { stdin: new PassThrough(), stdout: failing, stderr: new PassThrough(), env: {} };
    const drained = jest.spyOn(Output.prototype, "drain").mockResolvedValue();
    try {
      await expect(run(["--version"], streams as unknown as Process)).rejects.toThrow("a mistake in the code");
    } finally {
      drained.mockRestore();
    }
  });

  test("a connection that is refused sends nothing", async () => {
    const { url } = service;
    await service.close();
    const json = await command(service, ["--json", "--endpoint", url, ...FLAGS, "ftjob-1"]);
    expect(parse(json.out)).toMatchObject([
      { outcome: "not-sent", error: "ConnectionError", status: null, requestId: null, durationMs: expect.any(Number) },
    ]);
    expect(json.code).toBe(1);
    service = await startService();
  });
});

describe("several jobs", () => {
  beforeEach(() => {
    Object.assign(service.scripts, {
      "ftjob-2": [send(404, { error: { code: "404", message: "No such job." } })],
      "ftjob-30": [job({ status: "running" })],
      "ftjob-4": [send(500, {})],
    });
  });
  const IDS = ["ftjob-1", "ftjob-2", "ftjob-30", "ftjob-4", "it's'a", "-5"];

  test("are aligned, and grouped by outcome with ids to paste", async () => {
    const { code, out, err } = await command(service, [
      ...["--yes", "--concurrency", "1", "--max-retries", "0", "--", ...IDS],
    ]);
    expect({ code, err }).toEqual({
      code: 1,
      err: `Service: ${service.url}, credential: AZURE_OPENAI_API_KEY. Cancelling cannot be undone.\n`,
    });
    expect(out.replace(/\d\.\d s/g, "0.0 s")).toBe(`ftjob-1   cancelled        0.0 s
ftjob-2   rejected         0.0 s  The service answered 404: No such job. (request request-of-ftjob-2)
ftjob-30  not-cancelled    0.0 s  The service answered with the job, whose status is "running". (request request-of-ftjob-30)
ftjob-4   unknown          0.0 s  The service answered 500: {}. The job may have been cancelled. (request request-of-ftjob-4)
it's'a    cancelled        0.0 s
-5        cancelled        0.0 s

3 of 6 jobs cancelled in 0.0 s.

cancelled (3)
  -- ftjob-1 'it'\\''s'\\''a' -5

not-cancelled (1): The job came back with another status. Check it in a minute, and cancel again if the job still runs.
  ftjob-30

unknown (1): The job may have been cancelled. Check its status before you do anything else.
  ftjob-4

rejected (1): The service refused: this call did not cancel the job. Fix the problem above, then try again.
  ftjob-2
`);
  });

  test("can be pasted into a shell, whatever an id has", async () => {
    const ids = ["a&b", "#c", "d#e", "!f", "$(g)", "`h`", "i;j", "k*", "~l", "{m,n}", "o\\p", '"q"', "r's", "t|u", "é"];
    const { out } = await command(service, ["--yes", "--concurrency", "1", "--", ...ids]);
    const [, line] = /^cancelled \(15\)\n {2}(.*)$/m.exec(out) ?? [];
    const pasted = execFileSync("bash", ["-c", `printf '%s\\n' ${line}`], { encoding: "utf8" });
    expect(pasted.trimEnd().split("\n")).toEqual(ids);
    // "!" acts in a shell that somebody types into.
    expect(line).toContain(" '!f' ");
  });

  test("are aligned with ids of up to 48 characters", async () => {
    const args = ["--yes", "--concurrency", "1", "a", "b".repeat(48), "c".repeat(49)];
    const [a, b, c] = (await command(service, args)).out.split("\n").map((line) => line.indexOf("cancelled"));
    expect([a, b, c]).toEqual([50, 50, 51]);
  });

  test("--json has one line a job on stdout, and the summary on stderr", async () => {
    const { out, err } = await command(service, ["--yes", "--json", "--max-retries", "0", "--", ...IDS]);
    expect(new Set(parse(out).map(({ id }) => id))).toEqual(new Set(IDS));
    expect(err).toContain("\n3 of 6 jobs cancelled in ");
  });

  test("--json is ASCII, whatever an id has", async () => {
    const { out } = await command(service, ["--yes", "--json", "--concurrency", "1", "\u00e9\u{1f600}", "\u4e00"]);
    expect(parse(out).map(({ id }) => id)).toEqual(["\u00e9\u{1f600}", "\u4e00"]);
    expect(out).toContain('"id":"\\u00e9\\ud83d\\ude00"');
  });

  test("exit code 0 is for all of them", async () => {
    expect(await command(service, ["--yes", "a", "b"])).toMatchObject({ code: 0 });
    expect(await command(service, ["--yes", "a", "ftjob-2"])).toMatchObject({ code: 1 });
  });

  test("--output-failed has the ids that --file takes again", async () => {
    const file = join(folder, "failed.txt");
    service.scripts["#6"] = [job({ status: "running" })];
    service.scripts["x#7"] = [job({ status: "running" })];
    service.scripts["[8"] = [job({ status: "running" })];
    service.scripts['"9"'] = [job({ status: "running" })];
    const args = ["--yes", "--max-retries", "0", "--output-failed", file];
    expect(await command(service, [...args, ...IDS.slice(0, 4), "#6", "x#7", "[8", '"9"'])).toMatchObject({
      code: 1,
      err: expect.stringContaining(`${file}: the ids of 7 jobs.`),
    });
    const failed = readFileSync(file, "utf8");
    expect(failed.trimEnd().split("\n").sort()).toEqual([
      ...["ftjob-2", "ftjob-30", "ftjob-4", "x#7"],
      ...['{"id":"#6"}', '{"id":"[8"}', '{"id":"\\"9\\""}'],
    ]);
    service.seen.length = 0;
    await command(service, [...args, "--file", file]);
    expect([...service.seen].sort()).toEqual(['"9"', "#6", "[8", "ftjob-2", "ftjob-30", "ftjob-4", "x#7"]);

    expect(await command(service, [...args, "a", "b"])).toMatchObject({
      code: 0,
      err: expect.stringContaining(`${file}: empty, every job is cancelled.`),
    });
    expect(readFileSync(file, "utf8")).toBe("");
  });

  test("--output-failed names all of them until they are cancelled, in case the process is killed", async () => {
    const file = join(folder, "failed.txt");
    let during = "";
    service.scripts.a = [
      (...args) => {
        during = readFileSync(file, "utf8");
        job()(...args);
      },
    ];
    await command(service, ["--yes", "--output-failed", file, "a", "b"]);
    expect(during).toBe("a\nb\n");
  });

  test("--output-failed writes what a link leads to", async () => {
    const [file, link] = [join(folder, "failed.txt"), join(folder, "link")];
    writeFileSync(file, "old\n");
    symlinkSync(file, link);
    await command(service, ["--output-failed", link, "ftjob-2"]);
    expect([readFileSync(file, "utf8"), readFileSync(link, "utf8")]).toEqual(["ftjob-2\n", "ftjob-2\n"]);
  });

  test("--output-failed keeps the permissions of the file, and leaves nothing beside it", async () => {
    const file = join(folder, "failed.txt");
    writeFileSync(file, "old\n");
    // More than a new file is given, and less.
    for (const mode of [0o666, 0o600]) {
      chmodSync(file, mode);
      await command(service, ["--output-failed", file, "ftjob-2"]);
      expect((statSync(file).mode & 0o777).toString(8)).toBe(mode.toString(8));
    }
    expect(readdirSync(folder)).toEqual(["failed.txt"]);
  });

  test("--output-failed is never readable for more people than the file was", async () => {
    const file = join(folder, "failed.txt");
    writeFileSync(file, "old\n", { mode: 0o600 });
    const seen: number[] = [];
    const { chmodSync: original } = fs;
    const chmod = jest.spyOn(fs, "chmodSync").mockImplementation((path, mode) => {
      seen.push(statSync(path).mode & 0o777);
      original(path, mode);
    });
    try {
      await command(service, ["--output-failed", file, "ftjob-2"]);
    } finally {
      chmod.mockRestore();
    }
    expect(new Set(seen)).toEqual(new Set([0o600]));
  });

  test.each([
    ["ENOENT", () => {}],
    // What is to be cleaned up there can't be looked for.
    ["ENOTDIR", (gone: string) => writeFileSync(gone, "")],
  ])("--output-failed that can't be written at the end is said, and is no success: %s", async (problem, replace) => {
    const gone = join(folder, "gone");
    const file = join(gone, "failed.txt");
    mkdirSync(gone);
    service.scripts.a = [
      (...args) => {
        rmSync(gone, { recursive: true });
        replace(gone);
        job()(...args);
      },
    ];
    const { code, out, err } = await command(service, ["--output-failed", file, "a"]);
    expect({ code, isCancelled: out.includes("1 of 1 job cancelled") }).toEqual({ code: 1, isCancelled: true });
    expect(err).toMatch(new RegExp(`^--output-failed .* can't be written: ${problem}`, "m"));
  });
});

describe("colour", () => {
  const ESCAPE = "\u001b[3";
  test.each([
    ["none where there is no terminal", [], {}, false, false],
    ["at a terminal", [], {}, true, true],
    ["NO_COLOR", [], { NO_COLOR: "1" }, true, false],
    ["an empty NO_COLOR", [], { NO_COLOR: "" }, true, true],
    ["--no-color at a terminal", ["--no-color"], {}, true, false],
    ["--color without a terminal", ["--color"], {}, false, true],
    ["--color with NO_COLOR", ["--color"], { NO_COLOR: "1" }, false, true],
  ])("%s", async (_, flags, env, isTerminal, coloured) => {
    const { out } = await command(service, [...flags, "ftjob-1"], { env, isTerminal });
    expect(out.includes(`${ESCAPE}2mcancelled`)).toBe(coloured);
    expect(out.includes("\u001b")).toBe(coloured);
  });

  test.each([
    ["cancelled", 32, job(), ""],
    [
      "not-cancelled",
      33,
      job({ status: "running" }),
      ": The job came back with another status. Check it in a minute, and cancel again if the job still runs.",
    ],
    [
      "accepted",
      33,
      send(200, '{"id":"ftjob-1",'),
      ": The service accepted the call, but its answer can't be read. Check the status of the job to be sure.",
    ],
    ["unknown", 33, send(500, {}), ": The job may have been cancelled. Check its status before you do anything else."],
    [
      "rejected",
      31,
      send(404, {}),
      ": The service refused: this call did not cancel the job. Fix the problem above, then try again.",
    ],
    ["not-sent", 31, undefined, ": No request was sent. Fix the problem above, then try again."],
  ])(
    "%s has its own, in its line and in the summary, which says what to do next",
    async (outcome, code, answer, next) => {
      if (answer) service.scripts["ftjob-1"] = [answer];
      // Nothing listens there.
      const endpoint = answer ? service.url : "http://127.0.0.1:1";
      const args = ["--color", "--max-retries", "0", "--endpoint", endpoint, "ftjob-1"];
      const { out } = await command(service, args);
      expect(out.split(`\u001b[${code}m${outcome}`)).toHaveLength(3);
      expect(out).toContain(`(1)${next}\n`);
      for (const other of [31, 32, 33].filter((each) => each !== code)) expect(out).not.toContain(`\u001b[${other}m`);
    },
  );

  test("JSON has none", async () => {
    const { out } = await command(service, ["--json", "--color", "ftjob-1"]);
    expect(parse(out)).toHaveLength(1);
  });
});
