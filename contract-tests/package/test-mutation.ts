/**
 * `npm run test:mutation -- [<set>] [<file>...]`: whether the tests notice small changes of the code, made one by one by
 * Stryker, which is installed in an exact version. By default all sets of mutation-sets.ts, and every file of them.
 */
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { installPackages, MissingPackage } from "../../scripts/tools/install.js";
import { MUTATION_SETS, type MutationGroup } from "./mutation-sets.js";

const STRYKER = { "@stryker-mutator/core": "9.6.1", "@stryker-mutator/jest-runner": "9.6.1" };
const LEAST_PERCENT = 90;

/** Changes the files of one group, and prints what its tests do not notice. Stryker sets the exit code when that is too much. */
async function run(
  installed: string,
  name: string,
  { mutate, tests, inProcesses = false }: MutationGroup,
): Promise<void> {
  const { Stryker } = await import(pathToFileURL(join(installed, "@stryker-mutator/core/dist/src/index.js")).href);
  await new Stryker({
    testRunner: "jest",
    plugins: [join(installed, "@stryker-mutator/jest-runner/dist/src/index.js")],
    jest: {
      configFile: "jest.config.js",
      config: {
        testMatch: tests.map((each) => `<rootDir>/${each}`),
        testEnvironment: resolve("contract-tests/package/stop-at-failure.ts"),
      },
      enableFindRelatedTests: !inProcesses,
    },
    // The environment above is TypeScript, so its processes need tsx as this one does.
    testRunnerNodeArgs: process.execArgv,
    mutate,
    coverageAnalysis: inProcesses ? "off" : "perTest",
    warnings: { slow: false },
    // It would write `// @ts-nocheck` into files that a test compares byte for byte. The tests check no types.
    disableTypeChecks: false,
    reporters: ["clear-text", "json", "progress"],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    jsonReporter: { fileName: `reports/mutation-${name}.json` },
    thresholds: { high: 95, low: 92, break: LEAST_PERCENT },
    timeoutMS: 5000,
    timeoutFactor: 3,
    concurrency: availableParallelism(),
  }).runMutationTest();
}

/** The groups of the sets, restricted to the files if there are any. */
function groupsOf(sets: readonly string[], files: readonly string[]): [name: string, group: MutationGroup][] {
  return sets.flatMap((set) =>
    (MUTATION_SETS[set] as readonly MutationGroup[]).flatMap((group, index): [string, MutationGroup][] => {
      const mutate = files.length === 0 ? group.mutate : group.mutate.filter((each) => files.includes(each));
      return mutate.length === 0 ? [] : [[`${set}-${index + 1}`, { ...group, mutate }]];
    }),
  );
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 2;
}

const [set, ...files] = process.argv.slice(2);
const names = Object.keys(MUTATION_SETS);
const groups = groupsOf(set === undefined ? names : names.filter((name) => name === set), files);
if (groups.length === 0) fail(`Usage: npm run test:mutation -- [${names.join("|")}] [<file of it>...]`);
// A changed path of a test's folder has replaced /dev/null before.
else if (process.getuid?.() === 0) fail("Changed code may write anywhere. Run it as a user other than root.");
else {
  // The tests with random bodies try fewer of them for each change.
  process.env.PROPERTY_RUNS ??= "50";
  try {
    const installed = join(installPackages("stryker", STRYKER), "node_modules");
    for (const [name, group] of groups) await run(installed, name, group);
  } catch (error) {
    if (!(error instanceof MissingPackage)) throw error;
    fail(error.message);
  }
}
