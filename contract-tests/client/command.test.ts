import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { processTerminal, run, type Terminal } from "../../src/command/command.js";

const root = join(__dirname, "../..");
const JOB = { id: "ftjob-abc123", created_at: 1, model: "m", object: "fine_tuning.job", training_file: "f" };

let server: Server;
let seen: string[];
let answer: { status: number; body: string; headers?: Record<string, string> };
/** Answers that come before it. */
let before: (typeof answer)[];
const environment = { ...process.env };
beforeEach(async () => {
  seen = [];
  answer = { status: 200, body: JSON.stringify({ ...JOB, status: "cancelled" }) };
  before = [];
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    const { status, body, headers = { "apim-request-id": "request-1" } } = before.shift() ?? answer;
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.env.AZURE_OPENAI_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}/openai/v1/`;
  process.env.AZURE_OPENAI_API_KEY = "a-key-that-is-secret";
});
afterEach(() => {
  process.env = { ...environment };
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

/** Runs the command in this process. */
async function command(...args: string[]) {
  const [out, err] = [[] as string[], [] as string[]];
  const code = await run(args, { out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

describe("cancel-fine-tuning-job", () => {
  test("says what it is about to cancel, and where, then the status before the JSON", async () => {
    const { code, out, err } = await command("ftjob-abc123", "ftjob-def/456");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.split("\n").slice(0, 5)).toEqual([
      `Service   http://127.0.0.1:${(server.address() as AddressInfo).port} (a real service: cancelling cannot be undone)`,
      "Job       ftjob-abc123: cancelling",
      "Status    cancelled",
      "Request   request-1",
      "{",
    ]);
    expect(seen).toEqual(
      ["ftjob-abc123", "ftjob-def%2F456"].map((id) => `POST /openai/v1/fine_tuning/jobs/${id}/cancel`),
    );
  });

  test.each(["--help", "-h"])("%s tells how it is used, and does nothing", async (flag) => {
    expect(await command(flag, "ftjob-abc123")).toEqual({
      code: 0,
      out: expect.stringMatching(/^Usage: cancel-fine-tuning-job <job id> \.{3}\n.*Exits with 0/s),
      err: "",
    });
    expect(seen).toEqual([]);
  });

  test("tells of the attempts where there were several, and of no request id where there is none", async () => {
    before = [{ status: 503, body: "{}", headers: { "retry-after-ms": "1" } }];
    expect((await command("ftjob-abc123")).out).toContain("\nRequest   request-1, after 2 attempts\n{");
    answer.headers = {};
    expect((await command("ftjob-abc123")).out).toContain("\nStatus    cancelled\n{");
  });

  test("given a service, it cancels the job that goes with it, unless it is given ids", async () => {
    const target = {
      label: "a stand-in",
      options: {
        endpoint: new URL(process.env.AZURE_OPENAI_ENDPOINT as string).origin,
        apiKey: "a-key-that-is-secret",
      },
      defaultId: "ftjob-default",
    };
    const terminal = { out: jest.fn<Terminal["out"]>(), err: jest.fn<Terminal["err"]>() };
    expect(await run([], terminal, target)).toBe(0);
    expect(terminal.out.mock.calls[0]).toEqual([`Service   ${target.options.endpoint} (a stand-in)`]);
    expect(await run(["ftjob-1"], terminal, target)).toBe(0);
    expect(seen.map((line) => line.split("/")[5])).toEqual(["ftjob-default", "ftjob-1"]);
  });

  test("a terminal that cannot be written to is no failure of the service's", async () => {
    const broken = {
      out: (line: string) => {
        if (line.startsWith("Status")) throw new Error("EPIPE");
      },
      err: jest.fn<Terminal["err"]>(),
    };
    await expect(run(["ftjob-abc123"], broken)).rejects.toThrow("EPIPE");
    expect(broken.err).not.toHaveBeenCalled();
  });

  test("Ctrl-C stops what is under way, and the outcome is told", async () => {
    const spies = (["log", "error"] as const).map((name) => jest.spyOn(console, name).mockImplementation(() => {}));
    server.removeAllListeners("request");
    server.once("request", () => process.emit("SIGINT"));
    try {
      expect(await run(["ftjob-abc123"], processTerminal())).toBe(1);
      expect(spies.map(({ mock }) => mock.calls.flat().slice(-3))).toEqual([
        [expect.stringMatching(/^Service /), "Job       ftjob-abc123: cancelling"],
        [
          "Failed    AbortError: The call was aborted: interrupted. The job may have been cancelled.",
          "Outcome   unknown",
          "Next      The job may have been cancelled. Look at its status before you try again.",
        ],
      ]);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });

  test("never cancels a real job by default", async () => {
    expect(await command()).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringMatching(/^Which job\?.*give its id\./),
    });
    expect(seen).toEqual([]);
  });

  test.each([
    ["a flag that it has not", ["--force", "ftjob-abc123"], /--force/],
    ["no credential", ["ftjob-abc123"], /AZURE_OPENAI_API_KEY/],
    ["an endpoint that is none", ["ftjob-abc123"], /AZURE_OPENAI_ENDPOINT is not a URL/],
  ])("wrong use is exit code 2, and nothing is sent: %s", async (what, args, message) => {
    if (what === "no credential") delete process.env.AZURE_OPENAI_API_KEY;
    if (what === "an endpoint that is none") process.env.AZURE_OPENAI_ENDPOINT = "my-resource";
    expect(await command(...args)).toMatchObject({ code: 2, err: expect.stringMatching(message) });
    expect(seen).toEqual([]);
  });

  test("a failure is told with its outcome and what to do, and the next job is tried", async () => {
    answer = {
      status: 404,
      body: '{"error":{"code":"404","message":"There is no \\u001b[31msuch job for a-key-that-is-secret."}}',
    };
    const { code, err } = await command("ftjob-1", "..");
    expect(code).toBe(1);
    expect(err.split("\n")).toEqual([
      "Failed    ApiError: The service answered 404: There is no [31msuch job for [redacted].",
      "Outcome   rejected",
      "Next      The service refused, and the job was not cancelled by this call. Mend what the message says, then try again.",
      'Failed    ConfigurationError: The job id ".." would change the request path.',
      "Outcome   not-sent",
      "Next      Nothing was sent. Mend what the message says, then try again.",
    ]);
  });

  test("a job that differs from the contract is shown with the difference, and nothing steers the terminal", async () => {
    answer.body = JSON.stringify({ ...JOB, status: "stopped\u001b[2J\u009b" });
    const { code, out } = await command("ftjob-abc123");
    expect(code).toBe(0);
    expect(out).toContain("Status    stopped\\u001b[2J\\u009b\n");
    expect(out).toMatch(/^Differs {3}\/status: expected "validating_files" or .*, got string$/m);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what is looked for
    expect(out).not.toMatch(/[\u001b\u009b]/);
  });
});

describe("npm start", () => {
  const start = async (...args: string[]) => {
    const { AZURE_OPENAI_ENDPOINT: _, AZURE_OPENAI_API_KEY: __, ...env } = process.env;
    const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
    const { stdout } = await promisify(execFile)(process.execPath, [tsx, "scripts/start.ts", ...args], {
      cwd: root,
      env,
    });
    return stdout;
  };

  test("without a real service it cancels a job on the embedded one", async () => {
    const out = await start();
    expect(out).toMatch(
      /^Service {3}http:\/\/127\.0\.0\.1:\d+ \(embedded Prism: .* no real job is touched\)\nJob {7}ftjob-abc123: cancelling\nStatus {4}cancelled\n/,
    );
    expect(JSON.parse(out.slice(out.indexOf("{")))).toMatchObject({ id: "ftjob-abc123", status: "cancelled" });
  });

  test("takes ids", async () => {
    expect((await start("ftjob-1", "ftjob-2")).match(/^Job .*/gm)).toEqual([
      "Job       ftjob-1: cancelling",
      "Job       ftjob-2: cancelling",
    ]);
  });
});
