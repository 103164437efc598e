/** What `npm run test:mutation` changes, and the tests that have to notice: those that are quick enough to run for each change. */
export interface MutationSet {
  /** The files that are changed, as patterns. */
  readonly mutate: readonly string[];
  /** The tests, without `.test.ts`. */
  readonly tests: readonly string[];
}

const inFolder = (folder: string, names: string) => names.split(" ").map((name) => `${folder}/${name}`);

export const MUTATION_SETS: Readonly<Record<string, MutationSet>> = {
  client: {
    mutate: ["src/**/*.ts", "!src/index.ts", "!src/command/bin.ts"],
    tests: inFolder(
      "contract-tests/client",
      "answers attempts arguments prism command-arguments command-many command-results command-start requests statuses middlewares hostile-fetch validation testing",
    ),
  },
  exchange: {
    mutate: inFolder(
      "contract-tests/service",
      "mask recordings exchange body describe header-checks body-checks probes",
    ).map((each) => `${each}.ts`),
    tests: inFolder("contract-tests/service", "mask recordings exchange body describe single-checks probes"),
  },
};
