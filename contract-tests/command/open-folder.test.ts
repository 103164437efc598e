/** What is made and removed on the way to a folder of files. folder.test.ts has the folders that cannot be written to. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openFolder } from "./folder.js";
import { CannotCheck } from "./options.js";

let folder: string;
let listeners: readonly unknown[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "open-folder-"));
  listeners = process.listeners("exit");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What is done when the process ends while the folder is open. */
const onExit = () => process.listeners("exit").filter((each) => !listeners.includes(each)) as (() => void)[];

test("files are written beside those that are there, and replace those of the same name", () => {
  writeFileSync(join(folder, "a"), "old");
  writeFileSync(join(folder, "b"), "old");
  const opened = openFolder("--report", folder);
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^\.contract-/), "a", "b"]);
  opened.write((temporary) => {
    for (const name of ["b", "c"]) writeFileSync(join(temporary, name), "new");
  });
  opened.close();
  expect(readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"))).toEqual(["old", "new", "new"]);
});

test("files of an older run go when the new ones are there", () => {
  for (const name of ["01-a", "02-a", "a"]) writeFileSync(join(folder, name), "old");
  const opened = openFolder("--record", folder);
  const write = (fail: boolean) =>
    opened.write((temporary) => {
      writeFileSync(join(temporary, "01-a"), "new");
      if (fail) throw new Error("ENOSPC");
    }, /^\d\d-/);
  expect(() => write(true)).toThrow(CannotCheck);
  expect(readdirSync(folder)).toEqual(["01-a", "02-a", "a"]);
  const again = openFolder("--record", folder);
  again.write((temporary) => writeFileSync(join(temporary, "01-a"), "new"), /^\d\d-/);
  again.close();
  expect(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")])).toEqual([
    ["01-a", "new"],
    ["a", "old"],
  ]);
});

test("nothing is written where a folder is in the way of a file", () => {
  mkdirSync(join(folder, "b"));
  const opened = openFolder("--report", folder);
  const write = () =>
    opened.write((temporary) => {
      for (const name of ["a", "b"]) writeFileSync(join(temporary, name), "new");
    });
  expect(write).toThrow(new CannotCheck(`--report ${folder} cannot be written to (b is a folder).`));
  expect(readdirSync(folder)).toEqual(["b"]);
});

test("a folder that was made stays when it has a file, and goes with those above it when it has none", () => {
  const [kept, gone] = [openFolder("--report", join(folder, "a/b")), openFolder("--report", join(folder, "c/d"))];
  kept.write((temporary) => writeFileSync(join(temporary, "file"), ""));
  kept.close();
  gone.close();
  expect(readdirSync(folder)).toEqual(["a"]);
  expect(readdirSync(join(folder, "a/b"))).toEqual(["file"]);
});

test("a folder that was there stays, empty or not", () => {
  mkdirSync(join(folder, "empty"));
  openFolder("--report", join(folder, "empty")).close();
  expect(readdirSync(folder)).toEqual(["empty"]);
  expect(readdirSync(join(folder, "empty"))).toEqual([]);
});

test("a folder that somebody else removed meanwhile is no problem", () => {
  const opened = openFolder("--report", join(folder, "a/b"));
  rmSync(join(folder, "a"), { recursive: true });
  opened.close();
  expect(readdirSync(folder)).toEqual([]);
});

test("when a folder cannot be made, those above it go again, and the message names the option and the path", () => {
  const path = join(folder, "a/b", "x".repeat(300));
  const open = () => openFolder("--record", path);
  expect(open).toThrow(CannotCheck);
  expect(open).toThrow(`--record ${path} cannot be written to (ENAMETOOLONG: `);
  expect(readdirSync(folder)).toEqual([]);
  expect(onExit()).toEqual([]);
});

test("when the process ends, what is not written goes; after that, nothing is left to do", () => {
  const opened = openFolder("--report", join(folder, "a"));
  const [clean] = onExit();
  expect(existsSync(join(folder, "a"))).toBe(true);
  clean?.();
  expect(readdirSync(folder)).toEqual([]);
  opened.close();
  expect(onExit()).toEqual([]);
});

test("when a writer fails, nothing of it is left, and the folder that was made goes", () => {
  const opened = openFolder("--report", join(folder, "a"));
  const write = () =>
    opened.write((temporary) => {
      writeFileSync(join(temporary, "file"), "half");
      throw new Error("ENOSPC");
    });
  expect(write).toThrow(new CannotCheck(`--report ${join(folder, "a")} cannot be written to (ENOSPC).`));
  expect(readdirSync(folder)).toEqual([]);
  opened.close();
});

const disk = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });

test("makes the folders on the way, and moves whole files into place", () => {
  const deep = join(folder, "a/b/c");
  const opened = openFolder("--report", deep);
  opened.write((temporary) => {
    writeFileSync(join(temporary, "contract.json"), "[]");
    expect(existsSync(join(deep, "contract.json"))).toBe(false);
  });
  opened.close();
  expect(readdirSync(deep)).toEqual(["contract.json"]);
});

test("leaves nothing when the disk fills up, and keeps what was there", () => {
  writeFileSync(join(folder, "contract.json"), "old");
  const opened = openFolder("--report", folder);
  const write = () =>
    opened.write((temporary) => {
      writeFileSync(join(temporary, "contract.json"), "half");
      throw disk;
    });
  expect(write).toThrow(new CannotCheck(`--report ${folder} cannot be written to (${disk.message}).`));
  opened.close();
  expect(readdirSync(folder)).toEqual(["contract.json"]);
  expect(readFileSync(join(folder, "contract.json"), "utf8")).toBe("old");
});

test("removes the folders that it made when nothing is written", () => {
  openFolder("--report", join(folder, "a/b")).close();
  expect(readdirSync(folder)).toEqual([]);
});
