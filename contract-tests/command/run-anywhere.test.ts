import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { main } from "./contract.js";

const root = join(__dirname, "../..");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "contract-"));
  mkdirSync(join(folder, "recordings"));
  const response = { status: 401, body: { error: { code: "401", message: "No." } } };
  writeFileSync(join(folder, "recordings/one.json"), JSON.stringify({ response }));
});
afterEach(() => rmSync(folder, { recursive: true }));

const OPTIONS = ["--replay", "recordings", "--report", "reports"];

test.each([
  ["npm --prefix", "npm", ["--prefix", root, "run", "contract", "--", ...OPTIONS]],
  ["npx --prefix", "npx", ["--prefix", root, "tsx", join(root, "contract-tests/command/contract.ts"), ...OPTIONS]],
])("%s: the command finds its contract beside itself, and writes where it was called", (_, command, args) => {
  const out = execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  expect(out).toContain("recordings: 1 checked");
  expect(readdirSync(join(folder, "reports"))).toContain("contract.json");
});

test("a checkout in another folder is used, not the folder of the call", () => {
  const checkout = join(folder, "checkout");
  for (const part of ["contract-tests", "scripts", "src", "generated", "redocly.yaml", "package.json", "tsconfig.json"])
    cpSync(join(root, part), join(checkout, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
  cpSync(join(root, "openapi.yaml"), join(folder, "openapi.yaml"));
  writeFileSync(join(checkout, "openapi.yaml"), "openapi: 3.1.1\n");
  const args = ["--prefix", checkout, "tsx", join(checkout, "contract-tests/command/contract.ts"), ...OPTIONS];
  const { status, stderr } = spawnSync("npx", args, { cwd: folder, encoding: "utf8" });
  expect(stderr).toMatch(/^openapi\.yaml:1: [^\n]+\n$/);
  expect(status).toBe(2);
});

test("a contract that cannot be read is exit code 2, on one line", async () => {
  const err: string[] = [];
  const code = await main(OPTIONS, {}, { out: () => {}, err: (text) => err.push(text) }, folder);
  expect({ code, err }).toEqual({ code: 2, err: ["openapi.yaml: cannot be read (ENOENT)."] });
});
