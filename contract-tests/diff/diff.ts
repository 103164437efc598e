/** `npm run contract:diff`: what changed in the contract since a release, and what that means for callers. */
import { parseArgs } from "node:util";
import { ContractError, OPENAPI_FILE } from "../../scripts/contract/document.js";
import { readContract } from "../../scripts/contract/read.js";
import { readSource, readText } from "../../scripts/contract/source.js";
import { enterFolderOfCall, isProgram } from "../../scripts/tools/folders.js";
import { type Output, runProgram } from "../../scripts/tools/program.js";
import { CannotCompare, changedLines, readBefore, TYPES_FILE } from "./before.js";
import { bumpOf, compareContracts } from "./compare.js";
import { formats } from "./formats.js";
import { LEVELS, type Level } from "./redocly.js";

export const USAGE = `Usage: npm run contract:diff [-- [<git ref>|<file>] [options]]

Says what changed in openapi.yaml and in the accepted contract since a git ref, or since an older openapi.yaml: by default
since the last release tag, else since the branch main.

  --format <format>    text, markdown, json, html or github; by default text
  --fail-on <level>    exits with 1 for a change of this level or a higher one: patch, minor, major, none; by default none

Exit codes: 0 compared, 1 a change reaches --fail-on, 2 a usage error, or nothing that can be compared.`;

/** Runs the command for the contract in the folder `root`. Resolves with the exit code. */
export async function main(args: readonly string[], { out, err }: Output, root: string): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options.help) {
      out(USAGE);
      return 0;
    }
    const before = await readBefore(options.from, root);
    const after = await readContract(root);
    const differences = await compareContracts(before, after, root).catch((error: Error) => {
      // Not every contract that was good for an older release is one that today's tools can read.
      throw new CannotCompare(`The contract of ${before.name} cannot be compared: ${error.message}`);
    });
    const types = before.types === undefined ? [] : changedLines(before.types, readText(root, TYPES_FILE));
    const { lineOf } = readSource(root, OPENAPI_FILE);
    out(formats[options.format]({ since: before.name, bump: bumpOf(differences), differences, types }, lineOf));
    const levels = LEVELS.slice(LEVELS.indexOf(options.failOn as Level));
    return options.failOn !== "none" && differences.some(({ level }) => levels.includes(level)) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ContractError || error instanceof CannotCompare)) throw error;
    err(error.message);
    return 2;
  }
}

/** Throws {@link CannotCompare}. */
function parseOptions(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        format: { type: "string", default: "text" },
        "fail-on": { type: "string", default: "none" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const { format, "fail-on": failOn, help } = values;
    if (positionals.length > 1) throw new Error("Give one git ref or one file.");
    if (!Object.hasOwn(formats, format))
      throw new Error(`--format must be one of: ${Object.keys(formats).join(", ")}.`);
    if (![...LEVELS, "none"].includes(failOn)) throw new Error(`--fail-on must be one of: ${LEVELS.join(", ")}, none.`);
    return { help, failOn, format: format as keyof typeof formats, from: positionals[0] };
  } catch (error) {
    throw new CannotCompare(`${(error as Error).message}\n\n${USAGE}`);
  }
}

const [, program, ...args] = process.argv;
if (isProgram(program, "/diff/diff.ts")) {
  runProgram((output) => main(args, output, enterFolderOfCall(program, process.env)));
}
