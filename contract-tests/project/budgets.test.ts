/** Figures that do not depend on the machine, beside their budgets. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { CLIENT, MOST_BYTES, MOST_HEAP_BYTES, PACKAGES } from "../../scripts/bench/budgets.js";
import { type Weight, weigh } from "../../scripts/tools/weight.js";

const root = join(__dirname, "../..");

/** What is over its budget in a bundle, in words. */
function problemsOf({ bytes, modules }: Weight): string[] {
  const others = Object.keys(modules).filter((path) => /^src\/(testing|command)\b/.test(path));
  return [
    ...(bytes > MOST_BYTES ? [`The client is ${bytes} bytes; its budget is ${MOST_BYTES}.`] : []),
    ...others.map((path) => `Whoever imports the client imports ${path} too.`),
  ];
}

test("the client is within its budget of bytes, without the mock service and the command", async () => {
  const weight = await weigh(CLIENT);
  expect(Object.keys(weight.modules).length).toBeGreaterThan(10);
  expect(problemsOf(weight)).toEqual([]);
});

test("a client that is too large, or that imports another entry, is noticed", async () => {
  const weight = await weigh(`${CLIENT} export * from "./src/testing.ts";`);
  expect(problemsOf({ ...weight, bytes: MOST_BYTES + 1 })).toEqual([
    expect.stringContaining(`${MOST_BYTES + 1} bytes`),
    ...Object.keys(weight.modules)
      .filter((path) => path.startsWith("src/testing"))
      .map((path) => expect.stringContaining(path)),
  ]);
});

test("installing the client installs two packages", () => {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  const installed = Object.entries(packages).filter(([path, { dev, devOptional }]) => path && !dev && !devOptional);
  expect(installed.map(([path]) => path.replace("node_modules/", ""))).toEqual(PACKAGES);
});

test("a call in flight holds little heap", async () => {
  const heapOf = async (what: string) => {
    const args = ["--expose-gc", "--import", "tsx", "scripts/bench/heap.ts", what];
    return Number((await promisify(execFile)(process.execPath, args, { cwd: root })).stdout);
  };
  const [client, bare] = (await Promise.all(["client", "fetch"].map(heapOf))) as [number, number];
  expect(client).toBeGreaterThan(bare);
  expect(client - bare).toBeLessThan(MOST_HEAP_BYTES);
});
