import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ContractError } from "../../scripts/contract/document.js";
import { readContract } from "../../scripts/contract/read.js";

const root = join(__dirname, "../..");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "contract-"));
  for (const file of ["openapi.yaml", "observed.overlay.yaml", "redocly.yaml", "generated"]) {
    cpSync(join(root, file), join(folder, file), { recursive: true });
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

const edit = (file: string, from: string | RegExp, to: string) => {
  const text = readFileSync(join(folder, file), "utf8");
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  writeFileSync(join(folder, file), changed);
};

/** Runs the command as `npm run generate` does, in the copy. */
const generate = (...args: string[]) => generateBy("scripts/generate.ts", ...args);

async function generateBy(name: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const tsx = join(root, "node_modules/tsx/dist/loader.mjs");
  try {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ["--import", tsx, join(root, name), ...args],
      { cwd: folder },
    );
    return { code: 0, stdout, stderr };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

/** Every file of generated/, with the time of its last change. */
const snapshot = () =>
  readdirSync(join(folder, "generated")).map((name) => {
    const file = join(folder, "generated", name);
    return [name, statSync(file).mtimeMs, readFileSync(file, "utf8")];
  });

describe("npm run generate", () => {
  test("writes what is committed, byte for byte", async () => {
    for (const name of readdirSync(join(folder, "generated"))) rmSync(join(folder, "generated", name));
    expect(await generate()).toMatchObject({ code: 0, stderr: "" });
    for (const name of readdirSync(join(root, "generated"))) {
      expect(readFileSync(join(folder, "generated", name), "utf8")).toBe(
        readFileSync(join(root, "generated", name), "utf8"),
      );
      expect(readFileSync(join(folder, "generated", name), "utf8")).toMatch(
        /^(#|\/\/) Made by scripts\/generate\.ts from (openapi\.yaml and observed\.overlay\.yaml|package\.json)\./,
      );
    }
    expect(readdirSync(join(folder, "generated"))).toEqual(readdirSync(join(root, "generated")));
  });

  test("--check names the stale files and writes nothing", async () => {
    edit("openapi.yaml", "The id of the job, by which", "The id of the job by which");
    const before = snapshot();
    const { code, stderr } = await generate("--check");
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        "generated/ is stale: openapi.accepted.yaml, types.ts. Run `npm run generate` and commit what it writes.\n",
    });
    expect(snapshot()).toEqual(before);
  });

  test("a problem in a source is one line and exit code 1, and nothing is written", async () => {
    edit("openapi.yaml", "type: string\n", "type: [string\n");
    const before = snapshot();
    const { code, stdout, stderr } = await generate();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^openapi\.yaml:\d+: .+\n$/);
    expect(snapshot()).toEqual(before);
  });

  test("so is a schema that the client's validator does not know", async () => {
    edit("openapi.yaml", /(The id of the job, .*\n +type: string\n)/, "$1          pattern: ^ftjob-\n");
    const before = snapshot();
    const { code, stderr } = await generate();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        "openapi.yaml with observed.overlay.yaml (FineTuningJob/id): src/violations.ts does not know the keyword pattern: add it there, or leave it out here.\n",
    });
    expect(snapshot()).toEqual(before);
  });

  test("a folder that cannot be written to is one line and exit code 1", async () => {
    rmSync(join(folder, "generated"), { recursive: true });
    writeFileSync(join(folder, "generated"), "");
    const { code, stdout, stderr } = await generate();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^generated\/: cannot be written: EEXIST.*\n$/);
  });

  test("a misspelt argument is a usage error", async () => {
    const usage = { code: 2, stderr: "Usage: npm run generate [-- --check]\n" };
    expect(await generate("--chekc")).toMatchObject(usage);
    expect(await generateBy("scripts/generate", "--chekc")).toMatchObject(usage);
  });
});

const openapi = "openapi.yaml";
const rules = "redocly.yaml";
const overlay = "observed.overlay.yaml";
const lastAction = /$/;
const responses = "$.paths['/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel'].post.responses";
const action = (text: string) => `\n  - target: ${text}\n`;

describe("a source is refused, with the place of the problem", () => {
  test.each<[what: string, file: string, from: string | RegExp, to: string, message: RegExp]>([
    ["YAML that does not parse", openapi, "openapi: 3.1.1", "openapi: [3.1.1", /^openapi\.yaml:\d+: /],
    [
      "a duplicate key",
      openapi,
      "openapi: 3.1.1",
      "openapi: 3.1.1\nopenapi: 3.1.1",
      /^openapi\.yaml:\d+: Map keys must be unique/,
    ],
    [
      "an alias whose anchor went with an action",
      overlay,
      / {2}- target: \$\.paths[^\n]*\n[^\n]* status 401 [\s\S]*?(?= {2}- target)/,
      "",
      /^observed\.overlay\.yaml: cannot be read as plain data: Unresolved alias .*: headers$/,
    ],
    [
      "an alias inside of its own anchor",
      overlay,
      lastAction,
      action("$.components.schemas.Metadata\n    description: none\n    update: &a { properties: { a: *a } }"),
      /^observed\.overlay\.yaml: cannot be read as plain data: .*circular/,
    ],
    [
      "aliases that expand to a very large value",
      openapi,
      /$/,
      "x-a: &a [1]\n".concat(
        [..."bcdefg"].map((name, index) => `x-${name}: &${name} [${`*${"abcdef"[index]},`.repeat(9)}]\n`).join(""),
      ),
      /^openapi\.yaml: cannot be read as plain data: Excessive alias count/,
    ],
    ["a list as a key", openapi, /$/, "? [a, b]\n: 1\n", /^openapi\.yaml:\d+: .*all keys must be strings/],
    ["rules that are no YAML", rules, "extends:", "extends: [", /^redocly\.yaml: Redocly cannot read it: /],
    [
      "rules that build on others that do not exist",
      rules,
      "recommended-strict",
      "nope",
      /^redocly\.yaml: Redocly cannot read it: .*nope/,
    ],
    ["rules of another type", rules, /extends:\n.*/, "extends: 1", /^redocly\.yaml: Redocly cannot read it: /],
    [
      "a type listed twice beside an enum, by two actions",
      overlay,
      lastAction,
      [
        ["integer", "7"],
        ["'null'", "null"],
      ]
        .map(([type, value]) =>
          action(
            `$.components.schemas.FineTuningJob.properties.status\n    description: none\n    update: { type: [string, ${type}], enum: [${value}] }`,
          ),
        )
        .join(""),
      /^observed\.overlay\.yaml \(.*FineTuningJob\): .*status\/type must NOT have duplicate items/,
    ],
    [
      "a $ref in other characters",
      openapi,
      '"#/components/schemas/FineTuningJob"',
      '"#/components/schemas/Fine%54uningJob"',
      /^openapi\.yaml:\d+: \$ref must name a component/,
    ],
    [
      "a $ref to nothing, in an action",
      overlay,
      lastAction,
      action("$.components.schemas.AutoOrInteger\n    description: none\n    update: { oneOf: [{ $ref: '#' }] }"),
      /^openapi\.yaml with observed\.overlay\.yaml#\/components\/schemas\/AutoOrInteger\/oneOf\/2: \$ref must name/,
    ],
    [
      "a $ref to a header in place of a schema, in an action",
      overlay,
      lastAction,
      action(
        "$.components.schemas.AutoOrInteger\n    description: none\n    update: { oneOf: [{ $ref: '#/components/headers/RequestId' }] }",
      ),
      /^openapi\.yaml with observed\.overlay\.yaml#\/components\/schemas\/AutoOrInteger\/oneOf\/2: \$ref must name/,
    ],
    ["a list in place of the document", overlay, /.*/s, "- 1\n", /^observed\.overlay\.yaml:1: must be a mapping/],
    ["a misspelt keyword", openapi, "operationId:", "operationID:", /^openapi\.yaml:\d+: .*operationID.* \(struct\)$/],
    [
      "nullable, which OpenAPI 3.1 does not have",
      openapi,
      "          type: string\n",
      "          type: string\n          nullable: true\n",
      /^openapi\.yaml:\d+: .*nullable/,
    ],
    [
      "a $ref to nothing",
      openapi,
      '"#/components/schemas/Metadata"',
      '"#/components/schemas/Meta"',
      /^openapi\.yaml:\d+: Can't resolve \$ref/,
    ],
    [
      "a $ref with a sibling",
      openapi,
      '            - $ref: "#/components/schemas/Metadata"',
      '            - $ref: "#/components/schemas/Metadata"\n              description: lost',
      /^openapi\.yaml.*siblings/,
    ],
    [
      "a component that nothing uses",
      openapi,
      "    Metadata:\n",
      "    Spare:\n      type: string\n    Metadata:\n",
      /^openapi\.yaml:\d+: .*Spare/,
    ],
    [
      "an example that its schema rejects",
      openapi,
      "created_at: 1763900000",
      "created_at: yesterday",
      /^openapi\.yaml:\d+: .*created_at.*integer/,
    ],
    ["a schema that Ajv rejects", openapi, "maxProperties: 16", "minProperties: -16", /^openapi\.yaml.*minProperties/],
    [
      "another dialect",
      openapi,
      "/draft/2020-12/schema",
      "/draft/2019-09/schema",
      /^openapi\.yaml:\d+: must be https:/,
    ],
    [
      "an action that matches nothing",
      overlay,
      ".properties.seed\n",
      ".properties.sed\n",
      /^observed\.overlay\.yaml:\d+: the action matches nothing: \$\.components\.schemas\.FineTuningJob\.properties\.sed$/,
    ],
    [
      "a target that is not a JSONPath",
      overlay,
      ".properties.seed\n",
      ".properties[?(\n",
      /^observed\.overlay\.yaml:\d+: .*JSONPath/,
    ],
    [
      "another version of OpenAPI",
      openapi,
      "openapi: 3.1.1",
      "openapi: 4.0.0",
      /^openapi\.yaml:\d+: Redocly cannot check it: Unsupported OpenAPI version: 4\.0\.0$/,
    ],
    [
      "null in place of an object",
      openapi,
      /\nservers:\n {2}- /,
      "\nservers:\n  -\n  - ",
      /^openapi\.yaml:\d+: Redocly cannot check it/,
    ],
    [
      "servers of a path",
      openapi,
      /\n( +)post:\n/,
      "\n$1servers: [{ url: https://service.azure.com }]\n$1post:\n",
      /^openapi\.yaml:\d+: expected object here, got array\.$/,
    ],
    [
      "an extension beside the responses",
      openapi,
      /\n( +)responses:\n/,
      "\n$1responses:\n$1  x-note: 1\n",
      /^openapi\.yaml:\d+: expected object here, got integer\.$/,
    ],
    [
      "null in place of a response that an action adds",
      overlay,
      lastAction,
      action(`${responses}\n    description: none\n    update: { '404': null }`),
      /^openapi\.yaml with observed\.overlay\.yaml#\/paths\/.*\/responses\/404: expected object here, got null\.$/,
    ],
    [
      "null in place of an update",
      overlay,
      lastAction,
      action("$.components.schemas.Metadata\n    description: none\n    update: null"),
      /^observed\.overlay\.yaml|^openapi\.yaml with observed\.overlay\.yaml/,
    ],
    [
      "a wildcard that matches one place",
      overlay,
      ".FineTuningIntegrationWandb.properties.tags\n",
      ".FineTuningIntegrationWandb.*.tags\n",
      /^observed\.overlay\.yaml:\d+: action \d+ needs a JSONPath that names each step/,
    ],
    [
      "an action that changes what no action may",
      overlay,
      lastAction,
      action('$.info\n    description: none\n    update: { version: "2" }'),
      /^observed\.overlay\.yaml:\d+: action \d+ changes \/info\/version: an action may change schemas, add a response/,
    ],
    [
      "an action with a blank description",
      overlay,
      lastAction,
      action('$.info\n    description: " "\n    update: { version: "2" }'),
      /^observed\.overlay\.yaml:\d+: action \d+ needs a description/,
    ],
    [
      "an action that changes nothing",
      overlay,
      lastAction,
      action('$.info\n    description: none\n    update: { version: "1" }'),
      /^observed\.overlay\.yaml:\d+: action \d+ changes nothing/,
    ],
    [
      "an action without a description",
      overlay,
      lastAction,
      action('$.info\n    update: { version: "2" }'),
      /^observed\.overlay\.yaml:\d+: action \d+ needs a description/,
    ],
    [
      "an action that neither updates nor removes",
      overlay,
      lastAction,
      action("$.info\n    description: none"),
      /^observed\.overlay\.yaml:\d+: action \d+ needs an update, or remove: true/,
    ],
    [
      "a misspelt action",
      overlay,
      "    remove: true",
      "    removed: true",
      /^observed\.overlay\.yaml:\d+: action \d+ has an unknown member: removed/,
    ],
    [
      "another version of Overlay",
      overlay,
      "overlay: 1.0.0",
      "overlay: 2.0.0",
      /^observed\.overlay\.yaml:\d+: overlay must be 1\.0\.0/,
    ],
    [
      "an action that replaces a type",
      overlay,
      "type: [integer]",
      "type: integer",
      /^observed\.overlay\.yaml \(FineTuningJob\/finished_at\): .*narrows/,
    ],
    [
      "an action that adds a limit",
      overlay,
      lastAction,
      action("$.components.schemas.FineTuningJob.properties.id\n    description: none\n    update: { maxLength: 3 }"),
      /^observed\.overlay\.yaml \(FineTuningJob\/id\): .*narrows/,
    ],
    [
      "a status of its own without what `default` admits",
      overlay,
      lastAction,
      action(
        `${responses}\n    description: none\n    update: { '404': { description: none, content: { text/html: { schema: { type: string } } } } }`,
      ),
      /^observed\.overlay\.yaml \(404 application\/json\): an action narrows/,
    ],
    [
      "a status of its own with another body than `default` has",
      overlay,
      lastAction,
      action(
        `${responses}\n    description: none\n    update: { '404': { description: none, content: { application/json: { schema: { $ref: '#/components/schemas/FineTuningJob' } } } } }`,
      ),
      /^observed\.overlay\.yaml \(404 application\/json\): an action narrows the contract: the page admits #\/components\/schemas\/ErrorResponse here\.$/,
    ],
    [
      "a limit that an example alone is over",
      overlay,
      lastAction,
      action("$.components.schemas.FineTuningJob.properties.id\n    description: none\n    update: { maxLength: 11 }"),
      /^observed\.overlay\.yaml \(FineTuningJob\/id\): .*narrows/,
    ],
    [
      "an extra member declared with a type",
      overlay,
      "        description: Not documented; seen in wandb integrations.",
      "        type: string",
      /^observed\.overlay\.yaml \(FineTuningJob.*run_id\): .*narrows/,
    ],
    [
      "an action after which the document is not OpenAPI",
      overlay,
      lastAction,
      action(
        `${responses}\n    description: none\n    update: { '404': { description: none, titel: x, content: { application/json: { schema: { $ref: '#/components/schemas/ErrorResponse' } } } } }`,
      ),
      /^openapi\.yaml with observed\.overlay\.yaml#\/paths.*\/404.*titel/,
    ],
    [
      "a component that contains itself",
      openapi,
      "    FineTuningJobError:\n      description: Why a job failed.\n      type: object\n",
      '$&      additionalProperties: { $ref: "#/components/schemas/FineTuningJobError" }\n',
      /^openapi\.yaml with observed\.overlay\.yaml \(FineTuningJobError\/additionalProperties\): FineTuningJobError contains itself/,
    ],
    [
      "a component that contains itself by way of another, which an action adds",
      overlay,
      lastAction,
      action(
        "$.components.schemas.AutoOrInteger\n    description: none\n    update: { oneOf: [{ $ref: '#/components/schemas/FineTuneMethod' }] }",
      ),
      /^openapi\.yaml with observed\.overlay\.yaml \(\w+\/batch_size\): AutoOrInteger contains itself/,
    ],
  ])("%s", async (_, file, from, to, message) => {
    edit(file, from, to);
    const error = await readContract(folder).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ContractError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain("\n");
  });

  test("a change of the rules alone", async () => {
    await readContract(folder);
    edit(rules, "operation-4xx-response: off", "operation-4xx-response: error");
    await expect(readContract(folder)).rejects.toThrow(/^openapi\.yaml:\d+: .*4XX/);
  });

  test("a missing file", async () => {
    rmSync(join(folder, openapi));
    await expect(readContract(folder)).rejects.toThrow(/^openapi\.yaml: cannot be read \(ENOENT\)\.$/);
  });

  test("a folder in place of a file", async () => {
    rmSync(join(folder, overlay));
    mkdirSync(join(folder, overlay));
    await expect(readContract(folder)).rejects.toThrow(/^observed\.overlay\.yaml: cannot be read \(EISDIR\)\.$/);
  });
});

test("a contract that was read is nobody else's", async () => {
  const [first, second] = [await readContract(folder), await readContract(folder)];
  first.documented.components.schemas = {};
  expect(Object.keys(second.documented.components.schemas)).toContain("FineTuningJob");
  expect(await readContract(folder)).toEqual(second);
});
