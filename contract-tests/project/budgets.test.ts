/** Figures that do not depend on the machine, beside their budgets. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { CLIENT, MOST_BYTES, MOST_HEAP_BYTES, PACKAGES } from "../../scripts/bench/budgets.js";
import { exceededBudgets, type Measured } from "../../scripts/bench/report.js";
import { EVERY, type Rounds } from "../../scripts/bench/rounds.js";
import { estimate } from "../../scripts/bench/statistics.js";
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

describe("the benchmark", () => {
  /** Rounds in which bare fetch takes 100 and every other client what is given. */
  const roundsOf = (figures: readonly number[]) =>
    Object.fromEntries(EVERY.map((name) => [name, name === "fetch" ? figures.map(() => 100) : figures])) as Rounds;
  const measured = (figures: readonly number[]): Measured => ({
    major: 24,
    regime: "hot",
    concurrency: 1,
    bodyBytes: 1_000,
    rounds: roundsOf(figures),
  });

  test("an estimate is the median, with an interval that noise makes wider", () => {
    expect(estimate([7, 7, 7, 7, 7])).toEqual({ value: 7, low: 7, high: 7 });
    const { value, low, high } = estimate(Array.from({ length: 21 }, (_, index) => index));
    expect(value).toBe(10);
    expect(low).toBeGreaterThan(1);
    expect(low).toBeLessThan(8);
    expect(high).toBeGreaterThan(12);
    expect(high).toBeLessThan(19);
  });

  test("a ratio is over its budget when its whole interval is", () => {
    const slow = [...Array(15)].map((_, index) => 200 + index);
    expect(exceededBudgets([measured(slow)], new Map())).toEqual([expect.stringContaining("hot, Node 24")]);
    const noisy = slow.map((figure, index) => (index % 2 === 0 ? figure : 110));
    expect(exceededBudgets([measured(noisy)], new Map([[24, roundsOf([101, 102, 103])]]))).toEqual([]);
    expect(exceededBudgets([], new Map([[22, roundsOf([150, 151, 152])]]))).toEqual([expect.stringContaining("cold")]);
  });
});
