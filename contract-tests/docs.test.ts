import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import ts from "typescript";
import { type Action, type Contract, readContract } from "../scripts/sources.js";

const root = join(__dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");

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

test("every script that the documents name is there", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const documents = readme + readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
  const named = [...documents.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(0);
  for (const name of named) expect(scripts).toHaveProperty([name as string]);
});

test("the README's examples compile", () => {
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code as string);
  expect(blocks.length).toBeGreaterThan(2);
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const texts = new Map(blocks.map((code, index) => [join(root, `example-${index}.ts`), code]));
  // The one package that an example uses and that is not installed here.
  texts.set(
    join(root, "azure-identity.d.ts"),
    `declare module "@azure/identity" {
      export class DefaultAzureCredential {}
      export function getBearerTokenProvider(credential: DefaultAzureCredential, scopes: string | string[]): () => Promise<string>;
    }`,
  );
  const host = ts.createCompilerHost({ ...options, paths: { "fine-tuning-client": ["./src/index.ts"] } });
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  host.getSourceFile = (name, version, ...rest) => {
    const text = texts.get(name);
    return text === undefined
      ? getSourceFile.call(host, name, version, ...rest)
      : ts.createSourceFile(name, text, version);
  };
  const program = ts.createProgram(
    [...texts.keys()],
    { ...options, baseUrl: root, paths: { "fine-tuning-client": ["./src/index.ts"] } },
    host,
  );
  const found = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText, file }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
  expect(found).toEqual([]);
});
