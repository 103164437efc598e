/** What the command is given: everything is checked before anything is sent. */
import { execFileSync } from "node:child_process";
import { lstatSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { version } from "../../generated/version.js";
import { command, job, type Service, startService } from "./command-harness.js";

let service: Service;
let folder: string;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());
beforeEach(() => {
  service.seen.length = 0;
  folder = mkdtempSync(join(tmpdir(), "command-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (text: string | Buffer) => {
  const path = join(folder, "ids.txt");
  writeFileSync(path, text);
  return path;
};
const NO_SERVICE = { AZURE_OPENAI_ENDPOINT: "", AZURE_OPENAI_API_KEY: "" };

describe("--help and --version", () => {
  test.each(["--help", "-h"])("%s prints how the command is used, and sends nothing", async (flag) => {
    const { code, out, err } = await command(service, [flag, "ftjob-1"], { env: NO_SERVICE });
    expect({ code, err, seen: service.seen }).toEqual({ code: 0, err: "", seen: [] });
    expect(out).toMatch(/^Usage: cancel-fine-tuning-job \[options\] <job id> \.{3}\n.*\nExit codes\n.*\nExamples\n/s);
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("--version prints the version", async () => {
    expect(await command(service, ["--version"], { env: NO_SERVICE })).toEqual({
      code: 0,
      out: `${version}\n`,
      err: "",
    });
  });
});

describe("wrong usage is exit code 2, names flags and variables, and sends nothing", () => {
  const NO_CREDENTIAL =
    /^A credential is never an argument: set AZURE_OPENAI_API_KEY or AZURE_OPENAI_AD_TOKEN, or use --auth entra\. See --help\.$/;
  const KEY = "AZURE_OPENAI_API_KEY";
  const ENDPOINT = "AZURE_OPENAI_ENDPOINT";
  test.each<[string, string[], RegExp, NodeJS.ProcessEnv?]>([
    ["an unknown flag", ["--force", "a"], /^Unknown option '--force'\. See --help\.$/],
    ["an unknown flag that steers a terminal", ["--x\u001b[2J", "a"], /^Unknown option '--x \[2J'\. See --help\.$/],
    ["a flag without its value", ["a", "--timeout"], /^Option '--timeout <value>' argument missing\. See --help\.$/],
    ["a value that looks like a flag", ["--file", "--yes"], /^Option '--file' argument is ambiguous\. See --help\.$/],
    ["a key as an argument", ["--api-key=a-key-that-is-secret", "a"], NO_CREDENTIAL],
    ["a token as an argument", ["--Token", "a-key-that-is-secret", "a"], NO_CREDENTIAL],
    ["a secret as an argument", ["a", "--client_secret:a-key-that-is-secret"], NO_CREDENTIAL],
    ["a password as an argument", ["--passwordsesame. a-key-that-is-secret", "a"], NO_CREDENTIAL],
    ["no id", [], /^No job id given\. There is no default for a real service\. See --help\.$/],
    ["a concurrency of 0", ["--concurrency", "0", "a"], /^--concurrency must be a whole number from 1 to 100\.$/],
    ["a concurrency of 101", ["--concurrency", "101", "a"], /^--concurrency must be/],
    ["a concurrency of 1.5", ["--concurrency", "1.5", "a"], /^--concurrency must be/],
    ["a concurrency in words", ["--concurrency", "many", "a"], /^--concurrency must be/],
    ["a timeout in ms", ["--timeout", "30000", "a"], /^--timeout must be a number of seconds from 0\.001 to 300\.$/],
    ["a timeout of 0", ["--timeout", "0", "a"], /^--timeout must be/],
    ["an exponent", ["--timeout", "1e1", "a"], /^--timeout must be/],
    ["too many retries", ["--max-retries", "101", "a"], /^--max-retries must be a whole number from 0 to 100\.$/],
    ["retries with a letter before", ["--max-retries", "x1", "a"], /^--max-retries must be/],
    ["retries with a letter after", ["--max-retries", "1x", "a"], /^--max-retries must be/],
    ["retries in hexadecimal", ["--max-retries", "0x1", "a"], /^--max-retries must be/],
    ["an empty number", ["--max-retries", "", "a"], /^--max-retries must be/],
    ["another way of authentication", ["--auth", "key", "a"], /^--auth must be "entra"\.$/],
    ["colour and none", ["--color", "--no-color", "a"], /^Give --color or --no-color, not both\.$/],
    [
      "no endpoint",
      ["a"],
      /^Missing: AZURE_OPENAI_ENDPOINT \(or --endpoint\)\. Only AZURE_OPENAI_API_KEY is given\. Nothing was sent\.$/,
      { [ENDPOINT]: "" },
    ],
    [
      "no credential",
      ["a"],
      /^Missing: AZURE_OPENAI_API_KEY \(or AZURE_OPENAI_AD_TOKEN, or --auth entra\)\. Only AZURE_OPENAI_ENDPOINT is given\./,
      { [KEY]: "" },
    ],
    [
      "no credential beside an argument",
      ["--endpoint", "https://example.com", "a"],
      /^Missing: AZURE_OPENAI_API_KEY .*\. Only --endpoint and AZURE_OPENAI_ENDPOINT are given\./,
      { [KEY]: "" },
    ],
    [
      "no endpoint beside Entra",
      ["--auth", "entra", "a"],
      /^Missing: AZURE_OPENAI_ENDPOINT \(or --endpoint\)\. Only --auth entra is given\./,
      NO_SERVICE,
    ],
    [
      "neither",
      ["a"],
      /^Missing: AZURE_OPENAI_ENDPOINT \(or --endpoint\) and AZURE_OPENAI_API_KEY \(or AZURE_OPENAI_AD_TOKEN, or --auth entra\)\. Nothing was sent\.$/,
      NO_SERVICE,
    ],
    ["a variable that is no URL", ["a"], /^AZURE_OPENAI_ENDPOINT is not a URL\./, { [ENDPOINT]: "my-resource" }],
    ["an empty endpoint, whatever the variable says", ["--endpoint=", "a"], /^--endpoint is not a URL\./],
    ["an argument that is no URL", ["--endpoint", "my-resource", "a"], /^--endpoint is not a URL\./],
    [
      "plain http",
      ["--endpoint", "http://example.com", "a"],
      /^--endpoint must start with https:\/\/: over http the credential crosses the network in the clear\.$/,
    ],
    ["a key with a line break", ["a"], /^AZURE_OPENAI_API_KEY holds a space, a line break/, { [KEY]: "a-key\n" }],
    [
      "a token with a space",
      ["a"],
      /^AZURE_OPENAI_AD_TOKEN holds a space/,
      { [KEY]: "", AZURE_OPENAI_AD_TOKEN: "Bearer abc" },
    ],
    ["a file that is not there", ["--file", "/nowhere/ids.txt"], /^--file \/nowhere\/ids\.txt can't be read: ENOENT/],
    ["a folder", ["--file", "/"], /^--file \/ can't be read: EISDIR/],
    [
      "a file for failed ids in no folder",
      ["--output-failed", "/nowhere/x", "a"],
      /^--output-failed \/nowhere\/x can't be written: ENOENT/,
    ],
    [
      "failed ids where no file can be made",
      ["--output-failed", "/proc/failed.txt", "a"],
      /--output-failed \/proc\/failed\.txt can't be written: (ENOENT|EACCES)/,
    ],
    ["an empty stdin", ["--file", "-"], /^There is no job id in --file\. Nothing was sent\.$/],
    [
      "an id that leaves the base path of a gateway",
      ["--yes", "--endpoint", "https://example.com/aoai", "a", "x/../y"],
      /^The job id "x\/\.\.\/y" would leave the base path of https:\/\/example\.com\/aoai\. Nothing was sent\.$/,
    ],
    [
      "more than one without a terminal",
      ["a", "b"],
      /To cancel 2 jobs without a terminal to ask at, give --yes\. Nothing was sent\.$/,
    ],
  ])("%s", async (_, args, message, env = {}) => {
    const { code, out, err } = await command(service, args, { env });
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.trimEnd()).toMatch(message);
    expect(err).not.toMatch(/secret|apiKey|tokenProvider|timeoutMs|maxRetries|allowInsecure|createFineTuningClient/);
    expect(service.seen).toEqual([]);
  });
});

describe("--output-failed is tried before anything is sent, and in a dry run", () => {
  const refuses = async (path: string, problem: string | RegExp) => {
    for (const flags of [[], ["--dry-run"]]) {
      const before = readdirSync(folder);
      const { code, out, err } = await command(service, [...flags, "--output-failed", path, "a"]);
      expect({ code, out, lines: err.split("\n").length }).toEqual({ code: 2, out: "", lines: 2 });
      expect(err).toMatch(problem);
      expect({ seen: service.seen, files: readdirSync(folder) }).toEqual({ seen: [], files: before });
    }
  };

  test.each([
    ["below a file", "ids.txt/x", "ENOTDIR"],
    ["a file with a slash", "ids.txt/", "ENOTDIR"],
    ["a folder that is not there", "new/", "ENOENT"],
    ["a name that is too long", "x".repeat(300), "ENAMETOOLONG"],
  ])("%s", async (_, name, problem) => {
    file("a");
    // Not joined, which would take off the slash.
    await refuses(`${folder}/${name}`, new RegExp(`^--output-failed .* can't be written: ${problem}`));
  });

  test.each(["", "-"])("%j is no name", async (name) => {
    await refuses(name, /^--output-failed needs the name of a file; results are on stdout\.$/m);
  });

  test.each([
    ["a folder", "mkdir"],
    ["a pipe", "mkfifo"],
  ])("%s is not replaced", async (_, make) => {
    const path = join(folder, "failed");
    execFileSync(make, [path]);
    await refuses(path, `--output-failed ${path} can't be written: it is not a regular file\n`);
    expect(statSync(path).isFile()).toBe(false);
  });

  test("a link that leads nowhere is not replaced", async () => {
    const path = join(folder, "link");
    symlinkSync(join(folder, "nowhere"), path);
    await refuses(path, /can't be written: ENOENT/);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
  });
});

describe("ids", () => {
  const CRLF =
    '\ufeffftjob-1\r\n  ftjob-2 \r\n\r\n# a comment\r\n{"id": " ftjob-3\\n", "status": "running"}\r\nftjob-1\r\n';

  test("from arguments, a file of Windows and stdin: trimmed, and each once", async () => {
    const args = ["--yes", "--concurrency", "1", " ftjob-0\r", "--file", file(CRLF), "--file", "-"];
    const { code, err } = await command(service, args, { stdin: "ftjob-4\nftjob-2" });
    expect(code).toBe(0);
    expect(service.seen).toEqual(["ftjob-0", "ftjob-1", "ftjob-2", "ftjob-3", "ftjob-4"]);
    expect(err).toContain("ftjob-1 was given 2 times. It is cancelled once.\nftjob-2 was given 2 times. It is");
  });

  test("the lines of --json are taken again", async () => {
    const { out } = await command(service, ["--yes", "--json", "--concurrency", "1", "a/b", "c"]);
    service.seen.length = 0;
    expect(await command(service, ["--yes", "--concurrency", "1", "--file", "-"], { stdin: out })).toMatchObject({
      code: 0,
    });
    expect(service.seen).toEqual(["a/b", "c"]);
  });

  test("all are checked before the first is cancelled, and each that is not usable is named with its place", async () => {
    const lines = [
      "ftjob-1",
      ".",
      "ftjob-2 ftjob-3",
      '{"id": "\\ud800"}',
      "{nonsense",
      '{"ID": 1}',
      "x\u0000y",
      "z\u202e",
    ];
    const path = file(Buffer.concat([Buffer.from(lines.join("\n")), Buffer.from("\nlatin1-\xe9", "latin1")]));
    const { code, out, err } = await command(service, ["--yes", "", "..", "ftjob-0", "--file", path]);
    expect({ code, out, seen: service.seen }).toEqual({ code: 2, out: "", seen: [] });
    const inside = "has a space or an invisible character inside: give one id an argument, and one id a line";
    expect(err.split("\n")).toEqual([
      "Not usable as the id of a job:",
      "  argument 1: is empty",
      '  argument 2: ".." would change the path of the request',
      `  ${path}, line 2: "." would change the path of the request`,
      `  ${path}, line 3: "ftjob-2 ftjob-3" ${inside}`,
      `  ${path}, line 4: "\\ud800" has half a surrogate pair, or bytes that are not UTF-8`,
      `  ${path}, line 5: "{nonsense" begins as JSON, but is not JSON of one line (jq has -c for that): give an id that begins so as {"id": "…"}`,
      `  ${path}, line 6: "{\\"ID\\": 1}" is a JSON object without a string "id"`,
      `  ${path}, line 7: "x y" has a NUL character, as text in UTF-16 has: save the file as UTF-8`,
      `  ${path}, line 8: "z" ${inside}`,
      `  ${path}, line 9: "latin1-\ufffd" has half a surrogate pair, or bytes that are not UTF-8`,
      "Nothing was sent.",
      "",
    ]);
  });

  test.each([
    ['["a","b"]', 'is a JSON array: give one id, or one JSON object with an "id", a line'],
    ['"a"', "is a JSON string: give the id without quotation marks (jq has -r for that)"],
    [
      '"a',
      'begins as JSON, but is not JSON of one line (jq has -c for that): give an id that begins so as {"id": "…"}',
    ],
    [
      "[a",
      'begins as JSON, but is not JSON of one line (jq has -c for that): give an id that begins so as {"id": "…"}',
    ],
  ])("a line %s is no id", async (line, problem) => {
    expect(await command(service, ["--file", "-"], { stdin: line })).toMatchObject({
      code: 2,
      err: expect.stringContaining(`  stdin, line 1: ${JSON.stringify(line)} ${problem}\n`),
    });
    expect(service.seen).toEqual([]);
  });

  test.each(["utf16le", "utf16be"])("in %s are not read, and every line says why", async (encoding) => {
    const bytes = Buffer.from("\ufeffftjob-1\r\nftjob-2\r\n", "utf16le");
    const path = file(encoding === "utf16be" ? bytes.swap16() : bytes);
    const { code, err } = await command(service, ["--yes", "--file", path]);
    const problems = err.split("\n").filter((line) => line.includes(", line "));
    expect({ code, seen: service.seen, isNamed: problems.some((line) => line.includes("f t j o b - 2")) }).toEqual({
      code: 2,
      seen: [],
      isNamed: true,
    });
    for (const problem of problems) expect(problem).toContain(" has a NUL character, as text in UTF-16 has: save the");
  });

  test.each(["\u200b", "\ufe0f", "\u034f", "\u3164", "\u{e0031}"])(
    "%j inside, which no font shows, is refused",
    async (invisible) => {
      expect(await command(service, [`ftjob${invisible}-1`])).toMatchObject({
        code: 2,
        err: expect.stringContaining('argument 1: "ftjob -1" has a space or an invisible character inside'),
      });
    },
  );

  test("may be separated by line breaks of any system, each of which is one", async () => {
    const { err } = await command(service, ["--yes", "--file", "-"], { stdin: "a\rb\r\nc\n." });
    expect(err.split("\n").slice(1, -2)).toEqual(['  stdin, line 4: "." would change the path of the request']);
  });

  test("may be long, and are shortened where they are not usable", async () => {
    const id = "x".repeat(500);
    expect(await command(service, [id])).toMatchObject({ code: 0 });
    expect(service.seen).toEqual([id]);
    const { err } = await command(service, [`${id} y`]);
    expect(err).toContain(`argument 1: "${"x".repeat(60)}…" has a space`);
  });

  test("come from a file whose name can't act on a terminal", async () => {
    const path = join(folder, "a\u001b[2Jb");
    for (const text of [undefined, "."]) {
      if (text !== undefined) writeFileSync(path, text);
      const { code, err } = await command(service, ["--file", path]);
      expect({ code, isNamed: err.includes("a [2Jb"), isClean: !err.includes("\u001b") }).toEqual({
        code: 2,
        isNamed: true,
        isClean: true,
      });
    }
  });

  test("no more than ten problems are printed", async () => {
    const { err } = await command(service, ["--file", "-"], { stdin: ".\n".repeat(12) });
    expect(err.split("\n").slice(-4)).toEqual([
      '  stdin, line 10: "." would change the path of the request',
      "  and 2 more",
      "Nothing was sent.",
      "",
    ]);
  });

  test("are sent encoded, as one segment", async () => {
    await command(service, ["--yes", "--concurrency", "1", "a/b?c#d", "{fine_tuning_job_id}", "é😀"]);
    expect(service.seen).toEqual(["a/b?c#d", "{fine_tuning_job_id}", "é😀"]);
  });
});

describe("the credential", () => {
  test.each([
    ["the key", {}, "AZURE_OPENAI_API_KEY", { "api-key": "a-key-that-is-secret" }],
    [
      "the token, where there is no key",
      { AZURE_OPENAI_API_KEY: "", AZURE_OPENAI_AD_TOKEN: "a-token-that-is-secret" },
      "AZURE_OPENAI_AD_TOKEN",
      { authorization: "Bearer a-token-that-is-secret" },
    ],
    [
      "the key, where there is a token too",
      { AZURE_OPENAI_AD_TOKEN: "a-token-that-is-secret" },
      "AZURE_OPENAI_API_KEY",
      { "api-key": "a-key-that-is-secret" },
    ],
  ])("is %s", async (_, env, shown, sent) => {
    const { code, err } = await command(service, ["a"], { env });
    expect({ code, err }).toEqual({
      code: 0,
      err: `Service: ${service.url}, credential: ${shown}. Cancelling cannot be undone.\n`,
    });
    const { "api-key": key, authorization } = service.headers;
    expect({ ...(key && { "api-key": key }), ...(authorization && { authorization }) }).toEqual(sent);
  });

  test("--endpoint comes before the variable, and either may end in /openai/v1", async () => {
    const env = { AZURE_OPENAI_ENDPOINT: "https://nowhere.invalid" };
    expect(await command(service, ["--endpoint", `${service.url}/openai/v1/`, "a"], { env })).toMatchObject({
      code: 0,
    });
    expect(service.seen).toEqual(["a"]);
  });
});

describe("--dry-run", () => {
  const PATH = "/openai/v1/fine_tuning/jobs";

  test("checks everything, prints what would be sent and where, and sends nothing", async () => {
    const failed = join(folder, "failed.txt");
    const args = ["--dry-run", "a", "b/c", "a", "--output-failed", failed];
    expect(await command(service, args)).toEqual({
      code: 0,
      out: `POST ${service.url}${PATH}/a/cancel\nPOST ${service.url}${PATH}/b%2Fc/cancel\n`,
      err: `Service: ${service.url}, credential: AZURE_OPENAI_API_KEY. Cancelling cannot be undone.
a was given 2 times. It is cancelled once.
Dry run: 2 jobs. Nothing was sent.
`,
    });
    expect({ seen: service.seen, files: readdirSync(folder) }).toEqual({ seen: [], files: [] });
    expect(await command(service, ["--dry-run", ".."])).toMatchObject({ code: 2 });
    expect(await command(service, ["--dry-run", "a"], { env: NO_SERVICE })).toMatchObject({ code: 2 });
    expect(await command(service, ["--dry-run", "a", "--output-failed", "/nowhere/x"])).toMatchObject({ code: 2 });
  });

  test("with --json", async () => {
    const { out } = await command(service, ["--dry-run", "--json", "a"]);
    expect(JSON.parse(out)).toMatchObject({
      id: "a",
      outcome: "not-started",
      attempts: 0,
      message: `Dry run. Would send POST ${service.url}${PATH}/a/cancel`,
    });
  });
});

test("a fraction of a millisecond is rounded", async () => {
  expect(await command(service, ["--timeout", "20.0005", "a"])).toMatchObject({ code: 0 });
});

test("the largest numbers are usable", async () => {
  const args = ["--concurrency", "100", "--timeout", "300", "--max-retries", "100", "a"];
  expect(await command(service, args)).toMatchObject({ code: 0 });
});

test("--max-retries and --timeout reach the client", async () => {
  service.scripts.down = [(response) => void response.writeHead(503, { "retry-after-ms": "1" }).end("{}")];
  expect((await command(service, ["--json", "--max-retries", "3", "down"])).out).toContain('"attempts":4');
  service.scripts.stalls = [() => {}, job()];
  const { code, err } = await command(service, ["--timeout", ".1", "stalls"]);
  expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining("did not answer within 100 ms") });
});
