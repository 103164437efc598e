/** The command as a process: signals, pipes, and what is installed beside it. */
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { endOf, held, installCommand, job, type Service, send, spawnCommand, startService } from "./command-harness.js";

const root = join(__dirname, "../..");
let installed: Awaited<ReturnType<typeof installCommand>>;
let bin: string;
let service: Service;
let folder: string;
beforeAll(async () => {
  installed = await installCommand();
  bin = join(root, installed.folder, "bin.js");
});
afterAll(() => installed.remove());
beforeEach(async () => {
  service = await startService();
  folder = mkdtempSync(join(tmpdir(), "command-"));
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

const ids = (count: number) => Array.from({ length: count }, (_, index) => `ftjob-${index + 1}`);
const start = (...args: string[]) => spawnCommand(service, [process.execPath, bin, ...args]);
const run = (...args: string[]) => endOf(start(...args));
/** Runs a line of bash, in which $RUN is the command; `code` is what the line prints last on stderr. */
const bash = async (line: string, env: NodeJS.ProcessEnv = {}) => {
  const program = ["bash", "-c", `${line}; echo "code \${PIPESTATUS[0]}" >&2`] as const;
  const options = { env: { RUN: `${process.execPath} ${bin}`, FOLDER: folder, ...env } };
  const { out, err } = await endOf(spawnCommand(service, [...program], options));
  const [, rest = "", code] = /^(.*)code (\d+)\n$/s.exec(err) ?? [];
  return { code: Number(code), out, err: rest };
};

describe("exit codes", () => {
  test("0, 1 and 2", async () => {
    service.scripts["ftjob-2"] = [job({ status: "running" })];
    expect(await run("ftjob-1")).toMatchObject({ code: 0, signal: null });
    expect(await run("ftjob-2")).toMatchObject({ code: 1, signal: null });
    expect(await run("--yes")).toMatchObject({ code: 2, signal: null, out: "" });
  });

  test.each([
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s exits with %i", async (signal, code) => {
    const [a, b] = [held(), held()];
    Object.assign(service.scripts, { "ftjob-1": [a], "ftjob-2": [b] });
    const child = start("--yes", "--concurrency", "2", ...ids(20));
    const ended = endOf(child);
    await service.arrived(2);
    child.kill(signal);
    while (!String(await once(child.stderr as NodeJS.ReadableStream, "data")).includes("no further request"));
    a.release();
    b.release();
    const { out, ...rest } = await ended;
    expect(rest).toMatchObject({ code, signal: null });
    expect(service.seen).toHaveLength(2);
    expect(out).toContain("2 of 20 jobs cancelled");
    expect(out).toContain(`\nnot-started (18): No request was sent.\n  ${ids(20).slice(2).join(" ")}\n`);
  });

  test("a second signal ends at once, while a request is in flight", async () => {
    service.scripts["ftjob-1"] = [() => {}];
    const child = start("ftjob-1");
    const ended = endOf(child);
    await service.arrived(1);
    child.kill("SIGINT");
    await once(child.stderr as NodeJS.ReadableStream, "data");
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 130, out: expect.stringContaining("unknown (1)") });
  });
});

test("a violation is in the line of its job alone, and is not a warning of the client's", async () => {
  service.scripts["ftjob-1"] = [job({ seed: "x" })];
  const { out, err } = await run("ftjob-1");
  expect(out).toMatch(/^ftjob-1 {2}cancelled .* Differs from the contract at \/seed: /);
  expect(err).toBe(`Service: ${service.url}, credential: AZURE_OPENAI_API_KEY. Cancelling cannot be undone.\n`);
});

describe("a stream that closes never ends it half-way", () => {
  test("stdout closed after the first line: the remaining outcomes are on stderr", async () => {
    const hold = held();
    for (const id of ids(10).slice(1)) service.scripts[id] = [hold];
    service.scripts["ftjob-10"] = [send(404, {})];
    const child = start("--yes", "--concurrency", "2", ...ids(10));
    let err = "";
    child.stderr?.on("data", (chunk) => {
      err += chunk;
    });
    const [first] = await once(child.stdout as NodeJS.ReadableStream, "data");
    expect(String(first)).toMatch(/^ftjob-1 {3}cancelled/);
    child.stdout?.destroy();
    hold.release();
    const [code] = await once(child, "close");
    expect({ code, seen: [...service.seen].sort() }).toEqual({ code: 1, seen: ids(10).sort() });
    for (const id of ids(9).slice(1)) expect(err).toMatch(new RegExp(`^${id} +cancelled`, "m"));
    expect(err).toMatch(/^ftjob-10 +rejected/m);
    expect(err).toContain("9 of 10 jobs cancelled");
  });

  test("| head -1", async () => {
    const { code, out, err } = await bash(`$RUN --yes ${ids(30).join(" ")} | head -1`);
    expect({ code, seen: service.seen.length, lines: out.split("\n").length }).toEqual({ code: 0, seen: 30, lines: 2 });
    expect(err).toContain("30 of 30 jobs cancelled");
    expect(err).not.toMatch(/EPIPE|Error/);
  });

  test("2>&1 | head -1, where nothing can be printed", async () => {
    const { code } = await bash(`$RUN --yes --output-failed $FOLDER/failed ${ids(30).join(" ")} 2>&1 | head -1`);
    expect({ code, seen: service.seen.length }).toEqual({ code: 0, seen: 30 });
    expect(readFileSync(join(folder, "failed"), "utf8")).toBe("");
  });

  test("2>&1 | tee has all of it, and nothing for a terminal", async () => {
    service.scripts["ftjob-2"] = [send(503, {}, { "retry-after-ms": "1" }), job()];
    const { code, out } = await bash(`$RUN --yes ${ids(3).join(" ")} 2>&1 | tee $FOLDER/log`);
    expect(code).toBe(0);
    expect(readFileSync(join(folder, "log"), "utf8")).toBe(out);
    expect(out).toMatch(/^Service: .*\nftjob-2: attempt 1 failed.*3 of 3 jobs cancelled/s);
    expect(out).not.toContain("\u001b");
  });

  test("a full disk", async () => {
    const { code, err } = await bash(`$RUN --yes ${ids(3).join(" ")} > /dev/full`);
    expect({ code, seen: service.seen.length }).toEqual({ code: 0, seen: 3 });
    for (const id of ids(3)) expect(err).toMatch(new RegExp(`^${id} +cancelled`, "m"));
  });

  test("stdin closed, and all three closed", async () => {
    expect(await bash("$RUN ftjob-1 <&-")).toMatchObject({ code: 0 });
    expect(await bash("$RUN --file - <&-")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^There is no job id/),
    });
    expect(await bash("$RUN ftjob-1 ftjob-2 <&-")).toMatchObject({ code: 2, err: expect.stringContaining("--yes") });
    expect(await bash("$RUN ftjob-1 <&- >&- 2>&-")).toMatchObject({ code: 0 });
    expect(service.seen).toEqual(["ftjob-1", "ftjob-1"]);
  });
});

test("1,000 jobs from a file of Windows do with a heap of 32 MB", async () => {
  writeFileSync(join(folder, "ids.txt"), `${ids(1_000).join("\r\n")}\r\n`);
  const report = 'process.on("exit", () => process._rawDebug("peak " + process.resourceUsage().maxRSS));';
  const env = { NODE_OPTIONS: `--max-old-space-size=32 --import "data:text/javascript,${encodeURIComponent(report)}"` };
  const peakMb = async (args: string) => {
    const { code, err } = await bash(`$RUN --json --concurrency 50 ${args} > $FOLDER/results`, env);
    expect(code).toBe(0);
    return Number(/^peak (\d+)$/m.exec(err)?.[1]) / 1_000;
  };
  const one = await peakMb("ftjob-1");
  const thousand = await peakMb("--yes --file $FOLDER/ids.txt");
  expect(new Set(service.seen)).toEqual(new Set(ids(1_000)));
  expect(readFileSync(join(folder, "results"), "utf8").trimEnd().split("\n")).toHaveLength(1_000);
  expect(one).toBeGreaterThan(30);
  expect(thousand - one).toBeLessThan(100);
});

describe("--auth entra", () => {
  const args = ["--auth", "entra", "ftjob-1"];
  const install = (code: string) => {
    const identity = join(root, installed.folder, "node_modules/@azure/identity");
    mkdirSync(identity, { recursive: true });
    writeFileSync(join(identity, "package.json"), '{ "type": "module", "exports": "./index.js" }');
    writeFileSync(join(identity, "index.js"), `export class DefaultAzureCredential {}\n${code}`);
  };
  afterEach(() => rmSync(join(root, installed.folder, "node_modules"), { recursive: true, force: true }));

  test("sends a token of @azure/identity, and leaves the key alone", async () => {
    install(
      'export const getBearerTokenProvider = (credential, scope) => async () => credential.constructor.name + "/" + scope;',
    );
    expect(await run(...args)).toMatchObject({
      code: 0,
      err: expect.stringContaining("credential: Microsoft Entra (@azure/identity)."),
    });
    const { authorization, "api-key": key } = service.headers;
    expect({ authorization, key }).toEqual({
      authorization: "Bearer DefaultAzureCredential/https://cognitiveservices.azure.com/.default",
    });
  });

  test.each([
    [
      "is missing",
      undefined,
      /^--auth entra needs @azure\/identity, which is not installed beside fine-tuning-client\. Run `npm install @azure\/identity` /,
    ],
    [
      "is broken",
      'throw new Error("no \\u001b[2J crypto");',
      /^--auth entra: @azure\/identity can't be used: no \[2J crypto/,
    ],
    [
      "misses a part of its own",
      'import "msal";',
      /^--auth entra: @azure\/identity can't be used: Cannot find package 'msal'/,
    ],
  ])("@azure/identity %s: exit code 2, and nothing is sent", async (_, code, message) => {
    if (code !== undefined) install(code);
    const ended = await run(...args);
    expect(ended).toMatchObject({ code: 2, out: "", err: expect.stringMatching(message) });
    expect(service.seen).toEqual([]);
  });

  test.each([
    ["throws", 'throw new Error("run `az login`")', "Microsoft Entra threw an error: run `az login`."],
    ["returns nothing", "return undefined", "Microsoft Entra must return a non-empty string, got undefined."],
    [
      "never returns",
      "return new Promise(() => setInterval(() => {}, 1e6))",
      "Microsoft Entra returned no token within 100 ms.",
    ],
  ])("@azure/identity %s: no request was sent", async (_, body, message) => {
    install(`export const getBearerTokenProvider = () => async () => { ${body} };`);
    for (const flags of [[], ["--verbose"]]) {
      const { code, out, err } = await run("--timeout", "0.1", "--max-retries", "1", ...flags, ...args);
      expect(code).toBe(1);
      expect(out).toMatch(/^ftjob-1 {2}not-sent /);
      expect(out).toContain(message);
      expect(out + err).not.toContain("tokenProvider");
    }
    expect(service.seen).toEqual([]);
  });
});

test("importing the client loads nothing of the command or its libraries", () => {
  const { outputs } = installed.metafile;
  const inputsOf = (name: string): string[] => {
    const output = outputs[`${installed.folder}/${name}`];
    const chunks = output?.imports.filter(({ external }) => !external) ?? [];
    return [
      ...Object.keys(output?.inputs ?? {}),
      ...chunks.flatMap(({ path }) => inputsOf(path.slice(installed.folder.length + 1))),
    ];
  };
  const isOfCommand = (file: string) => /node_modules|src\/command/.test(file);
  expect(inputsOf("index.js")).toContain("src/client.ts");
  expect(inputsOf("index.js").filter(isOfCommand)).toEqual([]);
  const libraries = inputsOf("bin.js").filter((file) => file.includes("node_modules"));
  for (const name of ["p-queue", "log-update", "picocolors"]) expect(libraries.join()).toContain(`/${name}/`);
  // Their licences go along.
  const licences = readFileSync(join(installed.folder, "bin.licenses.txt"), "utf8");
  for (const name of ["p-queue", "log-update", "picocolors"]) expect(licences).toMatch(new RegExp(`^${name} \\d`, "m"));
});
