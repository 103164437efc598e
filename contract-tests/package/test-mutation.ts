/**
 * `npm run test:mutation -- [<set>] [<file>...]`: whether the tests notice small changes of the code, made one by one by
 * Stryker, which is installed in an exact version. Without a set, one after the other; with files, these alone are changed.
 */
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { installPackages, MissingPackage } from "../../scripts/tools/install.js";
import { MUTATION_SETS, type MutationSet } from "./mutation-sets.js";

const STRYKER = { "@stryker-mutator/core": "9.6.1", "@stryker-mutator/jest-runner": "9.6.1" };
const LEAST_PERCENT = 90;

/** Changes the code of one set, and prints what its tests do not notice. Stryker sets the exit code when they notice too little. */
async function run(installed: string, name: string, { mutate, tests }: MutationSet, files: readonly string[]) {
  const { Stryker } = await import(pathToFileURL(join(installed, "@stryker-mutator/core/dist/src/index.js")).href);
  console.log(`The set ${name}:`);
  await new Stryker({
    testRunner: "jest",
    plugins: [join(installed, "@stryker-mutator/jest-runner/dist/src/index.js")],
    jest: { configFile: "jest.config.js", config: { testMatch: tests.map((each) => `<rootDir>/${each}.test.ts`) } },
    mutate: files.length > 0 ? files.map((each) => relative(process.cwd(), resolve(each))) : mutate,
    coverageAnalysis: "perTest",
    reporters: ["clear-text", "json", "progress"],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    jsonReporter: { fileName: `reports/mutation-${name}.json` },
    thresholds: { high: 95, low: 92, break: LEAST_PERCENT },
    timeoutMS: 5000,
    timeoutFactor: 3,
    concurrency: 2,
  }).runMutationTest();
}

const [first = "", ...others] = process.argv.slice(2);
const isSet = Object.hasOwn(MUTATION_SETS, first);
const sets = isSet ? { [first]: MUTATION_SETS[first] as MutationSet } : MUTATION_SETS;
if (!isSet && first !== "") {
  console.error(`There is no set ${first}. The sets: ${Object.keys(MUTATION_SETS).join(", ")}.`);
  process.exitCode = 2;
} else if (process.getuid?.() === 0) {
  // A changed path of a test's folder has replaced /dev/null before.
  console.error("Changed code may write to any file that this user may write to. Run it as a user other than root.");
  process.exitCode = 2;
} else {
  // The tests with random bodies try fewer of them for each change.
  process.env.PROPERTY_RUNS ??= "50";
  try {
    const installed = join(installPackages("stryker", STRYKER), "node_modules");
    for (const [name, set] of Object.entries(sets)) await run(installed, name, set, others);
  } catch (error) {
    if (!(error instanceof MissingPackage)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
