import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import type { Document } from "../../scripts/contract/document.js";
import { redoclyChanges } from "./redocly.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "redocly-"));
});
afterEach(() => rmSync(root, { recursive: true }));

/** What comes of a comparison by a Redocly that runs this script. */
function compare(script: string) {
  mkdirSync(join(root, "node_modules/@redocly/cli/bin"), { recursive: true });
  writeFileSync(join(root, "node_modules/@redocly/cli/bin/cli.js"), script);
  return redoclyChanges({ openapi: "a" } as Document, { openapi: "b" } as Document, root);
}

test("Redocly compares the two documents, in a folder that is gone afterwards", async () => {
  const [changes] = (await compare(`
    const read = (name) => JSON.parse(require("node:fs").readFileSync(name, "utf8")).openapi;
    console.log(JSON.stringify({ changes: [{ cwd: process.cwd(), read: [read("before.json"), read("after.json")] }] }));
  `)) as unknown as [{ cwd: string; read: string[] }];
  expect(changes.read).toEqual(["a", "b"]);
  expect(existsSync(changes.cwd)).toBe(false);
});

test("Redocly sends nothing, and prints no more than its report", async () => {
  const [environment] = (await compare("console.log(JSON.stringify({ changes: [process.env] }))")) as unknown[];
  expect(environment).toMatchObject({
    PATH: process.env.PATH,
    REDOCLY_TELEMETRY: "off",
    REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
    REDOCLY_SUPPRESS_NOTIFICATIONS: "true",
  });
});

test.each([
  ["its error, without the stack", "throw new TypeError('no such thing')", /^TypeError: no such thing$/],
  [
    "its error, which is a line of its own",
    "console.error('no TypeError: here\\nError: there'); process.exit(1)",
    /^Error: there$/,
  ],
  ["that it failed", "console.error('one line\\nand another'); process.exit(1)", /^Redocly failed\.$/],
])("when Redocly fails, one line says %s", async (_, script, message) => {
  await expect(compare(script)).rejects.toThrow(message);
});

test("colours do not hide what Redocly says", async () => {
  const env = jest.replaceProperty(process, "env", { ...process.env, FORCE_COLOR: "1" });
  try {
    const [unknown, project] = [{ openapi: "4.0.0" } as Document, join(__dirname, "../..")];
    await expect(redoclyChanges(unknown, unknown, project)).rejects.toThrow(
      /^Error: Unsupported OpenAPI version: 4\.0\.0$/,
    );
  } finally {
    env.restore();
  }
});
