import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { replaceFiles, staleFiles } from "../../scripts/tools/generated-files.js";

let folder: string;
const files = new Map([
  ["a.ts", "a"],
  ["b.ts", "b"],
  ["c.ts", "c"],
]);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "generated-"));
  replaceFiles(folder, files);
});
afterEach(() => rmSync(folder, { recursive: true }));

const texts = () => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]);

test("every file is written, in a folder that is made for them", () => {
  expect(texts()).toEqual([...files]);
  const deep = join(folder, "deep/inside");
  replaceFiles(deep, files);
  expect(readdirSync(deep)).toEqual([...files.keys()]);
});

test("nothing is stale after that", () => {
  expect(staleFiles(folder, files)).toEqual([]);
});

test.each([...files.keys()])("%s alone is stale when it has another text, and when it is missing", (name) => {
  writeFileSync(join(folder, name), "other");
  expect(staleFiles(folder, files)).toEqual([name]);
  rmSync(join(folder, name));
  expect(staleFiles(folder, files)).toEqual([name]);
});

test("a folder that does not exist has nothing but stale files", () => {
  expect(staleFiles(join(folder, "none"), files)).toEqual([...files.keys()]);
});

test("when a file cannot be written, those before it stay as they were, and nothing else is left", () => {
  mkdirSync(join(folder, ".c.ts"));
  const changed = new Map([...files.keys()].map((name) => [name, "new"]));
  expect(() => replaceFiles(folder, changed)).toThrow();
  rmSync(join(folder, ".c.ts"), { recursive: true, force: true });
  expect(texts()).toEqual([...files]);
});
