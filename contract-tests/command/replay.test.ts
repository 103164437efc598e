import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { main } from "./contract.js";

const root = join(__dirname, "../..");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "contract-"));
  recordings("older", { status: 404, body: { error: { code: "404", message: "No such job." } } });
  recordings("newer", { status: 400, body: { error: { code: "400", param: "secret", message: "No such job." } } });
  mkdirSync(join(folder, "empty"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function recordings(name: string, response: object): void {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, "unknown-job.json"), JSON.stringify({ response }));
}

async function replay(...folders: string[]) {
  const [out, err] = [[] as string[], [] as string[]];
  const args = ["--replay", ...folders.map((each) => join(folder, each))];
  const code = await main(args, {}, { out: (text) => out.push(text), err: (text) => err.push(text) }, root);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

test("--replay OLD NEW judges the newer recordings, and says what is different since the older", async () => {
  const { code, out } = await replay("older", "newer");
  expect(out).toContain(`${join(folder, "newer")}: 1 checked`);
  expect(out).toMatch(
    /differences since the older recording: 2\n {2}unknown-job, status: 404 → 400\n {2}unknown-job, body \/error\/param: absent → string$/,
  );
  expect(out.split("differences since")[1]).not.toContain("secret");
  expect(code).toBe(0);
});

test("--replay with one folder compares nothing", async () => {
  expect((await replay("newer")).out).not.toContain("differences since");
});

test.each([
  ["an older folder without recordings", ["empty", "newer"], "empty contains no recording."],
  ["an older folder that does not exist", ["none", "newer"], "ENOENT"],
  ["a third folder", ["older", "newer", "empty"], "Unexpected argument"],
])("exit code 2: %s", async (_, folders, message) => {
  const { code, err } = await replay(...folders);
  expect(code).toBe(2);
  expect(err).toContain(message);
});
