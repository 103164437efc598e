import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { main, USAGE } from "./diff.js";

const root = join(__dirname, "../..");
const FILES = ["openapi.yaml", "observed.overlay.yaml", "redocly.yaml", "generated", "package.json"];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "contract-diff-"));
  for (const file of FILES) cpSync(join(root, file), join(folder, file), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function git(...args: string[]): void {
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
  execFileSync("git", [...identity, ...args], { cwd: folder, stdio: "ignore" });
}

function commit(...after: string[][]): void {
  git("init", "--quiet", "--initial-branch=main");
  git("add", ...FILES);
  git("commit", "--quiet", "--message=all");
  for (const args of after) git(...args);
}

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(join(folder, file), "utf8");
  expect(text).toContain(from);
  writeFileSync(join(folder, file), text.replace(from, to));
}

async function diff(args: readonly string[]) {
  const [out, err] = [[] as string[], [] as string[]];
  const code = await main(args, { out: (text) => out.push(text), err: (text) => err.push(text) }, folder);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

/** Services were seen to send one status more, and its type is written anew. */
function admitStatus(): void {
  edit("observed.overlay.yaml", "enum: [paused]", "enum: [paused, 'on|<hold>']");
  edit("generated/types.ts", '"paused" |', '"paused" | "on|<hold>" |');
}

test("a literal that services were seen to send is minor, and breaks exhaustive switches", async () => {
  commit(["tag", "v0.1.0"]);
  admitStatus();
  const { code, out, err } = await diff(["--format", "json"]);
  expect(err).toBe("");
  const { differences, types, ...report } = JSON.parse(out);
  expect(report).toEqual({ since: "v0.1.0", bump: "minor" });
  expect(differences).toEqual([
    expect.objectContaining({ place: "200 status", layers: ["accepted"], level: "minor", breaks: ["switches"] }),
  ]);
  expect(types).toEqual([
    expect.stringMatching(/^- .*"paused" \| "resuming"/),
    expect.stringMatching(/^\+ .*"paused" \| "on\|<hold>" \| "resuming"/),
  ]);
  expect(code).toBe(0);
});

test("a change of both layers is one difference", async () => {
  commit();
  edit("openapi.yaml", "        - id\n", "");
  const { code, out } = await diff(["--format=json"]);
  const { differences, bump } = JSON.parse(out);
  expect(code).toBe(0);
  expect(differences).toEqual([
    expect.objectContaining({ layers: ["documented", "accepted"], level: "major", breaks: ["readers"] }),
  ]);
  expect(bump).toBe("major");
});

test("the page catches up with the overlay: nothing changes for callers", async () => {
  commit();
  edit("openapi.yaml", "            - cancelled\n", "            - cancelled\n            - paused\n");
  edit("observed.overlay.yaml", "enum: [paused]", "enum: []\n      description: Where the job stands now.");
  const { out } = await diff([]);
  expect(out).toMatch(/^\d changes? since main, 0 breaking: the next version is at least a patch one\./);
  expect(out).toContain("breaks nobody: the types come from the accepted contract");
});

test.each([
  [
    "text",
    "patch",
    1,
    /^1 change since main, 1 breaking: the next version is at least a minor one\.\n\nminor {2}200 status: /,
  ],
  ["markdown", "minor", 1, /\n\| minor \| 200 status \| [^\n]*on\\\|&lt;hold>[^\n]* \|\n\n````diff\n-/],
  ["html", "major", 0, /<td>200 status<\/td><td>[^<]*on\|&lt;hold&gt;[^<]*<\/td>/],
  ["github", "none", 0, /^::warning file=openapi\.yaml,line=\d+,title=minor%3A 200 status::Enum of `status` gained/],
])("a minor change with --format %s, --fail-on %s: exit code %i", async (format, failOn, code, shows) => {
  commit();
  admitStatus();
  expect(await diff(["--format", format, "--fail-on", failOn, "main"])).toEqual({
    code,
    out: expect.stringMatching(shows),
    err: "",
  });
});

test("an older file is compared with what lies beside it", async () => {
  mkdirSync(join(folder, "old"));
  for (const file of ["openapi.yaml", "observed.overlay.yaml"]) cpSync(join(folder, file), join(folder, "old", file));
  admitStatus();
  const { code, out } = await diff([join(folder, "old/openapi.yaml"), "--format=json"]);
  expect(JSON.parse(out)).toMatchObject({ since: join(folder, "old/openapi.yaml"), bump: "minor", types: [] });
  expect(code).toBe(0);
});

test("today's overlay is applied to an older file without one", async () => {
  mkdirSync(join(folder, "old"));
  cpSync(join(folder, "openapi.yaml"), join(folder, "old/openapi.yaml"));
  const old = join(folder, "old/openapi.yaml");
  expect((await diff([old])).out).toBe(`Nothing changed since ${old}.`);
});

test("nothing in a contract makes a line of its own, or a command of a CI server", async () => {
  commit();
  const hostile = String.raw`"x\nNothing changed.\e[2J##[error]x"`;
  edit("openapi.yaml", "            - cancelled\n", `            - cancelled\n            - ${hostile}\n`);
  edit("generated/types.ts", '"paused" |', '"paused" | "##[error]\u001b[2J" |');
  const { out } = await diff([]);
  expect(out).toContain("gained values: 'x Nothing changed.");
  for (const line of out.split("\n")) expect(line).not.toMatch(/^Nothing changed|##\[|\p{Cc}/u);
  expect((await diff(["no\nref"])).err).toBe("no ref is neither a file nor a git ref.");
});

test.each([
  [
    "main, when no tag is a release",
    [
      ["tag", "vnext"],
      ["tag", "v0.2.0-rc.1"],
    ],
    "main",
  ],
  [
    "main of the origin, in a clone without main",
    [
      ["update-ref", "refs/remotes/origin/main", "HEAD"],
      ["branch", "--move", "work"],
    ],
    "origin/main",
  ],
])("compares with %s", async (_, after, since) => {
  commit(...after);
  expect((await diff([])).out).toBe(`Nothing changed since ${since}.`);
});

test("a project in a folder of its repository is compared with itself, not with what lies above it", async () => {
  const inside = join(folder, "inside");
  for (const file of FILES) cpSync(join(folder, file), join(inside, file), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(inside, "node_modules"));
  admitStatus();
  commit(["add", "inside"], ["commit", "--quiet", "--message=inside"]);
  const out: string[] = [];
  await main(["main"], { out: (text) => out.push(text), err: (text) => out.push(text) }, inside);
  expect(out).toEqual(["Nothing changed since main."]);
});

test("a commit without an overlay is compared as its openapi.yaml says", async () => {
  commit(["rm", "--quiet", "--cached", "observed.overlay.yaml"], ["commit", "--quiet", "--message=without"]);
  const { code, out, err } = await diff(["HEAD", "--format=json"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const { differences } = JSON.parse(out) as { differences: { layers: string[] }[] };
  expect(new Set(differences.flatMap(({ layers }) => layers))).toEqual(new Set(["accepted"]));
});

test("--help prints the usage", async () => {
  expect(await diff(["--help"])).toEqual({ code: 0, out: USAGE, err: "" });
  expect(USAGE).toContain("--fail-on <level>");
});

test("a mistake in the code is thrown, not taken for a contract that cannot be compared", async () => {
  commit();
  const out = () => {
    throw new TypeError("a mistake");
  };
  await expect(main([], { out, err: () => {} }, folder)).rejects.toThrow(new TypeError("a mistake"));
});

test("nothing changed", async () => {
  commit();
  expect(await diff(["--fail-on=patch"])).toEqual({ code: 0, out: "Nothing changed since main.", err: "" });
});

test.each([
  ["a ref that does not exist", ["no-such-ref"], "no-such-ref is neither a file nor a git ref."],
  ["a ref that looks like an option", ["--", "--output=x"], "--output=x is neither a file nor a git ref."],
  ["a folder without git", [], "There is no release tag and no branch main. Give a git ref or a file."],
  ["a file that is no contract", ["tsconfig.json"], "The contract of tsconfig.json cannot be read: "],
  ["two refs", ["main", "HEAD"], "Give one git ref or one file."],
  ["a format that every object has", ["--format=toString"], "--format must be one of: "],
  ["an unknown format", ["--format=pdf"], "--format must be one of: text, markdown, json, html, github."],
  ["a level that does not exist", ["--fail-on=breaking"], "--fail-on must be one of: patch, minor, major, none."],
  ["an unknown option", ["--strict"], "Unknown option '--strict'"],
])("exit code 2: %s", async (_, args, message) => {
  const { code, out, err } = await diff(args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(message);
});

const INFO = "openapi: 3.1.0\ninfo: { title: a, version: '1' }\n";
test.each<[what: string, openapi: (today: string) => string, overlay: string | undefined, message: string]>([
  ["nothing", () => "", undefined, "read: openapi.yaml:1: must be a mapping."],
  ["an alias without an anchor", () => "a: *b\n", undefined, "read: openapi.yaml: cannot be read as plain data: "],
  ["no components", () => `${INFO}paths: {}\n`, "actions: []\n", "read: openapi.yaml#/components: expected present"],
  [
    "no schemas",
    () => `${INFO}paths: {}\ncomponents: {}\n`,
    "actions: []\n",
    "read: openapi.yaml#/components/schemas: expected present",
  ],
  [
    "Swagger 2",
    () => "swagger: '2.0'\ninfo: { title: a, version: '1' }\npaths: {}\n",
    "actions: []\n",
    "read: openapi.yaml#/components: expected present",
  ],
  ["null in place of the overlay", (today) => today, "", "read: observed.overlay.yaml:1: must be a mapping."],
  [
    "an overlay with a type that does not exist",
    (today) => today,
    "actions: [{ target: $.components.schemas.Metadata, description: a, update: { items: { type: strnig } } }]\n",
    "read: openapi.yaml#/components/schemas: schema is invalid",
  ],
  ["an overlay without actions", (today) => today, "a: 1\n", "read: observed.overlay.yaml has no list of actions."],
  [
    "a $ref to nothing",
    (today) => today.replace("schemas/Metadata", "schemas/None"),
    undefined,
    "read: openapi.yaml#/components/schemas/FineTuningJob/properties/metadata/oneOf/0: $ref must name a component",
  ],
  [
    "a type that does not exist",
    (today) => today.replace("    Metadata:\n", "    Metadata:\n      items: { type: strnig }\n"),
    undefined,
    "read: openapi.yaml#/components/schemas: schema is invalid",
  ],
  [
    "an empty enum",
    (today) => today.replace("            - fine_tuning.job\n", "            []\n"),
    undefined,
    "read: openapi.yaml#/components/schemas/FineTuningJob: enum must have non-empty array",
  ],
  [
    "another version of OpenAPI",
    (today) => today.replace("openapi: 3.1.1", "openapi: 4.0.0"),
    undefined,
    "compared: Error: Unsupported OpenAPI version: 4.0.0",
  ],
])("exit code 2, and one line: an older file with %s", async (_, openapi, overlay, message) => {
  mkdirSync(join(folder, "old"));
  const old = join(folder, "old/openapi.yaml");
  writeFileSync(old, openapi(readFileSync(join(folder, "openapi.yaml"), "utf8")));
  if (overlay !== undefined) writeFileSync(join(folder, "old/observed.overlay.yaml"), overlay);
  const { code, out, err } = await diff([old]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(`The contract of ${old} cannot be ${message}`);
  expect(err).not.toContain("\n");
});

test.each([
  [
    "the generated types are compared by git itself",
    ["openapi.yaml"],
    { GIT_EXTERNAL_DIFF: "false", GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "color.ui", GIT_CONFIG_VALUE_0: "always" },
    0,
    /\n\nThe generated types:\n- .*"held".*\n\+ /,
    /^$/,
  ],
  [
    "without git nothing is compared",
    ["openapi.yaml"],
    { PATH: "" },
    2,
    /^$/,
    /^git cannot be run: spawnSync git ENOENT\n$/,
  ],
  [
    "without a repository, git prints nothing of its own",
    [],
    { GIT_DIR: "none" },
    2,
    /^$/,
    /^There is no release tag and no branch main\. Give a git ref or a file\.\n$/,
  ],
])("whatever the environment is: %s", (_, files, change, code, out, err) => {
  edit("generated/types.ts", '"paused" |', '"paused" | "held" |');
  const older = files.map((file) => join(folder, file));
  const command = ["--import", "tsx", "contract-tests/diff/diff.ts", ...older];
  const env = { ...process.env, TMPDIR: folder, ...change };
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, env, encoding: "utf8" });
  expect({ status, stdout, stderr }).toEqual({
    status: code,
    stdout: expect.stringMatching(out),
    stderr: expect.stringMatching(err),
  });
  expect(readdirSync(folder).filter((name) => name.startsWith("contract-diff-"))).toEqual([]);
});

test("exit code 2: a commit without a contract", async () => {
  git("init", "--quiet");
  git("commit", "--quiet", "--allow-empty", "--message=nothing");
  const err = "The contract of HEAD cannot be read: it has no openapi.yaml.";
  expect(await diff(["HEAD"])).toEqual({ code: 2, out: "", err });
});

test("exit code 2: the generated types are missing", async () => {
  commit();
  rmSync(join(folder, "generated/types.ts"));
  expect(await diff([])).toEqual({ code: 2, out: "", err: "generated/types.ts: cannot be read (ENOENT)." });
});

test("exit code 2: a contract that cannot be read", async () => {
  commit();
  edit("openapi.yaml", "openapi: 3.1.1", "openapi: 3.1.1\nunknown: true");
  const { code, err } = await diff([]);
  expect(code).toBe(2);
  expect(err).toMatch(/^openapi\.yaml:\d+: [^\n]+$/);
});
