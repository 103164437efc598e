import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { programOf, textOf } from "../client/type-checker.js";

const root = join(__dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const filesIn = (folder: string) => readdirSync(join(root, folder)).map((name) => join(folder, name));
const documents = [
  ...["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"],
  ...filesIn("docs"),
  ".github/pull_request_template.md",
];
const textOfDocuments = documents.map(read).join("\n");

/** The first group of every match. */
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found as string);

describe("what the documents name is there:", () => {
  test("every npm script, also those of the workflows", () => {
    const { scripts } = JSON.parse(read("package.json"));
    const texts = [textOfDocuments, ...filesIn(".github/workflows").map(read)].join("\n");
    const named = all(texts, /npm run (?:--\w+ )*([\w:-]+)/g);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  test.each(documents)("every file and heading that %s links to", (file) => {
    const links = all(read(file), /\]\((?!https?:)([^)]+)\)/g);
    const broken = links.filter((link) => {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? file : join(dirname(file), path);
      if (!existsSync(join(root, target))) return true;
      const anchors = all(read(target), /^#+ (.*)$/gm).map((heading) =>
        heading
          .toLowerCase()
          .replace(/[^\w -]/g, "")
          .replaceAll(" ", "-"),
      );
      return anchor !== undefined && !anchors.includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test("every file of the repository", () => {
    const paths = all(
      textOfDocuments,
      /`((?:contract-tests|scripts|src|docs|examples|generated|\.github)\/[\w./-]*)`/g,
    );
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  const code = ["src", "src/command", "contract-tests/command", "contract-tests/service"]
    .flatMap(filesIn)
    .filter((file) => file.endsWith(".ts"))
    .map(read)
    .join("\n");

  test("every option, member and variable of the environment", () => {
    const names = all(read("README.md"), /`([a-z]+[A-Z]\w*|client\.\w+)`/g);
    const variables = all(textOfDocuments, /\b(AZURE_\w+)/g);
    expect(names.length).toBeGreaterThan(10);
    expect(variables.length).toBeGreaterThan(5);
    const isName = (name: string) => name.split(".").every((part) => new RegExp(`\\b${part}\\b`).test(code));
    expect([...names, ...variables].filter((name) => !isName(name))).toEqual([]);
  });

  test("every outcome, in the README's table", () => {
    const [union = ""] = all(code, /type Outcome =([^;]+);/g);
    const rows = all(read("README.md"), /^\| `(\w+(?:-\w+)?)` \| [A-Z].*\. \|$/gm);
    expect(rows).toEqual(all(union, /"([\w-]+)"/g));
  });
});

test("npx is given the package of the command, else it would install one that has the name of the command", () => {
  const lines = all(textOfDocuments, /^(npx .*cancel-fine-tuning-job.*)$/gm);
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(line).toMatch(/^npx --package fine-tuning-client /);
});

test("the examples compile", () => {
  const blocks = all(read("README.md"), /```ts\n([\s\S]*?)```/g);
  expect(blocks.length).toBeGreaterThan(3);
  const texts = new Map(blocks.map((code, index) => [join(root, `readme-${index + 1}.ts`), code]));
  for (const file of filesIn("examples")) texts.set(join(root, file), read(file));
  // The one package that an example uses and that is not installed here.
  texts.set(
    join(root, "azure-identity.d.ts"),
    `declare module "@azure/identity" {
      export class DefaultAzureCredential {}
      export function getBearerTokenProvider(credential: DefaultAzureCredential, scopes: string | string[]): () => Promise<string>;
    }`,
  );
  const paths = { "fine-tuning-client": ["./src/index.ts"], "fine-tuning-client/testing": ["./src/testing.ts"] };
  const program = programOf(texts, { baseUrl: root, paths, allowJs: true, checkJs: true });
  // The examples alone: what they import is JavaScript too in places, and is not what this test is about.
  const found = [...texts.keys()].flatMap((name) => {
    const file = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      (diagnostic) => `${name}: ${textOf(diagnostic)}`,
    );
  });
  expect(found).toEqual([]);
});
