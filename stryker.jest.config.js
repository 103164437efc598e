import base from "./jest.config.js";

process.env.PROPERTY_RUNS ??= "50";

/**
 * The tests that run the client. Left out, because they are too slow to be run for each mutant: those that judge the
 * contract, and the faults in real time.
 */
export default {
  ...base,
  testMatch: [
    "answers",
    "attempts",
    "arguments",
    "prism",
    "command-arguments",
    "command-many",
    "command-results",
    "command-start",
    "requests",
    "statuses",
    "middlewares",
    "hostile-fetch",
    "validation",
    "testing",
  ].map((name) => `<rootDir>/contract-tests/client/${name}.test.ts`),
};
