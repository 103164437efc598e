import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { MUTATION_SETS } from "../package/mutation-sets.js";

const root = join(__dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const manifest = JSON.parse(read("package.json")) as {
  scripts: Record<string, string>;
  engines: { node: string };
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  [member: string]: unknown;
};
const dependencies = { ...manifest.dependencies, ...manifest.devDependencies };

/** The names in the first column of a table of CONTRIBUTING.md, below a heading. */
function namesUnder(heading: string): string[] {
  const section = read("CONTRIBUTING.md").split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^\| `([^`]+)` \| \S/gm)].map(([, name]) => name as string);
}

test("CONTRIBUTING.md lists every script", () => {
  expect(namesUnder("Scripts").sort()).toEqual(Object.keys(manifest.scripts).sort());
});

test("CONTRIBUTING.md lists every folder of code", () => {
  const foldersIn = (folder: string) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${folder}/${name}`);
  const folders = ["generated", "src", "scripts", "docs", "examples"];
  expect(namesUnder("Folders").sort()).toEqual(
    [...folders, ...["src", "scripts", "contract-tests"].flatMap(foldersIn)].sort(),
  );
});

test("`npm test` checks generated/, lints, type-checks and runs the tests, and fails when one of them does", () => {
  expect(manifest.scripts).toMatchObject({
    test: 'run-p "generate -- --check" lint typecheck "test:jest -- {@}" --',
    lint: "biome check .",
    "test:jest": "jest",
  });
});

test("the Node version to develop with is the oldest that is supported", () => {
  expect(manifest.engines.node).toMatch(new RegExp(`^>=${read(".nvmrc").trim()}\\.`));
});

describe("dependencies", () => {
  const [npm] = (parse(read(".github/dependabot.yml")) as { updates: Update[] }).updates as [Update];
  interface Update {
    readonly groups: Record<string, { patterns: string[] }>;
    readonly ignore: { "dependency-name": string; versions?: string[] }[];
  }
  const matching = (pattern: string) =>
    Object.entries(dependencies).filter(([name]) =>
      pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
    );

  test("versions are exact", () => {
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test("each group and each held-back dependency of dependabot.yml is there", () => {
    const groups = Object.values(npm.groups).flatMap(({ patterns }) => patterns);
    const patterns = [...groups, ...npm.ignore.map((each) => each["dependency-name"])];
    expect(patterns.filter((pattern) => matching(pattern).length === 0)).toEqual([]);
  });

  test.each(npm.ignore)("$dependency-name is held back", ({ "dependency-name": name, versions = [] }) => {
    for (const version of versions) {
      const [, refused] = /^>=(\d+)$/.exec(version) as RegExpExecArray;
      for (const [, installed] of matching(name)) expect(Number.parseInt(installed, 10)).toBeLessThan(Number(refused));
    }
  });
});

describe("what npm shows", () => {
  test("package.json says what the package is and who makes it", () => {
    expect(manifest).toMatchObject({ description: expect.any(String), author: expect.any(String), license: "MIT" });
    expect((manifest.keywords as string[]).length).toBeGreaterThan(5);
    expect(read("README.md")).toContain(`npm install ${manifest.name}\n`);
  });

  test("the release workflow sets the repository, the homepage and the place for bugs before it packs", () => {
    const [, set, rest] = /npm pkg set ([\s\S]*?)\n {6}- ([\s\S]*)/.exec(read(".github/workflows/release.yml")) ?? [];
    for (const member of ["repository.type=git", "repository.url=", "homepage=", "bugs.url="])
      expect(set).toContain(member);
    expect(rest).toMatch(/^run: npm pack$/m);
  });
});

test.each(["action.yml", ...readdirSync(join(root, ".github/workflows")).map((file) => `.github/workflows/${file}`)])(
  "%s pins its actions, and may read the repository at most",
  (file) => {
    const text = read(file);
    const actions = text.match(/uses: .*/g) ?? [];
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions)
      expect(action).toMatch(/^uses: (\.\/contract-suite$|[\w-]+\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+$)/);
    // An action has the permissions of the job that uses it.
    if (file !== "action.yml") expect(text).toMatch(/^permissions:\n {2}contents: read\n/m);
    // What a person typed must not become a part of a script.
    for (const script of scriptsIn(parse(text))) expect(script).not.toMatch(/\$\{\{ *(inputs|github|vars|secrets)\b/);
  },
);

/** The text of every `run`, wherever it stands. */
function scriptsIn(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([name, each]) =>
    name === "run" && typeof each === "string" ? [each] : scriptsIn(each),
  );
}

test("every file of the client is in a group of test:mutation", () => {
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !["index.ts", "command/bin.ts"].includes(name))
    .map((name) => `src/${name}`);
  const mutated = Object.values(MUTATION_SETS).flatMap((groups) => groups.flatMap(({ mutate }) => mutate));
  expect(mutated.filter((file) => file.startsWith("src/")).sort()).toEqual(files.sort());
});

test("deep.yml runs every set of test:mutation", () => {
  const deep = readFileSync(join(root, ".github/workflows/deep.yml"), "utf8");
  const run = [...deep.matchAll(/"test:mutation -- (\w+)"/g)].map(([, set]) => set);
  expect(run).toEqual(Object.keys(MUTATION_SETS));
});
