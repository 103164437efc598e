import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import ts from "typescript";
import type { Action, Contract } from "../../scripts/contract/document.js";
import { readContract } from "../../scripts/contract/read.js";
import { programOf, textOf } from "../client/type-checker.js";

const root = join(__dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const readme = read("README.md");

let contract: Contract;
beforeAll(async () => {
  contract = await readContract(root);
});

/** The README's table of differences, as the overlay has it. */
function tableOf(actions: readonly Action[]): string {
  const rows = actions.map(({ target, description }) => {
    const where = /schemas\.(\w+)/.exec(target)?.[1] ?? "answer";
    return `| ${where} | ${description.replaceAll("|", "\\|")} |`;
  });
  return ["| in | what services send instead |", "| --- | --- |", ...rows].join("\n");
}

test("the README's table of differences is the overlay's", () => {
  const [, found] = /<!-- differences:.*-->\n([\s\S]*)\n<!-- \/differences -->/.exec(readme) ?? [];
  expect(found).toBe(tableOf(contract.overlay.actions));
});

const filesIn = (folder: string) => readdirSync(join(root, folder)).map((name) => join(folder, name));
const workflows = filesIn(".github/workflows");
const documents = ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...filesIn("docs")];

test("every script that the documents and the workflows name is there", () => {
  const { scripts } = JSON.parse(read("package.json"));
  const named = [...documents, ...workflows].flatMap((file) =>
    [...read(file).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name),
  );
  expect(named.length).toBeGreaterThan(10);
  for (const name of named) expect(scripts).toHaveProperty([name as string]);
});

test("every file that the documents link to is there", () => {
  for (const file of documents) {
    const links = [...read(file).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link as string);
    for (const link of links) expect(existsSync(join(root, dirname(file), link))).toBe(true);
  }
});

test("every action of the workflows is pinned by commit, and each may read the repository at most", () => {
  for (const file of workflows) {
    const text = read(file);
    const actions = text.match(/uses: .*/g) ?? [];
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) expect(action).toMatch(/^uses: [\w-]+\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/);
    expect(text).toMatch(/^permissions:\n {2}contents: read\n/m);
    // What a person typed must not become a part of a script.
    for (const [, script] of text.matchAll(/run: (.*(?:\n {10}.*)*)/g))
      expect(script).not.toMatch(/\$\{\{ *(inputs|github|vars|secrets)\b/);
  }
});

test("the README's examples compile", () => {
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code as string);
  expect(blocks.length).toBeGreaterThan(2);
  const texts = new Map(blocks.map((code, index) => [join(root, `example-${index}.ts`), code]));
  // The one package that an example uses and that is not installed here.
  texts.set(
    join(root, "azure-identity.d.ts"),
    `declare module "@azure/identity" {
      export class DefaultAzureCredential {}
      export function getBearerTokenProvider(credential: DefaultAzureCredential, scopes: string | string[]): () => Promise<string>;
    }`,
  );
  const program = programOf(texts, { baseUrl: root, paths: { "fine-tuning-client": ["./src/index.ts"] } });
  const found = ts
    .getPreEmitDiagnostics(program)
    .map((diagnostic) => `${diagnostic.file?.fileName}: ${textOf(diagnostic)}`);
  expect(found).toEqual([]);
});
