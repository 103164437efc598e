import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { ContractError } from "../../scripts/contract/document.js";
import { update } from "../../scripts/contract/update.js";

let folder: string;
const files = new Map([
  ["a.ts", "a"],
  ["b.ts", "b"],
  ["c.ts", "c"],
]);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "update-"));
  update(folder, files, false);
});
afterEach(() => rmSync(folder, { recursive: true }));

const texts = () => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]);
const stale = (names: string) => ({
  isGood: false,
  message: `generated/ is stale: ${names}. Run \`npm run generate\` and commit what it writes.`,
});

test("every file is written, in a folder that is made for them", () => {
  expect(texts()).toEqual([...files]);
  const deep = join(folder, "deep/inside");
  expect(update(deep, files, false)).toEqual({
    isGood: true,
    message: "Wrote generated/a.ts, generated/b.ts, generated/c.ts.",
  });
  expect(readdirSync(deep)).toEqual([...files.keys()]);
});

test("nothing is stale after that", () => {
  expect(update(folder, files, true)).toEqual({ isGood: true, message: "" });
  expect(update(folder, files, false)).toEqual({ isGood: true, message: "generated/ is up to date." });
});

test.each([...files.keys()])("%s alone is stale when it has another text, and when it is missing", (name) => {
  writeFileSync(join(folder, name), "other");
  const before = texts();
  expect(update(folder, files, true)).toEqual(stale(name));
  expect(texts()).toEqual(before);
  rmSync(join(folder, name));
  expect(update(folder, files, true)).toEqual(stale(name));
  expect(update(folder, files, false)).toEqual({ isGood: true, message: `Wrote generated/${name}.` });
  expect(texts()).toEqual([...files]);
});

test("a folder that does not exist has nothing but stale files, and a check does not make it", () => {
  expect(update(join(folder, "none"), files, true)).toEqual(stale("a.ts, b.ts, c.ts"));
  expect(texts()).toEqual([...files]);
});

test("a file in place of the folder is refused, and left as it is", () => {
  expect(() => update(join(folder, "a.ts"), files, false)).toThrow(/^generated\/: cannot be written: EEXIST/);
  expect(texts()).toEqual([...files]);
});

test("when a file cannot be written, the others stay as they were, and nothing else is left", () => {
  mkdirSync(join(folder, ".c.ts"));
  const changed = new Map([...files.keys()].map((name) => [name, "new"]));
  expect(() => update(folder, changed, false)).toThrow(ContractError);
  expect(texts()).toEqual([...files]);
});
