import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const root = join(__dirname, "../..");
const fixture = "contract-tests/project/failing.fixture.ts";

test("a failure in a test file that loads Prism is reported at its line, with the code", () => {
  const lines = readFileSync(join(root, fixture), "utf8").split("\n");
  const line = lines.findIndex((text) => text.includes("another name")) + 1;
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, "node_modules/jest/bin/jest.js"), "--testMatch", `<rootDir>/${fixture}`],
    { cwd: root, encoding: "utf8", env: { ...process.env, FORCE_COLOR: "0" } },
  );
  expect(status).toBe(1);
  expect(stderr).toContain(`at Object.toBe (${fixture}:${line}:`);
  expect(stderr).toContain(`> ${line} | ${lines[line - 1]}`);
});
