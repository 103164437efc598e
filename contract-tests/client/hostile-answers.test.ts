import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";

test("a hostile answer takes a few times what JSON.parse takes, and time that grows as its body does", async () => {
  // In a process of its own: what a module looks up in `Object` or `Array` takes a hundred times as long within jest.
  const args = ["--import", "tsx", "scripts/bench-hostile.ts", String(2 ** 18)];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: join(__dirname, "../..") });
  expect(stderr).toBe("");
  expect(stdout.match(/^\| [a-z\d]/gim)).toHaveLength(1 + 14 + 21);
});
