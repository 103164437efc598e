import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "@jest/globals";
import ts from "typescript";

/** What each part of the project may import of the others. A file belongs to the longest entry that its path starts with. */
const client = ["generated/", "src/", "src/client.ts", "src/index.ts", "src/testing.ts", "src/command/"];
const making = [...client, "scripts/bench/", "scripts/contract/", "scripts/tools/", "dist/"];
const checking = [...making, "contract-tests/tables/", "contract-tests/spec/", "contract-tests/service/"];
const suite = [
  ...checking,
  "contract-tests/diff/",
  "contract-tests/command/",
  "contract-tests/strength/",
  "contract-tests/client/",
];
const MAY_IMPORT: Record<string, readonly string[]> = {
  "generated/": [],
  "src/": ["generated/"],
  "src/client.ts": ["generated/", "src/"],
  "src/index.ts": ["generated/", "src/", "src/client.ts"],
  "src/testing.ts": ["generated/", "src/", "src/client.ts", "src/index.ts"],
  "src/command/": ["generated/", "src/", "src/client.ts", "src/index.ts"],
  "scripts/bench/": [...client, "scripts/tools/", "dist/"],
  "scripts/contract/": client,
  "scripts/tools/": client,
  "scripts/": making,
  "contract-tests/tables/": making,
  "contract-tests/client/": [...making, "scripts/", "contract-tests/tables/"],
  "contract-tests/spec/": [...making, "contract-tests/tables/"],
  "contract-tests/service/": [...making, "contract-tests/tables/", "contract-tests/spec/"],
  "contract-tests/diff/": checking,
  "contract-tests/command/": [...checking, "contract-tests/diff/"],
  "contract-tests/strength/": [...checking, "contract-tests/diff/", "contract-tests/command/"],
  "contract-tests/package/": suite,
  "contract-tests/project/": [...suite, "contract-tests/package/"],
  "examples/": [],
  "dist/": [],
};

/** Packages that only these parts may import. */
const ONLY_IN: Record<string, readonly string[]> = {
  "@stoplight/": ["scripts/", "contract-tests/"],
  ajv: ["scripts/", "contract-tests/"],
  "openapi-typescript": ["scripts/generate.ts"],
  // Beside the client only the benchmarks, which measure it alone.
  "openapi-fetch": ["src/client.ts", "scripts/bench"],
};

/** The imports that break a rule, of files given by path and text. */
function wrongImports(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([file, text]) =>
    ts
      .preProcessFile(text, true, true)
      .importedFiles.map(({ fileName }) => fileName)
      .filter((specifier) => !(specifier.startsWith(".") ? mayImportFile : mayImportPackage)(file, specifier))
      .map((specifier) => `${file} imports ${specifier}`),
  );
}

function mayImportFile(file: string, specifier: string): boolean {
  const target = join(dirname(file), specifier).replace(/\.js$/, ".ts");
  const [from, to] = [partOf(file), partOf(target)];
  return from !== undefined && to !== undefined && (from === to || (MAY_IMPORT[from] as string[]).includes(to));
}

function mayImportPackage(file: string, specifier: string): boolean {
  const [, parts] =
    Object.entries(ONLY_IN).find(([name]) => `${specifier}/`.startsWith(name.replace(/\/?$/, "/"))) ?? [];
  return parts?.some((part) => file.startsWith(part)) ?? true;
}

function partOf(path: string): string | undefined {
  const parts = Object.keys(MAY_IMPORT).filter((part) => path.startsWith(part));
  return parts.sort((a, b) => b.length - a.length)[0];
}

/** The files that import themselves by way of others, types included. */
function filesInCircles(files: ReadonlyMap<string, string>): string[] {
  const importsOf = (file: string) =>
    ts
      .preProcessFile(files.get(file) ?? "", true, true)
      .importedFiles.map(({ fileName }) => join(dirname(file), fileName).replace(/\.js$/, ".ts"));
  const leadsTo = (from: string, goal: string, seen: Set<string>): boolean =>
    importsOf(from).some((next) => {
      if (next === goal) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return leadsTo(next, goal, seen);
    });
  return [...files.keys()].filter((file) => leadsTo(file, file, new Set()));
}

const root = join(__dirname, "../..");
function readFolders(...folders: string[]): Map<string, string> {
  const paths = folders.flatMap((folder) => ts.sys.readDirectory(join(root, folder), [".ts", ".js", ".mjs", ".cjs"]));
  return new Map(paths.map((path) => [relative(root, path), readFileSync(path, "utf8")]));
}

test("no modules of the client import each other in a circle", () => {
  expect(filesInCircles(readFolders("src"))).toEqual([]);
  const planted = { "src/a.ts": 'import "./b.js";', "src/b.ts": 'import type { C } from "./c.js";', "src/c.ts": "" };
  expect(filesInCircles(new Map(Object.entries(planted)))).toEqual([]);
  planted["src/c.ts"] = 'export * from "./b.js";';
  expect(filesInCircles(new Map(Object.entries(planted)))).toEqual(["src/b.ts", "src/c.ts"]);
});

test("no import of the project breaks a rule", () => {
  const files = readFolders("generated", "src", "scripts", "contract-tests", "examples");
  expect(files.size).toBeGreaterThan(80);
  expect([...files.keys()].filter((file) => partOf(file) === undefined)).toEqual([]);
  expect(wrongImports(files)).toEqual([]);
});

describe("reports a planted import:", () => {
  test.each([
    ["src/options.ts", 'import type { Contract } from "../scripts/contract/document.js";'],
    ["src/decode.ts", 'import { createFineTuningClient } from "./client.js";'],
    ["src/decode.ts", 'export * from "./index.js";'],
    ["src/client.ts", 'import { run } from "./command/command.js";'],
    ["src/index.ts", 'export { createMockService } from "./testing.js";'],
    ["generated/types.ts", 'import type { Violation } from "../src/violations.js";'],
    ["scripts/start.ts", 'const { pathOf } = await import("../contract-tests/tables/page.js");'],
    ["scripts/contract/read.ts", 'import { render } from "../generate.js";'],
    ["scripts/tools/steps.ts", 'const size = require("../size.js");'],
    ["contract-tests/tables/page.ts", 'import { specChecks } from "../spec/spec-checks.js";'],
    ["contract-tests/spec/check.ts", 'let exchange: import("../service/exchange.js").Exchange;'],
    ["contract-tests/service/probes.ts", 'import type { Output } from "../command/contract.js";'],
    ["contract-tests/diff/compare.ts", 'import { summarize } from "../command/summary.js";'],
    ["contract-tests/command/contract.ts", 'import { families } from "../strength/families.js";'],
    ["contract-tests/command/contract.test.ts", 'import { startFaultServer } from "../client/fault-server.js";'],
    ["contract-tests/client/faults.ts", 'import { goodExchange } from "../service/witness.js";'],
    ["contract-tests/other/file.ts", 'import { page } from "../tables/page.js";'],
    ["src/violations.ts", 'import { Ajv2020 } from "ajv/dist/2020.js";'],
    ["src/testing.ts", 'import { createServer } from "@stoplight/prism-http-server";'],
    ["scripts/contract/read.ts", 'import openapiTS from "openapi-typescript";'],
    ["src/transport.ts", 'import createClient from "openapi-fetch";'],
  ])("in %s, %s", (file, text) => {
    expect(wrongImports(new Map([[file, text]]))).toEqual([expect.stringContaining(`${file} imports`)]);
  });
});

describe("does not report an allowed import:", () => {
  test.each([
    ["src/command/command.ts", 'import { createFineTuningClient } from "../client.js";'],
    ["contract-tests/client/prism.test.ts", 'import { page } from "../tables/page.js";'],
    ["contract-tests/spec/check.ts", '// import { Exchange } from "../service/exchange.js";'],
    ["contract-tests/package/test-package.ts", 'const text = `import { x } from "../project/x.js";`;'],
    ["src/client.ts", 'import createFetchClient from "openapi-fetch";'],
    ["src/decode.ts", 'import { something } from "ajv-like";'],
  ])("in %s, %s", (file, text) => {
    expect(wrongImports(new Map([[file, text]]))).toEqual([]);
  });
});
