/** What `npm run test:mutation` changes, and the tests that have to notice: those that are quick enough to run for each change. */
export interface MutationSet {
  /** The files that are changed, as patterns. */
  readonly mutate: readonly string[];
  /** The tests, without `.test.ts`. */
  readonly tests: readonly string[];
}

const inFolder = (folder: string, names: string) => names.split(" ").map((name) => `${folder}/${name}`);

const filesIn = (folder: string, names: string) => inFolder(folder, names).map((each) => `${each}.ts`);

export const MUTATION_SETS: Readonly<Record<string, MutationSet>> = {
  client: {
    mutate: ["src/**/*.ts", "!src/index.ts", "!src/command/bin.ts"],
    tests: inFolder(
      "contract-tests/client",
      "answers attempts arguments prism command-arguments command-many command-results command-start requests statuses middlewares hostile-fetch validation testing",
    ),
  },
  exchange: {
    mutate: filesIn(
      "contract-tests/service",
      "mask recordings exchange body describe header-checks body-checks probes",
    ),
    tests: inFolder("contract-tests/service", "mask recordings exchange body describe single-checks probes"),
  },
  checks: {
    mutate: [
      ...filesIn("contract-tests/service", "service-checks conformity-checks"),
      ...filesIn("contract-tests/command", "judge-target target options run folder files"),
    ],
    tests: [
      "contract-tests/service/response-checks",
      ...inFolder("contract-tests/command", "judge-target target options run folder files"),
    ],
  },
  report: {
    mutate: filesIn("contract-tests/command", "report html github junit summary coverage"),
    tests: inFolder("contract-tests/command", "report html github junit summary"),
  },
  diff: {
    mutate: filesIn("contract-tests/diff", "compare formats recordings bodies"),
    tests: inFolder("contract-tests/diff", "compare formats recordings"),
  },
  contract: {
    mutate: [
      ...filesIn("scripts/contract", "document job-schema json-pointer reference schemas source"),
      ...filesIn("scripts/tools", "generated-files version steps folders"),
    ],
    tests: ["contract-tests/spec/schemas", ...inFolder("contract-tests/project", "generated-files release script-tools")],
  },
};
