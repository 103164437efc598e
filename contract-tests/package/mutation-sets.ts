/** Files whose changes `npm run test:mutation` makes, and the tests that have to notice: those that are quick enough. */
export interface MutationGroup {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
  /** Whether the tests run the code in processes of their own: which test runs what is not known there, so all are run. */
  readonly inProcesses?: boolean;
}

const filesIn = (folder: string, names: string) => names.split(" ").map((name) => `${folder}/${name}.ts`);
const testsIn = (folder: string, names: string) => names.split(" ").map((name) => `${folder}/${name}.test.ts`);
/** Files with a test of the same name beside each. */
const tested = (folder: string, names: string) => ({ mutate: filesIn(folder, names), tests: testsIn(folder, names) });

/**
 * The client in three sets, a set for each folder of the contract suite, and one for the scripts: deep.yml runs each by itself.
 * Small groups are quicker, because each change loads all tests of its group.
 */
export const MUTATION_SETS: Readonly<Record<string, readonly MutationGroup[]>> = {
  client: [
    {
      mutate: filesIn("src", "violations decode error-body redact text errors"),
      tests: testsIn("contract-tests/client", "validation broken-jobs messages answers requests hostile-fetch"),
    },
    {
      mutate: filesIn("src", "options endpoint user-agent"),
      tests: testsIn("contract-tests/client", "messages arguments requests attempts"),
    },
    {
      mutate: filesIn("src", "testing testing/answer testing/answers"),
      tests: testsIn("contract-tests/client", "testing testing-faults"),
    },
  ],
  calls: [
    {
      mutate: filesIn("src", "client call retry abort"),
      tests: testsIn(
        "contract-tests/client",
        "attempts requests middlewares answers statuses validation messages arguments",
      ),
    },
    {
      mutate: filesIn("src", "perform transport attempt conclusion connection"),
      tests: testsIn(
        "contract-tests/client",
        "attempts answers requests middlewares messages statuses connections hostile-fetch",
      ),
    },
    {
      mutate: filesIn("src", "answer"),
      tests: testsIn("contract-tests/client", "answers middlewares messages requests hostile-fetch"),
    },
  ],
  command: [
    {
      mutate: filesIn("src/command", "arguments batch command confirm failed-file ids render result session"),
      tests: testsIn("contract-tests/client", "command-arguments command-many command-results command-start"),
    },
    {
      mutate: filesIn("src/command", "output service"),
      tests: testsIn(
        "contract-tests/client",
        "command-output command-arguments command-many command-results command-start command-process",
      ),
      inProcesses: true,
    },
  ],
  service: [
    tested("contract-tests/service", "mask recordings exchange body describe probes reference-service"),
    {
      mutate: filesIn("contract-tests/service", "header-checks body-checks"),
      tests: testsIn("contract-tests/service", "single-checks"),
    },
    {
      mutate: filesIn("contract-tests/service", "service-checks conformity-checks"),
      tests: testsIn("contract-tests/service", "response-checks"),
    },
    {
      mutate: filesIn("contract-tests/service", "validators"),
      tests: testsIn("contract-tests/service", "validators service-checks response-checks"),
    },
  ],
  suite: [
    tested("contract-tests/command", "judge-target target"),
    tested("contract-tests/command", "options run files"),
    { mutate: filesIn("contract-tests/command", "folder"), tests: testsIn("contract-tests/command", "open-folder") },
    tested("contract-tests/command", "html github junit summary"),
    {
      mutate: filesIn("contract-tests/command", "report coverage"),
      tests: testsIn("contract-tests/command", "report-values"),
    },
    {
      mutate: filesIn("contract-tests/command", "contract judge"),
      tests: testsIn("contract-tests/command", "contract auth canary replay report"),
    },
    {
      mutate: filesIn("contract-tests/command", "proposals proposed-response"),
      tests: testsIn("contract-tests/command", "proposals"),
    },
  ],
  diff: [
    tested("contract-tests/diff", "compare formats"),
    {
      mutate: filesIn("contract-tests/diff", "recordings"),
      tests: testsIn("contract-tests/diff", "recordings recorded-parts"),
    },
    tested("contract-tests/diff", "bodies redocly"),
    { mutate: filesIn("contract-tests/diff", "diff before"), tests: testsIn("contract-tests/diff", "diff") },
  ],
  spec: [
    {
      mutate: filesIn(
        "contract-tests/spec",
        "check differences operation-checks overlay-checks overlay-words schema-checks spec-checks text-checks written-type",
      ),
      tests: testsIn("contract-tests/spec", "findings spec-checks check written-type"),
    },
  ],
  scripts: [
    {
      mutate: filesIn(
        "scripts/contract",
        "document job-schema json-pointer reference remembered schemas source update",
      ),
      tests: testsIn("contract-tests/spec", "schemas update"),
    },
    {
      mutate: filesIn("scripts/contract", "read overlay lint shape"),
      tests: testsIn("contract-tests/spec", "shape overlay generate both-layers"),
    },
    {
      mutate: filesIn("scripts/contract", "prism samples"),
      tests: testsIn("contract-tests/spec", "prism samples"),
    },
    {
      mutate: filesIn("scripts/tools", "folders release-rules version"),
      tests: testsIn("contract-tests/project", "script-tools release version"),
    },
    { mutate: ["scripts/generate.ts"], tests: testsIn("contract-tests/spec", "generate"), inProcesses: true },
    {
      mutate: ["scripts/tools/program.ts"],
      tests: testsIn("contract-tests/project", "program"),
      inProcesses: true,
    },
  ],
};
