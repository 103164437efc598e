/** What docs/testing.md says: its table, and those of its tests that need no package beside this project's. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { build } from "esbuild";
import { createFineTuningClient, type FineTuningClientError } from "../../src/index.js";
import { type Answer, answers, createMockService } from "../../src/testing.js";

const root = join(__dirname, "../..");
const page = readFileSync(join(root, "docs/testing.md"), "utf8");
const rows = [...page.matchAll(/^\| `(answers\..*?)` \| .* \| (.*) \|$/gm)].map(([, code, result]) => [code, result]);

test.each(rows)("the table is right about %s: %s", async (code = "", result) => {
  const answer = new Function("answers", `return ${code};`)(answers) as Answer;
  const service = createMockService({ jobs: { "ftjob-1": [answer] } });
  const client = createFineTuningClient({ ...service.clientOptions, onViolation: () => {} });
  const found = await client.cancel("ftjob-1").then(
    () => "returns the job",
    ({ name, outcome }: FineTuningClientError) => `${name}, ${outcome}`,
  );
  expect(found).toBe(result);
});

test("the table has every answer", () => {
  const named = rows.map(([code]) => /^answers\.(\w+)/.exec(code as string)?.[1]);
  expect([...new Set(named)].sort()).toEqual(Object.keys(answers).sort());
});

let folder: string;
beforeAll(() => {
  // Not below node_modules, where Jest finds no tests.
  folder = mkdtempSync(join(tmpdir(), "fine-tuning-client-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["node.test.mjs", ["--test", "--test-reporter=tap"], /^# pass 1$/m],
  ["jest.test.cjs", [join(root, "node_modules/jest/bin/jest.js"), "--config={}"], /Tests: +1 passed, 1 total/],
] as const)("%s passes", async (name, command, passed) => {
  const [, contents = ""] = new RegExp(`\`\`\`js\\n// ${name}\\n(.*?)\`\`\``, "s").exec(page) ?? [];
  await build({
    stdin: { contents, resolveDir: root },
    outfile: join(folder, name),
    bundle: true,
    format: name.endsWith(".cjs") ? "cjs" : "esm",
    platform: "node",
    alias: {
      "fine-tuning-client": join(root, "src/index.ts"),
      "fine-tuning-client/testing": join(root, "src/testing.ts"),
    },
  });
  const env = { ...process.env, NODE_OPTIONS: "" };
  const run = promisify(execFile)(process.execPath, [...command, name], { cwd: folder, env });
  const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => error);
  expect(stdout + stderr).toMatch(passed);
});
